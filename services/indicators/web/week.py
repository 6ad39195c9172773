"""A week of a commune's readings as a grid: one row a measure, one column a day, and what a clerk typed into it."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from operator import itemgetter
from typing import Any, NamedTuple

from shared.contracts.indicators import Catalogue, NamedMeasure, Reading, ReadingVersion
from shared.web.counts import count_of

DAYS = 7
LONGEST_FIELD = 60


class LastCount(NamedTuple):
    day: date
    number: int


@dataclass(frozen=True)
class Week:
    """`counts` are by measure and day the sum of the readings that count, of a stock the last of them.

    `field` is None for what has no field.

    `states` are "recorded", "corrected", or of a cell without a count "refused".

    `seen` is how many readings each day has, also withdrawn ones: the form sends it back, and the id of a new reading
    ends with it. So two forms of one state make one reading, and the second is refused instead of being counted too.
    """

    monday: date
    field: str | None
    measures: tuple[NamedMeasure, ...]
    counts: Mapping[tuple[str, date], int]
    seen: Mapping[date, int]
    states: Mapping[tuple[str, date], str] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, monday: date, field: str | None, catalogue: Catalogue, readings: Iterable[ReadingVersion]) -> "Week":
        counts: Counter[tuple[str, date]] = Counter()
        seen: Counter[date] = Counter()
        states: dict[tuple[str, date], str] = {}
        stocks = {each.measure for each in catalogue.measures if each.kind == "stock"}
        for reading in sorted(readings, key=lambda each: each.recorded_at):
            if reading.field != field or reading.observed_on is None:
                continue
            if reading.state == "refused":
                for measure in reading.values:
                    states.setdefault((measure, reading.observed_on), "refused")
                continue
            seen[reading.observed_on] += 1
            for measure, count in reading.values.items():  # a withdrawn one has none
                before = 0 if measure in stocks else counts[measure, reading.observed_on]
                counts[measure, reading.observed_on] = before + count
                is_corrected = "corrected" in (reading.state, states.get((measure, reading.observed_on)))
                states[measure, reading.observed_on] = "corrected" if is_corrected else "recorded"
        measures = tuple(each for each in catalogue.measures if each.by_field == (field is not None))
        return cls(monday, field, measures, counts, seen, states)

    @property
    def days(self) -> list[date]:
        return [self.monday + timedelta(days=number) for number in range(DAYS)]

    def reading_id(self, day: date, seen: str) -> str:
        """Of a new reading of a day of which the form has seen so many."""
        return f"web-{_short(self.field or 'all')}-{day:%Y%m%d}-{_number(seen)}"

    def readings(self, typed: Mapping[str, str]) -> dict[date, Reading]:
        """One reading a day of what was typed. NotACount with the name of the first cell that holds none."""
        found = {}
        for day in self.days:
            cells = {each.measure: typed.get(cell(each.measure, day), "").strip() for each in self.measures}
            values = {measure: count_of(text, cell(measure, day)) for measure, text in cells.items() if text}
            if values:
                found[day] = Reading(
                    reading_id=self.reading_id(day, typed.get(seen_name(day), "")),
                    observed_on=day,
                    field=self.field,
                    values=values,
                )
        return found


def _short(field_id: str) -> str:
    """An id has 80 characters at most; a field may have as many alone."""
    if len(field_id) <= LONGEST_FIELD:
        return field_id
    return f"{field_id[:40]}-{sha256(field_id.encode()).hexdigest()[:12]}"


def entered_in(readings: Iterable[ReadingVersion], week: Week) -> dict[date, list[ReadingVersion]]:
    """By day the readings of the grid's field that were recorded, in the order in which that was."""
    found: dict[date, list[ReadingVersion]] = {}
    for reading in sorted(readings, key=lambda each: each.recorded_at):
        if reading.field == week.field and reading.observed_on and reading.state != "refused":
            found.setdefault(reading.observed_on, []).append(reading)
    return dict(sorted(found.items()))


def last_counts(field_id: str | None, catalogue: Catalogue, readings: Iterable[ReadingVersion]) -> dict[str, LastCount]:
    """The last count of each measure, for the eye to compare with."""
    before = Week.of(date.min, field_id, catalogue, readings).counts
    return {measure: LastCount(day, before[measure, day]) for measure, day in sorted(before, key=itemgetter(1))}


def checks_of(catalogue: Catalogue, measures: Iterable[NamedMeasure]) -> list[dict[str, Any]]:
    """The parts and wholes among these measures that one day's counts must agree with, as the service checks them."""
    kinds = {each.measure: each.kind for each in measures}
    return [
        {"name": each.name, "part": each.numerator, "whole": each.denominator}
        for each in catalogue.indicators
        if len({kinds.get(measure, "elsewhere") for measure in (*each.numerator, *each.denominator)}) == 1
        and each.numerator[0] in kinds
    ]


def cell(measure: str, day: date) -> str:
    """The name of an input of the grid."""
    return f"{measure}.{day.isoformat()}"


def seen_name(day: date) -> str:
    """The name of the hidden input with how many readings the form has seen of a day."""
    return f"so.{day.isoformat()}"


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
