"""Statutory forms as a page shows them: columns, rows of counts, and the sums that have to hold."""

from typing import Annotated

from pydantic import Field

from shared.contracts import Id, Message


class ShownColumn(Message):
    """`number` is printed under the heading, `group` over several headings.

    Of the column's total on paper, less those of the columns `besides`, the total of `measure` is known; it is null
    where no measure of its own gives the count.
    """

    number: int
    heading: str
    group: str | None
    measure: Id | None = None
    besides: tuple[int, ...] = ()


class ShownRow(Message):
    """`field` is the field's id, `total` of the row of totals; a missing count is null. `counts` as the columns."""

    field: str
    name: str
    counts: tuple[int | None, ...]


class FormSum(Message):
    """Column `whole` is the sum of the columns `parts`, in each row."""

    whole: int
    parts: Annotated[tuple[int, ...], Field(min_length=1)]


class BrokenSum(Message):
    """A sum that does not add up in a row: `key` is that of its explanation, which a commune has to give."""

    key: str
    field: str
    sentence: str
    explanation: str | None


class ShownForm(Message):
    """A form filled in from readings; `source` is the act that prescribes it, `leads` the columns before the counts."""

    code: str
    title: str
    source: str
    leads: tuple[ShownColumn, ...]
    columns: tuple[ShownColumn, ...]
    rows: tuple[ShownRow, ...]
    total: ShownRow
    sums: tuple[FormSum, ...]
    broken: tuple[BrokenSum, ...]
    notes: tuple[str, ...]
