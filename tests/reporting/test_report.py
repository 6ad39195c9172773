"""Decisions of a province's report: published once, restated when figures changed, refused otherwise."""

from datetime import UTC, date, datetime

import pytest

from services.reporting.cli.publish import REMEDIES
from services.reporting.domain.lifecycle.province_report import Report, UnapprovedCommune

AT = datetime(2025, 9, 16, 2, tzinfo=UTC)
FIELDS = {
    "province_name": "Tỉnh Quảng Ngãi", "known_at": date(2025, 9, 16), "positions": {}, "definitions": "then",
    "map_day": None, "pins": {}, "headline": [],
}  # fmt: skip
MISSING = (UnapprovedCommune("Xã Xốp", "chưa nộp"),)


def given(*steps):
    report = Report.open("51", "2025-Q3", "tthc-control", "Kiểm soát thủ tục hành chính", AT)
    for step in steps:
        assert step(report) is None
    report.collect_events()
    return report


def publish(digest="a", unapproved=(), *, incomplete=False):
    return lambda report: report.publish(
        digest, AT, incomplete=incomplete, unapproved=unapproved, by="Lê Chi", **FIELDS
    )  # fmt: skip


def restate(digest="b", moved=1, by="Lê Chi", reason="đính chính", rewritten=False):
    more = {"corrections": 1, "changes_sha256": "c", "unapproved": []}
    return lambda report: report.restate(
        digest, AT, moved=moved, by=by, reason=reason, rewritten=rewritten, **more, **FIELDS
    )


def write(text="Đi vào nền nếp.", section="assessment", by="Lê Chi"):
    return lambda report: report.write(section, text, AT, by=by)


Written = Report.SectionWritten
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
        ([publish()], restate(moved=0, rewritten=True), [Restated], None),
        ([], write(), [Written], None),
        ([write()], write(), [], None),
        ([write()], write("Khác."), [Written], None),
        ([write()], write(""), [Written], None),
        ([], write(""), [], None),
        ([], write(by=" "), [REFUSED], "by-missing"),
        ([], write(section="other"), [REFUSED], "unknown-section"),
        ([], write("a" * 20_001), [REFUSED], "text-too-long"),
        ([publish()], restate(by=" "), [REFUSED], "by-missing"),
        ([publish()], restate(reason=""), [REFUSED], "reason-missing"),
        ([publish(), restate()], restate("c"), [Restated], None),
        ([publish(), restate()], publish("b"), [], None),
    ],
)
def test_a_command_is_recorded_refused_or_ignored(before, step, events, rule):
    report = given(*before)
    refusal = step(report)
    assert ([type(event) for event in report.collect_events()], refusal and refusal.rule) == (events, rule)


def test_editions_are_numbered_and_keep_their_hashes():
    report = given(publish("a"), restate("b"), restate("c"))
    assert [(e.number, e.content_sha256, e.changes_sha256) for e in report.editions] == [
        (1, "a", None), (2, "b", "c"), (3, "c", "c"),
    ]  # fmt: skip


def test_the_terminal_knows_the_refusals_to_publish_that_another_command_mends():
    unapproved, published = given(), given(publish())
    unapproved.publish("a", AT, incomplete=False, unapproved=MISSING, by="Lê Chi", **FIELDS)
    published.publish("b", AT, incomplete=False, unapproved=(), by="Lê Chi", **FIELDS)
    (first,), (second,) = unapproved.collect_events(), published.collect_events()
    assert first.sentence == "Báo cáo của 1 đơn vị chưa được duyệt: Xã Xốp (chưa nộp)."
    assert second.sentence == "Báo cáo đã được công bố (lần 1); muốn thay đổi thì công bố lại kèm lý do."
    assert {first.rule, second.rule} == set(REMEDIES)


def test_a_report_without_a_regime_has_the_id_of_the_first_regime():
    assert Report.create_id("51", "2025-Q3") == Report.create_id("51", "2025-Q3", "tthc-control")
    assert Report.create_id("51", "2025-Q3") != Report.create_id("51", "2025-Q3", "reform")
