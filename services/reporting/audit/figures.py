"""A figure with what it rests on, from Reporting's own tables: for pages, which have no rights in other stores.

`explaining/` does the same from the stored events, with the auditor's rights, down to each reading and its hash.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from psycopg import Connection

from services.reporting.application import Reporting
from services.reporting.audit.causes import causes_of
from services.reporting.audit.explaining.basis import Basis, WantedReport, open_basis
from services.reporting.audit.explaining.explanation_parts import SIDES
from services.reporting.audit.explaining.left_out import days_left_out
from services.reporting.domain.content.differences import PROVINCE
from services.reporting.domain.content.report_content import Figure, IndicatorLine, ReportContent
from services.reporting.domain.content.versions import FIRST
from services.reporting.domain.drafts.composition import Composition
from services.reporting.domain.drafts.evidence import Definition
from services.reporting.domain.drafts.indicator_figures import COMPUTATIONS
from services.reporting.domain.refusal import NothingKnown
from services.reporting.read_models import definitions, figure_sources
from services.reporting.read_models.figure_sources import Source
from services.reporting.rendering.text.table_rows import printed_rate
from shared.clock import end_of
from shared.contracts.reporting import (
    FigureBefore,
    FigureFormula,
    FigureMeasure,
    FigurePart,
    FigureSource,
    FigureTarget,
    FigureUnit,
    ShownFigure,
)
from shared.vietnamese import date_text

COUNTED_FROM = ("planning", "indicators")
MOST_CAUSES = 200
NOTHING = Figure(None, None)


def figure_of(
    reporting: Reporting,
    wanted: WantedReport,
    indicator: str,
    today: date,
    *,
    computation: int | None = None,
    since: date | None = None,
) -> ShownFigure:
    """NothingKnown for a report, a commune, an indicator or a way of counting that is not known."""
    with open_basis(reporting, wanted, today, by_field=False, before=True) as found:
        definition = found.definition(indicator)
        if definition is None:
            raise NothingKnown(f"Không có chỉ số “{indicator}” vào ngày {date_text(found.known.question.defined_on)}.")
        basis = _counted(found.of_formula(definition), computation)
    known = replace(basis.known, definitions=[definition])
    report = Composition(known).report()
    line = next(iter(report.indicators), None)
    counted = line.figure if line else NOTHING
    question, own = basis.question, report.communes[0] if wanted.commune else None
    figure = _printed(basis, question.commune or PROVINCE, definition, counted)
    before = _before(reporting, basis, definition, since) if since else None
    edition = basis.edition and reporting.edition(
        question.province, question.period, basis.edition, regime=question.regime.name
    )
    with reporting.knowledge.connection() as connection:
        return ShownFigure(
            province=question.province,
            commune=question.commune,
            code=own.code if own else None,
            unit=own.name if own else report.province_name,
            indicator=indicator,
            name=definition.name,
            regime=question.regime.name,
            period=question.period.name,
            counted_from=report.counted_from,
            counted_until=report.counted_until,
            known_at=question.known_at,
            edition=basis.edition,
            edition_sha256=edition.content_sha256 if edition else None,
            numerator=figure.numerator,
            denominator=figure.denominator,
            rate=printed_rate(replace(line, figure=figure), report) if line else figure.rate,
            rate_before=line.previous.rate if line else None,
            counted=(counted.numerator, counted.denominator),
            recorded_later=basis.edition is not None
            and any(known.positions.get(service, 0) > basis.until(service) for service in COUNTED_FROM),
            formula=_formula(connection, definition),
            target=_target(connection, basis, line),
            measures=_measures(connection, basis, report, definition),
            units=_units(basis),
            parts=() if own else _parts(basis, report, definition),
            readings=report.readings,
            left_out=days_left_out(known) if question.computation > FIRST else (),
            map_day=question.shown_on,
            map_version=basis.map_version,
            computation=question.computation,
            positions=dict(basis.positions),
            field_names=definitions.field_names(connection, end_of(question.known_at), question.window[1]),
            changed_on=tuple(reporting.change_days.of(connection, basis.sources, question.province, question.window)),
            before=before,
        )


def _counted(basis: Basis, computation: int | None) -> Basis:
    """With what is known, by another way of computing than that of the report where one is asked for."""
    known = basis.known
    if computation is None or basis.edition is not None:
        return basis
    if computation not in COMPUTATIONS:
        raise NothingKnown(f"Chương trình không có cách tính bản {computation}.")
    question = replace(basis.question, computation=computation)
    return replace(basis, question=question, read=lambda _: replace(known, question=question))


def _printed(basis: Basis, commune: str, definition: Definition, counted: Figure) -> Figure:
    """An edition's own figure, nothing where it does not hold this one; else the one that the tables give."""
    if basis.published is None:
        return counted
    numerator, denominator, *_ = *basis.published.get((commune, definition.indicator), ()), None, None
    return Figure(numerator, denominator, definition.zero_denominator)


def _formula(connection: Connection, definition: Definition) -> FigureFormula:
    source = figure_sources.formula_source(connection, definition.indicator, definition.version)
    return FigureFormula(
        version=definition.version,
        in_force_from=definition.in_force_from,
        act=definition.source,
        zero_denominator=definition.zero_denominator,
        source=_source("indicators", source),
    )


def _target(connection: Connection, basis: Basis, line: IndicatorLine | None) -> FigureTarget | None:
    if line is None or line.target_text is None:
        return None
    found = figure_sources.target_source(connection, basis.question, line.indicator)
    return FigureTarget(
        text=line.target_text,
        met=line.met,
        plan_id=found.key if found else None,
        source=_source("planning", found),
    )


def _source(service: str, found: Source | None) -> FigureSource | None:
    return FigureSource(service=service, position=found.position, recorded_on=found.recorded_on) if found else None


def _measures(
    connection: Connection, basis: Basis, report: ReportContent, definition: Definition
) -> tuple[FigureMeasure, ...]:
    """Those of the formula, numerator first."""
    known = definitions.measures(connection, end_of(basis.question.known_at))
    here = {line.commune for line in report.communes}
    sides: dict[str, list[str]] = {}
    for side in SIDES:
        for measure in getattr(definition, side):
            sides.setdefault(measure, []).append(side)
    found = []
    for measure, own in sides.items():
        counts = [n for (commune, name), n in basis.known.counted.items() if name == measure and commune in here]
        total = sum(counts) if counts else None
        name, kind = (known[measure].name, known[measure].kind) if measure in known else (measure, "")
        found.append(FigureMeasure(measure=measure, name=name, kind=kind, sides=tuple(own), total=total))
    return tuple(found)


def _units(basis: Basis) -> tuple[FigureUnit, ...]:
    """The commune and those that ended in it; none of a province, whose communes are its parts."""
    if basis.question.commune is None:
        return ()
    names = basis.known.map
    return tuple(FigureUnit(commune=commune, name=names.name_of(commune)) for commune in basis.sources)


def _parts(basis: Basis, report: ReportContent, definition: Definition) -> tuple[FigurePart, ...]:
    readings = basis.known.counted_readings
    parts = []
    for commune in report.communes:
        line = next(iter(commune.indicators), None)
        figure = _printed(basis, commune.commune, definition, line.figure if line else NOTHING)
        parts.append(
            FigurePart(
                commune=commune.commune,
                code=commune.code,
                name=commune.name,
                numerator=figure.numerator,
                denominator=figure.denominator,
                rate=printed_rate(replace(line, figure=figure), report) if line else figure.rate,
                readings=readings.get(commune.commune, 0),
            )
        )
    return tuple(parts)


def _before(reporting: Reporting, basis: Basis, definition: Definition, since: date) -> FigureBefore:
    """The figure as known at the end of an earlier day, and the events that moved it from there."""
    question = basis.question
    if since >= question.known_at:
        raise NothingKnown(f"Hãy chọn một ngày trước {date_text(question.known_at)} để so sánh.")
    found = reporting.changes_between(
        question.province,
        question.period,
        since,
        question.known_at if basis.edition is None else basis.edition,
        regime=question.regime.name,
        commune=question.commune,
        forms=False,
    )
    key = (question.commune or PROVINCE, definition.indicator)
    moved = next((each for each in found.figures if (each.change.commune, each.change.item) == key), None)
    with open_basis(reporting, _earlier(basis, since), since, by_field=False) as earlier:
        line = _line(earlier, definition.indicator)
    figure = line.figure if line else NOTHING
    places: Sequence[int] = moved.causes if moved else ()
    return FigureBefore(
        known_at=since,
        numerator=figure.numerator,
        denominator=figure.denominator,
        rate=line.shown_rate if line else None,
        causes=causes_of(found, places[:MOST_CAUSES]),
        causes_in_all=len(places),
    )


def _earlier(basis: Basis, since: date) -> WantedReport:
    question = basis.question
    return WantedReport(question.province, question.period, question.commune, since, None, question.regime.name)


def _line(basis: Basis, indicator: str) -> IndicatorLine | None:
    definition = basis.definition(indicator)
    if definition is None:
        return None
    known = basis.of_formula(definition).known
    return next(iter(Composition(replace(known, definitions=[definition])).report().indicators), None)
