"""Readings from JSON lines: on each line one object with reading_id, observed_on, field and values."""

import codecs
import io
import json
from collections.abc import Iterator

from services.indicators.readings_file.cells import CellError, id_in, shown
from services.indicators.readings_file.entries import Cell, Entry
from services.indicators.readings_file.errors import Findings, printable

MAX_LINE_BYTES = 256 * 1024
KEYS = ("reading_id", "observed_on", "field", "values")


def entries(content: bytes, findings: Findings) -> Iterator[Entry]:
    """One entry a line that is an object; empty lines are passed over."""
    for number, line in enumerate(io.BytesIO(content.removeprefix(codecs.BOM_UTF8)), 1):
        if not line.strip():
            continue
        place = f"line {number}"
        try:
            yield _entry(_object(line), place, findings)
        except CellError as error:
            findings.add(str(error), place)


def _object(line: bytes) -> dict[str, object]:
    if len(line) > MAX_LINE_BYTES:
        raise CellError("is longer than 256 KB")
    try:
        found = json.loads(line.decode(), object_pairs_hook=_unique)
    except CellError:
        raise
    except UnicodeDecodeError:
        raise CellError("is not written in UTF-8") from None
    except RecursionError:
        raise CellError("is nested too deeply") from None
    except ValueError:  # a JSONDecodeError, or a number of more than 4,300 digits
        raise CellError("is not valid JSON") from None
    if not isinstance(found, dict):
        raise CellError("is not a JSON object")
    return found


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # json keeps the last of two values without a word.
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise CellError(f"has the key {shown(key)} twice")
        found[key] = value
    return found


def _entry(line: dict[str, object], place: str, findings: Findings) -> Entry:
    for key in line.keys() - set(KEYS):
        findings.add("is not a key of a reading", f"{place}, key {printable(key)}")
    reading_id, observed_on, field = (
        Cell(f"{place}, key {key}", line[key]) if key in line else None for key in KEYS[:3]
    )
    return Entry(place, reading_id, observed_on, field, _values(line, place, findings))


def _values(line: dict[str, object], place: str, findings: Findings) -> list[tuple[str, Cell]]:
    values = line.get("values", {})
    if not isinstance(values, dict):
        raise CellError(f"the key values holds {shown(values)}, not an object of counts")
    cells: dict[str, Cell] = {}
    for measure, raw in values.items():
        cell = Cell(f"{place}, key {printable(measure)}", raw)
        try:
            if cells.setdefault(id_in(measure), cell) is not cell:
                raise CellError("stands twice, with and without spaces")
        except CellError as error:
            findings.add(str(error), cell.place)
    return list(cells.items())
