"""Opens accounts, gives and withdraws grants, links identities and issues keys: load, decide, save."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple, TypeVar, cast

from psycopg_pool import ConnectionPool

from services.portal.domain.account import Account
from services.portal.domain.refusal import RequestRefused
from services.portal.domain.state import Key
from services.portal.read_models.accounts import Accounts
from shared.clock import day_of, end_of
from shared.grants import Actor, Grant, Role, Scope
from shared.messaging.following.places import CommunePlaces
from shared.record.event_store import AggregateNotFoundError, EventStore
from shared.settings import Settings

KEY_BYTES = 32
KEY_PREFIX = "mb_"
Result = TypeVar("Result")


class IssuedKey(NamedTuple):
    """`secret` is shown once and kept nowhere."""

    key: str
    secret: str


class OpenedByKey(NamedTuple):
    """An account as a program uses it."""

    account: Account
    key: Key


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


class Portal(EventStore):
    """RequestRefused where the rules do not allow it. Every change names who makes it."""

    name = "portal"

    def __init__(self, settings: Settings, pool: ConnectionPool) -> None:
        super().__init__(settings)
        self.accounts = Accounts(pool)
        self.places = CommunePlaces(pool)

    def account(self, account: str) -> Account:
        try:
            return cast(Account, self.repository.get(Account.create_id(account)))
        except AggregateNotFoundError:
            raise RequestRefused(f"Không có tài khoản {account}.") from None

    def open_account(self, account: str, name: str, by: Actor, until: date | None = None) -> None:
        def attempt(at: datetime) -> None:
            if Account.create_id(account) in self.repository:
                self.account(account).check_same(name, until)
            else:
                self._save(Account.open(account, name, by, at, until), at)

        self.decide(attempt)

    def link_identity(self, account: str, issuer: str, subject: str, by: Actor, until: date | None = None) -> None:
        """`issuer` and `subject` as the provider of identities gives them; an identity has one account for ever."""

        def link(found: Account, at: datetime) -> None:
            other = self.accounts.with_identity(issuer, subject)
            if other not in (None, account):
                raise RequestRefused(f"Định danh này đã thuộc tài khoản {other}.")
            found.link_identity(issuer, subject, by, at, until)

        self._change(account, link)

    def give(  # noqa: PLR0917  a grant has so many parts
        self, account: str, role: Role, scope: Scope, by: Actor, in_force_from: date | None = None,
        until: date | None = None,
    ) -> str:  # fmt: skip
        """The id of the grant; the same grant again keeps its id."""
        if scope.commune and not self.places.is_known(scope.commune):
            raise RequestRefused(f"Không có đơn vị nào mang mã {scope.commune}.")
        return self._change(
            account, lambda found, at: found.give(role, scope, in_force_from or day_of(at), until, by, at)
        )

    def withdraw(self, grant: str, reason: str, by: Actor) -> None:
        self._change(grant.rpartition(".")[0], lambda found, at: found.withdraw(grant, reason, by, at))

    def close_account(self, account: str, reason: str, by: Actor) -> None:
        self._change(account, lambda found, at: found.close(reason, by, at))

    def issue_key(
        self, account: str, program: str, until: date, by: Actor, commune: str | None = None, *,
        read_only: bool = False,
    ) -> IssuedKey:  # fmt: skip
        """With a `commune` the key is for that one alone, for which the account needs a grant; `read_only`: to ask."""
        secret = f"{KEY_PREFIX}{secrets.token_urlsafe(KEY_BYTES)}"

        def issue(found: Account, at: datetime) -> str:
            if commune and not self._has_grant(found, commune, day_of(at)):
                raise RequestRefused(f"Tài khoản {account} không có quyền nào ở đơn vị {commune}.")
            return found.issue_key(program, digest_of(secret), until, by, at, commune, read_only=read_only)

        return IssuedKey(self._change(account, issue), secret)

    def opened_by(self, secret: str) -> OpenedByKey | None:
        """The account and the key that a program uses today; None for a key that opens nothing."""
        found = self.accounts.with_key(digest_of(secret))
        account = found and self.account(found[0])
        if not (found and account) or account.is_closed:
            return None
        key = next((each for each in account.keys_on(day_of(self.clock())) if each.key == found[1]), None)
        return key and OpenedByKey(account, key)

    def province_of(self, grant: Grant, day: date) -> str | None:
        """The province in which a grant holds on a day, as known then; None where its commune is in none."""
        scope = grant.scope
        return scope.province or (
            self.places.as_known([scope.commune], day)[scope.commune].province if scope.commune else None
        )

    def _has_grant(self, account: Account, commune: str, day: date) -> bool:
        scopes = (replace(grant.scope, body=None) for grant in account.grants_on(day))
        return any(scope.covers(commune, day, self.places.on_all) for scope in scopes)

    def revoke_key(self, account: str, key: str, reason: str, by: Actor) -> None:
        self._change(account, lambda found, at: found.revoke_key(key, reason, by, at))

    def grants_known_at(
        self, day: date, role: str | None = None, commune: str | None = None
    ) -> list[tuple[Account, Grant]]:
        """The grants that were in force on a day, as known at its end in Viet Nam, by account.

        `role`: only of this role; `commune`: only those that cover this commune, whatever body of it.
        """
        return [
            (account, grant)
            for account in self.accounts_known_at(day)
            for grant in account.grants_on(day)
            if role in (None, grant.role)
            and (commune is None or replace(grant.scope, body=None).covers(commune, day, self.places.as_known))
        ]

    def accounts_known_at(self, day: date) -> list[Account]:
        """All accounts as they were known at the end of a day in Viet Nam, by their ids."""
        found = self.known_at(self.accounts.uuids(), end_of(day))
        return sorted(found, key=lambda each: str(each.account))

    def _change(self, account: str, change: Callable[[Account, datetime], Result]) -> Result:
        def attempt(at: datetime) -> Result:
            found = self.account(account)
            result = change(found, at)
            self._save(found, at)
            return result

        return self.decide(attempt)

    def _save(self, account: Account, at: datetime) -> None:
        self.commit(account, at=at, statements=Accounts.rows(account))
