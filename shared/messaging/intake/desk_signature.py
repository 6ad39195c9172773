"""The portal signs what it sends to the desk: with a service's password the broker alone would let others send there.

A service may answer requests, and so publish on whatever subject a request names for its answer; it can ask itself, and
name one of the desk (tried on NATS 2.15.1). The portal signs subject and body (Ed25519); its key lies in PostgreSQL,
where the portal's role alone reads it.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from psycopg_pool import ConnectionPool

PUBLIC_TABLE = """
CREATE TABLE IF NOT EXISTS public.desk_key (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), key bytea NOT NULL CHECK (length(key) = 32)
);
"""
PRIVATE_TABLE = """
CREATE TABLE IF NOT EXISTS desk_signing_key (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), key bytea NOT NULL CHECK (length(key) = 32)
);
"""
SIGNATURE = "x-signature"


class Signing:
    """The portal's side: the headers of a message."""

    def __init__(self, pool: ConnectionPool) -> None:
        with pool.connection() as connection:
            row = connection.execute("SELECT key FROM portal.desk_signing_key").fetchone()
        assert row, "provisioning makes the table together with its row"
        self._key = Ed25519PrivateKey.from_private_bytes(bytes(row[0]))

    def headers(self, subject: str, body: bytes) -> dict[str, str]:
        return {SIGNATURE: self._key.sign(_signed(subject, body)).hex()}


class Verifying:
    """The side of the services that decide."""

    def __init__(self, pool: ConnectionPool) -> None:
        with pool.connection() as connection:
            row = connection.execute("SELECT key FROM public.desk_key").fetchone()
        assert row, "provisioning makes the table together with its row"
        self._key = Ed25519PublicKey.from_public_bytes(bytes(row[0]))

    def holds(self, subject: str, headers: dict[str, str] | None, body: bytes) -> bool:
        """Whether the portal signed this body for this subject."""
        try:
            self._key.verify(bytes.fromhex((headers or {}).get(SIGNATURE, "")), _signed(subject, body))
        except (InvalidSignature, ValueError):
            return False
        return True


def _signed(subject: str, body: bytes) -> bytes:
    return f"{subject}\n".encode(errors="replace") + body
