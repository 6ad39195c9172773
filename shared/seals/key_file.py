"""The file of the private key that seals, which only the sealer reads, with the keys before it.

    PRIVATE+KEY+minhbach/51+3f2a…+BASE64

    minhbach key rotation v1
    …

A key that follows another one has a note that both have signed, so that whoever knew the old key knows the new
one. The file holds all of these notes, the oldest first.
"""

import os
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.seals.notes import ED25519, Signer, VerifierKey, WrongNote, signed, verified
from shared.settings import SettingsError

PRIVATE = re.compile(r"PRIVATE\+KEY\+([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
ROTATION = "minhbach key rotation v1"
BETWEEN = "\n%\n"  # between the notes of the file
LARGEST_FILE = 200_000  # bytes


@dataclass(frozen=True)
class SealKey:
    """The key that seals now, and the notes by which it follows the first one."""

    signer: Signer
    rotations: tuple[str, ...] = ()

    @property
    def verifier(self) -> VerifierKey:
        return self.signer.verifier

    @property
    def verifiers(self) -> list[VerifierKey]:
        """All keys, the first one first."""
        return keys_of(self.rotations) or [self.verifier]

    def followed_by(self, signer: Signer) -> "SealKey":
        """The next key, with the note that both sign."""
        text = f"{ROTATION}\n{self.verifier}\n{signer.verifier}\n"
        return SealKey(signer, (*self.rotations, signed(text, self.signer, signer)))

    def text(self) -> str:
        encoded = b64encode(bytes([ED25519]) + self.signer.private).decode()
        private = f"PRIVATE+KEY+{self.signer.name}+{self.verifier.key_id.hex()}+{encoded}\n"
        return BETWEEN.join((private, *self.rotations))

    @classmethod
    def read(cls, text: str) -> "SealKey":
        """WrongNote where the text is no file of a key, or its notes do not lead to the key."""
        first, *rotations = text.split(BETWEEN)
        found = PRIVATE.fullmatch(first.strip())
        try:
            decoded = b64decode(found[3], validate=True) if found else b""
        except ValueError:
            decoded = b""
        if not found or len(decoded) != 33 or decoded[0] != ED25519:
            raise WrongNote("no private key of a seal")
        key = cls(Signer(found[1], decoded[1:]), tuple(rotations))
        if key.verifier.key_id.hex() != found[2] or key.verifiers[-1] != key.verifier:
            raise WrongNote("its parts do not belong together")
        return key


def keys_of(rotations: Sequence[str]) -> list[VerifierKey]:
    """The keys that notes of rotation connect, the first one first; none without notes.

    WrongNote where a note is not signed by both of its keys, or does not follow the one before it.
    """
    keys: list[VerifierKey] = []
    for note in rotations:
        before, after = _rotation(note)
        if keys and keys[-1] != before:
            raise WrongNote(f"the key {after} does not follow the key before it")
        keys += [after] if keys else [before, after]
    return keys


def _rotation(note: str) -> tuple[VerifierKey, VerifierKey]:
    lines = note.split("\n")
    if len(lines) < 4 or lines[0] != ROTATION:
        raise WrongNote("no note of a key's rotation")
    before, after = VerifierKey.read(lines[1]), VerifierKey.read(lines[2])
    _, signers = verified(note, [before, after])
    if before == after or set(signers) != {before, after} or before.name != after.name:
        raise WrongNote(f"the rotation to {after} is not signed by both keys")
    return before, after


def key_of(path: str | None) -> SealKey | None:
    """The key in the file of MINHBACH_SEAL_KEY; None where no file is named. SettingsError where it cannot be read."""
    if not path:
        return None
    try:
        return read_key(Path(path))
    except OSError as away:
        reason = away.strerror or type(away).__name__
        raise SettingsError(
            f'MINHBACH_SEAL_KEY is "{path}", which cannot be read: {reason}',
            f'MINHBACH_SEAL_KEY là "{path}", không đọc được tệp đó: {reason}',
        ) from None
    except WrongNote:
        raise SettingsError(
            f'MINHBACH_SEAL_KEY is "{path}", which is no file of `minhbach audit key new`',
            f'MINHBACH_SEAL_KEY là "{path}", không phải là tệp khóa do `minhbach audit key new` tạo ra',
        ) from None


def read_key(path: Path) -> SealKey:
    """OSError or WrongNote where the file cannot be read or holds no key."""
    with path.open("rb") as file:
        text = file.read(LARGEST_FILE)
    try:
        return SealKey.read(text.decode())
    except UnicodeDecodeError:
        raise WrongNote("no private key of a seal") from None


def write_key(path: Path, key: SealKey) -> None:
    """A new file, readable by its owner only. FileExistsError where there is one: no key is written over another."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(key.text())
        file.flush()
        os.fsync(file.fileno())
