"""Resolves merged cells and marks for "as above", and finds the number and the title of each row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from services.planning.documents.document import Row
from services.planning.documents.tables.cell_contents import (
    code_before,
    code_of,
    is_ditto,
    is_number,
    one_line,
    stripped,
)
from services.planning.documents.tables.columns.column import ColumnRole, Columns

_FIRST = ("1", "a")
_SECOND = re.compile(r"\n\(?[2b][.)]\s")


@dataclass
class ResolvedRow:
    """`texts` are resolved; `is_own`: whether each is printed in this row, and not in a merged cell above it."""

    at: int
    place: str
    page_begins: bool
    texts: list[str]
    is_own: list[bool]
    covered: list[Literal["left", "above"] | None]
    code: str | None = None
    title: str = ""
    title_at: int = -1
    is_bold: bool = False
    has_number: bool = False
    repeated: list[int] = field(default_factory=list)  # the columns with a mark for "as above"
    roles: dict[int, ColumnRole] = field(default_factory=dict)

    def own_roles(self, columns: Columns) -> set[ColumnRole]:
        return {column.role for column in columns.all if self.is_own[column.at] and column.role != "number"}

    def own_texts(self) -> list[str]:
        return [text for text, own in zip(self.texts, self.is_own, strict=True) if own]

    def shares(self, *roles: ColumnRole) -> bool:
        """Whether a column of these roles is merged with the row above."""
        return any(role in roles and self.covered[at] == "above" for at, role in self.roles.items())

    @property
    def is_merged_over(self) -> bool:
        """Whether one cell is merged over all columns, or all but one."""
        return sum(cover == "left" for cover in self.covered) >= max(1, len(self.covered) - 2)

    def values(self) -> list[int]:
        """The columns with a text of this row, without its number and its title."""
        named = ("number", "content", "group")
        return [at for at, own in enumerate(self.is_own) if own and at != self.title_at and self.roles[at] not in named]

    def scores(self) -> list[int]:
        """The columns without a field in the plan format that hold only a number: points, money."""
        return [at for at in self.values() if self.roles[at] == "other" and is_number(self.texts[at])]


class ResolvedRows:
    """The rows of one table, in their order."""

    def __init__(self, columns: Columns, rows: Sequence[Row]) -> None:
        self.columns = columns
        self.rows: list[ResolvedRow] = []
        self._last: list[str] = []  # the texts of the last row with more than a number and a title
        for row in rows:
            self.rows.append(self._resolved(row))

    def below(self, row: ResolvedRow) -> ResolvedRow | None:
        return self.rows[row.at + 1] if row.at + 1 < len(self.rows) else None

    def titled_below(self, row: ResolvedRow) -> ResolvedRow | None:
        """The next row that has a title."""
        below = self.below(row)
        while below and not below.title:
            below = self.below(below)
        return below

    def _resolved(self, row: Row) -> ResolvedRow:
        above = self.rows[-1].texts if self.rows else [""] * len(row.cells)
        texts, is_own, repeated = [], [], []
        for at, cell in enumerate(row.cells):
            text = stripped(cell.text)
            is_own.append(bool(text) and cell.covered is None)
            if cell.covered == "above":
                text = above[at]
            elif self._last and self._last[at] and is_ditto(text):
                repeated.append(at)
                text = self._last[at]
            texts.append(text)
        covered = [cell.covered for cell in row.cells]
        found = ResolvedRow(len(self.rows), row.place, row.page_begins, texts, is_own, covered, repeated=repeated)
        found.roles = {column.at: column.role for column in self.columns.all}
        self._find_number_and_title(found, row)
        if found.values():
            self._last = texts
        return found

    def _find_number_and_title(self, found: ResolvedRow, row: Row) -> None:
        """Each is in its column, or both are in the first cell of a row that is merged over all columns."""
        number, content = self.columns.first("number"), self.columns.first("content")
        assert content is not None
        found.title_at = content.at
        if number and found.is_own[number.at]:
            found.code = code_of(found.texts[number.at])
            found.has_number = True
        if not found.is_own[content.at] and (found.is_merged_over or found.scores() == found.values()):
            numbers = [number.at] if number and found.code else []
            found.title_at = next((at for at, own in enumerate(found.is_own) if own and at not in numbers), content.at)
        if not found.is_own[found.title_at] or (found.code and number and found.title_at == number.at):
            return
        found.title = one_line(found.texts[found.title_at])
        found.is_bold = row.cells[found.title_at].bold
        if found.code is None:
            in_place = number is None or found.title_at != content.at
            self._number_in_title(found, content.at, any_style=in_place)

    def _number_in_title(self, found: ResolvedRow, content: int, *, any_style: bool) -> None:
        """Beside an empty number cell only capitals count: "1." may begin a line of the row above."""
        code, title = code_before(found.title)
        if code in _FIRST and _SECOND.search(found.texts[found.title_at]):
            return  # the first of a list in one cell
        if code and (any_style or (not found.values() and code.isupper())):
            found.code, found.title, found.has_number = code, title, True
            found.texts[content] = code_before(found.texts[content])[1]
