"""Reporting periods: their names, their days, and the periods before them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.periods import CALENDAR, Period

days = st.dates(date(2001, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("name", "start", "until"),
    [
        ("2025-M01", date(2024, 12, 15), date(2025, 1, 14)),
        ("2025-Q1", date(2024, 12, 15), date(2025, 3, 14)),
        ("2025-Q2", date(2025, 3, 15), date(2025, 6, 14)),
        ("2025-Q3", date(2025, 6, 15), date(2025, 9, 14)),
        ("2025-Q4", date(2025, 9, 15), date(2025, 12, 14)),
        ("2025-H1", date(2024, 12, 15), date(2025, 6, 14)),
        ("2025-9M", date(2024, 12, 15), date(2025, 9, 14)),
        ("2025", date(2024, 12, 15), date(2025, 12, 14)),
    ],
)
def test_a_period_is_counted_from_the_15th_to_the_14th(name, start, until):
    assert Period.parse(name).window() == (start, until)
    assert Period.parse(name).name == name


def test_a_calendar_regime_counts_calendar_quarters():
    assert Period.parse("2025-Q3").window(CALENDAR) == (date(2025, 7, 1), date(2025, 9, 30))
    assert Period.parse("2025-Q4").window(CALENDAR) == (date(2025, 10, 1), date(2025, 12, 31))


@given(days, st.sampled_from(["month", "quarter"]), st.sampled_from([14, CALENDAR]))
def test_every_day_is_counted_in_exactly_one_period_of_a_kind(day, kind, cut_off):
    period = Period.containing(day, kind, cut_off)
    start, until = period.window(cut_off)
    assert start <= day <= until
    assert period.before().window(cut_off)[1] == start - timedelta(days=1)
    assert Period.containing(until + timedelta(days=1), kind, cut_off).before() == period


@given(st.integers(2001, 2199))
def test_four_quarters_make_a_year_and_three_months_a_quarter(year):
    quarters = [Period.parse(f"{year}-Q{n}").window() for n in range(1, 5)]
    assert (quarters[0][0], quarters[-1][1]) == Period.parse(str(year)).window()
    assert Period.parse(f"{year}-M07").window()[0] == Period.parse(f"{year}-Q3").window()[0]
    assert Period.parse(f"{year}-M09").window()[1] == Period.parse(f"{year}-Q3").window()[1]


@pytest.mark.parametrize("name", ["", "2025-Q5", "2025-Q0", "Q3", "2025-M13", "1999-Q1", "2025-q3", "2025-Q3 "])
def test_a_wrong_period_is_refused_with_a_sentence(name):
    with pytest.raises(ValueError, match=r"2025-Q3|2000"):
        Period.parse(name)
