"""Resolves merged cells and marks for "as above"; finds the number and the title of each row, and compares numbers."""

import re
from collections.abc import Iterable, Sequence
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
from shared.vietnamese import folded

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_LETTERS = "ABCDĐEGHIKLMNOPQRSTUVXY"
_FIRST = ("1", "a")
_AS_ANOTHER = re.compile(
    r"[-(\s]*(?:(?:như|theo|giống|xem)\s+)+(?:(?:mục|dòng|số|nhiệm vụ|stt|điểm|tt|việc)\s+)+(?:số\s+)?"
    r"(?P<code>[\divx]+(?:\.\d+)*[a-zđ]?)(?:\s+(?:nêu\s+)?(?:ở\s+)?trên)?[\s.;)]*"
)
_SECOND = re.compile(r"\n\(?[2b][.)]\s")


def style_of(code: str, before: Iterable[str] = ()) -> str:
    """ "roman", "letter", "number" or "small"; I, V, C and D are letters where the codes before them lead there."""
    if steps(code):
        return "number"
    if code.islower():
        return "small"
    letters = [other for other in before if len(other) == 1 and other not in "IVX" and other.isupper()]
    if len(code) == 1 and code in _LETTERS and (code not in "IVXLC" or _follows(code, letters)):
        return "letter"
    return "roman" if re.fullmatch(r"[IVXLC]+", code) else "letter"


def _follows(code: str, letters: list[str]) -> bool:
    if code in "LC":
        return True
    return bool(letters) and _LETTERS.index(code) == _LETTERS.index(letters[-1]) + 1


def steps(code: str) -> tuple[int, ...]:
    """2.1.3 as (2, 1, 3), and II.1 and B.1 as (2, 1); nothing for other styles."""
    first, *rest = code.split(".")
    below = [int(step) for step in re.findall(r"\d+", ".".join(rest))]
    if first[0].isdigit():
        return (int(re.findall(r"\d+", first)[0]), *below)
    return (ordinal(first, style_of(first)), *below) if below else ()


def is_below(code: str, above: str) -> bool:
    """Whether a number belongs below another: 4.1.1 below 4.1, 1 below I, a below 3."""
    ours, theirs = steps(code), steps(above)
    if ours and theirs:
        return len(ours) > len(theirs) and ours[: len(theirs)] == theirs
    ranks = {"letter": 0, "roman": 0, "number": 1, "small": 2}
    ours_rank, theirs_rank = ranks[style_of(code)], ranks[style_of(above)]
    if ours_rank == theirs_rank == 0:
        return style_of(code) == "roman" and code == "I" and above != "H"
    return ours_rank > theirs_rank


def ordinal(code: str, style: str) -> int:
    """The position of a code within its own sequence."""
    if style == "roman":
        values = [_ROMAN[letter] for letter in code]
        return sum(-v if any(v < w for w in values[at + 1 : at + 2]) else v for at, v in enumerate(values))
    if style == "number":
        return steps(code)[-1]
    letters = _LETTERS if style == "letter" else _LETTERS.lower()
    return letters.find(code[0]) + 1


def numbering_warnings(codes: Iterable[tuple[str, str]]) -> list[str]:
    """Warnings about numbers that are skipped or used twice; `codes` are pairs of a code and a place."""
    found: list[str] = []
    last: dict[tuple[object, ...], tuple[int, str, str]] = {}
    letters: list[str] = []
    for code, place in codes:
        style = style_of(code, letters)
        if style == "letter":
            letters.append(code)
        key = (style, *steps(code)[:-1])
        number = ordinal(code, style)
        previous, printed, where = last.get(key, (0, "", ""))
        if number == previous != 1:  # a group may hold a single row, and the next begins at 1 again
            found.append(f"{place}: số “{code}” dùng cho hai dòng, dòng trước ở {where}.")
        elif number > previous + 1 and (previous or style in ("roman", "letter")):
            after = f"sau “{printed}” là “{code}”" if previous else f"đánh số bắt đầu từ “{code}”"
            found.append(f"{place}: số thứ tự bị nhảy, {after}; cần xem có thiếu dòng nào không.")
        last[key] = (number, code, place)
        _forget_below(last, style, code)
    return found


def _forget_below(last: dict[tuple[object, ...], tuple[int, str, str]], style: str, code: str) -> None:
    """Below a new heading sequences begin again; plain numbers may also continue through the whole table."""
    if style == "letter":
        last.pop(("roman",), None)
    if style != "small":
        last.pop(("small",), None)
    if style == "number":
        for key in [key for key in last if key[0] == "number" and key[1 : 1 + len(steps(code))] == steps(code)]:
            del last[key]


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
    named: dict[int, str] = field(default_factory=dict)  # the columns that name another row, and its number
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
        self._take_from_named_rows()

    def _take_from_named_rows(self) -> None:
        """ "Như mục 3" is the text of the row numbered 3 in the same column, the nearest above before one below."""
        for row in self.rows:
            for at, text in enumerate(row.texts):
                named = _AS_ANOTHER.fullmatch(folded(text)) if 0 < len(text) < 60 and at != row.title_at else None
                if named is None:
                    continue
                order = [*reversed(self.rows[: row.at]), *self.rows[row.at + 1 :]]
                same = (
                    one.texts[at] for one in order if folded((one.code or "").lstrip("0")) == named["code"].lstrip("0")
                )
                if (found := next(same, "")) and not _AS_ANOTHER.fullmatch(folded(found)):
                    row.texts[at] = found
                    row.named[at] = named["code"]

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
