"""Prints the counts that are far from the usual of the commune; they count like any other."""

from collections.abc import Callable, Iterable

from shared.cli import err
from shared.contracts.indicators import Reading, ReadingVersion, UsualRange, far_from_usual
from shared.vietnamese import date_text, number

MOST_PRINTED = 50


def print_unusual(
    readings: Iterable[Reading | ReadingVersion], usual: Iterable[UsualRange], place: Callable[[str], str] = str
) -> None:
    """On the standard error stream, so that an answer for a program stays one; `place` is that of a reading's id."""
    ranges = tuple(usual)
    sentences = [
        f"{place(one.reading_id)}: {each.name}, {date_text(one.observed_on)}: {number(one.values[each.measure])}"
        f" {each.sentence}."
        for one in readings
        for each in far_from_usual(ranges, one.field, one.values)
    ]
    for sentence in sentences[:MOST_PRINTED]:
        err.print(sentence, markup=False, soft_wrap=True)
    if len(sentences) > MOST_PRINTED:
        err.print(f"và {number(len(sentences) - MOST_PRINTED)} số khác; xem: minhbach readings list --unusual")
