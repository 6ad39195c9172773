"""Finds the header rows of a table: one or two, with a row of column numbers, often repeated on every page."""

import re
from collections.abc import Sequence

from services.planning.documents.document import Row
from services.planning.documents.tables.cell_contents import (
    code_of,
    is_body,
    is_schedule,
    is_target,
    one_line,
    stripped,
    texts_of,
)
from services.planning.documents.tables.columns.column import BODIES
from services.planning.documents.tables.columns.header_words import LONGEST, role_of, role_under
from shared.vietnamese import folded

_COLUMN_NUMBER = re.compile(r"\(?(\d{1,2}|[a-h])\)?( ?= ?.*)?")
_DAY = re.compile(r"\d/\d|ngày \d", re.IGNORECASE)
_WEAK_ROLES = ("other", "group", "content")


def rows_by_header(rows: Sequence[Row]) -> list[tuple[list[Row], list[Row]]]:
    """Pairs of header rows and the rows below them; the first pair may have no header."""
    headed: list[tuple[list[Row], list[Row]]] = [([], [])]
    at = 0
    while at < len(rows):
        if _is_header(rows[at]) and (not headed[-1][1] or _may_follow(rows[at], headed[-1][0])):
            again = _repeated_height(rows[at:], headed[-1][0])
            height = again or _height(rows[at:])
            titles = [] if again else _titles_at_the_end(headed[-1][1])
            headed.append((list(rows[at : at + height]), titles))
            at += height
        else:
            if any(texts_of(rows[at])):
                headed[-1][1].append(rows[at])
            at += 1
    return [(header, below) for header, below in headed if header or below]


def _titles_at_the_end(rows: list[Row]) -> list[Row]:
    """Removes the title rows at the end, which belong to the next header."""
    end = len(rows)
    while end and sum(bool(text) and code_of(text) is None for text in texts_of(rows[end - 1])) == 1:
        end -= 1
    titles = rows[end:] if end else []
    del rows[len(rows) - len(titles) :]
    return titles


def _repeated_height(rows: Sequence[Row], header: Sequence[Row]) -> int:
    """How many of the first rows repeat the header above; 0 for another header."""
    same = [_words(row) == _words(above) for row, above in zip(rows, header, strict=False)]
    return (same.index(False) if False in same else len(same)) if same and same[0] else 0


def _may_follow(row: Row, header: Sequence[Row]) -> bool:
    """Below a header without a number column a task may look like a header, so only the same header may follow."""
    if not header or any(role_of(text) == "number" for text in texts_of(row)):
        return True
    return _words(row) == _words(header[0])


def _words(row: Row) -> list[str]:
    return [folded(text) for text in texts_of(row)]


def _is_header(row: Row) -> bool:
    """Whether a row has a number column and one known word; or a content column and a column of another kind."""
    texts = [text for text in texts_of(row) if text]
    if row.page_begins and not texts_of(row)[0]:
        return False  # "số" is the rest of a word here
    if len(texts) < 2 or any(len(text) > LONGEST for text in texts):
        return False
    roles = [role_of(text) for text in texts]
    if any(role == "number" and code_of(text) is None for role, text in zip(roles, texts, strict=True)):
        return any(role not in ("number", "other") for role in roles)
    if any(code_of(text) or _is_value(text) for text in texts):
        return False
    names = any(role in ("content", "indicator", "group") for role in roles)
    known = sum(role not in _WEAK_ROLES for role in roles)
    return names and "period" not in roles and known > 0 and 2 * roles.count("other") <= len(roles)


def _is_value(text: str) -> bool:
    """Whether a text is that of a cell below a header; "2025" alone may be a header too."""
    if re.fullmatch(r"(năm )?20\d\d", folded(text)) or role_of(text) == "period":
        return False
    names_a_column = role_of(text) in ("schedule", "target", "indicator") and not _DAY.search(text)
    return is_target(text) or (is_schedule(text) and not names_a_column)


def _height(rows: Sequence[Row]) -> int:
    """How many of the first rows are the header, including the row of column numbers."""
    height = 1
    while height < len(rows) and height < 3 and _is_second_row(rows[0], rows[height]):
        height += 1
    if height < len(rows) and _numbers_columns(rows[height]):
        height += 1
    return height


def _is_second_row(header: Row, row: Row) -> bool:
    """Whether a second row names columns below merged cells, and has no text below the others."""
    above, texts = texts_of(header), texts_of(row)
    if not any(texts) or any(len(text) > LONGEST for text in texts) or texts[0]:
        return False
    if row.cells[0].covered == "above" and all(cell.covered for cell in row.cells if not stripped(cell.text)):
        return True  # merged with the header, so part of it whatever its words
    named = [(_parent(above, header, at), text) for at, text in enumerate(texts) if text]
    if all(above[at] for at, text in enumerate(texts) if text):
        return False  # no text is below the rest of a merged cell
    if any(code_of(text) and role_under(parent, text) != "period" for parent, text in named):
        return False
    return all(_names(parent, text) for parent, text in named)


def _names(parent: str, text: str) -> bool:
    if role_under(parent, text) in ("begin", "end", "period"):
        return True
    if role_of(parent) in BODIES and is_body(text):
        return True  # a column for each body
    return role_of(text) != "other" and not is_schedule(text)


def _parent(above: Sequence[str], header: Row, at: int) -> str:
    """The header cell above a column: its own, or the one to the left that is merged over it."""
    while at > 0 and not above[at] and header.cells[at].covered != "above":
        at -= 1
    return above[at]


def _numbers_columns(row: Row) -> bool:
    texts = [folded(text) for text in texts_of(row) if text]
    if len(texts) < 3 or not texts_of(row)[0] or not all(_COLUMN_NUMBER.fullmatch(text) for text in texts):
        return False
    return texts[0].strip("()") in ("1", "a") and len(set(texts)) == len(texts)


def labels(header: Sequence[Row]) -> tuple[list[str], list[str]]:
    """The header as two rows of texts: the first for each column, and the second ("" where there is none)."""
    above = texts_of(header[0])
    named = [row for row in header[1:] if not _numbers_columns(row)]
    if not named:
        return [one_line(_parent_of_one_row(above, header[0], at)) for at in range(len(above))], [""] * len(above)
    parents, names = [], []
    for at in range(len(above)):
        below = " ".join(text for row in named if (text := texts_of(row)[at]))
        parents.append(one_line(_parent(above, header[0], at) if below else above[at]))
        names.append(one_line(below))
    return parents, names


def _parent_of_one_row(above: Sequence[str], header: Row, at: int) -> str:
    """Without a second row, only the first column below a merged header has a header."""
    return above[at] if header.cells[at].covered is None else ""
