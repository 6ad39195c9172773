from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planning.domain.step import Step
from services.planning.domain.task import Task

AT = datetime(2025, 6, 15, 1, tzinfo=UTC)
DUE = date(2025, 9, 30)
WHO = "Phòng Kinh tế"


def assigned(*deadlines, on=date(2025, 6, 15)):
    """A task as its first event leaves it."""
    said = {
        "plan_id": "p-1",
        "commune": "23356",
        "place": 1,
        "code": "2.1",
        "section": None,
        "content": "Số hóa kết quả",
        "deliverable": None,
        "lead": [WHO],
        "support": [],
        "schedule_text": None,
        "milestones": [],
    }
    at = datetime(on.year, on.month, on.day, 1, tzinfo=UTC)
    task = Task.assign(uuid4(), "key", at, deadlines=sorted(deadlines), **said)
    task.collect_events()
    return task


def taken(task, step, **said):
    """The rule that a step breaks, and what it records."""
    refusal = task.take(Step(task.task_id, step, **{"by": WHO, **said}), AT)
    return refusal and refusal.rule, [type(event) for event in task.collect_events()]


def completed(*deadlines):
    task = assigned(*deadlines)
    assert taken(task, "complete", evidence="12/BC-UBND") == (None, [Task.Completed])
    return task


def swept(task, *days):
    """What sweeps on these days announce: (step of the deadline, days left or late) each."""
    for day in days:
        task.announce_deadlines(day, AT)
    return [
        (-event.days_before, event.days_left) if isinstance(event, Task.DeadlineApproached) else event.days_late
        for event in task.collect_events()
    ]


def days_from(day, count):
    return [day + timedelta(days=n) for n in range(count)]


def test_progress_is_recorded():
    task = assigned()

    assert taken(task, "progress", percent=40, note="đang làm") == (None, [Task.ProgressReported])
    assert task.percent == 40


def test_the_same_progress_again_stays_quiet_and_going_back_is_progress_too():
    task = assigned()
    taken(task, "progress", percent=40)

    assert taken(task, "progress", percent=40) == (None, [])
    assert taken(task, "progress", percent=20) == (None, [Task.ProgressReported])


def test_a_task_is_completed_with_evidence_once():
    task = assigned()

    assert taken(task, "complete", evidence="12/BC-UBND") == (None, [Task.Completed])
    assert task.completed_on == AT.date()
    assert taken(task, "complete", evidence="13/BC-UBND") == (None, [])


def test_the_day_of_completion_is_the_day_in_viet_nam():
    task = assigned()
    task.take(Step(task.task_id, "complete", evidence="x", by=WHO), datetime(2025, 9, 30, 17, 30, tzinfo=UTC))

    assert task.completed_on == date(2025, 10, 1)


def test_a_completed_task_is_reopened_with_a_reason():
    task = completed()

    assert taken(task, "reopen", note="thiếu phụ lục") == (None, [Task.Reopened])
    assert task.completed_on is None


@pytest.mark.parametrize(
    ("task", "step", "said", "rule"),
    [
        (assigned, "progress", {}, "percent-missing"),
        (completed, "progress", {"percent": 50}, "completed"),
        (assigned, "complete", {}, "evidence-missing"),
        (assigned, "complete", {"evidence": " \n"}, "evidence-missing"),
        (assigned, "reopen", {"note": "lý do"}, "not-completed"),
        (completed, "reopen", {"note": " "}, "reason-missing"),
        (assigned, "progress", {"percent": 50, "by": " "}, "by-missing"),
    ],
)
def test_a_step_that_breaks_a_rule_is_refused_and_that_is_a_fact(task, step, said, rule):
    task = task()
    before = (task.percent, task.completed_on)

    assert taken(task, step, **said) == (rule, [Task.StepRefused])
    assert (task.percent, task.completed_on) == before


def test_a_refusal_tells_the_clerk_why_in_vietnamese():
    task = assigned()
    task.take(Step(task.task_id, "complete", by=WHO), AT)
    (refused,) = task.collect_events()

    assert refused.sentence == "Báo cáo hoàn thành phải có minh chứng: số văn bản hoặc đường dẫn."
    assert refused.step["by"] == WHO


def test_each_step_of_a_deadline_is_announced_on_its_day():
    assert swept(assigned(DUE), DUE - timedelta(days=8)) == []
    assert swept(assigned(DUE), *days_from(DUE - timedelta(days=10), 20)) == [(-7, 7), (-3, 3), (-1, 1), 1, 3]


def test_a_sweep_repeated_stays_quiet():
    task = assigned(DUE)

    assert swept(task, DUE - timedelta(days=7)) == [(-7, 7)]
    assert swept(task, DUE - timedelta(days=7), DUE - timedelta(days=6)) == []


def test_after_an_outage_what_was_left_is_announced_with_the_days_that_are_really_left():
    assert swept(assigned(DUE), DUE - timedelta(days=2)) == [(-7, 2), (-3, 2)]
    assert swept(assigned(DUE), DUE + timedelta(days=5)) == [(-7, -5), (-3, -5), (-1, -5), 1, 3]


def test_steps_that_were_past_when_the_task_was_assigned_are_never_announced():
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


def test_a_completed_task_announces_nothing_and_a_reopened_one_goes_on():
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
def test_whatever_days_are_swept_each_step_that_is_due_is_announced_exactly_once(deadlines, assigned_on, days):
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
