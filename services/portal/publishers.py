"""Translates the stored events of the portal into the messages that it announces."""

from typing import Any

from services.portal.domain.account import Account
from services.portal.domain.broker_key import BrokerKey
from shared.contracts import Event
from shared.contracts.portal import (
    AccountClosed,
    AccountOpened,
    BrokerKeyIssued,
    BrokerKeyRevoked,
    GrantGiven,
    GrantWithdrawn,
    KeyIssued,
    KeyRevoked,
)
from shared.record.event_store import RecordedEvent


def announce(recorded: RecordedEvent) -> Event | None:
    """None for an identity: it concerns the portal alone. The digest of a key is announced to nobody."""
    match recorded.event:
        case Account.Opened() as opened:
            return AccountOpened(**_changed(recorded), name=opened.name, until=opened.until)
        case Account.Closed() as closed:
            return AccountClosed(**_changed(recorded), reason=closed.reason)
        case Account.GrantGiven() as given:
            return GrantGiven(
                **_changed(recorded),
                grant=given.grant,
                role=given.role,
                commune=given.commune,
                body=given.body,
                province=given.province,
                in_force_from=given.in_force_from,
                until=given.until,
            )
        case Account.GrantWithdrawn() as withdrawn:
            return GrantWithdrawn(**_changed(recorded), grant=withdrawn.grant, reason=withdrawn.reason)
    return _of_key(recorded)


def _of_key(recorded: RecordedEvent) -> Event | None:
    match recorded.event:
        case Account.KeyIssued() as issued:
            return KeyIssued(
                **_changed(recorded),
                key=issued.key,
                program=issued.program,
                until=issued.until,
                commune=issued.commune,
                read_only=issued.read_only,
            )
        case Account.KeyRevoked() as revoked:
            return KeyRevoked(**_changed(recorded), key=revoked.key, reason=revoked.reason)
    return _of_broker_key(recorded)


def _of_broker_key(recorded: RecordedEvent) -> Event | None:
    match recorded.event:
        case BrokerKey.Issued() as issued:
            return BrokerKeyIssued(**_of_commune(recorded), issued_at=issued.issued_at)
        case BrokerKey.Revoked() as revoked:
            return BrokerKeyRevoked(**_of_commune(recorded), revoked_at=revoked.revoked_at, reason=revoked.reason)
    return None


def _of_commune(recorded: RecordedEvent) -> dict[str, Any]:
    event = recorded.event
    named = ("commune", "number", "public_key", "by", "by_account")
    return {**recorded.envelope, **{name: getattr(event, name) for name in named}}


def _changed(recorded: RecordedEvent) -> dict[str, Any]:
    event = recorded.event
    return {**recorded.envelope, "account": event.account, "by": event.by, "by_account": event.by_account}
