"""What accounts may do, as the portal announces it: each service that decides remembers it and checks it again."""

from collections.abc import Callable, Container, Sequence
from datetime import date
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

from shared.contracts import CommuneQuestion, ProvinceQuestion, Question, Submission
from shared.contracts.portal import AccountClosed, AccountOpened, GrantGiven, GrantWithdrawn
from shared.grants import Actor, Grant, Place, Places, Scope, covering
from shared.messaging.following.follower import ReceivedEvent, Subscriptions
from shared.record.pool import reading

# Begins the name of a province where a subject has a commune's id otherwise; no id of a commune begins so.
PROVINCE = "province-"
CLERK = "clerk"
TABLES = """
CREATE TABLE IF NOT EXISTS accounts (account text PRIMARY KEY, name text NOT NULL, until date, closed boolean NOT NULL);
CREATE TABLE IF NOT EXISTS grants (
    grant_id text PRIMARY KEY, account text NOT NULL, role text NOT NULL, commune text, body text, province text,
    in_force_from date NOT NULL, until date, withdrawn boolean NOT NULL
);
CREATE INDEX IF NOT EXISTS grants_by_account ON grants (account);
"""


def open_account(connection: Connection, received: Sequence[ReceivedEvent]) -> None:
    for _, event in received:
        assert isinstance(event, AccountOpened)
        row = (event.account, event.name, event.until)
        connection.execute("INSERT INTO accounts VALUES (%s, %s, %s, false) ON CONFLICT DO NOTHING", row)


def close_account(connection: Connection, received: Sequence[ReceivedEvent]) -> None:
    for _, event in received:
        assert isinstance(event, AccountClosed)
        connection.execute("UPDATE accounts SET closed = true WHERE account = %s", (event.account,))


def give(connection: Connection, received: Sequence[ReceivedEvent]) -> None:
    for _, event in received:
        assert isinstance(event, GrantGiven)
        scope = (event.commune, event.body, event.province)
        row = (event.grant, event.account, event.role, *scope, event.in_force_from, event.until)
        connection.execute(
            "INSERT INTO grants VALUES (%s, %s, %s, %s, %s, %s, %s, %s, false) ON CONFLICT DO NOTHING", row
        )


def withdraw(connection: Connection, received: Sequence[ReceivedEvent]) -> None:
    for _, event in received:
        assert isinstance(event, GrantWithdrawn)
        connection.execute("UPDATE grants SET withdrawn = true WHERE grant_id = %s", (event.grant,))


PORTAL = Subscriptions(
    {
        AccountOpened: open_account,
        AccountClosed: close_account,
        GrantGiven: give,
        GrantWithdrawn: withdraw,
    }
)


class Grants:
    """`places` is where the service knows communes to be; `today` is the day on which grants are looked at."""

    def __init__(self, pool: ConnectionPool, places: Places, today: Callable[[], date]) -> None:
        self._pool = pool
        self.places = places
        self._today = today

    def of(self, account: str) -> list[Grant]:
        """Those that were not withdrawn, of an account that can be used today."""
        with reading(self._pool) as connection:
            rows = connection.execute(
                """
                SELECT grant_id, role, ARRAY[commune, body, province], ARRAY[in_force_from, grants.until]
                FROM grants JOIN accounts USING (account)
                WHERE account = %s AND NOT withdrawn AND NOT closed AND coalesce(accounts.until >= %s, true)
                ORDER BY grant_id
                """,
                (account, self._today()),
            ).fetchall()
        return [Grant(grant, account, role, Scope(*scope), *days) for grant, role, scope, days in rows]

    def actor(self, account: str) -> Actor | None:
        """The account as whoever acts; None for one that is not known here."""
        with reading(self._pool) as connection:
            row = connection.execute("SELECT name FROM accounts WHERE account = %s", (account,)).fetchone()
        return Actor(row[0], account) if row else None

    def may(self, account: str, roles: Container[str], scope: str, body: str | None = None) -> bool:
        """Whether an account has one of these roles today for a scope as subjects name it: a commune or a province."""
        if not scope.startswith(PROVINCE):
            return self.covering(account, roles, scope, body) is not None
        province, today = scope.removeprefix(PROVINCE), self._today()
        in_force = (each for each in self.of(account) if each.role in roles and each.in_force_on(today))
        return any(each.scope == Scope(province=province) for each in in_force)

    def may_send(self, account: str, scope: str, submission: Submission) -> bool:
        """Whether an account has every grant that a submission needs, for a scope as subjects name it."""
        return all(self.may(account, roles, scope, body) for roles, body in submission.needed_grants())

    def may_ask(self, question: Question[Any]) -> bool:
        """Whether the account that asks may have an answer."""
        match question:
            case CommuneQuestion(actor=str(actor)):
                return self.covering(actor, question.roles, question.commune, question.body_of) is not None
            case ProvinceQuestion(actor=str(actor)):
                today = self._today()
                in_force = (each for each in self.of(actor) if each.role in question.roles and each.in_force_on(today))
                return any(self._province_of(each.scope, today) == question.province for each in in_force)
        return False

    def commune_may_ask(self, question: ProvinceQuestion[Any], commune: str) -> bool:
        """A commune's machine may know of its province what its clerks may."""
        return CLERK in question.roles and self._place(commune, self._today()).province == question.province

    def is_of(self, commune: str, machine: str) -> bool:
        """Whether a commune is the one whose machine asks, or was merged into that one by today."""
        return commune == machine or self._place(commune, self._today()).commune == machine

    def _province_of(self, scope: Scope, day: date) -> str | None:
        return scope.province or (self._place(scope.commune, day).province if scope.commune else None)

    def _place(self, commune: str, day: date) -> Place:
        return self.places([commune], day)[commune]

    def covering(self, account: str, roles: Container[str], commune: str, body: str | None = None) -> Grant | None:
        """A grant of one of these roles by which an account acts for a commune, or a body of it, today."""
        return covering(self.of(account), roles, commune, self._today(), self.places, body=body)
