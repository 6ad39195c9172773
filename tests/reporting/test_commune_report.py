"""Decisions of a commune's report: recorded, refused, or ignored when repeated."""

from datetime import UTC, date, datetime
from unicodedata import normalize

import pytest

from services.reporting.data_files.regimes import read_regimes
from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.reminders import Reminder
from shared.periods import Period

AT = datetime(2025, 9, 16, 2, tzinfo=UTC)
REGIME, QUARTER, DUE = read_regimes()[0], Period.parse("2025-Q3"), date(2025, 9, 16)
CLERK, REVIEWER = "Nguyễn Thị An", "Trần Bình"
REMARKS = [{"item": "II.06/land/3", "note": "lệch với sổ"}]
FIELDS = {
    "submission_id": "r-1", "due_on": DUE, "days_late": 0, "content_sha256": "ab", "explanations": {}, "stated": {},
    "narrative": {},
    "known_at": DUE, "positions": {"indicators": 7}, "definitions": "then", "map_day": None, "pins": {},
}  # fmt: skip


def given(*steps):
    """A report after some steps, with nothing pending."""
    report = CommuneReport.open(
        AT, province="51", province_name="Tỉnh Quảng Ngãi", commune="21211", regime=REGIME.name,
        regime_name=REGIME.title, period="2025-Q3",
    )  # fmt: skip
    for step in steps:
        assert step(report) is None
    report.collect_events()
    return report


def submit(figures="f1", by=CLERK):
    return lambda report: report.submit(AT, by=by, figures_sha256=figures, **FIELDS)


def send_back(by=REVIEWER, reason="thiếu", cells=()):
    return lambda report: report.send_back(AT, by=by, reason=reason, cells=cells)


def approve(by=REVIEWER, submission=None):
    return lambda report: report.approve(AT, by=by, submission=submission)


def ask_for(by=REVIEWER, note=""):
    return lambda report: report.ask_for(DUE, AT, by=by, note=note)


def remind(step, today, due_on=DUE):
    return lambda report: report.remind(Reminder(REGIME, QUARTER, "commune", due_on, step), today, AT)


def then(report, step):
    """The kinds of events that a step records, and the rule that refuses it."""
    refusal = step(report)
    return [type(event) for event in report.collect_events()], refusal and refusal.rule


Submitted, Returned, Approved = CommuneReport.Submitted, CommuneReport.Returned, CommuneReport.Approved
REFUSED = CommuneReport.StepRefused


@pytest.mark.parametrize(
    ("before", "step", "events", "rule"),
    [
        ([], submit(), [Submitted], None),
        ([submit()], submit(), [], None),
        ([submit()], submit("f2"), [Submitted], None),
        ([submit(), send_back()], submit(), [Submitted], None),
        ([submit(), approve()], submit(), [], None),
        ([submit(), approve()], submit("f2"), [], "already-approved"),
        ([submit(), approve(), send_back()], submit("f2"), [Submitted], None),
        ([], send_back(), [REFUSED], "not-submitted"),
        ([submit()], send_back(), [Returned], None),
        ([submit()], send_back(reason=" "), [REFUSED], "reason-missing"),
        ([submit()], send_back(by=""), [REFUSED], "by-missing"),
        ([submit()], send_back(by=CLERK), [REFUSED], "four-eyes"),
        ([submit(), send_back()], send_back(), [], None),
        ([submit(), send_back()], send_back(reason="khác"), [REFUSED], "returned"),
        ([submit()], send_back(cells=REMARKS), [Returned], None),
        ([submit(), send_back(cells=REMARKS)], send_back(cells=REMARKS), [], None),
        ([submit(), send_back(cells=REMARKS)], send_back(), [REFUSED], "returned"),
        ([submit(), approve()], send_back(), [Returned], None),
        ([], approve(), [REFUSED], "not-submitted"),
        ([submit()], approve(), [Approved], None),
        ([submit()], approve(by=" nguyễn  thị AN"), [REFUSED], "four-eyes"),
        ([submit()], approve(by=normalize("NFD", "Nguyễn Thị An")), [REFUSED], "four-eyes"),
        ([submit()], approve(by=" "), [REFUSED], "by-missing"),
        ([submit(), send_back()], approve(), [REFUSED], "returned"),
        ([submit(), approve()], approve(), [], None),
        ([submit(), submit("f2")], approve(submission=1), [REFUSED], "superseded"),
        ([submit(), submit("f2")], approve(submission=2), [Approved], None),
        ([submit(), submit("f2", by="Khác")], approve(by=CLERK), [Approved], None),
        ([], ask_for(), [CommuneReport.Reminded], None),
        ([ask_for()], ask_for(note="khác"), [], None),
        ([submit(), send_back()], ask_for(), [CommuneReport.Reminded], None),
        ([submit()], ask_for(), [REFUSED], "submitted"),
        ([], ask_for(by=" "), [REFUSED], "by-missing"),
    ],
)
def test_a_step_is_recorded_refused_or_ignored(before, step, events, rule):
    assert then(given(*before), step) == (events, rule)


def test_a_second_submission_is_numbered_two_and_clears_the_first_review():
    report = given(submit(), send_back(cells=REMARKS))
    assert report.cells == REMARKS
    submit("f2")(report)
    assert (report.state, report.submission, report.reviewed_by, report.reason) == ("submitted", 2, None, None)
    assert report.cells == []


def announced(report, step):
    step(report)
    return [(type(event).__name__, event.step, event.days_left if hasattr(event, "days_left") else event.days_late)
            for event in report.collect_events()]  # fmt: skip


def test_a_reminder_step_is_announced_once_with_the_real_days_left():
    report = given()
    assert announced(report, remind(-3, date(2025, 9, 14))) == [("Due", -3, 2)]
    assert announced(report, remind(-3, date(2025, 9, 14))) == []
    assert announced(report, remind(-1, date(2025, 9, 16))) == [("Due", -1, 0)]
    assert announced(report, remind(1, date(2025, 9, 18))) == [("Late", 1, 2)]
    assert announced(report, remind(-1, date(2025, 9, 18))) == []


def test_another_due_date_is_announced_again():
    report = given(remind(-1, date(2025, 9, 15)))
    assert announced(report, remind(-3, date(2025, 9, 15), date(2025, 9, 18))) == [("Due", -3, 3)]


@pytest.mark.parametrize(("before", "owed"), [([submit()], False), ([submit(), approve()], False),
                                              ([submit(), send_back()], True)])  # fmt: skip
def test_a_submitted_report_is_not_reminded_of_until_it_is_returned(before, owed):
    assert bool(announced(given(*before), remind(1, date(2025, 9, 17)))) == owed


@pytest.mark.parametrize(
    ("reviewer", "account", "refused"),
    [
        (REVIEWER, "nguyen-thi-an", True),  # the same account, whatever name it has by now
        (CLERK, "nguyen-thi-an-2", False),  # two people of one name
        (CLERK, None, True),  # a name that was typed at the province's terminal
        (REVIEWER, None, False),
    ],
)
def test_four_eyes_are_two_accounts_or_else_two_names(reviewer, account, refused):
    report = given(lambda r: r.submit(AT, by=CLERK, account="nguyen-thi-an", figures_sha256="f1", **FIELDS))
    refusal = report.approve(AT, by=reviewer, account=account)
    [event] = report.collect_events()
    assert (refusal is not None and refusal.rule == "four-eyes") is refused
    assert (event.by, event.by_account) == (reviewer, account)


def test_the_same_return_of_another_account_is_another_return():
    report = given(submit(), lambda r: r.send_back(AT, by=REVIEWER, reason="thiếu", account="tran-binh"))
    assert report.send_back(AT, by="Bình", reason="thiếu", account="tran-binh") is None
    assert report.collect_events() == []
