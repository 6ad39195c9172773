"""From what a row or a line says to a reading: the judgement that the three kinds of file share."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from services.indicators.readings_file.cells import CellError, id_in, is_empty, text_of
from services.indicators.readings_file.counts import count_in
from services.indicators.readings_file.days import day_in
from shared.contracts.indicators import Reading

MAX_REASONS = 10

T = TypeVar("T")


class Cell(NamedTuple):
    """What stands at one place of a row, before it is judged."""

    place: str
    raw: object


class Entry(NamedTuple):
    """One row or line. A part is None when the file has no such column or key, which is not an empty cell.

    `problems` are reasons to refuse it that were found before its cells were judged.
    """

    place: str
    reading_id: Cell | None = None
    observed_on: Cell | None = None
    field: Cell | None = None
    values: tuple[tuple[str, Cell], ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def said(self) -> Mapping[str, str]:
        """What it says, by column."""
        known = {"reading_id": self.reading_id, "observed_on": self.observed_on, "field": self.field}
        cells = {**known, **dict(self.values)}
        return {name: text_of(cell.raw) for name, cell in cells.items() if cell is not None}


def judged(entry: Entry) -> Reading | tuple[str, ...]:
    """The reading that an entry is, or why it is none. One bad cell refuses it whole: half a reading would count wrong.

    Where there is no reading id, it is the day and the field, so that a file pushed twice is the same readings.
    """
    reasons = list(entry.problems)
    observed_on = _read(entry.observed_on, day_in, reasons)
    field = None if entry.field is None or is_empty(entry.field.raw) else _read(entry.field, id_in, reasons)
    reading_id = _read(entry.reading_id, id_in, reasons)
    values = dict(_values(entry, reasons))
    if entry.observed_on is None and not reasons:
        reasons.append("không có ngày (observed_on)")
    if not values and not reasons:
        reasons.append("không có số liệu nào")
    if reasons or observed_on is None:
        return _told(reasons)
    return _reading(reading_id or derived_id(observed_on, field), observed_on, field, values)


def derived_id(observed_on: date, field: str | None) -> str:
    # strftime writes a year before 1000 differently on each platform, isoformat does not.
    return f"{observed_on.isoformat().replace('-', '')}-{field or 'all'}"


def _reading(
    reading_id: str, observed_on: date, field: str | None, values: dict[str, int]
) -> Reading | tuple[str, ...]:
    try:
        return Reading(reading_id=reading_id, observed_on=observed_on, field=field, values=values)
    except ValidationError as error:
        # Each cell was checked, so that only their sum can be too much for a reading.
        if error.errors()[0]["loc"][0] == "reading_id":
            return ("tên lĩnh vực quá dài để tạo mã số liệu; hãy thêm cột reading_id",)
        return ("có nhiều số đo hơn mức một bản ghi chứa được (60)",)


def _values(entry: Entry, reasons: list[str]) -> Iterator[tuple[str, int]]:
    for measure, cell in entry.values:
        if not is_empty(cell.raw) and (count := _read(cell, count_in, reasons)) is not None:
            yield measure, count


def _read(cell: Cell | None, meaning: Callable[[object], T], reasons: list[str]) -> T | None:
    if cell is None:
        return None
    try:
        if is_empty(cell.raw):
            raise CellError("để trống")
        return meaning(cell.raw)
    except CellError as error:
        reasons.append(f"{cell.place}: {error}")
        return None


def _told(reasons: list[str]) -> tuple[str, ...]:
    more = len(reasons) - MAX_REASONS
    return (*reasons[:MAX_REASONS], f"và {more} lỗi khác") if more > 0 else tuple(reasons)
