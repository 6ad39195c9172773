"""Questions about tasks, plans and communes, answered by Planning on a real PostgreSQL."""

from datetime import date
from uuid import uuid4

import pytest

from services.planning.application.progress import report_progress
from services.planning.questions import QUESTIONS
from services.planning.register import communes_of
from shared.contracts.planning import (
    ListCommunes,
    ListPlans,
    ListProvincePlans,
    ListProvinceTasks,
    ListTasks,
    ReportProgress,
    ShowPlan,
    ShowTask,
    TaskStep,
)
from shared.contracts.portal import AccountOpened, GrantGiven, GrantWithdrawn
from shared.grants import Actor
from shared.messaging.following.follower import ReceivedEvent
from shared.messaging.following.grants import PORTAL
from shared.messaging.intake.submissions import Submitted
from shared.messaging.questions.questions import NoAnswer
from tests.planning.province import DUE, duty, on, plan_of, sent, with_a_plan

PROVINCE = "01"
OFFICE, OTHER = "Văn phòng HĐND và UBND", "Phòng Văn hóa - Xã hội"
COMMUNES_OF_A_PROVINCE = communes_of("46")


def ask(planning, kind, **fields):
    question = kind(**fields)
    return QUESTIONS[kind](planning, question)


@pytest.fixture
def commune(planning):
    tasks = {"Rà soát": {"lead": (OFFICE,)}, "Báo cáo": {"lead": (OTHER,), "support": (OFFICE,)},
             "Đào tạo": {"lead": (OTHER,)}}  # fmt: skip
    return with_a_plan(planning, *(duty(content, DUE, **fields) for content, fields in tasks.items()))


def test_an_office_sees_the_tasks_that_it_leads_or_supports(planning, commune):
    found = ask(planning, ListTasks, commune=commune, body=f"{OFFICE} xã")
    assert [task.content for task in found.tasks] == ["Rà soát", "Báo cáo"]
    every = ask(planning, ListTasks, commune=commune).tasks
    assert len(every) == 3
    other = every[2].task_id
    assert ask(planning, ShowTask, commune=commune, task_id=other).task.content == "Đào tạo"
    with pytest.raises(NoAnswer) as refused:
        ask(planning, ShowTask, commune=commune, task_id=other, body=OFFICE)
    assert refused.value.unanswered.problem == "not-found"


def test_the_grant_for_a_body_is_needed_only_where_a_question_names_it():
    assert ListTasks(commune="21025", body=OFFICE).body_of == OFFICE
    assert ListTasks(commune="21025").body_of is None


def remember(here, kind, **fields):
    """Something that the portal announces of an officer's account."""
    event = kind(
        event_id=f"{kind.__name__}/1", recorded_at="2025-07-01T01:00:00Z", account="tam", by="Vận hành",
        by_account=None, **fields,
    )  # fmt: skip
    with here.pool.connection() as connection:
        PORTAL.apply(connection, [ReceivedEvent(1, event)])


def give(here, grant, until=None):
    scope = {"role": "provincial-officer", "commune": None, "body": None, "province": PROVINCE}
    remember(here, GrantGiven, grant=grant, **scope, in_force_from=date(2025, 1, 1), until=until)


def test_following_ends_with_the_grant_and_does_not_come_back_with_another_one(here, planning, commune):
    task_id = ask(planning, ListTasks, commune=commune).tasks[0].task_id
    actor = Actor("Lê Văn Tám", "tam")

    def follow():
        step = TaskStep(task_id=task_id, step="follow", role="provincial-office", by=actor.name)
        submitted = Submitted(commune, "progress", uuid4().hex, b"", "", ReportProgress(steps=(step,)), actor=actor)
        outcome = report_progress(planning.progress_batch([submitted], planning.clock()), submitted)
        planning.commit(*outcome.aggregates, at=planning.clock(), statements=outcome.statements)

    def followed():
        listed = ask(planning, ListProvinceTasks, province=PROVINCE, followed=True, actor="tam")
        [each] = [each for each in ask(planning, ListTasks, commune=commune, actor="tam").tasks if each.followed] or [0]
        assert [task.task_id for task in listed.tasks] == ([task_id] if each else [])
        return bool(each)

    remember(here, AccountOpened, name=actor.name, until=None)
    give(here, "tam.0", until=date(2025, 7, 1))
    give(here, "tam.1")
    follow()
    assert followed()
    assert planning.tasks.all(commune)[0].followers == ["tam tam.1"], "by the grant that lasts longest"
    remember(here, GrantWithdrawn, grant="tam.1", reason="chuyển công tác")
    give(here, "tam.2")
    assert not followed()
    follow()
    assert followed()


def test_late_tasks_of_a_province_come_in_parts(planning, commune, clock):
    on(clock, date(2025, 10, 3))
    late = ask(planning, ListProvinceTasks, province=PROVINCE, late=True)
    assert len([task for task in late.tasks if task.commune == commune]) == 3
    before = ask(planning, ListProvinceTasks, province=PROVINCE, late=True, known_at=DUE)
    assert commune not in {task.commune for task in before.tasks}
    every = ask(planning, ListProvinceTasks, province=PROVINCE)
    part = ask(planning, ListProvinceTasks, province=PROVINCE, skip=1, most=2)
    assert (part.total, part.tasks) == (every.total, every.tasks[1:3])
    assert ask(planning, ListProvinceTasks, province="99").total == 0


def test_open_tasks_of_a_merged_commune_are_with_its_successor(here, planning, clock):
    """In the lists and counts of the province, and beside the tasks of the successor; on a day before they are not."""
    gone, into, *_ = communes_of("56")
    planning.register([gone, into], date(2025, 7, 1))
    open_duties = duty("Rà soát", DUE, lead=(OFFICE,)), duty("Đào tạo", DUE, lead=(OTHER,))
    planning.issue_plan(plan_of(gone.code, *open_duties, duty("Số hóa", DUE, lead=(OFFICE,))))
    planning.issue_plan(plan_of(into.code, duty("Báo cáo", DUE, lead=(OFFICE,))))
    done = planning.tasks.all(gone.code)[2].task_id
    assert not sent(here, gone.code, {"task_id": done, "step": "complete", "evidence": "1/BC"}).refused
    planning.succession.merge(gone.code, into.code, date(2025, 9, 1), "01/NQ-HĐND")
    on(clock, date(2025, 10, 3))
    found = ask(planning, ListProvinceTasks, province="56", late=True)
    assert (found.total, [task.name for task in found.tasks]) == (3, [gone.name, gone.name, into.name])
    assert [task.successor for task in found.tasks] == [into.name, into.name, None]
    [former] = ask(planning, ListTasks, commune=into.code).former
    assert (former.commune, former.name, former.open) == (gone.code, gone.name, 3), "one waits for acceptance"
    [of_body] = ask(planning, ListTasks, commune=into.code, body=OFFICE).former
    assert of_body.open == 2
    assert {task.successor for task in ask(planning, ListTasks, commune=gone.code).tasks} == {into.name}
    before = ask(planning, ListProvinceTasks, province="56", known_at=date(2025, 8, 1))
    assert {task.successor for task in before.tasks} <= {None}


def test_a_commune_sees_its_plans_and_the_standard_plan_of_its_province(planning):
    own, other, *_ = COMMUNES_OF_A_PROVINCE
    planning.register([own, other], date(2025, 7, 1))
    standard = planning.issue_plan(plan_of(None, duty("Chung"), province="46"), standard=True).plan_id
    planning.issue_plan(plan_of(own.code, duty("Riêng"), regime="reform"))
    plans = {plan.plan_id: plan for plan in ask(planning, ListPlans, commune=own.code).plans}
    assert {plan.commune for plan in plans.values()} == {None, own.code}
    assert (len(plans), plans[standard].standard_plan_id) == (3, None)
    assert {plan.commune for plan in ask(planning, ListProvincePlans, province="46").plans} == {
        None,
        own.code,
        other.code,
    }
    for plan_id in plans:
        assert ask(planning, ShowPlan, commune=own.code, plan_id=plan_id).plan_id == plan_id
    shown = ask(planning, ShowPlan, commune=own.code)
    assert shown.plan_id in plans
    assert shown.file["plan"]["commune"] == own.code
    for plan_id in (own.code, "p-none", other.code):
        found = [plan.plan_id for plan in ask(planning, ListPlans, commune=other.code).plans if plan.commune]
        for name in (plan_id, *found):
            if name != own.code:
                with pytest.raises(NoAnswer, match="Đơn vị không có kế hoạch"):
                    ask(planning, ShowPlan, commune=own.code, plan_id=name)
    with pytest.raises(NoAnswer, match="Đơn vị không có kế hoạch nào"):
        ask(planning, ShowPlan, commune="no-such")


def test_the_communes_of_a_province_are_listed(planning, commune):
    listed = ask(planning, ListCommunes, province=PROVINCE).communes
    assert commune in [each.commune for each in listed]
    assert {each.province for each in listed} == {PROVINCE}
