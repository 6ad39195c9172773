"""What a report rests on: everything that was known, the same whether read from tables or replayed from events."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Literal

from services.reporting.domain.quarterly_report import Figure, Target
from services.reporting.domain.regime import Regime
from shared.periods import Period
from shared.territory import Commune, Key, TerritoryMap, superseded
from shared.vietnamese import collation_key

Sums = Mapping[tuple[str, str], int]
FieldSums = Mapping[tuple[str, str, str], int]
Versions = Literal["then", "now"]


@dataclass(frozen=True)
class Question:
    """Which report is asked for: of a province, or of one of its communes (our own id), as known at a day's end.

    `definitions`: the formulas of the period's last day ("then") or of `known_at` ("now"). `map_day`: the day whose
    communes are shown, the period's last one when None. `by_field`: also what stands in forms and targets for fields.
    """

    province: str
    period: Period
    known_at: date
    regime: Regime
    commune: str | None = None
    definitions: Versions = "then"
    map_day: date | None = None
    by_field: bool = True

    @property
    def window(self) -> tuple[date, date]:
        return self.regime.window(self.period)

    @property
    def window_before(self) -> tuple[date, date]:
        return self.regime.window(self.period.before())

    @property
    def opening_window(self) -> tuple[date, date]:
        """The quarter that ends the day before the period begins: its levels are the period's opening balance."""
        return self.regime.window(self.period.quarter_before())

    @property
    def shown_on(self) -> date:
        return self.map_day or self.window[1]

    @property
    def defined_on(self) -> date:
        return self.window[1] if self.definitions == "then" else self.known_at

    def told_by(self, shown: TerritoryMap) -> list[str]:
        """The communes whose counts the answer may hold, of today and of before."""
        if self.commune:
            return sorted(shown.sources_of([self.commune]))
        own = [*shown.of_province(self.province), *shown.beyond(self.province)]
        return sorted(shown.sources_of(commune.commune for commune in own))


@dataclass(frozen=True)
class Definition:
    """A version of an indicator: sums of measures over sums of measures. `source` is the act that says so."""

    indicator: str
    version: int
    name: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    zero_denominator: str
    in_force_from: date
    direction: str = "higher"
    source: str = ""

    def figure(self, commune: str, sums: Sums) -> Figure:
        """Missing is not zero: without every measure there is no figure."""
        over, under = (_summed(commune, measures, sums) for measures in (self.numerator, self.denominator))
        if over is None or under is None:
            return Figure(None, None, self.zero_denominator)
        return Figure(over, under, self.zero_denominator)


@dataclass(frozen=True)
class PlanTarget:
    """A target in force. `commune` is None for the province's own.

    Of a target for a part, `scope` says which in the plan's words; `fields` are the ids of its fields, where known.
    """

    commune: str | None
    indicator: str
    target: Target | None
    text: str
    scope: str | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    commune: str
    lead: tuple[str, ...]
    deadlines: tuple[date, ...]
    done: bool

    def late_at(self, day: date) -> bool:
        return not self.done and any(due < day for due in self.deadlines)


@dataclass(frozen=True)
class Evidence:
    """Everything known at the end of a day that a period's report rests on, by the communes that told it.

    `sums` and `previous` hold counts by (commune, measure) in the period's window and in the one before; `fields` and
    `opening` by (commune, measure, field, "" where none) in the window and in the quarter before it; `readings` how
    many readings stand by commune; `refused` how many were refused by (commune, rule), `parked` by commune. `stocks`
    are the measures that are levels. `counted` and its like are the same by the communes of the map asked for.
    """

    question: Question
    map: TerritoryMap
    definitions: Sequence[Definition]
    targets: Sequence[PlanTarget]
    sums: Sums
    previous: Sums
    readings: Mapping[str, int]
    tasks: Sequence[Task]
    refused: Mapping[tuple[str, str], int]
    parked: Mapping[str, int]
    positions: Mapping[str, int]
    stocks: frozenset[str] = frozenset()
    fields: FieldSums = field(default_factory=dict)
    opening: FieldSums = field(default_factory=dict)
    scoped_targets: Sequence[PlanTarget] = ()
    field_names: Mapping[str, str] = field(default_factory=dict)
    measure_names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def communes(self) -> list[Commune]:
        """Those of the map, and those that came after its day and counted something, in Vietnamese order."""
        later = [c for c in self.map.beyond(self.question.province) if c.commune in self.readings]
        return sorted(
            [*self.map.of_province(self.question.province), *later], key=lambda c: (collation_key(c.name), c.commune)
        )

    @cached_property
    def counted(self) -> Sums:
        return self._counted(self.sums, self.question.window)

    @cached_property
    def counted_before(self) -> Sums:
        return self._counted(self.previous, self.question.window_before)

    @cached_property
    def counted_by_field(self) -> FieldSums:
        return self._counted(self.fields, self.question.window)

    @cached_property
    def counted_at_opening(self) -> FieldSums:
        return self._counted(self.opening, self.question.opening_window)

    @cached_property
    def counted_readings(self) -> Mapping[str, int]:
        counted = self.map.counted({(commune,): n for commune, n in self.readings.items()})
        return {commune: n for (commune,), n in counted.items()}

    def sizes(self) -> dict[str, int]:
        """How much it rests on."""
        return {
            "communes": len(self.communes),
            "readings": sum(self.readings.values()),
            "sums": len(self.sums),
            "tasks": len(self.tasks),
            "refused": sum(self.refused.values()),
            "parked": sum(self.parked.values()),
        }

    def refused_by_rule(self, communes: Sequence[Commune], whole: bool) -> Counter[str]:
        """Of the `whole` province also what came for communes that nobody registered; that is told no commune."""
        here = {commune.commune for commune in communes}
        counted: Counter[str] = Counter()
        for (commune, rule), n in self.map.counted(self.refused).items():
            if whole or commune in here:
                counted[rule] += n
        return counted

    def parked_of(self, communes: Sequence[Commune]) -> int:
        counted = self.map.counted({(commune,): n for commune, n in self.parked.items()})
        return sum(counted.get((commune.commune,), 0) for commune in communes)

    @cached_property
    def map_version(self) -> str:
        """Names the map: the same communes and ways to them, the same version, for as long as editions last."""
        communes = (f"{c.commune}|{c.code}|{c.name}|{c.province}" for c in self.map.communes.values())
        ways = (
            f"{way.commune}>{'+'.join(f'{part.commune}:{part.share}' for part in way.into)}@{way.in_force_from}"
            for way in self.map.successions
        )
        said = "\n".join([*sorted(communes), *ways])
        return f"{self.map.day}/{sha256(said.encode()).hexdigest()[:12]}"

    def _counted(self, counts: Mapping[Key, int], window: tuple[date, date]) -> dict[Key, int]:
        return self.map.counted(superseded(counts, self.stocks, self.map.territory.successions, until=window[1]))


def _summed(commune: str, measures: Sequence[str], sums: Sums) -> int | None:
    total = 0
    for measure in measures:
        count = sums.get((commune, measure))
        if count is None:
            return None
        total += count
    return total
