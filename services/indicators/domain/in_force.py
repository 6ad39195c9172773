"""From what was said of the indicators, version after version, to the formula that judges the readings of a day."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from services.indicators.domain.reading import Formula


class Said(NamedTuple):
    """One version of an indicator."""

    indicator: str
    revision: int
    definition: Mapping[str, Any]
    in_force_from: date


def formulas_of(versions: Iterable[Said], kinds: Mapping[str, str]) -> list[Formula]:
    """Each formula with the days on which it is in force; `kinds` are those of the measures.

    Of two versions with the same date of effect the one said last counts.
    """
    by_indicator: dict[str, dict[date, Said]] = {}
    for said in sorted(versions, key=lambda said: said.revision):
        by_indicator.setdefault(said.indicator, {})[said.in_force_from] = said
    formulas = []
    for indicator in sorted(by_indicator):
        days = sorted(by_indicator[indicator])
        for day, until in pairwise([*days, date.max]):
            formulas.append(_formula(by_indicator[indicator][day], until))
    return [formula for formula in formulas if formula.judges_one_reading(kinds)]


def _formula(said: Said, until: date) -> Formula:
    what = said.definition
    numerator, denominator = tuple(what["numerator"]), tuple(what["denominator"])
    return Formula(said.indicator, what["name"], numerator, denominator, said.in_force_from, until)
