"""Finds the header of a table without rules among the printed lines of a page."""

import re
from collections.abc import Sequence
from itertools import pairwise

from services.planning.documents.formats.pdf.text_layer import Piece
from services.planning.documents.formats.pdf.unruled_rows import PrintedLine, printed_lines
from shared.vietnamese import folded

LEAST_COLUMNS = 3
NARROW = 4.0  # points behind "Số" above the numbers; "Số hóa hồ sơ" is a task
WIDE = 8.0  # points between two titles of a header without a number
_NUMBER_TITLE = re.compile(r"s?tt\.?( .*)?|số( tt| thứ tự)?")
_TITLES = re.compile(
    r"nội dung|nhiệm vụ|công việc|chủ trì|phối hợp|thực hiện|thời gian|thời hạn|tiến độ|sản phẩm|kết quả|đơn vị|cơ quan"
    r"|ghi chú|chỉ tiêu|hoàn thành"
)
_DIGIT = re.compile(r"\d")


def has_header(pieces: Sequence[Piece]) -> bool:
    rows = printed_lines(pieces)
    return any(is_header(rows, at) for at in range(len(rows)))


def is_header(rows: Sequence[PrintedLine], at: int) -> bool:
    """A line with a title for the numbers, or one of titles only, which are apart from each other."""
    around = " ".join(folded(row.text) for row in rows[max(0, at - 1) : at + 2])
    known = len(set(_TITLES.findall(around)))
    if known < 2 or has_number_title(rows[at]):
        return known >= 2
    if any(map(has_number_title, rows[at + 1 : at + 3])):
        return False
    groups = _groups(rows[at], WIDE)
    titled = [text for text in groups if _TITLES.search(folded(text)) and text[:1].isupper()]
    return len(groups) >= LEAST_COLUMNS and len(titled) + 1 >= len(groups) and not _DIGIT.search(rows[at].text)


def has_number_title(row: PrintedLine) -> bool:
    return _NUMBER_TITLE.fullmatch(folded(_groups(row, NARROW)[0])) is not None


def _groups(row: PrintedLine, gap: float) -> list[str]:
    """The words between which there is no gap, as one text each."""
    groups = [row.texts[0]]
    for (before, after), text in zip(pairwise(row.words), row.texts[1:], strict=True):
        if after[0] - before[1] >= gap:
            groups.append(text)
        else:
            groups[-1] += f" {text}"
    return groups


def titles_around(rows: Sequence[PrintedLine], header: int) -> list[int]:
    """The lines of the header: its own, the one above that begins right of the number, those half a line away."""
    row = rows[header]
    titles = [header]
    for step in (-1, 1):
        at = header + step
        while 0 <= at < len(rows) and _is_beside(rows[at], row, step):
            apart = abs(rows[at].centre - rows[at - step].centre)
            if apart > _farthest(rows[at], row, step) * row.height:
                break
            titles.append(at)
            at += step
    return sorted(titles)


def _is_beside(line: PrintedLine, header: PrintedLine, step: int) -> bool:
    """Whether it begins right of the number; without one a line below goes on where its words are small."""
    if has_number_title(header):
        return line.words[0][0] > header.words[0][1]
    groups = _groups(line, WIDE)
    goes_on = step > 0 and all(text[0].islower() for text in groups)
    return goes_on or (len(groups) < LEAST_COLUMNS and all(_TITLES.search(folded(text)) for text in groups))


def _farthest(line: PrintedLine, header: PrintedLine, step: int) -> float:
    """In heights of a line: without a number what follows in small letters is a line away."""
    if not has_number_title(header):
        return 2.6 if step > 0 else 1.8
    return 1.8 if step < 0 and _TITLES.search(folded(line.text)) else 0.8
