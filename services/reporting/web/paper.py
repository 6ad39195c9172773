"""A form as it is on paper: the totals that a clerk has there, its sums, and explanations of those that are broken."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from shared.contracts.reporting import FormSum, ShownForm
from shared.vietnamese import number
from shared.web.counts import NOT_A_COUNT, NotACount, count_of
from shared.web.submitting import Refusals

EXPLANATION = "gt."  # the field of an explanation: gt. and the key of the sum

Typed = Mapping[str, str]


class Remark(NamedTuple):
    """What a cell of the row of totals shows under its input."""

    text: str
    is_wrong: bool = False


class Paper(NamedTuple):
    """One form beside what is typed of its totals; `marks` are of the broken sums, as [1], by field."""

    form: ShownForm
    typed: Typed
    is_stated: bool

    def name(self, column: int) -> str:
        """Of the input of a column's total."""
        return f"giay.{self.form.code}.{column}"

    @property
    def marks(self) -> dict[str, str]:
        marks: dict[str, str] = {}
        for place, broken in enumerate(self.form.broken, start=1):
            marks[broken.field] = marks.get(broken.field, "") + f" [{place}]"
        return marks

    @property
    def groups(self) -> list[tuple[str | None, list[int]]]:
        """The headings over several columns, with the columns under each."""
        grouped = groupby(self.form.columns, key=lambda column: column.group)
        return [(group, [column.number for column in columns]) for group, columns in grouped]

    @property
    def sums(self) -> list[list[object]]:
        """For the script: each whole with its parts."""
        return [[each.whole, list(each.parts)] for each in self.form.sums]

    def remarks(self, column: int) -> list[Remark]:
        """The sums of what is typed that make up a column, and how far the total is from that of the readings."""
        counts = dict(self._counts())
        found = [
            Remark(f"{_plus(each)} = {number(total)}", column in counts and counts[column] != total)
            for each in self.form.sums
            if each.whole == column and (total := _sum(each, counts)) is not None
        ]
        known = self._known[column]
        if column in counts and known is not None and counts[column] != known:
            difference = counts[column] - known
            found.append(Remark(f"lệch {'+' if difference > 0 else '−'}{number(abs(difference))}"))
        return found

    def stated(self) -> dict[str, int]:
        """The totals by measure, of the columns that have one. Refusals at the cells that are wrong."""
        counts = dict(self._counts())
        if errors := dict(self._wrong(counts)):
            raise Refusals(errors)
        return {
            column.measure: counts[column.number] - sum(counts[each] for each in column.besides)
            for column in self.form.columns
            if column.measure and column.number in counts
        }

    def _wrong(self, counts: Mapping[int, int]) -> Iterator[tuple[str, str]]:
        for each in self.form.sums:
            total = _sum(each, counts)
            if each.whole in counts and total is not None and counts[each.whole] != total:
                sentence = (
                    f"Cột {each.whole} ghi {number(counts[each.whole])}, nhưng cột {_plus(each)} là {number(total)}."
                )
                yield self.name(each.whole), f"{sentence} Hãy sửa, hoặc để trống ô chưa chắc chắn."
        for column in self.form.columns:
            if not _is_count(self.typed.get(self.name(column.number), "")):
                yield self.name(column.number), NOT_A_COUNT
            elif column.number in counts and not counts.keys() >= set(column.besides):
                missing = ", ".join(str(each) for each in column.besides if each not in counts)
                yield self.name(column.number), f"Cột {column.number} gồm cả cột {missing}: hãy ghi cả cột {missing}."

    @property
    def _known(self) -> dict[int, int | None]:
        columns = (column.number for column in self.form.columns)
        return dict(zip(columns, self.form.total.counts, strict=True))

    def _counts(self) -> Iterator[tuple[int, int]]:
        for column in self.form.columns:
            text = self.typed.get(self.name(column.number), "").strip()
            if text and _is_count(text):
                yield column.number, count_of(text, "")


def papers(forms: Sequence[ShownForm], stated: Mapping[str, int], typed: Typed) -> list[Paper]:
    """Each form with what is typed, or else with the totals that the report states already."""
    return [
        Paper(form, typed or dict(_texts(Paper(form, {}, is_stated=False), stated)), bool(stated)) for form in forms
    ]


def _texts(paper: Paper, stated: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    measures = {column.number: column.measure for column in paper.form.columns}
    for column in paper.form.columns:
        wanted = [column.measure, *(measures.get(each) for each in column.besides)]
        if all(measure in stated for measure in wanted):
            yield paper.name(column.number), number(sum(stated[measure] for measure in wanted if measure))


def stated_totals(found: Sequence[Paper]) -> dict[str, int]:
    """Of all forms. Refusals with all cells that are wrong."""
    totals: dict[str, int] = {}
    errors: dict[str, str] = {}
    for paper in found:
        try:
            totals |= paper.stated()
        except Refusals as refused:
            errors |= refused.errors
    if errors:
        raise Refusals(errors)
    return totals


def explanations_in(typed: Typed) -> dict[str, str]:
    """By the key of the sum; what is left blank is no explanation."""
    named = (
        (name.removeprefix(EXPLANATION), text.strip()) for name, text in typed.items() if name.startswith(EXPLANATION)
    )
    return {key: text for key, text in named if text}


def _sum(each: FormSum, counts: Mapping[int, int]) -> int | None:
    """None where a part is not typed."""
    parts = [counts.get(part) for part in each.parts]
    return None if None in parts else sum(part for part in parts if part is not None)


def _plus(each: FormSum) -> str:
    return " + ".join(map(str, each.parts))


def _is_count(text: str) -> bool:
    try:
        return not text.strip() or count_of(text.strip(), "") >= 0
    except NotACount:
        return False
