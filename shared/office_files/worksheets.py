"""Reads a worksheet of an XLSX file row by row, with what is merged, hidden and uncalculated, through openpyxl 3.1.

The read-only sheets of openpyxl 3.1.5 leave out merged areas and hidden rows and columns, and its ordinary sheets hold
a whole file in memory. So this module uses its worksheet parser (`openpyxl.worksheet._reader`) and other private parts
of the workbook; no other module does. Whoever raises the version in pyproject.toml checks the surprises named here.
"""

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any, NamedTuple
from xml.etree.ElementTree import Element

from openpyxl import Workbook, load_workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

# What a sheet of Excel can hold.
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384

# Parts of a number format that are printed as they stand, and those in brackets: colours, conditions, locales.
LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
DAY_OF_MONTH = re.compile(r"(?<!d)dd?(?!d)")  # "ddd" is the day of the week

CHUNK_BYTES = 1024 * 1024
LONGEST_TAG = 64
NOTHING = rb"\s*(?:<v\s*/>|<v>\s*</v>|<is>\s*<t\b[^<>]*(?:/>|>\s*</t>)\s*</is>)?\s*"
EMPTY_CELLS = re.compile(rb"(?:<c\s[^<>]*(?:(?<=/)>|>" + NOTHING + rb"</c>))+")
EMPTY_ROW = re.compile(rb"<row\s[^<>]*(?:(?<=/)>|>\s*</row>)")
# A cell or row without a reference takes its place from the one before it.
WITHOUT_REFERENCE = re.compile(rb"<(?:c|row)(?=[\s/>])(?![^<>]*\sr\s*=)")
ROW = b"<row "
END_OF_ROWS = re.compile(rb"</(?:\w+:)?sheetData\s*>")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?ref\s*=\s*[\"']([A-Z]+[0-9]+(?::[A-Z]+[0-9]+)?)[\"']")
TRUE = ("1", "true")


class MergedArea(NamedTuple):
    """Rows and columns from 1, both ends included."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def name(self) -> str:
        """As a spreadsheet shows it: "B2:C4"."""
        return f"{get_column_letter(self.left)}{self.top}:{get_column_letter(self.right)}{self.bottom}"


@contextmanager
def opened_workbook(content: bytes, *, rich_text: bool = False) -> Iterator[Workbook]:
    """The workbook with stored values instead of formulas, read-only; its sheets are to be read within the context.

    `rich_text`: a text of which parts are printed otherwise is a `CellRichText`, and no plain text.

    Raises whatever broken XML makes of it: openpyxl 3.1 has no exception of its own. It warns of styles and
    validations that it drops, and of dates outside the calendar; these warnings are silenced.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False, rich_text=rich_text)


def xml_of(sheet: Any) -> IO[bytes]:
    """The XML of a read-only sheet, from its beginning; to be closed."""
    source: IO[bytes] = sheet._get_source()
    return source


class FilledCells:
    """A sheet's XML as a file to be read, without the cells and rows that are empty: sheets can have millions of them.

    Formatted rows down to the end of a sheet would take minutes otherwise. From the first cell or row without a
    reference on all of them are kept.
    """

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._rest = b""
        self._all_have_references = True

    def read(self, _size: int = -1) -> bytes:
        """The next part of the XML, of any length; b"" at the end."""
        while chunk := self._source.read(CHUNK_BYTES):
            filtered = self._without_empty(self._rest + chunk)
            # What may go on in the next chunk waits for it: the last row, or else the last tag.
            cut = max(filtered.rfind(ROW), 0) or filtered.rfind(b"<")
            if len(filtered) - cut > CHUNK_BYTES:
                cut = filtered.rfind(b"<")
            ready, self._rest = (filtered[:cut], filtered[cut:]) if cut > 0 else (b"", filtered)
            if ready:
                return ready
            if len(self._rest) > CHUNK_BYTES:
                break
        ready, self._rest = self._rest, b""
        return ready

    def _without_empty(self, xml: bytes) -> bytes:
        complete = xml.rfind(b">") + 1
        self._all_have_references = self._all_have_references and not WITHOUT_REFERENCE.search(xml, 0, complete)
        return EMPTY_ROW.sub(b"", EMPTY_CELLS.sub(b"", xml)) if self._all_have_references else xml


class WorksheetParser(WorkSheetParser):
    """`parse()` yields the number of each row that is in the file, and its cells as dictionaries.

    A cell has "column", "value", "data_type" and "style_id". `source` may be a filter around `xml_of(sheet)`.
    """

    def __init__(self, source: Any, book: Any, sheet: Any) -> None:
        super().__init__(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )

    def hidden_rows(self) -> set[int]:
        """Of the rows parsed so far."""
        return {int(row) for row, attributes in self.row_dimensions.items() if is_hidden(attributes)}

    def hidden_columns(self) -> list[range]:
        """Known from the first row on."""
        return [
            range(int(attributes["min"]), min(int(attributes["max"]), MAX_COLUMNS) + 1)
            for attributes in self.column_dimensions.values()
            if is_hidden(attributes)
        ]

    def merged_references(self) -> list[str]:
        """Such as "B2:C4", in their order; known after the last row, as they stand behind the rows."""
        return [str(area.ref) for area in self.merged_cells.mergeCell] if self.merged_cells else []


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Whether the XML attributes of a row or column hide it."""
    return attributes.get("hidden") in TRUE


def is_uncalculated(element: Element, value: object) -> bool:
    """Whether a cell is a formula that no program has calculated yet.

    openpyxl 3.1 gives None for it, and also for a formula that gave "", which is stored with the type "str".
    """
    return value is None and element.get("t") != "str" and element.find(FORMULA_TAG) is not None


def formula_of(element: Element) -> str:
    return f"={element.findtext(FORMULA_TAG) or ''}"


def value_taken_out(element: Element) -> str:
    """The value of a cell as text; the cell is empty then, so that a value no parser understands can be passed over."""
    text = ""
    for value in element.findall(VALUE_TAG):
        text, value.text = value.text or "", None
    return text


def merged_area(reference: str) -> MergedArea:
    return MergedArea(*range_boundaries(reference))


def merged_references(sheet: Any) -> list[str]:
    """As `WorksheetParser.merged_references`, before the rows are parsed: found in the XML behind the last row."""
    rest, after_rows = b"", False
    with xml_of(sheet) as source:
        while chunk := source.read(CHUNK_BYTES):
            rest = rest + chunk if after_rows else rest[-LONGEST_TAG:] + chunk
            if not after_rows and (end := END_OF_ROWS.search(rest)):
                rest, after_rows = rest[end.end() :], True
    return [found[1].decode() for found in MERGED.finditer(rest)] if after_rows else []


def number_formats(book: Any) -> list[str]:
    """The number format of each style, by the "style_id" of a cell."""
    return [number_format(book, style_id) for style_id in range(len(book._cell_styles))]


def number_format(book: Any, style_id: int) -> str:
    format_id = book._cell_styles[style_id].numFmtId
    if format_id < BUILTIN_FORMATS_MAX_SIZE:
        return str(BUILTIN_FORMATS.get(format_id, "General"))
    return str(book._number_formats[format_id - BUILTIN_FORMATS_MAX_SIZE])


def shows_day(number_format: str) -> bool:
    """Whether a date in this format shows the day of its month: not for "mmm-yy", "yyyy" or "hh:mm"."""
    return bool(DAY_OF_MONTH.search(LITERALS.sub("", number_format.split(";", maxsplit=1)[0]).lower()))


def is_bold(book: Any, style_id: int) -> bool:
    return bool(font_of(book, style_id).b)


def font_of(book: Any, style_id: int) -> Any:
    """The `openpyxl` font of a cell's style."""
    return book._fonts[book._cell_styles[style_id].fontId]
