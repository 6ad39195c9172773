"""A task reminds of its deadlines, each step of the escalation once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planning.domain.tasks.step import Step
from services.planning.domain.tasks.task import Task
from tests.planning.task_making import (
    AT,
    CALENDAR,
    DUE,
    LATER,
    SIGNED,
    assigned,
    completed,
    days_from,
    deadline,
    escalated,
    escalating,
    revised,
    swept,
    taken,
)


def test_each_reminder_is_announced_on_its_day():
    assert swept(assigned(DUE), DUE - timedelta(days=8)) == []
    assert swept(assigned(DUE), *days_from(DUE - timedelta(days=10), 20)) == [(-7, 7), (-3, 3), (-1, 1), 1, 3]


def test_a_repeated_sweep_announces_nothing():
    task = assigned(DUE)

    assert swept(task, DUE - timedelta(days=7)) == [(-7, 7)]
    assert swept(task, DUE - timedelta(days=7), DUE - timedelta(days=6)) == []


def test_after_an_outage_reminders_have_the_days_really_left():
    assert swept(assigned(DUE), DUE - timedelta(days=2)) == [(-7, 2), (-3, 2)]
    assert swept(assigned(DUE), DUE + timedelta(days=5)) == [(-7, -5), (-3, -5), (-1, -5), 1, 3]


def test_reminders_before_the_day_of_assignment_are_not_announced():
    assert swept(assigned(DUE, on=DUE - timedelta(days=3)), *days_from(DUE - timedelta(days=3), 9)) == [
        (-3, 3),
        (-1, 1),
        1,
        3,
    ]


def test_a_deadline_that_was_past_when_the_task_was_assigned_is_missed():
    assert swept(assigned(DUE, on=date(2025, 12, 1)), date(2025, 12, 1)) == [1, 3]


def test_the_last_acceptable_day_is_not_late():
    assert swept(assigned(DUE, on=DUE), DUE) == []
    assert swept(assigned(DUE, on=DUE), DUE + timedelta(days=1)) == [1]


def test_a_completed_task_has_no_reminders_and_a_reopened_one_has_them_again():
    task = completed(DUE)

    assert swept(task, *days_from(DUE - timedelta(days=7), 6)) == []
    assert task.next_reminder_on is None
    taken(task, "reopen", note="thiếu phụ lục")
    assert swept(task, *days_from(DUE - timedelta(days=1), 3)) == [(-7, 1), (-3, 1), (-1, 1), 1]


def test_a_task_without_a_deadline_announces_nothing():
    task = assigned()

    assert task.next_reminder_on is None
    assert swept(task, date(2199, 1, 1)) == []


def test_the_next_reminder_is_known():
    task = assigned(DUE, date(2025, 12, 9))

    assert task.next_reminder_on == date(2025, 9, 23)
    swept(task, date(2025, 10, 3))
    assert task.next_reminder_on == date(2025, 12, 2)


DAYS = st.dates(date(2025, 1, 1), date(2025, 3, 31))


@given(st.lists(DAYS, max_size=4, unique=True), DAYS, st.lists(DAYS, max_size=20))
def test_each_due_reminder_is_announced_exactly_once_whatever_days_are_swept(deadlines, assigned_on, days):
    task = assigned(*deadlines, on=assigned_on)
    announced = []
    for day in [*days, date(2025, 5, 1)]:
        task.announce_deadlines(day, AT)
        for event in task.collect_events():
            late = event.days_late if isinstance(event, Task.DeadlineMissed) else -event.days_before
            assert event.due_on + timedelta(days=late) <= day
            announced.append((event.due_on, late))

    due = {
        (due_on, late)
        for due_on in deadlines
        for late in (-7, -3, -1, 1, 3)
        if late > 0 or due_on + timedelta(days=late) >= assigned_on
    }
    assert sorted(announced) == sorted(due)


def test_a_missed_deadline_escalates():
    assert escalated(escalating(deadline("2025-09-30")), AT.date(), date(2025, 12, 31)) == [
        (date(2025, 9, 23), "2025-09-30", -7),
        (date(2025, 9, 27), "2025-09-30", -3),
        (date(2025, 9, 29), "2025-09-30", -1),
        (date(2025, 10, 1), "2025-09-30", ["lead"]),
        (date(2025, 10, 3), "2025-09-30", ["one-stop-centre", "chair"]),
        (date(2025, 10, 10), "2025-09-30", ["provincial-office"]),
    ]


def test_an_extension_restarts_the_escalation():
    task = escalating(deadline("2025-09-30"))
    assert [whom for *_, whom in escalated(task, AT.date(), date(2025, 10, 4))][-2:] == [
        ["lead"],
        ["one-stop-centre", "chair"],
    ]
    extended_on = datetime(2025, 10, 5, 1, tzinfo=UTC)
    task.take(Step(task.task_id, "extend", due_on=date(2025, 10, 8), **SIGNED), extended_on, CALENDAR)
    task.collect_events()

    assert escalated(task, date(2025, 10, 5), date(2025, 12, 31)) == [
        (date(2025, 10, 5), "2025-09-30", -3),
        (date(2025, 10, 7), "2025-09-30", -1),
        (date(2025, 10, 9), "2025-09-30", ["lead"]),
        (date(2025, 10, 11), "2025-09-30", ["one-stop-centre", "chair"]),
        (date(2025, 10, 18), "2025-09-30", ["provincial-office"]),
    ]


@pytest.mark.parametrize("done", [{}, {"obligation": "2025-09-30"}])
def test_a_completed_task_or_obligation_no_longer_escalates(done):
    task = escalating(deadline("2025-09-30"))
    escalated(task, DUE, date(2025, 10, 2))
    taken(task, "complete", evidence="1", **done)

    assert escalated(task, date(2025, 10, 3), date(2025, 12, 31)) == []


def test_unfulfilled_obligations_still_escalate():
    task = escalating(deadline("2025-09-30"), deadline("2025-10-02"))
    taken(task, "complete", evidence="1", obligation="2025-09-30")

    assert {key for _, key, _ in escalated(task, DUE, date(2025, 12, 31))} == {"2025-10-02"}


def test_a_due_day_that_returns_continues_its_reminders():
    """Extended, and put back by an amendment: the lead was reminded of this day before."""
    task = escalating(deadline("2025-09-30"))
    assert [whom for *_, whom in escalated(task, date(2025, 9, 20), date(2025, 9, 28))] == [-7, -3]
    taken(task, "extend", due_on=LATER, **SIGNED)
    assert revised(task, deadline("2025-10-15"), on=datetime(2025, 9, 28, 1, tzinfo=UTC))
    assert revised(task, deadline("2025-09-30"), on=datetime(2025, 9, 28, 2, tzinfo=UTC))
    task.collect_events()

    assert [whom for *_, whom in escalated(task, date(2025, 9, 28), date(2025, 10, 1))] == [-1, ["lead"]]
