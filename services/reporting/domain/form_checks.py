"""Whether the sums of a filled form add up, and the sentence for one that does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from services.reporting.domain.form import TOTAL, BrokenCheck, FilledForm, FormRow
from services.reporting.domain.form_design import Check, Form
from shared.vietnamese import number


@dataclass(frozen=True)
class Line:
    """A row with, of each column in order, whose counts were summed in its cell: one field's, or one commune's.

    Cells that are sums over different communes are not compared: what somebody left out is not an error of addition.
    """

    row: FormRow
    summed: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Before:
    """What a column held when the period before ended, by (field, column); `words` say where that was read."""

    counts: Mapping[tuple[str, int], int] = field(default_factory=dict)
    words: str = "của kỳ trước"


def before(form: Form, previous: FilledForm | None) -> Before:
    """From the form of the period before. Its row of totals counts where no row lacks the column."""
    if previous is None:
        return Before()
    places = {column.number: place for place, column in enumerate(previous.columns)}
    counts: dict[tuple[str, int], int] = {}
    for check in form.checks:
        if check.previous is None or (place := places.get(check.previous)) is None:
            continue
        rows = {row.field: row.counts[place] for row in (*previous.rows, previous.total)}
        whole = None not in rows.values()
        counts |= {(f, check.previous): n for f, n in rows.items() if n is not None and (whole or f != TOTAL)}
    return Before(counts)


def broken_checks(
    form: Form, lines: Sequence[Line], total: Line, before: Before, explanations: Mapping[str, str]
) -> tuple[BrokenCheck, ...]:
    """In the order of the form's checks. The total is told of only where no row shows it: nobody explains it twice."""
    found = (
        broken
        for check in form.checks
        for broken in (_in_rows(form, check, lines, before) or _in_rows(form, check, [total], before))
    )
    return tuple(
        replace(each, explanation=explanations.get(each.key) or explanations.get(each.check)) for each in found
    )


def unexplained(form: FilledForm) -> tuple[BrokenCheck, ...]:
    """What a commune has to explain or to correct before it can submit."""
    return tuple(broken for broken in form.broken if not (broken.explanation or "").strip())


def _in_rows(form: Form, check: Check, lines: Sequence[Line], before: Before) -> list[BrokenCheck]:
    found = []
    for line in lines:
        left, right = _sides(form, check, line, before)
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
                    f"{_right(form, check, before)} là {number(right)} (chênh lệch {number(abs(left - right))}).",
                )
            )
    return found


def _sides(form: Form, check: Check, line: Line, before: Before) -> tuple[int | None, int | None]:
    left, right = form.places[check.left], [form.places[column] for column in check.right]
    if check.previous is not None:
        whole = line.summed[left] == frozenset().union(*line.summed)
        return line.row.counts[left] if whole else None, before.counts.get((line.row.field, check.previous))
    if any(line.summed[one] != line.summed[other] for one, other in pairwise([left, *right])):
        return None, None
    return line.row.counts[left], sum(line.row.counts[place] or 0 for place in right)


def _right(form: Form, check: Check, before: Before) -> str:
    if check.previous is not None:
        return f"{_column(form, check.previous)} {before.words}"
    return f"tổng các cột {', '.join(map(str, check.right))}"


def _column(form: Form, column: int) -> str:
    printed = form.column(column).printed
    group = f"{printed.group}, " if printed.group else ""
    heading = printed.heading[:1].lower() + printed.heading[1:]
    return f"cột {column} ({group}{heading})"
