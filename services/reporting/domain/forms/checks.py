"""Checks the sums of a filled form and writes a sentence for each one that does not add up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from services.reporting.domain.content.filled_form import TOTAL, BrokenCheck, FilledForm, FormRow
from services.reporting.domain.forms.form import Check, Form
from shared.vietnamese import number


@dataclass(frozen=True)
class SummedRow:
    """A row with the parts summed in each cell, column by column: fields in a total, communes in a province's form.

    Cells summed over different parts are not compared: a count that a commune left out is no error of addition.
    """

    row: FormRow
    summed: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class CarriedOver:
    """Counts of the end of the period before, by (field, column); `source_text` names their origin in a sentence."""

    counts: Mapping[tuple[str, int], int] = field(default_factory=dict)
    source_text: str = "của kỳ trước"


def carried_over(form: Form, previous: FilledForm | None) -> CarriedOver:
    """Read from the form of the period before. Its totals are used for a column that no row lacks."""
    if previous is None:
        return CarriedOver()
    places = {column.number: place for place, column in enumerate(previous.columns)}
    counts: dict[tuple[str, int], int] = {}
    for check in form.checks:
        if check.previous is None or (place := places.get(check.previous)) is None:
            continue
        rows = {row.field: row.counts[place] for row in (*previous.rows, previous.total)}
        whole = None not in rows.values()
        counts |= {(f, check.previous): n for f, n in rows.items() if n is not None and (whole or f != TOTAL)}
    return CarriedOver(counts)


def broken_checks(
    form: Form, lines: Sequence[SummedRow], total: SummedRow, carried: CarriedOver, explanations: Mapping[str, str]
) -> tuple[BrokenCheck, ...]:
    """In the order of the form's checks. The row of totals is reported only where no other row breaks the check.

    `explanations` as in BrokenCheck.with_explanation.
    """
    found = (
        broken
        for check in form.checks
        for broken in (_in_rows(form, check, lines, carried) or _in_rows(form, check, [total], carried))
    )
    return tuple(broken.with_explanation(explanations) for broken in found)


def _in_rows(form: Form, check: Check, lines: Sequence[SummedRow], carried: CarriedOver) -> list[BrokenCheck]:
    found = []
    for line in lines:
        left, right = _sides(form, check, line, carried)
        if left is not None and right is not None and left != right:
            where = "dòng tổng số" if line.row.field == TOTAL else f"lĩnh vực “{line.row.name}”"
            found.append(
                BrokenCheck(
                    check=f"{form.code}/{check.name}",
                    field=line.row.field,
                    field_name=line.row.name,
                    left=left,
                    right=right,
                    sentence=f"Biểu {form.code}, {where}: {_column(form, check.left)} là {number(left)}, khác "
                    f"{_right(form, check, carried)} là {number(right)} (chênh lệch {number(abs(left - right))}).",
                )
            )
    return found


def _sides(form: Form, check: Check, line: SummedRow, carried: CarriedOver) -> tuple[int | None, int | None]:
    left, right = form.places[check.left], [form.places[column] for column in check.right]
    if check.previous is not None:
        whole = line.summed[left] == frozenset().union(*line.summed)
        return line.row.counts[left] if whole else None, carried.counts.get((line.row.field, check.previous))
    if any(line.summed[one] != line.summed[other] for one, other in pairwise([left, *right])):
        return None, None
    return line.row.counts[left], sum(line.row.counts[place] or 0 for place in right)


def _right(form: Form, check: Check, carried: CarriedOver) -> str:
    if check.previous is not None:
        return f"{_column(form, check.previous)} {carried.source_text}"
    return f"tổng các cột {', '.join(map(str, check.right))}"


def _column(form: Form, column: int) -> str:
    printed = form.column(column).printed
    group = f"{printed.group}, " if printed.group else ""
    heading = printed.heading[:1].lower() + printed.heading[1:]
    return f"cột {column} ({group}{heading})"
