"""Reads the rows of one table as entries: headings become sections, cut rows are joined, divided rows are split."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase

from services.planning.documents.document import Row
from services.planning.documents.tables.cell_contents import BULLET, joined_text, one_line
from services.planning.documents.tables.columns.column import BODIES, SCHEDULES, ColumnRole, Columns
from services.planning.documents.tables.rows.headings_and_footers import (
    GroupHeadings,
    ends_the_table,
    footnote,
    is_heading,
    is_total,
)
from services.planning.documents.tables.rows.resolved_rows import ResolvedRow, ResolvedRows, numbering_warnings

_WHO_AND_WHEN: tuple[ColumnRole, ...] = (*BODIES, *SCHEDULES)


@dataclass
class Entry:
    """One row that is a task or an indicator. `texts` has the text of each column, from merged cells too."""

    place: str
    code: str | None
    section: str | None
    texts: list[str]
    warnings: list[str] = field(default_factory=list)
    parts: int = 1
    number: str | None = None  # the code that its parts share
    above: tuple[str, ...] = ()  # all headings that it is below, the nearest first

    def text(self, columns: Columns, *roles: ColumnRole) -> str:
        return "\n".join(text for column in columns.of(*roles) if (text := self.texts[column.at]))


@dataclass
class EntriesRead:
    entries: list[Entry] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_entries(columns: Columns, rows: Sequence[Row], section: str | None) -> EntriesRead:
    read = EntriesRead()
    headings = GroupHeadings(section)
    codes: list[tuple[str, str]] = []
    resolved = ResolvedRows(columns, rows)
    for row in resolved.rows:
        if ends_the_table(row):
            break
        if note := footnote(row):
            read.warnings.append(f"{row.place}: ghi chú dưới bảng: {note}")
        elif not is_total(row):
            _add(read, row, resolved, headings)
            if row.code:
                codes.append((row.code, row.place))
    read.warnings += headings.warnings + numbering_warnings(codes)
    return read


def _add(read: EntriesRead, row: ResolvedRow, rows: ResolvedRows, headings: GroupHeadings) -> None:
    last = read.entries[-1] if read.entries else None
    if headings.just_opened and headings.continue_with(row):
        return
    if row.code and not row.title and not row.values():
        read.warnings.append(f"{row.place}: số {row.code} không có nội dung; không tính là nhiệm vụ.")
    elif last and not headings.just_opened and _continues_above(row, rows.columns):
        _join(last, row)
    elif is_heading(row, rows):
        headings.add(row, rows)
    elif last and not headings.just_opened and _is_further_part(row, rows.columns):
        read.entries.append(_further_part(last, row, rows.columns))
    else:
        section, doubts = headings.section_of(row)
        group = rows.columns.first("group")
        if group and row.texts[group.at]:
            section, doubts = one_line(row.texts[group.at]), []
        read.entries.append(
            Entry(
                row.place,
                row.code,
                section,
                list(row.texts),
                doubts + _ditto_warnings(row, rows.columns),
                above=tuple(dict.fromkeys(title for title in (section, *headings.titles()) if title)),
            )
        )
        headings.just_opened = False


def _continues_above(row: ResolvedRow, columns: Columns) -> bool:
    """Whether a row is the rest of the row above.

    After a page break that is a row without a number and without its own bodies and schedule; elsewhere one with a
    single further line, in the content or in another column.
    """
    own = row.own_roles(columns)
    if row.has_number or row.is_bold or row.is_merged_over or "group" in own:
        return False
    if not own:
        return True
    if row.page_begins:
        return _continues_on_a_page(row, own, columns)
    if "content" in own:
        return own == {"content"} and (_begins_small(row) or bool(BULLET.match(row.title)))
    return not _has_own_part(row, own)


def _continues_on_a_page(row: ResolvedRow, own: set[ColumnRole], columns: Columns) -> bool:
    if "content" in own and columns.first("number") is None:
        return _begins_small(row)
    present = {column.role for column in columns.of("lead", "bodies", "schedule")}
    if not present <= own or _begins_small(row):
        return True
    is_list_of_one_cell = len(own) == 1 and own <= {*BODIES} and any(map(BULLET.match, row.own_texts()))
    return "content" not in own and (_goes_on_small(row) or is_list_of_one_cell)


def _begins_small(row: ResolvedRow) -> bool:
    return row.title[:1].islower() and row.code is None


def _goes_on_small(row: ResolvedRow) -> bool:
    """Whether a cell begins within a sentence: the row above was cut in all its columns."""
    return any(own and text[:1].islower() for own, text in zip(row.is_own, row.texts, strict=True))


def _has_own_part(row: ResolvedRow, own: set[ColumnRole]) -> bool:
    """Whether it has another deliverable with its own body or schedule, or alone where merged cells have these."""
    who_or_when = own & set(_WHO_AND_WHEN)
    if "deliverable" not in own:
        return len(who_or_when) > 1
    return bool(who_or_when) or row.shares(*_WHO_AND_WHEN)


def _is_further_part(row: ResolvedRow, columns: Columns) -> bool:
    """Whether a row is a further part of the row above, with the same number."""
    if row.has_number:
        return False
    return "content" not in row.own_roles(columns) or row.shares("number")


def _join(last: Entry, row: ResolvedRow) -> None:
    last.texts = [
        joined_text(before, text) if own else before
        for before, text, own in zip(last.texts, row.texts, row.is_own, strict=True)
    ]
    if row.page_begins and any(row.is_own):
        joined = "dòng bị cắt qua hai trang, đã ghép lại."
        last.warnings += [] if joined in last.warnings else [joined]


def _further_part(last: Entry, row: ResolvedRow, columns: Columns) -> Entry:
    """1 becomes 1a, and the new row 1b, with the content of the first where it has none."""
    number = last.code if last.parts == 1 else last.number
    parts = last.parts + 1
    shared = [column.at for column in columns.of("content", "group", "number")]
    texts = [last.texts[at] if at in shared and not text else text for at, text in enumerate(row.texts)]
    divided = f"số {number} tách thành nhiều phần ({number}a, {number}b …)" if number else "dòng tách thành nhiều phần"
    shares = "" if "content" in row.own_roles(columns) else "; nội dung dùng chung"
    warning = f"{divided}, mỗi phần là một nhiệm vụ{shares}."
    if last.parts == 1:
        last.code = number and f"{number}a"
        last.warnings.append(warning)
    code = number and f"{number}{ascii_lowercase[parts - 1] if parts <= 26 else f'.{parts}'}"
    return Entry(
        row.place, code, last.section, texts, [warning, *_ditto_warnings(row, columns)], parts, number, last.above
    )


def _ditto_warnings(row: ResolvedRow, columns: Columns) -> list[str]:
    headers = [f"“{columns.all[at].name}”" for at in row.repeated]
    above = [f"ô {', '.join(headers)} ghi là như trên, lấy theo dòng trên."] if headers else []
    return above + [
        f"ô “{columns.all[at].name}” ghi như số {code}, lấy theo dòng số {code}." for at, code in row.named.items()
    ]
