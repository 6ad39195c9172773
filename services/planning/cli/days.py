"""Days as people type them."""

import re
from datetime import date

from shared.cli import fail

ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
DAY_FIRST = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")


def day_in(text: str) -> date:
    """`2025-09-14`, `14/9/2025` or `14-9-2025`; the end of the command where it is none of them."""
    if iso := ISO.fullmatch(text.strip()):
        year, month, day = iso.groups()
    elif day_first := DAY_FIRST.fullmatch(text.strip()):
        day, _, month, year = day_first.groups()
    else:
        fail(f'"{text}" is not a day such as 2025-09-14 or 14/9/2025', 2)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        fail(f'"{text}" is not a day of the calendar', 2)
