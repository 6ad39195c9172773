"""One submitted report: judged by its content as it is now, then committed and answered as intake does it."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.reporting.domain.commune_report import CommuneReport
from services.reporting.domain.moves import figures_sha256
from services.reporting.domain.quarterly_report import QuarterlyReport
from services.reporting.domain.refusal import Refusal
from services.reporting.domain.regime import Regime
from services.reporting.domain.submission import (
    ReportSubmission,
    explained,
    nothing_known,
    refusal_of_period,
    unexplained,
    unknown_commune,
    unknown_period,
    unknown_regime,
)
from services.reporting.read_models.editions import keep
from services.reporting.read_models.reports import Reporter, Reports
from services.reporting.regimes import regime_for
from services.reporting.rendering.canonical import canonical_json
from shared.clock import day_of
from shared.contracts import Refused
from shared.contracts.reporting import SubmitReport
from shared.event_store import Statement
from shared.intake import Outcome, Submitted
from shared.periods import Period

if TYPE_CHECKING:
    from services.reporting.application import Reporting


@dataclass
class Verdict:
    """`report` and the `content` that it pins, where the submission was taken or said the same again."""

    said: SubmitReport
    refused: list[Refusal] = field(default_factory=list)
    report: CommuneReport | None = None
    content: bytes = b""


class Judging:
    """A batch of submissions; two for one report in it are decided one after the other."""

    def __init__(self, reporting: "Reporting", at: datetime) -> None:
        self._reporting = reporting
        self._at = at
        self._today = day_of(at)
        self._reports: dict[UUID, CommuneReport] = {}

    def verdict(self, submitted: Submitted) -> Verdict:
        said = submitted.content
        assert isinstance(said, SubmitReport)
        asked = self._asked(said)
        if isinstance(asked, Refusal):
            return Verdict(said, [asked])
        regime, period = asked
        reporter = self._reporting.reports.reporter(submitted.commune, regime.window(period)[1])
        if reporter is None:
            return Verdict(said, [unknown_commune(submitted.commune)])
        content = self._reporting.draft_of(regime, reporter, period, self._today)
        content = content and explained(content, said.explanations)
        if refused := [nothing_known(period)] if content is None else unexplained(content):
            return Verdict(said, refused)
        assert content
        report, kept = self._report(reporter, regime, period), canonical_json(content)
        refusal = report.submit(
            self._at,
            submission_id=submitted.submission_id,
            content_sha256=sha256(kept).hexdigest(),
            **self._pinned(said, content, regime),
        )
        return Verdict(said, [refusal] if refusal else [], report, kept)

    def _asked(self, said: SubmitReport) -> tuple[Regime, Period] | Refusal:
        period = _period(said.period)
        if period is None:
            return unknown_period(said.period)
        regime = regime_for(self._reporting.rulebook.regimes, said.regime, period)
        if regime is None:
            return unknown_regime(said.regime, period)
        return refusal_of_period(period, regime, self._today) or (regime, period)

    def _report(self, reporter: Reporter, regime: Regime, period: Period) -> CommuneReport:
        report = self._reporting.commune_report(reporter, regime, period, self._at)
        return self._reports.setdefault(report.id, report)

    def _pinned(self, said: SubmitReport, content: QuarterlyReport, regime: Regime) -> dict[str, Any]:
        due_on = regime.due_on(Period.parse(said.period), "commune", self._reporting.calendar.known_on(self._today))
        return {
            "by": said.by,
            "due_on": due_on,
            "days_late": max(0, (self._today - due_on).days) if due_on else 0,
            "figures_sha256": figures_sha256(content, said.explanations, said.stated),
            "explanations": dict(said.explanations),
            "stated": dict(said.stated),
            "known_at": content.known_at,
            "positions": dict(content.positions),
            "definitions": content.definitions,
            "map_day": content.map_day,
            "pins": dict(content.pins),
        }


def settled(submitted: Submitted, verdict: Verdict, at: datetime) -> Outcome:
    report, said = verdict.report, verdict.said
    accepted = bool(report and report.pending_events and not verdict.refused)
    duplicates = int(not accepted and not verdict.refused)
    submission = ReportSubmission.settle(
        at,
        commune=submitted.commune,
        submission_id=submitted.submission_id,
        kind=submitted.kind,
        regime=said.regime,
        period=said.period,
        by=said.by,
        refused=verdict.refused,
        duplicates=duplicates,
    )
    statements: list[Statement] = []
    if report and accepted:
        statements = [keep(verdict.content), *Reports.rows([report])]
        # Outcomes of a batch may be committed apart, and two may touch one report: each brings what it did itself.
        submission.pending_events.extend(report.collect_events())
    whole = f"{said.regime}/{said.period}"
    refused = tuple(
        Refused(item=each.item or whole, rule=each.rule, sentence=each.sentence) for each in verdict.refused
    )
    receipt = submitted.receipt(at, int(accepted), duplicates=duplicates, refused=refused)
    return Outcome([submission], statements, receipt)


def _period(name: str) -> Period | None:
    try:
        return Period.parse(name)
    except ValueError:
        return None
