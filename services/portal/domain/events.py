"""The stored events of an account, and the change of its state that each makes.

`by` is the name of whoever acted, `by_account` the account; null where the name was typed at the province's terminal.
"""

from datetime import date
from typing import TypedDict

from services.portal.domain.state import AccountState, Key
from shared.grants import Actor, Grant, Role, Scope
from shared.record.aggregate import Created, Recorded


class EventFields(TypedDict, total=False):
    """The fields that events of an account have besides the account and whoever acted."""

    issuer: str
    subject: str
    grant: str
    role: Role
    commune: str | None
    body: str | None
    province: str | None
    in_force_from: date
    until: date | None
    key: str
    program: str
    sha256: str
    read_only: bool
    reason: str


class Opened(Created):
    """`until` is the last day on which the account can be used, null without an end."""

    TOPIC = "portal.account-opened"

    account: str
    name: str
    until: date | None
    by: str
    by_account: str | None


class IdentityLinked(Recorded):
    """Whoever signs in as this subject of this issuer has the account."""

    TOPIC = "portal.identity-linked"

    account: str
    issuer: str
    subject: str
    until: date | None
    by: str
    by_account: str | None

    def apply(self, aggregate: AccountState) -> None:
        aggregate.identities[self.issuer, self.subject] = self.until


class GrantGiven(Recorded):
    TOPIC = "portal.grant-given"

    account: str
    grant: str
    role: Role
    commune: str | None
    body: str | None
    province: str | None
    in_force_from: date
    until: date | None
    by: str
    by_account: str | None

    def apply(self, aggregate: AccountState) -> None:
        scope = Scope(self.commune, self.body, self.province)
        given = Grant(self.grant, self.account, self.role, scope, self.in_force_from, self.until)
        aggregate.grants[self.grant] = given
        aggregate.given_by[self.grant] = Actor(self.by, self.by_account)


class GrantWithdrawn(Recorded):
    """From the instant of the event on."""

    TOPIC = "portal.grant-withdrawn"

    account: str
    grant: str
    reason: str
    by: str
    by_account: str | None

    def apply(self, aggregate: AccountState) -> None:
        del aggregate.grants[self.grant]


class KeyIssued(Recorded):
    """A program uses it with the grants of the account. Only the digest of the key is kept.

    With a `commune` it is for that one alone; `read_only`: only to ask. Version 1 had neither.
    """

    TOPIC = "portal.key-issued"
    class_version = 2

    account: str
    key: str
    program: str
    sha256: str
    until: date
    commune: str | None
    read_only: bool
    by: str
    by_account: str | None

    def apply(self, aggregate: AccountState) -> None:
        aggregate.key_ids.add(self.key)
        aggregate.keys[self.key] = Key(self.key, self.program, self.sha256, self.until, self.commune, self.read_only)

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        state |= {"commune": None, "read_only": False}


class KeyRevoked(Recorded):
    TOPIC = "portal.key-revoked"

    account: str
    key: str
    reason: str
    by: str
    by_account: str | None

    def apply(self, aggregate: AccountState) -> None:
        del aggregate.keys[self.key]


class Closed(Recorded):
    """Its grants and keys end with it; it is never opened again."""

    TOPIC = "portal.account-closed"

    account: str
    reason: str
    by: str
    by_account: str | None

    def apply(self, aggregate: AccountState) -> None:
        aggregate.is_closed = True
        aggregate.grants.clear()
        aggregate.keys.clear()
