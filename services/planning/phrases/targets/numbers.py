"""Numbers as offices type them: a point for thousands and a comma for decimals, or the other way round."""

from decimal import Decimal

LARGEST = Decimal(10) ** 12
LONGEST = 24


def value_of(digits: str) -> Decimal | None:
    """The value of digits with points and commas; None where it is open which of the two separates thousands."""
    if len(digits) > LONGEST:
        return None
    plain = _plain(digits)
    return Decimal(plain) if plain is not None and Decimal(plain) <= LARGEST else None


def _plain(digits: str) -> str | None:
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return _with_both(digits, "," if digits.rindex(",") > digits.rindex(".") else ".")
    if points:
        return _with_points(digits)
    if commas == 1:
        return _with_a_comma(digits)
    return digits.replace(",", "") if not commas or _in_thousands(digits, ",") else None


def _with_points(digits: str) -> str | None:
    if _in_thousands(digits, "."):
        return digits.replace(".", "")
    return digits if digits.count(".") == 1 else None


def _with_a_comma(digits: str) -> str | None:
    """ "1,000" is one in Vietnamese and a thousand in English: open."""
    return None if _in_thousands(digits, ",") else digits.replace(",", ".")


def _with_both(digits: str, decimal: str) -> str | None:
    whole, _, rest = digits.rpartition(decimal)
    thousands = "." if decimal == "," else ","
    if thousands in rest or decimal in whole or not _in_thousands(whole, thousands):
        return None
    return f"{whole.replace(thousands, '')}.{rest}"


def _in_thousands(digits: str, separator: str) -> bool:
    first, *groups = digits.split(separator)
    return len(first) <= 3 and not first.startswith("0") and all(len(group) == 3 for group in groups)
