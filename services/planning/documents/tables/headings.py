"""Group rows of a table, and which of them a row stands under."""

from dataclasses import dataclass

from services.planning.documents.tables.cell_contents import first_words
from services.planning.documents.tables.grid import Grid, GridRow
from services.planning.documents.tables.numbering import is_below, steps, style_of


@dataclass
class Heading:
    """`by_form`: its number, its type or its cells say that it is one, not only that nothing else stands in its row."""

    code: str | None
    title: str
    by_form: bool
    first_code_below: str | None = None  # "" for a row without a number, None before the first


class Headings:
    """`just_now` is true until the first row under a heading."""

    def __init__(self, section: str | None) -> None:
        self.warnings: list[str] = []
        self.just_now = False
        self._outside = section
        self._open: list[Heading] = []

    def add(self, row: GridRow, grid: Grid) -> None:
        by_form = _has_the_form(row, grid)
        if not by_form:
            name = f"{row.code or ''} “{first_words(row.title)}”".strip()
            self.warnings.append(
                f"{row.place}: dòng {name} chỉ có tên, các ô khác để trống; không tính là nhiệm vụ, lấy làm tiêu đề"
                " của các dòng ngay sau."
            )
        if scores := [f"“{grid.columns.all[at].header or at + 1}”: {row.texts[at]}" for at in row.scores()]:
            self.warnings.append(f"{row.place}: dòng tiêu đề “{first_words(row.title)}” còn ghi {'; '.join(scores)}.")
        self._open = [other for other in self._open if _holds(other, row.code, by_form)]
        self._open.append(Heading(row.code, row.title, by_form))
        self.just_now = True

    def goes_on_with(self, row: GridRow) -> bool:
        """Whether a row has only the end of the last heading's title, which a page cut."""
        if row.has_number or row.values() or not row.title[:1].islower():
            return False
        self._open[-1].title += f" {row.title}"
        return True

    def section_of(self, row: GridRow) -> tuple[str | None, list[str]]:
        """The nearest heading above that the row's own number does not leave, and a warning where it is a guess."""
        while self._open and _is_left_by(self._open[-1], row.code):
            self._open.pop()
        if not self._open:
            return self._outside, []
        nearest = self._open[-1]
        if nearest.first_code_below is None:
            nearest.first_code_below = row.code or ""
        row_named = f"dòng {nearest.code}" if nearest.code else "dòng không số"
        guess = f"tiêu đề lấy từ {row_named} ở trên, dòng đó chỉ có tên, các ô khác để trống."
        return nearest.title, [] if nearest.by_form else [guess]


def is_heading(row: GridRow, grid: Grid) -> bool:
    """A row with a title and nothing else, or only with cells that are merged down over the rows of the group."""
    if not row.title:
        return False
    values = row.values()
    if values and values == row.scores():
        return _has_the_form(row, grid)
    if not values:
        return not _is_filled_from_above(row) or _has_the_form(row, grid)
    below = grid.below(row)
    runs_down = below is not None and all(below.covered[at] == "above" for at in values)
    return runs_down and below is not None and bool(below.title) and _has_the_form(row, grid)


def _is_filled_from_above(row: GridRow) -> bool:
    return any(
        text and row.covered[at] == "above"
        for at, text in enumerate(row.texts)
        if row.roles[at] not in ("number", "content", "group")
    )


def _has_the_form(row: GridRow, grid: Grid) -> bool:
    if row.code and style_of(row.code) in ("roman", "letter"):
        return True
    following = grid.titled_below(row)
    if following and following.code and (row.code is None or is_below(following.code, row.code)):
        return True
    if following and row.code and following.code is None and following.values():
        return True  # the rows of the group have dashes or no numbers
    only_a_group = row.own(grid.columns) == {"group"}
    return row.is_bold or row.is_merged_over or only_a_group or (row.title.isupper() and len(row.title) > 3)


def _holds(heading: Heading, code: str | None, by_form: bool) -> bool:
    """Whether a heading stays open above another: one of another kind, or one whose number begins the other's."""
    if not heading.by_form:
        return False
    if not by_form:
        return True
    if heading.code is None or code is None:
        return heading.code is not code
    if steps(heading.code) and steps(code):
        return is_below(code, heading.code)
    return style_of(heading.code) != style_of(code) and not is_below(heading.code, code)


def _is_left_by(heading: Heading, code: str | None) -> bool:
    if not heading.by_form or not heading.code or not code:
        return False
    ours, theirs = steps(code), steps(heading.code)
    if not ours or not theirs:
        return False
    if len(theirs) == len(ours) == 1:
        # 2 after 1 is beside it if the rows under 1 are a, -, or 1.1; if they are 1, 2 themselves it is one of them.
        below = heading.first_code_below
        return below is not None and (not below or len(steps(below)) != 1)
    return ours[: len(theirs)] != theirs
