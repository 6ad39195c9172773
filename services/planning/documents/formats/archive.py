"""The zip that a DOCX or XLSX file is, read part by part and no further than a limit: 40 kB can unfold to gigabytes."""

import io
import zipfile
from posixpath import dirname, join, normpath

from lxml import etree

from services.planning.documents.document import UnreadableDocument

MAX_PARTS = 5_000
MAX_PART_BYTES = 100 * 1024 * 1024
PART_MARK = b"PK\x01\x02"
STRICT = b"http://purl.oclc.org/ooxml/"

DAMAGED = "Tệp bị hỏng hoặc tải về chưa đủ nên không mở được. Hãy lấy lại tệp gốc rồi đọc lại."
LOCKED = "Tệp được đặt mật khẩu. Hãy bỏ mật khẩu, lưu lại rồi đọc lại."
TOO_MANY_PARTS = "Tài liệu bất thường: tệp nén bên trong có quá nhiều phần. Hãy lưu lại thành tệp mới rồi đọc lại."
TOO_LARGE = (
    "Tài liệu quá lớn hoặc bất thường: nội dung bung ra vượt mức cho phép. Hãy tách thành các tệp nhỏ hơn rồi đọc lại."
)
NOT_OFFICE_XML = "Tài liệu bất thường: nội dung XML chứa khai báo mà Word và Excel không bao giờ ghi, nên không đọc."
TOO_DEEP = "Tài liệu bất thường: các bảng hoặc khung lồng nhau quá sâu. Hãy bỏ bớt các lớp lồng nhau rồi đọc lại."

_STRICT_NAMES = {
    STRICT + b"wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    STRICT + b"officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
}


class Archive:
    """The parts of an office file by their names. Raises `UnreadableDocument` for what no office program writes."""

    def __init__(self, content: bytes) -> None:
        # Every part has this mark, and counting marks is cheaper than letting zipfile list a million parts.
        if content.count(PART_MARK) > MAX_PARTS:
            raise UnreadableDocument(TOO_MANY_PARTS)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            self._parts = {part.filename: part for part in self._zip.infolist()}
        except Exception as error:  # zipfile 3.11 raises whatever a broken directory makes of it
            raise UnreadableDocument(DAMAGED) from error
        if any(part.flag_bits & 1 for part in self._parts.values()):
            raise UnreadableDocument(LOCKED)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._parts)

    def size_of(self, name: str) -> int:
        """The unfolded size that a part declares, in bytes."""
        return self._parts[name].file_size

    def read(self, name: str, at_most: int = MAX_PART_BYTES) -> bytes:
        """A part; one that is larger than it may be, or than it says, is refused before it is unfolded whole."""
        content = self.beginning(name, at_most + 1)
        if len(content) > at_most:
            raise UnreadableDocument(TOO_LARGE)
        return content

    def beginning(self, name: str, size: int) -> bytes:
        """The first bytes of a part."""
        try:
            with self._zip.open(self._parts[name]) as part:
                return part.read(size)
        except MemoryError:
            raise
        except Exception as error:  # as above: zlib's own, KeyError, NotImplementedError, EOFError
            raise UnreadableDocument(DAMAGED) from error

    def tree(self, name: str) -> etree._Element:
        """A part as XML, of the transitional namespace if it was written in the strict one."""
        content = self.read(name)
        if STRICT in content[:4096]:
            for strict, transitional in _STRICT_NAMES.items():
                content = content.replace(strict, transitional)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise UnreadableDocument(_refusal(error)) from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise UnreadableDocument(NOT_OFFICE_XML)
        return root

    def related(self, kind: str, source: str = "") -> str | None:
        """The part to which a part (the package, where none is named) relates by a kind such as "styles"."""
        relations = join(dirname(source), "_rels", source.rpartition("/")[2] + ".rels")
        if relations not in self._parts:
            return None
        for relation in self.tree(relations):
            target, mode = str(relation.get("Target", "")), relation.get("TargetMode")
            if str(relation.get("Type", "")).endswith("/" + kind) and mode != "External":
                name = normpath(join("/", dirname(source), target)).lstrip("/")
                if name in self._parts:
                    return name
        return None


def _refusal(error: etree.XMLSyntaxError) -> str:
    text = str(error)
    if "depth" in text:
        return TOO_DEEP
    if "allocat" in text or "memory" in text:
        raise MemoryError from error
    return NOT_OFFICE_XML if "entity" in text.lower() else DAMAGED
