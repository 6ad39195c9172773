"""What time it is: passed in everywhere, so that a demonstration can move it and a test can hold it still."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import time_ns
from typing import NamedTuple
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
SETTLED_AFTER = 100_000_000  # nanoseconds

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def file_clock(path: Path) -> Clock:
    """A clock that someone else moves: the instant written in a file, as ISO 8601 with its offset.

    It is looked at several times in a second, and read where it is another file than the one that was read last.
    """
    last: tuple[Identity, datetime] | None = None

    def now() -> datetime:
        nonlocal last
        identity = _identity(path)
        if last and last[0] == identity:
            return last[1]
        instant = datetime.fromisoformat(path.read_text().strip()).astimezone(UTC)
        # One that was written just now may be followed by another one that looks the same.
        is_settled = time_ns() - identity.written > SETTLED_AFTER and _identity(path) == identity
        last = (identity, instant) if is_settled else None
        return instant

    return now


class Identity(NamedTuple):
    number: int
    written: int  # nanoseconds, in steps of a few milliseconds


def _identity(path: Path) -> Identity:
    found = path.stat()
    return Identity(found.st_ino, found.st_mtime_ns)


def move(path: Path, to: datetime) -> None:
    """Set a file clock; readers see the old instant or the new one, never half of it."""
    beside = path.with_suffix(".next")
    beside.write_text(to.isoformat())
    os.replace(beside, path)  # noqa: PTH105  Path.replace is the same call; os.replace says that it is atomic


def day_of(instant: datetime) -> date:
    """The day in Viet Nam on which an instant falls."""
    return instant.astimezone(VIETNAM).date()


def end_of(day: date) -> datetime:
    """The first instant that no longer belongs to a day in Viet Nam: what is known at a day was recorded before it."""
    return datetime.combine(day + timedelta(days=1), time(), VIETNAM)


def last_day_before(instant: datetime) -> date:
    """The day in Viet Nam whose end an instant is, or in which it falls."""
    return day_of(instant - timedelta(microseconds=1))
