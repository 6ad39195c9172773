"""The figures of indicators by commune of a map, by each way of computing that an edition may pin.

A way that editions were published with stays here for ever, so that they can be computed again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple, Protocol

from services.reporting.domain.content.report_content import Figure
from services.reporting.domain.drafts.evidence import Definition, Evidence
from services.reporting.domain.drafts.formula import Formula
from services.reporting.domain.drafts.pairing import FieldCounts, Paired, ReportedCounts
from services.reporting.domain.territory.territory_map import superseded

_FLOW, _LEVEL = "flow", "level"
_NUMERATOR, _DENOMINATOR = "numerator", "denominator"


@dataclass(frozen=True)
class ReportedDays:
    """Days on which a commune reported both sides of a formula, and days of which counts were left out.

    `complete` is None for a formula of levels alone: a level holds for more than its day.
    """

    complete: int | None
    incomplete: int


class IndicatorFigures(Protocol):
    """Figures of a window. `part` are figures of some fields only; `days` None where the way does not know them.

    `days` with `fields` are those of a part.
    """

    def figure(self, definition: Definition, commune: str) -> Figure: ...

    def part(self, definition: Definition, commune: str, fields: Sequence[str]) -> Figure: ...

    def days(self, definition: Definition, commune: str, fields: Sequence[str] = ()) -> ReportedDays | None: ...


class SumsOfMeasures:
    """Computation 1: each measure summed by itself. A reading without one side added nothing to it, as if it were zero.

    Figures of a part are of this period only.
    """

    def __init__(self, evidence: Evidence, before: bool = False) -> None:
        self._sums = evidence.counted_before if before else evidence.counted
        self._by_field = {} if before else evidence.counted_by_field

    def figure(self, definition: Definition, commune: str) -> Figure:
        return definition.figure(commune, self._sums)

    def part(self, definition: Definition, commune: str, fields: Sequence[str]) -> Figure:
        sums: dict[tuple[str, str], int] = {}
        for measure in (*definition.numerator, *definition.denominator):
            counts = [self._by_field.get((commune, measure, name)) for name in fields]
            if any(count is not None for count in counts):
                sums[commune, measure] = sum(count or 0 for count in counts)
        return definition.figure(commune, sums)

    def days(self, definition: Definition, commune: str, fields: Sequence[str] = ()) -> ReportedDays | None:
        return None


class PairedSums:
    """Since computation 2: what was not reported leaves the rate, with the other side of the formula (see pairing).

    The sides are paired for the commune that sent them and then added by the map: the total is the same by any map.
    """

    def __init__(self, evidence: Evidence, before: bool = False) -> None:
        self._map, self._stocks = evidence.map, evidence.stocks
        self._computation = evidence.question.computation
        self._until = (evidence.question.window_before if before else evidence.question.window)[1]
        self._reported = evidence.reported_before if before else evidence.reported
        first = min((place.half for places in self._reported.values() for place in places), default=0)
        self._ends = {c: [end for (end,) in self._map.counted({(c,): 1})] for c in self._reported}
        self._formulas = {d.indicator: Formula(d.numerator, d.denominator, self._stocks) for d in evidence.definitions}
        self._known: dict[str, _PairedFigures] = {}
        self._parts: dict[tuple[str, tuple[str, ...]], _PairedFigures] = {}
        self._first = first

    def figure(self, definition: Definition, commune: str) -> Figure:
        return self._of(definition).figures.get(commune) or Figure(None, None, definition.zero_denominator)

    def part(self, definition: Definition, commune: str, fields: Sequence[str]) -> Figure:
        return self._of_part(definition, fields).figures.get(commune) or Figure(None, None, definition.zero_denominator)

    def days(self, definition: Definition, commune: str, fields: Sequence[str] = ()) -> ReportedDays | None:
        known = self._of_part(definition, fields) if fields else self._of(definition)
        days = known.days.get(commune) or Paired()
        return ReportedDays(days.days.bit_count() if known.has_flows else None, days.incomplete.bit_count())

    def _of(self, definition: Definition) -> "_PairedFigures":
        known = self._known.get(definition.indicator)
        if known is None:
            known = self._known[definition.indicator] = self._paired_figures(
                definition, self._paired[definition.indicator]
            )
        return known

    def _of_part(self, definition: Definition, fields: Sequence[str]) -> "_PairedFigures":
        key = definition.indicator, tuple(fields)
        known = self._parts.get(key)
        if known is None:
            formula = self._formulas[definition.indicator]
            paired = {
                commune: ReportedCounts(_of_fields(places, fields), self._first).paired(formula, self._computation)
                for commune, places in self._reported.items()
            }
            known = self._parts[key] = self._paired_figures(definition, paired)
        return known

    @cached_property
    def _paired(self) -> Mapping[str, Mapping[str, Paired]]:
        """By indicator and commune; one commune after the other, whose counts stay at hand of the processor."""
        found: dict[str, dict[str, Paired]] = {indicator: {} for indicator in self._formulas}
        for commune, places in self._reported.items():
            counts = ReportedCounts(places, self._first)
            for indicator, formula in self._formulas.items():
                key = formula.key, self._computation, self._first
                found[indicator][commune] = places.once(key, partial(counts.paired, formula, self._computation))
        return found

    def _paired_figures(self, definition: Definition, paired: Mapping[str, Paired]) -> "_PairedFigures":
        formula = self._formulas[definition.indicator]
        figures = self._counted(formula, definition.zero_denominator, paired)
        return _PairedFigures(figures, self._days(paired), has_flows=bool(formula.flows))

    def _counted(self, formula: Formula, zero: str, paired: Mapping[str, Paired]) -> dict[str, Figure]:
        whole = {commune: each for commune, each in paired.items() if each.is_whole(formula)}
        successions = self._map.territory.successions
        if not successions:
            return {commune: Figure(*_both_sides(each), zero) for commune, each in whole.items()}
        counts: dict[tuple[str, str, str], int] = {}
        for commune, each in whole.items():
            for kind, sums in ((_FLOW, each.flows), (_LEVEL, each.levels)):
                for side, count in zip((_NUMERATOR, _DENOMINATOR), sums or (), strict=False):
                    counts[commune, kind, side] = count
        counted = self._map.counted(superseded(counts, frozenset({_LEVEL}), successions, until=self._until))
        sides: dict[str, dict[str, int]] = {}
        for (commune, _, side), count in counted.items():
            own = sides.setdefault(commune, {})
            own[side] = own.get(side, 0) + count
        return {commune: Figure(own[_NUMERATOR], own[_DENOMINATOR], zero) for commune, own in sides.items()}

    def _days(self, paired: Mapping[str, Paired]) -> dict[str, Paired]:
        """A divided commune's days are days of each of its successors."""
        days: dict[str, Paired] = {}
        for commune, each in paired.items():
            for end in self._ends[commune]:
                own = days.setdefault(end, Paired())
                own.days |= each.days
                own.incomplete |= each.incomplete
        return days


class _PairedFigures(NamedTuple):
    """By commune of the map its figure and its days; `has_flows`: whether the formula has some."""

    figures: dict[str, Figure]
    days: dict[str, Paired]
    has_flows: bool


COMPUTATIONS: Mapping[int, Callable[[Evidence, bool], IndicatorFigures]] = {
    1: SumsOfMeasures,
    2: PairedSums,
    3: PairedSums,
    4: PairedSums,
}


def _both_sides(paired: Paired) -> tuple[int, int]:
    (flows_over, flows_under), (levels_over, levels_under) = paired.flows or (0, 0), paired.levels or (0, 0)
    return flows_over + levels_over, flows_under + levels_under


def _of_fields(places: Sequence[FieldCounts], fields: Collection[str]) -> list[FieldCounts]:
    return [place for place in places if place.field in fields]
