"""From what a row or a line says to a reading: the judgement that the three kinds of file share."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from services.indicators.readings_file.cells import CellError, count_in, day_in, id_in, is_empty
from services.indicators.readings_file.errors import Findings
from shared.contracts.indicators import Reading

MAX_READINGS = 100_000

T = TypeVar("T")


class Cell(NamedTuple):
    """What stands at one place of a file, before it is judged."""

    place: str
    raw: object


class Entry(NamedTuple):
    """One row or line. A part is None when the file has no such column or key, which is not an empty cell."""

    place: str
    reading_id: Cell | None
    observed_on: Cell | None
    field: Cell | None
    values: list[tuple[str, Cell]]


def readings_in(entries: Iterable[Entry], findings: Findings) -> list[Reading]:
    """The readings of a file; what is wrong with the others is added to the findings."""
    readings: list[Reading] = []
    places: dict[str, str] = {}
    for number, entry in enumerate(entries, 1):
        if number > MAX_READINGS:
            findings.add(f"there are more than {MAX_READINGS:,} readings; split the file", entry.place)
            break
        reading = _reading(entry, findings)
        if reading is None:
            continue
        if (first := places.setdefault(reading.reading_id, entry.place)) is not entry.place:
            findings.add(_repeated(entry, reading, first), entry.place)
        readings.append(reading)
    return readings


def _reading(entry: Entry, findings: Findings) -> Reading | None:
    before = findings.count
    observed_on = _read(entry.observed_on, day_in, findings)
    field = None if entry.field is None or is_empty(entry.field.raw) else _read(entry.field, id_in, findings)
    reading_id = _read(entry.reading_id, id_in, findings)
    filled = [(measure, cell) for measure, cell in entry.values if not is_empty(cell.raw)]
    values = {measure: _read(cell, count_in, findings) for measure, cell in filled}
    if entry.observed_on is None:
        findings.add("has no observed_on", entry.place)
    if not values:
        findings.add("has no counts", entry.place)
    if findings.count > before or observed_on is None:
        return None
    parts = {"reading_id": reading_id or _derived(observed_on, field), "observed_on": observed_on, "field": field}
    try:
        return Reading.model_validate({**parts, "values": values})
    except ValidationError as error:
        findings.add(_excess(error), entry.place)
        return None


def _read(cell: Cell | None, meaning: Callable[[object], T], findings: Findings) -> T | None:
    if cell is None:
        return None
    try:
        if is_empty(cell.raw):
            raise CellError("is empty")
        return meaning(cell.raw)
    except CellError as error:
        findings.add(str(error), cell.place)
        return None


def _derived(observed_on: date, field: str | None) -> str:
    # strftime writes a year before 1000 differently on each platform, isoformat does not.
    return f"{observed_on.isoformat().replace('-', '')}-{field or 'all'}"


def _excess(error: ValidationError) -> str:
    """Each cell was checked, so that only their sum can be too much for a reading."""
    if error.errors()[0]["loc"][0] == "reading_id":
        return "the field is too long to make an id of; add a column reading_id"
    return "has more counts than one reading can hold"


def _repeated(entry: Entry, reading: Reading, first: str) -> str:
    if entry.reading_id is None:
        return f"is the same day and field as {first}; join them, or tell them apart by a reading_id"
    return f'has the reading_id "{reading.reading_id}", which {first} has too'
