"""What a report is computed from, and the computation: the same whether read from tables or replayed from events."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.reporting.domain.quarterly_report import (
    CommuneLine,
    Figure,
    IndicatorLine,
    QuarterlyReport,
    Target,
    TaskCounts,
)
from shared.periods import Period
from shared.vietnamese import collation_key

RULES = {
    "unknown-commune": "Đơn vị chưa đăng ký",
    "unknown-measure": "Số đo không có trong danh mục",
    "unknown-field": "Lĩnh vực không có trong danh mục",
    "unknown-reading": "Sửa hoặc rút số liệu chưa gửi",
    "reading-withdrawn": "Sửa số liệu đã rút",
    "reading-id-used": "Mã số liệu đã dùng",
    "negative": "Số liệu âm",
    "future": "Ngày số liệu chưa đến",
    "numerator-over-denominator": "Tử số lớn hơn mẫu số",
    "malformed": "Số liệu không đọc được",
    "span-over": "Kế hoạch đã kết thúc từ lâu",
}

Sums = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Commune:
    commune: str
    code: str
    name: str
    province: str
    province_name: str


@dataclass(frozen=True)
class Definition:
    """A version of an indicator: sums of measures over sums of measures."""

    indicator: str
    version: int
    name: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    zero_denominator: str
    in_force_from: date

    def figure(self, commune: str, sums: Sums) -> Figure:
        """Missing is not zero: without every measure there is no figure."""
        parts = [[sums.get((commune, m)) for m in measures] for measures in (self.numerator, self.denominator)]
        counts = [None if None in part else sum(n for n in part if n is not None) for part in parts]
        if None in counts:
            return Figure(None, None, self.zero_denominator)
        return Figure(counts[0], counts[1], self.zero_denominator)


@dataclass(frozen=True)
class PlanTarget:
    """A target in force. `commune` is None for the province's own."""

    commune: str | None
    indicator: str
    target: Target | None
    text: str


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
    """Everything known at the end of `known_at` that a period's report rests on.

    `sums` and `previous` hold counts by (commune, measure) in the period's window and in the one before; `readings` how
    many readings stand by commune; `refused` how many were refused by (commune, rule), `parked` by commune.
    """

    period: Period
    known_at: date
    communes: Sequence[Commune]
    definitions: Sequence[Definition]
    targets: Sequence[PlanTarget]
    sums: Sums
    previous: Sums
    readings: Mapping[str, int]
    tasks: Sequence[Task]
    refused: Mapping[tuple[str, str], int]
    parked: Mapping[str, int]
    positions: Mapping[str, int] = field(default_factory=dict)

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

    def report(self, commune: str | None = None) -> QuarterlyReport:
        """The report of the province, or of one commune in it. Needs at least one commune."""
        communes = sorted(self.communes, key=lambda c: collation_key(c.name))
        included = [c for c in communes if commune in (None, c.commune)]
        definitions = self._reported(included)
        start, until = self.period.window()
        holder = included[0].name if commune else None
        refused = self._refused(commune)
        return QuarterlyReport(
            province=included[0].province,
            province_name=included[0].province_name,
            commune=included[0].code if commune else None,
            commune_name=holder,
            period=self.period.name,
            period_name=self.period.vietnamese,
            counted_from=start,
            counted_until=until,
            known_at=self.known_at,
            indicators=tuple(self._total(definition, included, commune) for definition in definitions),
            communes=tuple(self._commune(c, definitions) for c in included),
            tasks=self._tasks(included),
            readings=sum(self.readings.get(c.commune, 0) for c in included),
            refused=sum(refused.values()),
            refused_by_rule={RULES.get(rule, rule): count for rule, count in sorted(refused.items())},
            parked=sum(count for whose, count in self.parked.items() if commune in (None, whose)),
            not_reported=tuple(c.name for c in included if not self.readings.get(c.commune)),
            positions=dict(self.positions),
        )

    def _refused(self, commune: str | None) -> Counter[str]:
        """By rule. What came for a commune that is not registered is told the province, and no commune."""
        counted: Counter[str] = Counter()
        for (whose, rule), count in self.refused.items():
            if commune in (None, whose):
                counted[rule] += count
        return counted

    def _reported(self, communes: Sequence[Commune]) -> list[Definition]:
        """Indicators that somebody set a target for, or reported."""
        asked = {target.indicator for target in self.targets}
        here = {c.commune for c in communes}
        measured = {measure for commune, measure in self.sums if commune in here}
        return [d for d in self.definitions if d.indicator in asked or {*d.numerator, *d.denominator} <= measured]

    def _total(self, definition: Definition, communes: Sequence[Commune], commune: str | None) -> IndicatorLine:
        """Sums over sums, over the communes that reported both: a mean of rates would be wrong."""
        target = self._target(commune, definition.indicator)
        return self._line(
            definition,
            _sum(definition, [definition.figure(c.commune, self.sums) for c in communes]),
            _sum(definition, [definition.figure(c.commune, self.previous) for c in communes]),
            target,
        )

    def _commune(self, commune: Commune, definitions: Sequence[Definition]) -> CommuneLine:
        lines = (
            self._line(
                definition,
                definition.figure(commune.commune, self.sums),
                definition.figure(commune.commune, self.previous),
                self._target(commune.commune, definition.indicator),
            )
            for definition in definitions
        )
        reported = bool(self.readings.get(commune.commune))
        return CommuneLine(commune.commune, commune.code, commune.name, reported, tuple(lines))

    def _line(
        self, definition: Definition, figure: Figure, previous: Figure, target: PlanTarget | None
    ) -> IndicatorLine:
        return IndicatorLine(
            indicator=definition.indicator,
            name=definition.name,
            definition_version=definition.version,
            figure=figure,
            target=target.target if target else None,
            target_text=target.text if target else None,
            previous=previous,
        )

    def _target(self, commune: str | None, indicator: str) -> PlanTarget | None:
        return next((t for t in self.targets if (t.commune, t.indicator) == (commune, indicator)), None)

    def _tasks(self, communes: Sequence[Commune]) -> tuple[TaskCounts, ...]:
        names = {c.commune: c.name for c in communes}
        counted: dict[tuple[str, str], list[Task]] = defaultdict(list)
        for task in self.tasks:
            for body in task.lead:
                if task.commune in names:
                    counted[task.commune, body].append(task)
        order = sorted(counted, key=lambda key: (collation_key(names[key[0]]), collation_key(key[1])))
        return tuple(
            TaskCounts(
                commune=commune,
                commune_name=names[commune],
                body=body,
                done=sum(task.done for task in counted[commune, body]),
                open=sum(not task.done for task in counted[commune, body]),
                late=sum(task.late_at(self.known_at) for task in counted[commune, body]),
            )
            for commune, body in order
        )


def _sum(definition: Definition, figures: Sequence[Figure]) -> Figure:
    whole = [f for f in figures if f.numerator is not None and f.denominator is not None]
    if not whole:
        return Figure(None, None, definition.zero_denominator)
    return Figure(
        sum(f.numerator or 0 for f in whole), sum(f.denominator or 0 for f in whole), definition.zero_denominator
    )
