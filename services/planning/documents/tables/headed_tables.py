"""Finds the tables of tasks and indicators in a document, and joins those that a page break cut in two.

Divides a table whose header stands in it twice, side by side, into one table for each.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from services.planning.documents.blocks.assignments import says_that_the_first_leads
from services.planning.documents.blocks.headings import is_letterhead
from services.planning.documents.blocks.offices import names_tasks_of_an_office, office_of
from services.planning.documents.blocks.task_lists import is_dated_section, time_of_section
from services.planning.documents.document import Cell, Document, Paragraph, Row, Table
from services.planning.documents.formats.text_cleaning import first_words
from services.planning.documents.tables.cell_contents import code_before, one_line, stripped, texts_of
from services.planning.documents.tables.columns.column import Columns, TableKind
from services.planning.documents.tables.columns.column_roles import columns_by_cells, columns_under, guess_warning
from services.planning.documents.tables.columns.header_words import role_of
from services.planning.documents.tables.columns.headers import labels, rows_by_header
from services.planning.documents.tables.key_value_tables import with_rows_for_records
from services.planning.documents.tables.office_columns import with_a_row_for_each_task
from shared.vietnamese import folded

_MAY_BE_HEADER = 6  # rows: titles may be above it
_FEWEST_COLUMNS = 3
_LINES_OF_A_TITLE = 6
LONGEST_NOTE = 200  # characters


def divided(table: Table) -> Iterator[Table]:
    """The table itself where no header is repeated beside itself."""
    at = next((found for row in table.rows[:_MAY_BE_HEADER] if (found := _second_header(row))), 0)
    if not at:
        yield table
        return
    yield _part(table, 0, at)
    yield from divided(_part(table, at, len(table.rows[0].cells)))


def _second_header(row: Row) -> int:
    """The column in which the names of the first columns begin again; 0 where they do not."""
    names = [folded(text) for text in texts_of(row)]
    if role_of(names[0]) not in ("number", "content"):
        return 0
    for at in range(_FEWEST_COLUMNS, len(names) - _FEWEST_COLUMNS + 1):
        own = [name for name in names[:at] if name]
        if names[at] == names[0] and len(own) >= _FEWEST_COLUMNS and names[at : at + len(own)] == own:
            return at
    return 0


def _part(table: Table, first: int, end: int) -> Table:
    rows = (replace(row, cells=_cells(row, first, end)) for row in table.rows)
    return replace(table, rows=tuple(row for row in rows if any(cell.text for cell in row.cells)))


def _cells(row: Row, first: int, end: int) -> tuple[Cell, ...]:
    cells = row.cells[first:end]
    begins = replace(cells[0], covered=None) if cells[0].covered == "left" else cells[0]
    return (begins, *cells[1:])


_PAGE_NUMBER = re.compile(r"[\W_]*(trang )?\d{0,3}(/\d{1,3})?[\W_]*")
_LAYOUT = re.compile(
    r"cộng hoà xã hội chủ nghĩa|độc lập - tự do|nơi nhận|\bkt\. ?(chủ tịch|trưởng)|"
    r"\btm\. ?(uỷ ban|ubnd)|lưu: ?vt|^số: ?"
)
_SHEET = re.compile(r", (?:bảng|hàng) \d")
_SHEET_NAME = re.compile(r"trang tính (.+?), (?:bảng|hàng) ")
_TIME_OF_TITLE = re.compile(r"(?:QUÝ|THÁNG) (?:[IV]{1,3}|\d{1,2}) ?(?:/|NĂM|-) ?20\d\d$")
_HEADING = re.compile(r"([IVX]+|\d{1,2}(\.\d{1,2})*|[A-ZĐ]|[a-zđ])[.)]\s")


@dataclass
class HeadedTable:
    """The rows below one header, of one or several tables. `section` is the numbered heading in the text above, `time`
    the quarter or month, and `office` the leading body, that a title or the name of a sheet gives all rows.
    `first_leads`: the note in the document that says that the body that is named first leads, or "".
    """

    kind: TableKind
    columns: Columns
    rows: list[Row]
    place: str
    section: str | None = None
    time: str = ""
    office: str = ""
    first_leads: str = ""


@dataclass
class TablesFound:
    """`paragraphs` is the text around the tables, with the text of tables that are only layout; those from `since` on
    are below the last table.
    """

    tables: list[HeadedTable] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    since: int = 0
    warnings: list[str] = field(default_factory=list)


def find_tables(document: Document) -> TablesFound:
    found = TablesFound()
    text_between = False
    for block in with_rows_for_records(document.blocks):
        if isinstance(block, Paragraph):
            found.paragraphs.append(block)
            text_between = text_between or not _PAGE_NUMBER.fullmatch(folded(block.text))
        else:
            for table in divided(block):
                _add_table(found, with_a_row_for_each_task(table), joins=not text_between)
                text_between = True
            text_between = False
    notes = (text for text in document.texts() if len(text) <= LONGEST_NOTE and says_that_the_first_leads(text))
    first_leads = next(notes, "")
    for headed in found.tables:
        headed.first_leads = first_leads
    return found


def _add_table(found: TablesFound, table: Table, joins: bool) -> None:
    """`joins`: only a page number is between this table and the one before."""
    if not table.rows:
        return
    for header, rows in rows_by_header(table.rows):
        last = found.tables[-1] if found.tables else None
        if not header and _is_layout(rows, continues=joins and _has_width(last, rows[0])):
            found.paragraphs += _paragraphs(rows)
            continue
        columns = _columns(header, rows, last)
        kind = columns.kind if columns else None
        if columns is None or kind is None:
            found.paragraphs += _paragraphs([*header, *rows])
            found.warnings += _not_understood(header, rows, table.place)
        else:
            if not header and not (last and columns is last.columns):
                found.warnings.append(f"{rows[0].place}: {guess_warning(columns)}")
            new = HeadedTable(kind, columns, list(rows), (header or rows)[0].place)
            _join_or_add(found, new, joins=joins and not _is_another_sheet(last, table))
        joins = True


def _join_or_add(found: TablesFound, new: HeadedTable, *, joins: bool) -> None:
    last = found.tables[-1] if found.tables else None
    same = last and last.kind == new.kind and last.columns.headers() == new.columns.headers()
    if last and joins and same:
        last.rows += [replace(new.rows[0], page_begins=True), *new.rows[1:]] if new.rows else []
    else:
        if last:
            found.paragraphs += _paragraphs(_numbered_titles_at_the_end(last.rows))
        new.section = _heading_above(found.paragraphs)
        new.time = _time_above(new.place, found.paragraphs) or _time_of_title(found.paragraphs[found.since :])
        new.office = _office_above(new.place, found.paragraphs[found.since :])
        found.tables.append(new)
    found.since = len(found.paragraphs)


def _is_layout(rows: Sequence[Row], *, continues: bool) -> bool:
    """Whether a table only places text: the head of a letter, a signature, a box, title lines of a sheet."""
    width = max(sum(bool(text) for text in texts_of(row)) for row in rows)
    words = folded("\n".join(text for row in rows for text in texts_of(row)))
    return (width < 2 and not continues) or (bool(_LAYOUT.search(words)) and len(rows) <= 8)


def _numbered_titles_at_the_end(rows: list[Row]) -> list[Row]:
    """Removes the title below the last row of a table, which is that of the next one: "II. PHÒNG KINH TẾ"."""
    texts = [text for text in texts_of(rows[-1]) if text] if len(rows) > 1 else []
    return [rows.pop()] if len(texts) == 1 and _HEADING.match(texts[0]) else []


def _paragraphs(rows: Sequence[Row]) -> list[Paragraph]:
    return [
        Paragraph(line, row.place, bold=cell.bold)
        for row in rows
        for cell in row.cells
        for line in stripped(cell.text).split("\n")
        if line
    ]


def _not_understood(header: Sequence[Row], rows: Sequence[Row], place: str) -> list[str]:
    """A warning about a table of unknown columns; two rows without a header are layout."""
    if not header and len(rows) < 3:
        return []
    text = first_words(" | ".join(text for text in texts_of((*header, *rows)[0]) if text))
    return [f"{place}: không hiểu bảng này, chưa đọc nội dung của nó (bắt đầu bằng “{text}”)."]


def _is_another_sheet(last: HeadedTable | None, table: Table) -> bool:
    """Another sheet of a workbook is another table, even with the same header."""
    if last is None or "trang tính" not in table.place:
        return False
    return _SHEET.split(last.place)[0] != _SHEET.split(table.place)[0]


def _columns(header: Sequence[Row], rows: Sequence[Row], last: HeadedTable | None) -> Columns | None:
    if header:
        parents, names = labels(header)
        return columns_under(parents, names, [texts_of(row) for row in rows])
    if last and _has_width(last, rows[0]):
        return last.columns
    return columns_by_cells(rows)


def _has_width(last: HeadedTable | None, row: Row) -> bool:
    return last is not None and len(last.columns.all) == len(row.cells)


def _heading_above(paragraphs: Sequence[Paragraph]) -> str | None:
    """The title of a numbered heading, or an office or a time alone, among the last lines above a table."""
    for at, paragraph in enumerate(reversed(paragraphs[-3:])):
        text = one_line(paragraph.text)
        if folded(text).startswith(("phụ lục", "biểu", "nơi nhận")):
            return None
        if paragraph.number not in (None, "-", "+", "*", "•") and len(text) <= 200:
            return text.rstrip(".: ")
        if _HEADING.match(text) and len(text) <= 200:
            return code_before(text)[1].rstrip(".: ")
        if at == 0 and (is_dated_section(text) or _is_office_above(text)):
            return text.rstrip(".: ")
    return None


def _time_above(place: str, paragraphs: Sequence[Paragraph]) -> str:
    sheet = _SHEET_NAME.match(place)
    titles = [one_line(paragraph.text) for paragraph in paragraphs[-4:] if paragraph.text.isupper()]
    at_the_end = next((found[0] for title in titles if (found := _TIME_OF_TITLE.search(title))), "")
    return sheet[1] if sheet and is_dated_section(sheet[1]) else at_the_end


def _time_of_title(paragraphs: Sequence[Paragraph]) -> str:
    """ "Nhiệm vụ thường xuyên" above a table; the time of a heading that is its section is taken from there."""
    titles = [one_line(paragraph.text) for paragraph in reversed(paragraphs[-_LINES_OF_A_TITLE:])]
    return next((time_of_section(title) for title in titles if is_dated_section(title)), "")


def _office_above(place: str, paragraphs: Sequence[Paragraph]) -> str:
    """The office of a title such as "Phụ lục II: Nhiệm vụ giao Phòng Kinh tế chủ trì", or of the sheet's name."""
    sheet = _SHEET_NAME.match(place)
    titles = [one_line(paragraph.text) for paragraph in reversed(paragraphs[-_LINES_OF_A_TITLE:])]
    named = next((office_of(title) for title in titles if names_tasks_of_an_office(title)), None)
    return named or (office_of(sheet[1]) if sheet else None) or ""


def _is_office_above(text: str) -> bool:
    """Whether a line without a number names the office of the table below it, and not the one that issues the plan."""
    if names_tasks_of_an_office(text):
        return True
    return not text.isupper() and not is_letterhead(text) and office_of(text) is not None
