"""What is measured and what an indicator means, version after version, each in force from a day."""

from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from shared.event_sourcing import Aggregate, Created, Recorded


class Definition(Aggregate):
    """A measure, an indicator or a field. `definition` holds what its kind needs, and `in_force_from`."""

    TOPIC = "indicators.definition"

    class Defined(Created):
        TOPIC = "indicators.definition-defined"

        kind: str
        name: str
        definition: dict[str, Any]
        in_force_from: date

    class Revised(Recorded):
        TOPIC = "indicators.definition-revised"

        kind: str
        name: str
        revision: int
        definition: dict[str, Any]
        in_force_from: date

        def apply(self, aggregate: "Definition") -> None:
            aggregate.revision = self.revision
            aggregate.definition = self.definition
            aggregate.in_force_from = self.in_force_from

    @staticmethod
    def create_id(kind: str, name: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"indicators/{kind}/{name}")

    @classmethod
    def define(
        cls, kind: str, name: str, definition: dict[str, Any], in_force_from: date, at: datetime
    ) -> "Definition":
        return cls._create(
            cls.Defined, timestamp=at, kind=kind, name=name, definition=definition, in_force_from=in_force_from
        )

    def __init__(self, kind: str, name: str, definition: dict[str, Any], in_force_from: date) -> None:
        self.kind = kind
        self.name = name
        self.revision = 1
        self.definition = definition
        self.in_force_from = in_force_from

    def revise(self, definition: dict[str, Any], in_force_from: date, at: datetime) -> None:
        """Another version from a day on. The same definition again stays quiet."""
        if (definition, in_force_from) != (self.definition, self.in_force_from):
            self.trigger_event(
                self.Revised,
                timestamp=at,
                kind=self.kind,
                name=self.name,
                revision=self.revision + 1,
                definition=definition,
                in_force_from=in_force_from,
            )
