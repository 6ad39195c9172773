"""Makes a reading of a row or line, or the reasons why it is none, in the same way for all kinds of file."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from services.indicators.readings_file.names.known import LIST_COMMAND, Names
from services.indicators.readings_file.values.cells import CellError, id_in, is_empty, readable, shown, text_of
from services.indicators.readings_file.values.days import day_in
from services.indicators.readings_file.values.whole_counts import count_in
from shared.contracts import ID
from shared.contracts.indicators import Reading

MAX_REASONS = 10

T = TypeVar("T")


class Cell(NamedTuple):
    """The raw value at one place of a row."""

    place: str
    raw: object


class Entry(NamedTuple):
    """One row or line. A part is None when the file has no such column or key, which is not an empty cell.

    `problems` are reasons to refuse it that were found before its cells were read. `is_total`: a word such as "total"
    stands in place of its field.
    """

    place: str
    reading_id: Cell | None = None
    observed_on: Cell | None = None
    field: Cell | None = None
    values: tuple[tuple[str, Cell], ...] = ()
    problems: tuple[str, ...] = ()
    is_total: bool = False
    reason: Cell | None = None
    by: Cell | None = None

    @property
    def texts(self) -> Mapping[str, str]:
        """Its cells as text, by column."""
        known = {"reading_id": self.reading_id, "observed_on": self.observed_on, "field": self.field}
        cells = {**known, **dict(self.values), "reason": self.reason, "by": self.by}
        return {name: text_of(cell.raw) for name, cell in cells.items() if cell is not None}


def reading_of(entry: Entry, names: Names) -> Reading | tuple[str, ...]:
    """The reading of an entry, or why it is none. One bad cell refuses it whole: half a reading would count wrong.

    Where there is no reading id, it is the day and the field, so that a file pushed twice is the same readings.
    """
    reasons = list(entry.problems)
    observed_on = _read(entry.observed_on, day_in, reasons)
    has_field = entry.field is not None and not is_empty(entry.field.raw) and not entry.is_total
    field = _read(entry.field, partial(field_in, names=names), reasons) if has_field else None
    reading_id = _read(entry.reading_id, id_in, reasons)
    values = dict(_values(entry, reasons))
    if entry.observed_on is None and not reasons:
        reasons.append("không có ngày (observed_on)")
    if not values and not reasons:
        reasons.append("không có số liệu nào")
    if reasons or observed_on is None:
        return _shortened(reasons)
    return _reading(reading_id or derived_id(observed_on, field), observed_on, field, values)


def parts_of(entry: Entry, names: Names) -> tuple[str | None, dict[str, int], list[str]]:
    """The id of the reading that a row names, by itself or by its day and field; its values; and what is wrong."""
    wrong = list(entry.problems)
    has_id = entry.reading_id is not None and not is_empty(entry.reading_id.raw)
    reading_id = _read(entry.reading_id, id_in, wrong) if has_id else None
    if not has_id and entry.observed_on is None and not wrong:
        wrong.append("không có mã số liệu, cũng không có ngày")
    elif not has_id and (day := _read(entry.observed_on, day_in, wrong)):
        has_field = entry.field is not None and not is_empty(entry.field.raw)
        field = _read(entry.field, partial(field_in, names=names), wrong) if has_field else None
        reading_id = derived_id(day, field)
    return reading_id, dict(_values(entry, wrong)), wrong


def field_in(raw: object, names: Names) -> str:
    """The id of a field by its name, or the id itself, since a province may have fields of its own."""
    readable(raw)
    if isinstance(raw, str):
        if found := names.field(raw):
            return found
        if re.fullmatch(ID, raw.strip()) is None:
            hint = f"; có phải “{nearly}”?" if (nearly := names.suggestion(raw)) else ""
            raise CellError(f"{shown(raw)} không phải là lĩnh vực đã biết{hint}; xem: {LIST_COMMAND}")
    return id_in(raw)


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


def _shortened(reasons: list[str]) -> tuple[str, ...]:
    more = len(reasons) - MAX_REASONS
    return (*reasons[:MAX_REASONS], f"và {more} lỗi khác") if more > 0 else tuple(reasons)
