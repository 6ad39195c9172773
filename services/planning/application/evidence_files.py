"""Takes the bytes of an evidence file part by part, and gives them again to whoever may see the task.

With a scanner no file is kept, and none handed out, that was not scanned for viruses.
"""

import logging
from base64 import b64encode
from hashlib import sha256
from typing import NamedTuple

from services.planning.domain.refusal import Refusal, RequestRefused
from services.planning.evidence_types import WRONG_TYPE, media_type_of
from services.planning.read_models.evidence import Evidence, KeptFile
from services.planning.virus_scanner import VirusScanner
from services.planning.wording import EVIDENCE_TOO_LARGE
from shared.contracts.planning import LARGEST_FILE, PART

TOO_LARGE = Refusal("too-large", EVIDENCE_TOO_LARGE)
EMPTY = Refusal("empty", "Tệp không có nội dung.")
TOO_MANY = Refusal("too-many-uploads", "Đơn vị còn nhiều tệp đang gửi dở; hãy thử lại sau.")
DAMAGED = Refusal("damaged", "Tệp bị hỏng trên đường gửi; hãy gửi lại.")
_INFECTED = "infected"
UNREADABLE = Refusal("wrong-type", WRONG_TYPE)
INFECTED = Refusal(_INFECTED, "Tệp có mã độc (vi-rút) nên không được lưu; hãy diệt vi-rút trên máy đã tạo tệp.")
INFECTED_BEFORE = Refusal(_INFECTED, "Tệp có mã độc (vi-rút) nên không tải xuống được.")

log = logging.getLogger(__name__)


class Upload(NamedTuple):
    """A file on its way: `name` is the upload's own, `sha256` and `size` those of the whole file."""

    commune: str
    name: str
    sha256: str
    size: int


class EvidenceFiles:
    def __init__(self, kept: Evidence, scanner: VirusScanner | None = None) -> None:
        self._kept = kept
        self._scanner = scanner

    @property
    def are_scanned(self) -> bool:
        return self._scanner is not None

    def take(self, upload: Upload, part: int, content: bytes) -> KeptFile | None:
        """Keep a part. The file once it is whole; it is at once where the commune has sent it before.

        RequestRefused where it is empty, too large, damaged, of a type that is not taken, or has a virus.
        NotScanned where there is no verdict: nothing is kept then.
        """
        known = self._kept.of_commune(upload.commune, [upload.sha256]).get(upload.sha256)
        if known and self._may_be_used(known.sha256):
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
        """In base64; empty after the last. One that was kept before there was a scanner is scanned now.

        RequestRefused where it has a virus. NotScanned where there is no verdict.
        """
        if not self._may_be_used(file_sha256):
            self._scan(file_sha256, self._kept.content_of(file_sha256), INFECTED_BEFORE)
            self._kept.note_scanned(file_sha256)
        return b64encode(self._kept.part_of(file_sha256, part * PART, PART)).decode()

    def _checked(self, upload: Upload, content: bytes) -> KeptFile:
        """Its parts are forgotten, whatever becomes of it: whoever sends it again sends all of them."""
        try:
            if (len(content), sha256(content).hexdigest()) != (upload.size, upload.sha256):
                raise RequestRefused(DAMAGED)
            media_type = media_type_of(content)
            if media_type is None:
                raise RequestRefused(UNREADABLE)
            self._scan(upload.sha256, content, INFECTED)
            file = KeptFile(upload.sha256, upload.size, media_type)
            self._kept.keep(upload.commune, file, content, scanned=self.are_scanned)
            return file
        finally:
            self._kept.forget(upload.commune, upload.name)

    def _may_be_used(self, file_sha256: str) -> bool:
        return self._scanner is None or self._kept.is_scanned(file_sha256)

    def _scan(self, file_sha256: str, content: bytes, refusal: Refusal) -> None:
        virus = self._scanner.virus_in(content) if self._scanner else None
        if virus:
            log.error("a file with a virus was refused: %s in %s", virus, file_sha256)
            raise RequestRefused(refusal)
