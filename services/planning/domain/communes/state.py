"""The state of a commune: its attributes over time, its end and its successors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from shared.communes import CommuneChange, on_day


@dataclass(frozen=True)
class Attributes:
    """A commune's code, name and province from a day on; None where the first day is unknown."""

    in_force_from: date | None
    code: str
    name: str
    province: str
    province_name: str


class CommuneState:
    def __init__(
        self, commune: str, *, code: str, name: str, province: str, province_name: str, in_force_from: date | None
    ) -> None:
        self.commune = commune
        self.registered = Attributes(in_force_from, code, name, province, province_name)
        self.changes: list[CommuneChange] = []
        self.gone_from: date | None = None
        self.into: tuple[tuple[str, str | None], ...] = ()

    def change(self, change: CommuneChange) -> None:
        """Of two changes from the same day, the one recorded later holds."""
        self.changes.append(change)
        self.changes.sort(key=lambda each: each.in_force_from)

    def spells(self) -> list[Attributes]:
        """Its attributes over time, each from its day on, the first ones first."""
        return [self._after(self.changes[:n]) for n in range(len(self.changes) + 1)]

    def on(self, day: date) -> Attributes:
        """Its attributes on a day; before its first day the first ones, after its end the last ones."""
        return self._after([change for change in self.changes if change.in_force_from <= day])

    def exists_on(self, day: date) -> bool:
        begun = self.registered.in_force_from is None or self.registered.in_force_from <= day
        return begun and (self.gone_from is None or day < self.gone_from)

    def _after(self, changes: Sequence[CommuneChange]) -> Attributes:
        if not changes:
            return self.registered
        day = changes[-1].in_force_from
        return replace(on_day(self.registered, changes, day), in_force_from=day)
