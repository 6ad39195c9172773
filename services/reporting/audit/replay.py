"""The evidence of a report computed a second way: event by event, without SQL sums and without the read models."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.reporting.audit.replayed_definitions import ReplayedDefinitions
from services.reporting.audit.replayed_plans import ReplayedPlans
from services.reporting.audit.replayed_territory import ReplayedTerritory
from services.reporting.audit.stored_events import StoredEvent, stored_events
from services.reporting.domain.evidence import Evidence, Question
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
    definitions: ReplayedDefinitions = field(default_factory=ReplayedDefinitions)
    readings: dict[tuple[str, str], Standing] = field(default_factory=dict)
    refused: list[tuple[str, str, date]] = field(default_factory=list)
    parked: list[tuple[str, date]] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)

    def indicators(self, events: Iterable[StoredEvent], day: date, named_on: date | None = None) -> None:
        """Formulas are those in force on a day, names of fields those of another, or of the same."""
        for event in events:
            said = event.said
            match event.name:
                case "indicators.definition-defined" | "indicators.definition-revised":
                    self.definitions.take(said, day, named_on or day)
                case "indicators.submission-receipted":
                    self._receipt(event)
                case "indicators.message-parked":
                    self.parked.append((said["commune"], day_of(event.recorded_at)))
            self.positions["indicators"] = event.position

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

    def by_field(self, window: Window) -> dict[tuple[str, str, str], int]:
        """By (commune, measure, field), "" where none: flows and surveys summed, of a stock the latest day's level."""
        sums: Counter[tuple[str, str, str]] = Counter()
        levels: dict[tuple[str, str, str], Counter[date]] = defaultdict(Counter)
        stocks = self.definitions.stocks
        for reading in self._within(window):
            for measure, count in reading.values.items():
                key = (reading.commune, measure, reading.field)
                if measure in stocks:
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


def replayed(settings: Settings, question: Question, positions: Mapping[str, int] | None = None) -> Evidence:
    """What a report rests on, from nothing but the event stores; of each no further than to a position, where given."""
    last = positions or {}
    replay, known_until = Replay(), end_of(question.known_at)
    plans, registered = ReplayedPlans(question.province, question.window[1]), ReplayedTerritory()
    for position, recorded_at, name, said in stored_events(settings, "planning", known_until, last.get("planning")):
        registered.take(name, said)
        plans.take(name, said)
        if name == "planning.message-parked":
            replay.parked.append((said["commune"], day_of(recorded_at)))
        replay.positions["planning"] = position
    shown = registered.territory.on(question.shown_on)
    replay.communes = {commune: registered.communes[commune] for commune in question.told_by(shown)}
    history = stored_events(settings, "indicators", known_until, last.get("indicators"))
    replay.indicators(history, question.defined_on, question.window[1])
    return _evidence(replay, plans, registered, question)


def _evidence(replay: Replay, plans: ReplayedPlans, registered: ReplayedTerritory, question: Question) -> Evidence:
    window = question.window
    sums, readings = replay.sums(window)
    asked = replay.communes
    return Evidence(
        question=question,
        map=registered.territory.on(question.shown_on),
        definitions=list(replay.definitions.in_force.values()),
        targets=plans.targets,
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
        stocks=replay.definitions.stocks,
        **(_by_field(replay, plans, question) if question.by_field else {}),
    )


def _by_field(replay: Replay, plans: ReplayedPlans, question: Question) -> dict[str, Any]:
    return {
        "fields": replay.by_field(question.window),
        "opening": replay.by_field(question.opening_window),
        "scoped_targets": plans.scoped_targets,
        "field_names": replay.definitions.field_names,
        "measure_names": replay.definitions.measure_names,
    }
