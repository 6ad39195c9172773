"""Reports: as drafts, as submitted, how each stands, and the sections that people write."""

import json
from collections.abc import Iterator
from datetime import date

from services.reporting.application import Reporting
from services.reporting.domain.lifecycle.commune_report_events import DUE
from services.reporting.domain.lifecycle.report_status import ListedReport, ReportStatus
from services.reporting.domain.regime import regime_for
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
    period = period_of(question.period)
    report, content, _ = reporting.submitted(
        question.commune, period, regime=question.regime, known_at=question.known_at
    )
    moved = reporting.changed_since_submission(
        question.commune, period, content, regime=question.regime, known_at=question.known_at
    )
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
        of = question.period, question.regime or DEFAULT_REGIME
        found = _listed(reporting, province, *of, question.known_at, commune=question.commune)
        return ListedReports(
            reports=tuple(row for row in found if row.commune == question.commune),
            changed_on=tuple(reporting.commune_changed_on(question.commune)),
            province=province,
        )
    today = known_on(reporting, question.known_at)
    commune = reporting.communes.on_day(question.commune, today)
    assert commune
    place = {"commune": commune.commune, "code": commune.code, "name": commune.name}
    rows = [
        _known_row(reporting, status, place | {"regime": regime, "period": period}, today)
        for regime, period, status in reporting.reports_of(question.commune, question.known_at)
    ]
    if question.coming:
        rows += _coming(reporting, place, {(row.regime, row.period) for row in rows}, today)
    return ListedReports(
        reports=tuple(row for row in rows if question.regime in (None, row.regime)),
        changed_on=tuple(reporting.commune_changed_on(question.commune)),
        province=province,
    )


def _coming(
    reporting: Reporting, place: dict[str, str], known: set[tuple[str, str]], today: date
) -> Iterator[ReportRow]:
    """The reports of a commune that are due next, but for those of which something is recorded."""
    for due in reporting.due_around(today):
        if due.level == "commune" and due.due_on >= today and (due.regime, due.period) not in known:
            status = ReportStatus(place["commune"], DUE, 0, "", None, due.due_on, 0, "", {}, None, None)
            yield _known_row(reporting, status, place | {"regime": due.regime, "period": due.period}, today)


def _known_row(reporting: Reporting, status: ReportStatus, place: dict[str, str], today: date) -> ReportRow:
    """With its regime's title, the days that it counts, and of one that was not submitted the day when it is due."""
    period = Period.parse(place["period"])
    regime = regime_for(reporting.rulebook.regimes, place["regime"], period)
    if regime is None:
        return _status_row(status, place)
    first, last = regime.window(period)
    if status.state == DUE:
        due_on = regime.due_on(period, "commune", reporting.calendar.known_on(today))
        state = reporting.due_or_drafted(place["commune"], (first, last), today)
        late = max(0, (today - due_on).days) if due_on else 0
        status = status._replace(state=state, due_on=due_on, days_late=late)
    return _status_row(status, place | {"regime_title": regime.title}, counted_from=first, counted_until=last)


def list_province_reports(reporting: Reporting, question: ListProvinceReports) -> ListedReports:
    of = question.province, question.period, question.regime, question.known_at
    rows = _listed_briefly(reporting, *of) if question.brief else _listed(reporting, *of)
    days = reporting.reports_changed_on(
        question.province, period_of(question.period), regime=question.regime, figures=not question.brief
    )
    return ListedReports(reports=tuple(rows), changed_on=tuple(days))


def _listed(
    reporting: Reporting, province: str, period: str, regime: str, known_at: date | None, *, commune: str | None = None
) -> list[ReportRow]:
    """Of a day that is over the list is kept, as drafts are."""

    def listed() -> list[ListedReport]:
        return reporting.listed(province, period_of(period), regime=regime, known_at=known_at, commune=commune)

    key = (("listed", commune), province, period_of(period), regime)
    found = reporting.kept.once(key, known_at, listed) if known_at and not commune else listed()
    return [ReportRow.model_validate(vars(each) | {"regime": regime, "period": period}) for each in found]


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
