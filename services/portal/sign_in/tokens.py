"""Random secrets that are given to one browser, and the digests by which they are found again."""

import secrets
from hashlib import sha256

TOKEN_BYTES = 32


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> str:
    """Only this is stored: whoever reads the database has no token. They are random, so one round is enough."""
    return sha256(token.encode()).hexdigest()
