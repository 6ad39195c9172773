"""The definitions, the territory and the target behind a figure, each with the stored event that it rests on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import LiteralString, NamedTuple

from psycopg import Connection

from services.reporting.audit import stored_names as names
from services.reporting.audit.explaining.stored_facts import Fact, facts_of, facts_that_begin_with, identity
from services.reporting.audit.replayed_definitions import ReplayedDefinitions
from services.reporting.audit.replayed_plans import ReplayedPlans
from services.reporting.audit.replayed_territory import ReplayedTerritory
from services.reporting.domain.drafts.evidence import PlanTarget
from services.reporting.domain.drafts.question import Question

PLANS: LiteralString = """
    SELECT DISTINCT coalesce(version_of, plan_id) FROM reporting.plans
    WHERE province = %s AND commune IS NOT DISTINCT FROM %s
"""
VERSIONS = (names.PLAN_ISSUED, names.PLAN_AMENDED)


class Part(NamedTuple):
    """An indicator as a whole, or of a part: the words of its target, and its fields where they are known."""

    indicator: str
    scope: str | None = None
    fields: tuple[str, ...] = ()

    @classmethod
    def of(cls, target: PlanTarget) -> "Part":
        return cls(target.indicator, target.scope, target.fields)


@dataclass
class DefinedFacts:
    """The definitions in force, and by (kind, name) the event of the version in force; read kind by kind."""

    question: Question
    until: int
    replayed: ReplayedDefinitions = field(default_factory=ReplayedDefinitions)
    facts: dict[tuple[str, str], Fact] = field(default_factory=dict)

    def read(self, connection: Connection, kind: str, wanted: Collection[str]) -> None:
        """Those of a kind: measure, field or indicator."""
        day, named_on, definitions = self.question.defined_on, self.question.window[1], self.replayed
        identities = [identity("indicators", kind, name) for name in wanted]
        for fact in facts_of(connection, "indicators", identities, self.until):
            name = fact.fields["name"]
            before = definitions.in_force.get(name), definitions.fields.get(name)
            definitions.take(fact.fields, day, named_on)
            if kind == "measure" or before != (definitions.in_force.get(name), definitions.fields.get(name)):
                self.facts[kind, name] = fact


@dataclass
class TerritoryFacts:
    """Communes with their successions, and by commune the events of its registration and of its end."""

    replayed: ReplayedTerritory = field(default_factory=ReplayedTerritory)
    registered: dict[str, Fact] = field(default_factory=dict)
    ended: dict[str, Fact] = field(default_factory=dict)


def territory_of(connection: Connection, communes: Iterable[str], until: int) -> TerritoryFacts:
    found = TerritoryFacts()
    identities = [identity("planning", "commune", commune) for commune in communes]
    for fact in facts_of(connection, "planning", identities, until):
        found.replayed.take(fact.row.topic, fact.fields)
        if fact.row.topic == names.COMMUNE_REGISTERED:
            found.registered[fact.fields["commune"]] = fact
        elif fact.row.topic in (names.COMMUNE_MERGED, names.COMMUNE_DIVIDED):
            found.ended[fact.fields["commune"]] = fact
    return found


def target_of(connection: Connection, question: Question, wanted: Part, until: int) -> tuple[PlanTarget, Fact] | None:
    """The target in force for the commune or the province of the question, and the version of the plan that sets it."""
    day = question.window[1]
    plans = ReplayedPlans(question.province, day)
    versions: dict[str, Fact] = {}
    for fact in _events_of_plans(connection, question, until):
        plans.take(fact.row.topic, fact.fields)
        if fact.row.topic in VERSIONS and _begins(fact) <= day:
            versions[fact.fields["plan_id"]] = fact
    found = None
    for plan_id, targets in plans.in_force.items():
        for target in targets:
            if (target.commune, Part.of(target)) == (question.commune, wanted):
                found = target, versions[plan_id]
    return found


def _events_of_plans(connection: Connection, question: Question, until: int) -> list[Fact]:
    ids = [row[0] for row in connection.execute(PLANS, (question.province, question.commune))]
    found = [
        fact
        for plan_id in ids
        for fact in facts_that_begin_with(connection, "planning", plan_id.removeprefix("p-"))
        if fact.row.position <= until and fact.fields.get("plan_id") == plan_id
    ]
    return sorted(found, key=lambda fact: fact.row.position)


def _begins(fact: Fact) -> date:
    """An amended version is in force from the day of its amendment; the first one whenever its plan is."""
    return date.fromisoformat(fact.fields["amended_on"]) if "amended_on" in fact.fields else date.min
