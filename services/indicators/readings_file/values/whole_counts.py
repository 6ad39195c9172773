"""Reads the whole count in a cell: thousands and decimals with points or commas, if only one meaning is possible."""

import re
from datetime import date, time, timedelta
from math import isfinite

from pydantic import TypeAdapter, ValidationError

from services.indicators.readings_file.values.cells import CellError, readable, shown
from shared.contracts.indicators import Count

COUNT: TypeAdapter[int] = TypeAdapter(Count)

# Full-width forms, the minus of typesetters, and the spaces that separate thousands: thin, no-break, narrow, figure.
AS_TYPED = str.maketrans("０１２３４５６７８９．，－＋−\u2009\u00a0\u202f\u2007", "0123456789.,-+-    ")
# A count is whole, so one separator before three digits is one of thousands: "1.234" cannot be a fraction. "0.123" can
# only be one, so grouped digits never begin with 0.
WHOLE = re.compile(r"[0-9]+|[1-9][0-9]{0,2}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*")
# Decimals that are zero change nothing. Three of them could be thousands.
NO_FRACTION = re.compile(r"(?P<whole>[0-9., ]+)(?P<point>[.,])0{1,2}")
# Why text is no count, the first that fits.
WHY_NOT = [
    (re.compile(r"[-–—xX]|\.{1,3}|…"), "có thể là 0 hoặc là chưa có số liệu; hãy ghi 0 hoặc để trống"),
    (re.compile(r".*%.*", re.DOTALL), "là tỷ lệ; hãy ghi số đếm"),
    (re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+"), "đã bị rút gọn, có thể mất chữ số; hãy ghi đủ chữ số"),
    (re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE), "không phải là số hữu hạn"),
    (
        re.compile(r"[+-]?[0-9., ]*[.,][0-9]+"),
        "không phải là số nguyên, hoặc dấu chấm, phẩy không ngăn đúng hàng nghìn",
    ),
    (re.compile(r"[+-]?[0-9][0-9., ]*[^\W0-9_].*", re.DOTALL), "có chữ đi kèm; chỉ ghi con số"),
    (re.compile(r".*", re.DOTALL), "không phải là số nguyên"),
]
LONGEST = 40
PLAIN_DIGITS = 12


def count_in(raw: object) -> int:
    """A whole count, or `CellError` with the reason."""
    if isinstance(raw, str) and len(raw) <= PLAIN_DIGITS and raw.isascii() and raw.isdigit():
        return int(raw)  # nearly every cell of a CSV file
    readable(raw)
    number = _number(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else _typed(raw)
    try:
        return COUNT.validate_python(number)
    except ValidationError:
        raise CellError(f"{shown(raw)} lớn quá mức của một số đếm (1.000.000.000.000)") from None


def _number(raw: float) -> int:
    if isinstance(raw, int):
        return raw
    if not isfinite(raw):
        raise CellError(f"{shown(raw)} không phải là số hữu hạn")
    if not raw.is_integer():
        raise CellError(
            f"{shown(raw)} không phải là số nguyên; nếu dấu chấm, phẩy ngăn hàng nghìn thì hãy ghi liền các chữ số"
        )
    return int(raw)


def _typed(raw: object) -> int:
    if not isinstance(raw, str):
        raise CellError(_no_text(raw))
    text = raw.translate(AS_TYPED).strip().removeprefix("'")
    sign = -1 if text.startswith("-") else 1
    digits = _digits(text[1:] if text[:1] in ("-", "+") else text)
    if digits is None:
        why = next(why for form, why in WHY_NOT if form.fullmatch(text))
        raise CellError(f"{shown(raw)} {why}")
    if len(digits.lstrip("0")) > LONGEST:
        raise CellError(f"{shown(raw)} lớn quá mức của một số đếm (1.000.000.000.000)")
    return sign * int(digits.lstrip("0") or "0")


def _digits(text: str) -> str | None:
    """The digits of a whole number. Decimals follow another separator than the thousands have, or none of those."""
    decimals = NO_FRACTION.fullmatch(text)
    if decimals and decimals["point"] not in decimals["whole"]:
        text = decimals["whole"]
    if whole := WHOLE.fullmatch(text):
        return text.replace(whole[1], "") if whole[1] else text
    return None


def _no_text(raw: object) -> str:
    if isinstance(raw, bool):
        return f"{shown(raw)} là giá trị đúng/sai, không phải số đếm"
    if isinstance(raw, date):
        return f"{shown(raw)} là một ngày, không phải số đếm"
    if isinstance(raw, time | timedelta):
        return f"{shown(raw)} là giờ, không phải số đếm"
    return f"{shown(raw)} không phải là số đếm"
