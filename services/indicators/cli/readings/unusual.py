"""Prints the counts that are far from the usual of the commune; they count like any other."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from shared.cli import err
from shared.cli.answers import answered_or_why
from shared.cli.sending import Outgoing
from shared.contracts.indicators import ListReadings, Reading, ReadingVersion, UsualRange, far_from_usual
from shared.vietnamese import date_text, number

MOST_PRINTED = 50


def print_unusual_sent(
    outgoing: Outgoing, readings: Iterable[Reading | ReadingVersion], place: Callable[[str], str] = str
) -> None:
    """What a person should look at once more; nothing where the province does not answer."""
    sent = list(readings)
    last = max((each.observed_on for each in sent if each.observed_on), default=date.min)
    question = ListReadings(commune=outgoing.commune, observed_until=last, usual=True, most=1)
    found = answered_or_why(outgoing.broker, question) if sent else ""
    if not isinstance(found, str):
        print_unusual(sent, found.answer.usual, place)


def print_unusual_corrections(
    outgoing: Outgoing, counts: Mapping[str, Mapping[str, int]], place: Callable[[str], str]
) -> None:
    """`counts` are the right ones, by reading; the day and the field of each the province knows."""
    corrected: list[ReadingVersion] = []
    total, listed = 1, 0
    while listed < total and len(corrected) < len(counts):
        found = answered_or_why(outgoing.broker, ListReadings(commune=outgoing.commune, state="corrected", skip=listed))
        if isinstance(found, str) or not found.answer.readings:
            return
        total, listed = found.answer.total, listed + len(found.answer.readings)
        corrected += [each for each in found.answer.readings if each.reading_id in counts]
    print_unusual_sent(
        outgoing, (each.model_copy(update={"values": dict(counts[each.reading_id])}) for each in corrected), place
    )


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
