"""The steps of a task: progress, completion, acceptance, extension, and what refuses each."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unicodedata import normalize

import pytest

from services.planning.domain.tasks.step import Step
from services.planning.domain.tasks.task import Task
from tests.planning.task_making import (
    AFTER_ACT,
    AT,
    BY_PLAN,
    CALENDAR,
    CENTRE,
    DUE,
    LATER,
    PAST,
    SIGNED,
    WHO,
    YESTERDAY,
    assigned,
    assigned_task,
    completed,
    definition,
    swept,
    taken,
    with_milestones,
)


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


def test_a_withdrawn_task_takes_no_step_and_is_never_late():
    task = assigned(DUE)

    assert taken(task, "withdraw", **SIGNED) == (None, [Task.Withdrawn])
    assert taken(task, "withdraw", **SIGNED) == (None, [])
    assert taken(task, "progress", percent=10) == ("withdrawn", [Task.StepRefused])
    assert swept(task, DUE + timedelta(days=30)) == []


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
        task.take(Step(task.task_id, "progress", percent=50, note=account, by=WHO, account=account), AT, CALENDAR)
    task.take(Step(task.task_id, "complete", by=WHO, account="lan"), AT, CALENDAR)
    *reported, refused = task.collect_events()

    assert [event.by_account for event in reported] == ["lan", None]
    assert (refused.step["account"], "account" in Step("t", "complete").stored()) == ("lan", False)


OFFICER = {"by": "Lê Văn Tám", "role": "provincial-office", "account": "tam"}


def test_a_comment_is_recorded_and_changes_nothing_else():
    task = completed()

    assert taken(task, "comment", note="Còn thiếu phụ lục", **OFFICER) == (None, [Task.Commented])
    assert taken(task, "comment", note="Còn thiếu phụ lục", **OFFICER) == (None, [Task.Commented]), "a month later"
    assert (task.state, task.done_by) == ("done", WHO)


def test_a_task_is_followed_by_each_account_until_it_is_unfollowed():
    task = assigned()

    assert taken(task, "follow", **OFFICER) == (None, [Task.Followed])
    assert taken(task, "follow", **OFFICER | {"by": "Lê Tám"}) == (None, []), "the account counts, not its name"
    assert taken(task, "follow") == (None, [Task.Followed])
    assert taken(task, "follow", by="PHÒNG  KINH TẾ") == (None, []), "another spelling of the body"
    assert task.followers == ["tam", "=phòng kinh tế"]
    assert taken(task, "unfollow", by="tam") == (None, []), "a machine's name is no account"
    assert taken(task, "follow", by="tam") == (None, [Task.Followed])
    assert taken(task, "unfollow", by="Tam") == (None, [Task.Unfollowed])
    assert task.followers == ["tam", "=phòng kinh tế"]
    task.close(AT)
    task.collect_events()
    assert taken(task, "unfollow", **OFFICER) == (None, [Task.Unfollowed]), "also of a task that is over"
    assert taken(task, "unfollow", **OFFICER) == (None, [])


def test_an_account_follows_by_a_grant_and_again_only_by_another_one():
    task = assigned()

    assert taken(task, "follow", **OFFICER, grant="tam.1") == (None, [Task.Followed])
    assert taken(task, "follow", **OFFICER, grant="tam.1") == (None, [])
    assert taken(task, "follow", **OFFICER | {"account": "ta"}, grant="ta.1") == (None, [Task.Followed])
    assert taken(task, "follow", **OFFICER, grant="tam.2") == (None, [Task.Followed])
    assert task.followers == ["ta ta.1", "tam tam.2"]
    assert taken(task, "unfollow", **OFFICER | {"account": "ta"}) == (None, [Task.Unfollowed])
    assert task.followers == ["tam tam.2"]


@pytest.mark.parametrize(
    ("step", "fields", "rule"),
    [
        ("comment", {"note": " "}, "note-missing"),
        ("comment", {"note": "x", **OFFICER, "account": None}, "not-entitled"),
        ("accept", OFFICER, "not-entitled"),
        ("acknowledge", OFFICER, "not-entitled"),
    ],
)
def test_a_comment_needs_words_and_the_province_only_remarks_and_follows(step, fields, rule):
    assert taken(assigned(), step, **fields)[0] == rule


@pytest.mark.parametrize("step", ["comment", "follow", "acknowledge"])
def test_an_account_acts_for_a_body_of_the_task_only(step):
    of_other = {"by": "Phòng Văn hóa - Xã hội", "account": "lan", "note": "x"}

    assert taken(assigned(), step, **of_other) == ("not-its-body", [Task.StepRefused])
    assert taken(assigned(), step, **of_other | {"by": "phòng kinh tế xã"})[0] is None
    assert taken(assigned(), step, **of_other | {"account": None})[0] is None, "a machine sends for its whole commune"


@pytest.mark.parametrize("step", ["comment", "follow"])
def test_a_task_that_is_over_is_not_remarked_on(step):
    closed, withdrawn = assigned(), assigned()
    closed.close(AT)
    withdrawn.withdraw(AT, by="Chủ tịch", reason="gộp việc")

    assert taken(closed, step, note="x")[0] == "plan-closed"
    assert taken(withdrawn, step, note="x")[0] == "withdrawn"
