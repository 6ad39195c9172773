"""A year of a province as its pages show it: every commune counts everything, reports, and is published."""

import asyncio
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from itertools import count
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import nats

from deploy.demo.counting import Catalogue, CountingCommune
from deploy.demo.running_services import followed
from deploy.demo.sending import FORGOTTEN
from deploy.embedded.stack import Stack
from deploy.provision import TIMES_OF_SERVICES
from services.indicators.catalogue import read_catalogue
from services.planning.application import Planning
from services.planning.plan_file import PlanFile, plan_of
from services.planning.register import communes_of
from services.reporting.application import Reporting
from services.reporting.subscribers import of_terminal
from shared.clock import VIETNAM, move
from shared.commune_client.sender import Sender
from shared.contracts.reporting import PublishReport, RestateReport, SubmitReport
from shared.garbage_collection import search_less
from shared.grants import Scope
from shared.messaging.following.grants import PROVINCE as OF_PROVINCE
from shared.periods import Period
from shared.process import open_pool
from tests.bench.figures import rebuild
from tests.bench.store import CORRECTED, DELAYS, FIRST_DAY, LATE, PLAN, PROVINCE, Fields, prepare, settled, store
from tests.journeys.browsing import Browser, browsers
from tests.journeys.province import until

LAST_DAY, TODAY = date(2026, 6, 30), date(2026, 7, 1)
QUARTERS = [Period.parse(name) for name in ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2")]
COUNTED = 12  # communes that are counted by themselves; each other one has the counts of one of these
COMMUNES = [entry.code for entry in communes_of(PROVINCE)]


@contextmanager
def province_year(folder: Path) -> Iterator[tuple[Stack, dict[str, Any]]]:
    """The running stack on the day after the year, and what the year holds. A folder that was used is opened again."""
    search_less()
    clock, made = folder / "bench-clock", folder / "made.json"
    env = {"MINHBACH_CLOCK_FILE": str(clock), "MINHBACH_PUBLIC_ACCOUNT": "public", **TIMES_OF_SERVICES}
    if not made.exists():
        folder.mkdir(parents=True, exist_ok=True)
        move(clock, _eight(FIRST_DAY))
        with Stack(folder, env, services=()) as stack:
            prepare(stack)
            move(clock, _eight(date(2026, 1, 5)))
            with open_pool(stack.settings("planning"), "planning") as pool:
                planning = Planning(stack.settings("planning"), pool)
                planning.issue_plan(_plan_of_2026(), date(2026, 1, 5), standard=True)
                planning.close()
            figures = rebuild(stack, store(stack, submissions(), number_of_readings()))
            made.write_text(json.dumps(figures | {"readings": number_of_readings(), "communes": len(COMMUNES)}))
    with Stack(folder, env) as stack:
        _wait(stack)
        for period in QUARTERS:
            if not _is_published(stack, period):
                _report(stack, clock, period)
        move(clock, _eight(TODAY))
        _wait(stack)
        yield stack, json.loads(made.read_text())


def fields() -> list[str]:
    return [entry.name for entry in read_catalogue() if entry.kind == "field"]


def number_of_readings() -> int:
    """On each weekday every commune's: one of each field, and one of what is not counted by field."""
    return len(_days()) * len(COMMUNES) * (len(fields()) + 1)


def submissions() -> Iterator[tuple[UUID, datetime, Fields]]:
    """In order of time: on each weekday every commune's readings of it, and its corrections of earlier days."""
    dice, numbers = Random(51), count()
    counting = [CountingCommune(51, str(n), _everything(), fields()) for n in range(COUNTED)]
    coming: dict[date, dict[str, list[Fields]]] = defaultdict(lambda: defaultdict(list))
    for day in _days():
        counts = [each.readings(day) for each in counting]
        at = _eight(day)
        for place, commune in enumerate(COMMUNES):
            about = day - timedelta(days=dice.choice(DELAYS[:6])) if dice.random() < LATE else day
            recorded = [
                {**each.model_dump(mode="json", include={"field", "values"}), "reading_id": each.reading_id,
                 "version": 1, "observed_on": about.isoformat()}
                for each in counts[place % COUNTED]
            ]  # fmt: skip
            for reading in recorded:
                if "files-received" in reading["values"] and dice.random() < CORRECTED:
                    found_on = next(d for d in _days_from(day + timedelta(days=dice.choice(DELAYS))))
                    coming[found_on][commune].append(_forgotten(reading))
            for kind, items in (("recorded", recorded), ("corrected", coming[day].pop(commune, []))):
                if items:
                    at += timedelta(milliseconds=100)
                    yield settled(next(numbers), commune, kind, items, at)


def _eight(day: date) -> datetime:
    """In the morning."""
    return datetime.combine(day, clock_time(8), VIETNAM)


def _forgotten(reading: Fields) -> Fields:
    """One file more, as somebody finds it who counts again: every sum of the form still adds up."""
    before: Mapping[str, int] = reading["values"]
    values = {**before, **{measure: before[measure] + 1 for measure in FORGOTTEN if measure in before}}
    return {**reading, "version": 2, "values": values, "before": before, "reason": "đếm thiếu một hồ sơ"}


def _everything() -> Catalogue:
    entries = list(read_catalogue())
    return Catalogue(entries, {entry.name for entry in entries if entry.kind == "indicator"})


def _days() -> list[date]:
    return [day for day in _days_until(FIRST_DAY, LAST_DAY) if day.weekday() < 5]


def _days_from(day: date) -> Iterator[date]:
    """The weekdays from a day on."""
    return (each for each in _days_until(day, day + timedelta(days=7)) if each.weekday() < 5)


def _days_until(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _plan_of_2026() -> PlanFile:
    """The same plan a year later."""
    text = PLAN.read_text(encoding="utf-8")
    later = re.sub(r"2025-|/2025(?!/)|: 2025\b|năm 2025", lambda found: found[0].replace("2025", "2026"), text)
    return plan_of(later, "yaml")


def _report(stack: Stack, clock: Path, period: Period) -> None:
    """Every commune submits, all are approved at once, the province publishes, and restates the quarter before."""
    move(clock, _eight(period.window()[1] + timedelta(days=1)))
    asyncio.run(_submit(stack, period))
    officer = accounts(stack)["officer"]
    until(lambda: approve_all(officer, period) or _waiting(officer, period) == 0, f"{period.name} is approved", 300)
    scope = f"{OF_PROVINCE}{PROVINCE}"
    with open_pool(stack.settings("reporting"), "reporting") as pool:
        reporting = Reporting(stack.settings("reporting"), pool)
        of_terminal(reporting, scope, PublishReport(period=period.name, incomplete=True), "Trần Thị Bình")
        if period != QUARTERS[0]:
            before = RestateReport(period=period.before().name, reason="đính chính của các xã")
            of_terminal(reporting, scope, before, "Trần Thị Bình")
        reporting.close()


async def _submit(stack: Stack, period: Period) -> None:
    """Once more with an explanation of each sum that does not add up: nothing precedes the first quarter."""
    client = await nats.connect(stack.servers.nats_url)
    async with Sender(client) as sender:

        async def submit(commune: str) -> None:
            broken: dict[str, str] = {}
            for attempt in ("", "-2"):
                sent = SubmitReport(period=period.name, by="Nguyễn Thị An", explanations=broken)
                receipt = await sender.send(commune, f"bc-{period.name}-{commune}{attempt}", sent)
                if not receipt.refused:
                    return
                broken = {each.item: "hồ sơ của kỳ trước chưa được nhập" for each in receipt.refused}
            raise AssertionError(receipt.refused)

        await asyncio.gather(*map(submit, COMMUNES))
    await client.close()


def approve_all(officer: Browser, period: Period) -> float:
    """One click; the seconds until the board shows what came of it."""
    path = f"/bao-cao/tinh/{PROVINCE}?ky={period.name}&loc=cho-duyet"
    board = officer.page(f"{path}&chon=tat-ca")
    chosen = re.findall(r'name="bao-cao" value="([^"]+)"', board)
    if not chosen:
        return 0.0
    clicked = {"step": "approve", "bao-cao": chosen, "lan-gui": re.findall(r'name="lan-gui" value="(\w+)"', board)[0]}
    started = time.perf_counter()
    answer = officer.client.post(path, data=clicked)
    if answer.status_code == 303:
        officer.page(answer.headers["location"])
    return time.perf_counter() - started


def _waiting(officer: Browser, period: Period) -> int:
    return officer.page(f"/bao-cao/tinh/{PROVINCE}?ky={period.name}&loc=cho-duyet").count('name="bao-cao"')


def accounts(stack: Stack) -> dict[str, Browser]:
    """A browser of each role."""
    own, whole = Scope(COMMUNES[0]), Scope(province=PROVINCE)
    of: dict[str, Any] = {
        "clerk": ("clerk", own), "chair": ("chair", own), "officer": ("provincial-officer", whole),
        "auditor": ("auditor", whole), "operator": ("operator", whole), "public": ("auditor", whole),
    }  # fmt: skip
    return browsers(SimpleNamespace(stack=stack, communes=COMMUNES[:1]), of)


def _is_published(stack: Stack, period: Period) -> bool:
    with open_pool(stack.settings("reporting"), "reporting") as pool:
        reporting = Reporting(stack.settings("reporting"), pool)
        found = [each for each in reporting.published_reports(PROVINCE) if each.period == period.name]
        reporting.close()
    return bool(found)


def _wait(stack: Stack) -> None:
    """Until every service has taken what the others announce."""
    until(lambda: followed(stack), "everything is followed", 600)
