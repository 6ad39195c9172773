"""The portal's key: encrypts the secrets of one-time codes, so that a copy of the database makes no codes."""

import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.settings import SettingsError

KEY_BYTES = 32
NONCE_BYTES = 12


class PortalKey:
    """AES-256-GCM, bound to the account: the secret of one account opens nothing in the row of another."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def encrypt(self, secret: str, account: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), account.encode())

    def decrypt(self, encrypted: bytes, account: str) -> str:
        """cryptography's InvalidTag where another key or account encrypted it."""
        nonce, rest = encrypted[:NONCE_BYTES], encrypted[NONCE_BYTES:]
        return self._cipher.decrypt(nonce, rest, account.encode()).decode()

    @classmethod
    def of(cls, path: str | None) -> "PortalKey | None":
        """None where no file is named: then nobody signs in with a password. SettingsError for one that is no key."""
        if not path:
            return None
        try:
            key = b64decode(Path(path).read_text("ascii").strip(), validate=True)
        except (OSError, UnicodeDecodeError, NotBase64):
            key = b""
        if len(key) != KEY_BYTES:
            raise SettingsError(
                f'MINHBACH_PORTAL_KEY is "{path}"; it must be a file with 32 random bytes in base64, as of'
                " `openssl rand -base64 32`"
            )
        return cls(key)


def write_portal_key(path: Path) -> None:
    """A new key that only the owner of the file reads."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(b64encode(os.urandom(KEY_BYTES)).decode() + "\n")
