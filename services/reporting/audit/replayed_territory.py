"""The communes with their successors and changes, from the events of Planning."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from services.reporting.audit import stored_names as names
from services.reporting.domain.territory.communes import Commune, Share, Succession, Territory
from shared.communes import CommuneChange


@dataclass
class ReplayedTerritory:
    communes: dict[str, Commune] = field(default_factory=dict)
    successions: list[Succession] = field(default_factory=list)
    changes: list[CommuneChange] = field(default_factory=list)

    def take(self, name: str, fields: dict[str, Any]) -> None:
        match name:
            case names.COMMUNE_REGISTERED:
                self.communes[fields["commune"]] = _commune(fields)
            case names.COMMUNE_MERGED:
                self._succeeded(fields, (Share(fields["into"]),))
            case names.COMMUNE_DIVIDED:
                parts = (Share(part["commune"], _share(part["share"])) for part in fields["into"])
                self._succeeded(fields, tuple(parts))
            case names.COMMUNE_RENAMED | names.COMMUNE_MOVED_TO_PROVINCE:
                new = {part: fields.get(part) for part in ("code", "name", "province", "province_name")}
                self.changes.append(
                    CommuneChange(fields["commune"], date.fromisoformat(fields["in_force_from"]), **new)
                )

    @property
    def territory(self) -> Territory:
        return Territory(list(self.communes.values()), self.successions, self.changes)

    def _succeeded(self, fields: dict[str, Any], into: tuple[Share, ...]) -> None:
        self.successions.append(Succession(fields["commune"], date.fromisoformat(fields["in_force_from"]), into))


def _commune(fields: dict[str, Any]) -> Commune:
    return Commune(
        fields["commune"],
        fields["code"],
        fields["name"],
        fields["province"],
        fields["province_name"],
        fields["latitude"],
        fields["longitude"],
        fields["in_force_from"] and date.fromisoformat(fields["in_force_from"]),
    )


def _share(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
