"""Answers an operator's two questions of a service: how it works, and what became of a submission."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from nats.aio.client import Client
from psycopg_pool import ConnectionPool

from shared.clock import day_of
from shared.contracts.operation import (
    FollowedSource,
    HeldSubmission,
    ServiceHealth,
    ShowHealth,
    TracedSubmission,
    TraceSubmission,
    WaitingSubmissions,
)
from shared.grants import Places
from shared.messaging.announcing.relay import Relay
from shared.messaging.announcing.translations import Announce
from shared.messaging.following.followed_stream import FollowedStream
from shared.messaging.following.grants import PROVINCE
from shared.messaging.intake.intake_report import IntakeReport
from shared.messaging.intake.settled import (
    last_submissions,
    newest_problems,
    position_of,
    problems_since,
    receipts_of,
    settled,
)
from shared.messaging.streams import DESK, DESK_OWNERS, INTAKE, INTAKE_SUBJECTS, OWNERS
from shared.record.event_store import EventStore

LOOKED_BACK = timedelta(days=14)
WITHIN = 5.0  # seconds

Result = TypeVar("Result")


class OperatorAnswers:
    """Called in a thread, as all functions of questions are; what runs on the event loop is awaited there.

    `places` has the province of each commune. The answers of a province hold its communes, and those of no province.
    """

    def __init__(
        self,
        store: EventStore,
        pool: ConnectionPool,
        client: Callable[[], Client],
        state: Callable[[], Awaitable[Mapping[str, bool]]],
        *,
        announce: Announce,
        relay: Relay,
        followed: Sequence[FollowedStream],
        intakes: Sequence[IntakeReport],
        places: Places,
    ) -> None:
        self._store = store
        self._pool = pool
        self._client = client
        self._state = state
        self._announce = announce
        self._relay = relay
        self._followed = followed
        self._intakes = intakes
        self._places = places
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """On the event loop, before any question comes."""
        self._loop = asyncio.get_running_loop()

    def health(self, _: Any, question: ShowHealth) -> ServiceHealth:
        since = self._store.clock() - LOOKED_BACK
        with self._pool.connection() as connection:
            problems = problems_since(connection, since) if self._intakes else {}
            last = list(last_submissions(connection)) if self._intakes else []
            here = self._of_province(question.province, {*problems, *(each.commune for each in last)})
            counts = {commune: found for commune, found in problems.items() if commune in here}
            newest = newest_problems(connection, list(counts), since, question.most) if counts else []
            set_aside: dict[str, int] = dict(
                connection.execute("SELECT source, count(*) FROM set_aside GROUP BY 1").fetchall()
            )
        return ServiceHealth(
            unready=tuple(part for part, is_ready in self._awaited(self._state_now()).items() if not is_ready),
            announcing_seconds=self._relay.waiting_seconds,
            intakes=tuple(
                WaitingSubmissions(stream=each.stream, waiting=each.waiting, seconds=each.waiting_seconds)
                for each in self._intakes
            ),
            followed=tuple(
                FollowedSource(
                    source=each.source,
                    position=each.position,
                    behind=each.behind,
                    seconds=each.behind_seconds,
                    set_aside=set_aside.get(each.source, 0),
                )
                for each in self._followed
            ),
            since=since,
            parked=sum(parked for parked, _ in counts.values()),
            refused=sum(refused for _, refused in counts.values()),
            problems=tuple(settled(receipt, 0, body_kept=kept) for receipt, kept in newest),
            last_submissions=tuple(each for each in last if each.commune in here),
        )

    def trace(self, submission: Any, question: TraceSubmission) -> TracedSubmission:
        """`submission` is the aggregate of the service that holds one."""
        held = self._awaited(self._held(question))
        with self._pool.connection() as connection:
            receipts = receipts_of(connection, question.submission_id)
        communes = {*(each.commune for each in held), *(receipt.commune for receipt, _ in receipts)}
        here = self._of_province(question.province, communes)
        return TracedSubmission(
            held=tuple(each for each in held if each.commune in here),
            settled=tuple(
                settled(receipt, position_of(self._store, submission, receipt, self._announce), body_kept=kept)
                for receipt, kept in receipts
                if receipt.commune in here
            ),
        )

    async def _state_now(self) -> Mapping[str, bool]:
        return await self._state()

    async def _held(self, question: TraceSubmission) -> list[HeldSubmission]:
        jetstream, found = self._client().jetstream(), []
        for stream, owners in ((INTAKE, OWNERS), (DESK, DESK_OWNERS)):
            subjects = f"{stream}.*.*.{question.submission_id}"
            state = (await jetstream.stream_info(stream, subjects_filter=subjects)).state
            found += [
                HeldSubmission(stream=stream, commune=commune, kind=kind)
                for _, commune, kind, _ in (subject.split(".") for subject in sorted(state.subjects or ()))
                if owners.get(kind, INTAKE_SUBJECTS.service) == self._store.name
            ]
        return found

    def _of_province(self, province: str, scopes: Collection[str]) -> set[str]:
        """Of communes, and provinces as subjects name them, those that the answer of a province holds."""
        communes = [scope for scope in scopes if not scope.startswith(PROVINCE)]
        places = self._places(communes, day_of(self._store.clock())) if communes else {}
        return {f"{PROVINCE}{province}", *(each for each in communes if places[each].province in (province, None))}

    def _awaited(self, work: Coroutine[Any, Any, Result]) -> Result:
        assert self._loop
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(WITHIN)
