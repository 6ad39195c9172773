"""Reads one cell of a commune's file: whether it is empty, how a sentence quotes it, and the id in it."""

from datetime import date, datetime
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from services.indicators.readings_file.findings import printable
from shared.contracts import Id
from shared.vietnamese import date_text

ID: TypeAdapter[str] = TypeAdapter(Id)

SHEET_ERRORS = frozenset({"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})


class CellError(ValueError):
    """Why a cell cannot be read, as the end of a sentence."""


class Unread(NamedTuple):
    """Replaces a value that can be neither count nor day; `problem` is the end of a sentence about the cell."""

    problem: str
    text: str = ""


def is_empty(raw: object) -> bool:
    """Whether a cell has no value, which is not the same as zero."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def text_of(raw: object) -> str:
    """A cell as it is written, for a file to be corrected."""
    if isinstance(raw, Unread):
        return raw.text
    if isinstance(raw, datetime):
        return str(raw.date() if not any((raw.hour, raw.minute, raw.second)) else raw)
    return "" if raw is None else str(raw)


def shown(raw: object) -> str:
    """A cell as an error quotes it."""
    if isinstance(raw, list | dict):
        return "một danh sách" if isinstance(raw, list) else "một đối tượng"
    if isinstance(raw, bool):
        return f"“{str(raw).upper()}”"
    if isinstance(raw, date):
        day = raw.date() if isinstance(raw, datetime) else raw
        return f"ngày {date_text(day)}"
    return f"“{printable(text_of(raw).strip())}”"


def readable(raw: object) -> None:
    """Raises `CellError` for what is neither a count nor a day nor an id, whatever the column."""
    if isinstance(raw, Unread):
        raise CellError(raw.problem)
    if isinstance(raw, str) and raw.strip().upper() in SHEET_ERRORS:
        raise CellError(f"{shown(raw)} là lỗi của bảng tính, không phải giá trị")


def id_in(raw: object) -> str:
    """An id, also one of digits that a spreadsheet turned into a number."""
    readable(raw)
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        raw = int(raw)
    text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
    try:
        return ID.validate_python(text.strip() if isinstance(text, str) else text)
    except ValidationError:
        raise CellError(
            f"{shown(raw)} không phải là mã (chữ cái không dấu, chữ số, dấu - và _, nhiều nhất 80 ký tự)"
        ) from None
