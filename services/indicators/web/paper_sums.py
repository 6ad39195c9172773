"""Turns a row typed in a form's layout into counts by measure; sums that do not add up get a sentence at their cell."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from services.indicators.web.week import Week
from shared.contracts.reporting import FormSum, ShownColumn, ShownForm
from shared.vietnamese import number
from shared.web.counts import NOT_A_COUNT, NotACount, count_of
from shared.web.submitting import Refusals


class Row(NamedTuple):
    """A field: what is recorded of the day as the form counts it, by column; `week` is where its readings come from."""

    field: str
    name: str
    week: Week
    recorded: Mapping[int, int]


def values_of(form: ShownForm, row: Row, typed: Mapping[str, str]) -> dict[str, int]:
    """By measure what is typed of a field, also of what is recorded meanwhile: the same click is the same reading.

    Refusals at the cells that hold no count or do not add up.
    """
    errors, counts = {}, dict(row.recorded)
    entered = [column for column in form.columns if column.measure and typed.get(cell(row.field, column.number), "")]
    for column in entered:
        name = cell(row.field, column.number)
        try:
            counts[column.number] = count_of(typed[name], name)
        except NotACount:
            errors[name] = NOT_A_COUNT
    errors |= dict(_broken(form, row, counts, entered))
    if errors:
        raise Refusals(errors)
    return {
        column.measure: counts[column.number] - sum(counts[each] for each in column.besides)
        for column in entered
        if column.measure
    }


def _broken(
    form: ShownForm, row: Row, counts: Mapping[int, int], entered: Sequence[ShownColumn]
) -> Iterator[tuple[str, str]]:
    """The sums that do not add up, at a cell that is typed, and columns on paper that need another one."""
    for each in form.sums:
        total, whole = _total(each, counts), counts.get(each.whole)
        typed = [column.number for column in entered if column.number in (each.whole, *each.parts)]
        if typed and total is not None and whole is not None and whole != total:
            sentence = f"cột {each.whole} ghi {number(whole)}, nhưng cột {' + '.join(map(str, each.parts))} là"
            place = each.whole if each.whole in typed else typed[0]
            yield cell(row.field, place), f"{row.name}: {sentence} {number(total)}."
    for column in entered:
        if missing := [each for each in column.besides if each not in counts]:
            columns = ", ".join(map(str, missing))
            sentence = f"cột {column.number} gồm cả cột {columns}: hãy ghi cả cột {columns}."
            yield cell(row.field, column.number), f"{row.name}: {sentence}"


def _total(each: FormSum, counts: Mapping[int, int]) -> int | None:
    """None where a part is not known."""
    found = [counts.get(part) for part in each.parts]
    return None if None in found else sum(part for part in found if part is not None)


def cell(field: str, column: int) -> str:
    """The name of an input."""
    return f"o.{field}.{column}"
