"""Invents the daily counts of communes: reproducible by a seed, and consistent as real counts are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from services.indicators.catalogue import CatalogueEntry
from shared.contracts.indicators import Reading

FIELDS = ("land", "civil-status", "justice")


@dataclass(frozen=True)
class Formula:
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]


class Catalogue:
    """Measures and formulas of the indicators that a commune's plan asks for."""

    def __init__(self, entries: Sequence[CatalogueEntry], asked: set[str]) -> None:
        self.formulas = {
            entry.name: Formula(tuple(entry.definition["numerator"]), tuple(entry.definition["denominator"]))
            for entry in entries
            if entry.kind == "indicator" and entry.name in asked
        }
        used = {m for f in self.formulas.values() for m in (*f.numerator, *f.denominator)}
        measures = {e.name: e.definition for e in entries if e.kind == "measure" and e.name in used}
        self.by_field = [m for m, d in measures.items() if d["by_field"]]
        self.without_field = [m for m, d in measures.items() if not d["by_field"]]
        self.stocks = {m for m, d in measures.items() if d["kind"] == "stock"}


class CountingCommune:
    """One commune: how busy it is, and how well it does on each indicator. Its days are asked for in their order."""

    def __init__(self, seed: int, code: str, catalogue: Catalogue, fields: Sequence[str] = FIELDS) -> None:
        self._random = Random(f"{seed}/{code}")  # noqa: S311  invented figures, not secrets
        self.catalogue = catalogue
        self._busy = self._random.uniform(4, 16)
        # Some things a commune always does, some it does as well as it can.
        self._skill = {
            name: 1.0 if self._random.random() < 0.6 else min(1.0, self._random.gauss(0.88, 0.08))
            for name in catalogue.formulas
        }
        self._desks = {field: Desk(self._random, self._busy) for field in fields}

    def quarter_before(self, last_day: date) -> list[Reading]:
        """A whole quarter in one reading for each field, from before communes sent every day."""
        return [
            reading.model_copy(update={"reading_id": f"quarter-{reading.reading_id}"})
            for reading in self._readings(last_day, 55)
        ]

    def readings(self, day: date) -> list[Reading]:
        """A day's readings: one for each field, and one for what is not counted by field."""
        return self._readings(day, 1)

    def _readings(self, day: date, days: int) -> list[Reading]:
        counted: list[tuple[str | None, Sequence[str], Mapping[str, int]]]
        counted = [(field, self.catalogue.by_field, desk.work(days)) for field, desk in self._desks.items()]
        counted.append((None, self.catalogue.without_field, {}))
        return [
            Reading(reading_id=f"{day:%Y%m%d}-{field or 'all'}", observed_on=day, field=field, values=values)
            for field, measures, worked in counted
            if (values := self._values(day, measures, worked, days))
        ]

    def _values(self, day: date, measures: Sequence[str], worked: Mapping[str, int], days: int) -> dict[str, int]:
        values = dict(worked)
        formulas = [(n, f) for n, f in self.catalogue.formulas.items() if set(f.denominator) <= {*measures, *worked}]
        for _, formula in formulas:
            for measure in formula.denominator:
                if measure not in values:
                    values[measure] = self._whole(day, measure, days)
        for name, formula in formulas:
            left = self._part(sum(values[measure] for measure in formula.denominator), self._skill[name])
            for measure in formula.numerator:
                if measure not in worked:
                    values[measure] = min(values.get(measure, left), left)
                    left -= values[measure]
        return {measure: values[measure] for measure in dict.fromkeys([*worked, *measures]) if measure in values}

    def _whole(self, day: date, measure: str, days: int) -> int:
        if measure in self.catalogue.stocks:
            return 80 + int(self._busy * 5) + day.timetuple().tm_yday // 30
        return max(0, round(self._random.gauss(self._busy, 2))) * days

    def _part(self, whole: int, skill: float) -> int:
        return sum(self._random.random() < skill for _ in range(whole)) if whole < 50 else round(whole * skill)


class Desk:
    """Where files of one field come in, wait and are done: what form II.06 holds, and adds up as on a real desk."""

    def __init__(self, random: Random, busy: float) -> None:
        self._random = random
        self._busy = busy
        self._online = random.uniform(0.55, 0.95)
        self._in_time = random.choice((1.0, 1.0, random.uniform(0.9, 0.99)))
        self._waiting = max(1, round(busy))

    def work(self, days: int) -> dict[str, int]:
        """The counts of so many days, and the levels at their end."""
        received = max(0, round(self._random.gauss(self._busy, 2))) * days
        online = round(received * self._online)
        open_files = self._waiting + received
        resolved = max(0, open_files - max(1, round(self._random.gauss(self._busy, 2))))
        late = round(resolved * (1 - self._in_time))
        early = (resolved - late) // 3
        self._waiting = open_files - resolved
        overdue = min(self._waiting, round(self._waiting * (1 - self._in_time)))
        return {
            "files-received": received,
            "files-received-online": online,
            "files-received-direct": received - online,
            "files-resolved": resolved,
            "files-resolved-early": early,
            "files-resolved-on-time": resolved - late - early,
            "files-resolved-late": late,
            "files-pending-in-term": self._waiting - overdue,
            "files-pending-overdue": overdue,
        }


def wrong(reading: Reading, kind: int, catalogue: Catalogue) -> Reading:
    """A reading as a hurried clerk sends it: refused, each kind for another reason."""
    values: Mapping[str, int] = reading.values
    first = next(iter(values))
    formula = next((f for f in catalogue.formulas.values() if {*f.numerator, *f.denominator} <= set(values)), None)
    match kind % 4:
        case 0:
            return reading.model_copy(update={"values": {**values, first: -7}})
        case 1 if formula:
            over = sum(values[m] for m in formula.denominator) + 1
            return reading.model_copy(update={"values": {**values, formula.numerator[0]: over}})
        case 2:
            return reading.model_copy(update={"values": {**values, "no-such-measure": 1}})
    return reading.model_copy(update={"observed_on": reading.observed_on.replace(year=2026)})
