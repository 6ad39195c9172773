"""Communes as registered, and their dated changes: merged, divided, renamed, recoded, moved to another province.

A commune is known by our own id; its code, name and province are attributes with dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from shared.communes import CommuneChange


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
    """One successor and the fraction of the counts that it takes over; None where no fraction is recorded."""

    commune: str
    share: Fraction | None = None


@dataclass(frozen=True)
class Succession:
    """`commune` no longer exists from `in_force_from` on. `into` names its successors, the main one first.

    Merged: one successor. Divided: several; without shares the main one takes all (a report has a footnote).
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
class Territory:
    """All communes, present and former, with their successions and changes as recorded by a point in time."""

    communes: Sequence[Commune] = ()
    successions: Sequence[Succession] = ()
    changes: Sequence[CommuneChange] = ()

    def until(self, day: date) -> tuple[Succession, ...]:
        """The successions in force on a day, the oldest first."""
        ended = [succession for succession in self.successions if succession.in_force_from <= day]
        return tuple(sorted(ended, key=lambda s: (s.in_force_from, s.commune)))
