"""The day as of which a page shows what was known, which its address carries: `?biet-den=2025-09-15`."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from shared.vietnamese import written_day
from shared.web.site import changed_query

KNOWN_AT = "biet-den"
OTHER = {"an-ban": "", "trang": ""}  # an edition, and a page of a list, are of another day


def known_at(request: Request) -> date | None:
    """None: as known now."""
    return day_named(request, KNOWN_AT)


def day_named(request: Request, name: str) -> date | None:
    """The day in this part of the page's address, None without one. A text that is no day is refused with a page."""
    text = request.query_params.get(name, "").strip()
    if not text:
        return None
    day = day_in(text)
    if day is None:
        raise HTTPException(400, f"“{text[:40]}” không phải là một ngày; hãy ghi như 15/9/2025.")
    return day


def day_in(text: str) -> date | None:
    """A day as people or browsers write it; None for anything else."""
    try:
        return written_day(text)
    except ValueError:
        return None


def ticks_around(request: Request, changed_on: Iterable[date], first: date, known: date) -> dict[str, Any]:
    """For the macro `ticks`: the days from `first` on which something changed, each with the page's address of it.

    `earlier` and `later` are the nearest ones to the day of knowledge. Other states than days leave the address.
    """
    ticks = [(day, changed_query(request, {KNOWN_AT: day.isoformat(), **OTHER})) for day in changed_on if day >= first]
    return {
        "ticks": ticks,
        "earlier": max((tick for tick in ticks if tick[0] < known), default=None),
        "later": min((tick for tick in ticks if tick[0] > known), default=None),
    }
