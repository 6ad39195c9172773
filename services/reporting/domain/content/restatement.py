"""What moved between two editions, with the corrections behind it: a part of a restated report's content."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from services.reporting.domain.content.filled_form import TOTAL
from services.reporting.domain.content.versions import LATER

Amounts = tuple[int | None, ...]


@dataclass(frozen=True)
class FigureChange:
    """One figure before and after: numerator and denominator of an indicator, or the count of a form's cell."""

    commune: str
    commune_name: str
    item: str
    name: str
    before: Amounts
    after: Amounts


@dataclass(frozen=True)
class ReadingCorrected:
    """A correction of one reading, from `before` to `after` (empty: withdrawn); `position` is Indicators'."""

    position: int
    commune: str
    reading_id: str
    version: int
    observed_on: date
    field: str | None
    before: dict[str, int] | None
    after: dict[str, int]
    reason: str
    by: str | None
    submission_id: str

    @property
    def changed(self) -> frozenset[str]:
        """The measures of which the count, or whether there is one, changed."""
        before = self.before or {}
        return frozenset(m for m in before.keys() | self.after.keys() if before.get(m) != self.after.get(m))


@dataclass(frozen=True)
class ReadingLate:
    """A reading that was recorded on a day after the one that it is about; `position` is Indicators'."""

    position: int
    commune: str
    reading_id: str
    observed_on: date
    field: str | None
    values: dict[str, int]
    submission_id: str
    recorded_on: date

    @property
    def changed(self) -> frozenset[str]:
        """Its measures."""
        return frozenset(self.values)


@dataclass(frozen=True)
class MovedFigure:
    """A changed figure with its causes: places in the list of corrections, and in that of late readings, from 1.

    Without one, readings that are not named were recorded.
    """

    change: FigureChange
    causes: tuple[int, ...]
    late: tuple[int, ...] = field(default=(), metadata=LATER)


@dataclass(frozen=True)
class Restatement:
    """`replaces` is the number of the edition before; `readings` and `computations` are of that one and of this one.

    `names` are those of the communes, fields and measures of the corrections, as commune/…, field/… and measure/….
    `counted_from` is the report's first day where some corrections are of the quarter before: these changed the levels
    that forms carry over, and no count of the report. `late` are the first of the late readings; the first restatements
    named none.
    """

    replaces: int
    by: str
    reason: str
    readings: tuple[int, ...]
    computations: tuple[int, ...]
    moved: tuple[MovedFigure, ...]
    corrections: tuple[ReadingCorrected, ...]
    names: dict[str, str]
    counted_from: date | None = field(default=None, metadata=LATER)
    late: tuple[ReadingLate, ...] = field(default=(), metadata=LATER)

    def name(self, kind: str, key: str) -> str:
        return self.names.get(f"{kind}/{key}", key)

    @property
    def late_readings(self) -> int:
        """Readings that this edition counts, that the one before did not and that replace none."""
        here = (c for c in self.corrections if self.counted_from is None or c.observed_on >= self.counted_from)
        withdrawn = sum(not each.after for each in here)
        return self.readings[-1] - self.readings[0] + withdrawn


@dataclass(frozen=True)
class Causes:
    """Finds the corrections and the late readings behind a changed figure: of its communes, field and formula.

    `ends` are the communes of the report to which a commune's counts are added; `measures` are those of an indicator;
    `names` as in Restatement. A correction of a reading before `counted_from` is a cause of cells of forms only.
    """

    corrections: Sequence[ReadingCorrected]
    ends: Mapping[str, Sequence[str]]
    measures: Mapping[str, frozenset[str]]
    names: Mapping[str, str] = field(default_factory=dict)
    counted_from: date = date.min
    late: Sequence[ReadingLate] = ()

    @cached_property
    def _found(self) -> tuple["_Places", "_Places"]:
        return self._by_commune(self.corrections), self._by_commune(self.late)

    def of(self, change: FigureChange) -> MovedFigure:
        form, _, cell = change.item.partition("/")
        row = cell.partition("/")[0]
        measures = self.measures.get(form.partition(": ")[0])
        corrections, late = (
            sorted(
                place
                for by_measures in _of_row(found.get(change.commune, {}), row)
                for (changed, opening), places in by_measures.items()
                if (cell or not opening) and (measures is None or measures & changed)
                for place in places
            )
            for found in self._found
        )
        return MovedFigure(change, tuple(corrections), tuple(late))

    def _by_commune(self, events: Sequence["ReadingCorrected | ReadingLate"]) -> "_Places":
        """Each event in the communes of the report that have its counts, and in the whole ("")."""
        found: _Places = {}
        for place, each in enumerate(events, start=1):
            key = each.changed, each.observed_on < self.counted_from
            for commune in {"", *self.ends.get(each.commune, (each.commune,))}:
                found.setdefault(commune, {}).setdefault(each.field, {}).setdefault(key, []).append(place)
        return found


# Of a commune by field, then by the measures, and whether the reading is of before the report's first day.
_ByField = dict[str | None, dict[tuple[frozenset[str], bool], list[int]]]
_Places = dict[str, _ByField]


def _of_row(by_field: _ByField, row: str) -> Iterable[dict[tuple[frozenset[str], bool], list[int]]]:
    """Of a form's row those of its field; of the row of totals, and of an indicator, those of all."""
    return by_field.values() if row in ("", TOTAL) else [by_field[row]] if row in by_field else []
