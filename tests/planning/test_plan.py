"""The aggregate of a plan: issued, amended, closed, refused, and quiet when repeated."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.planning import plan_file
from services.planning.domain.plans.plan import Plan
from services.planning.domain.plans.plan_tasks import MOST_OBLIGATIONS, MOST_TASKS, TaskChanges
from services.planning.domain.refusal import RequestRefused
from services.planning.domain.tasks.deadline_rules import FIRST_ESCALATION, DeadlineRules
from services.planning.domain.tasks.state import TaskDefinition
from services.planning.domain.tasks.task import Task
from services.planning.plan_file import read_plan
from services.planning.plan_file.definitions import definitions_in
from shared.calendar import Calendar

AT = datetime(2025, 8, 1, 1, tzinfo=UTC)
DAY = date(2025, 8, 1)
RULES = DeadlineRules(Calendar(), "none", FIRST_ESCALATION)
PLANS = Path(plan_file.__file__).parents[1] / "plans"


def draft(name="4-xa-tinh-khe"):
    return definitions_in(read_plan(PLANS / f"{name}.yaml"), DAY)


def issued(definition=None, commune="21211", province="51", **other):
    definition = replace(definition or draft().plan, **other)
    return Plan.issue(definition, AT, commune=commune, province=province, standard_plan_id=None, roll="none")


def duty(content="Rà soát TTHC", code="1", deadlines=(), **more):
    milestones = [{"kind": "deadline", "due": due.isoformat()} for due in deadlines]
    return replace(TaskDefinition(1, code, None, content, None, [], [], None, milestones), **more)


def rows(*duties):
    """The duties in consecutive rows of a plan."""
    return [replace(each, place=n) for n, each in enumerate(duties, start=1)]


def test_a_plan_is_issued():
    plan = issued()
    (event,) = plan.collect_events()

    assert (event.commune, event.regime, event.year, event.issued_on) == ("21211", "reform", 2025, DAY)
    assert event.based_on == ["250/QĐ-UBND"]
    assert all(target["target"] is None or set(target["target"]) for target in event.targets)


def test_bounds_are_stored_as_text():
    targets = draft("1-xa-xop").plan.targets

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


def test_issuing_the_same_content_again_is_ignored():
    plan = issued()
    plan.collect_events()
    another_day = definitions_in(read_plan(PLANS / "4-xa-tinh-khe.yaml"), date(2025, 9, 1))

    assert plan.issue_again(another_day.plan.sha256, AT) is None
    assert plan.collect_events() == []


def test_issuing_other_content_is_refused_and_recorded():
    plan = issued()
    plan.collect_events()
    refusal = plan.issue_again("0" * 64, AT)
    (refused,) = plan.collect_events()

    assert refusal.sentence.startswith(f"Đã có kế hoạch {plan.plan_id} cùng loại của năm 2025, ban hành ngày 1/8/2025;")
    assert (type(refused), refused.rule, refused.sentence) == (Plan.ChangeRefused, "in-force", refusal.sentence)


def test_there_is_one_plan_for_a_commune_a_regime_and_a_year():
    plan = issued()

    assert plan.id == issued(title="Khác").id
    assert len({plan.id, issued(commune="21212").id, issued(regime="tthc-control").id, issued(year=2026).id}) == 4
    assert issued(commune=None).id != issued(commune=None, province="31").id


def test_a_plan_assigns_its_tasks():
    definitions = draft()
    tasks = issued(definitions.plan).assign(definitions.tasks, AT, RULES)

    assert len(tasks) == 30
    assert tasks[2].deadlines == [date(2025, 1, 31)]
    assert [task.definition.place for task in tasks] == list(range(1, 31))
    assert all(isinstance(event, Task.Assigned) for task in tasks for event in task.collect_events())


def test_a_task_is_identified_by_its_text_not_by_its_position():
    plan = issued()
    first = plan.assign(rows(duty("A"), duty("B"), duty("C")), AT, RULES)
    moved = plan.assign(rows(duty("C"), duty("A "), duty("B")), AT, RULES)

    assert {task.definition.content.strip(): task.task_id for task in first} == {
        task.definition.content.strip(): task.task_id for task in moved
    }


def test_tasks_with_equal_text_have_different_ids():
    tasks = issued().assign([duty(), duty(), duty(code=None), duty(code="2")], AT, RULES)

    assert len({task.task_id for task in tasks}) == 4


def test_the_same_text_in_two_communes_gives_two_tasks():
    assert issued().assign([duty()], AT, RULES)[0].id != issued(commune="21212").assign([duty()], AT, RULES)[0].id


def test_more_tasks_than_one_transaction_takes_are_refused():
    assert len(issued().assign([duty()] * MOST_TASKS, AT, RULES)) == 999
    with pytest.raises(RequestRefused, match=r"Kế hoạch có 1\.000 nhiệm vụ; một kế hoạch có nhiều nhất 999 nhiệm vụ"):
        issued().assign([duty()] * (MOST_TASKS + 1), AT, RULES)


def test_more_deadlines_of_a_task_than_one_transaction_can_announce_are_refused():
    days = [date.fromordinal(DAY.toordinal() + n) for n in range(MOST_OBLIGATIONS + 1)]

    assert issued().assign([duty(deadlines=days[1:])], AT, RULES)
    with pytest.raises(RequestRefused, match="Nhiệm vụ ở dòng 1 có 101 thời hạn"):
        issued().assign([duty(deadlines=days)], AT, RULES)


@pytest.mark.parametrize(("name", "for_communes"), [("51-standard", True), ("2-phuong", False), ("1-xa-xop", False)])
def test_a_standard_plan_is_one_that_names_no_commune(name, for_communes):
    assert draft(name).for_communes is for_communes


def in_force(*tasks):
    """A plan and its tasks, as their first events leave them."""
    plan = issued()
    assigned = plan.assign(rows(*tasks), AT, RULES)
    for each in (plan, *assigned):
        each.collect_events()
    return plan, assigned


def amended(plan, before, *tasks, sha256="1" * 64, by="Chủ tịch UBND", reason="Nghị quyết mới"):
    return plan.amend(replace(draft().plan, sha256=sha256), rows(*tasks), before, AT, RULES, by=by, reason=reason)


def test_an_amendment_continues_moved_tasks_by_their_text():
    plan, before = in_force(duty("Niêm yết TTHC", "1"), duty("Tập huấn công chức một cửa", "2"))
    changed = amended(plan, before, duty("Tập huấn công chức một cửa", "1"), duty("Niêm yết TTHC", "2"))

    assert (changed.added, changed.revised, changed.withdrawn) == ([], [], [])
    assert [type(event) for task in before for event in task.collect_events()] == [Task.Renumbered, Task.Renumbered]
    assert [(task.definition.content, task.definition.code, task.definition.place) for task in before] == [
        ("Niêm yết TTHC", "2", 2),
        ("Tập huấn công chức một cửa", "1", 1),
    ]


def test_an_amendment_adds_revises_and_withdraws():
    plan, before = in_force(duty("Rà soát TTHC nội bộ của xã", "1"), duty("Lắp bảng hiệu", "2"), duty("Số hóa", "3"))
    tasks = (duty("Rà soát các TTHC nội bộ của xã", "1"), duty("Số hóa", "3"), duty("Khảo sát hài lòng", "4"))
    changed = amended(plan, before, *tasks)
    (event,) = plan.collect_events()

    assert [task.definition.content for task in changed.added] == ["Khảo sát hài lòng"]
    assert [task.task_id for task in changed.revised] == [before[0].task_id]
    assert [(task.definition.content, task.state) for task in changed.withdrawn] == [("Lắp bảng hiệu", "withdrawn")]
    assert (event.version, plan.version_in_force, event.withdrawn) == (2, 2, [before[1].task_id])


def test_a_withdrawn_task_has_the_reason_of_the_amendment():
    plan, before = in_force(duty("Lắp bảng hiệu"))
    (withdrawn,) = amended(plan, before).withdrawn
    (event,) = withdrawn.collect_events()

    assert (event.reason, event.by) == ("Sửa đổi kế hoạch lần 1: Nghị quyết mới", "Chủ tịch UBND")


def test_a_withdrawn_task_that_returns_is_the_same_task():
    plan, before = in_force(duty("Lắp bảng hiệu"), duty("Số hóa"))
    amended(plan, before, duty("Số hóa"))
    changed = amended(plan, before, duty("Số hóa"), duty("Lắp bảng hiệu"), sha256="2" * 64)

    assert [(task.task_id, task.state) for task in changed.revised] == [(before[0].task_id, "assigned")]
    assert plan.version_in_force == 3


def test_a_file_may_name_the_task_that_a_row_continues():
    plan, before = in_force(duty("Lắp bảng hiệu"))
    changed = amended(plan, before, duty("Một việc nói hoàn toàn khác", continues=before[0].task_id))

    assert (changed.added, changed.withdrawn) == ([], [])
    assert before[0].definition.content == "Một việc nói hoàn toàn khác"


def test_a_new_task_with_the_former_text_of_a_revised_one_is_another():
    plan, before = in_force(duty("Tập huấn công chức một cửa đợt một", "1"))
    amended(plan, before, duty("Tập huấn công chức một cửa đợt hai", "1"))
    first = before[0].task_id
    new = (duty("Việc khác", continues=first), duty("Tập huấn công chức một cửa đợt một", "1"))
    changed = amended(plan, before, *new, sha256="2" * 64)

    assert [task.task_id for task in changed.added] != [first]


def test_the_same_content_amends_nothing_and_an_unsigned_amendment_is_refused():
    plan, before = in_force(duty("Số hóa"))

    assert amended(plan, before, duty("Số hóa"), sha256=plan.sha256) == TaskChanges()
    assert plan.collect_events() == []
    assert amended(plan, before, by=" ").rule == "by-missing"
    assert amended(plan, before, reason="").rule == "reason-missing"
    assert [type(event) for event in plan.collect_events()] == [Plan.ChangeRefused] * 2


def test_a_plan_is_closed_with_its_tasks_once_and_never_amended_again():
    plan, tasks = in_force(duty("Số hóa", deadlines=[DAY]))

    assert plan.close(tasks, AT, by="Chủ tịch UBND", reason="hết năm") is None
    assert plan.close(tasks, AT, by="Chủ tịch UBND", reason="hết năm") is None
    assert [type(event) for event in (*plan.collect_events(), *tasks[0].collect_events())] == [Plan.Closed, Task.Closed]
    assert tasks[0].next_reminder_on is None
    assert amended(plan, tasks).sentence == f"Kế hoạch {plan.plan_id} đã kết thúc ngày 1/8/2025 nên không thể sửa đổi."


def test_a_changed_deliverable_or_schedule_revises_the_task():
    plan, before = in_force(duty("Số hóa"), duty("Tập huấn"))
    schedule = [{"kind": "on-demand", "label": None}]
    changed = amended(plan, before, duty("Số hóa", deliverable="Báo cáo"), duty("Tập huấn", milestones=schedule))

    assert [(task.definition.content, task.definition.deliverable) for task in changed.revised] == [
        ("Số hóa", "Báo cáo"),
        ("Tập huấn", None),
    ]
    assert before[1].definition.milestones == schedule


def test_rows_with_equal_content_are_matched_by_their_deliverable():
    first, second = duty(code="1a", deliverable="Báo cáo"), duty(code="1b", deliverable="Quyết định")
    plan, before = in_force(first, second)
    amended(plan, before, replace(second, code="1a"), replace(first, code="1b"))

    assert [(task.definition.deliverable, task.definition.code, task.definition.place) for task in before] == [
        ("Báo cáo", "1b", 2),
        ("Quyết định", "1a", 1),
    ]


def test_a_task_similar_to_a_withdrawn_one_is_new():
    plan, before = in_force(duty("Rà soát TTHC nội bộ của xã"), duty("Số hóa"))
    amended(plan, before, duty("Số hóa"))
    changed = amended(plan, before, duty("Số hóa"), duty("Rà soát các TTHC nội bộ của xã"), sha256="2" * 64)

    assert [task.definition.content for task in changed.added] == ["Rà soát các TTHC nội bộ của xã"]
    assert before[0].state == "withdrawn"


@pytest.mark.parametrize(
    ("named", "rule"),
    [(["t-000000000000"], "unknown-task"), ([None, None], None), (["own", "own"], "task-named-twice")],
)
def test_a_file_that_names_a_task_wrongly_is_refused(named, rule):
    plan, before = in_force(duty("Số hóa"))
    ids = [before[0].task_id if name == "own" else name for name in named]
    refusal = amended(plan, before, *(duty(f"Số hóa {n}", continues=name) for n, name in enumerate(ids)))

    assert getattr(refusal, "rule", None) == rule


def test_an_amendment_with_more_tasks_than_one_transaction_takes_is_refused():
    plan, before = in_force(duty("Số hóa"))

    with pytest.raises(RequestRefused, match=r"Kế hoạch có 1\.000 nhiệm vụ; một kế hoạch có nhiều nhất 999 nhiệm vụ"):
        amended(plan, before, *[duty()] * (MOST_TASKS + 1))


def test_an_amendment_that_changes_more_than_one_transaction_takes_is_refused():
    plan, before = in_force(*[duty()] * 500)

    with pytest.raises(RequestRefused, match=r"thay đổi 1\.000 nhiệm vụ; mỗi lần được thay đổi nhiều nhất 999"):
        amended(plan, before, *[duty("Việc khác hẳn")] * 500)


def test_a_copy_matches_its_standard_plan_until_it_is_amended_on_its_own():
    standard, (own, before) = issued(commune=None), in_force(duty("Số hóa"))
    amended(standard, [], sha256="3" * 64)

    assert own.matches_any_version_of(standard)
    amended(own, before, duty("Số hóa"), sha256="4" * 64)
    assert not own.matches_any_version_of(standard)


def test_closing_needs_a_signature_and_leaves_withdrawn_tasks():
    plan, tasks = in_force(duty("Số hóa"), duty("Lắp bảng hiệu"))
    amended(plan, tasks, duty("Số hóa"))
    for each in (plan, *tasks):
        each.collect_events()

    assert plan.close(tasks, AT, by="", reason="hết năm").rule == "by-missing"
    assert plan.close(tasks, AT, by="Chủ tịch UBND", reason="hết năm") is None
    assert [type(event) for event in plan.collect_events()] == [Plan.ChangeRefused, Plan.Closed]
    assert [[type(event) for event in task.collect_events()] for task in tasks] == [[Task.Closed], []]
