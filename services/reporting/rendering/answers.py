"""A report as answers to questions of the portal: for the screen, and as a file."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from services.reporting.domain.content.filled_form import FilledForm, FormColumn, FormRow
from services.reporting.domain.content.report_content import IndicatorLine, ReportContent
from services.reporting.domain.forms.form import Form
from services.reporting.rendering import EditionMark, charts, render
from services.reporting.rendering.canonical_json import content_sha256
from services.reporting.rendering.charts.ranking import ranks_of, tally_of
from services.reporting.rendering.text.table_rows import printed_rate
from shared.contracts.reporting import (
    BrokenSum,
    Chart,
    CommuneWarning,
    Document,
    FigureRow,
    FormSum,
    MovedFigure,
    ProvinceOverview,
    RankedCommune,
    ShownColumn,
    ShownForm,
    ShownRow,
    WrittenSection,
)


def figure_rows(
    commune: str | None, name: str | None, lines: Iterable[IndicatorLine], report: ReportContent
) -> Iterator[FigureRow]:
    """Lines of the report; their rates are those that it prints."""
    for line in lines:
        yield FigureRow(
            commune=commune,
            name=name,
            indicator=line.indicator,
            indicator_name=line.name,
            definition_version=line.definition_version,
            scope=line.scope,
            numerator=line.figure.numerator,
            denominator=line.figure.denominator,
            rate=printed_rate(line, report),
            rate_before=line.previous.rate,
            target_text=line.target_text,
            met=line.met,
        )


def province_rows(report: ReportContent) -> tuple[FigureRow, ...]:
    return tuple(figure_rows(None, None, (*report.indicators, *report.scoped), report))


def overview_of(report: ReportContent) -> ProvinceOverview:
    """Of a province's report."""
    moved = report.restated.moved if report.restated else ()
    drawings = (*charts.of_indicators(report), *charts.of_communes(report, linked=True))
    return ProvinceOverview(
        province_name=report.province_name,
        regime=report.regime,
        regime_name=report.regime_name,
        period=report.period,
        counted_from=report.counted_from,
        counted_until=report.counted_until,
        known_at=report.known_at,
        not_reported=report.not_reported,
        figures=province_rows(report),
        ranking=tuple(_ranking(report)),
        charts=tuple(Chart.model_validate(vars(each)) for each in drawings),
        tasks_done=sum(each.done for each in report.tasks),
        tasks_open=sum(each.open for each in report.tasks),
        tasks_late=sum(each.late for each in report.tasks),
        warnings=tuple(CommuneWarning.model_validate(vars(each)) for each in report.warnings),
        narrative=tuple(WrittenSection.model_validate(vars(each)) for each in report.narrative),
        moved=tuple(MovedFigure.model_validate(vars(each.change)) for each in moved),
    )


def _ranking(report: ReportContent) -> Iterator[RankedCommune]:
    """Those with a rank first, then the others by name."""
    ranks = ranks_of(report)
    ordered = sorted(report.communes, key=lambda line: (line.commune not in ranks, ranks.get(line.commune, 0)))
    for line in ordered:
        tally = tally_of(line)
        yield RankedCommune(
            rank=ranks.get(line.commune),
            commune=line.commune,
            name=line.name,
            reported=line.reported,
            met=tally.met,
            missed=tally.missed,
            unknown=tally.unknown,
        )


def shown_forms(report: ReportContent, designs: Sequence[Form]) -> tuple[ShownForm, ...]:
    """The forms of a report, each with the sums of its design; `designs` are the versions that it pins."""
    found = {form.code: form for form in designs}
    return tuple(_shown_form(form, found[form.code]) for form in report.forms)


def _shown_form(form: FilledForm, design: Form) -> ShownForm:
    return ShownForm(
        code=form.code,
        title=form.title,
        source=form.source,
        leads=tuple(_column(each) for each in form.lead_columns),
        columns=tuple(_column(each, design) for each in form.columns),
        rows=tuple(_row(each) for each in form.rows),
        total=_row(form.total),
        sums=tuple(FormSum(whole=check.left, parts=check.right) for check in design.checks if check.right),
        broken=tuple(
            BrokenSum(key=each.key, field=each.field, sentence=each.sentence, explanation=each.explanation)
            for each in form.broken
        ),
        notes=form.notes,
    )


def _column(column: FormColumn, design: Form | None = None) -> ShownColumn:
    shown = ShownColumn(number=column.number, heading=column.heading, group=column.group)
    for source in design.column(column.number).sources if design else ():
        if len(source.measures) == 1 and not source.opening:
            return shown.model_copy(update={"measure": source.measures[0], "besides": source.columns})
    return shown


def _row(row: FormRow) -> ShownRow:
    return ShownRow(field=row.field, name=row.name, counts=row.counts)


def document_of(report: ReportContent, file_format: str, edition: EditionMark | None = None) -> Document:
    with TemporaryDirectory() as folder:
        [path] = render(report, [file_format], Path(folder), edition)
        content = path.read_bytes()
    number = f"-an-ban-{edition.number}" if edition else "-du-thao"
    return Document(
        file_name=f"{path.stem}{number}{path.suffix}",
        content_sha256=edition.sha256 if edition else content_sha256(report),
        content_base64=b64encode(content).decode(),
    )
