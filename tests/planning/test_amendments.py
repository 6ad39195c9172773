"""Plans amended and closed on real servers, by one instance and by two at once, while communes report."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from services.planning.domain.plans.plan import Plan
from services.planning.domain.refusal import RequestRefused
from services.planning.domain.tasks.task import Task
from services.planning.publishers import announce
from services.planning.register import communes_of
from shared.contracts.planning import PlanAmended
from tests.planning.province import DUE, duty, events_of, of_type, on, plan_of, recorded, sent, task_of, with_a_plan

SIGNED = {"by": "Chủ tịch UBND", "reason": "Nghị quyết mới"}
REVIEW, SURVEY, SIGNS = duty("Rà soát TTHC nội bộ", DUE), duty("Khảo sát hài lòng", DUE), duty("Lắp bảng hiệu", DUE)


def states(planning, commune):
    return {task.content: task.state for task in planning.tasks.all(commune)}


def listed(planning, commune):
    (plan,) = [plan for plan in planning.plans.all() if plan.commune == commune]
    return plan


def test_a_commune_amends_its_plan_by_file(planning):
    commune = with_a_plan(planning, REVIEW, SURVEY)
    amended = planning.amend_plan(plan_of(commune, SURVEY, SIGNS, title="Kế hoạch sửa đổi"), **SIGNED)

    assert amended[1:5] == (2, 1, 0, 1)  # that the survey stands in another row now is no revision
    assert states(planning, commune) == {
        "Khảo sát hài lòng": "assigned",
        "Lắp bảng hiệu": "assigned",
        "Rà soát TTHC nội bộ": "withdrawn",
    }
    plan = listed(planning, commune)
    assert (plan.title, plan.version, plan.tasks, plan.completed) == ("Kế hoạch sửa đổi", 2, 2, 0)
    (announced,) = [
        event for recorded in events_of(planning, commune) if isinstance(event := announce(recorded), PlanAmended)
    ]
    assert (announced.version, len(announced.added), announced.reason) == (2, 1, "Nghị quyết mới")


def test_the_same_file_amends_once(planning):
    commune = with_a_plan(planning, REVIEW)
    file = plan_of(commune, REVIEW, SIGNS)

    assert (planning.amend_plan(file, **SIGNED).added, planning.amend_plan(file, **SIGNED)[1:5]) == (1, (2, 0, 0, 0))
    assert len(recorded(planning, commune, Plan.Amended)) == 1


@pytest.mark.parametrize(
    ("signature", "tasks", "rule", "sentence"),
    [
        ({"by": " "}, [SURVEY], "by-missing", "Chưa ghi người ký."),
        ({"reason": ""}, [SURVEY], "reason-missing", "Chưa ghi lý do."),
        ({}, [duty(task_id="t-000000000000")], "unknown-task", "không có nhiệm vụ mang mã “t-000000000000”"),
    ],
)
def test_a_refused_amendment_is_recorded_and_changes_nothing(planning, signature, tasks, rule, sentence):
    commune = with_a_plan(planning, REVIEW)

    with pytest.raises(RequestRefused, match=sentence):
        planning.amend_plan(plan_of(commune, *tasks), **SIGNED | signature)

    (refused,) = recorded(planning, commune, Plan.ChangeRefused)
    assert (refused.change, refused.rule) == ("amend", rule)
    assert states(planning, commune) == {"Rà soát TTHC nội bộ": "assigned"}


def test_other_content_issued_is_refused_and_recorded(planning):
    commune = with_a_plan(planning, REVIEW)

    with pytest.raises(RequestRefused, match="muốn thay đổi thì phải sửa đổi kế hoạch đó"):
        planning.issue_plan(plan_of(commune, SURVEY))

    (refused,) = recorded(planning, commune, Plan.ChangeRefused)
    assert (refused.change, refused.rule) == ("issue", "in-force")


def test_an_unknown_plan_cannot_be_amended_or_closed(planning):
    commune = with_a_plan(planning, REVIEW)

    with pytest.raises(RequestRefused, match=f"Đơn vị {commune} chưa có kế hoạch reform năm 2025; phải ban hành"):
        planning.amend_plan(plan_of(commune, REVIEW, regime="reform"), **SIGNED)
    with pytest.raises(RequestRefused, match="Không có kế hoạch p-0"):
        planning.close_plan("p-0", **SIGNED)


def test_two_instances_with_the_same_amendment_make_one_version(planning, another):
    commune = with_a_plan(planning, REVIEW, SURVEY)
    file = plan_of(commune, SURVEY, SIGNS)
    with ThreadPoolExecutor(2) as threads:
        amended = list(threads.map(lambda one: one.amend_plan(file, **SIGNED), [planning, another]))

    assert [each.version for each in amended] == [2, 2]
    assert sorted(each.added for each in amended) == [0, 1]
    assert [len(recorded(planning, commune, kind)) for kind in (Plan.Amended, Task.Withdrawn)] == [1, 1]


def test_two_amendments_at_once_make_two_versions(planning, another):
    commune = with_a_plan(planning, REVIEW)
    files = [plan_of(commune, REVIEW, SURVEY), plan_of(commune, REVIEW, SIGNS)]
    with ThreadPoolExecutor(2) as threads:
        amended = list(threads.map(lambda one, file: one.amend_plan(file, **SIGNED), [planning, another], files))

    assert sorted(each.version for each in amended) == [2, 3]
    last = SURVEY if amended[0].version == 3 else SIGNS
    required = {content for content, state in states(planning, commune).items() if state != "withdrawn"}
    assert required == {"Rà soát TTHC nội bộ", last["content"]}


def test_an_amendment_and_a_report_at_the_same_time_are_both_recorded(here, another):
    planning = here.planning
    commune = with_a_plan(planning, *[duty(f"Việc số {n} của xã", DUE) for n in range(30)])
    tasks = [task.task_id for task in planning.tasks.all(commune)]
    later = [duty(f"Việc số {n} của xã", date(2025, 10, 31)) for n in range(30)]
    report = [{"task_id": task, "step": "progress", "percent": 40} for task in tasks]
    with ThreadPoolExecutor(2) as threads:
        amending = threads.submit(another.amend_plan, plan_of(commune, *later), **SIGNED)
        receipt = threads.submit(sent, here, commune, *report).result()

    assert (receipt.accepted, amending.result().revised) == (30, 30)
    assert {(task.percent, *task.deadlines) for task in planning.tasks.all(commune)} == {(40, date(2025, 10, 31))}


def test_an_amendment_keeps_the_reported_state_of_a_task(here):
    planning = here.planning
    commune = with_a_plan(planning, REVIEW, SURVEY)
    review, survey = (task.task_id for task in planning.tasks.all(commune))
    sent(here, commune, {"task_id": review, "step": "complete", "evidence": "12/BC"})
    planning.amend_plan(plan_of(commune, SURVEY, REVIEW | {"content": "Rà soát các TTHC nội bộ"}), **SIGNED)

    assert [(task.task_id, task.state) for task in planning.tasks.all(commune)] == [
        (survey, "assigned"),
        (review, "done"),
    ]


def standard_plan(planning, province, *tasks, communes=3):
    entries = communes_of(province)[:communes]
    planning.register(entries, date(2025, 7, 1))
    planning.issue_plan(plan_of(None, *tasks, province=province), standard=True)
    return [entry.code for entry in entries]


def test_a_standard_plan_is_amended_with_its_copies_except_those_amended_on_their_own(planning):
    own, *others = standard_plan(planning, "31", REVIEW)
    planning.amend_plan(plan_of(own, REVIEW, SIGNS), **SIGNED)
    amended = planning.amend_plan(plan_of(None, REVIEW, SURVEY, province="31"), **SIGNED, standard=True)

    assert (amended.version, amended.added) == (2, 2)
    assert {code: set(states(planning, code)) for code in (own, *others)} == {
        own: {"Rà soát TTHC nội bộ", "Lắp bảng hiệu"},
        others[0]: {"Rà soát TTHC nội bộ", "Khảo sát hài lòng"},
        others[1]: {"Rà soát TTHC nội bộ", "Khảo sát hài lòng"},
    }
    assert planning.amend_plan(plan_of(None, REVIEW, SURVEY, province="31"), **SIGNED, standard=True)[1:5] == (
        2,
        0,
        0,
        0,
    )


def test_an_interrupted_amendment_of_a_standard_plan_is_completed_by_repeating_it(planning, monkeypatch):
    codes = standard_plan(planning, "37", REVIEW)
    file = plan_of(None, REVIEW, SURVEY, province="37")
    made_from = planning.plans.made_from
    monkeypatch.setattr(planning.plans, "made_from", lambda plan: made_from(plan)[:1])
    planning.amend_plan(file, **SIGNED, standard=True)
    monkeypatch.undo()

    assert planning.amend_plan(file, **SIGNED, standard=True).added == 2
    assert {listed(planning, code).version for code in codes} == {2}


def test_a_commune_registered_later_gets_the_amended_standard_plan(planning):
    standard_plan(planning, "68", REVIEW, communes=1)
    file = plan_of(None, REVIEW, SURVEY, province="68")
    planning.amend_plan(file, **SIGNED, standard=True)
    planning.register(communes_of("68")[:2], date(2025, 7, 1))

    assert planning.issue_plan(file, standard=True).tasks == 2
    assert set(states(planning, communes_of("68")[1].code)) == {"Rà soát TTHC nội bộ", "Khảo sát hài lòng"}


def test_a_closed_plan_is_not_amended_with_the_standard_plan(planning):
    first, second = standard_plan(planning, "40", REVIEW, communes=2)
    planning.close_plan(listed(planning, first).plan_id, **SIGNED)

    assert planning.amend_plan(plan_of(None, REVIEW, SURVEY, province="40"), **SIGNED, standard=True).added == 1
    assert (listed(planning, first).closed_on is None, listed(planning, second).version) == (False, 2)


def test_a_closed_plan_refuses_steps_and_amendments_and_sends_no_reminder(here, clock):
    planning = here.planning
    commune = with_a_plan(planning, REVIEW)
    task, plan = task_of(planning, commune), listed(planning, commune).plan_id
    planning.close_plan(plan, **SIGNED)
    planning.close_plan(plan, **SIGNED)

    receipt = sent(here, commune, {"task_id": task, "step": "progress", "percent": 10})
    with pytest.raises(RequestRefused, match="đã kết thúc ngày 1/7/2025 nên không thể sửa đổi"):
        planning.amend_plan(plan_of(commune, SURVEY), **SIGNED)
    on(clock, date(2025, 10, 20))
    planning.sweep(date(2025, 10, 20))

    assert [refused.rule for refused in receipt.refused] == ["plan-closed"]
    events = events_of(planning, commune)
    assert (len(of_type(events, Plan.Closed)), len(of_type(events, Task.Closed))) == (1, 1)
    assert not of_type(events, Task.DeadlineMissed)
    assert (listed(planning, commune).closed_on is None, planning.tasks.all(commune)[0].is_open) == (False, False)


def test_the_largest_plan_is_issued_amended_and_closed_in_one_transaction_each(planning):
    tasks = [duty(f"Việc số {n}") for n in range(999)]
    commune = with_a_plan(planning, *tasks)

    assert planning.amend_plan(plan_of(commune, *reversed(tasks)), **SIGNED).revised == 0
    assert len(recorded(planning, commune, Task.Renumbered)) == 998
    planning.close_plan(listed(planning, commune).plan_id, **SIGNED)
    assert len(recorded(planning, commune, Task.Closed)) == 999
