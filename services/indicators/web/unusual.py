"""Counts of a form that are far from the usual of the commune: a sentence at each, seen by the clerk before it is sent.

With scripts it stands beside the cell while typing; without, the form comes back once with all of them.
"""

from collections.abc import Iterable, Mapping

from starlette.datastructures import FormData
from starlette.requests import Request

from shared.contracts.indicators import ListedReadings, Reading, ReadingVersion, UsualRange, far_from_usual
from shared.vietnamese import date_text, number

SEEN = "khac-thuong"  # hidden fields with the sentences that the clerk has seen
BY_SCRIPT = "X-Minhbach-Account"  # which the outbox of the browser sends

Ranges = Mapping[tuple[str | None, str], UsualRange]


def ranges_of(listed: ListedReadings) -> Ranges:
    """By field and measure."""
    return {(each.field, each.measure): each for each in listed.usual}


def recorded_far(listed: ListedReadings) -> Mapping[tuple[str | None, str, str], str]:
    """By field, measure and day (as ISO 8601) the sentence of a count that is recorded."""
    return {
        (each.field, usual.measure, str(each.observed_on)): _sentence(each, usual)
        for each in listed.readings
        if each.state != "refused"
        for usual in far_from_usual(listed.usual, each.field, each.values)
    }


def to_confirm(request: Request, form: FormData, listed: ListedReadings, readings: Iterable[Reading]) -> list[str]:
    """The sentences that the clerk has not seen yet; none where a script has shown them."""
    if BY_SCRIPT in request.headers:
        return []
    found = [
        _sentence(each, usual) for each in readings for usual in far_from_usual(listed.usual, each.field, each.values)
    ]
    return [] if set(found) <= set(form.getlist(SEEN)) else found


def _sentence(reading: Reading | ReadingVersion, usual: UsualRange) -> str:
    count = number(reading.values[usual.measure])
    return f"{usual.name}, {date_text(reading.observed_on)}: {count} {usual.sentence}."
