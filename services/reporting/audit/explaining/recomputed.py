"""The evidence of one figure from the stored events that it rests on, and no others."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from psycopg import Connection

from services.reporting.audit.explaining.basis import Basis
from services.reporting.audit.explaining.reading_facts import (
    ReadingHistory,
    WantedReadings,
    amounts_of,
    counts_of,
    readings_of,
    sums_of,
)
from services.reporting.audit.explaining.rules_in_force import (
    DefinedFacts,
    Part,
    TerritoryFacts,
    target_of,
    territory_of,
)
from services.reporting.audit.explaining.standing_readings import StandingReading, standing_readings_of
from services.reporting.audit.explaining.stored_facts import Fact
from services.reporting.domain.drafts.evidence import Evidence, PlanTarget
from services.reporting.domain.territory.territory_map import TerritoryMap

Readings = Sequence[ReadingHistory] | Sequence[StandingReading]


@dataclass(frozen=True)
class Recomputed:
    """`readings` are those of the window, `carried` those of the quarter before, whose levels a form carries over.

    Of a commune with every act on them, of a province as they count.
    """

    evidence: Evidence
    definitions: DefinedFacts
    territory: TerritoryFacts
    target: tuple[PlanTarget, Fact] | None
    readings: Readings
    carried: Readings


class _Readings(NamedTuple):
    """`counted` are the fields of evidence that the readings amount to."""

    now: Readings
    carried: Readings
    counted: Mapping[str, Any]


def recomputed_indicator(connection: Connection, basis: Basis, part: Part) -> Recomputed:
    question, until = basis.question, basis.until("indicators")
    defined = DefinedFacts(question, until)
    defined.read(connection, "indicator", [part.indicator])
    version = defined.replayed.in_force.get(part.indicator)
    measures = {*version.numerator, *version.denominator} if version else set[str]()
    defined.read(connection, "measure", measures)
    target = target_of(connection, question, part, basis.until("planning"))
    fields = part.fields if part.scope else None
    now = _read(connection, basis, WantedReadings(basis.sources, question.window, measures, fields))
    counts = counts_of(now, defined.replayed.stocks)
    counted = {"sums": counts.sums, "reported": counts.reported, "fields": counts.by_field, "opening": {}}
    return _recomputed(connection, basis, defined, _Readings(now, [], counted), target)


def recomputed_cell(
    connection: Connection,
    basis: Basis,
    measures: tuple[Collection[str], Collection[str]],
    fields: Collection[str] | None,
) -> Recomputed:
    """`measures` of the window and of the opening; `fields` None for those of all fields."""
    question, until = basis.question, basis.until("indicators")
    defined = DefinedFacts(question, until)
    defined.read(connection, "measure", {*measures[0], *measures[1]})
    now, carried = (
        _read(connection, basis, WantedReadings(basis.sources, window, asked, fields))
        for window, asked in zip((question.window, question.opening_window), measures, strict=True)
    )
    amounts, opening = (amounts_of(each, defined.replayed.stocks) for each in (now, carried))
    counted = {"sums": sums_of(amounts), "fields": amounts, "opening": opening}
    return _recomputed(connection, basis, defined, _Readings(now, carried, counted))


def _read(connection: Connection, basis: Basis, wanted: WantedReadings) -> Readings:
    read = readings_of if basis.question.commune else standing_readings_of
    return read(connection, wanted, basis.until("indicators"))


def _recomputed(
    connection: Connection,
    basis: Basis,
    defined: DefinedFacts,
    readings: _Readings,
    target: tuple[PlanTarget, Fact] | None = None,
) -> Recomputed:
    defined.read(connection, "field", {each.field_id for each in (*readings.now, *readings.carried)} - {""})
    territory = territory_of(connection, basis.sources, basis.until("planning"))
    evidence = _evidence(basis, defined, territory, readings)
    if target and target[0].scope:
        # The part of each commune is counted as that of the province is.
        units = {basis.question.commune, *(commune.commune for commune in evidence.communes)}
        evidence = replace(evidence, scoped_targets=[replace(target[0], commune=unit) for unit in units])
    elif target:
        evidence = replace(evidence, targets=[target[0]])
    return Recomputed(evidence, defined, territory, target, readings.now, readings.carried)


def _evidence(basis: Basis, defined: DefinedFacts, territory: TerritoryFacts, readings: _Readings) -> Evidence:
    question, replayed = basis.question, defined.replayed
    return Evidence(
        question=question,
        map=TerritoryMap(territory.replayed.territory, question.shown_on),
        definitions=list(replayed.in_force.values()),
        targets=[],
        previous={},
        readings=Counter(each.commune for each in readings.now if each.values),
        tasks=[],
        refused={},
        parked={},
        positions=basis.positions,
        stocks=replayed.stocks,
        field_names=replayed.field_names,
        measure_names=replayed.measure_names,
        **readings.counted,
    )
