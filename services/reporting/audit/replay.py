"""The evidence of a report computed a second way: event by event, without SQL sums and without the read models."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from services.reporting.audit.stored_events import StoredEvent, stored_events
from services.reporting.domain.evidence import Commune, Definition, Evidence, PlanTarget, Task
from services.reporting.domain.quarterly_report import Target
from shared.clock import day_of, end_of
from shared.periods import Period
from shared.settings import Settings

CHANGES_OF_TASKS = {
    f"planning.task-{change}"
    for change in (
        "completed",
        "reopened",
        "returned",
        "withdrawn",
        "obligation-fulfilled",
        "extended",
        "resolved",
        "rescheduled",
        "revised",
    )
}


@dataclass
class Standing:
    """A reading as it stands after the events so far."""

    commune: str
    observed_on: date
    field: str
    values: dict[str, int]
    recorded_in: int


@dataclass
class Replay:
    """What the histories of Planning and Indicators add up to."""

    communes: dict[str, Commune] = field(default_factory=dict)
    registered: set[str] = field(default_factory=set)
    # The targets of each plan in force, that of the latest version last.
    in_force: dict[str, list[PlanTarget]] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    plan_of: dict[str, str] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    measures: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    readings: dict[tuple[str, str], Standing] = field(default_factory=dict)
    refused: list[tuple[str, str, date]] = field(default_factory=list)
    parked: list[tuple[str, date]] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)

    def planning(self, events: Iterable[StoredEvent], province: str, day: date) -> None:
        for position, recorded_at, name, said in events:
            if name == "planning.commune-registered":
                self.registered.add(said["commune"])
            match name:
                case "planning.commune-registered" if said["province"] == province:
                    names = (said["code"], said["name"], province, said["province_name"])
                    self.communes[said["commune"]] = Commune(said["commune"], *names)
                case "planning.plan-issued" | "planning.plan-amended" if said["province"] == province:
                    if said.get("amended_on", "") <= day.isoformat():
                        self._put_in_force(said, day)
                case "planning.plan-closed" if said["closed_on"] <= day.isoformat():
                    self.in_force.pop(said["plan_id"], None)
                case "planning.task-assigned":
                    due = tuple(date.fromisoformat(text) for text in said["deadlines"])
                    self.tasks[said["task_id"]] = Task(said["commune"], tuple(said["lead"]), due, done=False)
                    self.plan_of[said["task_id"]] = said["plan_id"]
                case _ if name in CHANGES_OF_TASKS:
                    self._change_task(name, said)
                case "planning.message-parked":
                    self.parked.append((said["commune"], day_of(recorded_at)))
            self.positions["planning"] = position

    def _change_task(self, name: str, said: dict[str, Any]) -> None:
        task = self.tasks[said["task_id"]]
        if name in {"planning.task-completed", "planning.task-reopened", "planning.task-returned"}:
            task = replace(task, done=name == "planning.task-completed")
        elif name == "planning.task-withdrawn":
            task = replace(task, done=False)  # asked again, it is to be done again
            self.withdrawn.add(said["task_id"])
        else:
            task = replace(task, deadlines=tuple(date.fromisoformat(text) for text in said["deadlines"]))
        if name == "planning.task-revised":
            task = replace(task, lead=tuple(said["lead"]))
            self.withdrawn.discard(said["task_id"])
        self.tasks[said["task_id"]] = task

    def _put_in_force(self, plan: dict[str, Any], day: date) -> None:
        self.in_force.pop(plan["plan_id"], None)
        if not plan["span_from"] <= day.isoformat() <= plan["span_until"]:
            return
        targets = self.in_force[plan["plan_id"]] = []
        seen = set()
        for target in plan["targets"]:
            indicator = target["indicator"]
            if not indicator or target["scope"] or target.get("field") or indicator in seen:
                continue
            seen.add(indicator)
            bounds = target["target"]
            asked = bounds and Target(**{name: Decimal(n) for name, n in bounds.items() if n is not None})
            targets.append(PlanTarget(plan["commune"], indicator, asked, target["target_text"]))

    def indicators(self, events: Iterable[StoredEvent], day: date) -> None:
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
            standing = Standing(commune, observed_on, reading["field"] or "", reading["values"], event.position)
            self.readings[commune, reading["reading_id"]] = standing
        for reading in said["withdrawn"]:
            del self.readings[commune, reading["reading_id"]]
        arrived = day_of(event.recorded_at)
        for item in said["refused"]:
            observed = date.fromisoformat(item["observed_on"]) if item.get("observed_on") else arrived
            self.refused.append((commune, item["rule"], min(observed, arrived)))

    def sums(self, window: tuple[date, date]) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
        """Sums by (commune, measure), and readings by commune, in a window with both days inclusive."""
        sums: Counter[tuple[str, str]] = Counter()
        latest: dict[tuple[str, str, str], date] = {}
        levels: dict[tuple[str, str, str], Counter[date]] = defaultdict(Counter)
        readings: Counter[str] = Counter()
        for reading in self.readings.values():
            if reading.commune not in self.communes or not window[0] <= reading.observed_on <= window[1]:
                continue
            readings[reading.commune] += 1
            for measure, count in reading.values.items():
                if self.measures.get(measure) == "stock":
                    key = (reading.commune, measure, reading.field)
                    levels[key][reading.observed_on] += count
                    latest[key] = max(latest.get(key, reading.observed_on), reading.observed_on)
                else:
                    sums[reading.commune, measure] += count
        for (commune, measure, name), days in levels.items():
            sums[commune, measure] += days[latest[commune, measure, name]]
        return dict(sums), dict(readings)

    def evidence(self, period: Period, known_at: date) -> Evidence:
        window = period.window()
        sums, readings = self.sums(window)
        refused = Counter(
            (commune, rule)
            for commune, rule, day in self.refused
            if window[0] <= day <= window[1] and (commune in self.communes or commune not in self.registered)
        )
        return Evidence(
            period=period,
            known_at=known_at,
            communes=list(self.communes.values()),
            definitions=list(self.definitions.values()),
            targets=list({(t.commune, t.indicator): t for plan in self.in_force.values() for t in plan}.values()),
            sums=sums,
            previous=self.sums(period.before().window())[0],
            readings=readings,
            tasks=[
                task
                for task_id, task in self.tasks.items()
                if self.plan_of[task_id] in self.in_force and task_id not in self.withdrawn
            ],
            refused=dict(refused),
            parked=Counter(
                commune for commune, day in self.parked if window[0] <= day <= window[1] and commune in self.communes
            ),
            positions=self.positions,
        )


def replayed(settings: Settings, province: str, period: Period, known_at: date) -> Evidence:
    """What a period's report rests on, from nothing but the event stores."""
    replay, known_until, last_day = Replay(), end_of(known_at), period.window()[1]
    replay.planning(stored_events(settings, "planning", known_until), province, last_day)
    replay.indicators(stored_events(settings, "indicators", known_until), last_day)
    return replay.evidence(period, known_at)


def compare(read: Evidence, again: Evidence) -> list[str]:
    """Where two computations of the same evidence differ, a sentence each."""
    differences: list[str] = []
    pairs: dict[str, tuple[dict[Any, Any], dict[Any, Any]]] = {
        "sum": (dict(read.sums), dict(again.sums)),
        "sum of the period before": (dict(read.previous), dict(again.previous)),
        "readings of": (dict(read.readings), dict(again.readings)),
        "refused by": (dict(read.refused), dict(again.refused)),
        "parked": (dict(read.parked), dict(again.parked)),
        "target": (_by_key(read.targets), _by_key(again.targets)),
        "definition": ({d.indicator: d for d in read.definitions}, {d.indicator: d for d in again.definitions}),
        "commune": ({c.commune: c for c in read.communes}, {c.commune: c for c in again.communes}),
        "tasks": (dict(Counter(read.tasks)), dict(Counter(again.tasks))),
    }
    for what, (one, other) in pairs.items():
        differences += [
            f"{what} {key}: read models {one.get(key)}, event stores {other.get(key)}"
            for key in sorted(one.keys() | other.keys(), key=str)
            if one.get(key) != other.get(key)
        ]
    return differences


def _by_key(targets: Iterable[PlanTarget]) -> dict[Any, PlanTarget]:
    return {(target.commune, target.indicator): target for target in targets}
