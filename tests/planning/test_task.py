from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unicodedata import normalize
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planning.deadline_settings import ESCALATION as DEFAULT
from services.planning.deadline_settings import escalation_in
from services.planning.domain.tasks.deadline_rules import FIRST_ESCALATION, DeadlineRules
from services.planning.domain.tasks.state import TaskDefinition
from services.planning.domain.tasks.step import Step
from services.planning.domain.tasks.task import Task
from shared.calendar import Calendar, Override

AT = datetime(2025, 6, 15, 1, tzinfo=UTC)
DUE = date(2025, 9, 30)
WHO = "Phòng Kinh tế"
CALENDAR = Calendar()


def definition(*milestones, content="Báo cáo", code=None):
    return TaskDefinition(1, code, None, content, None, [WHO], [], None, list(milestones))


def assigned_task(definition, *, roll="none", calendar=CALENDAR, escalation=FIRST_ESCALATION, on=date(2025, 6, 15)):
    """A task as its first event leaves it."""
    at, rules = datetime(on.year, on.month, on.day, 1, tzinfo=UTC), DeadlineRules(calendar, roll, escalation)
    task = Task.assign(uuid4(), "key", at, plan_id="p-1", commune="23356", definition=definition, rules=rules)
    task.collect_events()
    return task


def assigned(*deadlines, on=date(2025, 6, 15)):
    milestones = [{"kind": "deadline", "due": due.isoformat()} for due in sorted(deadlines)]
    return assigned_task(definition(*milestones, content="Số hóa kết quả", code="2.1"), on=on)


def taken(task, step, **fields):
    """The rule that a step breaks, and the types of its events."""
    refusal = task.take(Step(task.task_id, step, **{"by": WHO, **fields}), AT, CALENDAR)
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


def test_repeating_progress_is_ignored_and_a_lower_percentage_is_recorded():
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
    task.take(Step(task.task_id, "complete", evidence="x", by=WHO), datetime(2025, 9, 30, 17, 30, tzinfo=UTC), CALENDAR)

    assert task.completed_on == date(2025, 10, 1)


def test_a_completed_task_is_reopened_with_a_reason():
    task = completed()

    assert taken(task, "reopen", note="thiếu phụ lục") == (None, [Task.Reopened])
    assert task.completed_on is None


@pytest.mark.parametrize(
    ("task", "step", "fields", "rule"),
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
def test_a_step_that_breaks_a_rule_is_refused_and_recorded(task, step, fields, rule):
    task = task()
    before = (task.percent, task.completed_on)

    assert taken(task, step, **fields) == (rule, [Task.StepRefused])
    assert (task.percent, task.completed_on) == before


def test_a_refusal_has_a_vietnamese_sentence():
    task = assigned()
    task.take(Step(task.task_id, "complete", by=WHO), AT, CALENDAR)
    (refused,) = task.collect_events()

    assert refused.sentence == "Báo cáo hoàn thành phải có minh chứng: số văn bản hoặc đường dẫn."
    assert refused.step["by"] == WHO


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


CENTRE = {"by": "Nguyễn Văn An", "role": "one-stop-centre"}
SIGNED = {"by": "Trần Thị Bình", "role": "chair", "note": "chờ hướng dẫn của tỉnh"}
LATER = date(2025, 10, 31)
PAST, YESTERDAY = date(2025, 6, 2), date(2025, 6, 14)


def with_milestones(*milestones, **more):
    return assigned_task(definition(*milestones), **more)


def deadline(due):
    return {"kind": "deadline", "due": due, "label": None}


QUARTERLY = {
    "kind": "recurring", "every": "quarter", "from": "2025-07-01", "until": "2025-12-31", "label": None, "on": "15"
}  # fmt: skip
AFTER_ACT = {"kind": "after-event", "event": "tỉnh ban hành Bộ chỉ số", "days": 20, "working_days": False}
BY_PLAN = {"kind": "by-reference", "text": "Theo Kế hoạch"}


def test_a_task_is_acknowledged_once():
    task = assigned()

    assert taken(task, "acknowledge") == (None, [Task.Acknowledged])
    assert taken(task, "acknowledge") == (None, [])
    assert task.state == "acknowledged"


def test_a_completed_task_is_accepted_once():
    task = completed()

    assert taken(task, "accept", **CENTRE) == (None, [Task.Accepted])
    assert taken(task, "accept", **CENTRE) == (None, [])
    assert task.state == "accepted"
    assert taken(task, "progress", percent=50) == ("completed", [Task.StepRefused])


def test_a_returned_task_is_open_and_has_reminders():
    task = completed(DUE)

    assert taken(task, "return", note="thiếu phụ lục", **CENTRE) == (None, [Task.Returned])
    assert (task.state, task.completed_on, task.next_reminder_on) == ("returned", None, DUE - timedelta(days=7))
    assert taken(task, "complete", evidence="13/BC-UBND") == (None, [Task.Completed])


@pytest.mark.parametrize(
    ("task", "step", "fields", "rule"),
    [
        (completed, "accept", {}, "not-entitled"),
        (completed, "accept", {"by": "phòng  KINH TẾ", "role": "chair"}, "four-eyes"),
        (completed, "accept", {"by": normalize("NFD", "Phòng Kinh tế"), "role": "chair"}, "four-eyes"),
        (completed, "accept", {"by": "phong kinh te xã", "role": "chair"}, "four-eyes"),
        (completed, "accept", {"by": "PKT", "role": "one-stop-centre"}, "four-eyes"),
        (assigned, "accept", CENTRE, "not-completed"),
        (completed, "return", CENTRE, "reason-missing"),
        (completed, "acknowledge", {}, "completed"),
        (lambda: assigned(DUE), "extend", {"due_on": LATER, "note": "chậm"}, "not-entitled"),
        (lambda: assigned(DUE), "extend", SIGNED, "due-day-missing"),
        (lambda: assigned(DUE), "extend", SIGNED | {"due_on": LATER, "note": ""}, "reason-missing"),
        (lambda: assigned(DUE), "extend", SIGNED | {"due_on": DUE - timedelta(days=1)}, "not-later"),
        (lambda: assigned(DUE), "extend", SIGNED | {"due_on": LATER, "obligation": "x"}, "unknown-obligation"),
        (assigned, "extend", SIGNED | {"due_on": LATER}, "nothing-due"),
        (lambda: completed(DUE), "extend", SIGNED | {"due_on": LATER}, "completed"),
        (lambda: assigned(DUE), "resolve", {"due_on": LATER}, "nothing-unresolved"),
        (lambda: with_milestones(AFTER_ACT), "resolve", {}, "due-day-missing"),
        (lambda: with_milestones(AFTER_ACT, BY_PLAN), "resolve", {"due_on": LATER}, "which-obligation"),
        (lambda: assigned(DUE), "extend", SIGNED | {"due_on": LATER, "by": "phòng KINH TẾ xã"}, "four-eyes"),
        (lambda: assigned(DUE), "withdraw", SIGNED | {"by": "PKT"}, "four-eyes"),
        (lambda: assigned(DUE), "request-extension", {"due_on": LATER}, "reason-missing"),
        (lambda: assigned(DUE), "request-extension", {"note": "chậm"}, "due-day-missing"),
        (lambda: assigned(DUE), "request-extension", {"note": "chậm", "due_on": DUE - timedelta(days=1)}, "not-later"),
        (lambda: assigned(PAST), "request-extension", {"note": "chậm", "due_on": YESTERDAY}, "day-past"),
        (lambda: assigned(PAST), "extend", SIGNED | {"due_on": YESTERDAY}, "day-past"),
        (lambda: completed(DUE), "request-extension", {"note": "chậm", "due_on": LATER}, "completed"),
        (lambda: assigned(DUE), "decline-extension", SIGNED, "nothing-requested"),
        (lambda: assigned(DUE), "decline-extension", {"note": "không"}, "not-entitled"),
        (assigned, "withdraw", {"note": "trùng"}, "not-entitled"),
        (assigned, "withdraw", SIGNED | {"note": None}, "reason-missing"),
        (completed, "withdraw", SIGNED, "completed"),
    ],
)
def test_a_step_in_the_wrong_state_or_role_is_refused(task, step, fields, rule):
    assert taken(task(), step, **fields) == (rule, [Task.StepRefused])


def test_an_extension_request_waits_for_the_chair_and_is_quiet_when_repeated():
    task = assigned(DUE)
    request = {"due_on": LATER, "note": "chờ tỉnh"}

    assert taken(task, "request-extension", **request) == (None, [Task.ExtensionRequested])
    assert taken(task, "request-extension", **request) == (None, [])
    assert task.deadlines == [DUE]
    assert taken(task, "extend", **SIGNED | {"by": "Nguyễn Văn An", "due_on": None}) == (None, [Task.Extended])
    assert (task.deadlines, task.extension_request) == ([LATER], None)


def test_a_declined_extension_leaves_the_deadline_and_can_be_requested_again():
    task = assigned(DUE)
    request = {"due_on": LATER, "note": "chờ tỉnh"}
    taken(task, "request-extension", **request)

    assert taken(task, "decline-extension", **SIGNED) == (None, [Task.ExtensionDeclined])
    assert taken(task, "decline-extension", **SIGNED) == (None, [])
    assert (task.deadlines, task.extension_request) == ([DUE], None)
    assert taken(task, "request-extension", **request) == (None, [Task.ExtensionRequested])


def test_whoever_requested_an_extension_does_not_give_it():
    task = assigned(DUE)
    taken(task, "request-extension", by="Lê Thị Lan", due_on=LATER, note="chờ tỉnh")

    for step in ("extend", "decline-extension"):
        assert taken(task, step, **SIGNED | {"by": "LÊ THỊ  LAN", "due_on": None})[0] == "four-eyes"


def test_a_chair_who_leads_a_task_decides_about_it():
    task = assigned_task(replace(definition({"kind": "deadline", "due": DUE.isoformat()}), lead=["Chủ tịch UBND xã"]))

    assert taken(task, "extend", **SIGNED | {"by": "Chủ tịch UBND xã", "due_on": LATER}) == (None, [Task.Extended])


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


def test_a_withdrawn_task_takes_no_step_and_is_never_late():
    task = assigned(DUE)

    assert taken(task, "withdraw", **SIGNED) == (None, [Task.Withdrawn])
    assert taken(task, "withdraw", **SIGNED) == (None, [])
    assert taken(task, "progress", percent=10) == ("withdrawn", [Task.StepRefused])
    assert swept(task, DUE + timedelta(days=30)) == []


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


def revised(task, *milestones, roll="none", on=AT):
    """Whether another definition of the task revises it."""
    amended = replace(task.definition, milestones=list(milestones))
    return task.revise(amended, on, rules=DeadlineRules(CALENDAR, roll, FIRST_ESCALATION), plan_version=2)


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


def required_again(task, *milestones, on):
    task.withdraw(AT, by="Chủ tịch UBND", reason="tạm dừng", plan_version=2)
    assert revised(task, *milestones, on=on)
    task.collect_events()
    return task


def test_a_completed_and_withdrawn_task_that_returns_can_be_completed_again():
    task = required_again(completed(DUE), deadline("2025-09-30"), on=AT)

    assert (task.state, task.completed_on) == ("assigned", None)
    assert taken(task, "complete", evidence="2") == (None, [Task.Completed])


def test_occurrences_during_a_withdrawal_are_not_missed():
    task = required_again(with_milestones(QUARTERLY), QUARTERLY, on=datetime(2025, 10, 20, tzinfo=UTC))

    assert [each.key for each in task.obligations] == ["2025-Q4"]
    assert swept(task, date(2025, 12, 1)) == []


ESCALATION = escalation_in(DEFAULT)


def escalating(*milestones):
    return with_milestones(*milestones, escalation=ESCALATION)


def escalated(task, from_, until):
    """Each announcement: its day, its obligation, and the roles to notify or the days before the deadline."""
    announced = []
    for day in days_from(from_, (until - from_).days + 1):
        task.announce_deadlines(day, AT)
        for event in task.collect_events():
            whom = event.tell if isinstance(event, Task.DeadlineMissed) else -event.days_before
            announced.append((day, event.obligation, whom))
    return announced


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


def test_a_wrongly_resolved_day_is_corrected_by_its_key():
    task = with_milestones(AFTER_ACT)
    taken(task, "resolve", due_on=date(2025, 12, 31))

    assert taken(task, "resolve", due_on=LATER) == ("nothing-unresolved", [Task.StepRefused])
    assert taken(task, "resolve", due_on=LATER, obligation="after-event") == (None, [Task.Resolved])
    assert task.deadlines == [LATER]


def test_four_eyes_are_two_accounts_whatever_names_they_act_under():
    """An account that completes a task for a body does not accept it as the chair; another of the same name does."""
    task = assigned(DUE)
    taken(task, "complete", evidence="12/BC-UBND", account="tran-thi-binh")

    assert task.done_by_account == "tran-thi-binh"
    assert taken(task, "accept", **SIGNED, account="tran-thi-binh")[0] == "four-eyes"
    assert taken(task, "accept", **SIGNED | {"by": WHO}, account="tran-thi-binh-2") == (None, [Task.Accepted])


def test_an_account_that_requested_an_extension_does_not_give_it():
    task = assigned(DUE)
    taken(task, "request-extension", account="tran-thi-binh", due_on=LATER, note="chờ tỉnh")

    for step in ("extend", "decline-extension"):
        assert taken(task, step, **SIGNED, due_on=None, account="tran-thi-binh")[0] == "four-eyes"
    assert taken(task, "extend", **SIGNED, due_on=None, account="le-van-tam") == (None, [Task.Extended])


def test_each_step_stores_the_account_that_took_it_and_none_where_a_machine_sent_it():
    task = assigned(DUE)
    for account in ("lan", None):
        task.take(Step(task.task_id, "progress", percent=50, by=account or WHO, account=account), AT, CALENDAR)
    task.take(Step(task.task_id, "complete", by=WHO, account="lan"), AT, CALENDAR)
    *reported, refused = task.collect_events()

    assert [event.by_account for event in reported] == ["lan", None]
    assert (refused.step["account"], "account" in Step("t", "complete").stored()) == ("lan", False)
