"""What the readings behind a figure amount to, from the stored events; of a province on two cores."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from typing import Any

from psycopg import Connection

from services.reporting.audit.explaining.reading_facts import ReadingHistory, Standing, WantedReadings, readings_of
from services.reporting.audit.explaining.standing_readings import standing_readings_of
from services.reporting.audit.explaining.stored_facts import snapshot_name, stores
from shared.other_process import SharedOut, beside
from shared.settings import Settings

FEW, PARTS = 10, 16  # communes, and parts of them: both processes end at nearly the same time

EvidenceFields = Mapping[str, Any]
"""Fields of evidence by name: mappings of which each key begins with a commune, or is one."""
CountReadings = Callable[[Sequence[Standing], Sequence[Standing]], EvidenceFields]
"""Of the readings of the window, and of those of the quarter before, whose levels a form carries over."""


@dataclass(frozen=True)
class WantedWindows:
    """The readings behind a figure up to a position of Indicators: of the window, and of the quarter before."""

    now: WantedReadings
    carried: WantedReadings
    until: int

    def of(self, communes: Sequence[str]) -> "WantedWindows":
        now, carried = (each._replace(communes=communes) for each in (self.now, self.carried))
        return replace(self, now=now, carried=carried)


@dataclass(frozen=True)
class CountedReadings:
    """`counted` is what they amount to; by commune how many count (`standing`), were corrected and withdrawn.

    `by_measure` is how many have a measure, `fields` are those of the readings. Of a commune `histories` has every act
    on each, those carried over from the quarter before first; of a province there are none.
    """

    counted: EvidenceFields
    standing: Counter[str]
    by_measure: Counter[str]
    fields: frozenset[str]
    corrected: Counter[str] = field(default_factory=Counter)
    withdrawn: Counter[str] = field(default_factory=Counter)
    histories: Sequence[ReadingHistory] = ()

    def with_others(self, other: "CountedReadings") -> "CountedReadings":
        """With those of other communes of the province."""
        return CountedReadings(
            {name: own | other.counted[name] for name, own in self.counted.items()},
            self.standing + other.standing,
            self.by_measure + other.by_measure,
            self.fields | other.fields,
            self.corrected + other.corrected,
            self.withdrawn + other.withdrawn,
        )


def of_commune(connection: Connection, wanted: WantedWindows, count: CountReadings) -> CountedReadings:
    now, carried = (readings_of(connection, each, wanted.until) for each in (wanted.now, wanted.carried))
    return replace(_counted(now, carried, count), histories=(*carried, *now))


def of_province(
    settings: Settings,
    connection: Connection,
    meanwhile: Callable[[], object],
    wanted: WantedWindows,
    count: CountReadings,
) -> CountedReadings:
    """Shared out to a process of its own, from the same state of the stores; of few communes it is not worth it.

    That process has begun when `meanwhile` is done here.
    """
    communes = sorted(wanted.now.communes)
    if len(communes) < FEW:
        meanwhile()
        return _as_they_count(connection, wanted, count)
    parts = SharedOut([wanted.of(communes[at::PARTS]) for at in range(min(PARTS, len(communes)))])
    with beside(partial(_elsewhere, settings, snapshot_name(connection), parts, count)) as of_others:
        meanwhile()
        own = [_as_they_count(connection, each, count) for each in parts]
        return reduce(CountedReadings.with_others, [*own, *of_others()])


def _elsewhere(
    settings: Settings, snapshot: str, parts: SharedOut[WantedWindows], count: CountReadings
) -> list[CountedReadings]:
    with stores(settings, snapshot) as connection:
        return [_as_they_count(connection, each, count) for each in parts]


def _as_they_count(connection: Connection, wanted: WantedWindows, count: CountReadings) -> CountedReadings:
    now, carried = (standing_readings_of(connection, each, wanted.until) for each in (wanted.now, wanted.carried))
    corrected, withdrawn = Counter[str](), Counter[str]()
    for each in now:
        corrected[each.commune] += each.corrections
        withdrawn[each.commune] += each.withdrawn
    return replace(_counted(now, carried, count), corrected=corrected, withdrawn=withdrawn)


def _counted(now: Sequence[Standing], carried: Sequence[Standing], count: CountReadings) -> CountedReadings:
    by_measure = Counter[str]()
    for each in now:
        by_measure.update(each.values.keys())
    return CountedReadings(
        count(now, carried),
        Counter(each.commune for each in now if each.values),
        by_measure,
        frozenset(each.field_id for each in (*now, *carried)),
    )
