"""Takes what accounts send through the portal into the same intake, once the service has checked the grant."""

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from nats.aio.msg import Msg
from prometheus_client import Counter
from psycopg_pool import ConnectionPool
from pydantic import ValidationError

from shared import refusal_rules
from shared.contracts import DeskMessage, Receipt, Refused
from shared.grants import Actor
from shared.messaging.announcing.translations import Announce
from shared.messaging.bus import Bus
from shared.messaging.following.grants import Grants
from shared.messaging.intake.bodies import LARGEST_BODY, TOO_LARGE, Content, Unreadable, read_body
from shared.messaging.intake.desk_signature import Verifying
from shared.messaging.intake.inbox import OF_ACCOUNTS
from shared.messaging.intake.intake import Intake, Receipts, key_of
from shared.messaging.intake.submissions import Decisions, Outcome, Submitted
from shared.messaging.streams import DESK_DOOR
from shared.record.event_store import EventStore, Position, RecordedEvent

# The portal writes the account first.
ACTOR = re.compile(rb'\{"actor":"([A-Za-z0-9_-]+)"')
NOT_GRANTED = "Tài khoản {} không có quyền làm việc này cho đơn vị hoặc tỉnh này."

log = logging.getLogger(__name__)


class Desk(Intake):
    """The door for accounts. One command at a time: two may be about one report."""

    door = DESK_DOOR

    def __init__(
        self,
        store: EventStore,
        pool: ConnectionPool,
        bus: Bus,
        decisions: Decisions[Any],
        grants: Grants,
        *,
        announce: Announce,
    ) -> None:
        super().__init__(
            store, pool, bus, replace(decisions, most=1, functions={**decisions.functions, **decisions.of_accounts})
        )
        self._grants = grants
        self._announce = announce
        self._verifying = Verifying(pool)
        self.forged = Counter(
            "minhbach_desk_messages_forged", "Messages on the desk that the portal did not sign", registry=None
        )

    async def take(self, messages: Sequence[Msg]) -> None:
        """What the portal did not sign gets no receipt and takes no id from whoever it belongs to."""
        signed = []
        for message in messages:
            if self._verifying.holds(message.subject, message.headers, message.data):
                signed.append(message)
            else:
                self.forged.inc()
                log.error("a message on %s has no signature of the portal, and counts for nothing", message.subject)
                await message.ack()
        if signed:
            await super().take(signed)

    def _sender_of(self, message: Msg) -> str:
        """The account: one that floods takes no turn of another one, whatever they write about."""
        found = ACTOR.match(message.data)
        return found[1].decode() if found else super()._sender_of(message)

    def _read(self, message: Msg) -> Submitted:
        _, scope, kind, _ = message.subject.split(".")
        scope, kind, submission_id = key_of(message, kind)
        body = message.data
        actor, read = self._content(kind, body)
        submitted = Submitted(scope, kind, f"{OF_ACCOUNTS}{submission_id}", body, sha256(body).hexdigest(), *read)
        return replace(submitted, actor=actor)

    def _content(self, kind: str, body: bytes) -> tuple[Actor | None, Content]:
        if len(body) > LARGEST_BODY:
            return None, Content(Unreadable(TOO_LARGE))
        try:
            sent = DeskMessage.model_validate_json(body)
        except (ValidationError, RecursionError):
            return None, Content(Unreadable("no actor with a submission"))
        if kind not in self._kinds:  # of a portal that is newer than this service
            return None, Content(Unreadable(f'this service takes no "{kind}" of an account'))
        read = read_body(self._kinds[kind], json.dumps(sent.submission, ensure_ascii=False).encode())
        return self._grants.actor(sent.actor) or Actor(sent.actor, sent.actor), read

    def _decided(self, submitted: Sequence[Submitted], at: datetime) -> list[Outcome]:
        """What an account may not do is refused before anything is looked at."""
        allowed = [each for each in submitted if isinstance(each.content, Unreadable) or self._may(each)]
        outcomes = iter(super()._decided(allowed, at) if allowed else ())
        return [
            completed(
                next(outcomes) if each in allowed else Outcome([], [], _not_granted(each, at)),
                each.actor,
                self._announce,
                at,
            )
            for each in submitted
        ]

    def _may(self, submitted: Submitted) -> bool:
        account = submitted.actor.account if submitted.actor else None
        content = submitted.content
        assert not isinstance(content, Unreadable)
        return account is not None and self._grants.may_send(account, submitted.commune, content)

    def _settle_all(self, submitted: Sequence[Submitted]) -> Receipts:
        return {key: self._with_position(receipt) for key, receipt in super()._settle_all(submitted).items()}

    def _stored_receipt(self, scope: str, submission_id: str) -> str | None:
        receipt = super()._stored_receipt(scope, f"{OF_ACCOUNTS}{submission_id}")
        return receipt and self._with_position(receipt)

    def _with_position(self, stored: str) -> str:
        """The position of the event follows from the event, so it is the same whenever the receipt is sent again.

        Of an event that is not announced there is none: no other service ever comes to its position.
        """
        receipt = Receipt.model_validate_json(stored)
        if receipt.event_id is None:
            return stored
        position = self._store.position_of(receipt.event_id)
        found = self._store.events_after(position - 1, 1) if position else []
        is_announced = any(self._announce(each) for each in found)
        return receipt.model_copy(update={"position": position if is_announced else None}).model_dump_json()


def completed(outcome: Outcome, actor: Actor | None, announce: Announce, at: datetime) -> Outcome:
    """The receipt, which the inbox keeps, says who acted and names the last event, whose position is known later.

    The last one that is announced, where one is.
    """
    events = [event for aggregate in outcome.aggregates for event in aggregate.pending_events]
    ids = {f"{event.originator_id}/{event.originator_version}": event for event in events}
    announced = [each for each, event in ids.items() if announce(RecordedEvent(Position(0, at), each, event))]
    last = [*ids, *announced][-1] if ids else None
    changes = {"event_id": last or outcome.receipt.event_id, "actor": actor and actor.account}
    return outcome._replace(receipt=outcome.receipt.model_copy(update=changes))


def _not_granted(submitted: Submitted, at: datetime) -> Receipt:
    account = submitted.actor.account if submitted.actor else None
    sentence = NOT_GRANTED.format(account)
    return submitted.receipt(
        at, 0, refused=[Refused(item=submitted.kind, rule=refusal_rules.NOT_GRANTED, sentence=sentence)]
    )
