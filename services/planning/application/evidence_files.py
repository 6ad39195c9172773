"""Takes the bytes of an evidence file part by part, and gives them again to whoever may see the task."""

from base64 import b64encode
from hashlib import sha256
from typing import NamedTuple

from services.planning.domain.refusal import Refusal, RequestRefused
from services.planning.evidence_types import WRONG_TYPE, media_type_of
from services.planning.read_models.evidence import Evidence, KeptFile
from shared.contracts.planning import LARGEST_FILE, PART

TOO_LARGE = Refusal("too-large", "Tệp lớn hơn 20 MB; hãy nén lại hoặc chia thành nhiều tệp.")
EMPTY = Refusal("empty", "Tệp không có nội dung.")
TOO_MANY = Refusal("too-many-uploads", "Đơn vị còn nhiều tệp đang gửi dở; hãy thử lại sau.")
DAMAGED = Refusal("damaged", "Tệp bị hỏng trên đường gửi; hãy gửi lại.")
UNREADABLE = Refusal("wrong-type", WRONG_TYPE)


class Upload(NamedTuple):
    """A file on its way: `name` is the upload's own, `sha256` and `size` those of the whole file."""

    commune: str
    name: str
    sha256: str
    size: int


class EvidenceFiles:
    def __init__(self, kept: Evidence) -> None:
        self._kept = kept

    def take(self, upload: Upload, part: int, content: bytes) -> KeptFile | None:
        """Keep a part. The file once it is whole; it is at once where the commune has sent it before.

        RequestRefused where it is empty, too large, damaged, or of a type that is not taken.
        """
        known = self._kept.of_commune(upload.commune, [upload.sha256]).get(upload.sha256)
        if known:
            return known
        if not 0 < upload.size <= LARGEST_FILE:
            raise RequestRefused(TOO_LARGE if upload.size else EMPTY)
        if not self._kept.keep_part(upload.commune, upload.name, part, content):
            raise RequestRefused(TOO_MANY)
        whole = self._kept.sent(upload.commune, upload.name) if part + 1 == self.parts_of(upload.size) else None
        return None if whole is None else self._checked(upload, whole)

    @staticmethod
    def parts_of(size: int) -> int:
        return -(-size // PART)

    def part_of(self, file_sha256: str, part: int) -> str:
        """In base64; empty after the last."""
        return b64encode(self._kept.part_of(file_sha256, part * PART, PART)).decode()

    def _checked(self, upload: Upload, content: bytes) -> KeptFile:
        media_type = media_type_of(content)
        if (len(content), sha256(content).hexdigest()) != (upload.size, upload.sha256):
            refusal = DAMAGED
        elif media_type is None:
            refusal = UNREADABLE
        else:
            file = KeptFile(upload.sha256, upload.size, media_type)
            self._kept.keep(upload.commune, upload.name, file, content)
            return file
        self._kept.forget(upload.commune, upload.name)
        raise RequestRefused(refusal)
