"""Fills in a form from one commune's counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from services.reporting.domain.content.filled_form import FilledForm, FormRow
from services.reporting.domain.forms.checks import CarriedOver, SummedRow, broken_checks, carried_over
from services.reporting.domain.forms.form import Counts, CountSource, DesignedColumn, Form
from services.reporting.domain.forms.totals import FieldNames, in_order, name_of, total
from shared.vietnamese import number


@dataclass(frozen=True)
class _Field:
    """The counts of one field in the window; `opening` are those at the end of the day before it."""

    form: Form
    name: str
    counts: Counts
    opening: "_Field | None" = None
    _found: dict[int, tuple[int, CountSource] | None] = field(default_factory=dict, init=False)

    def count(self, column: int) -> int | None:
        found = self.found(self.form.column(column))
        return found[0] if found else None

    def found(self, column: DesignedColumn) -> tuple[int, CountSource] | None:
        """The count and the source that gave it: the first one of which no part is missing; None without any."""
        place = column.printed.number
        if place not in self._found:
            known = ((self._sum(source), source) for source in column.sources)
            self._found[place] = next(((count, source) for count, source in known if count is not None), None)
        return self._found[place]

    def _sum(self, source: CountSource) -> int | None:
        """None where a part is missing."""
        total = 0
        for part in self._parts(source):
            if part is None:
                return None
            total += part
        return total

    def _parts(self, source: CountSource) -> Iterator[int | None]:
        for measure in source.measures:
            yield self.counts.get((measure, self.name))
        for column in source.columns:
            yield self.count(column)
        for column in source.opening:
            yield self.opening.count(column) if self.opening else None


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

    `opening` are the levels at the end of the day before the window. `previous` is a quarter's form of the quarter
    before; without it (six months, nine months, a year) the files carried over are compared with the opening balance.
    `explanations` are by `BrokenCheck.key`.
    """
    known = _fields(form, counts, opening, field_names)
    rows = tuple(_row(each, field_names) for each in known)
    lines = [SummedRow(row, tuple(_summed(row.field, count) for count in row.counts)) for row in rows]
    whole = total(form, lines)
    carried = carried_over(form, previous) if previous else _opening_balance(form, known)
    derived = _derived(form, known)
    return form.filled(
        rows,
        whole.row,
        broken_checks(form, lines, whole, carried, explanations or {}),
        (*(_derived_note(form, column) for column in derived), *_missing_notes(form, rows)),
        derived,
    )


def rows_of(form: Form, counts: Counts, opening: Counts, field_names: FieldNames) -> tuple[FormRow, ...]:
    """The rows of one commune's form, as `fill` has them."""
    return tuple(_row(each, field_names) for each in _fields(form, counts, opening, field_names))


def _fields(form: Form, counts: Counts, opening: Counts, field_names: FieldNames) -> list[_Field]:
    fields = {name for measure, name in {**counts, **_nonzero(opening)} if measure in form.measures}
    return [_Field(form, name, counts, _Field(form, name, opening)) for name in in_order(fields, field_names)]


def needs_opening_flows(form: Form, counts: Counts, levels: Counts) -> bool:
    """Whether some row is there only if flows of the quarter before are: its levels are zero, and it has no counts."""
    certain = {name for measure, name in {**counts, **_nonzero(levels)} if measure in form.measures}
    return any(measure in form.measures and name not in certain for measure, name in levels)


@dataclass(frozen=True)
class CountPart:
    """A count and its parts. `origin` is `measure`, `column` or `opening`; `item` a measure or a column's number."""

    origin: str
    item: str
    count: int | None
    parts: tuple["CountPart", ...] = ()


def unfolded(form: Form, field: str, column: int, counts: Counts, opening: Counts) -> CountPart:
    """The count of a cell as `fill` computes it, with the parts of the source that gives it."""
    return _unfolded(_Field(form, field, counts, _Field(form, field, opening)), column, "column")


def _unfolded(known: _Field, number_of: int, origin: str) -> CountPart:
    found = known.found(known.form.column(number_of))
    if found is None:
        return CountPart(origin, str(number_of), None)
    count, source = found
    measures = (CountPart("measure", m, known.counts.get((m, known.name))) for m in source.measures)
    columns = (_unfolded(known, column, "column") for column in source.columns)
    opening = (_unfolded(known.opening, column, "opening") for column in source.opening if known.opening)
    return CountPart(origin, str(number_of), count, (*measures, *columns, *opening))


def _nonzero(opening: Counts) -> Counts:
    """Without zeros: a field with nothing pending and no counts in the window has no row."""
    return {key: count for key, count in opening.items() if count}


def _summed(field: str, count: int | None) -> frozenset[str]:
    return frozenset() if count is None else frozenset({field})


def _row(known: _Field, field_names: FieldNames) -> FormRow:
    counts = tuple(known.count(column.number) for column in known.form.printed)
    return FormRow(known.name, name_of(known.name, field_names), counts)


def _opening_balance(form: Form, known: list[_Field]) -> CarriedOver:
    columns = {check.previous for check in form.checks if check.previous is not None}
    balance = {(each.name, c): each.opening.count(c) for each in known if each.opening for c in columns}
    return CarriedOver({key: count for key, count in balance.items() if count is not None}, "theo số dư đầu kỳ")


def _derived(form: Form, known: list[_Field]) -> tuple[int, ...]:
    """Columns that have a measure of their own but were added up from other columns, in some row."""
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
