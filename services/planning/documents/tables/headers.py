"""The header of a table: one or two rows, with a row of column numbers below, printed again on every page."""

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
)
from services.planning.documents.tables.columns import BODIES
from services.planning.documents.tables.header_words import LONGEST, role_of, role_under
from shared.vietnamese import folded

_COLUMN_NUMBER = re.compile(r"\(?(\d{1,2}|[a-h])\)?( ?= ?.*)?")
_SAY_LITTLE = ("other", "group", "content")


def texts_of(row: Row) -> list[str]:
    return [stripped(cell.text) for cell in row.cells]


def is_header(row: Row) -> bool:
    """A number column beside one known word; or without numbers, a content column beside a column of another kind."""
    texts = [text for text in texts_of(row) if text]
    if len(texts) < 2 or any(len(text) > LONGEST for text in texts):
        return False
    roles = [role_of(text) for text in texts]
    if any(role == "number" and code_of(text) is None for role, text in zip(roles, texts, strict=True)):
        return any(role not in ("number", "other") for role in roles)
    if any(code_of(text) or _is_value(text) for text in texts):
        return False
    names = any(role in ("content", "indicator", "group") for role in roles)
    known = sum(role not in _SAY_LITTLE for role in roles)
    return names and "period" not in roles and known > 0 and 2 * roles.count("other") <= len(roles)


def _is_value(text: str) -> bool:
    """What stands in cells below headers. "2025" alone stands in both."""
    if re.fullmatch(r"(năm )?20\d\d", folded(text)) or role_of(text) == "period":
        return False
    return is_target(text) or (is_schedule(text) and role_of(text) not in ("schedule", "target", "indicator"))


def header_height(rows: Sequence[Row]) -> int:
    """How many rows the header at the front of `rows` has, with the row of column numbers."""
    height = 1
    while height < len(rows) and height < 3 and _goes_on(rows[0], rows[height]):
        height += 1
    if height < len(rows) and _numbers_columns(rows[height]):
        height += 1
    return height


def _goes_on(header: Row, row: Row) -> bool:
    """A second row names columns below merged cells and has nothing below the cells that are not."""
    above, texts = texts_of(header), texts_of(row)
    if not any(texts) or any(len(text) > LONGEST for text in texts) or texts[0]:
        return False
    if row.cells[0].covered == "above" and all(cell.covered for cell in row.cells if not stripped(cell.text)):
        return True  # what is merged with the header is of the header, whatever its words
    named = [(_parent(above, header, at), text) for at, text in enumerate(texts) if text]
    if all(above[at] for at, text in enumerate(texts) if text):
        return False  # nothing here stands under the rest of a merged cell
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
    """The header cell over a column: its own, or the one to the left that is merged over it."""
    while at > 0 and not above[at] and header.cells[at].covered != "above":
        at -= 1
    return above[at]


def _numbers_columns(row: Row) -> bool:
    texts = [folded(text) for text in texts_of(row) if text]
    if len(texts) < 3 or not texts_of(row)[0] or not all(_COLUMN_NUMBER.fullmatch(text) for text in texts):
        return False
    return texts[0].strip("()") in ("1", "a") and len(set(texts)) == len(texts)


def labels(header: Sequence[Row]) -> tuple[list[str], list[str]]:
    """The header as two rows of texts: what stands over a column, and what stands under that ("" for nothing)."""
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
    """Without a second row a merged header does not say which of its columns is which."""
    return above[at] if header.cells[at].covered is None else ""
