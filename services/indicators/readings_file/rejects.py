"""Writes the refused rows of a file as a sheet that a clerk can mend and push again."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from services.indicators.readings_file.errors import RefusedRow
from services.indicators.readings_file.table import MAX_COLUMNS, REASONS_HEADER

LONGEST_CELL = 32_000
WIDE = 60


def write_rejects(path: Path, refused: Iterable[RefusedRow]) -> None:
    """One row each, with its reasons last, in a column that is passed over when the file is pushed. Raises OSError."""
    rows = list(refused)
    said = dict.fromkeys(name for row in rows for name in row.said)
    known = [name for name in ("reading_id", "observed_on", "field") if name in said or name == "observed_on"]
    columns = [*known, *(name for name in said if name not in known)][: MAX_COLUMNS - 1]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(REASONS_HEADER)
    sheet.freeze_panes = "A2"
    for number in range(len(columns) + 1):
        sheet.column_dimensions[get_column_letter(number + 1)].width = WIDE if number == len(columns) else 18
    sheet.append([_text(sheet, name) for name in (*columns, REASONS_HEADER)])
    for row in rows:
        reasons = f"{row.place}: {'; '.join(row.reasons)}"
        sheet.append([_text(sheet, text) for text in (*(row.said.get(name, "") for name in columns), reasons)])
    book.save(path)


def _text(sheet: Any, text: str) -> Any:
    """Text and never a formula or a number, so that it says what the refused file said."""
    plain = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text[:LONGEST_CELL]).encode(errors="replace").decode()
    cell = WriteOnlyCell(sheet, plain or None)
    if plain:
        cell.data_type = "s"
        cell.number_format = "@"
    return cell
