"""Which communes there are on a day, and where the counts of those that are gone are counted.

A commune is known by our own id; its code, name and province are attributes with dates. Merging and dividing rewrite
nothing: a map says, for one day, in whom each commune's counts are summed, and the sum over all of them never changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import floor
from typing import Any, TypeVar

Key = TypeVar("Key", bound=tuple[str, ...])  # a commune's id first, then whatever tells counts apart: measure, field


@dataclass(frozen=True)
class Commune:
    """A commune as it was registered. Coordinates in degrees; `in_force_from` is the first day it existed."""

    commune: str
    code: str
    name: str
    province: str
    province_name: str
    latitude: float | None = None
    longitude: float | None = None
    in_force_from: date | None = None


@dataclass(frozen=True)
class Share:
    """One successor, and the part of the counts that it takes over; None where nobody said which part."""

    commune: str
    share: Fraction | None = None


@dataclass(frozen=True)
class Succession:
    """From `in_force_from` on, `commune` is no more. `into` names its successors, the main one first.

    Merged: one successor. Divided: several; without shares the main one takes all, and a report says so.
    """

    commune: str
    in_force_from: date
    into: tuple[Share, ...]

    @property
    def main(self) -> str:
        return self.into[0].commune

    @property
    def shared(self) -> bool:
        return all(part.share is not None for part in self.into)


@dataclass(frozen=True)
class Change:
    """From `in_force_from` on, a commune has another code, name or province; None where that stays."""

    commune: str
    in_force_from: date
    code: str | None = None
    name: str | None = None
    province: str | None = None
    province_name: str | None = None


@dataclass(frozen=True)
class Territory:
    """All communes that ever were, and what became of them: as far as it was known when this was asked for."""

    communes: Sequence[Commune] = ()
    successions: Sequence[Succession] = ()
    changes: Sequence[Change] = ()

    def until(self, day: date) -> tuple[Succession, ...]:
        """What has ended by a day, in the order in which it ended."""
        ended = [succession for succession in self.successions if succession.in_force_from <= day]
        return tuple(sorted(ended, key=lambda s: (s.in_force_from, s.commune)))

    def on(self, day: date) -> "TerritoryMap":
        """The map of a day."""
        return TerritoryMap(self, day)


class TerritoryMap:
    """The communes of one day, and the way from every other commune to them."""

    def __init__(self, territory: Territory, day: date) -> None:
        self.territory = territory
        self.day = day
        self.successions = territory.until(day)
        self._succession = {succession.commune: succession for succession in self.successions}
        self._all = _named(territory, day)
        self.communes: Mapping[str, Commune] = {
            commune: each
            for commune, each in self._all.items()
            if commune not in self._succession and (each.in_force_from is None or each.in_force_from <= day)
        }

    def of_province(self, province: str) -> list[Commune]:
        return [commune for commune in self.communes.values() if commune.province == province]

    def named(self, said: str) -> Commune | None:
        """Whose code it is on this day, else whose own id. A code may have been, and may become, another commune's."""
        bearer = next((commune for commune in self.communes.values() if said and commune.code == said), None)
        return bearer or self._all.get(said)

    def sources_of(self, communes: Iterable[str]) -> frozenset[str]:
        """The given communes, and all those whose counts come to be counted in them."""
        sources: dict[str, list[str]] = defaultdict(list)
        for succession in self.successions:
            for part in succession.into:
                sources[part.commune].append(succession.commune)
        waiting = list(communes)
        wanted = set(waiting)
        while waiting:
            new = [source for source in sources[waiting.pop()] if source not in wanted]
            wanted.update(new)
            waiting += new
        return frozenset(wanted)

    def beyond(self, province: str) -> list[Commune]:
        """Communes of a province that came after this map's day: what they counted stays theirs."""
        return [
            commune
            for commune in self._all.values()
            if commune.province == province
            and commune.commune not in self.communes
            and commune.commune not in self._succession
        ]

    def counted(self, counts: Mapping[Key, int]) -> dict[Key, int]:
        """Counts by the communes of this map. The sum over all communes stays what it was, to the last file.

        Each part of a commune that was divided gets its count, be it 0. Where a share does not come out even, what is
        left goes to the parts named first; a part of a count never becomes larger than that part of a larger count.
        """
        ends, counted = self._ends, dict[Any, int]()
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
        """What was divided in a province, with its successors: what a report's footnote tells."""
        return [
            (self._all[s.commune], s)
            for s in self.successions
            if len(s.into) > 1 and s.commune in self._all and self._all[s.commune].province == province
        ]

    def name_of(self, commune: str) -> str:
        known = self._all.get(commune)
        return known.name if known else commune

    @cached_property
    def _ends(self) -> dict[str, str | None]:
        """Of each commune that is gone the one in which its counts are; None where they are spread over several."""
        return {commune: self._followed(commune) for commune in self._succession}

    def _followed(self, commune: str) -> str | None:
        end, passed = commune, {commune}
        while succession := self._succession.get(end):
            if succession.shared:
                return None
            end = succession.main
            if end in passed:  # a circle, which Planning refuses: the counts stay where they are
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
    counts: Mapping[Key, int],
    stocks: frozenset[str],
    successions: Iterable[Succession],
    until: date | None = None,
    told_on: Mapping[tuple[str, str], date] | None = None,
) -> dict[Key, int]:
    """Counts without the levels of communes that are gone and whose main successor has told its own level since.

    `counts` are keyed (commune, measure, …), and were told until a day: what became of a commune later says nothing of
    them. A stock is a level, not a sum: the level that an old commune told last and the one that its successor tells
    later are of the same files. `told_on` says on which day a level, by (commune, measure), was told last: without it,
    a successor's is taken for one that was told after the change. This holds under every map.
    """
    told = {key[:2] for key in counts if key[1] in stocks}
    followed = {s.commune: s for s in successions if until is None or s.in_force_from <= until}

    def replaced(commune: str, measure: str) -> bool:
        passed = set()
        while (succession := followed.get(commune)) and commune not in passed:
            passed.add(commune)
            commune = succession.main
            level = (commune, measure)
            if level in told and (told_on is None or told_on[level] >= succession.in_force_from):
                return True
        return False

    return {key: n for key, n in counts.items() if key[1] not in stocks or not replaced(key[0], key[1])}


def _named(territory: Territory, day: date) -> dict[str, Commune]:
    named = {commune.commune: commune for commune in territory.communes}
    for change in sorted(territory.changes, key=lambda c: c.in_force_from):  # of one day the last one holds
        known = named.get(change.commune)
        if known is None or change.in_force_from > day:
            continue
        named[change.commune] = replace(
            known,
            code=change.code or known.code,
            name=change.name or known.name,
            province=change.province or known.province,
            province_name=change.province_name or known.province_name,
        )
    return named


def _parts(succession: Succession, count: int) -> Iterator[tuple[str, int]]:
    """A count in whole files, each part split off from all that come after it.

    So no part shrinks when the count grows, as it may when every part is rounded for itself: 19 of 20 files would be
    3 of 2 in a part of a tenth.
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
