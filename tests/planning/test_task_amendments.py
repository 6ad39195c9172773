"""A task when its plan is amended: what is kept, what is missed, and what comes back."""

from datetime import UTC, date, datetime

import pytest

from services.planning.domain.tasks.task import Task
from tests.planning.task_making import (
    AFTER_ACT,
    AT,
    CALENDAR,
    DUE,
    LATER,
    QUARTERLY,
    SIGNED,
    completed,
    deadline,
    escalated,
    escalating,
    required_again,
    revised,
    swept,
    taken,
    with_milestones,
)


def test_an_amendment_leaves_a_late_task_late():
    task = with_milestones({"kind": "deadline", "due": "2025-06-30"})
    later = {"kind": "deadline", "due": "2025-12-31"}

    assert revised(task, later, on=datetime(2025, 7, 15, tzinfo=UTC))
    assert task.deadlines == [date(2025, 6, 30)]


@pytest.mark.parametrize(("plan_version", "due"), [(2, date(2025, 6, 30)), (None, date(2025, 12, 31))])
def test_a_late_task_that_was_withdrawn_comes_back_late_unless_the_chair_withdrew_it(plan_version, due):
    task = with_milestones({"kind": "deadline", "due": "2025-06-30"})
    task.withdraw(datetime(2025, 7, 10, tzinfo=UTC), by="P", reason="x", plan_version=plan_version)

    assert revised(task, {"kind": "deadline", "due": "2025-12-31"}, on=datetime(2025, 7, 15, tzinfo=UTC))
    assert task.deadlines == [due]


def test_an_amendment_keeps_fulfilments_resolutions_and_extensions():
    task = with_milestones(QUARTERLY, AFTER_ACT, deadline("2025-09-30"))
    taken(task, "complete", obligation="2025-Q3", evidence="1")
    taken(task, "resolve", due_on=LATER)
    taken(task, "extend", due_on=date(2025, 11, 3), obligation="2025-09-30", **SIGNED)

    assert not revised(task, QUARTERLY, AFTER_ACT, deadline("2025-09-30"))
    assert revised(task, AFTER_ACT, deadline("2025-10-15"), QUARTERLY)
    assert [(each.key, each.due, each.state) for each in task.obligations] == [
        ("after-event", LATER, "open"),
        ("2025-10-15", date(2025, 10, 15), "open"),
        ("2025-Q3", date(2025, 9, 15), "fulfilled"),
        ("2025-Q4", date(2025, 12, 15), "open"),
    ]


def test_a_completed_and_withdrawn_task_that_returns_can_be_completed_again():
    task = required_again(completed(DUE), deadline("2025-09-30"), on=AT)

    assert (task.state, task.completed_on) == ("assigned", None)
    assert taken(task, "complete", evidence="2") == (None, [Task.Completed])


def test_occurrences_during_a_withdrawal_are_not_missed():
    task = required_again(with_milestones(QUARTERLY), QUARTERLY, on=datetime(2025, 10, 20, tzinfo=UTC))

    assert [each.key for each in task.obligations] == ["2025-Q4"]
    assert swept(task, date(2025, 12, 1)) == []


def test_a_resolved_day_survives_an_amendment_and_can_be_extended():
    task = with_milestones(AFTER_ACT)
    taken(task, "resolve", due_on=DUE)

    assert not revised(task, AFTER_ACT)
    assert revised(task, AFTER_ACT, deadline("2025-12-15"))
    assert task.deadlines == [DUE, date(2025, 12, 15)]
    task.collect_events()
    assert taken(task, "extend", due_on=LATER, obligation="after-event", **SIGNED) == (None, [Task.Extended])


def test_a_deadline_set_on_the_day_of_the_amendment_is_missed_from_the_next_day_on():
    task = escalating()
    assert revised(task, deadline("2025-06-15"))
    task.collect_events()

    assert escalated(task, AT.date(), date(2025, 6, 16)) == [(date(2025, 6, 16), "2025-06-15", ["lead"])]


def test_another_rule_for_days_off_moves_open_obligations_at_the_next_sweep():
    task = with_milestones(deadline("2025-11-01"), roll="forward")  # a Saturday
    assert (task.deadlines, revised(task, deadline("2025-11-01"), roll="back")) == ([date(2025, 11, 3)], True)
    task.follow(CALENDAR, AT)

    assert task.deadlines == [date(2025, 10, 31)]
