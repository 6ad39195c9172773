"""Tables that hold no tasks: those that only lay out text, and those that nobody understands."""

import re
from collections.abc import Sequence

from services.planning.documents.document import Paragraph, Row
from services.planning.documents.tables.cell_contents import first_words, stripped
from services.planning.documents.tables.headers import texts_of
from shared.vietnamese import folded

_LAYOUT = re.compile(
    r"cộng hoà xã hội chủ nghĩa|độc lập - tự do|nơi nhận|\bkt\. ?(chủ tịch|trưởng)|"
    r"\btm\. ?(uỷ ban|ubnd)|lưu: ?vt|^số: ?"
)


def is_text(rows: Sequence[Row], goes_on: bool) -> bool:
    """What is no table but laid out as one: the head of a letter, a signature, a box, title lines of a sheet."""
    width = max(sum(bool(text) for text in texts_of(row)) for row in rows)
    words = folded("\n".join(text for row in rows for text in texts_of(row)))
    return (width < 2 and not goes_on) or (bool(_LAYOUT.search(words)) and len(rows) <= 8)


def as_paragraphs(rows: Sequence[Row]) -> list[Paragraph]:
    return [
        Paragraph(line, row.place, bold=cell.bold)
        for row in rows
        for cell in row.cells
        for line in stripped(cell.text).split("\n")
        if line
    ]


def not_understood(header: Sequence[Row], rows: Sequence[Row], place: str) -> list[str]:
    """A warning for what may be a table; two short rows are layout."""
    if not header and len(rows) < 3:
        return []
    text = first_words(" | ".join(text for text in texts_of((*header, *rows)[0]) if text))
    return [f"{place}: không hiểu bảng này, chưa đọc nội dung của nó (bắt đầu bằng “{text}”)."]
