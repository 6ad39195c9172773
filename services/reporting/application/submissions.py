"""Decides the reports that communes submit, each by its content as known now, and writes the receipts."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from services.reporting.application.drafts import Drafts
from services.reporting.application.stored_reports import commune_report
from services.reporting.domain.content.differences import figures_sha256
from services.reporting.domain.content.narrative import written_by
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.reminders import Reporter
from services.reporting.domain.lifecycle.submission import (
    ReportSubmission,
    commune_ended,
    explained,
    nothing_known,
    refusal_of_period,
    refusals_of_broken_checks,
    unknown_commune,
    unknown_period,
    unknown_regime,
)
from services.reporting.domain.refusal import Refusal
from services.reporting.domain.regime import Regime, regime_for
from services.reporting.domain.territory.communes import Commune
from services.reporting.read_models.editions import keep
from services.reporting.read_models.reports import rows_of
from services.reporting.read_models.territory import Communes
from services.reporting.rendering.canonical_json import canonical_json
from shared.clock import day_of
from shared.contracts import Refused
from shared.contracts.reporting import SubmitReport
from shared.grants import Actor
from shared.messaging.intake.submissions import Outcome, Submitted
from shared.periods import Period
from shared.record.event_store import EventStore, Statement

# Computing a report takes some ten milliseconds, so few of them are decided at once.
DECIDED_AT_ONCE = 40


@dataclass
class Decision:
    """The decision about one submission. `report` pins `content` where it was accepted or repeats the last one."""

    request: SubmitReport
    refused: list[Refusal] = field(default_factory=list)
    report: CommuneReport | None = None
    content: bytes = b""


class Subject(NamedTuple):
    """The report that a submission is about, and its content now; None where no reading is known."""

    regime: Regime
    period: Period
    commune: Commune
    content: ReportContent | None


class SubmissionBatch:
    """Submissions decided at one time; two for one report are decided one after the other.

    All are computed from one state of the tables, and each report once however often it is submitted.
    """

    def __init__(
        self, store: EventStore, communes: Communes, drafts: Drafts, submitted: Sequence[Submitted], at: datetime
    ) -> None:
        self._store = store
        self._communes = communes
        self._drafts = drafts
        self.at = at
        self._today = day_of(at)
        self._reports: dict[UUID, CommuneReport] = {}
        self._subjects: dict[tuple[str, str, str], Subject | Refusal] = {}
        requests = {
            _subject_key(each.commune, each.content) for each in submitted if isinstance(each.content, SubmitReport)
        }
        if requests:
            with drafts.in_one_snapshot() as shared:
                self._subjects = {key: self._subject(shared, *key) for key in requests}

    def decide(self, submitted: Submitted) -> Decision:
        request = submitted.content
        assert isinstance(request, SubmitReport)
        subject = self._subjects[_subject_key(submitted.commune, request)]
        if isinstance(subject, Refusal):
            return Decision(request, [subject])
        regime, period, commune, content = subject
        if content is None:
            return Decision(request, [self._why_nothing(commune, regime, period)])
        report = self._report(Reporter(commune.commune, commune.province, commune.province_name), regime, period)
        narrative = report.narrative | {section: text for section, text in request.narrative.items() if text}
        content = replace(
            explained(content, request.explanations), narrative=written_by(request.by, self._today, narrative)
        )
        if refused := refusals_of_broken_checks(content):
            return Decision(request, refused)
        return self._submit(report, submitted, request, content, self._due_on(regime, period))

    def _subject(self, drafts: Drafts, commune_id: str, regime_name: str, period_name: str) -> Subject | Refusal:
        found = self._regime_and_period(regime_name, period_name)
        if isinstance(found, Refusal):
            return found
        regime, period = found
        commune = self._communes.on_day(commune_id, regime.window(period)[1])
        if commune is None:
            return unknown_commune(commune_id)
        content = drafts.draft_of(regime, commune.province, period, self._today, commune.commune)
        return Subject(regime, period, commune, content)

    def _why_nothing(self, commune: Commune, regime: Regime, period: Period) -> Refusal:
        last = regime.window(period)[1]
        successor = self._communes.on_day(self._communes.place(commune.commune, last).commune, last)
        if successor is None or successor.commune == commune.commune:
            return nothing_known(period)
        return commune_ended(commune.name, successor.name, period)

    def _submit(
        self,
        report: CommuneReport,
        submitted: Submitted,
        request: SubmitReport,
        content: ReportContent,
        due_on: date | None,
    ) -> Decision:
        kept = canonical_json(content)
        by = submitted.actor or Actor(request.by)
        narrative = {written.section: written.text for written in content.narrative}
        refusal = report.submit(
            self.at,
            by=by.name,
            account=by.account,
            figures_sha256=figures_sha256(content, request.explanations, request.stated, narrative),
            submission_id=submitted.submission_id,
            due_on=due_on,
            days_late=max(0, (self._today - due_on).days) if due_on else 0,
            known_at=content.known_at,
            content_sha256=sha256(kept).hexdigest(),
            positions=dict(content.positions),
            definitions=content.definitions,
            map_day=content.map_day,
            pins=dict(content.pins),
            explanations=dict(request.explanations),
            stated=dict(request.stated),
            narrative=narrative,
        )
        return Decision(request, [refusal] if refusal else [], report, kept)

    def _due_on(self, regime: Regime, period: Period) -> date | None:
        return regime.due_on(period, "commune", self._drafts.calendar.known_on(self._today))

    def _regime_and_period(self, regime_name: str, period_name: str) -> tuple[Regime, Period] | Refusal:
        try:
            period = Period.parse(period_name)
        except ValueError:
            return unknown_period(period_name)
        regime = regime_for(self._drafts.rulebook.regimes, regime_name, period)
        if regime is None:
            return unknown_regime(regime_name, period)
        return refusal_of_period(period, regime, self._today) or (regime, period)

    def _report(self, reporter: Reporter, regime: Regime, period: Period) -> CommuneReport:
        assert reporter.commune
        identity = CommuneReport.create_id(reporter.commune, regime.name, period.name)
        if identity not in self._reports:
            self._reports[identity] = commune_report(self._store, reporter, regime, period, self.at)
        return self._reports[identity]


def _subject_key(commune: str, request: SubmitReport) -> tuple[str, str, str]:
    return commune, request.regime, request.period


def submit_report(batch: SubmissionBatch, submitted: Submitted) -> Outcome:
    return _outcome(submitted, batch.decide(submitted), batch.at)


def _outcome(submitted: Submitted, decision: Decision, at: datetime) -> Outcome:
    report, request = decision.report, decision.request
    accepted = bool(report and report.pending_events and not decision.refused)
    duplicates = int(not accepted and not decision.refused)
    submission = ReportSubmission.settle(
        at,
        commune=submitted.commune,
        submission_id=submitted.submission_id,
        kind=submitted.kind,
        regime=request.regime,
        period=request.period,
        by=submitted.actor.name if submitted.actor else request.by,
        by_account=submitted.actor and submitted.actor.account,
        explanations=dict(request.explanations),
        stated=dict(request.stated),
        narrative=dict(request.narrative.items()),
        refused=decision.refused,
        duplicates=duplicates,
    )
    statements: list[Statement] = []
    if report and accepted:
        statements = [keep(decision.content), *rows_of([report])]
        # Intake may commit the outcomes of a batch apart, and two may change one report: each carries its own events.
        submission.pending_events.extend(report.collect_events())
    whole = f"{request.regime}/{request.period}"
    refused = tuple(
        Refused(item=each.item or whole, rule=each.rule, sentence=each.sentence) for each in decision.refused
    )
    receipt = submitted.receipt(at, int(accepted), duplicates=duplicates, refused=refused)
    return Outcome([submission], statements, receipt)
