"""Takes submissions of communes: each is decided and committed once, and its receipt is sent after the commit."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from itertools import zip_longest
from typing import Any

import psycopg
from eventsourcing.persistence import InterfaceError, OperationalError
from nats.aio.msg import Msg
from psycopg_pool import ConnectionPool

from shared.contracts import ID_USED_BEFORE
from shared.messaging.bus import Bus
from shared.messaging.intake.bodies import Content, Unreadable, read_body
from shared.messaging.intake.fair_turns import commune_of, in_turns, put_back, turns_and_rest
from shared.messaging.intake.inbox import INBOX_INDEXES, INBOX_TABLE, Inbox, keep
from shared.messaging.intake.intake_report import IntakeReport
from shared.messaging.intake.submissions import PARKED_TABLE, Decisions, Outcome, Submitted
from shared.messaging.streams import INTAKE_DOOR
from shared.record.event_store import MOST_EVENTS_IN_ONE_SAVE, EventStore

TABLES = INBOX_TABLE + PARKED_TABLE + INBOX_INDEXES
LONGEST_DELAY = 60
LONGEST_ID = 200
AWAY = (OSError, TimeoutError, psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError)

# Commune, id and digest of the content: a receipt answers one content.
ContentKey = tuple[str, str, str]
Receipts = dict[ContentKey, str]

log = logging.getLogger(__name__)


class Intake:
    """Settles batches of submissions for one service. Deciding holds no transaction: keys decide who was first."""

    door = INTAKE_DOOR

    def __init__(self, store: EventStore, pool: ConnectionPool, bus: Bus, decisions: Decisions[Any]) -> None:
        self._store = store
        self._inbox = Inbox(pool)
        self._bus = bus
        self.report = IntakeReport(store.name, self.door.stream)
        self._kinds = {kind.kind: kind for kind in decisions.functions}
        self._decide = decisions

    async def take(self, messages: Sequence[Msg]) -> None:
        """Settle, commit, send the receipts, and only then acknowledge. What fails comes again, for ever."""
        turn, rest = turns_and_rest(messages, self._sender_of)
        await put_back(rest)
        for together in in_turns(turn, self._decide.most, self._sender_of):
            await self.settle(together, self._read)

    def _sender_of(self, message: Msg) -> str:
        """Whose turn it is that a message takes."""
        return commune_of(message)

    async def settle(self, messages: Sequence[Msg], read: Callable[[Msg], Submitted]) -> None:
        try:
            received, receipts = await asyncio.to_thread(self._read_and_settle, messages, read)
        except Exception:  # it may pass (the database is away): everything again, later and later
            log.exception("intake of %s", self._store.name)
            received, receipts = [], {}
        for message, key in zip_longest(messages, received):
            receipt = receipts.get(key)
            if receipt is None:
                await message.nak(delay=min(LONGEST_DELAY, 2 ** min(message.metadata.num_delivered, 6)))
                continue
            _, commune, _, submission_id = message.subject.split(".")
            await self._bus.client.publish(f"{self.door.receipt}.{commune}.{submission_id}", receipt.encode())
            await message.ack()

    def _read_and_settle(
        self, messages: Sequence[Msg], read: Callable[[Msg], Submitted]
    ) -> tuple[list[ContentKey], Receipts]:
        submitted = [read(message) for message in messages]
        return [each.content_key for each in submitted], self._settle_all(submitted)

    async def receipt_requested(self, message: Msg) -> bytes:
        """The receipt of the submission whose id is requested on `receipts.<owner>.<commune>`; empty while none is."""
        commune, submission_id = message.subject.rsplit(".", 1)[-1], message.data.decode(errors="replace")
        return (await asyncio.to_thread(self._stored_receipt, plain(commune), plain(submission_id)) or "").encode()

    def _stored_receipt(self, commune: str, submission_id: str) -> str | None:
        return self._inbox.receipt(commune, submission_id)

    def _settle_all(self, submitted: Sequence[Submitted]) -> Receipts:
        receipts: Receipts = {}
        waiting = list(submitted)
        while waiting:
            first: dict[tuple[str, str], Submitted] = {}
            for each in waiting:
                first.setdefault(each.key, each)
            settled = self._settle_batch(list(first.values()))
            receipts |= settled
            # One id for two contents, as for two kinds: the others are answered once the first of them is settled.
            waiting = [
                each for each in waiting if first[each.key].content_key in settled and each.content_key not in receipts
            ]
        return receipts

    def _settle_batch(self, submitted: Sequence[Submitted]) -> Receipts:
        try:
            return self._settle(submitted)
        except AWAY:
            raise
        except Exception:
            # A defect of ours that one submission brings out must not hold up the others.
            log.exception("intake of %s, one by one", self._store.name)
        receipts: Receipts = {}
        for one in submitted:
            try:
                receipts |= self._settle([one])
            except Exception:  # stays in the stream, alarmed, until a mended version takes it
                log.exception("submission %s of %s", one.submission_id, one.commune)
        return receipts

    def _settle(self, submitted: Sequence[Submitted]) -> Receipts:
        """Again where another instance was first, or where the outcome of a commit was unknown."""
        return self._store.decide(lambda at: self._settle_once(submitted, at))

    def _settle_once(self, submitted: Sequence[Submitted], at: datetime) -> Receipts:
        settled = self._inbox.settled(submitted)
        receipts: Receipts = {}
        undecided = []
        for each in submitted:
            before = settled.get(each.key)
            if before is None:
                undecided.append(each)
            elif before.sha256 == each.sha256:
                receipts[each.content_key] = before.receipt
            elif before.is_parked:
                receipts[each.content_key] = each.receipt(at, 0, parked=ID_USED_BEFORE).model_dump_json()
            else:
                undecided.append(_other_content(each))
        decided, beyond = self._with_room(undecided)
        for each in beyond:
            assert isinstance(each.content, Unreadable)
            receipts[each.content_key] = each.receipt(at, 0, parked=each.content.reason).model_dump_json()
        outcomes = self._commit(decided, at)
        self.report.decided([outcome.receipt for outcome in outcomes])
        for outcome in outcomes:
            receipt = outcome.receipt
            receipts[receipt.commune, receipt.submission_id, receipt.sha256] = receipt.model_dump_json()
        return receipts

    def _with_room(self, undecided: Sequence[Submitted]) -> tuple[list[Submitted], list[Submitted]]:
        """Those to be decided, and those that are answered only: unreadable, beyond what is kept of their commune.

        Recording each would let one commune fill the database. Its machine keeps what the receipt says is not kept.
        """
        room = self._inbox.with_room(undecided)
        without = [each for each in room if not each.has_room]
        self.report.not_kept(Counter(each.commune for each in without))
        beyond = [each for each in without if isinstance(each.content, Unreadable)]
        return [each for each in room if each.has_room or not isinstance(each.content, Unreadable)], beyond

    def _commit(self, new: Sequence[Submitted], at: datetime) -> list[Outcome]:
        outcomes = self._decided(new, at) if new else []
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

    def _decided(self, submitted: Sequence[Submitted], at: datetime) -> list[Outcome]:
        return self._decide(submitted, at)

    def _save(self, outcomes: Sequence[Outcome], at: datetime) -> None:
        if not outcomes:
            return
        receipts = [o.receipt for o in outcomes if o.receipt.parked != ID_USED_BEFORE]
        statements = [keep(receipts, at), *(statement for outcome in outcomes for statement in outcome.statements)]
        aggregates = [aggregate for outcome in outcomes for aggregate in outcome.aggregates]
        if any(aggregate.pending_events for aggregate in aggregates):
            self._store.commit(*aggregates, at=at, statements=statements)
        else:  # a refusal or a repetition without an event has its receipt all the same
            self._inbox.save(statements)

    def _read(self, message: Msg) -> Submitted:
        kind, body = message.subject.split(".")[2], message.data
        commune, _, submission_id = key = key_of(message, kind)
        is_usable = message.subject.split(".")[1:] == [*key]
        read = read_body(self._kinds[kind], body) if is_usable else Content(Unreadable(NO_ID))
        return Submitted(commune, kind, submission_id, body, sha256(body).hexdigest(), *read)


NO_ID = "the commune or the submission id in the subject is too long or not printable"


def _other_content(submitted: Submitted) -> Submitted:
    log.error("%s (commune %s, submission %s)", ID_USED_BEFORE, submitted.commune, submitted.submission_id)
    return replace(submitted, content=Unreadable(ID_USED_BEFORE), malformed=())


def key_of(message: Msg, kind: str) -> tuple[str, str, str]:
    """Commune, kind and submission id, the first and the last as the inbox can hold them."""
    _, commune, _, submission_id = message.subject.split(".")
    return plain(commune), kind, plain(submission_id)


def plain(token: str) -> str:
    """What a primary key and a text of PostgreSQL can hold; NATS lets nearly everything be part of a subject."""
    if len(token) <= LONGEST_ID and token.isprintable():
        return token
    return f"unusable-{sha256(token.encode()).hexdigest()}"
