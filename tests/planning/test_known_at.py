"""The tasks as they were known on any day, from their events. What is recorded never goes back, so each has a stack."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.provision import TIMES_OF_SERVICES
from services.planning.questions import list_communes, list_province_tasks
from services.planning.register import communes_of
from shared.clock import move
from shared.contracts.planning import ListCommunes, ListProvinceTasks
from tests.planning.province import DUE, duty, on, opened, plan_of, sent, with_a_plan

SIGNED = {"by": "Chủ tịch UBND", "reason": "Nghị quyết mới"}
CHAIR = {"by": "Trần Thị Bình", "role": "chair", "note": "chờ hướng dẫn"}


@pytest.fixture
def here(own_stack, clock):
    with own_stack(env=TIMES_OF_SERVICES, services=()) as stack, opened(stack, clock) as planning:
        yield planning


def known(planning, commune, day):
    return {task.content: task for task in planning.tasks_known_at(day, commune)}


def test_tasks_are_listed_as_known_at_the_end_of_a_day(here, clock):
    planning = here.planning
    commune = with_a_plan(planning, duty("Rà soát TTHC nội bộ", DUE), duty("Lắp bảng hiệu", DUE))
    task, dropped = (task.task_id for task in planning.tasks.all(commune))
    on(clock, date(2025, 8, 1))
    sent(here, commune, {"task_id": task, "step": "extend", "due_on": "2025-10-31", **CHAIR}, submission_id="a")
    on(clock, date(2025, 9, 1))
    planning.amend_plan(plan_of(commune, duty("Rà soát các TTHC nội bộ", DUE), duty("Số hóa", DUE)), **SIGNED)
    on(clock, date(2025, 10, 1))
    sent(here, commune, {"task_id": task, "step": "complete", "evidence": "1/BC"}, submission_id="b")

    assert known(planning, commune, date(2025, 6, 30)) == {}
    issued = known(planning, commune, date(2025, 7, 31))
    assert {content: (each.task_id, each.deadlines) for content, each in issued.items()} == {
        "Rà soát TTHC nội bộ": (task, [DUE]),
        "Lắp bảng hiệu": (dropped, [DUE]),
    }
    assert known(planning, commune, date(2025, 8, 1))["Rà soát TTHC nội bộ"].deadlines == [date(2025, 10, 31)]
    amended = known(planning, commune, date(2025, 9, 30))
    assert {content: each.state for content, each in amended.items()} == {
        "Rà soát các TTHC nội bộ": "assigned",
        "Số hóa": "assigned",
        "Lắp bảng hiệu": "withdrawn",
    }
    assert known(planning, commune, date(2025, 10, 1))["Rà soát các TTHC nội bộ"].state == "done"
    on(clock, date(2025, 10, 2))
    sent(here, commune, {"task_id": task, "step": "reopen", "note": "thiếu phụ lục"}, submission_id="c")
    assert known(planning, commune, date(2025, 9, 30)) == amended, "of a day that is over, whatever comes later"
    assert known(planning, commune, date(2025, 10, 1))["Rà soát các TTHC nội bộ"].state == "done"


def test_a_day_ends_at_midnight_in_viet_nam(here, clock):
    planning = here.planning
    commune = with_a_plan(planning, duty())
    move(clock, datetime(2025, 8, 1, 17, 0, tzinfo=UTC))
    sent(here, commune, {"task_id": planning.tasks.all(commune)[0].task_id, "step": "acknowledge"})

    assert [task.state for task in planning.tasks_known_at(date(2025, 8, 1), commune)] == ["assigned"]
    assert [task.state for task in planning.tasks_known_at(date(2025, 8, 2), commune)] == ["acknowledged"]


def test_days_late_are_computed_from_the_knowledge_of_the_day(here, clock):
    planning = here.planning
    commune = with_a_plan(planning, duty("Rà soát", DUE))
    on(clock, date(2025, 10, 5))
    sent(here, commune, {"task_id": planning.tasks.all(commune)[0].task_id, "step": "complete", "evidence": "1/BC"})

    (then,), (now,) = (planning.tasks_known_at(date(2025, 10, day), commune) for day in (4, 5))
    assert (then.days_late(date(2025, 10, 4)), now.days_late(date(2025, 10, 5))) == (4, 0)


STEPS = st.sampled_from(
    [
        {"step": "acknowledge"},
        {"step": "progress", "percent": 30},
        {"step": "complete", "evidence": "1/BC"},
        {"step": "complete", "evidence": "1/BC", "obligation": "2025-09-30"},
        {"step": "reopen", "note": "thiếu phụ lục"},
        {"step": "accept", "by": "Nguyễn Văn An", "role": "one-stop-centre"},
        {"step": "extend", "due_on": "2025-10-31", **CHAIR},
        {"step": "withdraw", **CHAIR},
        None,  # the plan is amended
    ]
)


def test_tasks_known_at_a_day_equal_the_list_of_that_day(here, clock):
    planning, days = here.planning, (date(2025, 7, 1) + timedelta(days=n) for n in range(10_000))

    @settings(max_examples=15, deadline=None)
    @given(st.lists(STEPS, max_size=6))
    def whatever_happens(history):
        on(clock, today := next(days))
        commune = with_a_plan(planning, duty("Rà soát", DUE), duty("Số hóa", date(2025, 12, 31)))
        task = planning.tasks.all(commune)[0].task_id
        listed = {today: planning.tasks.all(commune)}
        for step in history:
            on(clock, today := next(days))
            if step is None:
                amended = plan_of(commune, duty(f"Việc ngày {today}", DUE), duty("Rà soát", DUE))
                planning.amend_plan(amended, **SIGNED)
            else:
                sent(here, commune, {"task_id": task, **step}, submission_id=f"s-{today}")
            listed[today] = planning.tasks.all(commune)

        assert {day: planning.tasks_known_at(day, commune) for day in listed} == listed

    whatever_happens()


def test_a_merger_recorded_later_is_in_no_list_of_an_earlier_day(here, clock):
    """Its day may be past: what counts is when it was recorded. So it is with the tasks of the province."""
    planning, (ended, successor) = here.planning, communes_of("48")[:2]
    on(clock, date(2026, 8, 1))
    planning.register([ended, successor], date(2025, 7, 1))
    planning.issue_plan(plan_of(ended.code, duty("Lắp bảng", DUE), province="48"))
    on(clock, date(2026, 8, 20))
    planning.succession.merge(ended.code, successor.code, date(2026, 8, 10), "01/NQ-HĐND")

    def listed(**days):
        return ended.code in {
            each.commune for each in list_communes(planning, ListCommunes(province="48", **days)).communes
        }

    def heir(**days):
        """Of the one task, which stays in the list."""
        [task] = list_province_tasks(planning, ListProvinceTasks(province="48", **days)).tasks
        return task.successor

    assert (listed(), heir()) == (False, successor.name)
    assert (listed(on=date(2026, 8, 15)), listed(on=date(2026, 8, 9))) == (False, True)
    then = date(2026, 8, 15)
    assert (listed(known_at=then), heir(known_at=then)) == (True, None)
    assert listed(on=date(2026, 8, 9), known_at=date(2026, 8, 20))
    assert not listed(known_at=date(2026, 7, 31)), "it was registered on 1 August"
    assert (listed(known_at=date(2026, 8, 20)), heir(known_at=date(2026, 8, 20))) == (False, successor.name)
