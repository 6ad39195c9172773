"""A report's life on a real PostgreSQL: submitted, returned, approved, published, restated."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from services.reporting.asking import NothingKnown
from services.reporting.domain.commune_report import CommuneReport
from services.reporting.domain.refusal import ReportRefused
from services.reporting.domain.report import Report
from services.reporting.domain.submission import ReportSubmission, UnreadableMessage
from services.reporting.publishers import announce
from services.reporting.read_models.editions import Altered
from services.reporting.rendering.canonical import canonical_json
from shared.contracts.reporting import ReportApproved, ReportPublished, ReportRestated, ReportReturned, ReportSubmitted
from shared.periods import Period
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
    said = [announce(fact) for fact in here.facts()]
    assert [type(event) for event in said if event] == [
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


def test_what_is_approved_is_not_submitted_otherwise_until_it_is_returned(here):
    here.submit()
    here.approve()
    here.count(here.communes[0], 1, 1, reading="muộn")

    assert rules(here.submit()) == ["already-approved"]
    here.give_back()
    assert here.submit().accepted == 1


@pytest.mark.parametrize(
    ("said", "rule"),
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
def test_what_the_regime_does_not_ask_is_refused_as_a_fact_with_a_sentence(here, said, rule):
    receipt = here.submit(**said)

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


def test_who_submitted_neither_approves_nor_returns(here):
    here.submit()
    with pytest.raises(ReportRefused, match="không được tự duyệt"):
        here.approve(by=f"  {CLERK.upper()} ")
    with pytest.raises(ReportRefused, match="không được tự duyệt"):
        here.give_back(by=CLERK)

    refused = here.recorded(CommuneReport.StepRefused)
    assert [(event.step, event.rule) for event in refused] == [("approve", "four-eyes"), ("return", "four-eyes")]
    assert states(here)[here.code()][0] == "submitted"


def test_what_was_not_submitted_is_neither_approved_nor_returned(here):
    with pytest.raises(ReportRefused, match="chưa nộp"):
        here.approve()
    with pytest.raises(ReportRefused, match="chưa đăng ký"):
        here.reporting.approve_report("0", QUARTER, by=REVIEWER)
    here.submit()
    here.give_back()
    with pytest.raises(ReportRefused, match="chưa nộp lại"):
        here.approve()


def test_approving_what_was_submitted_again_meanwhile_is_refused(here):
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


def test_one_submission_taken_twice_and_with_another_in_one_batch_counts_once(here):
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


def test_a_cell_of_a_form_that_changes_is_counted_though_no_indicator_does(here):
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


def test_what_is_submitted_is_kept_word_for_word_and_what_changes_afterwards_is_counted(here):
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


def test_a_list_says_who_is_due_who_has_a_draft_and_who_is_late(stack, tmp_path):
    with Reporters.on(stack, tmp_path, communes=3) as here:
        here.define()
        here.count(here.communes[0], 10, 5)
        here.count(here.communes[1], 10, 5)
        here.today(9, 18)
        here.submit(1)
        assert [states(here)[here.code(n)] for n in range(3)] == [("drafted", 2, 0), ("submitted", 2, 0), ("due", 2, 0)]


def test_an_edition_is_published_of_what_is_approved_and_what_is_not_is_listed(here):
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
    (published,) = (announce(fact) for fact in here.facts() if isinstance(fact.event, Report.Published))
    assert isinstance(published, ReportPublished)
    assert published.unapproved == shown.report.unapproved


def test_everybodys_approval_lets_it_be_published_until_a_figure_changes(here):
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


def test_another_edition_says_what_moved_by_which_correction_by_whom_and_why(here):
    here.publish(incomplete=True)
    first = here.reporting.edition(here.province, QUARTER, 1).content
    here.today(9, 20)
    here.correct(here.communes[0], (100, 60), (100, 70))
    with pytest.raises(ReportRefused, match="đã được công bố"):
        here.publish(date(2025, 9, 20), incomplete=True)

    shown = here.restate()

    assert (shown.number, shown.last, shown.reason) == (2, 2, "đính chính của xã")
    moved = [(m["commune"], m["item"], m["before"], m["after"]) for m in shown.changes["moved"]]
    assert moved == [("", "life", [120, 201], [130, 201]), (here.communes[0], "life", [60, 100], [70, 100])]
    (correction,) = shown.changes["corrections"]
    assert (correction["reading_id"], correction["by"], correction["reason"]) == ("r", "Lê Chi", "nhầm")
    (event,) = (announce(fact) for fact in here.facts() if isinstance(fact.event, Report.Restated))
    assert isinstance(event, ReportRestated)
    assert (event.replaces, event.moved, event.corrections) == (1, 2, 1)
    assert event.headline == ("Trực tuyến: 59,7\u00a0% → 64,7\u00a0%",)
    assert here.reporting.edition(here.province, QUARTER, 1).content == first


def test_where_nothing_moved_nothing_is_recorded(here):
    here.publish(incomplete=True)
    before = len(here.recorded())
    here.today(9, 20)
    with pytest.raises(ReportRefused, match="không thay đổi"):
        here.restate()
    assert len(here.recorded()) == before


@pytest.mark.parametrize(("said", "rule"), [({"by": " "}, "by-missing"), ({"reason": ""}, "reason-missing")])
def test_a_restatement_is_signed_and_has_a_reason(here, said, rule):
    here.publish(incomplete=True)
    with pytest.raises(ReportRefused):
        here.restate(**said)
    assert [event.rule for event in here.recorded(Report.ChangeRefused)] == [rule]


def test_what_was_never_published_cannot_be_restated_nor_shown(here):
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


def test_what_was_altered_behind_its_back_is_said_loudly(here, stack):
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


def test_a_report_of_another_regime_is_another_report(here):
    here.submit()
    here.submit(regime="reform")
    assert len({event.originator_id for event in here.recorded(CommuneReport.Submitted)}) == 2
    here.publish(incomplete=True)
    here.publish(incomplete=True, regime="reform")
    assert len({event.originator_id for event in here.recorded(Report.Published)}) == 2
