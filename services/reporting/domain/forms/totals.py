"""Sums of forms: the row of totals, and a province's form added up from those of its communes."""

from collections.abc import Iterable, Mapping, Sequence

from services.reporting.domain.content.filled_form import TOTAL, UNDIVIDED, FilledForm, FormRow
from services.reporting.domain.forms.checks import SummedRow, broken_checks, carried_over
from services.reporting.domain.forms.form import Form
from shared.vietnamese import collation_key, number

FieldNames = Mapping[str, str]
Named = tuple[str, FilledForm]
"""A commune's name and its form."""


def add(
    form: Form,
    filled: Sequence[Named],
    previous: FilledForm | None,
    field_names: FieldNames,
    *,
    explanations: Mapping[str, str] | None = None,
) -> FilledForm:
    """The province's form: sums over its communes, missing only where no commune has the count.

    `previous` is the province's own form of the period before. ValueError for a form of another code or version.
    """
    for name, one in filled:
        if (one.code, one.version) != (form.code, form.version):
            raise ValueError(
                f"{name}: form {one.code} of {one.version} cannot be added to {form.code} of {form.version}"
            )
    lines = _lines([one.rows for _, one in filled], field_names)
    whole = total(form, lines)
    return form.filled(
        [line.row for line in lines],
        whole.row,
        broken_checks(form, lines, whole, carried_over(form, previous), explanations or {}),
        (*_broken_notes(filled), *_derived_notes(filled), *_missing_notes(form, filled)),
        sorted({column for _, one in filled for column in one.derived}),
    )


def counts_alone(form: Form, rows: Sequence[Sequence[FormRow]], field_names: FieldNames) -> FilledForm:
    """The sum of the communes' rows, as `add` has it, without checks and notes."""
    lines = _lines(rows, field_names)
    return form.filled([line.row for line in lines], total(form, lines).row, (), (), ())


def _lines(communes: Sequence[Sequence[FormRow]], field_names: FieldNames) -> list[SummedRow]:
    found = {row.field: row.name for rows in communes for row in rows}
    by_field: dict[str, list[tuple[str, FormRow]]] = {field: [] for field in in_order(found, field_names)}
    for place, rows in enumerate(communes):  # identified by it: two communes of a province may have the same name
        for row in rows:
            by_field[row.field].append((str(place), row))
    names = {**found, **field_names}
    return [_added(field, names, rows) for field, rows in by_field.items()]


def total(form: Form, lines: Sequence[SummedRow]) -> SummedRow:
    """The row of totals: the sum of each column, missing where the column has no count."""
    columns = range(len(form.columns))
    counts = tuple(sum_of_known(line.row.counts[place] for line in lines) for place in columns)
    summed = tuple(
        frozenset(f"{line.row.field}/{part}" for line in lines for part in line.summed[place]) for place in columns
    )
    return SummedRow(FormRow(TOTAL, "Tổng số", counts), summed)


def in_order(fields: Iterable[str], field_names: FieldNames) -> list[str]:
    """In the order of the catalogue, then unknown fields by alphabet, counts without a field last."""
    places = {field: place for place, field in enumerate(field_names)}
    last = len(places)
    return sorted(fields, key=lambda f: (f == UNDIVIDED, places.get(f, last), () if f in places else collation_key(f)))


def name_of(field: str, field_names: FieldNames) -> str:
    return field_names.get(field) or field or "Chưa phân theo lĩnh vực"


def sum_of_known(counts: Iterable[int | None]) -> int | None:
    """None where none is known."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _added(field: str, names: FieldNames, rows: Sequence[tuple[str, FormRow]]) -> SummedRow:
    columns = list(zip(*(row.counts for _, row in rows), strict=True))
    communes = [commune for commune, _ in rows]
    summed = tuple(
        frozenset(each for each, count in zip(communes, column, strict=True) if count is not None) for column in columns
    )
    return SummedRow(FormRow(field, name_of(field, names), tuple(sum_of_known(column) for column in columns)), summed)


def _broken_notes(filled: Sequence[Named]) -> list[str]:
    broken = [
        f"{name} ({number(len(one.broken))} chỗ, đã giải trình {number(len(one.broken) - len(one.unexplained))})"
        for name, one in filled
        if one.broken
    ]
    if not broken:
        return []
    return [f"Biểu của {number(len(broken))}/{number(len(filled))} đơn vị có số liệu chưa khớp: {'; '.join(broken)}."]


def _derived_notes(filled: Sequence[Named]) -> list[str]:
    columns = sorted({column for _, one in filled for column in one.derived})
    counted = {column: sum(column in one.derived for _, one in filled) for column in columns}
    return [
        f"Cột {column} của {number(n)}/{number(len(filled))} đơn vị được cộng từ các cột khác."
        for column, n in counted.items()
    ]


def _missing_notes(form: Form, filled: Sequence[Named]) -> list[str]:
    """One note for all columns that the same communes lack."""
    columns: dict[tuple[str, ...], list[int]] = {}
    for place, column in enumerate(form.printed):
        if names := tuple(name for name, one in filled if any(row.counts[place] is None for row in one.rows)):
            columns.setdefault(names, []).append(column.number)
    return [
        f"Chưa đủ số liệu cột {', '.join(map(str, numbers))} của {number(len(names))}/{number(len(filled))} đơn vị: "
        f"{', '.join(names)}."
        for names, numbers in columns.items()
    ]
