"""An approval whose figures changed is recorded and announced, once for each change, on a real PostgreSQL."""

from datetime import date, datetime

import pytest

from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.publishers import announce
from shared.clock import VIETNAM
from shared.contracts.indicators import ReplacedReading
from shared.contracts.planning import CommuneMerged
from shared.contracts.reporting import ReportApprovalOvertaken
from tests.reporting.reporters import QUARTER, REVIEWER, Reporters

WHO = "Lê Văn Tám"


@pytest.fixture
def here(stack, tmp_path):
    with Reporters.on(stack, tmp_path) as here:
        here.define()
        for commune in here.communes:
            here.count(commune, files=100, online=60)
        here.today(9, 16)
        here.submit()
        yield here


def overtaken(here):
    """What was announced, after all changes were compared, twice."""
    here.reporting.find_overtaken_approvals()
    here.reporting.find_overtaken_approvals()
    announced = map(announce, here.facts())
    return [event for event in announced if isinstance(event, ReportApprovalOvertaken)]


def withdraw(here, commune, reading="r", day=date(2025, 8, 1)):
    withdrawn = ReplacedReading(
        reading_id=reading, version=2, observed_on=day, field=None, values={}, reason="trùng", by=WHO,
        before={"life-files": 100, "life-online": 60},
    )  # fmt: skip
    here._receipted(commune, withdrawn=(withdrawn,))


def test_a_correction_after_an_approval_is_announced_with_its_figures_its_author_and_its_reason(here):
    here.approve()
    assert overtaken(here) == []
    here.correct(here.communes[0], (100, 60), (100, 50), by=WHO)

    (event,) = overtaken(here)
    assert (event.commune, event.period, event.submission) == (here.communes[0], QUARTER.name, 1)
    assert (event.approved_by, event.moved, event.corrected, event.late_readings) == (REVIEWER, 1, 1, 0)
    assert event.figures == ("Trực tuyến: 60/100 (60,0\u00a0%) → 50/100 (50,0\u00a0%)",)
    (correction,) = event.corrections
    assert (correction.by, correction.reason, correction.withdrawn) == (WHO, "nhầm", False)


def test_a_withdrawal_overtakes_an_approval_too(here):
    here.approve()
    withdraw(here, here.communes[0])

    (event,) = overtaken(here)
    assert event.figures == ("Trực tuyến: 60/100 (60,0\u00a0%) → –",)
    assert [(each.withdrawn, each.by, each.reason) for each in event.corrections] == [(True, WHO, "trùng")]
    assert event.late_readings == 0


def test_a_late_reading_overtakes_an_approval_too(here):
    here.approve()
    here.count(here.communes[0], 10, 1, reading="muộn")

    (event,) = overtaken(here)
    assert (event.corrected, event.late_readings) == (0, 1)


def test_each_change_is_announced_once_with_the_corrections_since_the_one_before(here):
    here.approve()
    commune = here.communes[0]
    here.correct(commune, (100, 60), (100, 50), by=WHO)
    assert len(overtaken(here)) == 1
    here.correct(commune, (100, 50), (100, 40), by="Trần Thị Ba", version=3)

    first, second = overtaken(here)
    assert [each.by for each in (*first.corrections, *second.corrections)] == [WHO, "Trần Thị Ba"]
    assert second.figures == ("Trực tuyến: 60/100 (60,0\u00a0%) → 40/100 (40,0\u00a0%)",)


@pytest.mark.parametrize("after", [(100, 60), (100, 50)], ids=["nothing", "not-approved"])
def test_a_correction_that_moves_no_approved_figure_stays_quiet(here, after):
    if after == (100, 60):
        here.approve()
    here.correct(here.communes[0], (100, 60), after)
    here.correct(here.communes[1], (100, 60), (100, 1))  # another commune's, which is not approved
    assert overtaken(here) == []


def test_a_correction_that_is_taken_back_before_the_comparison_leaves_the_approval(here):
    here.approve()
    here.correct(here.communes[0], (100, 60), (100, 50))
    here.correct(here.communes[0], (100, 50), (100, 60), version=3)
    assert overtaken(here) == []


def test_a_correction_between_submission_and_approval_is_announced_with_the_approval(here):
    here.correct(here.communes[0], (100, 60), (100, 50), by=WHO)
    assert overtaken(here) == []
    here.approve()
    here.approve()

    kinds = [type(event) for event in here.recorded(CommuneReport.Approved | CommuneReport.ApprovalOvertaken)]
    assert kinds == [CommuneReport.Approved, CommuneReport.ApprovalOvertaken]
    assert len(overtaken(here)) == 1


def test_a_report_that_was_returned_and_approved_again_can_be_overtaken_again(here):
    here.approve()
    here.correct(here.communes[0], (100, 60), (100, 50))
    assert len(overtaken(here)) == 1
    here.give_back()
    here.submit()
    here.approve()
    assert len(overtaken(here)) == 1
    here.correct(here.communes[0], (100, 50), (100, 60), version=3)
    assert [event.submission for event in overtaken(here)] == [1, 2]


def test_a_correction_of_a_former_communes_reading_overtakes_its_successors_approval(here):
    former = here.communes[1]
    merged = CommuneMerged(
        event_id=f"{former}/merged", recorded_at=datetime(2025, 9, 1, 8, tzinfo=VIETNAM), commune=former,
        into=here.communes[0], in_force_from=date(2025, 8, 15), source="NQ 1",
    )  # fmt: skip
    here.receive("planning", merged)
    here.submit()
    here.approve()
    here.correct(former, (100, 60), (100, 50), by=WHO)

    (event,) = overtaken(here)
    assert event.commune == here.communes[0]
    assert [each.by for each in event.corrections] == [WHO]


def test_a_correction_of_another_quarter_compares_nothing(here):
    here.approve()
    overtaken(here)
    here.count(here.communes[0], 5, 5, reading="sau", day=date(2025, 9, 15))
    assert here.reporting.find_overtaken_approvals() == 0
