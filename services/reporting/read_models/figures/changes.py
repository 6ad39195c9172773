"""The changes that announcements make to the counts, by the day on which they became known and by place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from services.reporting.read_models.table_version import RebuildNeeded
from shared.clock import day_of
from shared.contracts.indicators import ReplacedReading, SubmissionReceipted
from shared.periods import half_of

Amounts = dict[str, int]  # by measure
Readings = tuple[int, Amounts]  # those with one set of measures: how many, and their amounts


class CountPlace(NamedTuple):
    """Where a reading counts. `field` is empty for measures that are not counted by field."""

    commune: str
    half: int
    field: str


@dataclass(slots=True)
class CountChange:
    """The changes of a day at a place: by day observed and by the set of measures that a reading has."""

    days: dict[str, dict[str, Readings]] = field(default_factory=dict)

    def add(self, values: Mapping[str, int], observed_on: date, sign: int) -> None:
        sets = self.days.setdefault(str(observed_on.day), {})
        measures = ",".join(sorted(values))  # an id has no comma
        known = sets.get(measures)
        if known is None:
            sets[measures] = sign, {measure: sign * amount for measure, amount in values.items()}
        else:
            sets[measures] = added(known, sign, values, sign)


def added(known: Readings, readings: int, amounts: Mapping[str, int], sign: int = 1) -> Readings:
    """Readings of the same set of measures together; the amounts of `known` are changed."""
    number, sums = known
    for measure, amount in amounts.items():
        sums[measure] += sign * amount
    return number + readings, sums


DailyChanges = dict[date, dict[CountPlace, CountChange]]


def changes_of(receipted: Iterable[SubmissionReceipted]) -> DailyChanges:
    """By the day on which they became known, in order, and by place.

    What was recorded before an event was known with it: where the clock was ahead, on an earlier day than its own.
    """
    events = list(receipted)
    known_on = [day_of(event.recorded_at) for event in events]
    for number in range(len(events) - 1, 0, -1):
        known_on[number - 1] = min(known_on[number - 1], known_on[number])
    changes: DailyChanges = {}
    for event, day in zip(events, known_on, strict=True):
        today = changes.setdefault(day, {})
        commune = event.commune
        for reading in (*event.recorded, *event.corrected):
            place = CountPlace(commune, half_of(reading.observed_on), reading.field or "")
            _at(today, place).add(reading.values, reading.observed_on, 1)
        for replaced in (*event.corrected, *event.withdrawn):
            place = CountPlace(commune, half_of(replaced.observed_on), replaced.field or "")
            _at(today, place).add(before(replaced, event), replaced.observed_on, -1)
    return changes


def before(replaced: ReplacedReading, event: SubmissionReceipted) -> Mapping[str, int]:
    """The counts until they were replaced. RebuildNeeded for an older announcement, which does not hold them."""
    if replaced.before is None:
        raise RebuildNeeded(
            f"Submission {event.submission_id} of commune {event.commune} replaces reading {replaced.reading_id}, and"
            " its announcement, made by an earlier version, does not say what counted before;"
            " run: minhbach report rebuild"
        )
    return replaced.before


def _at(today: dict[CountPlace, CountChange], place: CountPlace) -> CountChange:
    change = today.get(place)
    if change is None:
        change = today[place] = CountChange()
    return change
