"""The evidence of a report computed a second way: event by event, without SQL sums and without the read models."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.reporting.audit.replayed_plans import ReplayedPlans
from services.reporting.audit.replayed_territory import ReplayedTerritory
from services.reporting.audit.stored_events import StoredEvent, stored_events
from services.reporting.domain.evidence import Definition, Evidence, Question
from shared.clock import day_of, end_of
from shared.settings import Settings
from shared.territory import Commune

Window = tuple[date, date]


@dataclass
class Standing:
    """A reading as it stands after the events so far."""

    commune: str
    observed_on: date
    field: str
    values: dict[str, int]


@dataclass
class Replay:
    """What the history of Indicators adds up to, for the communes whose counts are asked for."""

    communes: dict[str, Commune] = field(default_factory=dict)
    measures: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    readings: dict[tuple[str, str], Standing] = field(default_factory=dict)
    refused: list[tuple[str, str, date]] = field(default_factory=list)
    parked: list[tuple[str, date]] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)

    def indicators(self, events: Iterable[StoredEvent], day: date) -> None:
        """Formulas are those in force on a day."""
        for event in events:
            said = event.said
            match event.name:
                case "indicators.definition-defined" | "indicators.definition-revised":
                    self._define(said, day)
                case "indicators.submission-receipted":
                    self._receipt(event)
                case "indicators.message-parked":
                    self.parked.append((said["commune"], day_of(event.recorded_at)))
            self.positions["indicators"] = event.position

    def _define(self, said: dict[str, Any], day: date) -> None:
        what, name = said["definition"], said["name"]
        if said["kind"] == "measure":
            self.measures[name] = what["kind"]
        elif said["kind"] == "indicator":
            in_force_from, known = date.fromisoformat(said["in_force_from"]), self.definitions.get(name)
            # In force on a day is the version with the latest effective date, not the one that was written last.
            if in_force_from > day or (known and known.in_force_from > in_force_from):
                return
            self.definitions[name] = Definition(
                name,
                said.get("revision", 1),
                what["name"],
                tuple(what["numerator"]),
                tuple(what["denominator"]),
                what["zero_denominator"],
                in_force_from,
                what["direction"],
                what["source"],
            )

    def _receipt(self, event: StoredEvent) -> None:
        said, commune = event.said, event.said["commune"]
        for reading in (*said["recorded"], *said["corrected"]):
            observed_on = date.fromisoformat(reading["observed_on"])
            standing = Standing(commune, observed_on, reading["field"] or "", reading["values"])
            self.readings[commune, reading["reading_id"]] = standing
        for reading in said["withdrawn"]:
            del self.readings[commune, reading["reading_id"]]
        arrived = day_of(event.recorded_at)
        for item in said["refused"]:
            observed = date.fromisoformat(item["observed_on"]) if item.get("observed_on") else arrived
            self.refused.append((commune, item["rule"], min(observed, arrived)))

    @property
    def stocks(self) -> frozenset[str]:
        return frozenset(measure for measure, kind in self.measures.items() if kind == "stock")

    def by_field(self, window: Window) -> dict[tuple[str, str, str], int]:
        """By (commune, measure, field), "" where none: flows and surveys summed, of a stock the latest day's level."""
        sums: Counter[tuple[str, str, str]] = Counter()
        levels: dict[tuple[str, str, str], Counter[date]] = defaultdict(Counter)
        for reading in self._within(window):
            for measure, count in reading.values.items():
                key = (reading.commune, measure, reading.field)
                if measure in self.stocks:
                    levels[key][reading.observed_on] += count
                else:
                    sums[key] += count
        return dict(sums) | {key: days[max(days)] for key, days in levels.items()}

    def sums(self, window: Window) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
        """Sums by (commune, measure), and readings by commune, in a window with both days inclusive."""
        sums: Counter[tuple[str, str]] = Counter()
        for (commune, measure, _), count in self.by_field(window).items():
            sums[commune, measure] += count
        return dict(sums), dict(Counter(reading.commune for reading in self._within(window)))

    def _within(self, window: Window) -> Iterator[Standing]:
        for reading in self.readings.values():
            if reading.commune in self.communes and window[0] <= reading.observed_on <= window[1]:
                yield reading


def replayed(settings: Settings, question: Question) -> Evidence:
    """What a report rests on, from nothing but the event stores."""
    replay, known_until = Replay(), end_of(question.known_at)
    plans, registered = ReplayedPlans(question.province, question.window[1]), ReplayedTerritory()
    for position, recorded_at, name, said in stored_events(settings, "planning", known_until):
        registered.take(name, said)
        plans.take(name, said)
        if name == "planning.message-parked":
            replay.parked.append((said["commune"], day_of(recorded_at)))
        replay.positions["planning"] = position
    shown = registered.territory.on(question.shown_on)
    replay.communes = {commune: registered.communes[commune] for commune in question.told_by(shown)}
    replay.indicators(stored_events(settings, "indicators", known_until), question.defined_on)
    return _evidence(replay, plans, registered, question)


def _evidence(replay: Replay, plans: ReplayedPlans, registered: ReplayedTerritory, question: Question) -> Evidence:
    window = question.window
    sums, readings = replay.sums(window)
    asked = replay.communes
    return Evidence(
        question=question,
        map=registered.territory.on(question.shown_on),
        definitions=list(replay.definitions.values()),
        targets=plans.targets,
        scoped_targets=plans.scoped_targets,
        sums=sums,
        previous=replay.sums(question.window_before)[0],
        readings=readings,
        tasks=plans.tasks,
        refused=Counter(
            (commune, rule)
            for commune, rule, day in replay.refused
            if window[0] <= day <= window[1] and (commune in asked or commune not in registered.communes)
        ),
        parked=Counter(c for c, day in replay.parked if window[0] <= day <= window[1] and c in asked),
        positions=replay.positions,
        stocks=replay.stocks,
        fields=replay.by_field(window) if question.by_field else {},
        opening=replay.by_field(question.opening_window) if question.by_field else {},
    )
