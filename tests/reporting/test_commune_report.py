"""A commune's report decides: does it record, does it refuse, does it stay quiet when repeated."""

from datetime import UTC, date, datetime

import pytest

from services.reporting.domain.commune_report import CommuneReport
from services.reporting.domain.reminders import Reminder
from services.reporting.regimes import read_regimes
from shared.periods import Period

AT = datetime(2025, 9, 16, 2, tzinfo=UTC)
REGIME, QUARTER, DUE = read_regimes()[0], Period.parse("2025-Q3"), date(2025, 9, 16)
CLERK, REVIEWER = "Nguyễn Thị An", "Trần Bình"
PINNED = {
    "submission_id": "r-1", "due_on": DUE, "days_late": 0, "content_sha256": "ab", "explanations": {}, "stated": {},
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
    return lambda report: report.submit(AT, by=by, figures_sha256=figures, **PINNED)


def send_back(by=REVIEWER, reason="thiếu"):
    return lambda report: report.send_back(AT, by=by, reason=reason)


def approve(by=REVIEWER, submission=None):
    return lambda report: report.approve(AT, by=by, submission=submission)


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
        ([submit(), approve()], send_back(), [Returned], None),
        ([], approve(), [REFUSED], "not-submitted"),
        ([submit()], approve(), [Approved], None),
        ([submit()], approve(by=" nguyễn  thị AN"), [REFUSED], "four-eyes"),
        ([submit()], approve(by=" "), [REFUSED], "by-missing"),
        ([submit(), send_back()], approve(), [REFUSED], "returned"),
        ([submit(), approve()], approve(), [], None),
        ([submit(), submit("f2")], approve(submission=1), [REFUSED], "superseded"),
        ([submit(), submit("f2")], approve(submission=2), [Approved], None),
        ([submit(), submit("f2", by="Khác")], approve(by=CLERK), [Approved], None),
    ],
)
def test_a_step_records_or_refuses_or_stays_quiet(before, step, events, rule):
    assert then(given(*before), step) == (events, rule)


def test_a_second_submission_is_the_second_and_forgets_the_first_review():
    report = given(submit(), send_back(), submit("f2"))
    assert (report.state, report.submission, report.reviewed_by, report.reason) == ("submitted", 2, None, None)


def said(report, step):
    step(report)
    return [(type(event).__name__, event.step, event.days_left if hasattr(event, "days_left") else event.days_late)
            for event in report.collect_events()]  # fmt: skip


def test_a_step_of_reminding_is_said_once_and_with_the_days_that_are_really_left():
    report = given()
    assert said(report, remind(-3, date(2025, 9, 14))) == [("Due", -3, 2)]
    assert said(report, remind(-3, date(2025, 9, 14))) == []
    assert said(report, remind(-1, date(2025, 9, 16))) == [("Due", -1, 0)]
    assert said(report, remind(1, date(2025, 9, 18))) == [("Late", 1, 2)]
    assert said(report, remind(-1, date(2025, 9, 18))) == []


def test_another_day_is_reminded_of_anew():
    report = given(remind(-1, date(2025, 9, 15)))
    assert said(report, remind(-3, date(2025, 9, 15), date(2025, 9, 18))) == [("Due", -3, 3)]


@pytest.mark.parametrize(("before", "owed"), [([submit()], False), ([submit(), approve()], False),
                                              ([submit(), send_back()], True)])  # fmt: skip
def test_who_has_submitted_is_not_reminded_until_it_is_returned(before, owed):
    assert bool(said(given(*before), remind(1, date(2025, 9, 17)))) == owed
