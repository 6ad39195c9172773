"""The rows of one table as entries: groups become sections, what a page cut is joined, what splits becomes two."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase

from services.planning.documents.document import Row
from services.planning.documents.tables.cell_contents import BULLET, joined_text, one_line
from services.planning.documents.tables.columns import BODIES, SCHEDULES, Columns
from services.planning.documents.tables.footers import ends_the_table, footnote, is_total
from services.planning.documents.tables.grid import Grid, GridRow
from services.planning.documents.tables.header_words import Role
from services.planning.documents.tables.headings import Headings, is_heading
from services.planning.documents.tables.numbering import irregularities

WHO_AND_WHEN: tuple[Role, ...] = (*BODIES, *SCHEDULES)


@dataclass
class Entry:
    """One row that is a task or an indicator. `texts` has the text of each column, with what merged cells give it."""

    place: str
    code: str | None
    section: str | None
    texts: list[str]
    warnings: list[str] = field(default_factory=list)
    parts: int = 1
    number: str | None = None  # the code that its parts share

    def text(self, columns: Columns, *roles: Role) -> str:
        return "\n".join(text for column in columns.of(*roles) if (text := self.texts[column.at]))


@dataclass
class RowsRead:
    entries: list[Entry] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_rows(columns: Columns, rows: Sequence[Row], section: str | None) -> RowsRead:
    read = RowsRead()
    headings = Headings(section)
    codes: list[tuple[str, str]] = []
    grid = Grid(columns, rows)
    for row in grid.rows:
        if ends_the_table(row):
            break
        if note := footnote(row):
            read.warnings.append(f"{row.place}: ghi chú dưới bảng: {note}")
        elif not is_total(row):
            _add(read, row, grid, headings)
            if row.code:
                codes.append((row.code, row.place))
    read.warnings += headings.warnings + irregularities(codes)
    return read


def _add(read: RowsRead, row: GridRow, grid: Grid, headings: Headings) -> None:
    last = read.entries[-1] if read.entries else None
    if headings.just_now and headings.goes_on_with(row):
        return
    if row.code and not row.title and not row.values():
        read.warnings.append(f"{row.place}: số {row.code} không có nội dung; không tính là nhiệm vụ.")
    elif last and not headings.just_now and _goes_on(row, grid.columns):
        _join(last, row)
    elif is_heading(row, grid):
        headings.add(row, grid)
    elif last and not headings.just_now and _splits(row, grid.columns):
        read.entries.append(_split(last, row, grid.columns))
    else:
        section, doubts = headings.section_of(row)
        group = grid.columns.first("group")
        if group and row.texts[group.at]:
            section, doubts = one_line(row.texts[group.at]), []
        read.entries.append(Entry(row.place, row.code, section, list(row.texts), doubts + _repeated(row, grid.columns)))
        headings.just_now = False


def _goes_on(row: GridRow, columns: Columns) -> bool:
    """Whether a row only has what did not fit into the row before.

    After a page break that is a row without a number that does not name its own bodies and dates; elsewhere one with
    a single further line, in the content or in another column.
    """
    own = row.own(columns)
    if row.has_number or row.is_bold or row.is_merged_over or "group" in own:
        return False
    if not own:
        return True
    if row.page_begins:
        if columns.first("number") is None and "content" in own:
            return _begins_small(row)
        present = {column.role for column in columns.of("lead", "bodies", "schedule")}
        return not present <= own or _begins_small(row)
    if "content" in own:
        return own == {"content"} and (_begins_small(row) or bool(BULLET.match(row.title)))
    return not _is_a_split(row, own)


def _begins_small(row: GridRow) -> bool:
    return row.title[:1].islower() and row.code is None


def _is_a_split(row: GridRow, own: set[Role]) -> bool:
    """Another product with its own body or date; or another product alone, where the merged cells say the rest."""
    who_or_when = own & set(WHO_AND_WHEN)
    if "deliverable" not in own:
        return len(who_or_when) > 1
    return bool(who_or_when) or row.shares(*WHO_AND_WHEN)


def _splits(row: GridRow, columns: Columns) -> bool:
    """Whether a row is a further part of the row before, under the same number."""
    if row.has_number:
        return False
    return "content" not in row.own(columns) or row.shares("number")


def _join(last: Entry, row: GridRow) -> None:
    last.texts = [
        joined_text(before, text) if own else before
        for before, text, own in zip(last.texts, row.texts, row.is_own, strict=True)
    ]
    if row.page_begins and any(row.is_own):
        told = "dòng bị cắt qua hai trang, đã ghép lại."
        last.warnings += [] if told in last.warnings else [told]


def _split(last: Entry, row: GridRow, columns: Columns) -> Entry:
    """1 becomes 1a, and the new row 1b, with the content of the first where it has none."""
    number = last.code if last.parts == 1 else last.number
    parts = last.parts + 1
    shared = [column.at for column in columns.of("content", "group", "number")]
    texts = [last.texts[at] if at in shared and not text else text for at, text in enumerate(row.texts)]
    told = f"số {number} tách thành nhiều phần ({number}a, {number}b …)" if number else "dòng tách thành nhiều phần"
    shares = "" if "content" in row.own(columns) else "; nội dung dùng chung"
    warning = f"{told}, mỗi phần là một nhiệm vụ{shares}."
    if last.parts == 1:
        last.code = number and f"{number}a"
        last.warnings.append(warning)
    code = number and f"{number}{ascii_lowercase[parts - 1] if parts <= 26 else f'.{parts}'}"
    return Entry(row.place, code, last.section, texts, [warning, *_repeated(row, columns)], parts, number)


def _repeated(row: GridRow, columns: Columns) -> list[str]:
    headers = [f"“{columns.all[at].header or at + 1}”" for at in row.repeated]
    return [f"ô {', '.join(headers)} ghi là như trên, lấy theo dòng trên."] if headers else []
