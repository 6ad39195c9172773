"""A row of a form as Reporting's tables fill it in, and a cell of it as the stored events give it."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.reporting.audit.explaining.basis import Basis
from services.reporting.audit.explaining.explanation import ExplainedCell, ExplainedCount
from services.reporting.audit.explaining.recomputed import Recomputed
from services.reporting.domain.content.filled_form import TOTAL, FilledForm
from services.reporting.domain.drafts.completion import counts_by_commune
from services.reporting.domain.drafts.evidence import Evidence
from services.reporting.domain.forms.filling import CountPart, rows_of, unfolded
from services.reporting.domain.forms.form import Form
from services.reporting.domain.forms.totals import counts_alone, sum_of_known
from services.reporting.domain.refusal import NothingKnown


@dataclass(frozen=True)
class KnownRow:
    """The same row in the form of each commune of the question."""

    form: Form
    field_id: str
    name: str
    filled: Mapping[str, FilledForm]

    @property
    def is_total(self) -> bool:
        return self.field_id == TOTAL

    def fields_of(self, commune: str) -> list[str]:
        """The fields that the row adds up: its own, or of a row of totals those of all other rows."""
        rows = [row.field for row in self.filled[commune].rows]
        return rows if self.is_total else [field_id for field_id in rows if field_id == self.field_id]

    def counts(self, column: int) -> dict[str, int | None]:
        """By commune."""
        place = self.form.places[column]
        return {
            commune: next((row.counts[place] for row in (*own.rows, own.total) if row.field == self.field_id), None)
            for commune, own in self.filled.items()
        }


def known_row(basis: Basis, form: Form, field_id: str) -> KnownRow:
    """NothingKnown where no commune has such a row."""
    evidence, wanted = basis.known, basis.question.commune
    now, opening = counts_by_commune(evidence.counted_by_field), counts_by_commune(evidence.counted_at_opening)
    communes = [c.commune for c in evidence.communes if wanted in (None, c.commune)]
    own_rows = {c: rows_of(form, now.get(c, {}), opening.get(c, {}), evidence.field_names) for c in communes}
    filled = {c: counts_alone(form, [own], evidence.field_names) for c, own in own_rows.items()}
    names = {row.field: row.name for own in filled.values() for row in (*own.rows, own.total)}
    if field_id not in names:
        rows = ", ".join(sorted(names))
        raise NothingKnown(f"Biểu {form.code} không có dòng “{field_id}”; các dòng có số liệu: {rows}.")
    return KnownRow(form, field_id, names[field_id], filled)


def cell_counts(evidence: Evidence, row: KnownRow, column: int) -> dict[str, int | None]:
    """The cell by commune, from the evidence."""
    now, opening = counts_by_commune(evidence.counted_by_field), counts_by_commune(evidence.counted_at_opening)
    return {
        commune: sum_of_known(
            unfolded(row.form, each, column, now.get(commune, {}), opening.get(commune, {})).count
            for each in row.fields_of(commune)
        )
        for commune in row.filled
    }


def explained_cell(found: Recomputed, row: KnownRow, column: int) -> ExplainedCell:
    """With the parts of the count where it is one commune's and one row's."""
    evidence, form, commune = found.evidence, row.form, found.evidence.question.commune
    count = None
    if commune and not row.is_total:
        now, opening = counts_by_commune(evidence.counted_by_field), counts_by_commune(evidence.counted_at_opening)
        part = unfolded(form, row.field_id, column, now.get(commune, {}), opening.get(commune, {}))
        count = _shown(form, part, evidence.measure_names)
    return ExplainedCell(
        form=form.code,
        title=form.title,
        version=form.version,
        source=form.source,
        field=row.field_id,
        row=row.name,
        column=column,
        heading=_heading(form, column),
        count=count,
        rows=_rows(row, column) if row.is_total else (),
    )


def _rows(row: KnownRow, column: int) -> tuple[tuple[str, int | None], ...]:
    place, counts, names = row.form.places[column], dict[str, list[int | None]](), dict[str, str]()
    for own in row.filled.values():
        for each in own.rows:
            counts.setdefault(each.field, []).append(each.counts[place])
            names[each.field] = each.name
    return tuple((names[field_id], sum_of_known(amounts)) for field_id, amounts in counts.items())


def _shown(form: Form, part: CountPart, measures: Mapping[str, str]) -> ExplainedCount:
    is_measure = part.origin == "measure"
    return ExplainedCount(
        origin=part.origin,
        item=part.item,
        name=measures.get(part.item, part.item) if is_measure else _heading(form, int(part.item)),
        count=part.count,
        parts=tuple(_shown(form, each, measures) for each in part.parts),
    )


def _heading(form: Form, column: int) -> str:
    printed = form.column(column).printed
    return f"{printed.group}: {printed.heading}" if printed.group else printed.heading
