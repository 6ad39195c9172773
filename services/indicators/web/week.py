"""A week of a commune's readings as a grid: one row a measure, one column a day, and what a clerk typed into it."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shared.contracts.indicators import Catalogue, NamedMeasure, Reading, ReadingVersion

WRITTEN_COUNT = re.compile(r"-?\d{1,3}(\.\d{3})+|-?\d+")
LARGEST = 10**12
DAYS = 7


class NotACount(ValueError):
    """What stands in a cell is no whole number."""


@dataclass(frozen=True)
class Week:
    """`counts` are by measure and day the sum of the readings that count, of a stock the last of them.

    `field` is None for what has no field.

    `seen` is how many readings each day has, also withdrawn ones: the form sends it back, and the id of a new reading
    ends with it. So two forms of one state make one reading, and the second is refused instead of being counted too.
    """

    monday: date
    field: str | None
    measures: tuple[NamedMeasure, ...]
    counts: Mapping[tuple[str, date], int]
    seen: Mapping[date, int]

    @classmethod
    def of(cls, monday: date, field: str | None, catalogue: Catalogue, readings: Iterable[ReadingVersion]) -> "Week":
        counts: Counter[tuple[str, date]] = Counter()
        seen: Counter[date] = Counter()
        stocks = {each.measure for each in catalogue.measures if each.kind == "stock"}
        for reading in sorted(readings, key=lambda each: each.recorded_at):
            if reading.field != field or reading.observed_on is None or reading.state == "refused":
                continue
            seen[reading.observed_on] += 1
            for measure, count in reading.values.items():  # a withdrawn one has none
                before = 0 if measure in stocks else counts[measure, reading.observed_on]
                counts[measure, reading.observed_on] = before + count
        measures = tuple(each for each in catalogue.measures if each.by_field == (field is not None))
        return cls(monday, field, measures, counts, seen)

    @property
    def days(self) -> list[date]:
        return [self.monday + timedelta(days=number) for number in range(DAYS)]

    def readings(self, typed: Mapping[str, str]) -> dict[date, Reading]:
        """One reading a day of what was typed. NotACount with the name of the first cell that holds none."""
        found = {}
        for day in self.days:
            cells = {each.measure: typed.get(cell(each.measure, day), "").strip() for each in self.measures}
            values = {measure: count_of(text, cell(measure, day)) for measure, text in cells.items() if text}
            if values:
                found[day] = Reading(
                    reading_id=f"web-{self.field or 'all'}-{day:%Y%m%d}-{_number(typed.get(seen_name(day), ''))}",
                    observed_on=day,
                    field=self.field,
                    values=values,
                )
        return found


def cell(measure: str, day: date) -> str:
    """The name of an input of the grid."""
    return f"{measure}.{day.isoformat()}"


def seen_name(day: date) -> str:
    """The name of the hidden input with how many readings the form has seen of a day."""
    return f"so.{day.isoformat()}"


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def count_of(text: str, name: str) -> int:
    """`1.250` or `1250`. NotACount with the name of the input for anything else."""
    if not WRITTEN_COUNT.fullmatch(text) or abs(count := int(text.replace(".", ""))) > LARGEST:
        raise NotACount(name)
    return count


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
