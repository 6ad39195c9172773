"""How Word prints the number of a list in one of its formats."""

ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
         (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
MOST = 30_000


def numeral(count: int, number_format: str) -> str:
    """`count` in a format of Word; one that Vietnamese offices do not use is printed as a decimal number."""
    if not 0 < count < MOST:
        return str(count)
    small = {"lowerRoman": _roman, "upperRoman": _roman, "lowerLetter": _letter, "upperLetter": _letter}
    if number_format in small:
        text = small[number_format](count)
        return text.upper() if number_format.startswith("upper") else text
    return f"{count:02}" if number_format == "decimalZero" else str(count)


def _roman(count: int) -> str:
    text = ""
    for worth, letters in ROMAN:
        text += letters * (count // worth)
        count %= worth
    return text


def _letter(count: int) -> str:
    """a … z, then aa, bb, cc: Word repeats the letter."""
    times, place = divmod(count - 1, 26)
    return chr(ord("a") + place) * (times + 1)
