"""Figures of a commune or a province: of one period, of its fields, and of the periods before."""

from collections.abc import Iterable, Sequence
from datetime import date

from services.reporting.application import Reporting
from services.reporting.application.drafts import Options
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.refusal import NothingKnown
from services.reporting.questions.named import draft_of, known_on, period_of, province_of
from services.reporting.rendering.answers import figure_rows, province_rows, shown_forms
from shared.contracts.reporting import (
    FigureRow,
    Figures,
    ListFigures,
    ListProvinceFigures,
    ListTrend,
    PeriodFigures,
    ProvinceOverview,
    ShowProvinceOverview,
    Trend,
)


def list_figures(reporting: Reporting, question: ListFigures) -> Figures:
    report = draft_of(reporting, question, province_of(reporting, question.commune), question.commune)
    rows = figure_rows(question.commune, report.commune_name, (*report.indicators, *report.scoped), report)
    figures = _figures(report, rows, reporting.changed_on(report))
    if not question.forms:
        return figures
    stated = reporting.reviews.stated(question.commune, period_of(question.period), report.known_at, question.regime)
    forms = shown_forms(report, reporting.rulebook.pinned_parts(report.pins, {}).forms)
    return figures.model_copy(update={"forms": forms, "stated": dict(stated)})


def list_province_figures(reporting: Reporting, question: ListProvinceFigures) -> Figures:
    report = draft_of(reporting, question, question.province)
    rows = list(province_rows(report))
    for line in report.communes:
        rows += figure_rows(line.commune, line.name, (*line.indicators, *line.scoped), report)
    return _figures(report, rows)


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


def show_province_overview(reporting: Reporting, question: ShowProvinceOverview) -> ProvinceOverview:
    asked = question.province, period_of(question.period), known_on(reporting, question.known_at)
    options: Options = {
        "regime": question.regime, "definitions": question.definitions, "map_day": question.map_day, "forms": False,
    }  # fmt: skip
    changed_on = reporting.changed_on(reporting.kept.report(*asked, **options))
    return reporting.kept.overview(*asked, **options).model_copy(update={"changed_on": tuple(changed_on)})


def list_trend(reporting: Reporting, question: ListTrend) -> Trend:
    """Each period by itself, and kept: of a day that is over they are computed once."""
    periods, found, changed_on = [period_of(question.period)], [], set[date]()
    while len(periods) < question.count:
        periods.append(periods[-1].before())
    for period in reversed(periods):
        try:
            report = reporting.kept.report(
                question.province, period, known_on(reporting, question.known_at), regime=question.regime,
                definitions=question.definitions, map_day=question.map_day, by_field=False,
            )  # fmt: skip
        except NothingKnown:
            continue
        found.append(PeriodFigures(period=period.name, figures=province_rows(report)))
        changed_on.update(reporting.changed_on(report))
    return Trend(periods=tuple(found), changed_on=tuple(sorted(changed_on)))
