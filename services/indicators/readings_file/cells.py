"""What stands in one cell of a commune's file: empty or not, how a sentence quotes it, and whether it is an id."""

from datetime import date, datetime
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from services.indicators.readings_file.errors import printable
from shared.contracts.indicators import Id

ID: TypeAdapter[str] = TypeAdapter(Id)

SHEET_ERRORS = frozenset({"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})


class CellError(ValueError):
    """Why a cell cannot be read, as the end of a sentence."""


class Unread(NamedTuple):
    """Stands for what a sheet holds and a count or a day cannot be: `what` says it as the sentence about the cell."""

    what: str
    text: str = ""


def is_empty(raw: object) -> bool:
    """Whether a cell says nothing, which is not the same as zero."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def text_of(raw: object) -> str:
    """A cell as it is written, for a file to be mended."""
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
        return f"ngày {day.day}/{day.month}/{day.year}"
    return f"“{printable(text_of(raw).strip())}”"


def readable(raw: object) -> None:
    """Raises `CellError` for what is neither a count nor a day nor an id, whatever the column."""
    if isinstance(raw, Unread):
        raise CellError(raw.what)
    if isinstance(raw, str) and raw.strip().upper() in SHEET_ERRORS:
        raise CellError(f"{shown(raw)} là lỗi của bảng tính, không phải giá trị")


def id_in(raw: object) -> str:
    """An id. A spreadsheet turns an id of digits into a number, which is taken back."""
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
