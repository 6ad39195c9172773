"""The questions that Reporting answers, each with the function that answers it."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from services.reporting.application import Reporting
from services.reporting.application.drafts import Options
from services.reporting.application.published_editions import PublishedEdition as Edition
from services.reporting.audit.comparisons import Place, compared
from services.reporting.audit.examined_edition import examined
from services.reporting.audit.explaining.basis import WantedReport
from services.reporting.audit.explaining.timeline import report_timeline
from services.reporting.audit.figures import figure_of
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.commune_report_events import DUE
from services.reporting.domain.lifecycle.province_report import Report
from services.reporting.domain.lifecycle.report_status import ListedReport, ReportStatus
from services.reporting.domain.refusal import NothingKnown
from services.reporting.domain.regime import regime_for
from services.reporting.read_models.editions import Altered
from services.reporting.read_models.table_version import RebuildNeeded
from services.reporting.rendering.answers import document_of, figure_rows, province_rows, shown_forms
from services.reporting.rendering.canonical_json import canonical_json, sha256_of
from shared.clock import day_of, end_of
from shared.contracts import Message, Question
from shared.contracts.reporting import (
    AuditedEdition,
    AuditEdition,
    ComparedReports,
    CompareProvinceReports,
    CompareReport,
    Document,
    EditionMoves,
    EditionRow,
    ExplainFigure,
    ExplainProvinceFigure,
    FigureRow,
    Figures,
    ListedEditions,
    ListEditionMoves,
    ListEditions,
    ListedReports,
    ListFigures,
    ListProvinceFigures,
    ListProvinceReports,
    ListReports,
    ListTrend,
    MovedFigure,
    Narrative,
    OfDraft,
    OfFigure,
    PeriodFigures,
    PrintDraft,
    PrintEdition,
    ProvinceOverview,
    PublishedEdition,
    RecordedSection,
    ReportRow,
    ShowEdition,
    ShowEditionOverview,
    ShowNarrative,
    ShownFigure,
    ShownReport,
    ShowProvinceOverview,
    ShowProvinceReport,
    ShowProvinceReportTimeline,
    ShowReport,
    ShowReportTimeline,
    ShowSubmission,
    SubmittedReport,
    Timeline,
    Trend,
    WrittenSection,
)
from shared.messaging.questions import NOT_READY, Functions, NoAnswer
from shared.periods import Period
from shared.regimes import DEFAULT_REGIME

OTHER_RULES = (
    "Lần công bố có công thức và địa giới của nó; vì sao số liệu đổi thì xem theo công thức và địa giới của kỳ."
)

Asked = TypeVar("Asked", bound=Question[Any])
Given = TypeVar("Given", bound=Message)


def _answering(function: Callable[[Reporting, Asked], Given]) -> Callable[[Reporting, Asked], Given]:
    """What Reporting raises, as the reason why there is no answer."""

    @wraps(function)
    def answer(reporting: Reporting, question: Asked) -> Given:
        try:
            return function(reporting, question)
        except NothingKnown as nothing:
            raise NoAnswer(str(nothing), "not-found") from None
        except Altered as altered:
            raise NoAnswer(str(altered), "failed") from None
        except RebuildNeeded:
            raise NOT_READY from None

    return answer


def list_figures(reporting: Reporting, question: ListFigures) -> Figures:
    report = _report(reporting, question, _province_of(reporting, question.commune), question.commune)
    rows = figure_rows(question.commune, report.commune_name, (*report.indicators, *report.scoped), report)
    figures = _figures(report, rows, reporting.changed_on(report))
    if not question.forms:
        return figures
    stated = reporting.reviews.stated(question.commune, _period(question.period), report.known_at, question.regime)
    forms = shown_forms(report, reporting.rulebook.pinned_parts(report.pins, {}).forms)
    return figures.model_copy(update={"forms": forms, "stated": dict(stated)})


def list_province_figures(reporting: Reporting, question: ListProvinceFigures) -> Figures:
    report = _report(reporting, question, question.province)
    rows = list(province_rows(report))
    for line in report.communes:
        rows += figure_rows(line.commune, line.name, (*line.indicators, *line.scoped), report)
    return _figures(report, rows)


def show_report(reporting: Reporting, question: ShowReport) -> ShownReport:
    if question.as_submitted:
        submitted, _, content = reporting.submitted(question.commune, _period(question.period), regime=question.regime)
        return _shown(content, submitted.state, submitted.submission)
    report = _report(reporting, question, _province_of(reporting, question.commune), question.commune)
    return _shown(canonical_json(report))


def show_province_report(reporting: Reporting, question: ShowProvinceReport) -> ShownReport:
    return _shown(canonical_json(_report(reporting, question, question.province)))


def show_submission(reporting: Reporting, question: ShowSubmission) -> SubmittedReport:
    period = _period(question.period)
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
    province = _province_of(reporting, question.commune)
    if question.period:
        of = question.period, question.regime or DEFAULT_REGIME
        found = _listed(reporting, province, *of, question.known_at, commune=question.commune)
        return ListedReports(
            reports=tuple(row for row in found if row.commune == question.commune),
            changed_on=tuple(reporting.commune_changed_on(question.commune)),
            province=province,
        )
    today = question.known_at or day_of(reporting.clock())
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
            yield _status_row(status, place | {"regime": due.regime, "period": due.period, "regime_title": due.title})


def _known_row(reporting: Reporting, status: ReportStatus, place: dict[str, str], today: date) -> ReportRow:
    """With its regime's title, the days that it counts, and of one that was not submitted the day when it is due."""
    period = Period.parse(place["period"])
    regime = regime_for(reporting.rulebook.regimes, place["regime"], period)
    if regime and status.state == DUE:
        due_on = regime.due_on(period, "commune", reporting.calendar.known_on(today))
        status = status._replace(due_on=due_on, days_late=max(0, (today - due_on).days) if due_on else 0)
    if regime is None:
        return _status_row(status, place)
    first, last = regime.window(period)
    return _status_row(status, place | {"regime_title": regime.title}, counted_from=first, counted_until=last)


def list_province_reports(reporting: Reporting, question: ListProvinceReports) -> ListedReports:
    of = question.province, question.period, question.regime, question.known_at
    rows = _listed_briefly(reporting, *of) if question.brief else _listed(reporting, *of)
    days = reporting.reports_changed_on(
        question.province, _period(question.period), regime=question.regime, figures=not question.brief
    )
    return ListedReports(reports=tuple(rows), changed_on=tuple(days))


def list_editions(reporting: Reporting, question: ListEditions) -> ListedEditions:
    reports = reporting.published_reports(question.province, question.regime, question.period)
    until = end_of(question.known_at) if question.known_at else None
    return ListedEditions(
        changed_on=tuple(sorted({day_of(each.at) for report in reports for each in report.editions})),
        editions=tuple(
            EditionRow(
                regime=report.regime,
                period=report.period,
                edition=each.number,
                content_sha256=each.content_sha256,
                published_at=each.at,
                by=each.by,
                reason=each.reason,
                regime_name=report.regime_name,
                by_account=each.by_account,
            )
            for report in reports
            for each in report.editions
            if until is None or each.at < until
        ),
    )


def show_edition(reporting: Reporting, question: ShowEdition) -> PublishedEdition:
    period = _period(question.period)
    shown = reporting.edition(question.province, period, question.edition, regime=question.regime)
    return PublishedEdition(edition=_edition_row(question, shown), last=shown.last, content=shown.content.decode())


def _edition_row(question: ShowEdition | ShowEditionOverview, shown: Edition) -> EditionRow:
    return EditionRow(
        regime=question.regime,
        period=question.period,
        edition=shown.number,
        content_sha256=shown.content_sha256,
        published_at=shown.published_at,
        by=shown.by,
        reason=shown.reason,
        by_account=shown.by_account,
    )


def explain_figure(reporting: Reporting, question: ExplainFigure) -> ShownFigure:
    return _figure(reporting, question, _province_of(reporting, question.commune), question.commune)


def explain_province_figure(reporting: Reporting, question: ExplainProvinceFigure) -> ShownFigure:
    return _figure(reporting, question, question.province, None)


def compare_report(reporting: Reporting, question: CompareReport) -> ComparedReports:
    province, today = _province_of(reporting, question.commune), day_of(reporting.clock())
    return compared(reporting, question, Place(province, question.commune, _period(question.period)), today)


def compare_province_reports(reporting: Reporting, question: CompareProvinceReports) -> ComparedReports:
    place = Place(question.province, None, _period(question.period))
    return compared(reporting, question, place, day_of(reporting.clock()))


def audit_edition(reporting: Reporting, question: AuditEdition) -> AuditedEdition:
    period = _period(question.period)
    return examined(reporting, question.province, period, question.edition, question.regime)


def show_report_timeline(reporting: Reporting, question: ShowReportTimeline) -> Timeline:
    identity = CommuneReport.create_id(question.commune, question.regime, _period(question.period).name)
    return _timeline(reporting, question.commune, question.period, identity)


def show_province_report_timeline(reporting: Reporting, question: ShowProvinceReportTimeline) -> Timeline:
    identity = Report.create_id(question.province, _period(question.period).name, question.regime)
    return _timeline(reporting, question.province, question.period, identity)


def _timeline(reporting: Reporting, code: str, period: str, identity: UUID) -> Timeline:
    with reporting.knowledge.connection() as connection:
        return report_timeline(connection, code, _period(period), [identity])


def _figure(reporting: Reporting, question: OfFigure, province: str, commune: str | None) -> ShownFigure:
    period, today = _period(question.period), day_of(reporting.clock())
    wanted = WantedReport(
        province, period, commune, question.known_at, question.edition, question.regime, question.map_day,
        question.definitions,
    )  # fmt: skip
    if wanted.has_other_rules and (question.edition or question.since):
        raise NothingKnown(OTHER_RULES)
    return figure_of(
        reporting, wanted, question.indicator, today, computation=question.computation, since=question.since
    )


def show_province_overview(reporting: Reporting, question: ShowProvinceOverview) -> ProvinceOverview:
    asked = question.province, _period(question.period), question.known_at or day_of(reporting.clock())
    options: Options = {
        "regime": question.regime, "definitions": question.definitions, "map_day": question.map_day,
    }  # fmt: skip
    changed_on = reporting.changed_on(reporting.kept.report(*asked, **options))
    return reporting.kept.overview(*asked, **options).model_copy(update={"changed_on": tuple(changed_on)})


def show_edition_overview(reporting: Reporting, question: ShowEditionOverview) -> ProvinceOverview:
    shown = reporting.edition(question.province, _period(question.period), question.edition, regime=question.regime)
    return shown.overview.model_copy(update={"edition": _edition_row(question, shown), "last": shown.last})


def list_trend(reporting: Reporting, question: ListTrend) -> Trend:
    """Each period by itself, and kept: of a day that is over they are computed once."""
    periods, found, changed_on = [_period(question.period)], [], set[date]()
    while len(periods) < question.count:
        periods.append(periods[-1].before())
    for period in reversed(periods):
        try:
            report = reporting.kept.report(
                question.province, period, question.known_at or day_of(reporting.clock()), regime=question.regime,
                definitions=question.definitions, map_day=question.map_day, by_field=False,
            )  # fmt: skip
        except NothingKnown:
            continue
        found.append(PeriodFigures(period=period.name, figures=province_rows(report)))
        changed_on.update(reporting.changed_on(report))
    return Trend(periods=tuple(found), changed_on=tuple(sorted(changed_on)))


def show_narrative(reporting: Reporting, question: ShowNarrative) -> Narrative:
    of = question.province, _period(question.period)
    ever = reporting.narrative(*of, regime=question.regime)
    written = reporting.narrative(*of, regime=question.regime, known_at=question.known_at)
    return Narrative(
        written=tuple(RecordedSection.model_validate(vars(each)) for each in written),
        changed_on=tuple(sorted({each.written_on for each in ever})),
    )


def list_edition_moves(reporting: Reporting, question: ListEditionMoves) -> EditionMoves:
    period, day = _period(question.period), question.known_at or day_of(reporting.clock())
    last = reporting.edition(question.province, period, question.edition, regime=question.regime).number
    return reporting.kept.once(
        (("moves", last), question.province, period, question.regime),
        day,
        lambda: _moves(reporting, question, period, day, last),
    )


def _moves(reporting: Reporting, question: ListEditionMoves, period: Period, day: date, edition: int) -> EditionMoves:
    before, changes, draft = reporting.changes_since(question.province, period, day, edition, regime=question.regime)
    return EditionMoves(
        edition=before.number,
        moved=tuple(MovedFigure.model_validate(vars(each)) for each in changes.figures),
        readings=changes.readings,
        corrections=len(changes.corrections),
        late=len(changes.late),
        rewritten=before.report.narrative != draft.narrative,
    )


def print_edition(reporting: Reporting, question: PrintEdition) -> Document:
    period = _period(question.period)
    edition = reporting.edition(question.province, period, question.edition, regime=question.regime)
    return document_of(edition.report, question.format, edition.mark)


def print_draft(reporting: Reporting, question: PrintDraft) -> Document:
    day = question.known_at or day_of(reporting.clock())
    draft = reporting.draft(question.province, _period(question.period), day, regime=question.regime)
    return document_of(draft, question.format)


def _report(reporting: Reporting, question: OfDraft, province: str, commune: str | None = None) -> ReportContent:
    return reporting.kept.report(
        province,
        _period(question.period),
        question.known_at or day_of(reporting.clock()),
        commune,
        regime=question.regime,
        definitions=question.definitions,
        map_day=question.map_day,
    )


def _period(name: str) -> Period:
    try:
        return Period.parse(name)
    except ValueError:
        raise NoAnswer(
            f"“{name}” không phải là một kỳ báo cáo; ví dụ: 2025-Q3, 2025-M07, 2025.", "unreadable"
        ) from None


def _province_of(reporting: Reporting, commune: str) -> str:
    found = reporting.communes.on_day(commune, day_of(reporting.clock()))
    if found is None:
        raise NoAnswer(f"Không có đơn vị nào có mã {commune} đăng ký tham gia.", "not-found")
    return found.province


def _figures(report: ReportContent, rows: Iterable[FigureRow], changed_on: Sequence[date] = ()) -> Figures:
    return Figures(
        regime=report.regime,
        period=report.period,
        counted_from=report.counted_from,
        counted_until=report.counted_until,
        known_at=report.known_at,
        not_reported=report.not_reported,
        figures=tuple(rows),
        changed_on=tuple(changed_on),
    )


def _shown(content: bytes, state: str | None = None, submission: int | None = None) -> ShownReport:
    return ShownReport(
        state=state, submission=submission, content_sha256=sha256_of(content), content=json.loads(content)
    )


def _listed(
    reporting: Reporting, province: str, period: str, regime: str, known_at: date | None, *, commune: str | None = None
) -> list[ReportRow]:
    """Of a day that is over the list is kept, as drafts are."""

    def listed() -> list[ListedReport]:
        return reporting.listed(province, _period(period), regime=regime, known_at=known_at, commune=commune)

    key = (("listed", commune), province, _period(period), regime)
    found = reporting.kept.once(key, known_at, listed) if known_at and not commune else listed()
    return [ReportRow.model_validate(vars(each) | {"regime": regime, "period": period}) for each in found]


def _listed_briefly(
    reporting: Reporting, province: str, period: str, regime: str, known_at: date | None
) -> list[ReportRow]:
    found = reporting.listed_briefly(province, _period(period), regime=regime, known_at=known_at)
    fields = {"regime": regime, "period": period, "changed": None, "missed": None}
    return [ReportRow.model_validate(vars(each) | fields) for each in found]


def _status_row(status: ReportStatus, place: dict[str, str], **counted: date) -> ReportRow:
    fields = {**status._asdict(), **place, **counted, "changed": None, "missed": None, "outdated": False}
    return ReportRow.model_validate(fields)


QUESTIONS: Functions[Reporting] = {
    ListFigures: _answering(list_figures),
    ListProvinceFigures: _answering(list_province_figures),
    ShowReport: _answering(show_report),
    ShowProvinceReport: _answering(show_province_report),
    ShowSubmission: _answering(show_submission),
    ListReports: _answering(list_reports),
    ListProvinceReports: _answering(list_province_reports),
    ExplainFigure: _answering(explain_figure),
    ExplainProvinceFigure: _answering(explain_province_figure),
    CompareReport: _answering(compare_report),
    CompareProvinceReports: _answering(compare_province_reports),
    AuditEdition: _answering(audit_edition),
    ShowReportTimeline: _answering(show_report_timeline),
    ShowProvinceReportTimeline: _answering(show_province_report_timeline),
    ShowProvinceOverview: _answering(show_province_overview),
    ShowEditionOverview: _answering(show_edition_overview),
    ListTrend: _answering(list_trend),
    ShowNarrative: _answering(show_narrative),
    ListEditionMoves: _answering(list_edition_moves),
    PrintEdition: _answering(print_edition),
    PrintDraft: _answering(print_draft),
    ListEditions: _answering(list_editions),
    ShowEdition: _answering(show_edition),
}
