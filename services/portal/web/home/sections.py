"""The parts of the page "Việc của tôi": each has things to do, or says that there are none, or why it is not known."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from typing import NamedTuple

from starlette.requests import Request

from shared.grants import Scope
from shared.vietnamese import date_text, number

MOST_SHOWN = 8  # things of one part; the rest is behind its link


class Thing(NamedTuple):
    """Something to do or to know: where it leads, its words, and in a tag how urgent it is (`bad`, `warn` or "")."""

    text: str
    path: str
    note: str = ""
    tag: str = ""
    urgency: str = ""


class Section(NamedTuple):
    """`amount` is how many there are, `hidden` how many things are not shown; `problem` is why they are not known."""

    title: str
    things: tuple[Thing, ...] = ()
    amount: int = 0
    hidden: int = 0
    more: str = ""
    empty: str = ""
    problem: str = ""

    @classmethod
    def of(cls, title: str, things: Iterable[Thing], more: str = "", empty: str = "") -> "Section":
        found = tuple(things)
        return cls(title, found[:MOST_SHOWN], len(found), max(0, len(found) - MOST_SHOWN), more, empty)


class Looking(NamedTuple):
    """Who looks, where and when: `place` is the commune that the scope is about today, or the province.

    `known_at` is None for now; `today` is the day that is looked at. `changed_on` collects the days of the answers.
    """

    request: Request
    scope: Scope
    place: str
    today: date
    known_at: date | None
    changed_on: set[date]


class Source(NamedTuple):
    """One question and the parts that follow from its answer; `title` is shown in their stead where there is none."""

    title: str
    sections: Callable[[Looking], Awaitable[list[Section]]]


def late(days: int) -> tuple[str, str]:
    """A tag and its urgency."""
    return f"quá hạn {number(days)} ngày", "bad"


def until(due: date, today: date) -> tuple[str, str]:
    """A tag and its urgency for a day that is still to come."""
    left = (due - today).days
    if left == 0:
        return "hạn hôm nay", "bad"
    return f"hạn {date_text(due)}", "warn" if left <= 3 else ""
