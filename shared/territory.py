"""Which communes there are on a day, and where the counts of those that are gone are counted.

A commune is known by our own id; its code, name and province are attributes with dates. Merging and dividing rewrite
nothing: a map says, for one day, in whom each commune's counts are summed, and the sum over all of them never changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TypeVar, cast

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

    def on(self, day: date) -> "TerritoryMap":
        """The map of a day."""
        return TerritoryMap(self, day)


class TerritoryMap:
    """The communes of one day, and the way from every other commune to them."""

    def __init__(self, territory: Territory, day: date) -> None:
        self.territory = territory
        self.day = day
        by_day = sorted(territory.successions, key=lambda s: (s.in_force_from, s.commune))
        self.successions = tuple(s for s in by_day if s.in_force_from <= day)
        gone = {succession.commune for succession in self.successions}
        named = _named(territory, day)
        self._all = named
        self.communes: Mapping[str, Commune] = {
            commune: each
            for commune, each in named.items()
            if commune not in gone and (each.in_force_from is None or each.in_force_from <= day)
        }

    def of_province(self, province: str) -> list[Commune]:
        return [commune for commune in self.communes.values() if commune.province == province]

    def sources_of(self, communes: Iterable[str]) -> frozenset[str]:
        """The given communes, and all those whose counts come to be counted in them."""
        wanted = set(communes)
        for succession in reversed(self.successions):
            if any(part.commune in wanted for part in succession.into):
                wanted.add(succession.commune)
        return frozenset(wanted)

    def beyond(self, province: str) -> list[Commune]:
        """Communes of a province that came after this map's day: what they counted stays theirs."""
        gone = {succession.commune for succession in self.successions}
        return [
            commune
            for commune in self._all.values()
            if commune.province == province and commune.commune not in self.communes and commune.commune not in gone
        ]

    def counted(self, counts: Mapping[Key, int]) -> dict[Key, int]:
        """Counts by the communes of this map. The sum over all communes stays what it was, to the last file."""
        moved = dict(counts)
        keys: dict[str, list[Key]] = defaultdict(list)
        for key in moved:
            keys[key[0]].append(key)
        for succession in self.successions:
            for key in keys.pop(succession.commune, ()):
                count = moved.pop(key)
                for commune, part in _parts(succession, count):
                    successor = cast(Key, (commune, *key[1:]))
                    if successor not in moved:
                        keys[commune].append(successor)
                    moved[successor] = moved.get(successor, 0) + part
        return moved

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


def superseded(counts: Mapping[Key, int], stocks: frozenset[str], successions: Iterable[Succession]) -> dict[Key, int]:
    """Counts without the levels of communes that are gone and whose main successor has told its own level since.

    `counts` are keyed (commune, measure, …). A stock is a level, not a sum: the level that an old commune told last and
    the one that its successor tells later are of the same files. This holds under every map.
    """
    told = {key[:2] for key in counts if key[1] in stocks}
    followed: dict[str, str] = {succession.commune: succession.main for succession in successions}

    def replaced(commune: str, measure: str) -> bool:
        seen = set()
        while (successor := followed.get(commune)) and commune not in seen:
            seen.add(commune)
            if (successor, measure) in told:
                return True
            commune = successor
        return False

    return {key: n for key, n in counts.items() if key[1] not in stocks or not replaced(key[0], key[1])}


def _named(territory: Territory, day: date) -> dict[str, Commune]:
    named = {commune.commune: commune for commune in territory.communes}
    for change in sorted(territory.changes, key=lambda c: (c.in_force_from, c.commune)):
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


def _parts(succession: Succession, count: int) -> list[tuple[str, int]]:
    """A count in whole files; what does not divide evenly goes to the main successor."""
    if len(succession.into) == 1 or not succession.shared:
        return [(succession.main, count)]
    others = [(part.commune, int(count * (part.share or 0))) for part in succession.into[1:]]
    taken = [(commune, n) for commune, n in others if n]
    return [(succession.main, count - sum(n for _, n in taken)), *taken]
