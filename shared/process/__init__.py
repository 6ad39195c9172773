"""One instance of a service as a process: its tasks, health and metrics over HTTP, and an orderly end."""

import asyncio
import contextlib
import logging
import os
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import uvicorn
import uvloop
from faststream.asgi import AsgiFastStream, AsgiResponse, get
from nats.aio.msg import Msg
from prometheus_client import make_asgi_app
from psycopg import Error as DatabaseError
from psycopg_pool import ConnectionPool

from shared.cancelling import cancel
from shared.clock import day_of
from shared.contracts import Question
from shared.contracts.operation import ShowHealth, TraceSubmission
from shared.garbage_collection import search_less
from shared.grants import Places
from shared.messaging import stream_provision, streams
from shared.messaging.announcing.announced import announcement_key
from shared.messaging.announcing.announced_checkpoints import AnnouncedCheckpoints, Remember
from shared.messaging.announcing.continuity import COMPARED_EVERY, Continuity
from shared.messaging.announcing.relay import Relay
from shared.messaging.announcing.sealer import Sealer
from shared.messaging.announcing.translations import Announce
from shared.messaging.bus import Bus, Take
from shared.messaging.connection import connect
from shared.messaging.following.followed_stream import FollowedStream
from shared.messaging.following.follower import Follower, Subscriptions
from shared.messaging.following.grants import PORTAL, Grants
from shared.messaging.following.missed import MissedAnnouncements, missed_subject
from shared.messaging.intake.desk import Desk
from shared.messaging.intake.intake import Intake
from shared.messaging.intake.intake_report import IntakeReport
from shared.messaging.intake.intake_subjects import IntakeSubjects
from shared.messaging.intake.submissions import Decisions
from shared.messaging.questions.operator_answers import OperatorAnswers
from shared.messaging.questions.questions import Functions, Questions
from shared.messaging.stream_fill import StreamFill
from shared.messaging.streams import desk_listener, events_listener, intake_listener
from shared.process.http_server import HttpServer
from shared.process.metrics import ProcessMetrics
from shared.record.clock_watch import ClockWatch
from shared.record.event_store import EventStore
from shared.record.leadership import Leadership
from shared.record.pool import open_pool, reading
from shared.seals.key_file import key_of
from shared.settings import Settings

__all__ = ["EXIT_NOT_PROVISIONED", "READY", "RUN_RECOVER", "Process", "open_pool"]

EXIT_NOT_PROVISIONED = 78
WATCHED_EVERY = 5.0
CHECKED_EVERY = 15.0  # also where no consumer seems to be gone
SILENT_TOO_LONG = 60.0
# Submissions that cannot be decided yet are held so long, well below their ack_wait, and not sent again and again.
HELD_FOR = 30.0
IDLE = 0.2
READY = "ready\n"
RUN_RECOVER = "the event store is behind its stream, run minhbach recover"

Task = Callable[[], Awaitable[None]]

log = logging.getLogger(__name__)


class Process:
    """An instance of a service: tasks that every instance runs, and tasks that only the leader runs."""

    def __init__(
        self,
        settings: Settings,
        store: EventStore,
        announce: Announce,
        pool: ConnectionPool,
    ) -> None:
        self.settings = settings
        self.bus = Bus(settings.nats, store.name)
        self.store = store
        self.pool = pool
        key = announcement_key(pool)
        self._announce = announce
        self.relay = Relay(store, announce, key)
        self.continuity = Continuity(store, key)
        self.clock = ClockWatch(store)
        self.sealer = Sealer(store.name, pool, key_of(settings.env.get("MINHBACH_SEAL_KEY")), key)
        self._missed = MissedAnnouncements(store, announce, key)
        self._followed: list[FollowedStream] = []
        self._intakes: list[IntakeReport] = []
        self._key = key
        self._leadership = Leadership(settings, store.name)
        self._fill = StreamFill(self.bus.registry, streams.used_by(store.name))
        self.bus.registry.register(
            ProcessMetrics(
                lambda: self._leadership.held,
                self.relay,
                self.continuity,
                self.clock,
                self._followed,
                intakes=self._intakes,
                sealer=self.sealer,
            )
        )
        self._always: list[Task] = [
            self._beat,
            self._check,
            self.clock.run,
            lambda: self.continuity.watch(self.bus.client),
            lambda: self._fill.watch(self.bus.client),
        ]
        self._answers: dict[str, Callable[[Msg], Awaitable[bytes]]] = {}
        self._questions: Questions | None = None
        self._operator_answers: OperatorAnswers | None = None
        self._grants: Grants | None = None
        self._leading: list[Task] = [
            lambda: self.relay.run(self.bus.client),
            lambda: self.sealer.run(self.bus.client),
        ]
        self._running: list[asyncio.Task[None]] = []
        self._heartbeat = time.monotonic()
        self.app = AsgiFastStream(
            self.bus.broker,
            logger=log,
            asgi_routes=[
                ("/health/live", get(self._live)),
                ("/health/ready", get(self._ready)),
                ("/metrics", make_asgi_app(self.bus.registry)),
            ],
            on_startup=[self._start],
            on_shutdown=[self._stop],
        )
        self._door: Any = self.app
        self._trusted_proxies: tuple[str, ...] = ()

    def takes_submissions(self, decisions: Decisions[Any]) -> None:
        """Every instance takes its share of the submissions that communes send, and answers requests for receipts."""
        intake = Intake(self.store, self.pool, self.bus, decisions)
        listener = intake_listener(self.store.name, *(kind.kind for kind in decisions.functions))
        self._intakes.append(intake.report)
        self.works(lambda: intake.report.watch(self.bus.client, listener))
        self.works(lambda: self.bus.pull(listener, self._deciding(intake.take)))
        self._answers[f"{intake.door.receipts}.{self.store.name}.*"] = intake.receipt_requested
        if streams.INTAKE_SUBJECTS.service == self.store.name:
            subjects = IntakeSubjects(intake, self.bus)
            self.works(lambda: self.bus.pull(streams.INTAKE_SUBJECTS, self._deciding(subjects.take)))

    def takes_commands(self, decisions: Decisions[Any]) -> None:
        """Every instance takes its share of what accounts send through the portal. After `checks_grants`."""
        assert self._grants, "grants are not remembered"
        desk = Desk(self.store, self.pool, self.bus, decisions, self._grants, announce=self._announce)
        kinds = [kind.kind for kind in (*decisions.functions, *decisions.of_accounts)]
        listener = desk_listener(self.store.name, *kinds)
        self.bus.registry.register(desk.forged)
        self._intakes.append(desk.report)
        self.works(lambda: desk.report.watch(self.bus.client, listener))
        self.works(lambda: self.bus.pull(listener, self._deciding(desk.take)))
        self._answers[f"{desk.door.receipts}.{self.store.name}.*"] = desk.receipt_requested

    def _deciding(self, take: Take) -> Take:
        """Nothing is decided on a store that lacks what was decided before, nor at a wrong time."""

        async def decide(messages: Sequence[Msg]) -> None:
            held_until = time.monotonic() + HELD_FOR
            while not self._may_decide() and time.monotonic() < held_until:  # noqa: ASYNC110  two tasks decide it
                await asyncio.sleep(IDLE)
            if self._may_decide():
                await take(messages)
            else:
                for message in messages:
                    await message.nak(delay=COMPARED_EVERY)

        return decide

    def _may_decide(self) -> bool:
        return self.continuity.behind == 0 and self.clock.agrees

    def follows(self, source: str, subscriptions: Subscriptions) -> None:
        """The leader applies another service's events, in order."""
        followed = FollowedStream(Follower(self.pool, source, subscriptions), self.bus, self._key)
        listener = events_listener(self.store.name, source)
        self.leads(lambda: self.bus.pull(listener, followed.take))
        self.works(lambda: followed.watch(lambda: self._leadership.held))
        self._followed.append(followed)

    def answers(
        self,
        functions: Functions[Any],
        health: type[ShowHealth],
        grants: Grants | None = None,
        *,
        traced: tuple[type[TraceSubmission], Any] | None = None,
    ) -> None:
        """Every instance takes its share of the questions; the functions get the application that the process has.

        `health` and `traced` are those of operators, the second with the aggregate that holds a submission.
        `grants`: those of `checks_grants` without.
        """
        known = grants or self._grants
        assert known, "grants are not remembered"
        operators = OperatorAnswers(
            self.store,
            self.pool,
            lambda: self.bus.client,
            self._state,
            announce=self._announce,
            relay=self.relay,
            followed=self._followed,
            intakes=self._intakes,
            places=known.places,
        )
        of_operators: dict[type[Question[Any]], Any] = {health: operators.health}
        if traced:
            question, submission = traced
            of_operators[question] = lambda _, traced: operators.trace(submission, traced)
        self._operator_answers = operators
        self._questions = Questions(
            self.store, {**functions, **of_operators}, self._positions, lambda: self.continuity.behind == 0, known
        )

    def checks_grants(self, places: Places) -> None:
        """The service remembers what accounts may do; `places` is where it knows communes to be. Before `answers`."""
        self.follows("portal", PORTAL)
        self._grants = Grants(self.pool, places, lambda: day_of(self.store.clock()))

    def _positions(self) -> dict[str, int]:
        with reading(self.pool) as connection:
            applied = dict(connection.execute("SELECT source, position FROM tracking").fetchall())
        followed = {each.source: int(applied.get(each.source, 0)) for each in self._followed}
        return {self.store.name: self.store.newest_position(), **followed}

    def follows_checkpoints(self, remember: Remember) -> None:
        """Every instance keeps its share of the checkpoints that all services announce."""
        checkpoints = AnnouncedCheckpoints(self.pool, self._key, remember)
        self.works(lambda: self.bus.pull(streams.CHECKPOINT_LISTENER, checkpoints.take))

    def opens(self, door: Any, trusted_proxies: tuple[str, ...]) -> None:
        """Serve pages beside `app`, which `door` (an ASGI application) calls for what is its own, such as the lifespan.

        A proxy at one of these addresses says who the client is.
        """
        self._door, self._trusted_proxies = door, trusted_proxies

    def leads(self, task: Task) -> None:
        """Run a task for as long as this instance leads."""
        self._leading.append(task)

    def works(self, task: Task) -> None:
        """Run a task on every instance."""
        self._always.append(task)

    def run(self) -> None:
        """Until a signal ends it. Exit code 78: the broker is not provisioned; 75: the connection closed."""
        search_less()
        uvloop.run(self._run())

    async def _run(self) -> None:
        await self._check_at_start()
        self._heartbeat = time.monotonic()  # it may have waited long for NATS
        threading.Thread(target=self._watch, daemon=True).start()
        configuration = uvicorn.Config(
            self._door,
            host=self.settings.http_host,
            port=self.settings.http_port,
            log_level=logging.WARNING,
            server_header=False,
            proxy_headers=bool(self._trusted_proxies),
            forwarded_allow_ips=list(self._trusted_proxies),
        )
        await HttpServer(configuration).serve()

    async def _check_at_start(self) -> None:
        client = await connect(
            self.bus.servers, self.bus.name, max_reconnect_attempts=-1, name=f"{self.bus.name} check"
        )
        try:
            await stream_provision.wait_until_checked(client.jetstream(), self.store.name)
        finally:
            await client.close()

    async def _check(self) -> None:
        """End the process where a consumer or stream is missing: a deleted one looks like one that has nothing new."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CHECKED_EVERY):
                    await self.bus.doubted.wait()
            await asyncio.sleep(1)  # for whoever makes it anew at this moment
            self.bus.doubted.clear()
            try:
                await stream_provision.check_again(self.bus.client.jetstream(), self.store.name)
            except stream_provision.NotProvisioned as missing:
                log.critical("%s", missing)
                os._exit(EXIT_NOT_PROVISIONED)
            except Exception as away:  # noqa: BLE001  the broker is away: the connection itself waits for it
                log.warning("NATS cannot be looked at: %s", away or type(away).__name__)

    async def _start(self) -> None:
        await self.bus.start()
        for subject, answer in self._answers.items():
            await self.bus.answer(subject, self.store.name, answer)
        await self.bus.client.subscribe(missed_subject(self.store.name), queue=self.store.name, cb=self._missed_asked)
        if self._questions and self._operator_answers:
            self._operator_answers.start()
            await self._questions.answer(self.bus.client, self.store.name)
        works = [*self._always, lambda: self._leadership.lead(*self._leading)]
        self._running = [asyncio.ensure_future(self._for_ever(work)) for work in works]

    async def _missed_asked(self, message: Msg) -> None:
        if self.continuity.behind == 0:
            try:
                await self._missed.answer(self.bus.client, message)
            except Exception:  # the follower asks again
                log.exception("a request on %s", message.subject)

    async def _for_ever(self, work: Task) -> None:
        while True:
            try:
                await work()
            except Exception:  # it may pass: the task starts again, so that the process never runs without it
                log.exception("%s works on after", self.store.name)
            await asyncio.sleep(1)

    async def _stop(self) -> None:
        await cancel(self._running)
        await self.bus.stop()
        await asyncio.to_thread(self.pool.close)
        await asyncio.to_thread(self.store.close)

    async def _beat(self) -> None:
        while True:
            self._heartbeat = time.monotonic()
            await asyncio.sleep(1)

    def _watch(self) -> None:
        # A thread of its own: a connection that closes can starve the event loop.
        while time.monotonic() - self._heartbeat < SILENT_TOO_LONG:
            time.sleep(WATCHED_EVERY)
        log.critical("the event loop has been silent for %s s", SILENT_TOO_LONG)
        os._exit(os.EX_SOFTWARE)

    async def _live(self, scope: Any) -> AsgiResponse:
        return AsgiResponse(b"live\n", 200)

    async def _ready(self, scope: Any) -> AsgiResponse:
        missing = [part for part, is_ready in (await self._state()).items() if not is_ready]
        text, status = (f"not ready: {', '.join(missing)}\n", 503) if missing else (READY, 200)
        return AsgiResponse(text.encode(), status)

    async def _state(self) -> dict[str, bool]:
        return {
            "nats": await self.bus.broker.ping(2),
            "postgresql": await asyncio.to_thread(self._database_answers),
            "relay": self.relay.healthy or not self._leadership.held,
            "event store not compared with its stream": self.continuity.behind is not None,
            "the clock differs from the database's": self.clock.agrees,
            RUN_RECOVER: not self.continuity.behind,
        } | {f"following {followed.source}": followed.is_moving for followed in self._followed}

    def _database_answers(self) -> bool:
        try:
            with self.pool.connection(timeout=2) as connection:
                connection.execute("SELECT 1")
        except (DatabaseError, TimeoutError):
            return False
        return True
