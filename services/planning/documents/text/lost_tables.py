"""Notes where prose seems to have been a table: columns kept by spaces only, or one cell to a line without a header."""

import re
from collections.abc import Iterable

from services.planning.documents.text.labels import is_code
from services.planning.documents.text.lines import Line, Note, Part, Run

_COLUMNS = re.compile(r"\S {2,}(?=\S)")
_FEWEST = 5  # lines with three columns, or with a row's number and nothing else
_NEAR = 25  # lines, fewer than a page has: the numbers of pages are further from each other
_SPACED = (
    "có vẻ là một bảng chỉ chia cột bằng khoảng trắng, không tách được chắc chắn nên giữ nguyên từng dòng. "
    "Hãy đọc tệp gốc dạng .docx, .xlsx hoặc PDF."
)
LOST = "có vẻ là một bảng bị mất cột, không tách được chắc chắn nên giữ nguyên từng dòng."


def lost_tables(run: Run, notes: list[Note]) -> list[Part]:
    """The run as it is, with at most one note of each kind."""
    if spaced := _first(line for line in run if len(_COLUMNS.findall(line.text.strip())) > 1):
        notes.append(Note(spaced.number, _SPACED))
    elif listed := _first(line for line in run if is_code(line.text.strip())):
        notes.append(Note(listed.number, LOST))
    return [run]


def _first(found: Iterable[Line]) -> Line | None:
    """The first of several that are near each other."""
    near: list[Line] = []
    for line in found:
        near = [*near, line] if near and line.number - near[-1].number <= _NEAR else [line]
        if len(near) == _FEWEST:
            return near[0]
    return None
