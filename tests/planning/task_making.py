"""Tasks to decide about, in few words, and the steps of tests."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from services.planning.deadline_settings import ESCALATION as DEFAULT
from services.planning.deadline_settings import escalation_in
from services.planning.domain.tasks.deadline_rules import FIRST_ESCALATION, DeadlineRules
from services.planning.domain.tasks.state import TaskDefinition
from services.planning.domain.tasks.step import Step
from services.planning.domain.tasks.task import Task
from shared.calendar import Calendar

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


def revised(task, *milestones, roll="none", on=AT):
    """Whether another definition of the task revises it."""
    amended = replace(task.definition, milestones=list(milestones))
    return task.revise(amended, on, rules=DeadlineRules(CALENDAR, roll, FIRST_ESCALATION), plan_version=2)


def required_again(task, *milestones, on):
    task.withdraw(AT, by="Chủ tịch UBND", reason="tạm dừng", plan_version=2)
    assert revised(task, *milestones, on=on)
    task.collect_events()
    return task


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
