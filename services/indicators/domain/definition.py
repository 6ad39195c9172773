"""Definitions of measures, indicators and fields, version after version, each in force from a day."""

from collections.abc import Container, Mapping
from datetime import date, datetime
from typing import NamedTuple, cast
from uuid import NAMESPACE_OID, UUID, uuid5

from services.indicators.domain.definition_rules import (
    DefinitionParts,
    DefinitionRefused,
    forbidden_change,
    problems,
    undefined_measures,
)
from shared.grants import Actor
from shared.record.aggregate import Aggregate, Created, Recorded


class Version(NamedTuple):
    """A definition from a day on, until a version that is in force from a later day."""

    revision: int
    definition: DefinitionParts
    in_force_from: date
    defined_at: datetime


class Definition(Aggregate):
    """A measure, an indicator or a field, in all its versions. A date of effect may lie before an earlier version's."""

    TOPIC = "indicators.definition"

    class Defined(Created):
        """`by` defined it, by the account `by_account`; null where nobody was named, as before version 2."""

        TOPIC = "indicators.definition-defined"
        class_version = 2

        kind: str
        name: str
        definition: DefinitionParts
        in_force_from: date
        by: str | None
        by_account: str | None

        @staticmethod
        def upcast_v1_v2(stored: dict[str, object]) -> None:
            stored |= {"by": None, "by_account": None}

    class Revised(Recorded):
        """`by` as in `Defined`."""

        TOPIC = "indicators.definition-revised"
        class_version = 2

        kind: str
        name: str
        revision: int
        definition: DefinitionParts
        in_force_from: date
        by: str | None
        by_account: str | None

        @staticmethod
        def upcast_v1_v2(stored: dict[str, object]) -> None:
            stored |= {"by": None, "by_account": None}

        def apply(self, aggregate: "Definition") -> None:
            aggregate.revised.append(Version(self.revision, self.definition, self.in_force_from, self.timestamp))

    @staticmethod
    def create_id(kind: str, name: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"indicators/{kind}/{name}")

    @classmethod
    def define(
        cls,
        kind: str,
        name: str,
        definition: Mapping[str, object],
        in_force_from: date,
        at: datetime,
        *,
        measures: Container[str] = (),
        by: Actor | None = None,
    ) -> "Definition":
        """The first version; `measures` are those defined. DefinitionRefused where the rules do not allow it."""
        parts = _valid(kind, name, definition, in_force_from, measures)
        return cls._create(
            cls.Defined,
            timestamp=at,
            kind=kind,
            name=name,
            definition=parts,
            in_force_from=in_force_from,
            by=by and by.name,
            by_account=by and by.account,
        )

    def __init__(self, kind: str, name: str, definition: DefinitionParts, in_force_from: date) -> None:
        self.kind = kind
        self.name = name
        self.first = (1, definition, in_force_from)
        self.revised: list[Version] = []

    @property
    def versions(self) -> list[Version]:
        """In the order in which they were defined."""
        return [Version(*self.first, self.created_on), *self.revised]

    @property
    def revision(self) -> int:
        return len(self.revised) + 1

    @property
    def definition(self) -> DefinitionParts:
        """The one defined last, whenever it is in force."""
        return self.versions[-1].definition

    @property
    def in_force_from(self) -> date:
        return self.versions[-1].in_force_from

    @property
    def earliest(self) -> Version:
        return min(self.versions, key=lambda version: (version.in_force_from, -version.revision))

    def in_force_on(self, day: date) -> Version | None:
        """The version with the latest date of effect until a day; of two with the same date, the later one."""
        begun = [version for version in self.versions if version.in_force_from <= day]
        return max(begun, key=lambda version: (version.in_force_from, version.revision), default=None)

    def revise(
        self,
        definition: Mapping[str, object],
        in_force_from: date,
        at: datetime,
        *,
        measures: Container[str] = (),
        by: Actor | None = None,
    ) -> None:
        """Another version from a day on. Repeating the definition of that day is ignored."""
        same_day = [version for version in self.versions if version.in_force_from == in_force_from]
        if same_day and same_day[-1].definition == definition:
            return
        parts = _valid(self.kind, self.name, definition, in_force_from, measures)
        if self.kind == "measure" and (problem := forbidden_change(self.name, self.definition, parts)):
            raise DefinitionRefused([problem])
        self.trigger_event(
            self.Revised,
            timestamp=at,
            kind=self.kind,
            name=self.name,
            revision=self.revision + 1,
            definition=parts,
            in_force_from=in_force_from,
            by=by and by.name,
            by_account=by and by.account,
        )


def _valid(
    kind: str, name: str, definition: Mapping[str, object], in_force_from: date, measures: Container[str]
) -> DefinitionParts:
    """The definition, which has the parts of its kind. DefinitionRefused otherwise."""
    found = list(problems(kind, name, definition, in_force_from))
    if kind == "indicator" and not found:
        found += undefined_measures(name, definition, measures)
    if found:
        raise DefinitionRefused(found)
    return cast("DefinitionParts", definition)
