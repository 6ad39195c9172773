"""What is measured and what the indicators mean on a day, as the events of Indicators leave it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.reporting.domain.evidence import Definition


@dataclass
class ReplayedDefinitions:
    """In force on a day is the version with the latest date of effect, not the one that was written last."""

    in_force: dict[str, Definition] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    measure_names: dict[str, str] = field(default_factory=dict)
    fields: dict[str, tuple[date, str]] = field(default_factory=dict)

    def take(self, said: dict[str, Any], day: date, named_on: date) -> None:
        """`day` is that of the formulas, `named_on` that of the names of fields."""
        what, name, since = said["definition"], said["name"], date.fromisoformat(said["in_force_from"])
        match said["kind"]:
            case "measure":
                self.kinds[name], self.measure_names[name] = what["kind"], what["name"]
            case "field" if since <= named_on and (name not in self.fields or self.fields[name][0] <= since):
                self.fields[name] = since, what["name"]
            case "indicator" if since <= day and (
                name not in self.in_force or self.in_force[name].in_force_from <= since
            ):
                self.in_force[name] = _definition(name, said.get("revision", 1), what, since)

    @property
    def field_names(self) -> dict[str, str]:
        return {name: title for name, (_, title) in self.fields.items()}

    @property
    def stocks(self) -> frozenset[str]:
        return frozenset(measure for measure, kind in self.kinds.items() if kind == "stock")


def _definition(name: str, version: int, what: dict[str, Any], since: date) -> Definition:
    return Definition(
        name,
        version,
        what["name"],
        tuple(what["numerator"]),
        tuple(what["denominator"]),
        what["zero_denominator"],
        since,
        what["direction"],
        what["source"],
    )
