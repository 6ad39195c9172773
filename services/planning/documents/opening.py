"""Opens a plan document of any format; a file that may be hostile is opened inside `in_sandboxed_process`.

Recognizes the format of a file by its content; refuses other formats with advice on how to convert them.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

from services.planning.documents.document import Document
from services.planning.documents.formats.refusals import LOCKED, MAX_PARTS, damage_refused
from services.planning.documents.formats.text_cleaning import is_of_old_fonts
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


MAX_BYTES = 20 * 1024 * 1024
MAX_LETTERS = 8_000_000

MISSING = "Không có tệp này. Hãy kiểm tra lại đường dẫn."
FOLDER = "Đây là một thư mục, không phải tệp. Hãy chỉ ra tệp kế hoạch ở bên trong."
NOT_A_FILE = "Đây không phải là một tệp thông thường nên không đọc được."
FORBIDDEN = "Không có quyền đọc tệp. Hãy xin quyền đọc hoặc chép tệp sang chỗ khác rồi đọc lại."
UNOPENED = "Không mở được tệp. Hãy kiểm tra lại đường dẫn và ổ đĩa rồi đọc lại."
EMPTY = "Tệp rỗng, không có nội dung. Hãy lấy lại tệp gốc rồi đọc lại."
TOO_LARGE = "Tệp lớn hơn 20 MB. Hãy bỏ bớt hình ảnh hoặc tách thành các tệp nhỏ hơn rồi đọc lại."
TOO_LONG = "Tài liệu quá lớn: có hơn 8 triệu ký tự. Hãy tách thành các tệp nhỏ hơn rồi đọc lại."
NOTHING = "Tài liệu không có chữ nào để đọc. Hãy kiểm tra lại xem có đúng tệp kế hoạch không."
OLD_FONTS = (
    "Văn bản dùng phông chữ đời cũ (TCVN3/.VnTime hoặc VNI) nên không đọc được chữ. "
    "Hãy chuyển sang mã Unicode (ví dụ bằng UniKey), lưu lại rồi đọc lại."
)
OTHER_SUFFIX = "Tên tệp có đuôi {suffix} nhưng nội dung là {kind}; tệp được đọc theo nội dung."

KIND_NAMES: dict[Kind, str] = {"docx": "Word (.docx)", "xlsx": "Excel (.xlsx)", "pdf": "PDF", "text": "văn bản thường"}
SUFFIXES: dict[str, Kind] = {
    **dict.fromkeys((".docx", ".docm", ".dotx", ".doc"), "docx"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xltx", ".xls"), "xlsx"),
    ".pdf": "pdf",
    **dict.fromkeys((".txt", ".md"), "text"),
}


def open_document(path: Path) -> Document:
    """The paragraphs and tables of a file of at most 20 MB; its content decides the format, not its name.

    Raises `UnreadableDocument` for a file that cannot be read. A broken or hostile file may also end in any other
    exception, or take all time and memory: `in_sandboxed_process(open_document, path)` turns these into a sentence.
    """
    content = _content(path)
    kind = kind_of(content)
    document = _reader(kind, content)(path)
    _refuse_unreadable(document)
    if SUFFIXES.get(path.suffix.lower(), kind) == kind:
        return document
    note = OTHER_SUFFIX.format(suffix=path.suffix.lower(), kind=KIND_NAMES[kind])
    return replace(document, notes=(note, *document.notes))


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UnreadableDocument(FOLDER)
        if not path.is_file():
            raise UnreadableDocument(NOT_A_FILE if path.exists() else MISSING)
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableDocument(TOO_LARGE)
        content = path.read_bytes()
    except PermissionError as error:
        raise UnreadableDocument(FORBIDDEN) from error
    except (OSError, ValueError) as error:
        raise UnreadableDocument(UNOPENED) from error
    if not content.strip(b" \t\r\n\0"):
        raise UnreadableDocument(EMPTY)
    return content


def _reader(kind: Kind, content: bytes) -> Callable[[Path], Document]:
    """Imports only the reader of this format: each library takes longer to import than most files take to read."""
    if kind == "docx":
        from services.planning.documents.formats.docx import read_docx

        return read_docx
    if kind == "xlsx":
        from services.planning.documents.formats.xlsx import read_xlsx

        return read_xlsx
    if kind == "pdf":
        from services.planning.documents.formats.pdf import read_pdf

        return read_pdf
    from services.planning.documents.formats.plain_text import read_text

    return lambda _path: read_text(content)


def _refuse_unreadable(document: Document) -> None:
    texts = list(document.texts())
    if not texts:
        raise UnreadableDocument(NOTHING)
    if sum(map(len, texts)) > MAX_LETTERS:
        raise UnreadableDocument(TOO_LONG)
    if is_of_old_fonts(texts):
        raise UnreadableDocument(OLD_FONTS)
