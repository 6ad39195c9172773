"""From a commune's submission to a committed answer: it counts once, and its receipt follows the commit."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

import psycopg
from eventsourcing.persistence import InterfaceError, OperationalError
from nats.aio.msg import Msg
from psycopg_pool import ConnectionPool

from shared.bodies import Content, Malformed, read_body
from shared.bodies import Unreadable as Unreadable  # noqa: PLC0414 - services take it from here
from shared.bus import Bus
from shared.contracts import Receipt, Submission
from shared.event_sourcing import Aggregate
from shared.event_store import MOST_EVENTS_IN_ONE_SAVE, EventStore, IntegrityError, Statement
from shared.unreadable import UnreadableMessage

TABLES = """
CREATE TABLE IF NOT EXISTS inbox (
    commune text, submission_id text, sha256 text NOT NULL, receipt text NOT NULL, received_at timestamptz NOT NULL,
    PRIMARY KEY (commune, submission_id)
);
CREATE TABLE IF NOT EXISTS parked (
    commune text, submission_id text, sha256 text, body bytea NOT NULL, PRIMARY KEY (commune, submission_id, sha256)
);
"""

TRIES = 5
LONGEST_DELAY = 60
LONGEST_ID = 200
AWAY = (OSError, TimeoutError, psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Submitted:
    """One submission as a commune sent it. Commune, kind and id come from the subject, which the broker guards.

    `content` holds the items that can be read; `malformed` are the others.
    """

    commune: str
    kind: str
    submission_id: str
    body: bytes
    sha256: str
    content: Submission | Unreadable
    malformed: tuple[Malformed, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        return self.commune, self.submission_id

    def receipt(self, at: datetime, accepted: int, **more: Any) -> Receipt:
        return Receipt(
            submission_id=self.submission_id,
            commune=self.commune,
            kind=self.kind,
            sha256=self.sha256,
            recorded_at=at,
            accepted=accepted,
            **more,
        )


class Outcome(NamedTuple):
    """What a service decided about one submission: events, rows for the same transaction, and the answer."""

    aggregates: Sequence[Aggregate]
    statements: Sequence[Statement]
    receipt: Receipt


class Known(NamedTuple):
    """A submission id settled before: its receipt, and whether this very content was settled with it (or parked)."""

    receipt: str
    same: bool


Decide = Callable[[Sequence[Submitted], datetime], Sequence[Outcome]]


class Intake:
    """Settles batches of submissions for one service. `decide` holds no transaction: keys decide who was first."""

    def __init__(
        self,
        store: EventStore,
        pool: "ConnectionPool[Any]",
        bus: Bus,
        kinds: Sequence[type[Submission]],
        decide: Decide,
    ) -> None:
        self._store = store
        self._pool = pool
        self._bus = bus
        self._kinds = {kind.kind: kind for kind in kinds}
        self._decide = decide

    async def take(self, messages: Sequence[Msg]) -> None:
        """Settle, commit, send the receipts, and only then acknowledge. What fails comes again, for ever."""
        try:
            receipts = await asyncio.to_thread(self._settle_all, messages)
        except Exception:  # it may pass (the database is away): everything again, later and later
            log.exception("intake of %s", self._store.name)
            receipts = {}
        for message in messages:
            receipt = receipts.get(_key(message))
            if receipt is None:
                await message.nak(delay=min(LONGEST_DELAY, 2 ** min(message.metadata.num_delivered, 6)))
                continue
            _, commune, _, submission_id = message.subject.split(".")
            await self._bus.client.publish(f"receipt.{commune}.{submission_id}", receipt.encode())
            await message.ack()

    async def receipt_asked(self, message: Msg) -> bytes:
        """The receipt of the submission whose id is asked for on `receipts.<owner>.<commune>`; empty while none is."""
        commune = message.subject.rsplit(".", 1)[-1]
        submission_id = message.data.decode(errors="replace").replace("\x00", "")
        return (await asyncio.to_thread(self._receipt, commune, submission_id) or "").encode()

    def _receipt(self, commune: str, submission_id: str) -> str | None:
        with self._pool.connection() as connection:
            row = connection.execute(
                "SELECT receipt FROM inbox WHERE commune = %s AND submission_id = %s", (commune, submission_id)
            ).fetchone()
        return row[0] if row else None

    def _settle_all(self, messages: Sequence[Msg]) -> dict[tuple[str, str], str]:
        receipts: dict[tuple[str, str], str] = {}
        waiting = [self._read(message) for message in messages]
        while waiting:
            first: dict[tuple[str, str], Submitted] = {}
            for submitted in waiting:
                first.setdefault(submitted.key, submitted)
            settled = self._settle_batch(list(first.values()))
            receipts = {key: receipt for key, receipt in receipts.items() if key in settled or key not in first}
            receipts |= settled
            # One id for two contents, as for two kinds: an alarm, once the first of them is settled.
            waiting = [s for s in waiting if s.key in settled and s.sha256 != first[s.key].sha256]
        return receipts

    def _settle_batch(self, submitted: Sequence[Submitted]) -> dict[tuple[str, str], str]:
        try:
            return self._settle(submitted)
        except AWAY:
            raise
        except Exception:
            # A defect of ours that one submission brings out must not hold up the others.
            log.exception("intake of %s, one by one", self._store.name)
        receipts: dict[tuple[str, str], str] = {}
        for one in submitted:
            try:
                receipts |= self._settle([one])
            except Exception:  # stays in the stream, alarmed, until a mended version takes it
                log.exception("submission %s of %s", one.submission_id, one.commune)
        return receipts

    def _settle(self, submitted: Sequence[Submitted]) -> dict[tuple[str, str], str]:
        for _ in range(TRIES):
            known = self._known(submitted)
            receipts = {key: before.receipt for key, before in known.items()}
            new = [s for s in submitted if s.key not in known]
            alarms = [_other_content(s) for s in submitted if s.key in known and not known[s.key].same]
            try:
                for outcome in self._commit([*new, *alarms]):
                    receipts.setdefault((outcome.receipt.commune, outcome.receipt.submission_id), _json(outcome))
            except IntegrityError:  # another instance was first, or the outcome of a commit was unknown: look again
                continue
            return receipts
        raise TimeoutError(f"{TRIES} times another instance was first")

    def _commit(self, new: Sequence[Submitted]) -> list[Outcome]:
        at = self._store.clock()
        outcomes = list(self._decide(new, at)) if new else []
        batch: list[Outcome] = []
        events = 0
        for outcome in outcomes:
            more = sum(len(aggregate.pending_events) for aggregate in outcome.aggregates)
            if events + more > MOST_EVENTS_IN_ONE_SAVE:
                self._save(batch, at)
                batch, events = [], 0
            batch.append(outcome)
            events += more
        self._save(batch, at)
        return outcomes

    def _save(self, outcomes: Sequence[Outcome], at: datetime) -> None:
        if not outcomes:
            return
        receipts = [o.receipt for o in outcomes if o.receipt.parked != OTHER_CONTENT]
        inbox: Statement = (
            "INSERT INTO inbox SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])",
            (
                [r.commune for r in receipts],
                [r.submission_id for r in receipts],
                [r.sha256 for r in receipts],
                [r.model_dump_json() for r in receipts],
                [at for _ in receipts],
            ),
        )
        statements = [inbox, *(statement for outcome in outcomes for statement in outcome.statements)]
        self._store.commit(*(a for o in outcomes for a in o.aggregates), at=at, statements=statements)

    def _known(self, submitted: Sequence[Submitted]) -> dict[tuple[str, str], Known]:
        with self._pool.connection() as connection:
            rows = connection.execute(
                """
                SELECT asked.commune, asked.submission_id, inbox.receipt,
                    inbox.sha256 = asked.sha256 OR parked.sha256 IS NOT NULL
                FROM unnest(%s::text[], %s::text[], %s::text[]) AS asked (commune, submission_id, sha256)
                JOIN inbox USING (commune, submission_id)
                LEFT JOIN parked ON (parked.commune, parked.submission_id, parked.sha256)
                    = (asked.commune, asked.submission_id, asked.sha256)
                """,
                ([s.commune for s in submitted], [s.submission_id for s in submitted], [s.sha256 for s in submitted]),
            ).fetchall()
        return {(commune, submission_id): Known(receipt, same) for commune, submission_id, receipt, same in rows}

    def _read(self, message: Msg) -> Submitted:
        _, commune, kind, submission_id = message.subject.split(".")
        key, body = _key(message), message.data
        read = read_body(self._kinds[kind], body) if key == (commune, submission_id) else Content(Unreadable(NO_ID))
        return Submitted(key[0], kind, key[1], body, sha256(body).hexdigest(), *read)


NO_ID = "the commune or the submission id in the subject is too long or not printable"
OTHER_CONTENT = "this submission id was used before with another content"


def _other_content(submitted: Submitted) -> Submitted:
    log.error("%s (commune %s, submission %s)", OTHER_CONTENT, submitted.commune, submitted.submission_id)
    return replace(submitted, content=Unreadable(OTHER_CONTENT), malformed=())


def parked(message: type[UnreadableMessage], submitted: Submitted, unreadable: Unreadable, at: datetime) -> Outcome:
    """What becomes of a submission that nobody could read; `message` is the service's own."""
    fact = message.park(
        at,
        commune=submitted.commune,
        submission_id=submitted.submission_id,
        kind=submitted.kind,
        reason=unreadable.reason,
        sha256=submitted.sha256,
        size_bytes=len(submitted.body),
    )
    return Outcome([fact], park(submitted), submitted.receipt(at, accepted=0, parked=unreadable.reason))


def park(submitted: Submitted) -> list[Statement]:
    """Keep the body of a message nobody could read, or not all of it, in the transaction of the fact that says so."""
    row = (submitted.commune, submitted.submission_id, submitted.sha256, submitted.body)
    return [("INSERT INTO parked VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING", row)]


def _json(outcome: Outcome) -> str:
    return outcome.receipt.model_dump_json()


def _key(message: Msg) -> tuple[str, str]:
    _, commune, _, submission_id = message.subject.split(".")
    return _plain(commune), _plain(submission_id)


def _plain(token: str) -> str:
    """What a primary key and a text of PostgreSQL can hold; NATS lets nearly everything be part of a subject."""
    if len(token) <= LONGEST_ID and token.isprintable():
        return token
    return f"unusable-{sha256(token.encode()).hexdigest()}"
