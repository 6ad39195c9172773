"""How the communes' reports of a period stand: the list of them, and those that are not approved as published."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from services.reporting.domain.content.report_content import CommuneLine
from services.reporting.domain.lifecycle.commune_report_events import APPROVED, DUE, RETURNED, SUBMITTED, Remark
from services.reporting.domain.lifecycle.province_report import UnapprovedCommune

DRAFTED = "drafted"


class ReportStatus(NamedTuple):
    """How a commune's report stands after its last event."""

    commune: str
    state: str
    submission: int
    submitted_by: str
    submitted_on: date | None
    due_on: date | None
    days_late: int
    content_sha256: str
    stated: dict[str, int]
    reviewed_by: str | None
    reason: str | None
    cells: Sequence[Remark] = ()


@dataclass(frozen=True)
class ListedReport:
    """One commune's report today. `state` is `drafted` where nothing is submitted but the commune has readings.

    `days_late` counts until the submission, or until today without one; `changed` is the number of submitted figures
    that have changed since; `outdated`: it was approved, and then its figures changed, so that the approval is not of
    these figures; `missed` is the number of its targets that today's figures miss.
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
    outdated: bool = False
    missed: int = 0
    cells: Sequence[Remark] = ()

    @property
    def is_missing(self) -> bool:
        """Nothing is submitted, or what was submitted is returned and not submitted again."""
        return self.state in (DUE, DRAFTED, RETURNED)

    @property
    def is_late(self) -> bool:
        return self.days_late > 0

    @property
    def is_below_target(self) -> bool:
        return self.missed > 0


@dataclass(frozen=True)
class ReportsSummary:
    """How many reports of a period stand how; the numbers overlap except those in `states`."""

    reports: int
    states: dict[str, int]
    missing: int
    late: int
    outdated: int
    below_target: int


def summary_of(listed: Sequence[ListedReport]) -> ReportsSummary:
    return ReportsSummary(
        len(listed),
        dict(Counter(each.state for each in listed)),
        sum(each.is_missing for each in listed),
        sum(each.is_late for each in listed),
        sum(each.outdated for each in listed),
        sum(each.is_below_target for each in listed),
    )


def list_reports(
    lines: Iterable[CommuneLine],
    statuses: Mapping[str, ReportStatus],
    changed: Mapping[str, int],
    due_on: date | None,
    today: date,
) -> list[ListedReport]:
    """One for each line of the province's report; `statuses` and `changed` figures are by commune."""
    return [
        replace(_listed(line, statuses.get(line.commune), changed, due_on, today), missed=_missed(line))
        for line in lines
    ]


def _missed(line: CommuneLine) -> int:
    return sum(each.met is False for each in (*line.indicators, *line.scoped))


def unapproved(
    lines: Iterable[CommuneLine], statuses: Mapping[str, ReportStatus], changed: Mapping[str, int]
) -> list[UnapprovedCommune]:
    """The communes whose own report is not approved, or changed after its approval, each with the reason."""
    reasons = ((line.name, _reason(statuses.get(line.commune), changed.get(line.commune, 0))) for line in lines)
    return [UnapprovedCommune(name, reason) for name, reason in reasons if reason]


def _listed(
    line: CommuneLine, status: ReportStatus | None, changed: Mapping[str, int], due_on: date | None, today: date
) -> ListedReport:
    if status is None or status.state == DUE:
        late = max(0, (today - due_on).days) if due_on else 0
        state = DRAFTED if line.reported else DUE
        return ListedReport(line.commune, line.code, line.name, state, due_on=due_on, days_late=late)
    return ListedReport(
        line.commune,
        line.code,
        line.name,
        status.state,
        due_on=status.due_on,
        days_late=status.days_late,
        submission=status.submission,
        submitted_by=status.submitted_by,
        submitted_on=status.submitted_on,
        changed=changed.get(line.commune, 0),
        reviewed_by=status.reviewed_by,
        reason=status.reason,
        cells=status.cells,
        outdated=status.state == APPROVED and changed.get(line.commune, 0) > 0,
    )


def _reason(status: ReportStatus | None, changed: int) -> str | None:
    if status is None or status.state == DUE:
        return "chưa nộp"
    if status.state == RETURNED:
        return "đã trả lại"
    if status.state == SUBMITTED:
        return "chưa duyệt"
    return f"đã duyệt, sau đó {changed} số liệu thay đổi" if changed else None
