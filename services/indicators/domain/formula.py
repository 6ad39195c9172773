"""Formulas of indicators by their days in force, which check that a part is not larger than its whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from services.indicators.domain.definition_rules import DefinitionParts


@dataclass(frozen=True)
class Formula:
    """The measures whose sum is part of the sum of others, from a day on and until another version is in force."""

    indicator: str
    name: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    in_force_from: date = date.min
    in_force_until: date = date.max

    @cached_property
    def measures(self) -> frozenset[str]:
        return frozenset((*self.numerator, *self.denominator))

    def checks_one_reading(self, kinds: Mapping[str, str]) -> bool:
        """Not where flows and stocks are summed: what came in on one day is no limit to what is pending on it."""
        return len({kinds.get(measure) for measure in self.measures}) == 1


class DefinitionVersion(NamedTuple):
    """One version of a definition, as its table holds it."""

    name: str
    revision: int
    definition: DefinitionParts
    in_force_from: date


def formulas_of(indicators: Iterable[DefinitionVersion], kinds: Mapping[str, str]) -> list[Formula]:
    """The formula of each version of the indicators with the days on which it is in force, where it checks a reading.

    `kinds` are those of the measures. Of two versions with the same date of effect the later revision counts.
    """
    by_name: dict[str, dict[date, DefinitionVersion]] = {}
    for version in sorted(indicators, key=lambda each: each.revision):
        by_name.setdefault(version.name, {})[version.in_force_from] = version
    formulas = []
    for name in sorted(by_name):
        days = sorted(by_name[name])
        for day, until in pairwise([*days, date.max]):
            formulas.append(_formula(by_name[name][day], until))
    return [formula for formula in formulas if formula.checks_one_reading(kinds)]


def _formula(version: DefinitionVersion, until: date) -> Formula:
    definition = version.definition
    numerator, denominator = tuple(definition["numerator"]), tuple(definition["denominator"])
    return Formula(version.name, definition["name"], numerator, denominator, version.in_force_from, until)
