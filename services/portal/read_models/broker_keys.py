"""Which keys of communes' machines were issued, and which of them ended."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg_pool import ConnectionPool

from services.portal.domain.broker_key import BrokerKey
from shared.grants import Actor
from shared.record.event_store import Statement

TABLES = """
CREATE TABLE IF NOT EXISTS broker_keys (
    commune text, number integer, public_key text NOT NULL UNIQUE, issued_at timestamptz NOT NULL, by text NOT NULL,
    by_account text, PRIMARY KEY (commune, number)
);
CREATE TABLE IF NOT EXISTS broker_key_ends (
    commune text, number integer, revoked_at timestamptz NOT NULL, reason text NOT NULL, by text NOT NULL,
    by_account text, PRIMARY KEY (commune, number)
);
"""


class End(NamedTuple):
    """When a key was revoked, by whom and why."""

    at: datetime
    by: Actor
    reason: str


class KnownKey(NamedTuple):
    """The `number`-th key of a commune; `end` is None while it is in force."""

    commune: str
    number: int
    public_key: str
    issued_at: datetime
    by: Actor
    end: End | None


class BrokerKeyTable:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def communes(self) -> list[str]:
        """Those that ever had a key."""
        with self._pool.connection() as connection:
            return [each for (each,) in connection.execute("SELECT DISTINCT commune FROM broker_keys ORDER BY 1")]

    def of(self, communes: Sequence[str]) -> list[KnownKey]:
        """Every key of these communes, ended ones among them, in the order in which each commune had them."""
        with self._pool.connection() as connection:
            rows = connection.execute(
                "SELECT commune, number, public_key, issued_at, k.by, k.by_account, revoked_at, reason, e.by,"
                " e.by_account FROM broker_keys AS k LEFT JOIN broker_key_ends AS e USING (commune, number)"
                " WHERE commune = ANY(%s) ORDER BY commune, number",
                (list(communes),),
            ).fetchall()
        return [_known(*row) for row in rows]

    @staticmethod
    def rows(keys: Iterable[BrokerKey]) -> list[Statement]:
        """The rows of what was decided about keys and is not saved yet."""
        statements: list[Statement] = []
        for event in (event for key in keys for event in key.pending_events):
            if isinstance(event, BrokerKey.Issued):
                row = (event.commune, event.number, event.public_key, event.issued_at, event.by, event.by_account)
                statements.append(("INSERT INTO broker_keys VALUES (%s, %s, %s, %s, %s, %s)", row))
            if isinstance(event, BrokerKey.Revoked):
                end = (event.commune, event.number, event.revoked_at, event.reason, event.by, event.by_account)
                statements.append(("INSERT INTO broker_key_ends VALUES (%s, %s, %s, %s, %s, %s)", end))
        return statements


def _known(  # noqa: PLR0917  a row has so many columns
    commune: str, number: int, public_key: str, issued_at: datetime, by: str, by_account: str | None,
    revoked_at: datetime | None, reason: str, *revoked_by: str,
) -> KnownKey:  # fmt: skip
    end = End(revoked_at, Actor(*revoked_by), reason) if revoked_at else None
    return KnownKey(commune, number, public_key, issued_at, Actor(by, by_account), end)
