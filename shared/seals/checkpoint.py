"""A checkpoint (C2SP tlog-checkpoint): how many events a service's history has, and the root of the tree over them."""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

from shared.seals.merkle import HASH_BYTES
from shared.seals.notes import WrongNote, text_of

TEXT = re.compile(r"(\S+)\n(0|[1-9][0-9]{0,17})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*")


def origin_of(name: str, service: str) -> str:
    """The name of a service's history, and of the key under which its checkpoints are signed."""
    return f"{name}/{service}"


def line_after(note: str) -> str:
    """The line by which a checkpoint names the one before it: its size, and the hash of its text.

    The signature of the last one so proves that none between was deleted or altered. The first one has no such line.
    """
    text = text_of(note)
    return f"previous {Checkpoint.read(text).size} {b64encode(sha256(text.encode()).digest()).decode()}\n"


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes

    @property
    def service(self) -> str:
        return self.origin.rpartition("/")[2]

    @property
    def root_text(self) -> str:
        return b64encode(self.root).decode()

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{self.root_text}\n"

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """Of the text of a note. WrongNote where it is no checkpoint."""
        found = TEXT.fullmatch(text)
        if not found:
            raise WrongNote("no checkpoint")
        root = b64decode(found[3])
        if len(root) != HASH_BYTES:
            raise WrongNote("no checkpoint")
        return cls(found[1], int(found[2]), root)

    @classmethod
    def of_note(cls, note: str) -> "Checkpoint":
        """Of a note whose signatures are checked elsewhere."""
        return cls.read(text_of(note))
