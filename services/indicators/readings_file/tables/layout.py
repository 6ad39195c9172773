"""Names places in a CSV file or sheet, and decides what merged and hidden cells mean."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, NamedTuple

from openpyxl.utils import get_column_letter

from services.indicators.readings_file.findings import printable
from services.indicators.readings_file.names.known import OwnNames
from shared.office_files.worksheets import MAX_COLUMNS, MergedArea

Hidden = Literal["refuse", "include", "skip"]
HIDDEN: tuple[Hidden, ...] = ("refuse", "include", "skip")
MAX_REACHING = 512


class Choices(NamedTuple):
    """A clerk's choices for a file that could mean two things.

    `hidden`: whether hidden rows and columns count. Nobody saw them: counted, they would surprise; left out, they would
    be missed. So they are refused by default. `sheet`: the one to read, where several hold a table. `day`: that of
    every row, where a table has no column of days. `own`: the names that the commune's office writes.
    `changes`: the rows correct or withdraw readings, which their id names too, and have a reason and a person.
    """

    hidden: Hidden = "refuse"
    sheet: str | None = None
    day: date | None = None
    own: OwnNames = OwnNames()
    changes: bool = False


class Layout:
    """A CSV file: rows are counted as a spreadsheet shows them, columns are named by their header."""

    hidden: Hidden = "refuse"
    hidden_rows = 0

    def row(self, number: int) -> str:
        return f"hàng {number}"

    def cell(self, number: int, column: int, header: object) -> str:
        """The name of a cell within its row."""
        return f"cột “{column if header is None else printable(str(header).strip())}”"

    def place(self, number: int, column: int, header: object) -> str:
        """The name of a cell within the file."""
        return f"{self.row(number)}, {self.cell(number, column, header)}"

    def bottom(self, number: int, column: int) -> int:
        """The last row that a cell reaches."""
        return number

    def right(self, number: int, column: int) -> int:
        """The last column that a heading stands for: without merged cells, all up to the next one."""
        return MAX_COLUMNS

    def filled(self, number: int, row: dict[int, object], known: set[int]) -> dict[int, object]:
        """A row with the values of cells merged from above in the known columns, where each row has the same value."""
        return row

    def problems(self, number: int, row: Mapping[int, object], columns: Mapping[int, str]) -> Iterator[str]:
        """Why merged or hidden cells leave the meaning of a row in doubt. `columns`: their names in the header."""
        yield from ()


class SheetLayout(Layout):
    """A sheet of a spreadsheet. Its methods are called for one row after the other."""

    def __init__(self, title: str, merged: list[MergedArea], choices: Choices) -> None:
        self.hidden_columns: list[range] = []
        self.hidden = choices.hidden
        self.hidden_rows = 0
        self._sheet = f"trang tính “{printable(title)}”"
        self._merged = sorted(merged, key=lambda area: area.top)
        self._next = 0
        self._reaching: list[MergedArea] = []
        self._value_of: dict[MergedArea, object] = {}

    def row(self, number: int) -> str:
        return f"{self._sheet}, hàng {number}"

    def cell(self, number: int, column: int, header: object) -> str:
        return f"ô {get_column_letter(column)}{number}"

    def place(self, number: int, column: int, header: object) -> str:
        return f"{self._sheet}, {self.cell(number, column, header)}"

    def bottom(self, number: int, column: int) -> int:
        return max((a.bottom for a in self._merged if (a.top, a.left) == (number, column)), default=number)

    def right(self, number: int, column: int) -> int:
        return max((a.right for a in self._merged if (a.top, a.left) == (number, column)), default=MAX_COLUMNS)

    def filled(self, number: int, row: dict[int, object], known: set[int]) -> dict[int, object]:
        above = {
            area.left: self._value_of[area]
            for area in self._areas(number, row)
            if area.top < number and area.left == area.right and area.left in known and area in self._value_of
        }
        if self.hidden == "skip" and self.hidden_columns:
            row = {column: raw for column, raw in row.items() if not self._is_hidden(column)}
        return {**row, **above} if above else row  # Excel shows only the first cell of a merged area

    def problems(self, number: int, row: Mapping[int, object], columns: Mapping[int, str]) -> Iterator[str]:
        for area in self._reaching:
            covered = [name for column, name in columns.items() if area.left <= column <= area.right]
            shared = area.top != area.bottom and any(name not in ("observed_on", "field") for name in covered)
            if area.top <= number <= area.bottom and (len(covered) > 1 or shared):
                yield f"ô gộp {area.name} không cho biết số liệu thuộc hàng, cột nào; hãy bỏ gộp ô"
        if self.hidden != "refuse" or not self.hidden_columns:
            return
        for column, name in columns.items():
            if column in row and name != "reading_id" and self._is_hidden(column):
                yield f"{self.cell(number, column, None)} nằm trong cột bị ẩn; hãy bỏ ẩn hoặc dùng --hidden"

    def notes(self) -> Iterator[str]:
        """Whether hidden rows and columns were counted; after the last row."""
        done = "vẫn được tính" if self.hidden == "include" else "không được tính"
        if self.hidden != "refuse" and self.hidden_rows:
            yield f"{self._sheet}: {self.hidden_rows} hàng bị ẩn {done}"
        if self.hidden != "refuse" and self.hidden_columns:
            yield f"{self._sheet}: các cột bị ẩn {done}"

    def _is_hidden(self, column: int) -> bool:
        return any(column in span for span in self.hidden_columns)

    def _areas(self, number: int, row: Mapping[int, object]) -> list[MergedArea]:
        """The areas that reach a row. The value of an area stands in its first cell."""
        while self._next < len(self._merged) and self._merged[self._next].top <= number:
            self._reaching.append(self._merged[self._next])
            self._next += 1
        if self._reaching:
            self._reaching = [area for area in self._reaching if area.bottom >= number]
            if len(self._reaching) > MAX_REACHING:
                raise ValueError(f"{len(self._reaching)} merged areas reach row {number}")
        for area in self._reaching:
            if area.top == number and area.left in row:
                self._value_of[area] = row[area.left]
        return self._reaching
