"""Reports: as drafts, as submitted, how each stands, and the sections that people write."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from services.reporting.application import Reporting
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.lifecycle.commune_report_events import DUE
from services.reporting.domain.lifecycle.report_status import DRAFTED, ListedReport, ReportStatus
from services.reporting.domain.regime import Regime, regime_for
from services.reporting.questions.named import draft_of, known_on, period_of, province_of
from services.reporting.rendering.answers import document_of
from services.reporting.rendering.canonical_json import canonical_json, sha256_of
from shared.contracts.reporting import (
    Document,
    ListedReports,
    ListProvinceReports,
    ListReports,
    MovedFigure,
    Narrative,
    OfDraft,
    PrintDraft,
    RecordedSection,
    ReportRow,
    ShowNarrative,
    ShownReport,
    ShowProvinceReport,
    ShowReport,
    ShowSubmission,
    SubmittedReport,
    WrittenSection,
)
from shared.periods import Period
from shared.regimes import DEFAULT_REGIME


class StatusInRegime(NamedTuple):
    """How a report stands; `rules` are those of its regime, None where they are not among the data files any more."""

    regime: str
    period: Period
    status: ReportStatus
    rules: Regime | None

    @property
    def window(self) -> tuple[date, date] | None:
        return self.rules.window(self.period) if self.rules else None


def show_report(reporting: Reporting, question: ShowReport) -> ShownReport:
    if question.as_submitted:
        submitted, _, content = reporting.submitted(
            question.commune, period_of(question.period), regime=question.regime
        )
        return _shown(content, submitted.state, submitted.submission)
    report = draft_of(reporting, question, province_of(reporting, question.commune), question.commune)
    return _shown(canonical_json(report))


def show_province_report(reporting: Reporting, question: ShowProvinceReport) -> ShownReport:
    return _shown(canonical_json(draft_of(reporting, question, question.province)))


def _shown(content: bytes, state: str | None = None, submission: int | None = None) -> ShownReport:
    return ShownReport(
        state=state, submission=submission, content_sha256=sha256_of(content), content=json.loads(content)
    )


def show_submission(reporting: Reporting, question: ShowSubmission) -> SubmittedReport:
    period, regime, known_at = period_of(question.period), question.regime, question.known_at
    report, content, _ = reporting.submitted(question.commune, period, regime=regime, known_at=known_at)
    draft = _draft(reporting, question.commune, period, regime, known_at)
    moved = reporting.changed_since_submission(question.commune, period, content, regime=regime, now=draft)
    assert report.submitted_on
    return SubmittedReport(
        submission=report.submission,
        submitted_by=report.submitted_by,
        submitted_on=report.submitted_on,
        narrative=tuple(WrittenSection.model_validate(vars(each)) for each in content.narrative),
        moved=tuple(MovedFigure.model_validate(vars(each)) for each in moved),
    )


def list_reports(reporting: Reporting, question: ListReports) -> ListedReports:
    province = province_of(reporting, question.commune)
    if question.period:
        period, regime = period_of(question.period), question.regime or DEFAULT_REGIME
        draft = _draft(reporting, question.commune, period, regime, question.known_at)
        found = reporting.listed_of_commune(
            question.commune, province, period, draft, regime=regime, known_at=question.known_at
        )
        return ListedReports(
            reports=tuple(
                _row_of(reporting, each, regime, question.period) for each in found if each.commune == question.commune
            ),
            changed_on=tuple(reporting.commune_changed_on(question.commune)),
            province=province,
        )
    today = known_on(reporting, question.known_at)
    commune = reporting.communes.on_day(question.commune, today)
    assert commune
    place = {"commune": commune.commune, "code": commune.code, "name": commune.name}
    every = reporting.reports_of(question.commune, question.known_at)
    if question.coming:
        known = {(regime, period) for regime, period, _ in every}
        every = [*every, *_coming(reporting, commune.commune, known, today)]
    statuses = [_in_its_regime(reporting, *each) for each in every if question.regime in (None, each[0])]
    return ListedReports(
        reports=tuple(_known_rows(reporting, statuses, place, today)),
        changed_on=tuple(reporting.commune_changed_on(question.commune)),
        province=province,
    )


def _coming(
    reporting: Reporting, commune: str, known: set[tuple[str, str]], today: date
) -> Iterator[tuple[str, str, ReportStatus]]:
    """The reports of a commune that are due next, but for those of which something is recorded."""
    for due in reporting.due_around(today):
        if due.level == "commune" and due.due_on >= today and (due.regime, due.period) not in known:
            status = ReportStatus(commune, DUE, 0, "", None, due.due_on, 0, "", {}, None, None)
            yield due.regime, due.period, status


def _in_its_regime(reporting: Reporting, regime: str, period_name: str, status: ReportStatus) -> StatusInRegime:
    period = Period.parse(period_name)
    return StatusInRegime(regime, period, status, regime_for(reporting.rulebook.regimes, regime, period))


def _known_rows(
    reporting: Reporting, statuses: Sequence[StatusInRegime], place: dict[str, str], today: date
) -> Iterator[ReportRow]:
    """With the regime's title, the days that it counts, and of one that was not submitted the day when it is due."""
    due = {each.window for each in statuses if each.window and each.status.state == DUE}
    drafted, calendar = reporting.drafted_windows(place["commune"], due, today), reporting.calendar.known_on(today)
    for each in statuses:
        of, status = place | {"regime": each.regime, "period": each.period.name}, each.status
        if each.rules is None or each.window is None:
            yield _status_row(status, of)
            continue
        if status.state == DUE:
            due_on = each.rules.due_on(each.period, "commune", calendar)
            late = max(0, (today - due_on).days) if due_on else 0
            state = DRAFTED if each.window in drafted else DUE
            status = status._replace(state=state, due_on=due_on, days_late=late)
        first, last = each.window
        yield _status_row(status, of | {"regime_title": each.rules.title}, counted_from=first, counted_until=last)


def list_province_reports(reporting: Reporting, question: ListProvinceReports) -> ListedReports:
    of = question.province, question.period, question.regime, question.known_at
    rows = _listed_briefly(reporting, *of) if question.brief else _listed(reporting, *of)
    days = reporting.reports_changed_on(
        question.province, period_of(question.period), regime=question.regime, figures=not question.brief
    )
    return ListedReports(reports=tuple(rows), changed_on=tuple(days))


def _draft(reporting: Reporting, commune: str, period: Period, regime: str, known_at: date | None) -> ReportContent:
    """The commune's, as `ListFigures` has it: a page asks for both, and it is made once."""
    asked = OfDraft(period=period.name, regime=regime, known_at=known_at)
    return draft_of(reporting, asked, province_of(reporting, commune), commune)


def _listed(reporting: Reporting, province: str, period: str, regime: str, known_at: date | None) -> list[ReportRow]:
    """Of a day that is over the list is kept, as drafts are."""

    def listed() -> list[ListedReport]:
        return reporting.listed(province, period_of(period), regime=regime, known_at=known_at)

    key = ("listed", province, period_of(period), regime)
    found = reporting.kept.once(key, known_at, listed) if known_at and reporting.kept.is_over(known_at) else listed()
    return [_row_of(reporting, each, regime, period) for each in found]


def _row_of(reporting: Reporting, listed: ListedReport, regime: str, period_name: str) -> ReportRow:
    period = period_of(period_name)
    rules = reporting.rulebook.regime(regime, period)
    first, last = rules.window(period)
    counted = {"counted_from": first, "counted_until": last, "regime_title": rules.title}
    return ReportRow.model_validate(vars(listed) | counted | {"regime": regime, "period": period_name})


def _listed_briefly(
    reporting: Reporting, province: str, period: str, regime: str, known_at: date | None
) -> list[ReportRow]:
    found = reporting.listed_briefly(province, period_of(period), regime=regime, known_at=known_at)
    fields = {"regime": regime, "period": period, "changed": None, "missed": None}
    return [ReportRow.model_validate(vars(each) | fields) for each in found]


def _status_row(status: ReportStatus, place: dict[str, str], **counted: date) -> ReportRow:
    fields = {**status._asdict(), **place, **counted, "changed": None, "missed": None, "outdated": False}
    return ReportRow.model_validate(fields)


def show_narrative(reporting: Reporting, question: ShowNarrative) -> Narrative:
    of = question.province, period_of(question.period)
    ever = reporting.narrative(*of, regime=question.regime)
    written = reporting.narrative(*of, regime=question.regime, known_at=question.known_at)
    return Narrative(
        written=tuple(RecordedSection.model_validate(vars(each)) for each in written),
        changed_on=tuple(sorted({each.written_on for each in ever})),
    )


def print_draft(reporting: Reporting, question: PrintDraft) -> Document:
    day = known_on(reporting, question.known_at)
    draft = reporting.draft(question.province, period_of(question.period), day, regime=question.regime)
    return document_of(draft, question.format)
