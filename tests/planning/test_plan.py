from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.planning import plan_file
from services.planning.domain.commune import Commune
from services.planning.domain.plan import MOST_DEADLINES, MOST_TASKS, Plan
from services.planning.domain.refused import PlanRefused
from services.planning.domain.task import Task
from services.planning.issuing import draft_of
from services.planning.plan_file import read_plan
from services.planning.register import communes_of

AT = datetime(2025, 8, 1, 1, tzinfo=UTC)
DAY = date(2025, 8, 1)
PLANS = Path(plan_file.__file__).parents[1] / "plans"


def draft(name="4-xa-tinh-khe"):
    return draft_of(read_plan(PLANS / f"{name}.yaml"), DAY)


def issued(what=None, commune="21211", province="51", **other):
    what = (what or draft()).plan | other
    return Plan.issue(AT, commune=commune, province=province, standard_plan_id=None, **what)


def duty(content="Rà soát TTHC", code="1", deadlines=()):
    said = dict.fromkeys(("section", "deliverable", "schedule_text"))
    return {
        **said,
        "content": content,
        "code": code,
        "lead": [],
        "support": [],
        "milestones": [],
        "deadlines": list(deadlines),
    }


def test_a_plan_is_issued():
    plan = issued()
    (event,) = plan.collect_events()

    assert (event.commune, event.regime, event.year, event.issued_on) == ("21211", "reform", 2025, DAY)
    assert event.based_on == ["250/QĐ-UBND"]
    assert all(target["target"] is None or set(target["target"]) for target in event.targets)


def test_bounds_are_stored_as_text():
    targets = draft("1-xa-xop").plan["targets"]

    assert targets[3] | {"owners": []} == {
        "code": "4",
        "name": "Tỷ lệ hồ sơ trực tuyến",
        "unit": "%",
        "target": {"at_least": "60"},
        "target_text": "Tối thiểu 60",
        "scope": None,
        "owners": [],
        "indicator": "online-files",
        "field": None,
    }


def test_the_same_content_issued_again_stays_quiet():
    plan = issued()
    plan.collect_events()
    plan.issue_again(draft_of(read_plan(PLANS / "4-xa-tinh-khe.yaml"), date(2025, 9, 1)).plan["sha256"])

    assert plan.collect_events() == []


def test_other_content_is_refused_with_a_sentence():
    with pytest.raises(PlanRefused, match=r"^commune 21211 has another plan for reform 2025 already \(p-"):
        issued().issue_again("0" * 64)


def test_there_is_one_plan_for_a_commune_a_regime_and_a_year():
    plan = issued()

    assert plan.id == issued(title="Khác").id
    assert len({plan.id, issued(commune="21212").id, issued(regime="tthc-control").id, issued(year=2026).id}) == 4
    assert issued(commune=None).id != issued(commune=None, province="31").id


def test_a_plan_assigns_its_tasks():
    what = draft()
    tasks = issued(what).assign(what.tasks, AT)

    assert len(tasks) == 30
    assert tasks[2].deadlines == [date(2025, 1, 31)]
    assert [task.place for task in tasks] == list(range(1, 31))
    assert all(isinstance(event, Task.Assigned) for task in tasks for event in task.collect_events())


def test_a_task_is_told_apart_by_what_it_says_and_not_by_where_it_stands():
    plan = issued()
    first = plan.assign([duty("A"), duty("B"), duty("C")], AT)
    moved = plan.assign([duty("C"), duty("A "), duty("B")], AT)

    assert {task.content.strip(): task.task_id for task in first} == {
        task.content.strip(): task.task_id for task in moved
    }


def test_two_tasks_that_say_the_same_are_two():
    tasks = issued().assign([duty(), duty(), duty(code=None), duty(code="2")], AT)

    assert len({task.task_id for task in tasks}) == 4


def test_the_same_task_of_two_communes_is_two():
    assert issued().assign([duty()], AT)[0].id != issued(commune="21212").assign([duty()], AT)[0].id


def test_more_tasks_than_one_transaction_takes_are_refused():
    assert len(issued().assign([duty()] * MOST_TASKS, AT)) == 999
    with pytest.raises(PlanRefused, match="the plan has 1,000 tasks; a plan can have at most 999"):
        issued().assign([duty()] * (MOST_TASKS + 1), AT)


def test_more_deadlines_of_a_task_than_one_transaction_can_announce_are_refused():
    days = [date.fromordinal(DAY.toordinal() + n) for n in range(MOST_DEADLINES + 1)]

    assert issued().assign([duty(deadlines=days[1:])], AT)
    with pytest.raises(PlanRefused, match="task 1 has 101 deadlines"):
        issued().assign([duty(deadlines=days)], AT)


@pytest.mark.parametrize(("name", "for_communes"), [("51-standard", True), ("2-phuong", False), ("1-xa-xop", False)])
def test_a_standard_plan_is_one_that_names_no_commune(name, for_communes):
    assert draft(name).for_communes is for_communes


def test_a_commune_is_registered_under_an_id_of_our_own():
    entry = next(entry for entry in communes_of("51") if entry.code == "21211")
    commune = Commune.register(AT, in_force_from=date(2025, 7, 1), **vars(entry))
    (event,) = commune.collect_events()

    assert (event.commune, event.code, event.name) == ("21211", "21211", "Xã Tịnh Khê")
    assert commune.id == Commune.create_id("21211")
