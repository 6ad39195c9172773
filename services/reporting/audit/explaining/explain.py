"""Explains one figure of a report: an indicator's, or a cell's of a form; of a commune, or of a province by commune.

The figure is computed twice by the rules of the domain: from the stored events that are shown, and from the tables that
the report is made of (or it is taken from the edition). Both are in the explanation, so that a difference shows.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache, partial
from typing import Any

from psycopg import Connection

from services.reporting.application import Reporting
from services.reporting.audit.explaining import counted_readings
from services.reporting.audit.explaining.basis import Basis, WantedReport, open_basis
from services.reporting.audit.explaining.cells import KnownRow, cell_counts, explained_cell, known_row
from services.reporting.audit.explaining.explanation import Explanation
from services.reporting.audit.explaining.explanation_parts import (
    explained_communes,
    explained_formula,
    explained_measures,
    explained_readings,
    explained_target,
    explained_units,
)
from services.reporting.audit.explaining.left_out import days_left_out
from services.reporting.audit.explaining.parts_with_targets import part_amounts, part_line, part_of, reported_part
from services.reporting.audit.explaining.recomputed import (
    ReadReadings,
    Recomputed,
    recomputed_cell,
    recomputed_indicator,
)
from services.reporting.audit.explaining.rules_in_force import Part
from services.reporting.audit.explaining.stored_facts import stores
from services.reporting.domain.content.differences import PROVINCE, FigureKey, figures_of
from services.reporting.domain.content.filled_form import TOTAL
from services.reporting.domain.content.restatement import Amounts
from services.reporting.domain.content.versions import FIRST
from services.reporting.domain.drafts.composition import Composition
from services.reporting.domain.drafts.evidence import Definition
from services.reporting.domain.forms.form import Form
from services.reporting.domain.forms.totals import sum_of_known
from services.reporting.rendering.text.table_rows import printed_rate
from shared.settings import Settings
from shared.vietnamese import date_text

NO_FIGURE: Amounts = (None, None)


class Explanations:
    """Reads the stores with the auditor's rights; `today` is the day whose knowledge counts where none is given.

    For commands: the communes of a province are shared out to a process of its own.
    """

    def __init__(self, settings: Settings, reporting: Reporting, today: date) -> None:
        self._settings = settings
        self._reporting = reporting
        self._today = today

    def of_indicator(self, wanted: WantedReport, indicator: str, scope: str = "") -> Explanation:
        """`scope`: of the part for which a target holds, in the plan's words.

        NothingKnown for a report, a commune, an indicator or a part that is not known.
        """
        with open_basis(self._reporting, wanted, self._today, by_field=bool(scope)) as report:
            basis = report.of_formula(_definition(report, indicator))
            part = part_of(basis, indicator, scope) if scope else Part(indicator)
            key = (basis.question.commune or PROVINCE, indicator)
            reported = cache(partial(reported_part, basis, part) if scope else partial(_reported, basis, key))
            with stores(self._settings) as connection:
                found = recomputed_indicator(connection, basis, part, self._read(connection, basis, reported))
            return (_part if scope else _indicator)(basis, found, part, reported())

    def of_cell(self, wanted: WantedReport, code: str, cell: str) -> Explanation:
        """`cell` is `field/column` as in `land/5`; the row of totals is `total/5`, counts without a field `/5`."""
        with open_basis(self._reporting, wanted, self._today, by_field=True) as report:
            form, field_id, column = _place(report, code, cell)
            basis = replace(report, measures=frozenset(form.measures))
            row = cache(partial(known_row, basis, form, field_id))
            with stores(self._settings) as connection:
                found = recomputed_cell(
                    connection,
                    basis,
                    form.measures_of(column),
                    None if field_id == TOTAL else [field_id],
                    self._read(connection, basis, row),
                )
            return _cell(basis, found, row(), column)

    def _read(self, connection: Connection, basis: Basis, reported: Callable[[], object]) -> ReadReadings:
        """`reported`, from the tables, is made while another process begins with the events of a province."""
        if basis.question.commune is None:
            return partial(counted_readings.of_province, self._settings, connection, reported)
        reported()
        return partial(counted_readings.of_commune, connection)


def _definition(basis: Basis, indicator: str) -> Definition:
    definition = basis.definition(indicator)
    if definition is None:
        day = date_text(basis.question.defined_on)
        raise basis.missing(f"Không có chỉ số “{indicator}” vào ngày {day}; xem danh sách: minhbach indicator list")
    return definition


def _indicator(basis: Basis, found: Recomputed, part: Part, reported: Amounts | None) -> Explanation:
    indicator, report = part.indicator, Composition(found.evidence).report()
    line = next((line for line in report.indicators if line.indicator == indicator), None)
    figures, key = figures_of(report), (basis.question.commune or PROVINCE, indicator)
    own = {c.commune: figures.get((c.commune, indicator), NO_FIGURE) for c in basis.known.communes}
    formula = explained_formula(found)
    return Explanation(
        **_common(basis, found, own),
        item=indicator,
        name=formula.name,
        amounts=figures.get(key, NO_FIGURE),
        reported=reported,
        rate=printed_rate(line, report) if line else None,
        formula=formula,
        target=explained_target(found, line),
        left_out=days_left_out(found.evidence) if basis.question.computation > FIRST else (),
    )


def _part(basis: Basis, found: Recomputed, part: Part, reported: Amounts | None) -> Explanation:
    """Of a part that its target names."""
    report = Composition(found.evidence).report()
    line = part_line(report, basis.question.commune, part)
    formula = explained_formula(found)
    own = {c.commune: part_amounts(report, c.commune, part) or NO_FIGURE for c in basis.known.communes}
    return Explanation(
        **_common(basis, found, own),
        item=f"{part.indicator}: {part.scope}",
        name=f"{formula.name}: {part.scope}",
        amounts=part_amounts(report, basis.question.commune, part) or NO_FIGURE,
        reported=reported,
        rate=printed_rate(line, report) if line else None,
        formula=formula,
        target=explained_target(found, line),
    )


def _cell(basis: Basis, found: Recomputed, row: KnownRow, column: int) -> Explanation:
    own, known = cell_counts(found.evidence, row, column), (sum_of_known(row.counts(column).values()),)
    code = row.form.code
    key = (basis.question.commune or PROVINCE, f"{code}/{row.field_id}/{column}")
    return Explanation(
        **_common(basis, found, {commune: (count,) for commune, count in own.items()}),
        item=key[1],
        name=f"Biểu {code}, {row.name}, cột {column}",
        amounts=(sum_of_known(own.values()),),
        reported=known if basis.published is None else basis.published.get(key),
        rate=None,
        cell=explained_cell(found, row, column),
    )


def _reported(basis: Basis, key: FigureKey) -> Amounts | None:
    """As the tables give it; of an edition, as it was published, None where it does not hold such a figure."""
    known = basis.known
    if basis.published is not None:
        return basis.published.get(key)
    known = replace(known, definitions=[d for d in known.definitions if d.indicator == key[1]])
    return figures_of(Composition(known).report()).get(key, NO_FIGURE)


def _place(basis: Basis, code: str, cell: str) -> tuple[Form, str, int]:
    form = next((form for form in basis.forms if form.code == code), None)
    if form is None:
        codes = ", ".join(form.code for form in basis.forms) or "không có biểu nào"
        raise basis.missing(f"Báo cáo không có biểu “{code}”; các biểu của báo cáo: {codes}.")
    field_id, _, number = cell.rpartition("/")
    columns = {str(column.number): column.number for column in form.printed}
    if "/" not in cell or number not in columns:
        raise basis.missing(
            f"“{cell}” không phải là một ô của biểu {code}; hãy viết lĩnh vực/cột như land/5 hoặc total/5, cột là một"
            f" trong: {', '.join(columns)}."
        )
    return form, field_id, columns[number]


def _common(basis: Basis, found: Recomputed, by_commune: Mapping[str, Amounts]) -> dict[str, Any]:
    """The parts of an explanation that a figure and a cell have alike."""
    question, (start, until) = basis.question, basis.question.window
    own = next((c for c in basis.known.communes if c.commune == question.commune), None)
    return {
        "province": question.province,
        "commune": question.commune,
        "code": own.code if own else None,
        "unit": own.name if own else basis.known.communes[0].province_name,
        "period": question.period.name,
        "period_name": question.period.vietnamese,
        "counted_from": start,
        "counted_until": until,
        "regime": question.regime.name,
        "known_at": question.known_at,
        "edition": basis.edition,
        "positions": dict(basis.positions),
        "definitions": question.definitions,
        "map_day": question.shown_on,
        "map_version": basis.map_version,
        "computation": question.computation,
        "units": explained_units(found),
        "measures": explained_measures(found),
        "readings": explained_readings(found) if question.commune else (),
        "communes": () if question.commune else explained_communes(basis, found, by_commune),
    }
