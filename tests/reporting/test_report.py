"""A province's report decides: published once, restated when figures moved, and by whom."""

from datetime import UTC, date, datetime

import pytest

from services.reporting.domain.report import Report, Unapproved

AT = datetime(2025, 9, 16, 2, tzinfo=UTC)
PINNED = {
    "province_name": "Tỉnh Quảng Ngãi", "known_at": date(2025, 9, 16), "positions": {}, "definitions": "then",
    "map_day": None, "pins": {}, "headline": [],
}  # fmt: skip
MISSING = (Unapproved("Xã Xốp", "chưa nộp"),)


def given(*steps):
    report = Report.open("51", "2025-Q3", "tthc-control", "Kiểm soát thủ tục hành chính", AT)
    for step in steps:
        assert step(report) is None
    report.collect_events()
    return report


def publish(digest="a", unapproved=(), *, incomplete=False):
    return lambda report: report.publish(
        digest, AT, incomplete=incomplete, unapproved=unapproved, by="Lê Chi", **PINNED
    )  # fmt: skip


def restate(digest="b", moved=1, by="Lê Chi", reason="đính chính"):
    more = {"corrections": 1, "changes_sha256": "c", "unapproved": []}
    return lambda report: report.restate(digest, AT, moved=moved, by=by, reason=reason, **more, **PINNED)


Published, Restated, REFUSED = Report.Published, Report.Restated, Report.ChangeRefused


@pytest.mark.parametrize(
    ("before", "step", "events", "rule"),
    [
        ([], publish(), [Published], None),
        ([publish()], publish(), [], None),
        ([publish()], publish("b"), [REFUSED], "published"),
        ([], publish(unapproved=MISSING), [REFUSED], "incomplete"),
        ([], publish(unapproved=MISSING, incomplete=True), [Published], None),
        ([], restate(), [REFUSED], "not-published"),
        ([publish()], restate(), [Restated], None),
        ([publish()], restate(moved=0), [], "nothing-moved"),
        ([publish()], restate(by=" "), [REFUSED], "by-missing"),
        ([publish()], restate(reason=""), [REFUSED], "reason-missing"),
        ([publish(), restate()], restate("c"), [Restated], None),
        ([publish(), restate()], publish("b"), [], None),
    ],
)
def test_a_change_is_recorded_or_refused_or_stays_quiet(before, step, events, rule):
    report = given(*before)
    refusal = step(report)
    assert ([type(event) for event in report.collect_events()], refusal and refusal.rule) == (events, rule)


def test_editions_are_counted_and_each_keeps_what_it_was():
    report = given(publish("a"), restate("b"), restate("c"))
    assert [(e.number, e.content_sha256, e.changes_sha256) for e in report.editions] == [
        (1, "a", None), (2, "b", "c"), (3, "c", "c"),
    ]  # fmt: skip


def test_a_report_of_the_time_of_one_regime_is_the_same_report():
    assert Report.create_id("51", "2025-Q3") == Report.create_id("51", "2025-Q3", "tthc-control")
    assert Report.create_id("51", "2025-Q3") != Report.create_id("51", "2025-Q3", "reform")
