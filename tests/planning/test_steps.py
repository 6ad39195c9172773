"""Each step of a task's life, as a commune sends it and is answered."""

from datetime import date

import pytest
from pydantic import ValidationError

from services.planning.domain.tasks.task import Task
from services.planning.register import communes_of
from shared.contracts.planning import TaskStep
from shared.record.event_store import MOST_EVENTS_IN_ONE_SAVE
from tests.planning.province import DUE, duty, events_of, plan_of, receipts_of, recorded, sent, task_of, with_a_plan

QUARTERLY = {
    "kind": "recurring", "every": "quarter", "from": date(2025, 7, 1), "until": date(2025, 12, 31), "on": "15"
}  # fmt: skip
BY_PLAN = {"kind": "by-reference", "text": "Theo Kế hoạch"}
DONE = {"step": "complete", "evidence": "12/BC-UBND"}
CENTRE = {"by": "Nguyễn Văn An", "role": "one-stop-centre"}
CHAIR = {"by": "Trần Thị Bình", "role": "chair", "note": "chờ hướng dẫn"}
EXTENDED = {"step": "extend", "due_on": "2025-10-31", **CHAIR}
RESOLVED = {"step": "resolve", "due_on": "2025-10-31", "obligation": "by-reference"}

# the steps before, the step, the event that it records
TAKEN = [
    ([], {"step": "acknowledge"}, Task.Acknowledged),
    ([], {"step": "progress", "percent": 40, "evidence": "3/BC"}, Task.ProgressReported),
    ([], DONE, Task.Completed),
    ([], DONE | {"obligation": "2025-Q3"}, Task.ObligationFulfilled),
    ([DONE], {"step": "accept", **CENTRE}, Task.Accepted),
    ([DONE], {"step": "return", "note": "thiếu phụ lục", **CENTRE}, Task.Returned),
    ([DONE], {"step": "reopen", "note": "thiếu phụ lục"}, Task.Reopened),
    ([], EXTENDED | {"obligation": "2025-09-30"}, Task.Extended),
    ([], RESOLVED, Task.Resolved),
    ([], {"step": "withdraw", **CHAIR}, Task.Withdrawn),
    ([], {"step": "comment", "note": "nêu rõ số liệu"}, Task.Commented),
]


@pytest.fixture
def commune(planning):
    return with_a_plan(planning, duty("Báo cáo", DUE, milestones=[QUARTERLY, BY_PLAN]), duty("Rà soát", DUE))


def steps_of(planning, commune, *steps):
    return [{"task_id": task_of(planning, commune), **step} for step in steps]


@pytest.mark.parametrize(("before", "step", "event"), TAKEN, ids=[f"{s['step']}-{e.__name__}" for _, s, e in TAKEN])
def test_a_step_is_taken_and_recorded_once(here, commune, before, step, event):
    receipt = sent(here, commune, *steps_of(here.planning, commune, *before, step))

    assert (receipt.accepted, receipt.refused) == (len(before) + 1, ())
    assert len(recorded(here.planning, commune, event)) == 1


# A repeated return or reopening is refused: there is nothing to return or to reopen any more. A remark is made again.
REPEATED = [taken for taken in TAKEN if taken[1]["step"] not in ("return", "reopen", "comment")]


@pytest.mark.parametrize(("before", "step", "event"), REPEATED, ids=[s["step"] for _, s, _ in REPEATED])
def test_a_step_repeated_in_another_submission_is_a_duplicate(here, commune, before, step, event):
    sent(here, commune, *steps_of(here.planning, commune, *before, step), submission_id="a")
    again = sent(here, commune, *steps_of(here.planning, commune, step), submission_id="b")

    assert (again.accepted, again.duplicates, again.refused) == (0, 1, ())
    assert len(recorded(here.planning, commune, event)) == 1


@pytest.mark.parametrize(
    ("before", "step", "rule", "sentence"),
    [
        ([DONE], {"step": "acknowledge"}, "completed", "Nhiệm vụ đã hoàn thành nên không cần xác nhận tiếp nhận."),
        ([], {"step": "progress"}, "percent-missing", "Báo cáo tiến độ phải ghi tỷ lệ phần trăm đã thực hiện."),
        ([], DONE | {"obligation": "2026-Q1"}, "unknown-obligation", "Nhiệm vụ không có mốc thời hạn “2026-Q1”."),
        (
            [DONE],
            {"step": "accept"},
            "not-entitled",
            "Chỉ Trung tâm Phục vụ hành chính công hoặc Chủ tịch UBND được chấp nhận hay trả lại kết quả.",
        ),
        (
            [DONE],
            {"step": "accept", "role": "one-stop-centre"},
            "four-eyes",
            "Người báo cáo hoàn thành không được tự chấp nhận kết quả của mình.",
        ),
        ([DONE], {"step": "return", **CENTRE}, "reason-missing", "Trả lại kết quả phải ghi lý do."),
        ([], EXTENDED | {"role": "one-stop-centre"}, "not-entitled", "Chỉ Chủ tịch UBND được gia hạn nhiệm vụ."),
        (
            [],
            EXTENDED,
            "which-obligation",
            "Có nhiều thời hạn đang mở, phải ghi rõ gia hạn mốc nào: “2025-09-30”, “2025-Q3”, “2025-Q4”.",
        ),
        (
            [],
            EXTENDED | {"obligation": "2025-Q4"},
            "not-later",
            "Ngày gia hạn phải sau thời hạn đang có.",
        ),
        (
            [RESOLVED],
            RESOLVED | {"obligation": None},
            "nothing-unresolved",
            "Không có thời hạn nào đang chờ xác định; muốn đổi ngày thì phải gia hạn.",
        ),
        ([], {"step": "withdraw", **CHAIR, "note": None}, "reason-missing", "Rút nhiệm vụ phải ghi lý do."),
        ([{"step": "withdraw", **CHAIR}], DONE, "withdrawn", "Nhiệm vụ đã được rút khỏi kế hoạch."),
        ([], {"step": "reopen", "note": "x"}, "not-completed", "Nhiệm vụ chưa hoàn thành nên không thể mở lại."),
    ],
)
def test_a_step_against_the_rules_is_refused_and_recorded(here, commune, before, step, rule, sentence):
    receipt = sent(here, commune, *steps_of(here.planning, commune, *before, step))

    (refused,) = receipt.refused
    assert (receipt.accepted, refused.rule, refused.sentence) == (len(before), rule, sentence)
    assert [event.sentence for event in recorded(here.planning, commune, Task.StepRefused)] == [sentence]


@pytest.mark.parametrize("step", [EXTENDED, {"step": "withdraw", **CHAIR}, DONE, {"step": "acknowledge"}])
def test_no_step_reaches_the_task_of_another_commune(here, commune, step):
    other = communes_of("42")[0]
    here.planning.register([other], date(2025, 7, 1))
    receipt = sent(here, other.code, *steps_of(here.planning, commune, step), submission_id=step["step"])

    assert [refused.rule for refused in receipt.refused] == ["unknown-task"]
    assert here.planning.tasks.all(commune)[0].state == "assigned"


@pytest.mark.parametrize("bad", ["t-\\u0000", "t-\\ud800", "x" * 81])
def test_an_impossible_task_id_is_answered(here, commune, bad):
    body = f'{{"steps": [{{"task_id": "{bad}", "step": "acknowledge", "by": "P"}}]}}'
    (receipt,) = receipts_of(here, commune, [("s1", body)])

    assert receipt.accepted == 0
    assert receipt.parked or receipt.refused


def test_an_impossible_obligation_key_is_answered(here, commune):
    receipt = sent(here, commune, *steps_of(here.planning, commune, DONE | {"obligation": "\x00"}))

    assert receipt.accepted == 0
    assert receipt.parked or receipt.refused


def test_the_largest_submission_is_one_transaction(here):
    planning = here.planning
    commune = with_a_plan(planning, *[duty(f"Việc số {n}", DUE) for n in range(250)])
    tasks = [task.task_id for task in planning.tasks.all(commune)]
    before = len(events_of(planning, commune))
    receipt = sent(
        here,
        commune,
        *({"task_id": task, "step": "progress", "percent": 50} for task in tasks),
        *({"task_id": task, **DONE} for task in tasks),
    )

    assert (receipt.accepted, receipt.refused) == (500, ())
    assert len(events_of(planning, commune)) - before == 501 <= MOST_EVENTS_IN_ONE_SAVE


def test_a_step_on_a_task_that_an_amendment_withdrew_is_refused(here, commune):
    planning = here.planning
    task = task_of(planning, commune)
    planning.amend_plan(plan_of(commune, duty("Rà soát", DUE)), by="Chủ tịch UBND", reason="gộp việc")
    receipt = sent(here, commune, {"task_id": task, **DONE})

    assert [refused.rule for refused in receipt.refused] == ["withdrawn"]


@pytest.mark.parametrize("day", ["1764547200", '"1764547200"', '"2025-12-01T00:00:00"', '"1/12/2025"', '"2025-02-30"'])
def test_a_step_accepts_only_iso_days(day):
    with pytest.raises(ValidationError, match="due_on"):
        TaskStep.model_validate_json(f'{{"task_id": "t", "step": "extend", "by": "x", "due_on": {day}}}')
