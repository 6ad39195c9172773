"""The day as of which a page shows what was known, which its address carries: `?biet-den=2025-09-15`."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request

from shared.vietnamese import written_day
from shared.web.site import KNOWN_AT, RECORDED, changed_query, today

# An edition, a page of a list, what was ticked and what was done are of another day.
OTHER = {"an-ban": "", "trang": "", "chon": "", "xong": ""}

Tick = tuple[date, str]


class AsKnown(NamedTuple):
    """The strip above a page: the day of knowledge, None for now, and what else the address has, which is kept.

    `ticks` are the days on which something changed, each with the page's address of it; `shown` is the day that the
    page is about, `earlier` and `later` are the nearest ticks to it.
    """

    day: date | None
    now: str
    keep: list[tuple[str, str]]
    shown: date
    ticks: list[Tick]

    @property
    def earlier(self) -> Tick | None:
        return max((tick for tick in self.ticks if tick[0] < self.shown), default=None)

    @property
    def later(self) -> Tick | None:
        return min((tick for tick in self.ticks if tick[0] > self.shown), default=None)


def as_known(
    request: Request, changed_on: Iterable[date] = (), first: date = date.min, shown: date | None = None
) -> AsKnown:
    """Every page that can show a past day renders with this; ticks before `first` are left out.

    `shown`: where it is not the day of the address, or today without one.
    """
    day = known_at(request)
    leaving = {KNOWN_AT, RECORDED, *OTHER}
    return AsKnown(
        day,
        changed_query(request, {KNOWN_AT: ""}),
        [(name, value) for name, value in request.query_params.items() if value and name not in leaving],
        shown or day_shown(request),
        [(each, changed_query(request, {KNOWN_AT: each.isoformat(), **OTHER})) for each in changed_on if each >= first],
    )


def kept_day(request: Request) -> str:
    """What keeps the day of knowledge in an address that has no other question."""
    day = known_at(request)
    return f"?{KNOWN_AT}={day.isoformat()}" if day else ""


def known_at(request: Request) -> date | None:
    """None: as known now."""
    return day_named(request, KNOWN_AT)


def day_shown(request: Request) -> date:
    """The day of knowledge, or today without one."""
    return known_at(request) or today(request)


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
