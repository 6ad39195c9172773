"""Turns what was found of a figure into the parts of its explanation."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from services.reporting.audit.explaining.basis import Basis
from services.reporting.audit.explaining.explanation import (
    ExplainedCommune,
    ExplainedFormula,
    ExplainedMeasure,
    ExplainedReading,
    ExplainedTarget,
    ExplainedUnit,
    ReadingAct,
)
from services.reporting.audit.explaining.reading_facts import Act, ReadingHistory
from services.reporting.audit.explaining.recomputed import Recomputed
from services.reporting.domain.content.report_content import IndicatorLine
from services.reporting.domain.content.restatement import Amounts

SIDES = ("numerator", "denominator")


def explained_formula(found: Recomputed) -> ExplainedFormula:
    (definition,) = found.evidence.definitions
    return ExplainedFormula(
        indicator=definition.indicator,
        name=definition.name,
        version=definition.version,
        numerator=definition.numerator,
        denominator=definition.denominator,
        zero_denominator=definition.zero_denominator,
        in_force_from=definition.in_force_from,
        source=definition.source,
        fact=found.definitions.facts["indicator", definition.indicator].shown,
    )


def explained_target(found: Recomputed, line: IndicatorLine | None) -> ExplainedTarget | None:
    if found.target is None:
        return None
    target, fact = found.target
    fields = fact.fields
    return ExplainedTarget(
        text=target.text,
        met=line.met if line else None,
        plan_id=fields["plan_id"],
        title=fields["title"],
        number=fields["number"],
        based_on=tuple(fields["based_on"]),
        in_force_from=date.fromisoformat(fields.get("amended_on") or fields["issued_on"]),
        fact=fact.shown,
    )


def explained_measures(found: Recomputed) -> tuple[ExplainedMeasure, ...]:
    """Those of the formula, numerator first; of a cell, all that its count can come from."""
    evidence = found.evidence
    sides: dict[str, list[str]] = {}
    for definition in evidence.definitions:
        for side in SIDES:
            for measure in getattr(definition, side):
                sides.setdefault(measure, []).append(side)
    for measure in sorted(evidence.measure_names):
        sides.setdefault(measure, [])
    totals = Counter[str]()
    known = set[str]()
    for (_, measure), count in evidence.counted.items():
        totals[measure] += count
        known.add(measure)
    return tuple(
        ExplainedMeasure(
            measure=measure,
            name=evidence.measure_names.get(measure, measure),
            kind=found.definitions.replayed.kinds.get(measure, ""),
            sides=tuple(own),
            total=totals[measure] if measure in known else None,
            readings=found.readings.by_measure[measure],
        )
        for measure, own in sides.items()
    )


def explained_units(found: Recomputed) -> tuple[ExplainedUnit, ...]:
    shown, territory = found.evidence.map, found.territory
    ended = {s.commune: s for s in shown.successions}
    units = []
    for commune in territory.replayed.communes.values():
        end = ended.get(commune.commune)
        fact = territory.ended[commune.commune] if end else None
        units.append(
            ExplainedUnit(
                commune=commune.commune,
                code=commune.code,
                name=shown.name_of(commune.commune),
                fact=territory.registered[commune.commune].shown,
                into=tuple(shown.name_of(part.commune) for part in end.into) if end else (),
                ended_on=end.in_force_from if end else None,
                source=fact.fields["source"] if fact else None,
                ended=fact.shown if fact else None,
            )
        )
    return tuple(units)


def explained_readings(found: Recomputed) -> tuple[ExplainedReading, ...]:
    """Those carried over from the quarter before come first; only the measures of the figure are shown."""
    measures = frozenset(found.evidence.measure_names)
    readings = {(each.commune, each.last["reading_id"]): each for each in found.readings.histories}
    shown = (_reading(each, measures, found) for each in readings.values())
    return tuple(each for each in shown if any(act.values for act in each.acts))


def explained_communes(basis: Basis, found: Recomputed, amounts: Mapping[str, Amounts]) -> tuple[ExplainedCommune, ...]:
    """In Vietnamese order, each with the readings of its predecessors (of a divided one: with all of them)."""
    readings = found.readings
    counted = {"readings": readings.standing, "corrected": readings.corrected, "withdrawn": readings.withdrawn}
    shown = found.evidence.map
    return tuple(
        ExplainedCommune(
            commune=commune.commune,
            code=commune.code,
            name=commune.name,
            amounts=amounts[commune.commune],
            **{
                kind: sum(numbers[source] for source in shown.sources_of([commune.commune]))
                for kind, numbers in counted.items()
            },
        )
        for commune in basis.known.communes
    )


def _reading(each: ReadingHistory, measures: frozenset[str], found: Recomputed) -> ExplainedReading:
    names = found.evidence.field_names
    return ExplainedReading(
        commune=each.commune,
        reading_id=each.last["reading_id"],
        observed_on=each.observed_on,
        field=each.field_id or None,
        field_name=names.get(each.field_id, each.field_id),
        values=_of(each.values, measures),
        acts=tuple(_act(act, measures) for act in each.acts),
    )


def _act(act: Act, measures: frozenset[str]) -> ReadingAct:
    return ReadingAct(
        act=act.kind,
        by=act.reading.get("by") or act.by,
        by_account=act.by_account,
        reason=act.reading.get("reason", ""),
        values=_of(act.reading["values"], measures),
        submission_id=act.fact.fields["submission_id"],
        fact=act.fact.shown,
    )


def _of(values: Mapping[str, int], measures: frozenset[str]) -> dict[str, int]:
    return {measure: count for measure, count in values.items() if measure in measures}
