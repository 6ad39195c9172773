"""Regimes as data: which periods they ask for, which days they count, and until when each level reports."""

from datetime import date, timedelta
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.data_files.regimes import read_regimes, regimes_in
from services.reporting.domain.regime import DeadlineRule, regime_on
from shared.calendar import Calendar
from shared.periods import Period
from shared.settings import SettingsError

CALENDAR = Calendar()
TODAY = date(2025, 9, 16)
TTHC, REFORM, QUALITY = (
    regime_on(read_regimes(), name, TODAY) for name in ("tthc-control", "reform", "service-quality")
)
REGIME = """
regimes:
  - regime: own
    title: "Chế độ riêng"
    in_force_from: 2025-01-01
    source: "Quyết định của tỉnh"
    cut_off: 14
    periods: [quarter]
    deadlines: {commune: {day: 16}}
"""


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "regimes.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("regime", "required", "not_required"),
    [
        (TTHC, ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2025-H1", "2025-9M", "2025"], ["2025-M07"]),
        (REFORM, ["2025-Q1", "2025-H1", "2025-Q3", "2025"], ["2025-Q2", "2025-Q4", "2025-9M", "2025-M07"]),
        (QUALITY, ["2025-M07", "2025-Q3", "2025"], ["2025-H1", "2025-9M"]),
    ],
)
def test_a_regime_requires_only_its_own_periods(regime, required, not_required):
    assert [name for name in (*required, *not_required) if regime.reports(Period.parse(name))] == required


def test_the_same_label_has_another_window_in_another_regime():
    quarter = Period.parse("2025-Q3")
    assert TTHC.window(quarter) == REFORM.window(quarter) == (date(2025, 6, 15), date(2025, 9, 14))
    assert QUALITY.window(quarter) == (date(2025, 7, 1), date(2025, 9, 30))
    assert TTHC.window(Period.parse("2025-9M")) == (date(2024, 12, 15), date(2025, 9, 14))
    assert QUALITY.window(Period.parse("2025")) == (date(2025, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("regime", "period", "level", "due"),
    [
        (TTHC, "2025-Q3", "office", date(2025, 9, 15)),
        (TTHC, "2025-Q3", "commune", date(2025, 9, 16)),
        (TTHC, "2025-Q3", "province", date(2025, 9, 25)),
        (TTHC, "2025-Q2", "office", date(2025, 6, 16)),  # 15 June is a Sunday
        (TTHC, "2025-Q2", "commune", date(2025, 6, 17)),
        (TTHC, "2025", "province", date(2025, 12, 25)),
        (REFORM, "2025-H1", "province", date(2025, 6, 20)),
        (REFORM, "2025-Q3", "province", date(2025, 9, 20)),  # a Saturday: no text says that it moves
        (REFORM, "2025-Q3", "office", None),
        (QUALITY, "2025-Q3", "province", None),
    ],
)
def test_each_level_has_its_own_deadline(regime, period, level, due):
    assert regime.due_on(Period.parse(period), level, CALENDAR) == due


def test_a_regime_is_in_force_from_its_first_day_on():
    assert regime_on(read_regimes(), "tthc-control", date(2019, 3, 11)) is None
    assert regime_on(read_regimes(), "tthc-control", date(2019, 3, 12)) == TTHC
    assert regime_on(read_regimes(), "fishing", TODAY) is None


def test_the_latest_version_in_force_is_used_whatever_the_order_in_the_file(file):
    later = REGIME.replace("regimes:\n", "").replace("2025-01-01", "2026-01-01").replace("day: 16", "day: 20")
    for text in (REGIME + later, "regimes:" + later + REGIME.replace("regimes:\n", "")):
        regimes = read_regimes.__wrapped__(file(text))
        days = [regime_on(regimes, "own", day).deadlines["commune"].day for day in (TODAY, date(2026, 1, 1))]
        assert days == [16, 20]


def test_a_setting_names_another_file_of_regimes(file):
    path = file(normalize("NFD", REGIME))
    [own] = regimes_in({"MINHBACH_REGIMES": str(path)})
    assert (own.name, own.title, own.version) == ("own", "Chế độ riêng", "2025-01-01")
    assert regimes_in({}) == regimes_in({"MINHBACH_REGIMES": ""}) == read_regimes()


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("", "valid dictionary"),
        ("regimes: []", "regimes: Tuple should have at least 1 item"),
        ("regimes: {", "expected"),
        ("[" * 3000, "more than 20 lists or mappings are within each other"),
        (REGIME.replace("cut_off: 14", "cut_off: 20"), "regimes.0.cut_off"),
        (REGIME.replace("[quarter]", "[fortnight]"), "regimes.0.periods.0"),
        (REGIME.replace("[quarter]", "[]"), "regimes.0.periods"),
        (REGIME.replace("{day: 16}", "{}"), "says either day or working_days"),
        (REGIME.replace("{day: 16}", "{day: 16, working_days: 2}"), "says either day or working_days"),
        (REGIME.replace("{day: 16}", "{day: 31}"), "regimes.0.deadlines.commune.day"),
        (REGIME.replace("day: 16", "day: 14"), "commune reports on day 14, before the cut-off on day 14"),
        (REGIME.replace("commune:", "ministry:"), "regimes.0.deadlines.ministry"),
        (REGIME.replace("2025-01-01", "2025-13-45"), "month must be in 1..12"),
        (REGIME + REGIME.replace("regimes:\n", ""), "own has 2 versions in force from 2025-01-01"),
        (REGIME.replace("title:", "titel:"), "regimes.0.titl"),
    ],
)
def test_an_invalid_file_of_regimes_is_reported_in_one_sentence_with_its_location(file, text, about):
    path = file(text)
    with pytest.raises(SettingsError) as wrong:
        read_regimes.__wrapped__(path)
    message = str(wrong.value)
    assert message.startswith(f"MINHBACH_REGIMES: {path}: ")
    assert about in message, message
    assert "\n" not in message


def test_a_missing_file_is_reported_in_one_sentence(tmp_path):
    with pytest.raises(SettingsError, match="No such file"):
        regimes_in({"MINHBACH_REGIMES": str(tmp_path / "none.yaml")})


@given(
    st.sampled_from(["M01", "M02", "M07", "Q1", "Q3", "Q4", "H1", "9M", ""]),
    st.integers(2019, 2040),
    st.sampled_from([0, 14]),
    st.one_of(
        st.builds(DeadlineRule, day=st.integers(15, 28)), st.builds(DeadlineRule, working_days=st.integers(1, 9))
    ),
    st.sampled_from(["forward", "back", "none"]),
)
def test_between_cut_off_and_deadline_lies_at_least_one_working_day(name, year, cut_off, deadline, roll):
    period = Period.parse(f"{year}-{name}" if name else str(year))
    last_counted = period.window(cut_off)[1]
    due = DeadlineRule(deadline.day, deadline.working_days, roll).due_on(period, cut_off, CALENDAR)

    days = [last_counted + timedelta(days=n) for n in range(1, (due - last_counted).days + 1)]
    assert sum(CALENDAR.is_working_day(day) for day in days) >= (deadline.working_days or 1)
