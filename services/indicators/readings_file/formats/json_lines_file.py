"""Reads JSON lines: on each line one object with reading_id, observed_on, field and values."""

import codecs
import io
import json
from collections.abc import Iterator, Sequence

from services.indicators.readings_file.entries import Cell, Entry
from services.indicators.readings_file.findings import Findings, printable
from services.indicators.readings_file.tables.layout import Choices
from services.indicators.readings_file.values.cells import CellError, id_in, shown

MAX_LINE_BYTES = 256 * 1024
KEYS = ("reading_id", "observed_on", "field", "values")
KEYS_OF_CHANGES = (*KEYS, "reason", "by")
# Python refuses to read a longer number at all; as text it is refused as a count, with its key.
MAX_DIGITS = 100


def json_lines_entries(content: bytes, findings: Findings, choices: Choices) -> Iterator[Entry]:
    """One entry a line; empty lines are ignored."""
    for number, line in enumerate(io.BytesIO(content.removeprefix(codecs.BOM_UTF8)), 1):
        if not line.strip():
            continue
        place = f"dòng {number}"
        try:
            yield _entry(_object(line), place, KEYS_OF_CHANGES if choices.changes else KEYS)
        except CellError as error:
            yield Entry(place, problems=(str(error),))


def _object(line: bytes) -> dict[str, object]:
    if len(line) > MAX_LINE_BYTES:
        raise CellError("dài hơn 256 KB")
    try:
        found = json.loads(line.decode(), object_pairs_hook=_unique, parse_int=_whole)
    except CellError:
        raise
    except UnicodeDecodeError:
        raise CellError("không được lưu bằng UTF-8") from None
    except RecursionError:
        raise CellError("lồng nhau quá sâu") from None
    except ValueError:
        raise CellError("không phải JSON hợp lệ") from None
    if not isinstance(found, dict):
        raise CellError("không phải một đối tượng JSON")
    return found


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_DIGITS else digits


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # json silently keeps the last of two values.
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise CellError(f"có khoá {shown(key)} hai lần")
        found[key] = value
    return found


def _entry(line: dict[str, object], place: str, keys: Sequence[str]) -> Entry:
    unknown = (f"khoá “{printable(key)}” không thuộc về bản ghi số liệu" for key in line.keys() - set(keys))
    cells = {key: Cell(f"khoá “{key}”", line[key]) for key in keys if key in line}
    reading_id, observed_on, field, _, reason, by = (cells.get(key) for key in KEYS_OF_CHANGES)
    values, wrong = _values(line)
    return Entry(place, reading_id, observed_on, field, values, (*unknown, *wrong), reason=reason, by=by)


def _values(line: dict[str, object]) -> tuple[tuple[tuple[str, Cell], ...], list[str]]:
    values = line.get("values", {})
    if not isinstance(values, dict):
        raise CellError(f"khoá “values” chứa {shown(values)}, không phải một đối tượng gồm các số đo")
    cells: dict[str, Cell] = {}
    wrong = []
    for measure, raw in values.items():
        cell = Cell(f"khoá “{printable(measure)}”", raw)
        try:
            if cells.setdefault(id_in(measure), cell) is not cell:
                raise CellError("có hai lần, có và không có dấu cách")
        except CellError as error:
            wrong.append(f"{cell.place}: {error}")
    return tuple(cells.items()), wrong
