"""The kinds of blocks of a written report, and the layout of table headings; Word and PDF are set from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, Protocol

from services.reporting.rendering.charts import Drawing

Align = Literal["left", "center", "right"]
Size = Literal["text", "dense", "small"]  # 11, 10 (with narrow sides) and 9 points


class HeadedColumn(Protocol):
    """The attributes of a column that its heading needs, in a document or on a sheet."""

    @property
    def heading(self) -> str: ...
    @property
    def group(self) -> str | None: ...
    @property
    def number(self) -> str: ...


@dataclass(frozen=True)
class TableColumn:
    """A heading, a width in millimetres and how its cells are aligned.

    `group` is the heading over this and its neighbours of the same group; `number` is printed under the heading.
    """

    heading: str
    width: float
    align: Align = "right"
    group: str | None = None
    number: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell in bold or italics, or over several columns or rows."""

    text: str
    bold: bool = False
    italic: bool = False
    columns: int = 1
    rows: int = 1


Row = Sequence[str | Cell]


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    """`leads`: keep it on the same page as the next block."""

    text: str
    leads: bool = False


@dataclass(frozen=True)
class Caption:
    """A centred line over a table or a form."""

    text: str
    bold: bool = True


@dataclass(frozen=True)
class Note:
    """Small text in italics after the block that it explains."""

    text: str


@dataclass(frozen=True)
class Grid:
    """A table whose heading repeats on each page; no row is split between pages, nor the table where it is `whole`."""

    columns: Sequence[TableColumn]
    rows: Sequence[Row]
    size: Size = "text"
    whole: bool = False


def heading_rows(columns: Sequence[HeadedColumn]) -> list[list[Cell]]:
    """The rows of a table's heading: groups, the columns under them, then the columns' numbers, if any."""
    grouped = any(column.group for column in columns)
    first: list[Cell] = []
    for group, members in groupby(columns, key=lambda column: column.group):
        those = list(members)
        if group:
            first.append(Cell(group, bold=True, columns=len(those)))
        else:
            first += [Cell(column.heading, bold=True, rows=2 if grouped else 1) for column in those]
    rows = [first]
    if grouped:
        rows.append([Cell(column.heading, bold=True) for column in columns if column.group])
    if any(column.number for column in columns):
        rows.append([Cell(column.number, italic=True) for column in columns])
    return rows


def cells_by_column(rows: Sequence[Sequence[Cell]]) -> list[dict[int, Cell]]:
    """For each row of a heading its cells by the index of their first column; cells of two rows are skipped below."""
    placed_rows: list[dict[int, Cell]] = []
    reached: set[int] = set()
    for row in rows:
        at, cells = 0, {}
        for cell in row:
            while at in reached:
                at += 1
            cells[at] = cell
            at += cell.columns
        reached = {at for at, cell in cells.items() if cell.rows > 1}
        placed_rows.append(cells)
    return placed_rows


@dataclass(frozen=True)
class Picture:
    """A chart as wide as the text, or less, so that it is at most `height` millimetres high."""

    drawing: Drawing
    height: float


Block = Heading | Paragraph | Caption | Note | Grid | Picture


@dataclass(frozen=True)
class Annex:
    """An annex with page numbers of its own; `number` is Roman, or empty where there is only one."""

    number: str
    title: str
    landscape: bool
    blocks: tuple[Block, ...]
