"""Finds counts whose counterpart in a rate is nowhere in the file: they are sent, but no rate counts them without it.

The units are those in which Reporting pairs both sides: a row; else a day and field; else a half month and field; else
a half month. Of levels it is the file.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

from services.indicators.readings_file.doubts.placed_reading import PlacedReading
from services.indicators.readings_file.findings import Findings, several
from services.indicators.readings_file.names.known import measure_titles
from shared.periods import half_of

MOST_NAMED = 3  # rates, or measures

Measures = frozenset[str]


class Formula(NamedTuple):
    """The measures of one side of a rate's flows, or of its levels, and all of these; `over` is the whole numerator."""

    rate: str
    over: Measures
    part: Measures
    all: Measures
    are_levels: bool


class Unit(NamedTuple):
    """Days of a half month and field on which rows have the same sets of measures. Of levels `half` is 0: any day."""

    half: int
    field: str | None
    sets: frozenset[Measures]


def one_sided(found: Sequence[PlacedReading], findings: Findings) -> None:
    """A note at their places for the rows that lack the same measures, with the rates that will not count them."""
    units, present = _units(found), frozenset(chain.from_iterable(one.reading.values for one in found))
    alike: dict[tuple[Measures, frozenset[Unit]], list[Formula]] = {}
    for formula in _formulas():
        if formula.all & present:
            for missing, left in _left_out(formula, units, present).items():
                alike.setdefault((missing, frozenset(left)), []).append(formula)
    for (missing, days), formulas in alike.items():
        rows = [one for unit in days for one in units[unit] if any(_lacks(formula, one) for formula in formulas)]
        titles = _quoted([measure_titles().get(measure, measure) for measure in sorted(missing)])
        rates = _quoted([formula.rate for formula in formulas])
        findings.note(
            f"có một vế mà thiếu vế kia: trong tệp không có {titles} cùng ngày hoặc cùng nửa tháng, nên chưa được tính"
            f" vào {rates}; số liệu vẫn được gửi, và được tính khi số còn thiếu đến",
            several([one.place for one in sorted(rows, key=lambda one: one.order)]),
        )


def _units(found: Iterable[PlacedReading]) -> dict[Unit, list[PlacedReading]]:
    """Few, whatever the number of rows: most days have the same sets of measures."""
    days: dict[tuple[int, str | None, int], list[PlacedReading]] = {}
    for one in found:
        day = one.reading.observed_on
        days.setdefault((half_of(day), one.reading.field, day.day), []).append(one)
    units: dict[Unit, list[PlacedReading]] = {}
    for (half, field, _), rows in days.items():
        sets = frozenset(frozenset(one.reading.values) for one in rows)
        units.setdefault(Unit(half, field, sets), []).extend(rows)
    return units


def _left_out(formula: Formula, units: Iterable[Unit], present: Measures) -> dict[Measures, list[Unit]]:
    """The days that lack measures, by these: of a rate that the file holds, or of which it has the numerator alone."""
    complete = False
    waiting: dict[int, dict[str | None, list[Unit]]] = {}
    for unit in units:
        parts = {measures & formula.all for measures in unit.sets if measures & formula.all}
        complete |= formula.all in parts
        lacking = parts - {formula.all}
        if lacking and frozenset().union(*lacking) == formula.all:
            complete = True
        elif lacking:
            waiting.setdefault(0 if formula.are_levels else unit.half, {}).setdefault(unit.field, []).append(unit)
    remaining = [rest for fields in waiting.values() if (rest := _rest(formula, fields))]
    complete |= len(remaining) < len(waiting)
    left: dict[Measures, list[Unit]] = {}
    if complete and formula.are_levels:
        return left
    for rest in remaining:
        there = _measures(rest) & formula.all
        numerator_alone = bool(formula.part) and formula.part <= there and formula.over <= present
        if complete or numerator_alone:
            left.setdefault(formula.all - there, []).extend(rest)
    return left


def _rest(formula: Formula, fields: dict[str | None, list[Unit]]) -> list[Unit]:
    """Those of one half month that are complete neither by field nor together."""
    rest = [unit for of_field in fields.values() if not _measures(of_field) >= formula.all for unit in of_field]
    return [] if _measures(rest) >= formula.all else rest


def _measures(units: Iterable[Unit]) -> Measures:
    return frozenset(chain.from_iterable(chain.from_iterable(unit.sets for unit in units)))


def _lacks(formula: Formula, one: PlacedReading) -> bool:
    return bool(one.reading.values.keys() & formula.all) and not one.reading.values.keys() >= formula.all


@cache
def _formulas() -> list[Formula]:
    """Of the standard catalogue, which every machine has: a province's own definitions are not on a commune's."""
    from services.indicators.catalogue import read_catalogue

    entries = read_catalogue()
    stocks = {one.name for one in entries if one.kind == "measure" and one.definition["kind"] == "stock"}
    found = []
    for definition in (one.definition for one in entries if one.kind == "indicator"):
        over, under = frozenset(definition["numerator"]), frozenset(definition["denominator"])
        for are_levels in (False, True):
            kind = (over | under) & stocks if are_levels else (over | under) - stocks
            if kind:
                found.append(Formula(definition["name"], over, over & kind, kind, are_levels))
    return found


def _quoted(names: Sequence[str]) -> str:
    more = f" và {len(names) - MOST_NAMED} chỉ tiêu khác" if len(names) > MOST_NAMED else ""
    return ", ".join(f"“{name}”" for name in names[:MOST_NAMED]) + more
