"""What every service needs of the file of regimes: for how long readings are accepted.

The file is `regimes.yaml` here, or the one that MINHBACH_REGIMES names; Reporting reads the rest of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from shared.data_file import read_data_file

STANDARD = Path(__file__).parent / "regimes.yaml"
SETTING = "MINHBACH_REGIMES"
MOST_DAYS = 3660  # of a window for readings: ten years
WindowDays = Annotated[int, Field(ge=1, le=MOST_DAYS)]


class RegimeVersion(BaseModel):
    """What more than one service reads of a version of a regime."""

    regime: str
    in_force_from: date
    readings_days: WindowDays | None = None


class _Regimes(BaseModel):
    regimes: tuple[RegimeVersion, ...]


@dataclass(frozen=True)
class ReadingWindows:
    """By regime, each version's first day in force and how many days after a plan's last day readings are accepted."""

    versions: Mapping[str, tuple[tuple[date, int | None], ...]]

    def last_day(self, regime: str, span_until: date) -> date | None:
        """The last day on which readings of a plan's days are accepted; None without a limit.

        The version of the regime in force on the plan's last day decides.
        """
        in_force = [version for version in self.versions.get(regime, ()) if version[0] <= span_until]
        days = max(in_force)[1] if in_force else None
        if days is None or date.max - span_until <= timedelta(days):
            return None
        return span_until + timedelta(days)


def reading_windows(env: Mapping[str, str]) -> ReadingWindows:
    """SettingsError for a file that cannot be read."""
    return _read(Path(env[SETTING]) if env.get(SETTING) else STANDARD)


@cache
def _read(path: Path) -> ReadingWindows:
    versions: dict[str, tuple[tuple[date, int | None], ...]] = {}
    for each in read_data_file(_Regimes, path, SETTING).regimes:
        versions[each.regime] = (*versions.get(each.regime, ()), (each.in_force_from, each.readings_days))
    return ReadingWindows(versions)
