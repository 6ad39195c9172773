from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planning.domain.obligation import Obligation, merged, obligations
from shared.calendar import Calendar, Override

ASSIGNED, AMENDED = date(2025, 7, 1), date(2025, 9, 20)
CALENDAR = Calendar()
QUARTERLY = {
    "kind": "recurring", "every": "quarter", "from": "2025-01-01", "until": "2025-12-31", "label": None, "on": "15"
}  # fmt: skip
AFTER_ACT = {"kind": "after-event", "event": "tỉnh ban hành Bộ chỉ số", "days": 20, "working_days": False}


def deadline(due, label=None):
    return {"kind": "deadline", "due": due, "label": label}


def owed(*milestones, calendar=CALENDAR, roll="none", since=ASSIGNED):
    return obligations(milestones, calendar, roll, since=since, assigned_on=ASSIGNED)


def amended(before, *milestones):
    return merged(before, owed(*milestones, since=AMENDED), AMENDED)


def with_one(before, key, **other):
    return [Obligation(**{**vars(each), **other}) if each.key == key else each for each in before]


def said(owed):
    return [(each.key, each.due and each.due.isoformat(), each.state) for each in owed]


@pytest.mark.parametrize(
    ("milestones", "expected"),
    [
        ([deadline("2025-09-30")], [("2025-09-30", "2025-09-30", "open")]),
        ([QUARTERLY], [("2025-Q3", "2025-09-15", "open"), ("2025-Q4", "2025-12-15", "open")]),
        ([deadline("2025-01-31")], [("2025-01-31", "2025-01-31", "open")]),
        ([AFTER_ACT], [("after-event", None, "open")]),
        ([{"kind": "by-reference", "text": "Theo Kế hoạch"}], [("by-reference", None, "open")]),
        ([{"kind": "invalid", "text": "31/9/2025", "suggestion": "2025-09-30"}], [("invalid", None, "open")]),
        ([{"kind": "continuous", "from": "2025-01-01", "until": "2025-12-31", "label": None}], []),
        ([{"kind": "on-demand", "label": None}, {"kind": "unspecified", "text": None}], []),
        (
            [deadline("2025-09-30"), deadline("2025-09-30", "báo cáo")],
            [("2025-09-30", "2025-09-30", "open"), ("2025-09-30~2", "2025-09-30", "open")],
        ),
    ],
)
def test_what_each_kind_of_milestone_makes_a_task_owe(milestones, expected):
    assert said(owed(*milestones)) == expected


def test_an_obligation_is_stored_and_read_again():
    every = owed(QUARTERLY, AFTER_ACT, deadline("2025-09-30", "báo cáo"))

    assert [Obligation.from_stored(each.stored()) for each in every] == every


def test_what_was_stored_before_days_after_an_event_were_kept_can_be_read():
    stored = owed(AFTER_ACT)[0].stored()
    del stored["days"], stored["working_days"]

    assert Obligation.from_stored(stored).days is None


def test_moved_to_where_it_stands_it_is_the_same_even_by_another_calendar():
    (one,) = owed(deadline("2025-09-30"))
    elsewhere = Calendar((Override(date(2025, 12, 1), False, ASSIGNED, "thử"),))

    assert one.moved(date(2025, 9, 30), elsewhere, "forward", AMENDED) is one
    assert one.moved(date(2025, 10, 1), elsewhere, "forward", AMENDED).since == AMENDED


def test_the_same_asked_again_changes_nothing():
    before = with_one(owed(QUARTERLY, AFTER_ACT, deadline("2025-09-30")), "2025-Q3", state="fulfilled")

    assert amended(before, QUARTERLY, AFTER_ACT, deadline("2025-09-30")) == before


def test_what_was_extended_or_fulfilled_stays_so_when_another_deadline_comes_before_it():
    later = date(2025, 10, 31)
    before = with_one(owed(deadline("2025-09-30"), deadline("2025-12-15")), "2025-12-15", state="fulfilled")
    before = with_one(before, "2025-09-30", nominal=later, due=later)

    assert said(amended(before, deadline("2025-08-15"), deadline("2025-09-30"), deadline("2025-12-15"))) == [
        ("2025-08-15", "2025-08-15", "open"),
        ("2025-09-30", "2025-10-31", "open"),
        ("2025-12-15", "2025-12-15", "fulfilled"),
    ]


def test_a_day_whose_label_is_reworded_is_the_same_obligation_with_the_new_label():
    before = with_one(owed(deadline("2025-09-30")), "2025-09-30", state="fulfilled")
    (after,) = amended(before, deadline("2025-09-30", "ban hành kế hoạch"))

    assert (after.label, after.state) == ("ban hành kế hoạch", "fulfilled")


def test_a_deadline_that_has_another_day_stays_fulfilled_and_an_extension_of_it_is_over():
    before = owed(deadline("2025-09-30", "a"), deadline("2025-10-31", "b"))
    before = with_one(before, "2025-09-30", state="fulfilled")
    before = with_one(before, "2025-10-31", nominal=date(2025, 12, 31), due=date(2025, 12, 31))

    after = amended(before, deadline("2025-11-03", "a"), deadline("2025-11-10", "b"))

    assert said(after) == [("2025-11-03", "2025-11-03", "fulfilled"), ("2025-11-10", "2025-11-10", "open")]
    assert {each.since for each in after} == {AMENDED}


def test_a_day_that_was_said_of_one_event_is_not_that_of_another():
    before = with_one(owed(AFTER_ACT), "after-event", nominal=date(2025, 10, 1), due=date(2025, 10, 1))

    assert said(amended(before, AFTER_ACT | {"days": 30})) == [("after-event", "2025-10-01", "open")]
    assert said(amended(before, AFTER_ACT | {"event": "tỉnh giao chỉ tiêu"})) == [("after-event", None, "open")]


def test_how_many_days_after_an_event_is_as_the_amended_plan_says():
    (after,) = amended(owed(AFTER_ACT), AFTER_ACT | {"days": 30, "working_days": True})

    assert (after.days, after.working_days, after.unresolved) == (30, True, True)


def test_what_recurs_newly_is_owed_from_the_amendment_on_and_what_was_owed_stays():
    monthly = QUARTERLY | {"every": "month"}

    assert [each.key for each in amended(owed(), monthly)] == ["2025-10", "2025-11", "2025-12"]
    assert [each.key for each in amended(owed(QUARTERLY), QUARTERLY)] == ["2025-Q3", "2025-Q4"]


DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
MILESTONES = st.one_of(
    st.builds(lambda due, label: deadline(due.isoformat(), label), DAYS, st.sampled_from([None, "a", "b"])),
    st.builds(lambda every: QUARTERLY | {"every": every, "on": None}, st.sampled_from(["week", "month", "year"])),
    st.just(AFTER_ACT),
)


@given(st.lists(MILESTONES, max_size=5), st.lists(MILESTONES, max_size=5))
def test_keys_tell_the_obligations_of_a_task_apart_also_after_an_amendment(first, second):
    after = amended(owed(*first), *second)

    assert len({each.key for each in after}) == len(after)
    assert merged(after, owed(*second, since=AMENDED + timedelta(days=1)), AMENDED + timedelta(days=1)) == after


@given(DAYS, st.sampled_from(["forward", "back"]))
def test_the_due_day_is_the_working_day_next_to_the_nominal_one(day, roll):
    (one,) = owed(deadline(day.isoformat()), roll=roll)

    assert one.nominal == day
    assert CALENDAR.is_working_day(one.due)
    assert (one.due >= day) if roll == "forward" else (one.due <= day)
    first, last = sorted((day, one.due))
    passed = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert not any(CALENDAR.is_working_day(each) for each in passed if each != one.due)
