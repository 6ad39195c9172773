"""`make bench`: what the whole system does on this machine, beside the limit of the same run."""

import argparse
import asyncio
import json
import os
import platform
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import nats
import psutil
import psycopg
from rich.progress import Progress
from rich.table import Table

from deploy.embedded.stack import FORKS, Stack
from services.indicators.application import Indicators
from services.indicators.catalogue import read_catalogue
from services.indicators.domain.assessment import Assessment
from services.indicators.domain.reading import Rules
from services.indicators.domain.submission import Submission
from services.planning.application import Planning
from services.planning.plan_file import read_plan
from services.planning.register import communes_of
from services.reporting.application import Reporting
from shared.cli import err, out
from shared.clock import day_of
from shared.commune_client.sender import Sender
from shared.contracts.indicators import Reading, RecordReadings
from shared.periods import Period
from shared.process import open_pool
from tests.bench import submissions
from tests.bench.accounts import accounts
from tests.bench.documents import documents, large_plan, phrases
from tests.bench.figures import known_at, rebuild
from tests.bench.pages import of_a_year

PROVINCE, COMMUNES = "31", 100
PLANS = Path(__file__).parents[2] / "services/planning/plans"
APPENDED, APPENDED_AT_ONCE = 20_000, 500
REPORTS = 40
READINGS = "SELECT count(DISTINCT (commune, reading_id)) FROM indicators.readings"
FOLLOWED = "SELECT max(position) FROM reporting.tracking WHERE source = 'indicators'"


def main() -> None:
    arguments = argparse.ArgumentParser(prog="make bench")
    arguments.add_argument("--readings", type=int, default=60_000)
    arguments.add_argument(
        "--stored", type=int, default=500_000, help="readings of three years; 5000000 takes half an hour"
    )
    arguments.add_argument("--out", type=Path, default=Path("out"))
    arguments.add_argument("--plans", type=Path, default=Path("../shared/plans"), help="a folder of plan documents")
    arguments.add_argument("--pages", action="store_true", help="only the pages, over a province's year")
    arguments.add_argument("--kept", type=Path, help="a folder in which the province's year stays, to measure it again")
    chosen = arguments.parse_args()
    if chosen.pages:
        tell(of_a_year(chosen.kept))
        return
    figures: dict[str, object] = {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.python_version()}"
    }
    figures |= phrases(PLANS) | documents(chosen.plans) | large_plan() | accounts()
    with tempfile.TemporaryDirectory(prefix="minhbach-bench-") as folder, Stack(Path(folder), services=()) as alone:
        figures["append_ceiling_per_s"] = append_ceiling(alone)
    with tempfile.TemporaryDirectory(prefix="minhbach-bench-") as folder, Stack(Path(folder)) as stack:
        figures |= measure(stack, chosen.readings)
    figures |= {f"pages of a year: {name}": figure for name, figure in of_a_year().items()}
    # The larger store beside a tenth of it: what grows with the readings shows.
    for stored in sorted({chosen.stored, min(chosen.stored, 500_000)}):
        figures |= known_at(stored, size=1)
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / "bench.json").write_text(json.dumps(figures, indent=2) + "\n")
    tell(figures)


def measure(stack: Stack, readings: int) -> dict[str, object]:
    prepare(stack)
    figures: dict[str, object] = {}
    for size in (10, 1):
        figures[f"intake_readings_per_s_in_submissions_of_{size}"] = asyncio.run(intake(stack, readings, size))
    figures |= report_times(stack)
    figures |= rebuild(stack, number(stack, "SELECT count(*) FROM indicators.indicators_events"))
    figures |= submissions.reports(stack, PROVINCE)
    figures |= submissions.flood(stack, PROVINCE, RecordReadings(readings=readings_of(0, 10, "calm-")))
    figures["memory_mb"] = memory(stack)
    return figures


def prepare(stack: Stack) -> None:
    with open_pool(stack.settings("indicators"), "indicators") as pool:
        indicators = Indicators(stack.settings("indicators"), pool)
        for entry in read_catalogue():
            indicators.define(*entry)
        indicators.close()
    with open_pool(stack.settings("planning"), "planning") as pool:
        planning = Planning(stack.settings("planning"), pool)
        planning.register_communes(PROVINCE)
        planning.issue_plan(read_plan(PLANS / "3-xa-vinh-thuan.yaml"), date(2025, 6, 15))
        planning.close()
    wait_until_known(stack)


def wait_until_known(stack: Stack) -> None:
    wanted = len(communes_of(PROVINCE))
    while number(stack, "SELECT count(*) FROM indicators.communes") < wanted:
        time.sleep(0.1)


def append_ceiling(stack: Stack) -> float:
    """Events per second into the store alone: one process, no service; events of ten readings, 500 a transaction."""
    settings = stack.settings("indicators")
    with open_pool(settings, "indicators") as pool:
        indicators = Indicators(settings, pool)
        at, seconds = datetime.now(UTC), 0.0
        for first in range(0, APPENDED, APPENDED_AT_ONCE):
            batch = [settled(first + n, at) for n in range(APPENDED_AT_ONCE)]
            started = time.perf_counter()
            indicators.commit(*batch, at=at)
            seconds += time.perf_counter() - started
        indicators.close()
    return round(APPENDED / seconds)


def settled(number_of: int, at: datetime) -> Submission:
    assessment = Assessment("nowhere", Rules(), day_of(at), {})
    for reading in readings_of(number_of, 10):
        assessment.record(reading.reading_id, reading.observed_on, reading.field, reading.values)
    return Submission.settle(f"append-{number_of}", "readings", assessment, at)


def readings_of(number_of: int, how_many: int, prefix: str = "b") -> tuple[Reading, ...]:
    dice = Random(number_of)
    day = date(2025, 6, 15) + timedelta(days=number_of // 100 % 90)
    values = {"files-received": dice.randint(20, 40), "files-received-online": dice.randint(0, 20)}
    return tuple(
        Reading(reading_id=f"{prefix}{number_of}-{n}", observed_on=day, field="land", values=values)
        for n in range(how_many)
    )


async def intake(stack: Stack, how_many: int, size: int) -> float:
    """Readings per second from the client's first message to the last one visible in reporting's read model."""
    codes = [entry.code for entry in communes_of(PROVINCE)][:COMMUNES]
    submissions = [
        (codes[n % COMMUNES], f"of{size}-{n}", RecordReadings(readings=readings_of(n, size, f"of{size}-")))
        for n in range(how_many // size)
    ]
    client = await nats.connect(stack.servers.nats_url)
    with Progress(console=err, transient=True) as progress:
        working = progress.add_task(f"{how_many} readings, {size} a submission", total=len(submissions))

        async def send(code: str, submission_id: str, submission: RecordReadings) -> int:
            receipt = await sender.send(code, submission_id, submission)
            progress.advance(working)
            return receipt.accepted

        async with Sender(client) as sender:
            started = time.perf_counter()
            accepted = sum(await asyncio.gather(*(send(*one) for one in submissions)))
            await asyncio.to_thread(wait_until_visible, stack)
            seconds = time.perf_counter() - started
    await client.close()
    assert accepted == how_many, f"{accepted} of {how_many} were accepted"
    return round(how_many / seconds)


def wait_until_visible(stack: Stack) -> None:
    last = number(stack, "SELECT max(notification_id) FROM indicators.indicators_events")
    while number(stack, FOLLOWED) < last:
        time.sleep(0.02)


def report_times(stack: Stack) -> dict[str, float]:
    """Milliseconds to the data of the province's report at a date, p50 and p95."""
    settings = stack.settings("reporting")
    period, known_at = Period.parse("2025-Q3"), day_of(datetime.now(UTC))
    times = []
    with open_pool(settings, "reporting") as pool:
        reporting = Reporting(settings, pool)
        for _ in range(REPORTS):
            started = time.perf_counter()
            reporting.report(PROVINCE, period, known_at)
            times.append((time.perf_counter() - started) * 1000)
        reporting.close()
    return {
        "report_ms_p50": round(statistics.median(times), 1),
        "report_ms_p95": round(statistics.quantiles(times, n=20)[-1], 1),
        "report_over_readings": number(stack, READINGS),
    }


def memory(stack: Stack) -> dict[str, float]:
    """Megabytes by process; the proportional size where processes share memory."""
    found = {instance.name: proportional(psutil.Process(instance.process.pid)) for instance in stack.running}
    assert FORKS.process
    found["fork server"] = proportional(psutil.Process(FORKS.process.pid))
    found["nats-server"] = psutil.Process(stack.servers.processes["nats"].pid).memory_info().rss
    postgres = psutil.Process(stack.servers.processes["postgres"].pid)
    found["postgresql"] = sum(proportional(process) for process in [postgres, *postgres.children(recursive=True)])
    return {name: round(size / 1024**2, 1) for name, size in found.items()}


def proportional(process: psutil.Process) -> int:
    return int(process.memory_full_info().pss)


def number(stack: Stack, query: str) -> int:
    with psycopg.connect(stack.servers.database_url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return int(row[0] or 0) if row else 0


def tell(figures: dict[str, object]) -> None:
    table = Table("measured", "", box=None)
    for name, figure in figures.items():
        if isinstance(figure, dict):
            for part, size in figure.items():
                table.add_row(f"{name} {part}", str(size))
        else:
            table.add_row(name, str(figure))
    out.print(table)


if __name__ == "__main__":
    main()
