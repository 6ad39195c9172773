"""Evidence files of tasks: what events and pages know of one, and the size of the parts in which its bytes travel."""

from typing import Annotated

from pydantic import AfterValidator, Base64Bytes, Field, StringConstraints

from shared.contracts import CommuneQuestion, Id, Message
from shared.contracts.planning.values import BodyName
from shared.printable import printable

PART = 1024 * 1024  # bytes of a part but the last; with base64 within what a commune's connection takes
LARGEST_FILE = 20 * 1024 * 1024  # bytes
SCANNED_WITHIN = 30.0  # seconds, for a file that is scanned for viruses before the answer

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
# No path: what stands before a slash is none of the file.
FileName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f/\\\\]+$"),
    AfterValidator(printable),
    StringConstraints(min_length=1),
]


class NamedFile(Message):
    """A file that was sent whole, by its hash, with the name that it has on the task."""

    sha256: Sha256
    name: FileName


class AttachedFile(Message):
    """`size` in bytes; `media_type` is what the content is, whatever the name says."""

    sha256: str
    name: str
    size: int
    media_type: str


class TakenPart(Message):
    """`media_type` is that of the whole file, null while parts of it are missing."""

    media_type: str | None


class FilePart(AttachedFile):
    """A part of the file in base64; empty after the last one."""

    content: str


Size = Annotated[int, Field(ge=0, le=10**9)]  # bytes: more than is taken, so that a sentence can say so
PartNumber = Annotated[int, Field(ge=0, lt=LARGEST_FILE // PART)]


class SendEvidencePart(CommuneQuestion[TakenPart]):
    """A part of a file for the commune's tasks, of one upload; a file that no step names afterwards does nothing.

    `sha256` and `size` are those of the whole file, `content` is the part in base64. With the last part the file is
    complete; it is at once where the commune sent it before. Refused: too large, damaged, of a type that is not taken,
    with a virus. `not-ready` where the file could not be scanned for viruses; it is not kept then.
    """

    subject = "planning.query.evidence-part.v1"
    roles = ("clerk", "office")
    largest = 2 * 1024 * 1024
    answered_within = SCANNED_WITHIN
    over_http = False

    body: BodyName | None = None
    upload: Id
    sha256: Sha256
    size: Size
    part: PartNumber = 0
    content: Annotated[Base64Bytes, Field(max_length=PART)]

    @property
    def body_of(self) -> str | None:
        return self.body
