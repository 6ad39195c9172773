"""How a form is filled in from one commune's counts."""

from collections.abc import Iterator, Mapping
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
        found = self.found(self.form.column(column))
        return found[0] if found else None

    def found(self, column: DesignedColumn) -> tuple[int, Source] | None:
        """The sum of the first source whose parts are all there: missing is not zero."""
        for source in column.sources:
            parts = [part for part in self._parts(source) if part is not None]
            if len(parts) == source.size:
                return sum(parts), source
        return None

    def _parts(self, source: Source) -> Iterator[int | None]:
        yield from (self.counts.get((measure, self.field)) for measure in source.measures)
        yield from (self.count(column) for column in source.columns)
        yield from (self.opening.count(column) if self.opening else None for column in source.opening)


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
    fields = {field for measure, field in {**counts, **_nonzero(opening)} if measure in form.measures}
    known = [_Field(form, f, counts, _Field(form, f, opening)) for f in in_order(fields, field_names)]
    rows = tuple(_row(each, field_names) for each in known)
    lines = [Line(row, tuple(_summed(row.field, count) for count in row.counts)) for row in rows]
    whole = total(form, lines)
    carried = before(form, previous) if previous else _opening_balance(form, known)
    derived = _derived(form, known)
    return form.filled(
        rows,
        whole.row,
        broken_checks(form, lines, whole, carried, explanations or {}),
        (*(_derived_note(form, column) for column in derived), *_missing_notes(form, rows)),
        derived,
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
        if not column.sources[0].derived and any((found := each.found(column)) and found[1].derived for each in known)
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
