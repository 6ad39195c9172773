"""How a sheet is printed (since layout 3): readable letters, whole columns on a page, a commune's rows together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any, ClassVar, Protocol, TypeVar

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.content.versions import SIGNABLE
from services.reporting.rendering.text import letterhead
from shared.printable import printable
from shared.vietnamese import mid_sentence

# Widths in characters of Excel's standard font, 7 pixels each at 96 in an inch; heights in points.
_LANDSCAPE = 110.0  # between the margins of A4, where the fonts are missing and others are wider
_LANDSCAPE_HEIGHT = 460.0
_SMALLEST = 68  # percent: 12 points become 8
_WIDE, _NEARLY = 20, 1.2
ROW_HEIGHT = 16.0
_CHART_BEGINS = 6  # column F
_COLUMN, _ROW = 1.69, 0.53  # centimetres of a cell of the standard size


class Wide(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def width(self) -> float: ...


C = TypeVar("C", bound=Wide)


@dataclass(frozen=True)
class Printing:
    """`header` is printed on each page beside the sheet's name. `names` are the leading columns that name a row: they
    are repeated where the columns take several pages. `together` is the column of which equal cells stay on a page.
    """

    header: str
    names: int = 1
    together: int | None = None


def printing_of(report: ReportContent) -> Printing | None:
    """None before layout 3."""
    if report.layout < SIGNABLE:
        return None
    again = f" (công bố lại, thay thế lần {report.restated.replaces})" if report.restated else ""
    return Printing(f"{letterhead.issuing_body(report)}, {mid_sentence(report.period_name)}{again}")


def set_pages(sheet: Any, columns: Sequence[Wide], printing: Printing) -> None:
    """The scale, the breaks between columns, and the text at the top and foot of each page."""
    widths = [column.width for column in columns]
    scale = floor(100 * _LANDSCAPE / sum(widths))
    if printing.together is None and scale >= _SMALLEST:
        return  # fitted to the width of the page
    sheet.sheet_properties.pageSetUpPr.fitToPage = False
    sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = None
    sheet.page_setup.scale = max(_SMALLEST, min(100, scale))
    if scale < _SMALLEST:
        sheet.print_title_cols = f"A:{get_column_letter(printing.names)}"
        for column in column_breaks(widths, printing.names, _LANDSCAPE * 100 / _SMALLEST):
            sheet.col_breaks.append(Break(id=column))


def narrowed(columns: Sequence[C]) -> list[C]:
    """Wide columns made narrower where the sheet is only a little wider than a page of the smallest letters."""
    room, total = _LANDSCAPE * 100 / _SMALLEST, sum(column.width for column in columns)
    wide = sum(column.width for column in columns if column.width >= _WIDE)
    if not room < total <= _NEARLY * room:
        return list(columns)
    part = (wide - (total - room)) / wide
    return [replace(each, width=floor(each.width * part)) if each.width >= _WIDE else each for each in columns]


def set_header(sheet: Any, printing: Printing) -> None:
    sheet.oddHeader.left.text = "&A"
    sheet.oddHeader.right.text = printable(printing.header).replace("&", "&&")
    sheet.oddHeader.left.size = sheet.oddHeader.right.size = 9  # beside each other on a page in portrait too
    sheet.oddFooter.center.text = "Trang &P/&N"


def column_breaks(widths: Sequence[float], names: int, room: float) -> list[int]:
    """The columns, from 1, after which a page ends, where the first `names` columns are on every page."""
    breaks: list[int] = []
    used = repeated = sum(widths[:names])
    for place, width in enumerate(widths[names:], start=names):
        if used + width > room and used > repeated:
            breaks.append(place)
            used = repeated
        used += width
    return breaks


def row_breaks(heights: Sequence[float], groups: Sequence[object], room: float) -> list[int]:
    """The rows, from 1, after which a page ends, so that no group is divided that fits on a page."""
    breaks: list[int] = []
    used = 0.0
    at = 0
    while at < len(heights):
        end = at
        while end < len(heights) and groups[end] == groups[at]:
            end += 1
        group = sum(heights[at:end])
        if used and used + group > room:
            breaks.append(at)
            used = 0.0
        used = (used + group) % room if group > room else used + group
        at = end
    return breaks


def keep_together(sheet: Any, heading: Sequence[float], heights: Sequence[float], groups: Sequence[object]) -> None:
    """Break pages between groups of rows; `heading` are the heights of the rows that each page repeats."""
    scale = (sheet.page_setup.scale or 100) / 100
    room = _LANDSCAPE_HEIGHT / scale - sum(heading)
    for row in row_breaks(heights, groups, room):
        sheet.row_breaks.append(Break(id=row + len(heading)))


def print_chart_apart(sheet: Any, columns: int, rows: int, width: float, height: float) -> None:
    """The table, and then the cells under its chart (in centimetres, from F2 on), each on its own pages in portrait."""
    right = get_column_letter(_CHART_BEGINS + ceil(width / _COLUMN))
    below = 2 + ceil(height / _ROW)
    sheet.print_area = f"A1:{get_column_letter(columns)}{rows} F2:{right}{below}"
    sheet.page_setup.orientation = "portrait"
