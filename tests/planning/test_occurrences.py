"""The days on which something that recurs is due."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.planning.domain.tasks.occurrences import Occurrence, occurrences, periods_of

ONE_DAY = timedelta(days=1)
EVERY = ["week", "month", "quarter", "half-year", "year"]
unhurried = settings(deadline=None)
days = st.dates(date(1990, 1, 1), date(2190, 12, 31))


@st.composite
def recurrences(draw):
    """every, from, until (within eight years) and on."""
    every, from_ = draw(st.sampled_from(EVERY)), draw(days)
    until = from_ + timedelta(days=draw(st.integers(0, 3000)))
    day = st.integers(1, 7 if every == "week" else 31).map(str)
    if every == "year":
        day |= st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda on: on.isoformat()[5:])
    return every, from_, until, draw(st.none() | day)


def dues(*recurrence):
    return {occurrence.period: occurrence.due for occurrence in occurrences(*recurrence)}


@pytest.mark.parametrize(
    ("every", "on", "expected"),
    [
        ("quarter", None, {"Q1": "03-31", "Q2": "06-30", "Q3": "09-30", "Q4": "12-31"}),
        ("quarter", "14", {"Q1": "03-14", "Q2": "06-14", "Q3": "09-14", "Q4": "12-14"}),
        ("quarter", "31", {"Q1": "03-31", "Q2": "06-30", "Q3": "09-30", "Q4": "12-31"}),
        ("half-year", None, {"H1": "06-30", "H2": "12-31"}),
        ("half-year", "14", {"H1": "06-14", "H2": "12-14"}),
    ],
)
def test_a_year_has_four_quarters_and_two_halves(every, on, expected):
    found = dues(every, date(2025, 1, 1), date(2025, 12, 31), on)
    assert found == {f"2025-{name}": date.fromisoformat(f"2025-{day}") for name, day in expected.items()}


@pytest.mark.parametrize(
    ("on", "due"), [(None, "12-31"), ("11-14", "11-14"), ("14", "12-14"), ("02-29", "02-28"), ("5", "12-05")]
)
def test_a_year_has_one_occurrence(on, due):
    found = occurrences("year", date(2025, 1, 1), date(2025, 12, 31), on)
    assert found == [Occurrence("2025", date(2025, 1, 1), date.fromisoformat(f"2025-{due}"))]


def test_the_31st_is_the_last_day_of_a_shorter_month():
    found = dues("month", date(2024, 1, 1), date(2024, 4, 30), "31")
    assert [due.day for due in found.values()] == [31, 29, 31, 30]
    assert list(found) == ["2024-01", "2024-02", "2024-03", "2024-04"]


def test_weeks_begin_on_monday_and_have_the_year_of_their_thursday():
    found = occurrences("week", date(2024, 12, 30), date(2025, 1, 12), "5")
    assert found == [
        Occurrence("2025-W01", date(2024, 12, 30), date(2025, 1, 3)),
        Occurrence("2025-W02", date(2025, 1, 6), date(2025, 1, 10)),
    ]


def test_without_a_day_the_last_period_is_due_when_the_span_ends():
    found = occurrences("month", date(2025, 10, 20), date(2025, 12, 15), None)
    assert found == [
        Occurrence("2025-10", date(2025, 10, 20), date(2025, 10, 31)),
        Occurrence("2025-11", date(2025, 11, 1), date(2025, 11, 30)),
        Occurrence("2025-12", date(2025, 12, 1), date(2025, 12, 15)),
    ]


def test_a_named_day_is_not_moved_into_the_span():
    assert list(dues("month", date(2025, 10, 20), date(2025, 12, 13), "14")) == ["2025-11"]
    assert occurrences("year", date(2025, 7, 1), date(2025, 12, 31), "06-30") == []


@pytest.mark.parametrize(
    ("every", "on"),
    [
        ("week", "8"), ("week", "0"), ("month", "32"), ("month", "0"), ("quarter", "11-14"), ("year", "13-01"),
        ("year", "00-10"), ("year", "11-32"), ("month", ""), ("month", "mùng 5"), ("month", "-5"), ("month", "²"),
    ],
)  # fmt: skip
def test_a_day_outside_the_period_is_refused(every, on):
    with pytest.raises(ValueError, match="is not a day of a"):
        occurrences(every, date(2025, 1, 1), date(2025, 12, 31), on)


@unhurried
@given(recurrences())
def test_periods_follow_each_other_without_a_gap_and_cover_the_span(recurrence):
    every, from_, until, _ = recurrence
    periods = periods_of(every, from_, until)
    assert periods[0].from_ <= from_ <= periods[0].until
    assert periods[-1].from_ <= until <= periods[-1].until
    assert [period.from_ for period in periods[1:]] == [period.until + ONE_DAY for period in periods[:-1]]
    assert len({period.name for period in periods}) == len(periods)
    assert [period.name for period in periods] == sorted(period.name for period in periods)


@unhurried
@given(recurrences())
def test_each_period_occurs_once_inside_the_span_and_in_order(recurrence):
    every, from_, until, on = recurrence
    found = occurrences(*recurrence)
    periods = {period.name: period for period in periods_of(every, from_, until)}
    assert len({occurrence.period for occurrence in found}) == len(found)
    assert all(one.due < other.due for one, other in pairwise(found))
    for occurrence in found:
        period = periods[occurrence.period]
        assert period.from_ <= occurrence.from_ <= occurrence.due <= period.until
        assert from_ <= occurrence.from_
        assert occurrence.due <= until
    whole = {name for name, period in periods.items() if from_ <= period.from_ and period.until <= until}
    assert whole <= {occurrence.period for occurrence in found}
    if on is None:
        assert len(found) == len(periods)


@unhurried
@given(recurrences(), st.data())
def test_a_span_cut_in_two_has_the_same_due_days(recurrence, data):
    every, from_, until, on = recurrence
    cut = data.draw(st.dates(from_, until))
    earlier = dues(every, from_, cut, on)
    later = dues(every, cut + ONE_DAY, until, on) if cut < until else {}
    whole = dues(*recurrence)
    if on is not None:
        assert list(earlier.items()) + list(later.items()) == list(whole.items())
    elif cut < until:
        # The period on the cut is due twice, the first time on the cut; the second time is that of the whole.
        assert earlier | later == whole
