"""The effects of a new decision on working days on the deadlines of plans in force."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import count

import pytest

from services.planning.domain.tasks.task import Task
from services.planning.publishers import announce
from shared.contracts.planning import TaskRescheduled
from tests.planning.province import duty, events_of, on, opened, recorded, sent, with_a_plan

HEAD = "day,is,decided_on,source\n"
WEDNESDAY, TODAY = date(2025, 9, 24), date(2025, 9, 10)
NEXT = {"forward": date(2025, 9, 25), "back": date(2025, 9, 23), "none": WEDNESDAY}
CHANGES = count(1)


@pytest.fixture
def calendar(tmp_path):
    file = tmp_path / "calendar.csv"
    file.write_text(HEAD)
    return file


@pytest.fixture
def here(stack, clock, calendar):
    with opened(stack, clock, MINHBACH_CALENDAR=str(calendar)) as planning:
        yield planning


@pytest.fixture
def another(stack, clock, calendar):
    with opened(stack, clock, MINHBACH_CALENDAR=str(calendar)) as planning:
        yield planning.planning


def decided(calendar, *days, on="2025-09-01"):
    """These days are off, as was decided on a day."""
    calendar.write_text(HEAD + "".join(f"{day},off,{on},12/TB-VPCP\n" for day in days))
    os.utime(calendar, ns=(0, next(CHANGES)))


def due_days(planning, commune):
    return [[owed["due"] for owed in task.obligations] for task in planning.tasks.all(commune)]


def rescheduled(planning, commune):
    return [
        event for recorded in events_of(planning, commune) if isinstance(event := announce(recorded), TaskRescheduled)
    ]


@pytest.mark.parametrize("roll", ["forward", "back", "none"])
def test_an_open_deadline_moves_once_by_the_rule_of_its_plan(planning, calendar, roll):
    commune = with_a_plan(planning, duty("Rà soát", WEDNESDAY), roll=roll)
    before = planning.deadline_settings.calendar(TODAY).version
    decided(calendar, WEDNESDAY)
    for day in (TODAY, TODAY, date(2025, 9, 11)):
        planning.sweep(day)

    assert due_days(planning, commune) == [[NEXT[roll].isoformat()]]
    moved = rescheduled(planning, commune)
    assert len(moved) == (0 if roll == "none" else 1)
    for event in moved:
        assert event.calendar == event.obligations[0].calendar != before
        assert (event.obligations[0].nominal, event.deadlines) == (WEDNESDAY, (NEXT[roll],))


@pytest.mark.parametrize(("own_rule", "expected"), [({}, NEXT["back"]), ({"roll": "none"}, WEDNESDAY)])
def test_the_operators_rule_for_days_off_applies_to_plans_without_their_own(stack, clock, calendar, own_rule, expected):
    decided(calendar, WEDNESDAY, on="2025-06-01")
    with opened(stack, clock, MINHBACH_CALENDAR=str(calendar), MINHBACH_ROLL="back") as here:
        commune = with_a_plan(here.planning, duty("Rà soát", WEDNESDAY), **own_rule)

        assert due_days(here.planning, commune) == [[expected.isoformat()]]


def test_a_calendar_decision_applies_from_the_day_it_was_taken(planning, calendar):
    decided(calendar, WEDNESDAY, on="2025-09-15")
    commune = with_a_plan(planning, duty("Rà soát", WEDNESDAY))

    planning.sweep(date(2025, 9, 14))
    assert due_days(planning, commune) == [["2025-09-24"]]
    planning.sweep(date(2025, 9, 15))
    assert due_days(planning, commune) == [["2025-09-25"]]


def test_a_calendar_change_does_not_move_finished_withdrawn_closed_or_past_deadlines(here, clock, calendar):
    planning = here.planning
    two = duty("Báo cáo", WEDNESDAY, date(2025, 9, 5))
    commune = with_a_plan(planning, *(two | {"content": content} for content in ("Xong", "Rút", "Còn")))
    closed = with_a_plan(planning, two)
    done, dropped, left = (task.task_id for task in planning.tasks.all(commune))
    sent(
        here,
        commune,
        {"task_id": done, "step": "complete", "evidence": "1/BC"},
        {"task_id": dropped, "step": "withdraw", "by": "Trần Thị Bình", "role": "chair", "note": "trùng"},
        {"task_id": left, "step": "complete", "evidence": "1/BC", "obligation": "2025-09-24"},
    )
    planning.close_plan(planning.tasks.all(closed)[0].plan_id, by="Chủ tịch UBND", reason="gộp")
    before = due_days(planning, commune) + due_days(planning, closed)
    on(clock, TODAY)
    decided(calendar, WEDNESDAY, date(2025, 9, 5))
    planning.sweep(TODAY)

    assert due_days(planning, commune) + due_days(planning, closed) == before
    assert rescheduled(planning, commune) + rescheduled(planning, closed) == []


def test_a_reopened_task_follows_the_calendar_again(here, clock, calendar):
    planning = here.planning
    commune = with_a_plan(planning, duty("Rà soát", WEDNESDAY))
    task = planning.tasks.all(commune)[0].task_id
    sent(here, commune, {"task_id": task, "step": "complete", "evidence": "1/BC"}, submission_id="a")
    on(clock, TODAY)
    decided(calendar, WEDNESDAY)
    planning.sweep(TODAY)
    sent(here, commune, {"task_id": task, "step": "reopen", "note": "thiếu phụ lục"}, submission_id="b")
    planning.sweep(TODAY)

    assert due_days(planning, commune) == [["2025-09-25"]]


def test_a_revoked_calendar_decision_moves_the_deadline_back(planning, clock, calendar):
    commune = with_a_plan(planning, duty("Rà soát", WEDNESDAY))
    on(clock, TODAY)
    decided(calendar, WEDNESDAY)
    planning.sweep(TODAY)
    decided(calendar)
    planning.sweep(TODAY)

    assert due_days(planning, commune) == [["2025-09-24"]]
    assert [event.deadlines for event in rescheduled(planning, commune)] == [(NEXT["forward"],), (WEDNESDAY,)]


def test_two_instances_announce_a_moved_deadline_and_its_reminders_once(planning, another, clock, calendar):
    commune = with_a_plan(planning, *[duty(f"Việc số {n}", WEDNESDAY) for n in range(40)])
    on(clock, date(2025, 9, 18))
    decided(calendar, WEDNESDAY)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda one: one.sweep(date(2025, 9, 18)), [planning, another]))

    assert len(rescheduled(planning, commune)) == 40
    reminders = recorded(planning, commune, Task.DeadlineApproached)
    assert [(event.due_on, event.days_before) for event in reminders] == [(NEXT["forward"], 7)] * 40


def test_a_sweep_larger_than_one_transaction_announces_everything(planning, clock):
    """1,040 reminders and as many again for missed deadlines: several transactions."""
    commune = with_a_plan(planning, *[duty(f"Việc số {n}", WEDNESDAY, date(2025, 9, 26)) for n in range(130)])
    on(clock, date(2025, 11, 1))
    planning.sweep(date(2025, 11, 1))

    reminders = [recorded(planning, commune, kind) for kind in (Task.DeadlineApproached, Task.DeadlineMissed)]
    assert [len(events) for events in reminders] == [3 * 2 * 130, 3 * 2 * 130]
    assert planning.sweep(date(2025, 11, 1)) == (0, 0, 0)
