"""Messages of the portal: the events that it announces, and the questions that it answers."""

from datetime import date, datetime
from typing import Annotated

from pydantic import StringConstraints

from shared.contracts import Event, Id, Message, OwnQuestion, ProvinceQuestion, operation
from shared.contracts.planning import Day
from shared.grants import Role


class AccountEvent(Event):
    """`by` did it: by the account `by_account`, or by a name typed at the province's terminal where that is null."""

    account: str
    by: str
    by_account: str | None


class AccountOpened(AccountEvent):
    """`until` is the last day on which it can be used, null without an end."""

    subject = "portal.event.account-opened.v1"

    name: str
    until: date | None


class AccountClosed(AccountEvent):
    """From now on it may do nothing; all its grants and keys have ended."""

    subject = "portal.event.account-closed.v1"

    reason: str


class GrantGiven(AccountEvent):
    """The account has a role for a commune, a body of a commune, or a province, until a day, which is the last."""

    subject = "portal.event.grant-given.v1"

    grant: str
    role: Role
    commune: str | None
    body: str | None
    province: str | None
    in_force_from: date
    until: date | None


class GrantWithdrawn(AccountEvent):
    """The grant holds no longer, from now on."""

    subject = "portal.event.grant-withdrawn.v1"

    grant: str
    reason: str


class KeyIssued(AccountEvent):
    """A program may use the account, with its grants, until a day; for `commune` alone, or only to ask.

    Announcements of the time before these two have neither.
    """

    subject = "portal.event.key-issued.v1"

    key: str
    program: str
    until: date
    commune: str | None = None
    read_only: bool = False


class KeyRevoked(AccountEvent):
    subject = "portal.event.key-revoked.v1"

    key: str
    reason: str


class BrokerKeyEvent(Event):
    """About a key with which a commune's machine signs in at the broker: the `number`-th of the commune.

    The keeper of the broker's accounts follows these. `public_key` is an NKEY; its seed is with the machine alone.
    """

    commune: Id
    number: int
    public_key: Annotated[str, StringConstraints(pattern=r"^U[A-Z2-7]{55}$")]
    by: str
    by_account: str | None


class BrokerKeyIssued(BrokerKeyEvent):
    """The machine may sign in with it. `issued_at` lies before the event where it was recorded later."""

    subject = "portal.event.broker-key-issued.v1"

    issued_at: datetime


class BrokerKeyRevoked(BrokerKeyEvent):
    """It ends, and with it the connections that it opened."""

    subject = "portal.event.broker-key-revoked.v1"

    revoked_at: datetime
    reason: str


class GrantRow(Message):
    """A grant that was not withdrawn, and who gave it; `by_account` is null for a name typed at the terminal."""

    grant: str
    account: str
    name: str
    role: Role
    commune: str | None
    body: str | None
    province: str | None
    in_force_from: date
    until: date | None
    by: str
    by_account: str | None


class KeyRow(Message):
    """A key that was not revoked. It opens the account for its `commune` alone where that is not null."""

    key: str
    program: str
    until: date
    commune: str | None
    read_only: bool


class OwnAccount(Message):
    account: str
    name: str
    until: date | None
    grants: tuple[GrantRow, ...]
    keys: tuple[KeyRow, ...]


class ShowAccount(OwnQuestion[OwnAccount]):
    """The account that asks, with its grants and its keys."""

    subject = "portal.query.account.v1"


class ListedGrants(Message):
    grants: tuple[GrantRow, ...]


class ListGrants(ProvinceQuestion[ListedGrants]):
    """Who could do something in a province or in one of its communes on a day, as known at its end; today without."""

    subject = "portal.query.grants.v1"
    roles = ("operator", "provincial-officer", "auditor")

    role: Role | None = None
    known_at: Day | None = None


class ShowPortalHealth(operation.ShowHealth):
    """How the service works, for an operator."""

    subject = "portal.query.health.v1"
