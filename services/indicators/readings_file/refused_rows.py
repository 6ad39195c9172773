"""Writes the refused rows of a file to an XLSX file that a clerk can correct and push again."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from services.indicators.readings_file.entries import derived_id
from services.indicators.readings_file.findings import RefusedRow
from services.indicators.readings_file.tables.columns import MAX_COLUMNS, REASONS_HEADER
from services.indicators.readings_file.values.cells import CellError
from services.indicators.readings_file.values.days import day_in
from shared.contracts.indicators import ReadingVersion

LONGEST_CELL = 32_000
WIDE = 60


def write_refused_rows(path: Path, refused: Iterable[RefusedRow]) -> None:
    """One row each, with its reasons last, in a column that is ignored when the file is pushed. Raises OSError."""
    rows = _all_with_ids(list(refused))
    names = dict.fromkeys(name for row in rows for name in row.texts)
    known = [name for name in ("reading_id", "observed_on", "field") if name in names or name == "observed_on"]
    columns = [*known, *(name for name in names if name not in known)][: MAX_COLUMNS - 1]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(REASONS_HEADER)
    sheet.freeze_panes = "A2"
    for number in range(len(columns) + 1):
        sheet.column_dimensions[get_column_letter(number + 1)].width = WIDE if number == len(columns) else 18
    sheet.append([_text(sheet, name) for name in (*columns, REASONS_HEADER)])
    for row in rows:
        reasons = f"{row.place}: {'; '.join(row.reasons)}"
        sheet.append([_text(sheet, text) for text in (*(row.texts.get(name, "") for name in columns), reasons)])
    book.save(path)


def _all_with_ids(rows: list[RefusedRow]) -> list[RefusedRow]:
    """Where one row has an id of its own, every row needs one: an empty cell would be refused."""
    if not any("reading_id" in row.texts for row in rows):
        return rows
    return [row._replace(texts={"reading_id": _id_of(row.texts), **row.texts}) for row in rows]


def _id_of(texts: Mapping[str, str]) -> str:
    try:
        return derived_id(day_in(texts.get("observed_on", "")), texts.get("field") or None)
    except CellError:
        return ""


def rows_of_refused(readings: Iterable[ReadingVersion]) -> list[RefusedRow]:
    """What the province refused, to be mended: without what it has recorded under the same id, each id once."""
    listed = list(readings)
    recorded = {one.reading_id for one in listed if one.state != "refused"}
    refused = {one.reading_id: one for one in listed if one.state == "refused" and one.observed_on and one.values}
    return [
        RefusedRow(one.reading_id, (one.sentence or "",), _texts(one))
        for one in refused.values()
        if one.reading_id not in recorded
    ]


def _texts(reading: ReadingVersion) -> dict[str, str]:
    day = reading.observed_on
    own = day is None or reading.reading_id != derived_id(day, reading.field)
    return {
        **({"reading_id": reading.reading_id} if own else {}),
        "observed_on": day.isoformat() if day else "",
        "field": reading.field or "",
        **{measure: str(count) for measure, count in reading.values.items()},
    }


def _text(sheet: Any, text: str) -> Any:
    """Text and never a formula or a number, so that it is the text of the refused file."""
    plain = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text[:LONGEST_CELL]).encode(errors="replace").decode()
    cell = WriteOnlyCell(sheet, plain or None)
    if plain:
        cell.data_type = "s"
        cell.number_format = "@"
    return cell
