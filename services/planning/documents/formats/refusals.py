"""The sentences with which a damaged, locked or hostile file is refused, whichever its format."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.office_files.archive import Problem, UnsafeArchive
from shared.office_files.unreadable import BROKEN, UnreadableDocument

MAX_PARTS = 5_000  # of an office file

DAMAGED = "Tệp bị hỏng hoặc tải về chưa đủ nên không mở được. Hãy lấy lại tệp gốc rồi đọc lại."
LOCKED = "Tệp được đặt mật khẩu. Hãy bỏ mật khẩu, lưu lại rồi đọc lại."
TOO_MANY_PARTS = "Tài liệu bất thường: tệp nén bên trong có quá nhiều phần. Hãy lưu lại thành tệp mới rồi đọc lại."
TOO_LARGE = (
    "Tài liệu quá lớn hoặc bất thường: nội dung bung ra vượt mức cho phép. Hãy tách thành các tệp nhỏ hơn rồi đọc lại."
)
NOT_OFFICE_XML = "Tài liệu bất thường: nội dung XML chứa khai báo mà Word và Excel không bao giờ ghi, nên không đọc."

# Of the problems that opening an archive and reading a part of it can have.
_SENTENCES: dict[Problem, str] = {
    "damaged": DAMAGED,
    "encrypted": LOCKED,
    "too-many-parts": TOO_MANY_PARTS,
    "too-large": TOO_LARGE,
}


@contextmanager
def damage_refused() -> Iterator[None]:
    """Turns whatever a damaged office file makes its reader raise into `UnreadableDocument`; also a decorator."""
    try:
        yield
    except UnsafeArchive as error:
        raise UnreadableDocument(_SENTENCES[error.problem]) from error
    except (UnreadableDocument, MemoryError):
        raise
    except Exception as error:  # openpyxl 3.1 raises whatever broken XML makes of it
        raise UnreadableDocument(BROKEN) from error
