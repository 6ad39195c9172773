"""The definitions in force on a day, from the events of Indicators."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.reporting.domain.drafts.evidence import Definition


@dataclass
class ReplayedDefinitions:
    """In force on a day is the version with the latest date of effect, not the one that was written last."""

    in_force: dict[str, Definition] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    measure_names: dict[str, str] = field(default_factory=dict)
    fields: dict[str, tuple[date, str]] = field(default_factory=dict)

    def take(self, fields: dict[str, Any], day: date, named_on: date) -> None:
        """`day` is that of the formulas, `named_on` that of the names of fields."""
        definition, name, since = fields["definition"], fields["name"], date.fromisoformat(fields["in_force_from"])
        match fields["kind"]:
            case "measure":
                self.kinds[name], self.measure_names[name] = definition["kind"], definition["name"]
            case "field" if since <= named_on and (name not in self.fields or self.fields[name][0] <= since):
                self.fields[name] = since, definition["name"]
            case "indicator" if since <= day and (
                name not in self.in_force or self.in_force[name].in_force_from <= since
            ):
                self.in_force[name] = _definition(name, fields.get("revision", 1), definition, since)

    @property
    def field_names(self) -> dict[str, str]:
        return {name: title for name, (_, title) in self.fields.items()}

    @property
    def stocks(self) -> frozenset[str]:
        return frozenset(measure for measure, kind in self.kinds.items() if kind == "stock")


def _definition(name: str, version: int, fields: dict[str, Any], since: date) -> Definition:
    return Definition(
        name,
        version,
        fields["name"],
        tuple(fields["numerator"]),
        tuple(fields["denominator"]),
        fields["zero_denominator"],
        since,
        fields["direction"],
        fields["source"],
    )
