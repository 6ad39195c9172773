"""A province that takes part: set up through the services' own doors, then sent to, broken and asked."""

import asyncio
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as day_time
from pathlib import Path
from random import Random

import psycopg
from nats.js.errors import NotFoundError, ServiceUnavailableError

from deploy.demo.commune_senders import CommuneSenders
from deploy.demo.running_services import announced_position, is_taken, newest_position
from deploy.embedded.stack import Stack
from deploy.mailbox import Mailbox
from services.indicators.application import Indicators
from services.indicators.catalogue import read_catalogue
from services.planning.application import Planning
from services.planning.plan_file import read_plan
from services.planning.register import communes_of
from services.reporting.application import Reporting
from shared.clock import VIETNAM, move
from shared.contracts.indicators import Reading, RecordReadings
from shared.contracts.planning import ReportProgress, TaskStep
from shared.periods import Period
from shared.process import open_pool
from tests.journeys.ledger import Ledger

CODE, QUARTER = "51", Period.parse("2025-Q3")
STANDARD = Path(__file__).parents[2] / "services/planning/plans/51-standard.yaml"
FIRST_DAY = date(2025, 6, 15)
PACE = 0.1  # seconds between two submissions of a commune, so that a stream has a middle
FIELDS = ("land", "civil-status", "justice", None)


def until(happened, event, within=90.0):
    """Wait on progress: the first answer that is true.

    It rests four times as long as a look took, at most a second: the services need the processor.
    """
    looked_at = time.monotonic()
    deadline = looked_at + within
    while not (answer := happened()):
        now = time.monotonic()
        assert now < deadline, f"not within {within:.0f} s: {event}"
        time.sleep(min(1.0, max(0.05, 4 * (now - looked_at))))
        looked_at = time.monotonic()
    return answer


@dataclass
class Province:
    """Its servers and services, its clock, its mailbox, and the ledger of the receipts that its communes have."""

    stack: Stack
    clock: Path
    mailbox: Mailbox
    communes: list
    ledger: Ledger = field(default_factory=Ledger)
    _asking: dict = field(default_factory=dict)  # connections, by service

    @classmethod
    @contextmanager
    def of(cls, make_stack, folder, *, communes=8, today=date(2025, 9, 10), **how):
        clock = folder / "clock"
        move(clock, at(FIRST_DAY, 7))
        with Mailbox(folder / "mails") as mailbox:
            env = {"MINHBACH_CLOCK_FILE": str(clock), "SMTP_URL": mailbox.url}
            with make_stack(env=env, **how) as stack:
                province = cls(stack, clock, mailbox, [entry.code for entry in communes_of(CODE)[:communes]])
                province.found()
                province.move_to(today)
                try:
                    yield province
                finally:
                    province.close()

    def close(self):
        """End what it asks with. The stack runs on."""
        for connection in self._asking.values():
            connection.close()

    def found(self):
        """Communes registered, indicators defined, the standard plan issued, and all of it known everywhere."""
        with self.service("indicators", Indicators) as indicators:
            indicators.define_all(read_catalogue())
        with self.service("planning", Planning) as planning:
            assert planning.register_communes(CODE, self.communes) == len(self.communes)
            planning.issue_plan(read_plan(STANDARD), FIRST_DAY, standard=True)
        until(self._known_everywhere, "every service knows the communes, their plans and the indicators")
        self.wait_until_followed()

    def _known_everywhere(self):
        self.stack.supervise()  # somebody may have taken a service's port before it did

        def number(service, table):
            return self.ask(service, f"SELECT count(*) FROM {table}")[0][0]

        defined = self.ask("indicators", "SELECT count(*) FROM definitions WHERE kind = 'indicator'")[0][0]
        return (
            {number(s, "communes") for s in ("indicators", "reporting", "notifications")} == {len(self.communes)}
            and number("reporting", "indicators") == defined
            and number("reporting", "tasks") == number("planning", "tasks")
            and len(self.assignments_notified()) == number("planning", "tasks")
            and number("indicators", "plan_spans") == number("planning", "plans")
        )

    def move_to(self, day, hour=8):
        move(self.clock, at(day, hour))

    @contextmanager
    def service(self, name, application):
        """A service's use cases, as a command calls them."""
        settings = self.stack.settings(name)
        with open_pool(settings, name, size=2) as pool:
            opened = application(settings, pool)
            yield opened
            opened.close()

    def reporting(self):
        return self.service("reporting", Reporting)

    def report(self, day, commune=None):
        with self.reporting() as reporting:
            return reporting.report(CODE, QUARTER, day, commune)

    def ask(self, service, query, *parameters):
        """Over a connection that is kept, and made anew where the server ended meanwhile."""
        try:
            return self._connection(service).execute(query, parameters).fetchall()
        except psycopg.OperationalError:
            if service not in self._asking:
                raise
            self._asking.pop(service).close()
            return self._connection(service).execute(query, parameters).fetchall()

    def _connection(self, service):
        if service not in self._asking:
            database = self.stack.settings(service).database(service)
            self._asking[service] = psycopg.connect(**database, autocommit=True, prepare_threshold=None)
        return self._asking[service]

    def waiting_notices(self):
        return self.ask("notifications", "SELECT count(*) FROM outbox")[0][0]

    def tasks(self):
        """(commune, task, body that leads), all of them."""
        return self.ask("planning", "SELECT commune, task_id, lead[1] FROM tasks ORDER BY task_id")

    def bodies(self):
        """Each task's id, and who leads or supports it."""
        return self.ask("planning", "SELECT task_id, lead || support FROM tasks")

    def assignments_notified(self):
        """How many bodies were notified of each task that is theirs."""
        notified = self.ask(
            "notifications",
            "SELECT convert_from(state, 'utf8')::jsonb ->> 'about_event' FROM notifications_events"
            " WHERE convert_from(state, 'utf8')::jsonb ->> 'template' = 'task_assigned'",
        )
        identities = {f"{uuid}/1": task for uuid, task in self.ask("planning", "SELECT uuid::text, task_id FROM tasks")}
        return Counter(identities[about] for (about,) in notified)

    def send(self, *submissions):
        """Send and wait for the receipts, in order; they are noted in the ledger."""
        return asyncio.run(self._send(submissions))

    async def _send(self, submissions):
        async with self.sender() as sender:
            receipts = [await sender.send(*submitted) for submitted in submissions]
        for (_, _, submission), receipt in zip(submissions, receipts, strict=True):
            self.ledger.note(submission, receipt)
        return receipts

    def send_raw(self, commune, kind, submission_id, body):
        """Send bytes that nobody can read."""

        async def send():
            async with self.sender() as sender:
                return await sender.send_raw(commune, kind, submission_id, body)

        receipt = asyncio.run(send())
        self.ledger.note(None, receipt)
        return receipt

    @contextmanager
    def sending(self, submissions, together=10):
        """Submissions under way in a thread of their own, whatever becomes of the servers meanwhile."""
        stream = Stream(self, list(submissions), together)
        stream.start()
        try:
            yield stream
        finally:
            stream.stop()

    def sender(self):
        """Each commune sends with its own account, over a connection that outlives its server."""
        return CommuneSenders(self.stack.servers, max_reconnect_attempts=-1, reconnect_time_wait=0.2, error_cb=_quietly)

    def wait_until_followed(self, within=90.0):
        """Until all is announced and taken, twice in a row, the services kept alive meanwhile."""
        until(lambda: self._followed() and self._followed(), "everything is announced and taken", within)

    def _followed(self):
        self.stack.supervise()
        try:
            return all(map(self._is_announced, self.stack.services)) and asyncio.run(is_taken(self.stack))
        except (NotFoundError, ServiceUnavailableError, TimeoutError, psycopg.OperationalError):  # deleted, busy, away
            return False

    def _is_announced(self, service):
        return announced_position(self.stack, service) >= self.ask(service, newest_position(service))[0][0]

    def wait_until_counted(self, within=100.0):
        """Until the province counts what the ledger holds, its services kept alive meanwhile."""

        def equal():
            self.stack.supervise()
            return not self.differences()

        try:
            until(equal, "the province counts what its communes hold receipts for", within)
        finally:
            assert self.differences()[:5] == []

    def differences(self):
        try:
            return self.ledger.differences(self.stack)
        except psycopg.OperationalError as away:
            return [f"PostgreSQL: {away}"]

    def wait_until_mailed(self, within=100.0):
        """Until no notice waits; what was mailed is then each notice, whatever was mailed twice."""

        def done():
            self.stack.supervise()
            return not self.waiting_notices()

        until(done, "every notice is mailed", within)
        sent = self.ask("notifications", "SELECT notice_id::text FROM settled WHERE failed_because IS NULL")
        events = self.ask(
            "notifications", "SELECT originator_id::text FROM notifications_events WHERE topic LIKE '%%.notice-sent'"
        )
        assert sorted(sent) == sorted(events)
        assert self.assignments_notified() == {task: len({*bodies}) for task, bodies in self.bodies()}
        assert {f"<{notice}@minhbach.example>" for (notice,) in sent} == set(self.mailbox.message_ids())


async def _quietly(_):
    """Faults are what these tests make."""


class Stream(threading.Thread):
    """So many submissions at a time; `receipts` counts what has been answered."""

    def __init__(self, province, submissions, together):
        super().__init__(daemon=True)
        self.receipts = 0
        self.sent = len(submissions)
        self.fault = None
        self._province = province
        self._submissions = iter(submissions)
        self._together = together
        self._given_up = threading.Event()

    def run(self):
        try:
            asyncio.run(self._run())
        except Exception as fault:  # noqa: BLE001  raised again by whoever waits
            self.fault = fault

    async def _run(self):
        async with self._province.sender() as sender:
            workers = [asyncio.ensure_future(self._work(sender)) for _ in range(self._together)]
            while not all(worker.done() for worker in workers) and not self._given_up.is_set():
                await asyncio.wait(workers, timeout=0.2, return_when=asyncio.FIRST_EXCEPTION)
                for worker in workers:
                    if worker.done():
                        worker.result()
            for worker in workers:
                worker.cancel()

    async def _work(self, sender):
        for commune, submission_id, submission in self._submissions:
            receipt = await sender.send(commune, submission_id, submission)
            self._province.ledger.note(submission, receipt)
            self.receipts += 1
            await asyncio.sleep(PACE)

    def wait_for(self, receipts, *, kept_alive=False):
        """Until so many submissions are receipted, the services kept alive meanwhile if asked for."""

        def done():
            if kept_alive:
                self._province.stack.supervise()
            return self.receipts >= receipts

        self._until(done, f"{receipts} receipts")

    def finish(self, within=120.0):
        """Until everything is receipted, the services kept alive meanwhile."""

        def done():
            self._province.stack.supervise()
            return not self.is_alive()

        self._until(done, "everything is receipted", within)
        assert self.receipts == self.sent

    def _until(self, happened, event, within=120.0):
        until(lambda: happened() or self.fault, f"{event} (there are {self.receipts} of {self.sent})", within)
        if self.fault:
            raise self.fault

    def stop(self):
        self._given_up.set()
        self.join(10)


def readings_of(commune, name, days, each=10, seed=1):
    """Submissions of readings from one commune: one a day, `name` in every id."""
    random = Random(f"{seed}/{commune}/{name}")
    for number in range(days):
        day = FIRST_DAY + timedelta(days=number % 80)
        readings = tuple(_reading(random, f"{name}-{number}-{n}", day, FIELDS[n % 4]) for n in range(each))
        yield commune, f"{name}-{number}", RecordReadings(readings=readings)


def _reading(random, reading_id, day, measured):
    received = random.randrange(5, 50)
    values = {"files-received": received, "files-received-online": random.randrange(received)}
    if reading_id.endswith("0"):
        values["files-pending-in-term"] = random.randrange(30)
    return Reading(reading_id=reading_id, observed_on=day, field=measured, values=values)


def in_turn(*many):
    """One of each, then the next of each: communes send side by side."""
    for several in zip(*many, strict=True):
        yield from several


def completion(commune, task, body, name="done"):
    step = TaskStep(task_id=task, step="complete", evidence="Báo cáo số 12/BC-UBND", by=body)
    return commune, f"{name}-{task}", ReportProgress(steps=(step,))


def at(day, hour):
    return datetime.combine(day, day_time(hour), VIETNAM)
