"""Until when readings of a plan are accepted: a setting of each version of a regime."""

from datetime import date

import pytest

from services.reporting.data_files.regimes import read_regimes
from shared.regimes import DEFAULT_REGIME
from shared.regimes_file import SETTING, reading_windows
from shared.settings import SettingsError

FILE = """
regimes:
  - {regime: a, in_force_from: 2020-01-01, readings_days: 30}
  - {regime: a, in_force_from: 2025-12-31, readings_days: 60}
  - {regime: b, in_force_from: 2020-01-01}
"""


@pytest.fixture
def windows(tmp_path):
    file = tmp_path / "regimes.yaml"
    file.write_text(FILE)
    return reading_windows({SETTING: str(file)})


@pytest.mark.parametrize(
    ("regime", "until", "last"),
    [
        ("a", date(2025, 12, 30), date(2026, 1, 29)),
        ("a", date(2025, 12, 31), date(2026, 3, 1)),  # the version in force on the plan's last day
        ("a", date(2019, 12, 31), None),
        ("a", date.max, None),
        ("b", date(2025, 12, 31), None),
        ("unknown", date(2025, 12, 31), None),
    ],
)
def test_the_version_on_the_plans_last_day_sets_the_window(windows, regime, until, last):
    assert windows.last_day(regime, until) == last


def test_the_standard_regimes_accept_readings_for_a_year():
    windows = reading_windows({})
    assert windows.last_day(DEFAULT_REGIME, date(2025, 12, 31)) == date(2027, 1, 1)
    assert {regime.name for regime in read_regimes()} == set(windows.versions), "both read the same file"


@pytest.mark.parametrize("days", ["0", "3661", "many"])
def test_a_window_of_no_days_is_refused_with_the_setting(tmp_path, days):
    file = tmp_path / "regimes.yaml"
    file.write_text(FILE.replace("60", days))
    with pytest.raises(SettingsError, match=SETTING):
        reading_windows({SETTING: str(file)})
