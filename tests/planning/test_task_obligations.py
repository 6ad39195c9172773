"""What a task owes, and on which day: occurrences, events, extensions, days off and other calendars."""

from datetime import UTC, date, datetime

import pytest

from services.planning.domain.tasks.step import Step
from services.planning.domain.tasks.task import Task
from shared.calendar import Calendar, Override
from tests.planning.task_making import (
    AFTER_ACT,
    AT,
    BY_PLAN,
    CALENDAR,
    DUE,
    LATER,
    QUARTERLY,
    SIGNED,
    deadline,
    revised,
    swept,
    taken,
    with_milestones,
)


def test_each_occurrence_is_a_separate_obligation():
    task = with_milestones(QUARTERLY)

    assert [(each.key, each.due) for each in task.obligations] == [
        ("2025-Q3", date(2025, 9, 15)),
        ("2025-Q4", date(2025, 12, 15)),
    ]
    assert taken(task, "complete", obligation="2025-Q3", evidence="1") == (None, [Task.ObligationFulfilled])
    assert taken(task, "complete", obligation="2025-Q3", evidence="1") == (None, [])
    assert (task.deadlines, task.state) == ([date(2025, 12, 15)], "assigned")
    assert swept(task, date(2025, 9, 30)) == []


def test_an_obligation_after_an_event_is_due_once_it_is_resolved():
    task = with_milestones(AFTER_ACT, deadline("2025-09-30"))

    assert [each.key for each in task.obligations if each.unresolved] == ["after-event"]
    assert taken(task, "resolve", due_on=LATER) == (None, [Task.Resolved])
    assert task.deadlines == [DUE, LATER]
    assert taken(task, "resolve", due_on=LATER, obligation="after-event") == (None, [])


def test_an_impossible_day_is_unresolved():
    task = with_milestones({"kind": "invalid", "text": "Trước ngày 31/9/2025", "suggestion": "2025-09-30"})

    assert [each.unresolved for each in task.obligations] == [True]
    assert task.deadlines == []


def test_an_extension_moves_one_obligation_and_restarts_its_reminders():
    task = with_milestones(deadline("2025-09-30"), deadline("2025-12-31"))
    swept(task, date(2025, 9, 30))

    assert taken(task, "extend", due_on=LATER, obligation="2025-09-30", **SIGNED) == (None, [Task.Extended])
    assert task.deadlines == [LATER, date(2025, 12, 31)]
    assert swept(task, date(2025, 10, 24)) == [(-7, 7)]
    assert taken(task, "extend", due_on=LATER, obligation="2025-09-30", **SIGNED) == (None, [])


TET = [Override(date(2025, 12, day), False, date(2025, 10, 1), "thử") for day in (15, 16)]


def test_a_day_off_moves_the_due_day_and_keeps_the_nominal_day():
    off = Calendar(tuple(TET))
    due = {
        roll: with_milestones(QUARTERLY, roll=roll, calendar=off).obligations[1] for roll in ("forward", "back", "none")
    }

    assert {roll: each.due for roll, each in due.items()} == {
        "forward": date(2025, 12, 17),
        "back": date(2025, 12, 12),
        "none": date(2025, 12, 15),
    }
    assert {(each.nominal, each.calendar) for each in due.values()} == {(date(2025, 12, 15), off.version)}


def test_another_calendar_moves_open_obligations_only():
    task = with_milestones(QUARTERLY, deadline("2025-09-30"), roll="forward", calendar=CALENDAR)
    taken(task, "complete", obligation="2025-Q3", evidence="1")
    off = Calendar((*TET, Override(date(2025, 9, 15), False, date(2025, 7, 1), "thử")))

    task.follow(off, AT)
    task.follow(off, AT)
    (event,) = task.collect_events()

    assert [(owed["key"], owed["nominal"], owed["due"]) for owed in event.obligations] == [
        ("2025-Q4", "2025-12-15", "2025-12-17")
    ]
    assert (event.calendar, event.deadlines) == (off.version, [DUE, date(2025, 12, 17)])


def test_another_calendar_does_not_move_done_or_past_obligations():
    finished, past = with_milestones(QUARTERLY, roll="forward"), with_milestones(QUARTERLY, roll="forward")
    taken(finished, "complete", evidence="1")
    off = Calendar((Override(date(2025, 9, 15), False, date(2025, 7, 1), "thử"),))

    finished.follow(off, AT)
    past.follow(off, datetime(2025, 10, 1, tzinfo=UTC))

    assert (finished.collect_events(), past.collect_events()) == ([], [])


def test_occurrences_are_owed_from_the_day_of_assignment_on():
    whole_year = QUARTERLY | {"from": "2025-01-01"}
    task = with_milestones(whole_year, on=date(2025, 9, 15))

    assert [each.key for each in task.obligations] == ["2025-Q3", "2025-Q4"]
    assert revised(task, whole_year | {"every": "month"}, on=datetime(2025, 10, 20, tzinfo=UTC))
    # What was missed before the amendment stays missed.
    assert [each.key for each in task.obligations] == ["2025-Q3", "2025-11", "2025-12"]


@pytest.mark.parametrize(("working_days", "due"), [(False, date(2025, 9, 20)), (True, date(2025, 9, 30))])
def test_days_are_counted_from_the_day_after_the_event(working_days, due):
    """31/8 is the event's day; 1/9 and 2/9 are days off, so that 20 working days end on 30/9."""
    task = with_milestones(AFTER_ACT | {"working_days": working_days})

    assert taken(task, "resolve", event_on=date(2025, 8, 31)) == (None, [Task.Resolved])
    assert task.deadlines == [due]


def test_an_event_without_a_number_of_days_needs_the_due_day():
    assert taken(with_milestones(BY_PLAN), "resolve", event_on=LATER) == ("no-days", [Task.StepRefused])
    assert taken(with_milestones(AFTER_ACT), "resolve", event_on=LATER, due_on=LATER) == (
        "due-day-missing",
        [Task.StepRefused],
    )


def test_an_extension_names_one_of_several_deadlines():
    task = with_milestones(QUARTERLY)
    refusal = task.take(Step(task.task_id, "extend", due_on=date(2026, 1, 31), **SIGNED), AT, CALENDAR)

    assert refusal.rule == "which-obligation"
    assert refusal.sentence == "Có nhiều thời hạn đang mở, phải ghi rõ gia hạn mốc nào: “2025-Q3”, “2025-Q4”."
    taken(task, "complete", obligation="2025-Q3", evidence="1")
    assert taken(task, "extend", due_on=date(2026, 1, 31), **SIGNED) == (None, [Task.Extended])


def test_a_wrongly_resolved_day_is_corrected_by_its_key():
    task = with_milestones(AFTER_ACT)
    taken(task, "resolve", due_on=date(2025, 12, 31))

    assert taken(task, "resolve", due_on=LATER) == ("nothing-unresolved", [Task.StepRefused])
    assert taken(task, "resolve", due_on=LATER, obligation="after-event") == (None, [Task.Resolved])
    assert task.deadlines == [LATER]
