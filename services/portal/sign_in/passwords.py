"""Passwords (argon2id) together with one-time codes of a phone (TOTP): both are right, or nobody signs in."""

import secrets
from datetime import datetime
from threading import Semaphore

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.portal.read_models.credentials import Credentials
from services.portal.sign_in.portal_key import PortalKey

ISSUER = "Minh Bạch"
PERIOD = 30  # seconds
HASHED_AT_ONCE = 2  # each takes 64 MiB


class Passwords:
    """An account without a password takes as long to refuse as one whose password is wrong."""

    def __init__(self, credentials: Credentials, key: PortalKey, hasher: PasswordHasher | None = None) -> None:
        self._credentials = credentials
        self._key = key
        self._hasher = hasher or PasswordHasher()  # RFC 9106's second recommendation: 64 MiB
        self._free = Semaphore(HASHED_AT_ONCE)
        self._nobody: str | None = None  # a hash that no password has

    def new_secret(self, account: str) -> str:
        """The secret of codes for an account, encrypted and as text, until it is set up."""
        return self._key.encrypt(pyotp.random_base32(), account).hex()

    def provisioning_uri(self, account: str, secret: str) -> str:
        """What the QR code for an authenticator holds."""
        return self._totp(account, bytes.fromhex(secret)).provisioning_uri(name=account, issuer_name=ISSUER)

    def typed_secret(self, account: str, secret: str) -> str:
        """The secret in groups of four letters, for whoever types it."""
        shown = self._totp(account, bytes.fromhex(secret)).secret
        return " ".join(shown[start : start + 4] for start in range(0, len(shown), 4))

    def step_of(self, account: str, secret: str, code: str, now: datetime) -> int | None:
        """The period of a code of a new secret; None where it is not one of it."""
        return self._step(account, bytes.fromhex(secret), code, now)

    def set_up(self, account: str, password: str, secret: str, step: int, now: datetime) -> None:
        """`step` is the period of the code by which it is set up: that code is used."""
        self._credentials.set_password(account, self._hashed(password), bytes.fromhex(secret), step, now)

    def change(self, account: str, password: str, now: datetime) -> None:
        self._credentials.change_hash(account, self._hashed(password), now)

    def are_right(self, account: str, password: str, code: str, now: datetime) -> bool:
        """Whether both belong to the account; a code that was used before is wrong."""
        stored = self._credentials.password_of(account)
        is_right = self._verified(stored.hash if stored else self._hash_of_nobody(), password)
        if stored is None:
            return False
        step = self._step(account, stored.totp, code, now)
        return is_right and step is not None and self._credentials.use_step(account, step)

    def _step(self, account: str, encrypted: bytes, code: str, now: datetime) -> int | None:
        """The period of a code: the present one, or the one before or after it, for clocks that differ."""
        totp, digits = self._totp(account, encrypted), "".join(code.split())
        present = int(now.timestamp()) // PERIOD
        # All three are compared, whatever is found.
        found = [step for step in (present - 1, present, present + 1) if _same(totp.generate_otp(step), digits)]
        return found[-1] if found else None

    def _totp(self, account: str, encrypted: bytes) -> pyotp.TOTP:
        return pyotp.TOTP(self._key.decrypt(encrypted, account), interval=PERIOD)

    def _hashed(self, password: str) -> str:
        with self._free:
            return self._hasher.hash(password)

    def _verified(self, stored: str, password: str) -> bool:
        with self._free:
            try:
                return self._hasher.verify(stored, password)
            except (VerificationError, InvalidHashError):
                return False

    def _hash_of_nobody(self) -> str:
        self._nobody = self._nobody or self._hashed(secrets.token_urlsafe())
        return self._nobody


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())
