"""How a form is filled in from one commune's counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.reporting.domain.form import FilledForm, FormRow
from services.reporting.domain.form_checks import Before, Line, before, broken_checks
from services.reporting.domain.form_design import Counts, DesignedColumn, Form, Source
from services.reporting.domain.form_totals import FieldNames, in_order, name_of, total
from shared.vietnamese import number


@dataclass(frozen=True)
class _Field:
    """What is known of one field: in the window, and in `opening` what was known on its eve."""

    form: Form
    field: str
    counts: Counts
    opening: "_Field | None" = None

    def count(self, column: int) -> int | None:
        source = self.source(self.form.column(column))
        return None if source is None else self._sum(source)

    def source(self, column: DesignedColumn) -> Source | None:
        """The first whose parts are all there."""
        return next((source for source in column.sources if self._sum(source) is not None), None)

    def _sum(self, source: Source) -> int | None:
        """Missing is not zero: a sum with a missing part is missing."""
        parts = [
            *(self.counts.get((measure, self.field)) for measure in source.measures),
            *(self.count(column) for column in source.columns),
            *(self.opening.count(column) if self.opening else None for column in source.opening),
        ]
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None


def fill(
    form: Form,
    counts: Counts,
    opening: Counts,
    previous: FilledForm | None,
    field_names: FieldNames,
    *,
    explanations: Mapping[str, str] | None = None,
) -> FilledForm:
    """One commune's form, a row for each field in the order of `field_names`.

    `opening` are the levels at the end of the day before the window; `previous` is the form of the period before, which
    a quarter has. Without it (six months, nine months, a year) what is carried over is compared with the opening
    balance. `explanations` are by `BrokenCheck.key`.
    """
    names = in_order(
        {field for measure, field in {**counts, **_nonzero(opening)} if measure in form.measures}, field_names
    )
    known = [_Field(form, field, counts, _Field(form, field, opening)) for field in names]
    rows = tuple(_row(each, field_names) for each in known)
    lines = [Line(row, tuple(_summed(row.field, count) for count in row.counts)) for row in rows]
    whole = total(form, lines)
    carried = before(form, previous) if previous else _opening_balance(form, known)
    derived = _derived(form, known)
    return FilledForm(
        code=form.code,
        title=form.title,
        source=form.source,
        version=form.version,
        lead_columns=form.lead_columns,
        columns=form.printed,
        rows=rows,
        total=whole.row,
        broken=broken_checks(form, lines, whole, carried, explanations or {}),
        notes=(*(_derived_note(form, column) for column in derived), *_missing_notes(form, rows)),
        derived=derived,
    )


def _nonzero(opening: Counts) -> Counts:
    """A field in which nothing was pending and nothing happened since has no row."""
    return {key: count for key, count in opening.items() if count}


def _summed(field: str, count: int | None) -> frozenset[str]:
    return frozenset() if count is None else frozenset({field})


def _row(known: _Field, field_names: FieldNames) -> FormRow:
    counts = tuple(known.count(column.number) for column in known.form.printed)
    return FormRow(known.field, name_of(known.field, field_names), counts)


def _opening_balance(form: Form, known: list[_Field]) -> Before:
    columns = {check.previous for check in form.checks if check.previous is not None}
    balance = {(each.field, c): each.opening.count(c) for each in known if each.opening for c in columns}
    return Before({key: count for key, count in balance.items() if count is not None}, "theo số dư đầu kỳ")


def _derived(form: Form, known: list[_Field]) -> tuple[int, ...]:
    """Columns that have a measure of their own, and are a sum of other columns all the same."""
    return tuple(
        column.printed.number
        for column in form.columns
        if not column.sources[0].derived and any((source := each.source(column)) and source.derived for each in known)
    )


def _derived_note(form: Form, column: int) -> str:
    source = next(source for source in form.column(column).sources if source.derived)
    parts = ", ".join(number(part) for part in source.columns)
    return f"Cột {column} được cộng từ các cột {parts} ở nơi chưa có số đo riêng."


def _missing_notes(form: Form, rows: tuple[FormRow, ...]) -> list[str]:
    """One note for all columns that lack the same rows."""
    columns: dict[tuple[str, ...], list[int]] = {}
    for place, column in enumerate(form.printed):
        if names := tuple(f"“{row.name}”" for row in rows if row.counts[place] is None):
            columns.setdefault(names, []).append(column.number)
    return [
        f"Chưa có số liệu cột {', '.join(map(str, numbers))} của lĩnh vực {', '.join(names)}"
        + ("; dòng tổng số không gồm phần này." if len(names) < len(rows) else ".")
        for names, numbers in columns.items()
    ]
