"""Who does what in a table that has a column for each body, with marks in its cells: "CT", "PH", "x"."""

import re
from collections.abc import Sequence

from services.planning.documents.tables.cell_contents import is_body, is_mark
from services.planning.documents.tables.columns import BodiesRole, mostly
from shared.vietnamese import folded

_LEADS = re.compile(r"(ct|chủ trì|chính|thực hiện)\W*")
_SUPPORTS = re.compile(r"(ph|phối hợp|tham gia)\W*")


def is_for_one_body(header: str, cells: Sequence[str]) -> bool:
    return is_body(header) and mostly(role_of_mark, cells)


def role_of_mark(text: str) -> BodiesRole | None:
    """ "both" is a mark that does not say, None is no mark."""
    word = folded(text)
    if _LEADS.fullmatch(word):
        return "lead"
    if _SUPPORTS.fullmatch(word):
        return "support"
    return "both" if is_mark(text) else None


def bodies_by_marks(cells: Sequence[tuple[str, str]]) -> list[tuple[str, BodiesRole]]:
    """The bodies of one row with their roles, of headers and cells: where one leads, "x" supports; else all lead."""
    marked = [(header, role) for header, text in cells if (role := role_of_mark(text))]
    leads = any(role == "lead" for _, role in marked)
    return [(header, ("support" if leads else "lead") if role == "both" else role) for header, role in marked]
