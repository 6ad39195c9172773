"""The calendar that an operator sets: the file that MINHBACH_CALENDAR names, else the one beside this module."""

import logging
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from shared.calendar.overrides import CalendarError, Override, load_overrides
from shared.calendar.working_days import Calendar
from shared.settings import SettingsError

# Decisions that the `holidays` package misses, or knows without their date.
VIETNAM = Path(__file__).parent / "vietnam.csv"

log = logging.getLogger(__name__)


class SetCalendar:
    """SettingsError at once for a file that cannot be read.

    The file is looked at again whenever it has changed: a swap of days is decided while a service runs.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self._file = Path(env.get("MINHBACH_CALENDAR") or VIETNAM)
        try:
            self._read = _changed(self._file), load_overrides(self._file)
        except (CalendarError, OSError) as wrong:
            raise SettingsError(f"MINHBACH_CALENDAR: {wrong}") from None

    def known_on(self, day: date) -> Calendar:
        """The calendar as it was known on a day. A file that cannot be read any more is logged and not used."""
        try:
            changed = _changed(self._file)
            if changed != self._read[0]:
                self._read = changed, self._read[1]  # logged once, until it is changed again
                self._read = changed, load_overrides(self._file)
        except (CalendarError, OSError) as wrong:
            log.error("MINHBACH_CALENDAR cannot be read, the calendar stays as it was: %s", wrong)
        return _calendar(self._read[1], day)


def _changed(path: Path) -> int:
    """When the file was changed last; 0 while there is none, so that its loss is logged once too."""
    return path.stat().st_mtime_ns if path.exists() else 0


@lru_cache(maxsize=4)
def _calendar(overrides: tuple[Override, ...], known_on: date) -> Calendar:
    return Calendar(overrides).as_of(known_on)
