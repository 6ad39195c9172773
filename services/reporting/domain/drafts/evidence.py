"""Evidence for a report: counts, definitions, targets and tasks known on a day, read from tables or from events."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import TypeVar

from services.reporting.domain.content.report_content import Figure, Target
from services.reporting.domain.content.restatement import Causes, ReadingCorrected, ReadingLate
from services.reporting.domain.drafts.places import Places
from services.reporting.domain.drafts.question import Question
from services.reporting.domain.territory.communes import Commune
from services.reporting.domain.territory.territory_map import CountKey, TerritoryMap, superseded
from shared.vietnamese import collation_key, date_text, mid_sentence

Sums = Mapping[tuple[str, str], int]
FieldSums = Mapping[tuple[str, str, str], int]
Reported = Mapping[str, Places]
ReadingEvent = TypeVar("ReadingEvent", ReadingCorrected, ReadingLate)


@dataclass(frozen=True)
class Definition:
    """A version of an indicator: a sum of measures over a sum of measures. `source` is the act that defines it."""

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
        """The commune's figure from sums by (commune, measure); both counts are None where a measure is missing."""
        over, under = (_summed(commune, measures, sums) for measures in (self.numerator, self.denominator))
        if over is None or under is None:
            return Figure(None, None, self.zero_denominator)
        return Figure(over, under, self.zero_denominator)


@dataclass(frozen=True)
class PlanTarget:
    """A target in force. `commune` is None for the province's own.

    `scope` names the part for which it holds, in the plan's words; `fields` are the ids of the fields of that part,
    where known.
    """

    commune: str | None
    indicator: str
    target: Target | None
    text: str
    scope: str | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnownTask:
    """A task of a plan as known on a day: its commune, leading bodies, deadlines, and whether it is done."""

    commune: str
    lead: tuple[str, ...]
    deadlines: tuple[date, ...]
    done: bool

    def late_at(self, day: date) -> bool:
        return not self.done and any(due < day for due in self.deadlines)


@dataclass(frozen=True)
class Evidence:
    """Everything known at the end of a day that a period's report is computed from, by the communes that sent it.

    `sums` and `previous` are counts by (commune, measure) in the period's window and in the one before, the latter for
    the first computation alone (later ones pair what was reported together); `fields` and
    `opening` by (commune, measure, field; "" without a field) in the window and in the quarter before it. `readings`
    is the number of valid readings by commune, `refused` of refusals by (commune, rule), `parked` of unreadable
    messages by commune. `stocks` are the measures that are levels. The `counted…` properties are the same counts by the
    communes of `map`.
    """

    question: Question
    map: TerritoryMap
    definitions: Sequence[Definition]
    targets: Sequence[PlanTarget]
    sums: Sums
    previous: Sums
    readings: Mapping[str, int]
    tasks: Sequence[KnownTask]
    refused: Mapping[tuple[str, str], int]
    parked: Mapping[str, int]
    positions: Mapping[str, int]
    stocks: frozenset[str] = frozenset()
    fields: FieldSums = field(default_factory=dict)
    opening: FieldSums = field(default_factory=dict)
    scoped_targets: Sequence[PlanTarget] = ()
    field_names: Mapping[str, str] = field(default_factory=dict)
    measure_names: Mapping[str, str] = field(default_factory=dict)
    reported: Reported = field(default_factory=dict)
    reported_before: Reported = field(default_factory=dict)

    @cached_property
    def communes(self) -> list[Commune]:
        """The communes of the map, and later ones that sent readings, in Vietnamese order."""
        later = [c for c in self.map.established_later(self.question.province) if c.commune in self.readings]
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

    def why_without_communes(self) -> str:
        """Why a report has no commune: none was registered yet, or only ones that did not exist in its period."""
        question = self.question
        province, known_on = question.province, date_text(question.known_at)
        if not any(commune.province == province for commune in self.map.territory.communes):
            return f"Chưa có đơn vị nào của tỉnh {province} được đăng ký đến ngày {known_on}."
        return (
            f"Các đơn vị của tỉnh {province} đã đăng ký đến ngày {known_on} đều chưa có vào ngày "
            f"{date_text(question.shown_on)}; {mid_sentence(question.period.vietnamese)} là của các đơn vị cũ, chưa "
            "được đăng ký."
        )

    def counting(self, corrections: Iterable[ReadingEvent]) -> list[ReadingEvent]:
        """Those that can change a figure: of the window, and of levels of the quarter before, which forms carry."""
        start = self.question.window[0]
        return [each for each in corrections if each.observed_on >= start or each.changed & self.stocks]

    def causes(self, corrections: Sequence[ReadingCorrected], late: Sequence[ReadingLate] = ()) -> Causes:
        """Finds which of the corrections and late readings changed a figure of this evidence."""
        events: list[ReadingCorrected | ReadingLate] = [*corrections, *late]
        communes = {each.commune for each in events}
        ends = {c: [end for (end,) in self.map.counted({(c,): 1})] for c in communes}
        measures = {d.indicator: frozenset((*d.numerator, *d.denominator)) for d in self.definitions}
        names = {f"commune/{commune}": self.map.name_of(commune) for commune in communes}
        for each in events:
            names |= {f"measure/{m}": self.measure_names.get(m, m) for m in each.changed}
            if each.field:
                names[f"field/{each.field}"] = self.field_names.get(each.field, each.field)
        return Causes(corrections, ends, measures, names, self.question.window[0], late)

    def sizes(self) -> dict[str, int]:
        """The amount of evidence by kind."""
        return {
            "communes": len(self.communes),
            "readings": sum(self.readings.values()),
            "sums": len(self.sums),
            "tasks": len(self.tasks),
            "refused": sum(self.refused.values()),
            "parked": sum(self.parked.values()),
        }

    def refused_by_rule(self, communes: Sequence[Commune], whole: bool) -> Counter[str]:
        """Refusals by rule; of a `whole` province also those for unregistered communes."""
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
        """A version of the map that editions pin: its day and a hash over its communes and successions.

        The hashed text must never change its form, or a published edition could not be computed again.
        """
        communes = (f"{c.commune}|{c.code}|{c.name}|{c.province}" for c in self.map.communes.values())
        successions = (
            f"{way.commune}>{'+'.join(f'{part.commune}:{part.share}' for part in way.into)}@{way.in_force_from}"
            for way in self.map.successions
        )
        text = "\n".join([*sorted(communes), *successions])
        return f"{self.map.day}/{sha256(text.encode()).hexdigest()[:12]}"

    def _counted(self, counts: Mapping[CountKey, int], window: tuple[date, date]) -> dict[CountKey, int]:
        return self.map.counted(superseded(counts, self.stocks, self.map.territory.successions, until=window[1]))


class ReadByCommune(Mapping[str, Places]):
    """What was reported together, read when a commune is asked for: that of all takes much memory."""

    def __init__(self, communes: Collection[str], of: Callable[[str], Places]) -> None:
        self._communes, self._of = communes, of

    def __getitem__(self, commune: str) -> Places:
        return self._of(commune)

    def __iter__(self) -> Iterator[str]:
        return iter(self._communes)

    def __len__(self) -> int:
        return len(self._communes)


def refusal_day(observed_on: date | None, arrived: date) -> date:
    """The day under which a refused reading is reported: its own, or its arrival where that is earlier or unknown."""
    return min(observed_on or arrived, arrived)


def _summed(commune: str, measures: Sequence[str], sums: Sums) -> int | None:
    total = 0
    for measure in measures:
        count = sums.get((commune, measure))
        if count is None:
            return None
        total += count
    return total
