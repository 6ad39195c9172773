"""Recognises rows that are no tasks: headings of groups, totals, footnotes, and the signature below the table."""

import re
from dataclasses import dataclass

from services.planning.documents.blocks.assignments import names_a_time
from services.planning.documents.blocks.keys import keys_in
from services.planning.documents.blocks.sentences import assignment_at_the_end
from services.planning.documents.formats.text_cleaning import first_words
from services.planning.documents.tables.cell_contents import one_line
from services.planning.documents.tables.rows.resolved_rows import ResolvedRow, ResolvedRows, is_below, steps, style_of
from shared.vietnamese import folded

_TOTAL = re.compile(r"tổng cộng\b.{0,40}|tổng số( (nhiệm vụ|điểm|kinh phí|mục))? ?:?.{0,12}|(tổng|cộng) ?:?")
_NOTE = re.compile(r"(\(?\*+\)? ?)?(ghi chú|chú thích|lưu ý)\b ?:?.*|\(?\*+\)? .*")
# Only the office itself: a task that a page has cut may go on with "Chủ tịch UBND tỉnh về …".
_END = re.compile(
    r"nơi nhận ?:?|(tm|kt|tl|tuq)\. ?.*|người (lập|tổng hợp|ký)\b.{0,20}|thủ trưởng( đơn vị)?"
    r"|(phó )?chủ tịch( (ubnd|uỷ ban nhân dân)( (tỉnh|xã|phường|đặc khu))?)?"
)


@dataclass
class GroupHeading:
    """`by_form`: its number, its type or its cells show that it is one, not only that the rest of its row is empty."""

    code: str | None
    title: str
    by_form: bool
    first_code_below: str | None = None  # "" for a row without a number, None before the first


class GroupHeadings:
    """The headings that are open at a row; `just_opened` until the first row below a heading."""

    def __init__(self, section: str | None) -> None:
        self.warnings: list[str] = []
        self.just_opened = False
        self._outside = section
        self._open: list[GroupHeading] = []

    def add(self, row: ResolvedRow, rows: ResolvedRows) -> None:
        by_form = _has_the_form(row, rows)
        if not by_form:
            name = f"{row.code or ''} “{first_words(row.title)}”".strip()
            self.warnings.append(
                f"{row.place}: dòng {name} chỉ có tên, các ô khác để trống; không tính là nhiệm vụ, lấy làm tiêu đề"
                " của các dòng ngay sau."
            )
        if scores := [f"“{rows.columns.all[at].name}”: {row.texts[at]}" for at in row.scores()]:
            self.warnings.append(f"{row.place}: dòng tiêu đề “{first_words(row.title)}” còn ghi {'; '.join(scores)}.")
        self._open = [other for other in self._open if _may_contain(other, row.code, by_form)]
        self._open.append(GroupHeading(row.code, row.title, by_form))
        self.just_opened = True

    def titles(self) -> list[str]:
        """Of the open headings, the nearest first, and of the one outside the table."""
        return [*(heading.title for heading in reversed(self._open)), *([self._outside] if self._outside else [])]

    def continue_with(self, row: ResolvedRow) -> bool:
        """Adds the rest of a title that a page break cut; False where the row is something else."""
        if row.has_number or row.values() or not row.title[:1].islower():
            return False
        self._open[-1].title += f" {row.title}"
        return True

    def section_of(self, row: ResolvedRow) -> tuple[str | None, list[str]]:
        """The nearest heading above that the row belongs to by its number, and a warning where that is a guess."""
        while self._open and _ends_before(self._open[-1], row.code):
            self._open.pop()
        if not self._open:
            return self._outside, []
        nearest = self._open[-1]
        if nearest.first_code_below is None:
            nearest.first_code_below = row.code or ""
        row_named = f"dòng {nearest.code}" if nearest.code else "dòng không số"
        guess = f"tiêu đề lấy từ {row_named} ở trên, dòng đó chỉ có tên, các ô khác để trống."
        return nearest.title, [] if nearest.by_form else [guess]


def is_heading(row: ResolvedRow, rows: ResolvedRows) -> bool:
    """Whether a row has a title and no other text, or only cells that are merged down over the rows of the group."""
    if not row.title:
        return False
    values = row.values()
    if values and values == row.scores():
        return _has_the_form(row, rows)
    if not values:
        if all(column.role in ("number", "group", "content") for column in rows.columns.all):
            is_marked = bool(row.code and style_of(row.code) in ("roman", "letter"))
            return row.is_merged_over or is_marked or _is_above_its_parts(row, rows)
        return not _is_filled_from_above(row) or _has_the_form(row, rows)
    below = rows.below(row)
    runs_down = below is not None and all(below.covered[at] == "above" for at in values)
    return runs_down and below is not None and bool(below.title) and _has_the_form(row, rows)


def _is_above_its_parts(row: ResolvedRow, rows: ResolvedRows) -> bool:
    """1 above 1.1, with no word of who does it or until when."""
    following = rows.titled_below(row)
    if following is None or not row.code or not following.code:
        return False
    ours, below = steps(row.code), steps(following.code)
    is_prefix = bool(ours) and len(below) > len(ours) and below[: len(ours)] == ours
    names_more = keys_in(row.title)[1] or names_a_time(row.title) or assignment_at_the_end(row.title)
    return is_prefix and not names_more


def _is_filled_from_above(row: ResolvedRow) -> bool:
    return any(
        text and row.covered[at] == "above"
        for at, text in enumerate(row.texts)
        if row.roles[at] not in ("number", "content", "group")
    )


def _has_the_form(row: ResolvedRow, rows: ResolvedRows) -> bool:
    if row.code and style_of(row.code) in ("roman", "letter"):
        return True
    following = rows.titled_below(row)
    if following and following.code and (row.code is None or is_below(following.code, row.code)):
        return True
    if following and row.code and following.code is None and following.values():
        return True  # the rows of the group have dashes or no numbers
    only_a_group = row.own_roles(rows.columns) == {"group"}
    return row.is_bold or row.is_merged_over or only_a_group or (row.title.isupper() and len(row.title) > 3)


def _may_contain(heading: GroupHeading, code: str | None, by_form: bool) -> bool:
    """Whether a heading stays open above another: if its kind differs, or its number begins that of the other."""
    if not heading.by_form:
        return False
    if not by_form:
        return True
    if heading.code is None or code is None:
        return heading.code is not code
    if steps(heading.code) and steps(code):
        return is_below(code, heading.code)
    return style_of(heading.code) != style_of(code) and not is_below(heading.code, code)


def _ends_before(heading: GroupHeading, code: str | None) -> bool:
    if not heading.by_form or not heading.code or not code:
        return False
    ours, theirs = steps(code), steps(heading.code)
    if not ours or not theirs:
        return False
    if len(theirs) == len(ours) == 1:
        # 2 after 1 ends it if the rows below 1 are a, - or 1.1; if they are 1, 2 themselves, it is one of them.
        below = heading.first_code_below
        return below is not None and (not below or len(steps(below)) != 1)
    return ours[: len(theirs)] != theirs


def ends_the_table(row: ResolvedRow) -> bool:
    texts = [folded(line) for line in _own_texts(row)]
    return bool(texts) and len(texts) <= 3 and row.code is None and any(_END.fullmatch(text) for text in texts)


def is_total(row: ResolvedRow) -> bool:
    return row.code is None and any(_TOTAL.fullmatch(folded(text)) for text in _own_texts(row)[:2])


def footnote(row: ResolvedRow) -> str | None:
    texts = _own_texts(row)
    if row.code is None and len(texts) == 1 and _NOTE.fullmatch(folded(texts[0])):
        return one_line(texts[0])
    return None


def _own_texts(row: ResolvedRow) -> list[str]:
    return [line for text, own in zip(row.texts, row.is_own, strict=True) if own for line in [one_line(text)]]
