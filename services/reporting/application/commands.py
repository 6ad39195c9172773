"""Decides commands about reports: the desk's, and the terminal's, by the same messages and the same functions."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from services.reporting.application import Reporting
from services.reporting.application.editions import DecidedEdition
from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.commune_report_events import Remark
from services.reporting.domain.lifecycle.submission import unknown_period
from services.reporting.domain.refusal import NothingKnown, Refusal, ReportRefused
from services.reporting.read_models.reports import rows_of
from shared.clock import day_of
from shared.contracts import Command, Receipt, Refused
from shared.contracts.reporting import (
    ApproveReport,
    PublishReport,
    RemindReport,
    RestateReport,
    ReturnReport,
    WriteNarrative,
)
from shared.grants import Actor
from shared.messaging.following.grants import PROVINCE
from shared.messaging.intake.submissions import Outcome, Submitted
from shared.periods import Period
from shared.refusal_rules import NOT_SUBMITTED, NOTHING_KNOWN

DECIDED = (CommuneReport.Returned, CommuneReport.Approved, CommuneReport.Reminded)
Sent = TypeVar("Sent", bound=Command)
CommandFunction = Callable[[Reporting, Submitted, datetime], Outcome]
Review = Callable[[CommuneReport, datetime], Refusal | None]


def return_report(reporting: Reporting, submitted: Submitted, at: datetime) -> Outcome:
    request, by = _sent(submitted, ReturnReport)

    def review(report: CommuneReport, at: datetime) -> Refusal | None:
        cells = [Remark(item=each.item, note=each.note) for each in request.cells]
        return report.send_back(at, by=by.name, account=by.account, reason=request.reason, cells=cells)

    return _reviewed(reporting, submitted, request, at, review)


def approve_report(reporting: Reporting, submitted: Submitted, at: datetime) -> Outcome:
    request, by = _sent(submitted, ApproveReport)

    def review(report: CommuneReport, at: datetime) -> Refusal | None:
        return report.approve(at, by=by.name, account=by.account, submission=request.submission)

    return _reviewed(reporting, submitted, request, at, review)


def remind_report(reporting: Reporting, submitted: Submitted, at: datetime) -> Outcome:
    request, by = _sent(submitted, RemindReport)
    try:
        period = Period.parse(request.period)
    except ValueError:
        return _refused(submitted, unknown_period(request.period), at)
    try:
        report, refusal = reporting.reviews.reminded(
            submitted.commune, period, request.regime, at, by=by, note=request.note
        )
    except (NothingKnown, ReportRefused) as nothing_owed:
        return _refused(submitted, Refusal("nothing-owed", str(nothing_owed)), at)
    return _decided(submitted, report, refusal, at)


def publish_report(reporting: Reporting, submitted: Submitted, at: datetime) -> Outcome:
    request, by = _sent(submitted, PublishReport)

    def prepare(period: Period, day: date) -> Callable[[datetime], DecidedEdition]:
        return reporting.editions.publication(
            _province(submitted), period, day, by=by.name, account=by.account, incomplete=request.incomplete,
            regime=request.regime,
        )  # fmt: skip

    return _edition(submitted, request, at, prepare)


def restate_report(reporting: Reporting, submitted: Submitted, at: datetime) -> Outcome:
    request, by = _sent(submitted, RestateReport)

    def prepare(period: Period, day: date) -> Callable[[datetime], DecidedEdition]:
        return reporting.editions.restatement(
            _province(submitted), period, day, by=by.name, account=by.account, reason=request.reason,
            regime=request.regime,
        )  # fmt: skip

    return _edition(submitted, request, at, prepare)


def write_narrative(reporting: Reporting, submitted: Submitted, at: datetime) -> Outcome:
    request, by = _sent(submitted, WriteNarrative)
    try:
        period = Period.parse(request.period)
    except ValueError:
        return _refused(submitted, unknown_period(request.period), at)
    texts: dict[str, str] = dict(request.sections.items())
    try:
        report, changed, refusal = reporting.narratives.written_now(
            _province(submitted), period, texts, at, by=by.name, account=by.account, regime=request.regime
        )
    except NothingKnown as nothing:
        return _refused(submitted, Refusal(NOTHING_KNOWN, str(nothing)), at)
    statements = rows_of([report])
    if refusal:
        return _refused(submitted, refusal, at)._replace(aggregates=[report], statements=statements)
    return Outcome([report], statements, submitted.receipt(at, int(changed > 0), duplicates=int(not changed)))


def _sent(submitted: Submitted, kind: type[Sent]) -> tuple[Sent, Actor]:
    """The command and who sent it: the desk lets none pass without either."""
    assert isinstance(submitted.content, kind)
    assert submitted.actor
    return submitted.content, submitted.actor


def _edition(
    submitted: Submitted,
    request: PublishReport | RestateReport,
    at: datetime,
    prepare: Callable[[Period, date], Callable[[datetime], DecidedEdition]],
) -> Outcome:
    try:
        decided = prepare(Period.parse(request.period), request.known_at or day_of(at))(at)
    except NothingKnown as nothing:
        return _refused(submitted, Refusal(NOTHING_KNOWN, str(nothing)), at)
    except ValueError:
        return _refused(submitted, unknown_period(request.period), at)
    if decided.refusal:
        refused = _refused(submitted, decided.refusal, at)
        return refused._replace(aggregates=[decided.report], statements=decided.statements)
    is_new = bool(decided.report.pending_events)
    receipt = submitted.receipt(at, int(is_new), duplicates=int(not is_new))
    return Outcome([decided.report], decided.statements, receipt)


def _province(submitted: Submitted) -> str:
    """A commune's scope is none of a province: nothing is known of it."""
    return submitted.commune.removeprefix(PROVINCE) if submitted.commune.startswith(PROVINCE) else ""


def _reviewed(
    reporting: Reporting, submitted: Submitted, request: ReturnReport | ApproveReport, at: datetime, review: Review
) -> Outcome:
    try:
        period = Period.parse(request.period)
    except ValueError:
        return _refused(submitted, unknown_period(request.period), at)
    report = reporting.reviews.stored(submitted.commune, period, request.regime)
    if report is None:
        sentence = f"Đơn vị chưa nộp báo cáo {period.vietnamese}."
        return _refused(submitted, Refusal(NOT_SUBMITTED, sentence), at)
    return _decided(submitted, report, reporting.reviews.review(report, at, review), at)


def _decided(submitted: Submitted, report: CommuneReport, refusal: Refusal | None, at: datetime) -> Outcome:
    if refusal:  # an event of the report
        refused = _refused(submitted, refusal, at)
        return refused._replace(aggregates=[report], statements=rows_of([report]))
    is_new = any(isinstance(event, DECIDED) for event in report.pending_events)
    receipt = submitted.receipt(at, int(is_new), duplicates=int(not is_new))
    return Outcome([report], rows_of([report]), receipt)


def _refused(submitted: Submitted, refusal: Refusal, at: datetime) -> Outcome:
    refused = Refused(item=submitted.kind, rule=refusal.rule, sentence=refusal.sentence)
    return Outcome([], [], submitted.receipt(at, 0, refused=[refused]))


def commit_typed(reporting: Reporting, function: CommandFunction, scope: str, command: Command, by: str) -> Receipt:
    """Decide and commit what was typed at the province's own terminal, by whoever is named.

    `scope` is the id of a commune, or `province-` and a code. ReportRefused, once the refusal is recorded.
    """
    typed = Submitted(scope, command.kind, "", b"", "", command, actor=Actor(by))

    def attempt(at: datetime) -> Receipt:
        outcome = function(reporting, typed, at)
        reporting.commit(*outcome.aggregates, at=at, statements=outcome.statements)
        return outcome.receipt

    receipt = reporting.decide(attempt)
    for refused in receipt.refused:
        raise ReportRefused(refused.sentence, refused.rule)
    return receipt
