"""Half months, 1st to 14th and 15th to the end: the parts of the windows of both cut-off rules."""

from datetime import date, timedelta


def half_of(day: date) -> int:
    """The number of the half month in which a day lies; the next half's is one more."""
    return day.year * 24 + day.month * 2 + (day.day > 14)


def halves_of(window: tuple[date, date]) -> tuple[int, int]:
    """The first and the last half of a window, both inclusive. ValueError for one that cuts a half in two."""
    start, until = window
    if start.day not in (1, 15) or (until + timedelta(days=1)).day not in (1, 15):
        raise ValueError(f"{start} to {until} is no window of half months (1st to 14th, 15th to the end)")
    return half_of(start), half_of(until)
