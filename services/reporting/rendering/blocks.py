"""What a written report is made of: the Word document and the PDF are set from the same blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, Protocol

from services.reporting.rendering.charts import Drawing

Align = Literal["left", "center", "right"]
Size = Literal["text", "small"]  # 11 and 9 points


class Headed(Protocol):
    """A column as its heading sees it: in a document or on a sheet."""

    @property
    def heading(self) -> str: ...
    @property
    def group(self) -> str | None: ...
    @property
    def number(self) -> str: ...


@dataclass(frozen=True)
class Column:
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
    """Text that stands out, or that reaches over several columns or rows."""

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
    """`leads` when it must stand on the page of what follows it."""

    text: str
    leads: bool = False


@dataclass(frozen=True)
class Caption:
    """A line in the middle, over a table or a form."""

    text: str
    bold: bool = True


@dataclass(frozen=True)
class Note:
    """Small and in italics, at the end of what it explains."""

    text: str


@dataclass(frozen=True)
class Grid:
    """A table whose heading repeats on each page, and whose rows are never cut by one."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    size: Size = "text"


def heading_rows(columns: Sequence[Headed]) -> list[list[Cell]]:
    """The heading of a table: groups over their columns where there are any, and the columns' numbers at last."""
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


def placed(rows: Sequence[Sequence[Cell]]) -> list[dict[int, Cell]]:
    """The rows of a heading by the column in which each cell begins: never one that the row above reaches into."""
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
    """A chart, as wide as the text or as its height in millimetres allows."""

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
