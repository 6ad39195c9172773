"""Milestones become obligations, and days off, extensions and amendments move their days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planning.domain.tasks.obligation import Obligation, merged, obligations
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


def due_days(owed):
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
def test_each_kind_of_milestone_gives_its_obligations(milestones, expected):
    assert due_days(owed(*milestones)) == expected


def test_an_obligation_is_stored_and_read_again():
    every = owed(QUARTERLY, AFTER_ACT, deadline("2025-09-30", "báo cáo"))

    assert [Obligation.from_stored(each.stored()) for each in every] == every


def test_a_stored_obligation_without_days_after_an_event_can_be_read():
    stored = owed(AFTER_ACT)[0].stored()
    del stored["days"], stored["working_days"], stored["before"]

    assert (Obligation.from_stored(stored).days, Obligation.from_stored(stored).before) == (None, False)


BEFORE_SUNDAY = deadline("2025-10-18") | {"before": True}  # "trước ngày 19/10/2025"; both days are off
MONTHLY_BEFORE = {
    **QUARTERLY,
    "every": "month",
    "from": "2025-10-01",
    "until": "2025-10-31",
    "on": "18",
    "before": True,
}


@pytest.mark.parametrize("milestone", [BEFORE_SUNDAY, MONTHLY_BEFORE])
@pytest.mark.parametrize(("roll", "due"), [("forward", "2025-10-17"), ("back", "2025-10-17"), ("none", "2025-10-18")])
def test_a_day_off_before_a_named_day_never_moves_to_that_day_or_behind_it(milestone, roll, due):
    (one,) = owed(milestone, roll=roll)

    assert one.due.isoformat() == due


def test_the_named_day_no_longer_bounds_a_deadline_that_was_extended():
    (one,) = owed(BEFORE_SUNDAY, roll="forward")

    assert one.moved(date(2025, 11, 1), CALENDAR, "forward", AMENDED).due == date(2025, 11, 3)


def test_an_amendment_that_names_the_day_before_which_to_finish_moves_a_deadline_back():
    before = owed(deadline("2025-10-18"), roll="forward")
    after = owed(BEFORE_SUNDAY, roll="forward", since=AMENDED)

    assert due_days(before) == [("2025-10-18", "2025-10-20", "open")]
    assert due_days(merged(before, after, AMENDED)) == [("2025-10-18", "2025-10-17", "open")]


def test_moving_an_obligation_to_its_own_day_changes_nothing():
    (one,) = owed(deadline("2025-09-30"))
    elsewhere = Calendar((Override(date(2025, 12, 1), False, ASSIGNED, "thử"),))

    assert one.moved(date(2025, 9, 30), elsewhere, "forward", AMENDED) is one
    assert one.moved(date(2025, 10, 1), elsewhere, "forward", AMENDED).since == AMENDED


def test_the_same_milestones_again_change_nothing():
    before = with_one(owed(QUARTERLY, AFTER_ACT, deadline("2025-09-30")), "2025-Q3", state="fulfilled")

    assert amended(before, QUARTERLY, AFTER_ACT, deadline("2025-09-30")) == before


def test_extensions_and_fulfilment_survive_a_new_earlier_deadline():
    later = date(2025, 10, 31)
    before = with_one(owed(deadline("2025-09-30"), deadline("2025-12-15")), "2025-12-15", state="fulfilled")
    before = with_one(before, "2025-09-30", nominal=later, due=later)

    assert due_days(amended(before, deadline("2025-08-15"), deadline("2025-09-30"), deadline("2025-12-15"))) == [
        ("2025-08-15", "2025-08-15", "open"),
        ("2025-09-30", "2025-10-31", "open"),
        ("2025-12-15", "2025-12-15", "fulfilled"),
    ]


def test_a_deadline_with_a_new_label_is_the_same_obligation():
    before = with_one(owed(deadline("2025-09-30")), "2025-09-30", state="fulfilled")
    (after,) = amended(before, deadline("2025-09-30", "ban hành kế hoạch"))

    assert (after.label, after.state) == ("ban hành kế hoạch", "fulfilled")


def test_a_deadline_with_another_day_keeps_fulfilment_and_loses_its_extension():
    before = owed(deadline("2025-09-30", "a"), deadline("2025-10-31", "b"))
    before = with_one(before, "2025-09-30", state="fulfilled")
    before = with_one(before, "2025-10-31", nominal=date(2025, 12, 31), due=date(2025, 12, 31))

    after = amended(before, deadline("2025-11-03", "a"), deadline("2025-11-10", "b"))

    assert due_days(after) == [("2025-11-03", "2025-11-03", "fulfilled"), ("2025-11-10", "2025-11-10", "open")]
    assert {each.since for each in after} == {AMENDED}


def test_a_day_given_for_one_event_does_not_apply_to_another():
    before = with_one(owed(AFTER_ACT), "after-event", nominal=date(2025, 10, 1), due=date(2025, 10, 1))

    assert due_days(amended(before, AFTER_ACT | {"days": 30})) == [("after-event", "2025-10-01", "open")]
    assert due_days(amended(before, AFTER_ACT | {"event": "tỉnh giao chỉ tiêu"})) == [("after-event", None, "open")]


def test_the_amended_plan_sets_the_days_after_an_event():
    (after,) = amended(owed(AFTER_ACT), AFTER_ACT | {"days": 30, "working_days": True})

    assert (after.days, after.working_days, after.unresolved) == (30, True, True)


def test_new_occurrences_are_owed_from_the_amendment_on():
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
def test_keys_of_obligations_are_unique_also_after_an_amendment(first, second):
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


LATER = date(2025, 9, 20)  # an amendment after the first deadline


@pytest.mark.parametrize("planned", ["2025-10-31", "2025-09-15"])
def test_a_missed_deadline_is_not_moved_to_a_later_day_by_an_amendment(planned):
    before = owed(deadline("2025-08-31"))
    (after,) = merged(before, owed(deadline(planned), since=LATER), LATER)

    assert (after.key, after.planned, after.due) == ("2025-08-31", date.fromisoformat(planned), date(2025, 8, 31))
    assert merged([after], owed(deadline(planned), since=LATER), LATER) == [after]


def test_a_missed_deadline_is_moved_to_an_earlier_day():
    (after,) = merged(owed(deadline("2025-08-31")), owed(deadline("2025-08-15"), since=LATER), LATER)
    assert after.due == date(2025, 8, 15)


def test_missed_occurrences_that_the_amended_plan_does_not_have_stay_missed():
    monthly = QUARTERLY | {"every": "month"}
    before = with_one(owed(monthly), "2025-08", state="fulfilled")
    after = merged(before, owed(QUARTERLY, since=LATER), LATER)

    assert [(each.key, each.state) for each in after] == [
        *[(each.key, "open") for each in before if each.due < LATER and each.state == "open"],
        ("2025-Q4", "open"),
    ]


def test_a_deadline_that_is_not_missed_yet_or_of_a_task_that_is_done_moves_with_the_plan():
    before, new = owed(deadline("2025-08-31")), owed(deadline("2025-10-31"), since=LATER)

    assert merged(before, new, date(2025, 8, 31)) == new
    assert merged(before, new, LATER, forgives=True) == new
