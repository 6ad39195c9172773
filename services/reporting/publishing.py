"""The province's side of a report's life: what an edition pins, what it is as it was published, who is not approved."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.reporting.domain.commune_report import APPROVED, DUE, RETURNED, SUBMITTED
from services.reporting.domain.moves import Amounts, Key, changed_of_commune
from services.reporting.domain.quarterly_report import CommuneLine, QuarterlyReport
from services.reporting.domain.regime import Regime
from services.reporting.domain.report import Report, Unapproved
from services.reporting.read_models.editions import Contents
from services.reporting.read_models.reports import Reports, Standing
from services.reporting.rendering.edition import Edition as Mark
from services.reporting.rendering.stored import read_report
from services.reporting.restating import changes_in
from shared.clock import day_of

DRAFTED = "drafted"

Figures = Mapping[Key, Amounts]


@dataclass(frozen=True)
class Edition:
    """One edition as it was published; `content` are the very bytes that `content_sha256` is of.

    `changes` say what moved since the edition before, as kept: None for the first.
    """

    number: int
    last: int
    content_sha256: str
    content: bytes
    report: QuarterlyReport
    published_at: datetime
    by: str
    reason: str
    changes: dict[str, Any] | None

    @property
    def mark(self) -> Mark:
        """What its documents say of it."""
        replaced = self.number - 1 or None
        return Mark(self.number, day_of(self.published_at), self.content_sha256, replaced, self.reason or None)


@dataclass(frozen=True)
class Listed:
    """One commune's report today. `state` is `drafted` where nothing is submitted but its readings are there.

    `days_late` is what it was submitted late by, or what it is late by today; `changed` counts the figures that are
    others now than when it was submitted.
    """

    commune: str
    code: str
    name: str
    state: str
    due_on: date | None
    days_late: int
    submission: int = 0
    submitted_by: str = ""
    submitted_on: date | None = None
    changed: int = 0
    reviewed_by: str | None = None
    reason: str | None = None


def pinned(content: QuarterlyReport) -> dict[str, Any]:
    """What an event of an edition says of its content, besides the hash."""
    return {
        "province_name": content.province_name,
        "known_at": content.known_at,
        "positions": dict(content.positions),
        "definitions": content.definitions,
        "map_day": content.map_day,
        "pins": dict(content.pins),
    }


def edition_of(report: Report, number: int | None, contents: Contents) -> Edition | None:
    """An edition by its number, the last one for None. Altered where what is kept is not what was published."""
    if not report.editions or not 1 <= (number or 1) <= report.edition:
        return None
    said = report.editions[(number or report.edition) - 1]
    content = contents.of_edition(str(report.id), said.number, said.content_sha256)
    return Edition(
        number=said.number,
        last=report.edition,
        content_sha256=said.content_sha256,
        content=content,
        report=read_report(content),
        published_at=said.at,
        by=said.by,
        reason=said.reason,
        changes=changes_in(contents.of(said.changes_sha256)) if said.changes_sha256 else None,
    )


def unapproved_in(
    content: QuarterlyReport, regime: Regime, reports: Reports, contents: Contents, figures: Figures
) -> list[Unapproved] | None:
    """The communes whose own report is not approved as `content` says it; None where communes do not report.

    `figures` are those of all of them today.
    """
    if "commune" not in regime.deadlines:
        return None
    standing = reports.of_communes(content.province, regime.name, content.period)
    changed = _changed(standing.values(), contents, figures, (APPROVED,))
    found = ((line, _why(standing.get(line.commune), changed.get(line.commune, 0))) for line in content.communes)
    return [Unapproved(line.name, why) for line, why in found if why]


def list_reports(
    content: QuarterlyReport,
    due_on: date | None,
    today: date,
    reports: Reports,
    contents: Contents,
    *,
    figures: Figures,
) -> list[Listed]:
    """In the order of the province's report."""
    standing = reports.of_communes(content.province, content.regime, content.period)
    changed = _changed(standing.values(), contents, figures, (SUBMITTED, RETURNED, APPROVED))
    return list(_listed(content.communes, standing, changed, due_on, today))


def _listed(
    lines: Sequence[CommuneLine],
    standing: dict[str, Standing],
    changed: dict[str, int],
    due_on: date | None,
    today: date,
) -> Iterator[Listed]:
    late = max(0, (today - due_on).days) if due_on else 0
    for line in lines:
        whose: dict[str, Any] = {"commune": line.commune, "code": line.code, "name": line.name}
        own = standing.get(line.commune)
        if own is None or own.state == DUE:
            yield Listed(**whose, state=DRAFTED if line.reported else DUE, due_on=due_on, days_late=late)
            continue
        yield Listed(
            **whose,
            state=own.state,
            due_on=own.due_on,
            days_late=own.days_late,
            submission=own.submission,
            submitted_by=own.submitted_by,
            submitted_on=own.submitted_on,
            changed=changed.get(line.commune, 0),
            reviewed_by=own.reviewed_by,
            reason=own.reason,
        )


def _changed(
    standing: Iterable[Standing], contents: Contents, figures: Figures, states: tuple[str, ...]
) -> dict[str, int]:
    """By commune, how many of the figures it submitted are others today."""
    asked = {own.commune: own.content_sha256 for own in standing if own.state in states}
    kept = contents.all_of(list(asked.values()))
    return {
        commune: changed_of_commune(read_report(kept[digest]), figures, commune) for commune, digest in asked.items()
    }


def _why(own: Standing | None, changed: int) -> str | None:
    if own is None or own.state == DUE:
        return "chưa nộp"
    if own.state == RETURNED:
        return "đã trả lại"
    if own.state == SUBMITTED:
        return "chưa duyệt"
    return f"đã duyệt, sau đó {changed} số liệu thay đổi" if changed else None
