"""The tables of a document as parts that each have one set of columns, joined again where a page cut them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from services.planning.documents.document import Document, Paragraph, Row, Table
from services.planning.documents.tables.cell_contents import code_before, code_of, one_line
from services.planning.documents.tables.columns import Columns
from services.planning.documents.tables.header_words import role_of
from services.planning.documents.tables.headers import header_height, is_header, labels, texts_of
from services.planning.documents.tables.kinds import Kind, kind_of
from services.planning.documents.tables.layout import as_paragraphs, is_text, not_understood
from services.planning.documents.tables.lost_headers import columns_by_contents, told
from services.planning.documents.tables.records import with_records_as_rows
from services.planning.documents.tables.settling import columns_under
from shared.vietnamese import folded

_PAGE_NUMBER = re.compile(r"[\W_]*(trang )?\d{0,3}(/\d{1,3})?[\W_]*")
_HEADING = re.compile(r"([IVX]+|\d{1,2}(\.\d{1,2})*|[A-ZĐ]|[a-zđ])[.)]\s")


@dataclass
class Part:
    """Rows below one header. `section` is the numbered heading in the text above the table."""

    kind: Kind
    columns: Columns
    rows: list[Row]
    place: str
    section: str | None = None


@dataclass
class TablesFound:
    """`paragraphs` is the text around the tables, with what only stands in a table for its layout."""

    parts: list[Part] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def find_tables(document: Document) -> TablesFound:
    found = TablesFound()
    text_between = False
    for block in with_records_as_rows(document.blocks):
        if isinstance(block, Paragraph):
            found.paragraphs.append(block)
            text_between = text_between or not _PAGE_NUMBER.fullmatch(folded(block.text))
        else:
            _add_table(found, block, joins=not text_between)
            text_between = False
    return found


def _add_table(found: TablesFound, table: Table, joins: bool) -> None:
    """`joins`: nothing but a page number stands between this table and the one before."""
    if not table.rows:
        return
    section = _heading_above(found.paragraphs)
    for header, rows in _headed(table.rows):
        last = found.parts[-1] if found.parts else None
        goes_on = joins and last is not None and len(last.columns.all) == len((header or rows)[0].cells)
        if not header and is_text(rows, goes_on):
            found.paragraphs += as_paragraphs(rows)
            continue
        columns = _columns(header, rows, last)
        kind = kind_of(columns) if columns else None
        if columns is None or kind is None:
            found.paragraphs += as_paragraphs([*header, *rows])
            found.warnings += not_understood(header, rows, table.place)
        elif (
            last
            and joins
            and _same_sheet(last, table)
            and last.kind == kind
            and last.columns.headers() == columns.headers()
        ):
            last.rows += [replace(rows[0], page_begins=True), *rows[1:]] if rows else []
        else:
            if not header and not (last and columns is last.columns):
                found.warnings.append(f"{rows[0].place}: {told(columns)}")
            found.parts.append(Part(kind, columns, list(rows), (header or rows)[0].place, section))
        joins = True


def _headed(rows: Sequence[Row]) -> list[tuple[list[Row], list[Row]]]:
    """Each header with the rows below it; the first may have none."""
    headed: list[tuple[list[Row], list[Row]]] = [([], [])]
    at = 0
    while at < len(rows):
        if is_header(rows[at]) and (not headed[-1][1] or _may_follow(rows[at], headed[-1][0])):
            again = _height_again(rows[at:], headed[-1][0])
            height = again or header_height(rows[at:])
            titles = [] if again else _titles_at_the_end(headed[-1][1])
            headed.append((list(rows[at : at + height]), titles))
            at += height
        else:
            if any(texts_of(rows[at])):
                headed[-1][1].append(rows[at])
            at += 1
    return [(header, below) for header, below in headed if header or below]


def _titles_at_the_end(rows: list[Row]) -> list[Row]:
    """Takes away the titles of what follows, which stand above its header."""
    end = len(rows)
    while end and sum(bool(text) and code_of(text) is None for text in texts_of(rows[end - 1])) == 1:
        end -= 1
    titles = rows[end:] if end else []
    del rows[len(rows) - len(titles) :]
    return titles


def _same_sheet(last: Part, table: Table) -> bool:
    """A further sheet of a workbook begins anew even under the same header."""
    return "trang tính" not in table.place or last.place.split(", hàng")[0] == table.place.split(", hàng")[0]


def _height_again(rows: Sequence[Row], header: Sequence[Row]) -> int:
    """How many rows at the front are those of the header above, printed again; 0 for another header."""
    same = [_words(row) == _words(above) for row, above in zip(rows, header, strict=False)]
    return (same.index(False) if False in same else len(same)) if same and same[0] else 0


def _may_follow(row: Row, header: Sequence[Row]) -> bool:
    """Below the rows of a header without numbers, words like those of a header may be a task's: only the same again."""
    if not header or any(role_of(text) == "number" for text in texts_of(row)):
        return True
    return _words(row) == _words(header[0])


def _words(row: Row) -> list[str]:
    return [folded(text) for text in texts_of(row)]


def _columns(header: Sequence[Row], rows: Sequence[Row], last: Part | None) -> Columns | None:
    if header:
        parents, names = labels(header)
        return columns_under(parents, names, [texts_of(row) for row in rows])
    if last and len(last.columns.all) == len(rows[0].cells):
        return last.columns
    return columns_by_contents(rows)


def _heading_above(paragraphs: Sequence[Paragraph]) -> str | None:
    """The title of a numbered heading among the last lines above a table."""
    for paragraph in reversed(paragraphs[-3:]):
        text = one_line(paragraph.text)
        if folded(text).startswith(("phụ lục", "biểu", "nơi nhận")):
            return None
        if paragraph.number not in (None, "-", "+", "*", "•") and len(text) <= 200:
            return text.rstrip(".: ")
        if _HEADING.match(text) and len(text) <= 200:
            return code_before(text)[1].rstrip(".: ")
    return None
