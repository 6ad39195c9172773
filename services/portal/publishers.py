"""Translates the stored events of the portal into the messages that it announces."""

from services.portal.domain import broker_key, events
from services.portal.domain.account import Account
from services.portal.domain.broker_key import BrokerKey
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
from shared.messaging.announcing.translations import Translations, announcing
from shared.record.event_store import Envelope, RecordedEvent

OfAccount = (
    events.Opened | events.Closed | events.GrantGiven | events.GrantWithdrawn | events.KeyIssued | events.KeyRevoked
)


class _ByActor(Envelope):
    by: str
    by_account: str | None


class _Account(_ByActor):
    account: str


class _BrokerKey(_ByActor):
    commune: str
    number: int
    public_key: str


def _account(recorded: RecordedEvent, event: OfAccount) -> _Account:
    return {**recorded.envelope, "account": event.account, "by": event.by, "by_account": event.by_account}


def _broker_key(recorded: RecordedEvent, event: broker_key.Issued | broker_key.Revoked) -> _BrokerKey:
    return {
        **recorded.envelope,
        "commune": event.commune,
        "number": event.number,
        "public_key": event.public_key,
        "by": event.by,
        "by_account": event.by_account,
    }


def _opened(recorded: RecordedEvent, event: events.Opened) -> AccountOpened:
    return AccountOpened(**_account(recorded, event), name=event.name, until=event.until)


def _closed(recorded: RecordedEvent, event: events.Closed) -> AccountClosed:
    return AccountClosed(**_account(recorded, event), reason=event.reason)


def _grant_given(recorded: RecordedEvent, event: events.GrantGiven) -> GrantGiven:
    return GrantGiven(
        **_account(recorded, event),
        grant=event.grant,
        role=event.role,
        commune=event.commune,
        body=event.body,
        province=event.province,
        in_force_from=event.in_force_from,
        until=event.until,
    )


def _grant_withdrawn(recorded: RecordedEvent, event: events.GrantWithdrawn) -> GrantWithdrawn:
    return GrantWithdrawn(**_account(recorded, event), grant=event.grant, reason=event.reason)


def _key_issued(recorded: RecordedEvent, event: events.KeyIssued) -> KeyIssued:
    return KeyIssued(
        **_account(recorded, event),
        key=event.key,
        program=event.program,
        until=event.until,
        commune=event.commune,
        read_only=event.read_only,
    )


def _key_revoked(recorded: RecordedEvent, event: events.KeyRevoked) -> KeyRevoked:
    return KeyRevoked(**_account(recorded, event), key=event.key, reason=event.reason)


def _broker_key_issued(recorded: RecordedEvent, event: broker_key.Issued) -> BrokerKeyIssued:
    return BrokerKeyIssued(**_broker_key(recorded, event), issued_at=event.issued_at)


def _broker_key_revoked(recorded: RecordedEvent, event: broker_key.Revoked) -> BrokerKeyRevoked:
    return BrokerKeyRevoked(**_broker_key(recorded, event), revoked_at=event.revoked_at, reason=event.reason)


TRANSLATIONS: Translations = {
    Account.Opened: _opened,
    Account.Closed: _closed,
    Account.GrantGiven: _grant_given,
    Account.GrantWithdrawn: _grant_withdrawn,
    Account.KeyIssued: _key_issued,
    Account.KeyRevoked: _key_revoked,
    BrokerKey.Issued: _broker_key_issued,
    BrokerKey.Revoked: _broker_key_revoked,
}
# An identity concerns the portal alone. The digest of a key is announced to nobody.
announce = announcing(TRANSLATIONS)
