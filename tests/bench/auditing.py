"""What it costs to replay a history, and to find what moved between two days."""

import os
import statistics
import sys
import time
from dataclasses import replace
from datetime import timedelta
from random import Random

from deploy.embedded.stack import Stack
from services.reporting.application import Reporting
from shared.periods import Period
from shared.process import open_pool
from tests.bench.proof import measured
from tests.bench.store import DAYS, FIRST_DAY, PROVINCE

COMPARED = 20


def replayed(stack: Stack, events: int) -> dict[str, object]:
    """A quarter in the middle of the history as known on its last day, by the auditor's login."""
    env = {
        **os.environ,
        "NATS_URL": stack.servers.nats_url,
        "DATABASE_URL": stack.settings("auditor").database_url,
    }
    last = (FIRST_DAY + timedelta(days=DAYS)).isoformat()
    command = [sys.executable, "-m", "deploy.cli", "audit", "replay", "--province", PROVINCE, "--quarter", "2026-Q4"]
    return measured("replay", [*command, "--known-at", last, "--json"], env, events)


def compared(stack: Stack) -> dict[str, object]:
    """Milliseconds to what moved of a quarter between its end and up to a year later; and how many events moved it.

    On two cores, as the command does it.
    """
    settings, dice, times, causes = replace(stack.settings("auditor"), role="auditor"), Random(13), [], []
    with open_pool(settings, "reporting", size=4) as pool:
        reporting = Reporting(settings, pool)
        for _ in range(COMPARED):
            period = Period.containing(FIRST_DAY + timedelta(days=dice.randrange(90, DAYS - 90)), "quarter")
            since = period.window()[1] + timedelta(days=1)
            until = since + timedelta(days=dice.choice((30, 60, 365)))
            started = time.perf_counter()
            found = reporting.changes_between(PROVINCE, period, since, until, on_two_cores=True)
            times.append((time.perf_counter() - started) * 1000)
            causes.append(len(found.causes))
        reporting.close()
    return {
        "diff_ms_p50": round(statistics.median(times)),
        "diff_ms_p95": round(statistics.quantiles(times, n=20)[-1]),
        "diff_events_behind_a_question": round(statistics.mean(causes)),
    }
