"""Finds an account by its name, an identity or a key; its grants are in its events."""

from uuid import UUID

from psycopg_pool import ConnectionPool

from services.portal.domain.account import Account
from shared.record.event_store import Statement
from shared.record.pool import reading

# An identity and a key belong to one account for ever.
TABLES = """
CREATE TABLE IF NOT EXISTS accounts (account text PRIMARY KEY, uuid uuid NOT NULL);
CREATE TABLE IF NOT EXISTS identities (
    issuer text, subject text, account text NOT NULL, PRIMARY KEY (issuer, subject)
);
CREATE TABLE IF NOT EXISTS keys (sha256 text PRIMARY KEY, account text NOT NULL, key text NOT NULL);
"""


class Accounts:
    def __init__(self, pool: ConnectionPool) -> None:
        self.pool = pool

    def uuids(self) -> list[UUID]:
        """Of every account that was ever opened."""
        with reading(self.pool) as connection:
            return [uuid for (uuid,) in connection.execute("SELECT uuid FROM accounts ORDER BY account")]

    def with_identity(self, issuer: str, subject: str) -> str | None:
        """The account to which an identity was linked; whether it still may be used is for the account to say."""
        query = "SELECT account FROM identities WHERE issuer = %s AND subject = %s"
        with reading(self.pool) as connection:
            row = connection.execute(query, (issuer, subject)).fetchone()
        return row[0] if row else None

    def with_key(self, sha256: str) -> tuple[str, str] | None:
        """The account and the id of a key, by the key's digest; whether it still opens the account is for that."""
        with reading(self.pool) as connection:
            row = connection.execute("SELECT account, key FROM keys WHERE sha256 = %s", (sha256,)).fetchone()
        return (row[0], row[1]) if row else None

    @staticmethod
    def rows(account: Account) -> list[Statement]:
        """The rows of an account, new or known before."""
        statements: list[Statement] = [
            ("INSERT INTO accounts VALUES (%s, %s) ON CONFLICT DO NOTHING", (account.account, account.id))
        ]
        # Without ON CONFLICT: what belongs to another account is not linked a second time.
        for event in account.pending_events:
            if isinstance(event, Account.IdentityLinked):
                row = (event.issuer, event.subject, event.account)
                statements.append(
                    (
                        "INSERT INTO identities SELECT %s, %s, %s WHERE NOT EXISTS (SELECT FROM identities"
                        " WHERE issuer = %s AND subject = %s AND account = %s)",
                        (*row, *row),
                    )
                )
            if isinstance(event, Account.KeyIssued):
                statements.append(("INSERT INTO keys VALUES (%s, %s, %s)", (event.sha256, event.account, event.key)))
        return statements
