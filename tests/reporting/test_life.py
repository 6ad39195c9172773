"""A report's life on a real PostgreSQL: submitted, returned, approved, published, restated."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from services.reporting.cli.commanding import of_communes
from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.province_report import Report
from services.reporting.domain.lifecycle.report_status import summary_of
from services.reporting.domain.lifecycle.submission import ReportSubmission, UnreadableMessage
from services.reporting.domain.refusal import NothingKnown, ReportRefused
from services.reporting.publishers import announce
from services.reporting.read_models.editions import Altered
from services.reporting.rendering.canonical_json import canonical_json
from services.reporting.subscribers import decisions
from shared.contracts.reporting import (
    ApproveReport,
    PublishReport,
    RemindReport,
    ReportApproved,
    ReportPublished,
    ReportRestated,
    ReportReturned,
    ReportSubmitted,
    RestateReport,
    ReturnReport,
    SubmitReport,
)
from shared.grants import Actor
from shared.messaging.intake.submissions import Submitted
from shared.periods import Period
from shared.regimes import DEFAULT_REGIME
from tests.reporting.reporters import CLERK, QUARTER, REVIEWER, Reporters


@pytest.fixture
def here(stack, tmp_path):
    with Reporters.on(stack, tmp_path) as here:
        here.define()
        for number, commune in enumerate(here.communes):
            here.count(commune, files=100 + number, online=60)
        here.today(9, 16)
        yield here


def rules(receipt):
    return [refused.rule for refused in receipt.refused]


def states(here):
    return {
        each.code: (each.state, each.days_late, each.changed) for each in here.reporting.listed(here.province, QUARTER)
    }


def test_a_report_is_submitted_returned_submitted_again_and_approved(here):
    assert here.submit().accepted == 1
    here.give_back()
    here.count(here.communes[0], 7, 7, reading="quên")
    assert here.submit().accepted == 1
    here.approve()

    kinds = [type(event) for event in here.recorded(CommuneReport.Event | object) if hasattr(event, "regime_name")]
    assert kinds == [
        CommuneReport.Opened, CommuneReport.Submitted, CommuneReport.Returned, CommuneReport.Submitted,
        CommuneReport.Approved,
    ]  # fmt: skip
    announced = [announce(recorded) for recorded in here.facts()]
    assert [type(event) for event in announced if event] == [
        ReportSubmitted,
        ReportReturned,
        ReportSubmitted,
        ReportApproved,
    ]
    assert states(here)[here.code()] == ("approved", 0, 0)


def test_the_same_figures_again_are_a_duplicate_also_when_they_are_approved(here):
    here.submit()
    again = here.submit()
    here.approve()
    after_approval = here.submit()

    assert [(r.accepted, r.duplicates, r.refused) for r in (again, after_approval)] == [(0, 1, ())] * 2
    assert len(here.recorded(CommuneReport.Submitted)) == 1
    assert len(here.recorded(ReportSubmission.Receipted)) == 3


def test_an_approved_report_is_submitted_with_other_figures_only_after_its_return(here):
    here.submit()
    here.approve()
    here.count(here.communes[0], 1, 1, reading="muộn")

    assert rules(here.submit()) == ["already-approved"]
    here.give_back()
    assert here.submit().accepted == 1


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"period": "2025-Q4"}, "period-not-over"),
        ({"period": "quy-3"}, "unknown-period"),
        ({"period": "2025-M08"}, "period-not-reported"),
        ({"regime": "service-quality"}, "period-not-reported"),
        ({"regime": "nobody"}, "unknown-regime"),
        ({"period": "2018-Q3"}, "unknown-regime"),
        ({"period": "2024-Q3"}, "nothing-known"),
    ],
)
def test_a_report_that_the_regime_does_not_require_is_recorded_as_refused_with_a_sentence(here, fields, rule):
    receipt = here.submit(**fields)

    assert (receipt.accepted, receipt.duplicates, rules(receipt)) == (0, 0, [rule])
    assert receipt.refused[0].sentence.endswith(".")
    assert [event.refused[0]["rule"] for event in here.recorded(ReportSubmission.Receipted)] == [rule]
    assert here.recorded(CommuneReport.Opened) == []


def test_a_commune_that_is_not_registered_is_refused(here):
    assert rules(here.submit("khong-co")) == ["unknown-commune"]


def test_a_period_can_be_reported_from_the_day_after_its_last(here):
    here.today(9, 14, hour=23)
    assert rules(here.submit()) == ["period-not-over"]
    here.today(9, 15, hour=0)
    assert here.submit().accepted == 1


@pytest.mark.parametrize(("day", "late"), [(15, 0), (16, 0), (17, 1), (20, 4)])
def test_days_late_are_counted_from_the_regimes_day(here, day, late):
    """Two working days after 14/9/2025, a Sunday: Tuesday 16/9."""
    here.today(9, day)
    here.submit()

    (submitted,) = here.recorded(CommuneReport.Submitted)
    assert (submitted.due_on, submitted.days_late) == (date(2025, 9, 16), late)
    assert states(here)[here.code()] == ("submitted", late, 0)


def test_the_submitter_can_neither_approve_nor_return(here):
    here.submit()
    with pytest.raises(ReportRefused, match="không được tự duyệt"):
        here.approve(by=f"  {CLERK.upper()} ")
    with pytest.raises(ReportRefused, match="không được tự duyệt"):
        here.give_back(by=CLERK)

    refused = here.recorded(CommuneReport.StepRefused)
    assert [(event.step, event.rule) for event in refused] == [("approve", "four-eyes"), ("return", "four-eyes")]
    assert states(here)[here.code()][0] == "submitted"


def test_a_report_that_was_not_submitted_can_neither_be_approved_nor_returned(here):
    with pytest.raises(ReportRefused, match="chưa nộp"):
        here.approve()
    here.submit()
    here.give_back()
    with pytest.raises(ReportRefused, match="chưa nộp lại"):
        here.approve()


def test_approving_an_older_submission_than_the_last_is_refused(here):
    here.submit()
    here.count(here.communes[0], 1, 1, reading="muộn")
    here.submit()

    with pytest.raises(ReportRefused, match="lần nộp mới nhất là lần 2"):
        here.approve(submission=1)
    here.approve(submission=2)
    here.approve()
    assert len(here.recorded(CommuneReport.Approved)) == 1


def test_two_instances_approve_at_once_and_one_approval_is_recorded(here):
    here.submit()
    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(here.approve, by=f"{REVIEWER} {n % 2}") for n in range(4)]
    assert [each.result() for each in done] == [None] * 4
    assert len(here.recorded(CommuneReport.Approved)) == 1


def test_a_submission_delivered_twice_and_a_second_one_in_its_batch_count_once(here):
    commune = here.communes[0]
    body = json.dumps({"period": QUARTER.name, "by": CLERK})
    first, second, again = here.taken([(commune, "b1", body), (commune, "b2", body)], [(commune, "b1", body)])

    assert sorted([first.accepted, second.accepted]) == [0, 1]
    assert sorted([first.duplicates, second.duplicates]) == [0, 1]
    assert again == next(receipt for receipt in (first, second) if receipt.submission_id == "b1")
    assert len(here.recorded(CommuneReport.Submitted)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        '{"period": "2025-Q3"}',
        '{"period": "2025-Q3", "by": "An", "explanations": {"_type_": "x", "_data_": "y"}}',
        '{"period": "2025-Q3", "by": "An", "stated": {"life-files": NaN}}',
    ],
)
def test_a_message_that_nobody_can_read_is_parked_with_its_body(here, body):
    (receipt,) = here.taken([(here.communes[0], "x1", body)])

    assert receipt.parked
    assert len(here.recorded(UnreadableMessage.Parked)) == 1
    assert here.ask("SELECT body FROM parked WHERE commune = %s", here.communes[0]) == [(body.encode(),)]


RESOLVED = {"resolved": 5, "resolved_early": 1, "resolved_on_time": 2, "resolved_late": 1}
KEY, EXPLAINED = "II.06/7=8+9+10/land", "Một hồ sơ được rút."


def test_a_sum_that_does_not_add_up_is_refused_unless_it_is_explained(here):
    here.count_form(here.communes[0], **RESOLVED)

    refused = here.submit(explanations={"II.06/3=4+5+6/land": "không liên quan"})
    assert [(each.rule, each.item) for each in refused.refused] == [("check-broken", KEY)]
    assert "cột 7" in refused.refused[0].sentence.lower()
    assert here.submit(explanations={KEY: "  "}).refused == refused.refused
    assert here.submit(explanations={KEY: EXPLAINED}).accepted == 1
    (form,) = here.reporting.submitted(here.code(), QUARTER)[1].forms
    assert [check.explanation for check in form.broken] == [EXPLAINED]
    assert here.submit(explanations={KEY: EXPLAINED}).duplicates == 1


def test_a_changed_cell_of_a_form_counts_as_a_change_without_a_changed_indicator(here):
    here.count_form(here.communes[0], **RESOLVED | {"resolved": 4})
    here.submit()
    here.approve()
    here.count_form(here.communes[0], "late", resolved=1, resolved_late=1)

    moves = here.reporting.changed_since_submission(
        here.code(), QUARTER, here.reporting.submitted(here.code(), QUARTER)[1]
    )
    assert {move.commune for move in moves} == {here.communes[0]}
    assert [move.item for move in moves if "/land/" in move.item] == ["II.06/land/7", "II.06/land/10"]
    assert states(here)[here.code()] == ("approved", 0, len(moves))
    with pytest.raises(ReportRefused, match=f"sau đó {len(moves)} số liệu thay đổi"):
        here.publish()


def test_the_submitted_bytes_are_kept_and_later_changes_are_counted(here):
    here.submit(stated={"life-files": 101})
    submitted, report, content = here.reporting.submitted(here.code(), QUARTER)
    assert canonical_json(report) == content
    assert (report.commune, report.readings) == (here.code(), 1)
    assert submitted.stated == {"life-files": 101}

    here.today(9, 20)
    here.correct(here.communes[0], (100, 60), (100, 61))
    assert states(here)[here.code()] == ("submitted", 0, 1)
    (move,) = here.reporting.changed_since_submission(here.code(), QUARTER, report)
    assert (move.item, move.before, move.after) == ("life", (60, 100), (61, 100))
    assert here.reporting.submitted(here.code(), QUARTER)[2] == content


def test_the_list_shows_due_drafted_and_late_reports(stack, tmp_path):
    with Reporters.on(stack, tmp_path, communes=3) as here:
        here.define()
        here.count(here.communes[0], 10, 5)
        here.count(here.communes[1], 10, 5)
        here.today(9, 18)
        here.submit(1)
        assert [states(here)[here.code(n)] for n in range(3)] == [("drafted", 2, 0), ("submitted", 2, 0), ("due", 2, 0)]


def test_a_published_edition_lists_the_communes_without_approval(here):
    here.submit()
    here.approve()
    with pytest.raises(ReportRefused, match=rf"1 đơn vị chưa được duyệt: Xã {here.communes[1]} \(chưa nộp\)"):
        here.publish()
    edition, digest = here.publish(incomplete=True, by="Lê Chi")

    assert here.publish(incomplete=True) == (edition, digest) == (1, digest)
    shown = here.reporting.edition(here.province, QUARTER)
    assert (shown.number, shown.content_sha256, shown.by, shown.changes) == (1, digest, "Lê Chi", None)
    assert shown.report.unapproved == (f"Xã {here.communes[1]}",)
    assert canonical_json(shown.report) == shown.content
    (refused,) = here.recorded(Report.ChangeRefused)
    assert (refused.change, refused.rule) == ("publish", "incomplete")
    (published,) = (announce(recorded) for recorded in here.facts() if isinstance(recorded.event, Report.Published))
    assert isinstance(published, ReportPublished)
    assert published.unapproved == shown.report.unapproved


def test_with_all_approvals_it_is_published_unless_a_figure_changed_since(here):
    for number in range(2):
        here.submit(number)
        here.approve(number)
    here.correct(here.communes[1], (101, 60), (101, 50))

    with pytest.raises(ReportRefused, match="đã duyệt, sau đó 1 số liệu thay đổi"):
        here.publish()
    here.give_back(1)
    here.submit(1)
    here.approve(1)
    assert here.publish()[0] == 1
    assert here.reporting.edition(here.province, QUARTER).report.unapproved == ()


def test_a_restatement_lists_changed_figures_with_correction_signer_and_reason(here):
    here.publish(incomplete=True)
    first = here.reporting.edition(here.province, QUARTER, 1).content
    here.today(9, 20)
    here.correct(here.communes[0], (100, 60), (100, 70))
    with pytest.raises(ReportRefused, match="đã được công bố"):
        here.publish(date(2025, 9, 20), incomplete=True)

    shown = here.restate()

    assert (shown.number, shown.last, shown.reason) == (2, 2, "đính chính của xã")
    moved = [(each.commune, each.item, each.before, each.after) for each in shown.changes.figures]
    assert moved == [("", "life", (120, 201), (130, 201)), (here.communes[0], "life", (60, 100), (70, 100))]
    (correction,) = shown.changes.corrections
    assert (correction.reading_id, correction.by, correction.reason) == ("r", "Lê Chi", "nhầm")
    (event,) = (announce(recorded) for recorded in here.facts() if isinstance(recorded.event, Report.Restated))
    assert isinstance(event, ReportRestated)
    assert (event.replaces, event.moved, event.corrections) == (1, 2, 1)
    assert event.headline == ("Trực tuyến: 59,7\u00a0% → 64,7\u00a0%",)
    assert here.reporting.edition(here.province, QUARTER, 1).content == first


def test_a_restatement_without_changes_records_nothing(here):
    here.publish(incomplete=True)
    before = len(here.recorded())
    here.today(9, 20)
    with pytest.raises(ReportRefused, match="không thay đổi"):
        here.restate()
    assert len(here.recorded()) == before


@pytest.mark.parametrize(("fields", "rule"), [({"by": " "}, "by-missing"), ({"reason": " "}, "reason-missing")])
def test_a_restatement_is_signed_and_has_a_reason(here, fields, rule):
    here.publish(incomplete=True)
    with pytest.raises(ReportRefused):
        here.restate(**fields)
    assert [event.rule for event in here.recorded(Report.ChangeRefused)] == [rule]


def test_an_unpublished_report_can_neither_be_restated_nor_shown(here):
    with pytest.raises(ReportRefused, match="chưa được công bố"):
        here.restate()
    with pytest.raises(NothingKnown):
        here.reporting.edition(here.province, QUARTER)
    with pytest.raises(NothingKnown):
        here.reporting.edition(here.province, Period.parse("2025-Q1"))
    with pytest.raises(NothingKnown):
        here.reporting.submitted(here.code(), QUARTER)


def test_two_instances_restate_at_once_and_there_is_one_new_edition(here):
    here.publish(incomplete=True)
    here.correct(here.communes[0], (100, 60), (100, 70))

    def restate(_):
        try:
            return here.restate().number
        except ReportRefused:
            return None

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(restate, range(3)), key=str) == [2, None, None]


def test_altered_contents_are_reported_as_altered_or_lost(here, stack):
    import psycopg

    here.submit()
    here.publish(incomplete=True)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        here.ask("UPDATE editions SET content = content RETURNING 1")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        here.ask("DELETE FROM contents RETURNING 1")
    with psycopg.connect(stack.settings().database_url) as owner:
        identity = str(Report.create_id(here.province, QUARTER.name))
        owner.execute(
            "UPDATE reporting.editions SET content = replace(content, '120', '121') WHERE report_id = %s", (identity,)
        )
        owner.execute("DELETE FROM reporting.contents WHERE content LIKE %s", (f'%"{here.code()}"%',))
    with pytest.raises(Altered, match="ĐÃ BỊ THAY ĐỔI"):
        here.reporting.edition(here.province, QUARTER)
    with pytest.raises(Altered, match="ĐÃ MẤT"):
        here.reporting.submitted(here.code(), QUARTER)


def test_several_reports_are_approved_returned_and_reminded_each_by_itself(here):
    first, second = here.code(), here.code(1)
    here.submit()

    def each(codes, kind, **fields):
        return of_communes(here.reporting, codes, REVIEWER, lambda _: kind(period=QUARTER.name, **fields))

    assert each([first, second, "nowhere", first], ApproveReport, submission=1) == {
        first: None,
        second: f"Đơn vị chưa nộp báo cáo {QUARTER.vietnamese}.",
        "nowhere": "Đơn vị có mã nowhere chưa đăng ký tham gia.",
    }
    reminded = each([first, second, "nowhere"], RemindReport, note="gấp")
    assert reminded == {
        first: "Đơn vị đã nộp báo cáo này.",
        second: None,
        "nowhere": "Đơn vị có mã nowhere chưa đăng ký tham gia.",
    }
    each([second], RemindReport)
    (announced,) = [
        announce(recorded) for recorded in here.facts() if isinstance(recorded.event, CommuneReport.Reminded)
    ]
    assert (announced.commune, announced.days_left, announced.note, announced.by) == (
        here.communes[1],
        0,
        "gấp",
        REVIEWER,
    )
    returned = each([first, second], ReturnReport, reason="thiếu")
    assert returned == {first: None, second: "Đơn vị chưa nộp báo cáo này."}


def test_the_list_says_who_is_missing_late_and_below_target(here):
    here.submit()
    here.today(9, 18)
    first, second = here.reporting.listed(here.province, QUARTER)

    assert (first.is_missing, first.is_late, second.is_missing, second.is_late) == (False, False, True, True)
    assert not first.is_below_target, "nobody set a target"
    summary = summary_of([first, replace(second, missed=2)])
    assert (summary.states, summary.missing, summary.late, summary.below_target) == (
        {"submitted": 1, "drafted": 1},
        1,
        1,
        1,
    )


def test_changes_since_an_edition_are_listed_without_publishing_another(here):
    here.publish(incomplete=True)
    before = len(here.recorded())
    here.today(9, 20)
    assert here.reporting.changes_since(here.province, QUARTER, date(2025, 9, 20))[1].figures == []
    here.correct(here.communes[0], (100, 60), (100, 70))

    edition, moved, _ = here.reporting.changes_since(here.province, QUARTER, date(2025, 9, 30))
    assert edition.number == 1
    assert [(each.commune, each.before, each.after) for each in moved.figures] == [
        ("", (120, 201), (130, 201)),
        (here.communes[0], (60, 100), (70, 100)),
    ]
    assert [each.by for each in moved.corrections] == ["Lê Chi"]
    assert len(here.recorded()) == before
    with pytest.raises(NothingKnown):
        here.reporting.changes_since(here.province, QUARTER, date(2025, 9, 30), 2)


# The tests of this file share a store, in which no event is recorded before another that is there already.
AFTER_ALL = date(2027, 1, 1)


def test_sections_that_a_person_wrote_are_pinned_by_the_edition(here):
    here.write(assessment="Một.\u200f\nHai.", proposals="Đề nghị.")
    here.publish(AFTER_ALL, incomplete=True)
    here.write(assessment="Ba.", proposals="", by=CLERK)

    published = here.reporting.edition(here.province, QUARTER).report.narrative
    assert [(each.section, each.text, each.by, each.written_on) for each in published] == [
        ("assessment", "Một.\nHai.", REVIEWER, date(2025, 9, 16)),
        ("proposals", "Đề nghị.", REVIEWER, date(2025, 9, 16)),
    ]
    assert here.reporting.report(here.province, QUARTER, date(2025, 9, 1)).narrative == (), "not known on that day"
    assert [each.text for each in here.reporting.narrative(here.province, QUARTER)] == [
        "Một.\nHai.",
        "Đề nghị.",
        "Ba.",
        "",
    ]
    again = here.restate(AFTER_ALL).report.narrative
    assert [each.text for each in again] == ["Ba."], "another text alone is a reason for another edition"


def test_of_sections_of_which_one_breaks_a_rule_none_is_written(here):
    long = {"assessment": "Một.", "proposals": "a" * 20_001}  # of a caller that no contract bounds
    report, changed, refusal = here.reporting.narratives.written_now(
        here.province, QUARTER, long, here.reporting.clock(), by=REVIEWER, regime=DEFAULT_REGIME
    )
    assert "Mỗi phần viết dài nhất" in refusal.sentence
    assert (changed, report.written) == (0, [])
    assert [event.rule for event in report.pending_events if isinstance(event, Report.ChangeRefused)] == [
        "text-too-long"
    ]


def test_a_commune_sends_its_written_sections_with_its_report(here):
    here.submit(narrative={"assessment": "Nền nếp."})
    assert here.submit(narrative={"assessment": "Nền nếp."}).duplicates == 1
    assert here.submit(narrative={"proposals": "Thêm máy quét."}).accepted == 1

    _, content, _ = here.reporting.submitted(here.code(), QUARTER)
    assert [(each.section, each.text, each.by) for each in content.narrative] == [
        ("assessment", "Nền nếp.", CLERK),
        ("proposals", "Thêm máy quét.", CLERK),
    ]
    draft = here.reporting.report(here.province, QUARTER, AFTER_ALL, here.code())
    assert draft.narrative == content.narrative


def test_a_report_of_another_regime_is_another_report(here):
    here.submit()
    here.submit(regime="reform")
    assert len({event.originator_id for event in here.recorded(CommuneReport.Submitted)}) == 2
    here.publish(incomplete=True)
    here.publish(incomplete=True, regime="reform")
    assert len({event.originator_id for event in here.recorded(Report.Published)}) == 2


def test_accounts_submit_return_and_approve_through_the_desk(here):
    """The account acts, whatever name the submission has; four eyes are two accounts."""
    commune, period = here.communes[0], QUARTER.name
    clerk, officer = Actor("Nguyễn Thị An", "nguyen-thi-an"), Actor("Nguyễn Thị An", "nguyen-thi-an-2")

    def act(content, actor, scope=commune):
        submitted = Submitted(scope, content.kind, uuid4().hex, b"", "ab" * 32, content, actor=actor)
        [outcome] = replace(decided, functions={**decided.functions, **decided.of_accounts})(
            [submitted], here.reporting.clock()
        )
        here.reporting.commit(*outcome.aggregates, at=here.reporting.clock(), statements=outcome.statements)
        return outcome.receipt

    decided = decisions(here.reporting)
    assert act(SubmitReport(period=period, by="Ai đó"), clerk).accepted == 1
    assert rules(act(ApproveReport(period=period, submission=1), clerk)) == ["four-eyes"]
    assert act(ReturnReport(period=period, reason="thiếu"), officer).accepted == 1
    here.count(here.communes[0], 7, 7, reading="quên")
    assert act(SubmitReport(period=period, by="Ai đó"), clerk).accepted == 1
    assert rules(act(ApproveReport(period=period, submission=1), officer)) == ["superseded"]
    again = [act(ApproveReport(period=period, submission=2), officer) for _ in range(2)]
    assert [(each.accepted, each.duplicates) for each in again] == [(1, 0), (0, 1)]
    assert rules(act(ApproveReport(period="quy-3", submission=2), officer)) == ["unknown-period"]
    assert [(e.by, e.by_account) for e in here.recorded(CommuneReport.Submitted)] == [clerk, clerk]
    assert [(e.by, e.by_account) for e in here.recorded(CommuneReport.Approved)] == [officer]

    province = f"province-{here.province}"
    assert rules(act(PublishReport(period=period), officer, province)) == ["incomplete"]
    assert act(PublishReport(period=period, incomplete=True), officer, province).accepted == 1
    assert rules(act(RestateReport(period=period, reason="bổ sung"), officer, province)) == ["nothing-moved"]
    here.count(here.communes[0], 9, 9, reading="bổ sung")
    assert act(RestateReport(period=period, reason="bổ sung"), officer, province).accepted == 1
    assert rules(act(PublishReport(period=period), officer)) == ["nothing-known"]
    published = here.recorded(Report.Published | Report.Restated)
    assert [(type(e), e.by, e.by_account) for e in published] == [
        (Report.Published, *officer),
        (Report.Restated, *officer),
    ]
