"""Recognizes the format of a file by its content; refuses other formats with advice on how to convert them."""

from typing import Literal

from services.planning.documents.formats.refusals import LOCKED, MAX_PARTS, damage_refused
from shared.office_files.archive import Archive
from shared.office_files.unreadable import UnreadableDocument

Kind = Literal["docx", "xlsx", "pdf", "text"]

SCAN = (
    "Đây là tệp ảnh (bản chụp hoặc bản quét), không có chữ để đọc. Hãy dùng bản gốc dạng .docx, .xlsx hoặc PDF có chữ."
)
OLD_WORD = "Tệp .doc đời cũ: hãy mở bằng Word, lưu lại dưới dạng .docx rồi đọc lại."
OLD_EXCEL = "Tệp .xls đời cũ: hãy mở bằng Excel, lưu lại dưới dạng .xlsx rồi đọc lại."
OLD_OFFICE = "Tệp Office đời cũ: hãy mở bằng Word hoặc Excel, lưu lại dưới dạng .docx hoặc .xlsx rồi đọc lại."
RICH_TEXT = "Tệp .rtf: hãy mở bằng Word, lưu lại dưới dạng .docx rồi đọc lại."
WEB_PAGE = "Tệp là trang web (HTML): hãy mở bằng Word, lưu lại dưới dạng .docx rồi đọc lại."
WORD_XML = "Tệp là Word hoặc Excel dạng XML: hãy mở ra, lưu lại dưới dạng .docx hoặc .xlsx rồi đọc lại."
OPEN_TEXT = "Tệp OpenDocument văn bản (.odt): hãy lưu lại dưới dạng .docx rồi đọc lại."
OPEN_SHEET = "Tệp OpenDocument bảng tính (.ods): hãy lưu lại dưới dạng .xlsx rồi đọc lại."
SLIDES = "Tệp trình chiếu: hãy dùng bản kế hoạch dạng .docx, .xlsx, .pdf hoặc .txt."
BINARY_SHEET = "Tệp .xlsb: hãy mở bằng Excel, lưu lại dưới dạng .xlsx rồi đọc lại."
PACKED = "Tệp nén: hãy giải nén rồi đọc tệp kế hoạch ở bên trong."
UNKNOWN = "Không nhận ra định dạng của tệp. Hãy dùng tệp .docx, .xlsx, .pdf, .txt hoặc .md."

PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00")
PACKS = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, in which each other byte may be NUL
LOOKED_AT = 4096


@damage_refused()
def kind_of(content: bytes) -> Kind:
    """The format of a file that can be read. Raises `UnreadableDocument` for every other one."""
    head = content[:LOOKED_AT]
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_archive(content)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if why := _refusal(content, head):
        raise UnreadableDocument(why)
    return "text"


def _kind_of_archive(content: bytes) -> Kind:
    archive = Archive(content, MAX_PARTS)
    names = archive.names
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.startswith("xl/") for name in names):
        if "xl/workbook.bin" in names:
            raise UnreadableDocument(BINARY_SHEET)
        return "xlsx"
    if any(name.startswith("ppt/") for name in names):
        raise UnreadableDocument(SLIDES)
    mimetype = archive.beginning("mimetype", 100) if "mimetype" in names else b""
    if b"opendocument" in mimetype:
        kinds = {b"text": OPEN_TEXT, b"spreadsheet": OPEN_SHEET}
        raise UnreadableDocument(next((why for kind, why in kinds.items() if kind in mimetype), SLIDES))
    raise UnreadableDocument(PACKED)


def _refusal(content: bytes, head: bytes) -> str | None:
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _old_office(content)
    if content.startswith(PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or head[4:12] == b"ftypheic":
        return SCAN
    if content.startswith(PACKS):
        return PACKED
    beginning = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    marks = ((b"{\\rtf", RICH_TEXT), (b"<!doctype html", WEB_PAGE), (b"<html", WEB_PAGE))
    if why := next((why for mark, why in marks if beginning.startswith(mark)), None):
        return why
    if beginning.startswith(b"<?xml") and b"<?mso-application" in beginning:
        return WORD_XML
    return None if content.startswith(WIDE_MARKS) or not _is_noise(content) else UNKNOWN


def _old_office(content: bytes) -> str:
    """The streams of an OLE file are named in UTF-16; a protected DOCX or XLSX is one too."""
    names = (
        ("EncryptedPackage", LOCKED),
        ("WordDocument", OLD_WORD),
        ("Workbook", OLD_EXCEL),
        ("PowerPoint Document", SLIDES),
    )
    return next((why for name, why in names if name.encode("utf-16-le") in content), OLD_OFFICE)


def _is_noise(content: bytes) -> bool:
    controls = sum(content.count(bytes([code])) for code in range(32) if code not in b"\t\n\v\f\r\x1b")
    return b"\0" in content or controls * 100 > len(content)
