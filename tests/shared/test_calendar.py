"""Days off and working days, by law and by decisions about single days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calendar import ROLLS, Calendar, CalendarError, Override, load_overrides
from shared.calendar.set_calendar import VIETNAM

HEADER = "day,is,decided_on,source\n"
LAW = Calendar()
unhurried = settings(deadline=None)  # on a busy machine a first example that loads the package takes a second
days = st.dates(date(1990, 1, 1), date(2199, 12, 31))


@st.composite
def some_overrides(draw):
    """Decisions of two years, several of them about the same days."""
    near = st.dates(date(2025, 1, 1), date(2026, 12, 31))
    one = st.tuples(near, st.booleans(), st.integers(0, 400))
    decided = {(day, day - timedelta(days=early)): working for day, working, early in draw(st.lists(one, max_size=12))}
    return tuple(Override(day, working, on, "a test") for (day, on), working in decided.items())


@pytest.fixture(scope="module")
def vietnam():
    return Calendar(load_overrides(VIETNAM))


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "days.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def errors_of(path):
    with pytest.raises(CalendarError) as refused:
        load_overrides(path)
    assert str(refused.value) == "\n".join(refused.value.errors)
    return [error.removeprefix(str(path)) for error in refused.value.errors]


# From the last working day before to the first one after.
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("2021-02-09", "2021-02-17", id="Tết 2021"),
        pytest.param("2022-01-28", "2022-02-07", id="Tết 2022"),
        pytest.param("2023-01-19", "2023-01-27", id="Tết 2023"),
        pytest.param("2024-02-07", "2024-02-15", id="Tết 2024"),
        pytest.param("2025-01-24", "2025-02-03", id="Tết 2025"),
        pytest.param("2026-02-13", "2026-02-23", id="Tết 2026"),
        pytest.param("2024-12-31", "2025-01-02", id="New Year 2025"),
        pytest.param("2025-12-31", "2026-01-05", id="New Year 2026, with a swap"),
        pytest.param("2025-04-04", "2025-04-08", id="Hùng Kings 2025, on a Monday"),
        pytest.param("2026-04-24", "2026-04-28", id="Hùng Kings 2026, on a Sunday, so that Monday is off"),
        pytest.param("2024-04-26", "2024-05-02", id="30/4 and 1/5 of 2024, with a swap"),
        pytest.param("2025-04-29", "2025-05-05", id="30/4 and 1/5 of 2025, with a swap"),
        pytest.param("2023-08-31", "2023-09-05", id="2/9/2023, on a Saturday"),
        pytest.param("2024-08-30", "2024-09-04", id="2/9/2024, on a Monday"),
        pytest.param("2025-08-29", "2025-09-03", id="2/9/2025, on a Tuesday"),
        pytest.param("2026-08-28", "2026-09-03", id="2/9/2026, with a swap"),
        pytest.param("2025-09-05", "2025-09-08", id="a weekend"),
    ],
)
def test_holidays_of_these_years_last_from_the_day_before_to_the_day_after(vietnam, before, after):
    before, after = date.fromisoformat(before), date.fromisoformat(after)
    between = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert vietnam.is_working_day(before)
    assert vietnam.is_working_day(after)
    assert [day for day in between if vietnam.is_working_day(day)] == []
    for day in between:
        assert [vietnam.effective(day, rule) for rule in ("forward", "back", "none")] == [after, before, day]


@pytest.mark.parametrize("day", ["2014-12-27", "2019-01-05", "2024-05-04", "2025-04-26", "2026-01-10", "2026-08-22"])
def test_a_saturday_that_makes_up_for_a_day_off_is_a_working_day(vietnam, day):
    day = date.fromisoformat(day)
    assert day.strftime("%a") == "Sat"
    assert vietnam.is_working_day(day)
    assert vietnam.effective(day + timedelta(days=1), "back") == day
    assert not vietnam.is_working_day(day + timedelta(days=1))


@pytest.mark.parametrize(
    ("off", "worked", "last_day_unknown"),
    [
        pytest.param(date(2026, 1, 2), date(2026, 1, 10), date(2025, 12, 24), id="the package does not know it"),
        pytest.param(date(2024, 4, 29), date(2024, 5, 4), date(2024, 4, 11), id="the package knows it without a date"),
    ],
)
def test_a_swap_is_known_from_the_day_on_which_it_was_decided(vietnam, off, worked, last_day_unknown):
    before, then = vietnam.as_of(last_day_unknown), vietnam.as_of(last_day_unknown + timedelta(days=1))
    assert (before.is_working_day(off), before.is_working_day(worked)) == (True, False)
    assert (then.is_working_day(off), then.is_working_day(worked)) == (False, True)
    assert before.version != then.version
    assert before.as_of(date.max) == vietnam


def test_a_later_decision_about_a_day_replaces_the_earlier_one_in_any_order():
    day = date(2025, 6, 6)
    decisions = [
        Override(day, True, date(2025, 5, 20), "taken back"),
        Override(day, False, date(2025, 5, 1), "off"),
        Override(day, False, date(2025, 6, 5), "off after all"),
    ]
    for overrides in (decisions, decisions[::-1]):
        calendar = Calendar(tuple(overrides))
        on = [date(2025, 4, 30), date(2025, 5, 1), date(2025, 5, 20), date(2025, 6, 5)]
        assert [calendar.as_of(known).is_working_day(day) for known in on] == [True, False, True, False]


def test_an_override_that_agrees_with_the_law_changes_nothing():
    national_day = Override(date(2025, 9, 2), False, date(2025, 1, 1), "the law")
    calendar = Calendar((national_day,))
    assert not calendar.as_of(date(2024, 1, 1)).is_working_day(date(2025, 9, 2))
    assert calendar.version == calendar.as_of(date(2024, 1, 1)).version == LAW.version


@pytest.mark.parametrize("year", [1, 1900, 1901, 2100, 2101, 2198, 9999])
def test_far_years_have_at_least_the_days_with_a_fixed_date(year):
    fixed = [date(year, *day) for day in ((1, 1), (4, 30), (5, 1), (9, 2))]
    assert [day for day in fixed if LAW.is_working_day(day)] == []
    ordinary = date(year, 7, 1)
    assert LAW.is_working_day(ordinary) == (ordinary.weekday() < 5)


@pytest.mark.parametrize(
    ("start", "n", "last"),
    [
        ("2025-08-28", 0, "2025-08-28"),
        ("2025-08-30", 0, "2025-08-30"),
        ("2025-08-28", 1, "2025-08-29"),
        ("2025-08-29", 1, "2025-09-03"),
        ("2025-08-31", 1, "2025-09-03"),
        ("2025-01-24", 5, "2025-02-07"),
        ("2025-04-25", 1, "2025-04-26"),
        ("2025-04-29", 1, "2025-05-05"),
        ("2025-07-01", 20, "2025-07-29"),
    ],
)
def test_working_days_are_counted_from_the_day_after(vietnam, start, n, last):
    assert vietnam.add_working_days(date.fromisoformat(start), n) == date.fromisoformat(last)


def test_days_are_counted_from_the_day_after_and_days_off_count():
    assert LAW.add_days(date(2025, 8, 12), 20) == date(2025, 9, 1)
    assert LAW.add_days(date(2025, 8, 12), 0) == date(2025, 8, 12)


@pytest.mark.parametrize("count", [LAW.add_days, LAW.add_working_days])
def test_a_negative_number_of_days_is_refused(count):
    with pytest.raises(ValueError, match="-1 days cannot be counted"):
        count(date(2025, 8, 12), -1)


@unhurried
@given(days, some_overrides(), days)
def test_the_effective_day_is_the_nearest_working_day_in_its_direction(nominal, overrides, known_on):
    calendar = Calendar(overrides, known_on)
    forward, back = calendar.effective(nominal, "forward"), calendar.effective(nominal, "back")
    assert back <= nominal <= forward
    assert calendar.is_working_day(forward)
    assert calendar.is_working_day(back)
    between = [back + timedelta(days=n) for n in range(1, (forward - back).days)]
    assert [day for day in between if calendar.is_working_day(day)] == []
    assert calendar.effective(nominal, "none") == nominal
    for rule in ROLLS:
        once = calendar.effective(nominal, rule)
        assert calendar.effective(once, rule) == once


@unhurried
@given(days.filter(lambda day: day.year < 2199), st.integers(0, 60), st.integers(0, 60), some_overrides())
def test_working_days_add_up_and_every_one_of_them_is_counted(start, n, more, overrides):
    calendar = Calendar(overrides)
    last = calendar.add_working_days(start, n)
    after = [start + timedelta(days=k) for k in range(1, (last - start).days + 1)]
    assert sum(calendar.is_working_day(day) for day in after) == n
    assert calendar.add_working_days(last, more) == calendar.add_working_days(start, n + more)


@unhurried
@given(some_overrides(), some_overrides())
def test_two_calendars_have_one_version_exactly_when_they_have_the_same_days(some, others):
    one, other = Calendar(some), Calendar(others)
    named = [override.day for override in (*some, *others)]
    # Days that no override names may differ too: a swap of the package holds until an override dates it.
    same_days = all(one.is_working_day(day) == other.is_working_day(day) for day in named)
    assert (one.version == other.version) == same_days


@unhurried
@given(some_overrides(), st.randoms())
def test_a_version_does_not_depend_on_the_order_of_the_overrides(overrides, random):
    shuffled = random.sample(overrides, len(overrides))
    assert Calendar(tuple(shuffled)).version == Calendar(overrides).version


def test_a_version_is_short_and_names_its_country(vietnam):
    assert vietnam.version.startswith("vn-")
    assert len(vietnam.version) == 15


def test_an_override_file_is_read_in_its_order(file):
    path = file(
        "\ufeff# decided late\r\nsource,day,is,decided_on\r\n\r\n"
        '"Công văn số 1, trang 2",2026-01-02,off,2025-12-25\r\n,,,\r\n'
        "x, 2026-01-10 ,working,2025-12-25"
    )
    assert load_overrides(path) == (
        Override(date(2026, 1, 2), False, date(2025, 12, 25), "Công văn số 1, trang 2"),
        Override(date(2026, 1, 10), True, date(2025, 12, 25), "x"),
    )


def test_a_file_without_decisions_gives_the_calendar_of_the_law(file):
    assert load_overrides(file(HEADER)) == ()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("2026-02-30,off,2025-12-25,x", "day is not a day of the calendar: 2026-02-30"),
        ("2026/01/02,off,2025-12-25,x", "day must be a day written as 2026-01-02 or 2/1/2026, not '2026/01/02'"),
        ("2026-01-02,off,,x", "decided_on must be a day written as 2026-01-02 or 2/1/2026, not ''"),
        ("2206-01-02,off,2025-12-25,x", "day is not in the years 1990 to 2199: 2206-01-02"),
        ("2026-01-02,nghỉ,2025-12-25,x", "is must be off or working, not 'nghỉ'"),
        ("2026-01-02,off,2026-01-03,x", "decided_on (2026-01-03) is after the day that it is about (2026-01-02)"),
        ("2026-01-02,off,2025-12-25,", "source is empty; write the number of the document"),
        ("2026-01-02,off,2025-12-25", "the line has 3 cells, not 4"),
        ("2026-01-02,off,2025-12-25,x,y", "the line has 5 cells, not 4"),
        ('2026-01-02,off,2025-12-25,"x', "the line is not CSV: unexpected end of data"),
    ],
)
def test_a_wrong_line_is_refused_with_its_number_and_a_sentence(file, line, sentence):
    assert errors_of(file(f"# a comment\n{HEADER}{line}\n")) == [f":3: {sentence}"]


def test_every_wrong_line_is_reported_and_a_repeated_decision_is_wrong(file):
    good = "2026-01-02,off,2025-12-25,x\n"
    assert errors_of(file(f"{HEADER}{good}nonsense\n{good}")) == [
        ":3: the line has 1 cells, not 4",
        ":4: line 2 has a decision about 2026-01-02 of the same date already",
    ]


def test_of_many_errors_the_first_twenty_are_reported(file):
    errors = errors_of(file(HEADER + "nonsense\n" * 1000))
    assert [error.split(":")[1] for error in errors] == [str(line) for line in range(2, 22)]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", ":1: the column day is missing; the columns are day,is,decided_on,source"),
        ("day,is,source\n", ":1: the column decided_on is missing; the columns are day,is,decided_on,source"),
        ("day,day,is,decided_on,source\n", ":1: the column day stands twice; the columns are day,is,decided_on,source"),
        ("#\nday,is,until\n", ":2: the column 'until' is unknown; the columns are day,is,decided_on,source"),
        (b"\x89PNG\r\n\x1a\n\xff", ": the file is not text in UTF-8"),
        (b"PK\x03\x04", ": the file holds control characters, so it is not CSV"),
        (b"\0" * 100, ": the file holds control characters, so it is not CSV"),
        (b"2" * 10_000_000, ": the file is larger than 1 MB"),
        (HEADER.encode("utf-16"), ": the file is not text in UTF-8"),
    ],
    ids=["empty", "missing", "twice", "unknown", "picture", "zip", "zeros", "10 MB", "UTF-16"],
)
def test_a_file_that_is_no_override_file_is_refused_with_a_sentence(file, content, error):
    assert errors_of(file(content)) == [error]


def test_a_path_that_is_no_file_is_refused_with_a_sentence(tmp_path):
    assert errors_of(tmp_path / "none.csv") == [": there is no such file"]
    assert errors_of(tmp_path) == [": this is not a file"]


@unhurried
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: (HEADER + text).encode("utf-8", "replace")))
def test_any_file_is_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "whatever.csv"
    path.write_bytes(content)
    try:
        overrides, errors = load_overrides(path), ["nothing"]
    except CalendarError as refused:
        overrides, errors = (), refused.errors
    assert errors != []
    assert all(override.decided_on <= override.day for override in overrides)
