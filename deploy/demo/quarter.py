"""The demonstration: plans issued, a quarter of readings, the report published, corrections, and the past replayed."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as day_time
from pathlib import Path
from random import Random
from typing import Any

import nats
from psycopg_pool import ConnectionPool
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.demo.counting import Catalogue, CountingCommune
from deploy.demo.sending import Communes, Ledger
from deploy.demo.telling import tell
from deploy.mailbox import Mailbox
from deploy.stack import Stack
from services.indicators.application import Indicators
from services.indicators.catalogue import read_catalogue
from services.planning.application import Planning
from services.planning.lineage import predecessors_of
from services.planning.plan_file import PlanFile, read_plan
from services.planning.register import RegisterEntry, communes_of
from services.reporting.application import Reporting
from services.reporting.audit.comparing import compare
from services.reporting.audit.editions import computed_again
from services.reporting.audit.replay import replayed
from services.reporting.publishing import Edition
from services.reporting.rendering import FORMATS, render
from services.reporting.rendering.canonical import canonical_json
from shared.cli import err
from shared.clock import VIETNAM, move
from shared.periods import Period
from shared.process import open_pool
from shared.sender import Sender

PROVINCE, PERIOD = "51", Period.parse("2025-Q3")
FIRST, PUBLISHED, LAST = date(2025, 6, 15), date(2025, 9, 16), date(2025, 9, 30)
PLANS = Path(__file__).parents[2] / "services/planning/plans"
# Plan 2 does not name its ward; of the wards of Quảng Ngãi, Cẩm Thành stands in for it.
OWN_PLANS = {"23356": "1-xa-xop.yaml", "21025": "2-phuong.yaml", "21211": "4-xa-tinh-khe.yaml"}
STANDARD = "51-standard.yaml"
OFFICE = "Văn phòng UBND tỉnh"
CAUGHT_UP_WITHIN = 60.0


@dataclass
class Told:
    """What the demonstration has to tell at its end."""

    communes: int = 0
    tasks: int = 0
    ledger: Ledger = field(default_factory=Ledger)
    deadlines_missed: int = 0
    notices: int = 0
    mails: int = 0
    predecessors: int = 0
    returned: list[str] = field(default_factory=list)
    approved: int = 0
    editions: list[Edition] = field(default_factory=list)
    same_bytes: list[bool] = field(default_factory=list)
    replays: dict[date, list[str]] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    seconds: float = 0.0


def demonstrate(folder: Path, how_many: int, seed: int) -> None:
    """Run it, leave the reports in a folder, tell what happened. The servers and their data go when it ends."""
    started = time.monotonic()
    data = Path(tempfile.mkdtemp(prefix="minhbach-demo-"))
    clock = data / "clock"
    move(clock, _at(FIRST, 7))
    try:
        shutil.rmtree(folder / "mails", ignore_errors=True)  # those of the demonstration before
        with Mailbox(folder / "mails") as mailbox:
            env = {"MINHBACH_CLOCK_FILE": str(clock), "SMTP_URL": mailbox.url}
            env["MINHBACH_REPORTS_FROM"] = FIRST.isoformat()  # of the half year before nobody was asked here
            err.print("Starting NATS, PostgreSQL and the four services …")
            with Stack(data / "stack", env) as stack:
                told = asyncio.run(Demonstration(stack, mailbox, clock, folder, seed).run(how_many))
    finally:
        shutil.rmtree(data, ignore_errors=True)
    told.seconds = time.monotonic() - started
    tell(told)


class Demonstration:
    def __init__(self, stack: Stack, mailbox: Mailbox, clock: Path, folder: Path, seed: int) -> None:
        self._stack = stack
        self._mailbox = mailbox
        self._clock = clock
        self._folder = folder
        self._seed = seed
        self._random = Random(f"{seed}/tasks")  # noqa: S311  a demonstration's dice
        self._told = Told()
        self._waiting: list[str] = []

    async def run(self, how_many: int) -> Told:
        entries = self._chosen(how_many)
        await asyncio.to_thread(self._prepare, entries)
        client = await nats.connect(self._stack.servers.nats_url)
        try:
            async with Sender(client) as sender:
                counting, olds = self._counting(entries), predecessors(entries)
                communes = Communes(sender, self._seed, counting, olds)
                self._told.ledger = communes.ledger
                await self._quarter(communes)
        finally:
            await client.close()
        await asyncio.to_thread(self._report, entries)
        return self._told

    def _chosen(self, how_many: int) -> list[RegisterEntry]:
        entries = communes_of(PROVINCE)
        own = [entry for entry in entries if entry.code in OWN_PLANS]
        others = [entry for entry in entries if entry.code not in OWN_PLANS]
        return [*own, *others][:how_many]

    def _prepare(self, entries: list[RegisterEntry]) -> None:
        err.print("Registering communes, defining indicators, issuing plans …")
        with self._opened("indicators") as pool:
            indicators = Indicators(self._stack.settings("indicators"), pool)
            for entry in read_catalogue():
                indicators.define(*entry)
            indicators.close()
        with self._planning() as planning:
            planning.register_communes(PROVINCE, {entry.code for entry in entries})
            self._told.predecessors = planning.succeeding.register_predecessors(PROVINCE)
            for code, name in OWN_PLANS.items():
                planning.issue_plan(read_plan(PLANS / name), FIRST, commune=code)
            planning.issue_plan(read_plan(PLANS / STANDARD), FIRST, standard=True)
        self._wait_until_followed()

    def _counting(self, entries: list[RegisterEntry]) -> list[tuple[RegisterEntry, CountingCommune]]:
        catalogue = read_catalogue()
        standard = Catalogue(catalogue, _asked(read_plan(PLANS / STANDARD)))
        own = {
            code: Catalogue(catalogue, _asked(read_plan(PLANS / name)) | _asked(read_plan(PLANS / STANDARD)))
            for code, name in OWN_PLANS.items()
        }
        return [(e, CountingCommune(self._seed, e.code, own.get(e.code, standard))) for e in entries]

    async def _quarter(self, communes: Communes) -> None:
        days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=err) as progress, self._planning() as planning:
            working = progress.add_task("", total=len(days))
            for day in days:
                progress.update(working, description=f"{day.day}/{day.month}/{day.year}", refresh=True)
                await self._day(communes, planning, day)
                progress.advance(working)

    async def _day(self, communes: Communes, planning: Planning, day: date) -> None:
        move(self._clock, _at(day, 8))
        await asyncio.to_thread(planning.sweep, day)
        if day == FIRST:
            await communes.send_quarter_before(FIRST - timedelta(days=1))
        if day.weekday() < 5 and day <= PUBLISHED:
            await communes.send_day(day)
            await communes.complete(day, await asyncio.to_thread(self._done_today, day))
        if day == date(2025, 9, 8):
            await communes.correct(day, 120)
        if day in (PUBLISHED - timedelta(days=1), PUBLISHED):
            punctual = communes.punctual[day == PUBLISHED :: 2]
            await self._submit(communes, punctual, day)
        if day == PUBLISHED:
            await asyncio.to_thread(lambda: self._review(first_returned=True))
            await asyncio.to_thread(self._publish)
        if day == PUBLISHED + timedelta(days=1):
            await self._submit(communes, [*communes.late, *self._told.returned], day)
        if day == PUBLISHED + timedelta(days=2):
            await asyncio.to_thread(self._review)
        if day in (date(2025, 9, 19), date(2025, 9, 26)):
            await communes.correct(day, 40)
            await communes.withdraw(day, 3)

    def _done_today(self, day: date) -> list[tuple[str, str, str, str | None]]:
        """Some of what is open, most of it before it is late: of a task that owes several things, the first."""
        with self._opened("planning") as pool, pool.connection() as connection:
            rows = connection.execute(
                """
                SELECT commune, task_id, lead[1], deadlines[1], CASE WHEN cardinality(deadlines) > 1 THEN (
                    SELECT owed->>'key' FROM jsonb_array_elements(obligations) owed
                    WHERE owed->>'state' = 'open' AND (owed->>'due')::date = deadlines[1] LIMIT 1
                ) END
                FROM tasks WHERE completed_on IS NULL AND deadlines <> '{}' ORDER BY task_id
                """
            ).fetchall()
        soon = day + timedelta(days=24)
        return [(*task, key) for *task, due, key in rows if due <= soon and self._random.random() < 0.14]

    async def _submit(self, communes: Communes, codes: list[str], day: date) -> None:
        await asyncio.to_thread(self._wait_until_followed)
        self._waiting += await communes.submit_reports(codes, day, PERIOD.name)

    def _review(self, *, first_returned: bool = False) -> None:
        """The province approves what was submitted, but for the first, which it may send back."""
        with self._reporting() as reporting:
            if first_returned:
                self._told.returned = [self._waiting.pop(0)]
                for code in self._told.returned:
                    reporting.return_report(code, PERIOD, by=OFFICE, reason="Đề nghị đối chiếu lại hồ sơ tồn đầu kỳ")
            for code in self._waiting:
                reporting.approve_report(code, PERIOD, by=OFFICE)
        self._told.approved += len(self._waiting)
        self._waiting = []

    def _publish(self) -> None:
        self._wait_until_followed()
        with self._reporting() as reporting:
            reporting.publish_report(PROVINCE, PERIOD, PUBLISHED, by=OFFICE, incomplete=True)

    def _report(self, entries: list[RegisterEntry]) -> None:
        err.print("Reporting, replaying the event stores, waiting for the last mails …")
        self._wait_until_followed()
        with self._reporting() as reporting:
            reporting.restate_report(PROVINCE, PERIOD, LAST, by=OFFICE, reason="Tổng hợp số liệu đính chính của các xã")
            for number, day in enumerate((PUBLISHED, LAST), start=1):
                edition = reporting.edition(PROVINCE, PERIOD, number)
                question = reporting.question(PROVINCE, PERIOD, day)
                replay = replayed(self._stack.settings("auditor"), question)
                self._told.replays[day] = compare(reporting.knowledge.of(question), replay)
                self._told.files += render(edition.report, FORMATS, self._folder / f"edition-{number}", edition.mark)
                self._told.editions.append(edition)
                calendar = reporting.calendar.known_on(day).version
                again = computed_again(self._stack.settings("auditor"), edition.report, reporting.rulebook, calendar)
                self._told.same_bytes.append(canonical_json(again) == edition.content)
            own = reporting.report(PROVINCE, PERIOD, LAST, "23356")
            self._told.files += render(own, ("html", "docx", "pdf"), self._folder / "commune")
        self._wait_for_mails()
        self._count(len(entries))

    def _count(self, communes: int) -> None:
        self._told.communes = communes
        self._told.tasks = self._number("planning", "SELECT count(*) FROM tasks")
        self._told.deadlines_missed = self._number(
            "planning", "SELECT count(*) FROM planning_events WHERE topic = 'planning.task-deadline-missed'"
        )
        self._told.notices = self._number(
            "notifications", "SELECT count(*) FROM notifications_events WHERE topic = 'notifications.notice-sent'"
        )
        self._told.mails = self._mailbox.count()

    def _number(self, service: str, query: str) -> int:
        with self._opened(service) as pool, pool.connection() as connection:
            row = connection.execute(query.encode()).fetchone()
        return int(row[0]) if row else 0

    def _wait_until_followed(self) -> None:
        """Until every consumer has taken all there is, twice in a row."""
        deadline, quiet = time.monotonic() + CAUGHT_UP_WITHIN, 0
        while quiet < 2:
            quiet = quiet + 1 if asyncio.run(followed(self._stack.servers.nats_url)) else 0
            if time.monotonic() > deadline:
                raise TimeoutError("the services did not catch up within a minute")
            time.sleep(0.15)

    def _wait_for_mails(self) -> None:
        deadline = time.monotonic() + CAUGHT_UP_WITHIN
        while self._number("notifications", "SELECT count(*) FROM outbox") and time.monotonic() < deadline:
            time.sleep(0.2)

    @contextmanager
    def _opened(self, service: str) -> "Iterator[ConnectionPool[Any]]":
        with open_pool(self._stack.settings(service), service, size=2) as pool:
            yield pool

    @contextmanager
    def _planning(self) -> Iterator[Planning]:
        with self._opened("planning") as pool:
            planning = Planning(self._stack.settings("planning"), pool)
            yield planning
            planning.close()

    @contextmanager
    def _reporting(self) -> Iterator[Reporting]:
        with self._opened("reporting") as pool:
            reporting = Reporting(self._stack.settings("reporting"), pool)
            yield reporting
            reporting.close()


async def followed(nats_url: str) -> bool:
    """Whether every consumer has taken and acknowledged all that its stream holds."""
    from shared.streams import LISTENERS

    client = await nats.connect(nats_url)
    try:
        asked = [client.jetstream().consumer_info(listener.stream, listener.name) for listener in LISTENERS]
        infos = await asyncio.gather(*asked)
    finally:
        await client.close()
    return all(not info.num_pending and not info.num_ack_pending for info in infos)


def predecessors(entries: list[RegisterEntry]) -> dict[str, list[str]]:
    """The ids of the communes until 30 June whose counts go into each of today's, by its code."""
    taking_part = {entry.code for entry in entries}
    olds: dict[str, list[str]] = {code: [] for code in taking_part}
    for old in predecessors_of(PROVINCE):
        if taking_part.issuperset(old.into):
            olds[old.into[0]].append(old.commune)
    return olds


def _asked(plan: PlanFile) -> set[str]:
    return {target.indicator for target in plan.indicators if target.indicator}


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, day_time(hour), VIETNAM)
