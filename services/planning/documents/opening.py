"""Opens a plan document of any format; a file that may be hostile is opened inside `in_sandboxed_process`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from services.planning.documents.document import Document
from services.planning.documents.formats.file_kind import Kind, kind_of
from services.planning.documents.formats.text_cleaning import is_of_old_fonts
from shared.office_files.unreadable import UnreadableDocument

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
