"""What the broker has: asked of the keeper of its accounts, which answers once the server has read them."""

import secrets
from collections.abc import Mapping, Sequence

from nats.aio.client import Client
from nats.errors import Error as NatsError
from pydantic import TypeAdapter, ValidationError

SUBJECT = "broker-accounts.held"
# Inboxes of their own: whoever answers here could otherwise guess where the portal awaits answers of services.
INBOX = "_INBOX.portal.held"
ANSWERED_WITHIN = 3.0  # seconds

Held = Mapping[str, frozenset[str]]
COMMUNES: TypeAdapter[list[str]] = TypeAdapter(list[str])
HELD: TypeAdapter[dict[str, frozenset[str]]] = TypeAdapter(dict[str, frozenset[str]])


async def held_keys(client: Client, communes: Sequence[str]) -> Held | None:
    """By commune the public keys with which its machine can sign in now; None where nobody knows that now."""
    inbox = f"{INBOX}.{secrets.token_urlsafe()}"
    try:
        answers = await client.subscribe(inbox)
        try:
            await client.publish(SUBJECT, COMMUNES.dump_json(list(communes)), reply=inbox)
            answer = await answers.next_msg(timeout=ANSWERED_WITHIN)
        finally:
            await answers.unsubscribe()
        return HELD.validate_json(answer.data)
    except (NatsError, TimeoutError, ValidationError):
        return None
