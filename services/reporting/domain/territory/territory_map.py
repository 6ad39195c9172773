"""The communes of one day, and the addition of former communes' counts to their successors.

A merger or division rewrites no count: a map assigns, for its day, the counts of each former commune to its successors.
The sum over all communes is the same under every map.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import floor
from typing import Any, TypeVar

from services.reporting.domain.territory.communes import Commune, Succession, Territory
from shared.communes import CommuneChange, on_day

# (commune, measure, field, …): a commune's id comes first, the rest is kept as it is.
CountKey = TypeVar("CountKey", bound=tuple[str, ...])


class TerritoryMap:
    """The communes of one day, and the successors on that day of all former ones."""

    def __init__(self, territory: Territory, day: date) -> None:
        self.territory = territory
        self.day = day
        self.successions = territory.until(day)
        self._succession = {succession.commune: succession for succession in self.successions}
        self._all = _with_changes(territory, day)
        self.communes: Mapping[str, Commune] = {
            commune: each
            for commune, each in self._all.items()
            if commune not in self._succession and (each.in_force_from is None or each.in_force_from <= day)
        }

    def of_province(self, province: str) -> list[Commune]:
        return [commune for commune in self.communes.values() if commune.province == province]

    def sources_of(self, communes: Iterable[str]) -> frozenset[str]:
        """The given communes and all former ones whose counts are added to theirs, directly or over several steps."""
        waiting = list(communes)
        wanted = set(waiting)
        while waiting:
            new = [source for source in self._sources.get(waiting.pop(), ()) if source not in wanted]
            wanted.update(new)
            waiting += new
        return frozenset(wanted)

    def established_later(self, province: str) -> list[Commune]:
        """Communes of a province that exist only after this map's day: their counts stay their own."""
        return [
            commune
            for commune in self._all.values()
            if commune.province == province
            and commune.commune not in self.communes
            and commune.commune not in self._succession
        ]

    def counted(self, counts: Mapping[CountKey, int]) -> dict[CountKey, int]:
        """Counts by the communes of this map; their sum is exactly the sum of `counts`.

        Each successor of a divided commune gets a count, also when it is 0. Shares are rounded to whole files; the
        remainder goes to the successors named first. A smaller count never gives a successor more than a larger one.
        """
        ends, counted = self._ends, dict[Any, int]()
        if not ends:
            return dict(counts)
        for key, count in counts.items():
            commune = key[0]
            end = ends.get(commune, commune)
            if end is commune:
                counted[key] = counted.get(key, 0) + count
            elif end is not None:
                moved = (end, *key[1:])
                counted[moved] = counted.get(moved, 0) + count
            else:
                for successor, part in self._spread(commune, count):
                    moved = (successor, *key[1:])
                    counted[moved] = counted.get(moved, 0) + part
        return counted

    def divided(self, province: str) -> list[tuple[Commune, Succession]]:
        """The divided communes of a province with their successions, for a report's footnotes."""
        return [
            (self._all[s.commune], s)
            for s in self.successions
            if len(s.into) > 1 and s.commune in self._all and self._all[s.commune].province == province
        ]

    def name_of(self, commune: str) -> str:
        known = self._all.get(commune)
        return known.name if known else commune

    @cached_property
    def _sources(self) -> Mapping[str, list[str]]:
        """By commune, those whose counts are added to its own directly."""
        sources: dict[str, list[str]] = defaultdict(list)
        for succession in self.successions:
            for part in succession.into:
                sources[part.commune].append(succession.commune)
        return sources

    @cached_property
    def _ends(self) -> dict[str, str | None]:
        """By former commune, the one commune that takes all its counts; None where several share them."""
        return {commune: self._final_successor(commune) for commune in self._succession}

    def _final_successor(self, commune: str) -> str | None:
        end, passed = commune, {commune}
        while succession := self._succession.get(end):
            if succession.shared:
                return None
            end = succession.main
            if end in passed:  # a circle, which Planning refuses: the counts stay
                return commune
            passed.add(end)
        return end

    def _spread(self, commune: str, count: int, passed: frozenset[str] = frozenset()) -> Iterator[tuple[str, int]]:
        succession = self._succession.get(commune)
        if succession is None or commune in passed:
            yield commune, count
            return
        for successor, part in _parts(succession, count):
            yield from self._spread(successor, part, passed | {commune})


def superseded(
    counts: Mapping[CountKey, int],
    stocks: frozenset[str],
    successions: Iterable[Succession],
    until: date | None = None,
    observed_on: Mapping[tuple[str, str], date] | None = None,
) -> dict[CountKey, int]:
    """Counts without the levels of former communes whose main successor has reported its own level since.

    `counts` are keyed (commune, measure, …). `stocks` are the measures that are levels: the last level of a former
    commune and a later level of its successor count the same files, so only one of them may be added. `until` is the
    last day counted: a succession after it is ignored. `observed_on` is the day of the last level by (commune,
    measure); without it, a successor's level is taken as observed after the succession. Holds under every map.
    """
    followed = {s.commune: s for s in successions if until is None or s.in_force_from <= until}
    if not followed:
        return dict(counts)
    levels = {key[:2] for key in counts if key[1] in stocks}

    def replaced(commune: str, measure: str) -> bool:
        passed = set()
        while (succession := followed.get(commune)) and commune not in passed:
            passed.add(commune)
            commune = succession.main
            level = (commune, measure)
            if level in levels and (observed_on is None or observed_on[level] >= succession.in_force_from):
                return True
        return False

    return {key: n for key, n in counts.items() if key[1] not in stocks or not replaced(key[0], key[1])}


def _with_changes(territory: Territory, day: date) -> dict[str, Commune]:
    changes: dict[str, list[CommuneChange]] = defaultdict(list)
    for change in territory.changes:
        changes[change.commune].append(change)
    return {each.commune: on_day(each, changes[each.commune], day) for each in territory.communes}


def _parts(succession: Succession, count: int) -> Iterator[tuple[str, int]]:
    """A count split by shares into whole files, each part split off from the rest that follows it.

    Rounding each part by itself would let a part shrink when the count grows: with a share of a tenth, 19 late files
    of 20 received could become 3 of 2.
    """
    if not succession.shared:
        yield succession.main, count
        return
    left = Fraction(1)
    for part in succession.into[:-1]:
        after = left - (part.share or 0)
        beyond = floor(count * after / left)
        yield part.commune, count - beyond
        count, left = beyond, after
    yield succession.into[-1].commune, count
