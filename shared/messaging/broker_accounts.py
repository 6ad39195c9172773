"""What the broker has: asked of the keeper of its accounts, which answers once the server has read them."""

from collections.abc import Mapping, Sequence

from nats.aio.client import Client
from nats.errors import Error as NatsError
from pydantic import TypeAdapter, ValidationError

SUBJECT = "broker-accounts.held"
ANSWERED_WITHIN = 3.0  # seconds

Held = Mapping[str, frozenset[str]]
COMMUNES: TypeAdapter[list[str]] = TypeAdapter(list[str])
HELD: TypeAdapter[dict[str, frozenset[str]]] = TypeAdapter(dict[str, frozenset[str]])


async def held_keys(client: Client, communes: Sequence[str]) -> Held | None:
    """By commune the public keys with which its machine can sign in now; None where nobody knows that now."""
    try:
        answer = await client.request(SUBJECT, COMMUNES.dump_json(list(communes)), timeout=ANSWERED_WITHIN)
        return HELD.validate_json(answer.data)
    except (NatsError, TimeoutError, ValidationError):
        return None
