"""Three years of readings of province 51's communes in Indicators' store, as if they had been sent day by day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from pydantic_core import to_json
from rich.console import Console
from rich.progress import Progress

from deploy.embedded.stack import Stack
from services.indicators.application import Indicators
from services.indicators.catalogue import read_catalogue
from services.indicators.domain.submission import Submission
from services.planning.application import Planning
from services.planning.plan_file import read_plan
from services.planning.register import communes_of
from shared.clock import VIETNAM, move
from shared.process import open_pool

PROVINCE = "51"
PLAN = Path(__file__).parents[2] / "services/planning/plans/51-standard.yaml"
FIRST_DAY, DAYS = date(2025, 7, 1), 1096
CORRECTED, LATE = 0.1, 0.02

Fields = dict[str, Any]  # of a stored event


def prepare(stack: Stack) -> None:
    """The standard catalogue, the communes and their standard plan, all before the first reading."""
    clock = stack.folder / "bench-clock"
    move(clock, datetime.combine(FIRST_DAY - timedelta(days=1), time(8), VIETNAM))
    settings = stack.settings("indicators", MINHBACH_CLOCK_FILE=str(clock))
    with open_pool(settings, "indicators") as pool:
        indicators = Indicators(settings, pool)
        for entry in read_catalogue():
            indicators.define(*entry)
        indicators.close()
    settings = stack.settings("planning", MINHBACH_CLOCK_FILE=str(clock))
    with open_pool(settings, "planning") as pool:
        planning = Planning(settings, pool)
        planning.register_communes(PROVINCE)
        planning.issue_plan(read_plan(PLAN), FIRST_DAY, standard=True)
        planning.close()


EVENTS = "indicators.indicators_events (originator_id, originator_version, topic, state, recorded_at)"
READINGS = "indicators.readings (commune, reading_id, version, observed_on, field, counts, event, submission_id)"


def fill(stack: Stack, readings: int, size: int) -> int:
    """Store that many readings, `size` a submission, as Indicators would have; how many events that are.

    A tenth of them is corrected later, and of each fifty one is sent after its day.
    """
    return store(stack, submissions(readings, size), readings)


def store(stack: Stack, sent: Iterable[tuple[UUID, datetime, Fields]], readings: int) -> int:
    """Store submissions with so many readings in all, in their order; how many events that are."""
    events = 0
    with (
        _copy(stack, EVENTS) as copy,
        _copy(stack, READINGS) as found,
        Progress(*Progress.get_default_columns(), console=Console(stderr=True)) as bars,
    ):
        bar = bars.add_task("readings stored", total=readings)
        for identity, at, fields in sent:
            copy.write_row((identity, 1, Submission.Receipted.TOPIC, to_json(fields), at))
            of = fields["commune"], identity, fields["submission_id"]
            for each in (*fields["recorded"], *fields["corrected"]):
                found.write_row(_reading_row(each, *of))
            events += 1
            bars.advance(bar, len(fields["recorded"]))
    with psycopg.connect(stack.servers.database_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE indicators.indicators_events, indicators.readings")
    return events


@contextmanager
def _copy(stack: Stack, columns: LiteralString) -> Iterator[psycopg.Copy]:
    """Each table by a process of PostgreSQL of its own. The trigger that would set the times as they are is not run."""
    with psycopg.connect(stack.servers.database_url) as connection, connection.cursor() as cursor:
        connection.execute("SET session_replication_role TO replica")
        with cursor.copy(f"COPY {columns} FROM STDIN") as copy:
            yield copy


def _reading_row(reading: Fields, commune: str, event: UUID, submission_id: str) -> tuple[Any, ...]:
    key = commune, reading["reading_id"], reading["version"]
    return (*key, reading["observed_on"], reading["field"], to_json(reading["values"]).decode(), event, submission_id)


def submissions(readings: int, size: int) -> Iterator[tuple[UUID, datetime, Fields]]:
    """In order of time: on each day every commune's readings of it, and its corrections of earlier days."""
    dice, numbers = Random(51), count()
    coming = _readings(readings, dice)
    corrections: dict[date, dict[str, list[Fields]]] = defaultdict(lambda: defaultdict(list))
    for n in range(DAYS):
        day = FIRST_DAY + timedelta(days=n)
        items_of: dict[str, dict[str, list[Fields]]] = {
            "recorded": defaultdict(list),
            "corrected": corrections.pop(day, {}),
        }
        for commune, reading in islice(coming, readings * (n + 1) // DAYS - readings * n // DAYS):
            about = day - timedelta(days=dice.choice(DELAYS[:6])) if dice.random() < LATE else day
            reading |= {"observed_on": about.isoformat()}
            items_of["recorded"][commune].append(reading)
            if dice.random() < CORRECTED:
                corrections[day + timedelta(days=dice.choice(DELAYS))][commune].append(_corrected(reading, dice))
        at = datetime.combine(day, time(8), VIETNAM)
        for kind, by_commune in items_of.items():
            for commune, items in by_commune.items():
                for start in range(0, len(items), size):
                    at += timedelta(milliseconds=100)
                    yield settled(next(numbers), commune, kind, items[start : start + size], at)


# Most mistakes are found within weeks, some a year later.
DELAYS = (1, 2, 3, 7, 14, 20, 30, 45, 60, 90, 120, 365)


def _readings(readings: int, dice: Random) -> Iterator[tuple[str, Fields]]:
    """Every commune in turn, its fields in turn, and of each the measures in turn, three in a reading."""
    communes = [entry.code for entry in communes_of(PROVINCE)]
    parts = list(_parts())
    for n in range(readings):
        name, measures = parts[n // len(communes) % len(parts)]
        values = {measure: dice.randrange(50) for measure in measures}
        yield communes[n % len(communes)], {"reading_id": f"r{n}", "version": 1, "field": name, "values": values}


def _parts() -> Iterator[tuple[str | None, list[str]]]:
    entries = list(read_catalogue())
    measures: dict[bool, list[str]] = {True: [], False: []}
    for entry in entries:
        if entry.kind == "measure":
            measures[entry.definition["by_field"]].append(entry.name)
    for name in (*(e.name for e in entries if e.kind == "field"), None):
        here = measures[name is not None]
        yield from ((name, here[start : start + 3]) for start in range(0, len(here), 3))


def _corrected(reading: Fields, dice: Random) -> Fields:
    values = {**reading["values"], next(iter(reading["values"])): dice.randrange(50)}
    return reading | {"version": 2, "values": values, "before": reading["values"], "reason": "nhập nhầm"}


def settled(number: int, commune: str, kind: str, items: list[Fields], at: datetime) -> tuple[UUID, datetime, Fields]:
    fields: Fields = {
        "timestamp": {"_type_": "datetime_iso", "_data_": at.isoformat()},
        "originator_topic": Submission.TOPIC,
        "commune": commune,
        "submission_id": f"s{number}",
        "kind": "readings" if kind == "recorded" else "corrections",
        "recorded": [],
        "corrected": [],
        "withdrawn": [],
        "refused": [],
        "duplicates": 0,
    }
    return Submission.create_id(commune, f"s{number}"), at, fields | {kind: items}
