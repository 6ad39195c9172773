"""What it costs to ask what was known of a quarter on any day, and to make reporting's tables again."""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import psutil
import psycopg

from deploy.embedded.stack import Stack
from deploy.provision import TIMES_OF_SERVICES
from services.reporting.application import Reporting
from shared.garbage_collection import search_less
from shared.periods import Period
from shared.process import open_pool
from tests.bench.auditing import compared, replayed
from tests.bench.explaining import explained
from tests.bench.proof import proof
from tests.bench.store import DAYS, FIRST_DAY, PROVINCE, fill, prepare

QUESTIONS, TRIES = 50, 3
DERIVED = ("field_totals", "corrections")


def known_at(readings: int, size: int, kept: Path | None = None) -> dict[str, object]:
    """With that many readings in the store, `size` a submission: the rebuild, then questions of any day.

    `kept` is a folder in which the store stays, to be measured again without being made; what is measured once, the
    rebuild and the proofs, is then of the day on which it was made.
    """
    search_less()  # as each service and command does
    with contextlib.ExitStack() as opened:
        folder = kept or Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="minhbach-bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        stack = opened.enter_context(Stack(folder, TIMES_OF_SERVICES, services=()))
        made = folder / f"made-{readings}-{size}.json"
        if not made.exists():
            made.write_text(json.dumps(make(stack, readings, size)))
        events, figures = json.loads(made.read_text())
        figures |= questions(stack) | explained(stack) | compared(stack) | replayed(stack, events)
    return {f"{readings} readings, {size} a submission: {name}": figure for name, figure in figures.items()}


def make(stack: Stack, readings: int, size: int) -> tuple[int, dict[str, Any]]:
    """Fill the store: how many events that are, and what rebuild and proofs cost."""
    prepare(stack)
    events = fill(stack, readings, size)
    figures: dict[str, Any] = rebuild(stack, events) | proof(stack, events)
    return events, figures | {"rebuilt_mb": {table: megabytes(stack, table) for table in DERIVED}}


def rebuild(stack: Stack, events: int) -> dict[str, Any]:
    """As the operator runs it; and what the command and PostgreSQL, each on a core of its own, could at most."""
    env = {**os.environ, "NATS_URL": stack.servers.nats_url, "DATABASE_URL": stack.servers.database_url}
    before, started = postgres_seconds(stack), time.perf_counter()
    command = subprocess.Popen([sys.executable, "-m", "deploy.cli", "report", "rebuild"], env=env)
    _, status, used = os.wait4(command.pid, 0)
    seconds = time.perf_counter() - started
    assert status == 0
    return {
        "rebuild_events_per_s": round(events / seconds),
        "rebuild_events_per_processor_s_of_the_command": round(events / (used.ru_utime + used.ru_stime)),
        "rebuild_events_per_processor_s_of_postgresql": round(events / (postgres_seconds(stack) - before)),
        "rebuild_peak_mb": round(used.ru_maxrss / 1024),
    }


def postgres_seconds(stack: Stack) -> float:
    """Processor time of PostgreSQL's processes, those that ended included."""
    postgres = psutil.Process(stack.servers.processes["postgres"].pid)
    own = postgres.cpu_times()
    seconds = own.user + own.system + own.children_user + own.children_system
    for process in postgres.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended just now
            times = process.cpu_times()
            seconds += times.user + times.system
    return seconds


def questions(stack: Stack) -> dict[str, Any]:
    """Milliseconds, each question asked of another quarter and day; the best of three, for others share the machine."""
    settings = stack.settings("reporting")
    with open_pool(settings, "reporting", size=1) as pool:
        reporting = Reporting(settings, pool)

        def figures(period: Period, day: date) -> None:
            reporting.knowledge.of(reporting.question(PROVINCE, period, day, by_field=False))

        def by_field(period: Period, day: date) -> None:
            reporting.knowledge.of(reporting.question(PROVINCE, period, day, by_field=True))

        def report(period: Period, day: date) -> None:
            reporting.report(PROVINCE, period, day)

        asked = {"figures": figures, "by_field": by_field, "report": report}
        found = {name: milliseconds(ask) for name, ask in asked.items()}
        reporting.close()
    return {f"{name}_ms_{part}": ms for name, parts in found.items() for part, ms in parts.items()}


def milliseconds(ask: Callable[[Period, date], None]) -> dict[str, float]:
    dice, times = Random(4), []
    for _ in range(QUESTIONS):
        day = FIRST_DAY + timedelta(days=dice.randrange(90, DAYS))
        period = Period.containing(FIRST_DAY + timedelta(days=dice.randrange((day - FIRST_DAY).days)), "quarter")
        times.append(min(_timed(ask, period, day) for _ in range(TRIES)))
    return {"p50": round(statistics.median(times), 1), "p95": round(statistics.quantiles(times, n=20)[-1], 1)}


def _timed(ask: Callable[[Period, date], None], period: Period, day: date) -> float:
    started = time.perf_counter()
    ask(period, day)
    return (time.perf_counter() - started) * 1000


def megabytes(stack: Stack, table: str) -> int:
    with psycopg.connect(stack.servers.database_url) as connection:
        row = connection.execute("SELECT pg_total_relation_size(%s)", (f"reporting.{table}",)).fetchone()
    assert row
    return round(row[0] / 1024**2)


if __name__ == "__main__":
    kept_in = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    for name, figure in known_at(int(sys.argv[1]), int(sys.argv[2]), kept_in).items():
        print(name, figure, flush=True)
