"""What announcements add to the counts and take away from them, day after day."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from services.reporting.read_models.built import RebuildNeeded
from services.reporting.read_models.figures.halves import half_of
from shared.clock import day_of
from shared.contracts.indicators import ReplacedReading, SubmissionReceipted


class Place(NamedTuple):
    """Where a reading counts. `field` is empty for what is not counted by field."""

    commune: str
    half: int
    field: str


@dataclass(slots=True)
class Change:
    """What a day changed at a place: readings, and by measure the amount and how many readings say it.

    Of a stock each day observed is a count of its own, under (measure, day of the month).
    """

    readings: int = 0
    counts: dict[str | tuple[str, str], list[int]] = field(default_factory=dict)

    def add(self, values: Mapping[str, int], observed_on: date, stocks: Set[str], sign: int) -> None:
        self.readings += sign
        counts = self.counts
        for measure, amount in values.items():
            key = (measure, str(observed_on.day)) if measure in stocks else measure
            count = counts.get(key)
            if count is None:
                counts[key] = [sign * amount, sign]
            else:
                count[0] += sign * amount
                count[1] += sign


Changes = dict[date, dict[Place, Change]]


def changes_of(receipted: Iterable[SubmissionReceipted], stocks: Set[str]) -> Changes:
    """By the day on which they became known, in order, and by place."""
    changes: Changes = {}
    for event in receipted:
        today = changes.setdefault(day_of(event.recorded_at), {})
        commune = event.commune
        for reading in (*event.recorded, *event.corrected):
            place = Place(commune, half_of(reading.observed_on), reading.field or "")
            _at(today, place).add(reading.values, reading.observed_on, stocks, 1)
        for replaced in (*event.corrected, *event.withdrawn):
            place = Place(commune, half_of(replaced.observed_on), replaced.field or "")
            _at(today, place).add(before(replaced, event), replaced.observed_on, stocks, -1)
    return changes


def before(replaced: ReplacedReading, event: SubmissionReceipted) -> Mapping[str, int]:
    """What counted until it was replaced. RebuildNeeded for an announcement from before this was said."""
    if replaced.before is None:
        raise RebuildNeeded(
            f"Submission {event.submission_id} of commune {event.commune} replaces reading {replaced.reading_id}, and"
            " its announcement, made by an earlier version, does not say what counted before;"
            " run: minhbach report rebuild"
        )
    return replaced.before


def _at(today: dict[Place, Change], place: Place) -> Change:
    change = today.get(place)
    if change is None:
        change = today[place] = Change()
    return change
