"""The communes and what became of them, as the events of Planning leave it."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from shared.territory import Change, Commune, Share, Succession, Territory


@dataclass
class ReplayedTerritory:
    communes: dict[str, Commune] = field(default_factory=dict)
    successions: list[Succession] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def take(self, name: str, said: dict[str, Any]) -> None:
        match name:
            case "planning.commune-registered":
                self.communes[said["commune"]] = _commune(said)
            case "planning.commune-merged":
                self._succeeded(said, (Share(said["into"]),))
            case "planning.commune-divided":
                parts = (Share(part["commune"], _share(part["share"])) for part in said["into"])
                self._succeeded(said, tuple(parts))
            case "planning.commune-renamed" | "planning.commune-moved-to-province":
                new = {part: said.get(part) for part in ("code", "name", "province", "province_name")}
                self.changes.append(Change(said["commune"], date.fromisoformat(said["in_force_from"]), **new))

    @property
    def territory(self) -> Territory:
        return Territory(list(self.communes.values()), self.successions, self.changes)

    def _succeeded(self, said: dict[str, Any], into: tuple[Share, ...]) -> None:
        self.successions.append(Succession(said["commune"], date.fromisoformat(said["in_force_from"]), into))


def _commune(said: dict[str, Any]) -> Commune:
    return Commune(
        said["commune"],
        said["code"],
        said["name"],
        said["province"],
        said["province_name"],
        said["latitude"],
        said["longitude"],
        said["in_force_from"] and date.fromisoformat(said["in_force_from"]),
    )


def _share(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
