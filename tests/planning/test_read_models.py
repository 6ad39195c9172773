"""Rows and events that an earlier version of the program wrote, and the questions asked of rows."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from eventsourcing.persistence import StoredEvent

from services.planning.domain.tasks.step import Step
from services.planning.domain.tasks.task import Task
from shared.calendar import Calendar
from tests.planning.province import DUE, duty, on, recorded, sent, with_a_plan

CORPUS = Path(__file__).parents[1] / "golden" / "stored_events.jsonl"
CHAIR = {"by": "Trần Thị Bình", "role": "chair", "note": "chờ hướng dẫn"}


def outdate(here, commune):
    """As the first version left its rows, before there were these columns."""
    with here.pool.connection() as connection:
        connection.execute("UPDATE tasks SET obligations = NULL, state = 'assigned' WHERE commune = %s", (commune,))


def test_rows_of_an_earlier_version_are_written_again(here):
    planning = here.planning
    commune = with_a_plan(planning, duty("Rà soát", DUE), duty("Số hóa", DUE))
    task = planning.tasks.all(commune)[0].task_id
    sent(here, commune, {"task_id": task, "step": "complete", "evidence": "1/BC", "obligation": "2025-09-30"})
    before = planning.tasks.all(commune)
    outdate(here, commune)
    planning.refresh()
    planning.refresh()

    assert planning.tasks.all(commune) == before
    assert planning.tasks.outdated() == []


def test_rows_rewritten_during_reports_keep_the_reported_progress(here, another):
    planning = here.planning
    commune = with_a_plan(planning, *[duty(f"Việc số {n}", DUE) for n in range(60)])
    tasks = [task.task_id for task in planning.tasks.all(commune)]
    outdate(here, commune)
    with ThreadPoolExecutor(2) as threads:
        refreshed = threads.submit(another.refresh)
        for n in range(0, 60, 10):
            some = ({"task_id": task, "step": "progress", "percent": 40} for task in tasks[n : n + 10])
            sent(here, commune, *some, submission_id=f"s{n}")
        refreshed.result()

    assert {(task.state, task.percent) for task in planning.tasks.all(commune)} == {("in-progress", 40)}


def test_a_row_without_obligations_is_listed(here):
    commune = with_a_plan(here.planning, duty("Rà soát", DUE))
    outdate(here, commune)
    (task,) = here.planning.tasks.all(commune)

    assert (task.unresolved, task.days_late(date(2025, 10, 3))) == ([], 3)


def first_versions(topic):
    lines = [json.loads(line) for line in CORPUS.read_text().splitlines()]
    return [line for line in lines if line["topic"] == topic and "class_version" not in line["state"]]


def encoded(state):
    return json.dumps(state, ensure_ascii=False).encode()


@pytest.fixture
def task_of_the_first_version(planning):
    """A task as its first event was stored before there were obligations, with one deadline."""
    (line,) = first_versions("planning.task-assigned")
    state = line["state"] | {"deadlines": [{"_type_": "date_iso", "_data_": DUE.isoformat()}]}
    stored = StoredEvent(UUID(line["originator_id"]), line["originator_version"], line["topic"], encoded(state))
    return planning.mapper.to_domain_event(stored).mutate(None)


def test_a_task_stored_by_the_first_version_has_the_first_escalation(task_of_the_first_version):
    task, reminders = task_of_the_first_version, []
    for day in (DUE + timedelta(days=n) for n in range(-30, 30)):
        task.announce_deadlines(day, task.created_on)
        events = task.collect_events()
        reminders += [((day - DUE).days, event.tell if day > DUE else None) for event in events]

    assert reminders == [(-7, None), (-3, None), (-1, None), (1, ["lead"]), (3, ["one-stop-centre", "chair"])]


def test_a_reminder_stored_by_the_first_version_is_not_announced_again(planning, task_of_the_first_version):
    task = task_of_the_first_version
    (line,) = first_versions("planning.task-deadline-missed")
    state = line["state"] | {"task_id": task.task_id, "commune": task.commune, "days_late": 3}
    state["due_on"] = {"_type_": "date_iso", "_data_": DUE.isoformat()}
    planning.mapper.to_domain_event(StoredEvent(task.id, 2, line["topic"], encoded(state))).mutate(task)
    task.announce_deadlines(DUE + timedelta(days=5), task.created_on)

    assert [e.days_late for e in task.collect_events() if isinstance(e, Task.DeadlineMissed)] == [1]


def test_a_task_stored_by_the_first_version_takes_extensions_and_completions(task_of_the_first_version):
    task = task_of_the_first_version
    key, later = task.obligations[0].key, date(2026, 1, 31)
    fields = {"task_id": task.task_id, "obligation": key}
    steps = [
        Step(step="extend", due_on=later, **fields, **CHAIR),
        Step(step="complete", evidence="1/BC", by="Phòng Kinh tế", **fields),
    ]

    assert [task.take(step, task.created_on, Calendar()) for step in steps] == [None, None]
    assert [type(event) for event in task.collect_events()] == [
        *(Task.Extended, Task.ObligationFulfilled, Task.Completed),
    ]


def test_an_extended_deadline_is_listed(here, clock):
    planning = here.planning
    commune = with_a_plan(planning, duty("Rà soát", DUE))
    task = planning.tasks.all(commune)[0].task_id
    on(clock, date(2025, 9, 29))
    sent(here, commune, {"task_id": task, "step": "extend", "due_on": "2025-10-31", **CHAIR})

    (listed,) = planning.tasks.all(commune)
    (event,) = recorded(planning, commune, Task.Extended)
    assert listed.deadlines == event.deadlines == [date(2025, 10, 31)]
    assert (listed.due_before(date(2025, 10, 31)), listed.due_before(date(2025, 11, 1))) == (False, True)
