"""Signed notes (C2SP signed-note) with Ed25519: a text, an empty line, and a line for each signature.

The key of a signature is known by its name and four bytes over name, kind and public key. A signature of a key that the
reader does not know is passed over; a wrong one of a key that he knows makes the whole note wrong.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, COSIGNATURE = 0x01, 0x04  # kinds of signatures
NAME = re.compile(r"[a-z0-9][a-z0-9./_-]{0,99}")
SIGNATURE_LINE = re.compile(r"— (\S+) ([A-Za-z0-9+/]+={0,2})")
LARGEST_NOTE = 20_000  # characters
MOST_SIGNATURES = 32


class WrongNote(ValueError):
    """A note or a key cannot be read, or no signature of a known key holds; the message says why."""


class SignatureWrong(WrongNote):
    """A known key is named as the signer, and its signature does not hold."""


@dataclass(frozen=True)
class VerifierKey:
    """A public key with its name. `str()` is the form of C2SP: name+id+base64."""

    name: str
    public: bytes
    kind: int = ED25519

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        """WrongNote where the text is no key, or its parts do not belong together."""
        try:
            name, key_id, encoded = text.strip().split("+", 2)
            decoded = b64decode(encoded, validate=True)
            key = cls(name, decoded[1:], decoded[0])
        except (ValueError, IndexError):
            raise WrongNote(f'"{text[:200]}" is no verifier key') from None
        is_known = key.kind in (ED25519, COSIGNATURE) and len(key.public) == 32
        if not is_known or not NAME.fullmatch(name) or key.key_id.hex() != key_id:
            raise WrongNote(f'"{text[:200]}" is no verifier key')
        return key

    def named(self, name: str) -> "VerifierKey":
        """The same key under another name."""
        return VerifierKey(name, self.public, self.kind)

    def holds(self, message: bytes, signature: bytes) -> bool:
        """Whether a signature of this key, as its kind has it, is one of the text of a note."""
        if self.kind == COSIGNATURE:
            message = cosigned(message, int.from_bytes(signature[:8], "big"))
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def cosigned(text: bytes, seconds: int) -> bytes:
    """The bytes that a witness signs of a checkpoint (C2SP tlog-cosignature), at a time since 1970."""
    return b"cosignature/v1\ntime %d\n" % seconds + text


@dataclass(frozen=True)
class Signer:
    """A private key with its name."""

    name: str
    private: bytes

    @classmethod
    def new(cls, name: str) -> "Signer":
        """WrongNote for a name that a key cannot have."""
        if not NAME.fullmatch(name):
            raise WrongNote(f'"{name[:200]}" is no name of a key; it looks like minhbach/51')
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self._key.public_key().public_bytes_raw())

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.private)

    def named(self, name: str) -> "Signer":
        return Signer(name, self.private)

    def line(self, text: str) -> str:
        """The line of a signature, with its end."""
        return _line(self.verifier, self._key.sign(text.encode()))

    def cosignature(self, text: str, seconds: int) -> str:
        """The line of a witness's signature at a time since 1970."""
        signature = seconds.to_bytes(8, "big") + self._key.sign(cosigned(text.encode(), seconds))
        return _line(VerifierKey(self.name, self.verifier.public, COSIGNATURE), signature)


def _line(key: VerifierKey, signature: bytes) -> str:
    return f"— {key.name} {b64encode(key.key_id + signature).decode()}\n"


def signed(text: str, *signers: Signer) -> str:
    """The note of a text, which ends with a newline."""
    return f"{text}\n" + "".join(signer.line(text) for signer in signers)


def text_of(note: str) -> str:
    """The text of a note, whoever signed it. WrongNote where it is no note."""
    return _parts(note)[0]


def verified(note: str, keys: Iterable[VerifierKey]) -> tuple[str, list[VerifierKey]]:
    """The text of a note, and which of the keys signed it. WrongNote where none did, or one of them did not hold."""
    text, signatures = _parts(note)
    known = {(key.name, key.key_id): key for key in keys}
    signers = [known[place] for place in signatures if place in known]
    for key in signers:
        if not key.holds(text.encode(), signatures[key.name, key.key_id]):
            raise SignatureWrong(f"the signature of {key.name}+{key.key_id.hex()} does not hold")
    if not signers:
        names = ", ".join(f"{name}+{key_id.hex()}" for name, key_id in signatures)
        raise WrongNote(f"signed by no known key, but by {names}")
    return text, signers


def _parts(note: str) -> tuple[str, Mapping[tuple[str, bytes], bytes]]:
    text, separator, lines = note.rpartition("\n\n")
    if not separator or len(note) > LARGEST_NOTE or not lines.endswith("\n"):
        raise WrongNote("no signed note")
    signatures: dict[tuple[str, bytes], bytes] = {}
    for line in lines.splitlines():
        found = SIGNATURE_LINE.fullmatch(line)
        if not found or len(signatures) >= MOST_SIGNATURES:
            raise WrongNote("no signed note")
        try:
            decoded = b64decode(found[2], validate=True)
        except ValueError:
            raise WrongNote("no signed note") from None
        signatures[found[1], decoded[:4]] = decoded[4:]
    return f"{text}\n", signatures
