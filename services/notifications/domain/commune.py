"""A commune as mail is addressed to it: how it is called on a day, and which commune succeeds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shared.communes import CommuneChange, on_day


@dataclass(frozen=True)
class Commune:
    """A commune that takes part, as it was last registered; `registered_at` is when it first was.

    `province_name` is None until a version that remembers it has received the registration. From `gone_from` on the
    commune exists no longer; `successor` is the one that has taken over most of it. `changes` are in the order in which
    they were announced.
    """

    commune: str
    code: str
    name: str
    province: str
    province_name: str | None
    registered_at: datetime
    gone_from: date | None = None
    successor: str | None = None
    changes: tuple[CommuneChange, ...] = ()

    def on(self, day: date) -> "Commune":
        """With the code, name and province of a day."""
        return on_day(self, self.changes, day)

    def is_gone(self, day: date) -> bool:
        return self.gone_from is not None and self.gone_from <= day

    def successor_on(self, day: date, known: Mapping[str, "Commune"]) -> "Commune | None":
        """The last successor by a day; None while the commune exists, or where its successor is not registered."""
        successor, visited = self, set()
        while successor.is_gone(day) and successor.commune not in visited:
            visited.add(successor.commune)
            successor = known.get(successor.successor or "", successor)
        return None if successor is self else successor.on(day)
