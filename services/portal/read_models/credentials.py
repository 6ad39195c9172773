"""What opens an account: invitations, passwords with the secret of their codes, and passkeys."""

from datetime import datetime
from typing import Any, NamedTuple

from psycopg_pool import ConnectionPool

# Of an invitation only the digest is kept; `totp` is encrypted with the portal's key.
TABLES = """
CREATE TABLE IF NOT EXISTS invitations (
    token_sha256 text PRIMARY KEY, account text NOT NULL, by text NOT NULL, until timestamptz NOT NULL,
    used_at timestamptz
);
CREATE TABLE IF NOT EXISTS passwords (
    account text PRIMARY KEY, hash text NOT NULL, totp bytea NOT NULL, last_step bigint NOT NULL,
    set_at timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS passkeys (
    credential_id bytea PRIMARY KEY, account text NOT NULL, public_key bytea NOT NULL, sign_count bigint NOT NULL,
    added_at timestamptz NOT NULL, used_at timestamptz
);
CREATE INDEX IF NOT EXISTS passkeys_by_account ON passkeys (account);
"""


class StoredPassword(NamedTuple):
    hash: str
    totp: bytes
    set_at: datetime


class Passkey(NamedTuple):
    """`sign_count` grows where the device counts; one that goes back was copied."""

    credential_id: bytes
    account: str
    public_key: bytes
    sign_count: int
    added_at: datetime
    used_at: datetime | None


class Credentials:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def invite(self, digest: str, account: str, by: str, until: datetime) -> None:
        with self._pool.connection() as connection:
            row = (digest, account, by, until)
            connection.execute("INSERT INTO invitations VALUES (%s, %s, %s, %s)", row)

    def invited(self, digest: str, now: datetime) -> str | None:
        """The account of an invitation that still can be used."""
        query = "SELECT account FROM invitations WHERE token_sha256 = %s AND used_at IS NULL AND until > %s"
        found: str | None = self._one(query, (digest, now))
        return found

    def use_invitation(self, digest: str, now: datetime) -> str | None:
        """The same, and nobody can use it after this."""
        found: str | None = self._one(
            "UPDATE invitations SET used_at = %s WHERE token_sha256 = %s AND used_at IS NULL AND until > %s"
            " RETURNING account",
            (now, digest, now),
        )
        return found

    def password_of(self, account: str) -> StoredPassword | None:
        with self._pool.connection() as connection:
            row = connection.execute(
                "SELECT hash, totp, set_at FROM passwords WHERE account = %s", (account,)
            ).fetchone()
        return StoredPassword(*row) if row else None

    def set_password(self, account: str, password_hash: str, totp: bytes, step: int, now: datetime) -> None:
        """`step` is the period of the code by which it was set up: that code is used."""
        with self._pool.connection() as connection:
            connection.execute(
                "INSERT INTO passwords VALUES (%s, %s, %s, %s, %s) ON CONFLICT (account) DO UPDATE"
                " SET hash = excluded.hash, totp = excluded.totp, last_step = excluded.last_step, set_at = excluded.set_at",  # noqa: E501
                (account, password_hash, totp, step, now),
            )

    def change_hash(self, account: str, password_hash: str, now: datetime) -> None:
        with self._pool.connection() as connection:
            row = (password_hash, now, account)
            connection.execute("UPDATE passwords SET hash = %s, set_at = %s WHERE account = %s", row)

    def use_step(self, account: str, step: int) -> bool:
        """Whether the code of a period is used for the first time, and none of a later period was."""
        query = "UPDATE passwords SET last_step = %s WHERE account = %s AND last_step < %s RETURNING account"
        return self._one(query, (step, account, step)) is not None

    def add_passkey(self, passkey: Passkey) -> None:
        """One that is there already stays as it is."""
        query = "INSERT INTO passkeys VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
        with self._pool.connection() as connection:
            connection.execute(query, passkey)

    def passkey(self, credential_id: bytes) -> Passkey | None:
        return next(iter(self._passkeys("credential_id = %s", credential_id)), None)

    def passkeys_of(self, account: str) -> list[Passkey]:
        """The oldest first."""
        return self._passkeys("account = %s", account)

    def use_passkey(self, credential_id: bytes, sign_count: int, now: datetime) -> None:
        with self._pool.connection() as connection:
            row = (sign_count, now, credential_id)
            connection.execute("UPDATE passkeys SET sign_count = %s, used_at = %s WHERE credential_id = %s", row)

    def remove_passkey(self, account: str, credential_id: bytes) -> bool:
        query = "DELETE FROM passkeys WHERE account = %s AND credential_id = %s RETURNING account"
        return self._one(query, (account, credential_id)) is not None

    def _one(self, query: str, parameters: tuple[object, ...]) -> Any:
        with self._pool.connection() as connection:
            row = connection.execute(query.encode(), parameters).fetchone()
        return row[0] if row else None

    def _passkeys(self, condition: str, parameter: Any) -> list[Passkey]:
        query = f"SELECT * FROM passkeys WHERE {condition} ORDER BY added_at"  # noqa: S608  one of the two above
        with self._pool.connection() as connection:
            return [Passkey(*row) for row in connection.execute(query.encode(), (parameter,))]
