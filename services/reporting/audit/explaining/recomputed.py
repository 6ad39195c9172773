"""The evidence of one figure from the stored events that it rests on, and no others."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from psycopg import Connection

from services.reporting.audit.explaining.basis import Basis
from services.reporting.audit.explaining.counted_readings import (
    CountedReadings,
    CountReadings,
    EvidenceFields,
    WantedWindows,
)
from services.reporting.audit.explaining.reading_facts import (
    Standing,
    WantedReadings,
    amounts_of,
    counts_of,
    sums_of,
)
from services.reporting.audit.explaining.rules_in_force import (
    DefinedFacts,
    Part,
    TerritoryFacts,
    target_of,
    territory_of,
)
from services.reporting.audit.explaining.stored_facts import Fact
from services.reporting.domain.drafts.evidence import Evidence, PlanTarget
from services.reporting.domain.territory.territory_map import TerritoryMap

ReadReadings = Callable[[WantedWindows, CountReadings], CountedReadings]


@dataclass(frozen=True)
class Recomputed:
    """The evidence of a figure, and the stored events that it rests on."""

    evidence: Evidence
    definitions: DefinedFacts
    territory: TerritoryFacts
    target: tuple[PlanTarget, Fact] | None
    readings: CountedReadings


def recomputed_indicator(connection: Connection, basis: Basis, part: Part, read: ReadReadings) -> Recomputed:
    question, until = basis.question, basis.until("indicators")
    defined = DefinedFacts(question, until)
    defined.read(connection, "indicator", [part.indicator])
    version = defined.replayed.in_force.get(part.indicator)
    measures = {*version.numerator, *version.denominator} if version else set[str]()
    defined.read(connection, "measure", measures)
    target = target_of(connection, question, part, basis.until("planning"))
    fields = part.fields if part.scope else None
    wanted = WantedReadings(basis.sources, question.window, measures, fields)
    stocks = defined.replayed.stocks

    def count(now: Sequence[Standing], _: Sequence[Standing]) -> EvidenceFields:
        counts = counts_of(now, stocks)
        return {"sums": counts.sums, "reported": dict(counts.reported), "fields": counts.by_field, "opening": {}}

    found = read(WantedWindows(wanted, wanted._replace(measures=()), until), count)
    return _recomputed(connection, basis, defined, found, target)


def recomputed_cell(
    connection: Connection,
    basis: Basis,
    measures: tuple[Collection[str], Collection[str]],
    fields: Collection[str] | None,
    read: ReadReadings,
) -> Recomputed:
    """`measures` of the window and of the opening; `fields` None for those of all fields."""
    question, until = basis.question, basis.until("indicators")
    defined = DefinedFacts(question, until)
    defined.read(connection, "measure", {*measures[0], *measures[1]})
    now, carried = (
        WantedReadings(basis.sources, window, wanted, fields)
        for window, wanted in zip((question.window, question.opening_window), measures, strict=True)
    )
    stocks = defined.replayed.stocks

    def count(now: Sequence[Standing], carried: Sequence[Standing]) -> EvidenceFields:
        amounts = amounts_of(now, stocks)
        return {"sums": sums_of(amounts), "fields": amounts, "opening": amounts_of(carried, stocks)}

    return _recomputed(connection, basis, defined, read(WantedWindows(now, carried, until), count))


def _recomputed(
    connection: Connection,
    basis: Basis,
    defined: DefinedFacts,
    readings: CountedReadings,
    target: tuple[PlanTarget, Fact] | None = None,
) -> Recomputed:
    defined.read(connection, "field", readings.fields - {""})
    territory = territory_of(connection, basis.sources, basis.until("planning"))
    evidence = _evidence(basis, defined, territory, readings)
    if target and target[0].scope:
        # The part of each commune is counted as that of the province is.
        units = {basis.question.commune, *(commune.commune for commune in evidence.communes)}
        evidence = replace(evidence, scoped_targets=[replace(target[0], commune=unit) for unit in units])
    elif target:
        evidence = replace(evidence, targets=[target[0]])
    return Recomputed(evidence, defined, territory, target, readings)


def _evidence(basis: Basis, defined: DefinedFacts, territory: TerritoryFacts, readings: CountedReadings) -> Evidence:
    question, replayed = basis.question, defined.replayed
    return Evidence(
        question=question,
        map=TerritoryMap(territory.replayed.territory, question.shown_on),
        definitions=list(replayed.in_force.values()),
        targets=[],
        previous={},
        readings=readings.standing,
        tasks=[],
        refused={},
        parked={},
        positions=basis.positions,
        stocks=replayed.stocks,
        field_names=replayed.field_names,
        measure_names=replayed.measure_names,
        **readings.counted,
    )
