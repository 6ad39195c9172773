"""An opened plan document of any format: its paragraphs and tables in order, each with its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, or one line of a text. Texts are in NFC and never empty; a line break within is "\\n".

    `number` is the printed number of an automatic list ("1.", "2.1", "a)", "-"), which is not in `text`; None where
    the number, if any, was typed. `place` is where a person finds it: "dòng 12", "đoạn 30", "trang 3, dòng 5".
    """

    text: str
    place: str
    number: str | None = None
    bold: bool = False


@dataclass(frozen=True)
class Cell:
    """One position in a table's grid. `text` has one line for each paragraph of the cell; "" for an empty cell.

    A merged cell is at its first position; the others are empty and `covered` by the cell at the left or above.
    """

    text: str = ""
    bold: bool = False
    covered: Literal["left", "above"] | None = None


@dataclass(frozen=True)
class Row:
    """All rows of a table are equally long. `page_begins`: the first row after a page break, where known."""

    cells: tuple[Cell, ...]
    place: str
    page_begins: bool = False


@dataclass(frozen=True)
class Table:
    rows: tuple[Row, ...]
    place: str


Block = Paragraph | Table


@dataclass(frozen=True)
class Document:
    """`notes` are sentences in Vietnamese about what could not be opened (a hidden sheet, a page without text)."""

    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()

    def texts(self) -> Iterator[str]:
        """The text of each paragraph, and of each cell that is not empty."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            else:
                yield from (cell.text for row in block.rows for cell in row.cells if cell.text)
