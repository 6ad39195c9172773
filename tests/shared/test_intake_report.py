"""What an intake refuses and parks is counted and logged, and an intake that does not move is."""

import logging
from datetime import UTC, datetime

from shared.contracts import Receipt, Refused
from shared.messaging.intake import intake_report
from shared.messaging.intake.intake_report import IntakeReport
from shared.process.metrics import metrics_of_intakes


def receipt(number, *, refused=(), parked=None):
    return Receipt(
        submission_id=f"s-{number}", commune="21211", kind="readings", sha256="", accepted=0, parked=parked,
        recorded_at=datetime(2025, 9, 1, tzinfo=UTC),
        refused=tuple(Refused(item="r", rule=rule, sentence="Không.") for rule in refused),
    )  # fmt: skip


def test_refusals_and_parked_submissions_are_counted_and_logged(caplog):
    report = IntakeReport("indicators")
    report.decided([receipt(1), receipt(2, refused=["negative", "negative", "unknown"]), receipt(3, parked="no JSON")])

    assert (dict(report.submissions), report.refused["readings"], report.parked["readings"]) == ({"readings": 3}, 3, 1)
    assert [record.message for record in caplog.records] == [
        "submission s-2 (readings) of commune 21211: 3 refused (negative 2, unknown 1)",
        "submission s-3 (readings) of commune 21211 is parked: no JSON",
    ]


def test_a_flood_of_refusals_fills_no_log(caplog):
    IntakeReport("indicators").decided([receipt(number, refused=["negative"]) for number in range(500)])

    assert len(caplog.records) == intake_report.MOST_LOGGED + 1
    assert caplog.records[-1].message == "and 480 more submissions with something refused"


def test_an_intake_that_does_not_move_is_reported_once(caplog, monkeypatch):
    monkeypatch.setattr(intake_report, "STUCK_AFTER", -1.0)
    report = IntakeReport("indicators")
    report.looked_at(waiting=3, taken=7)
    report.looked_at(waiting=3, taken=7)
    stuck = [record for record in caplog.records if record.levelno == logging.ERROR]

    assert [record.message for record in stuck] == [
        "intake of indicators does not move from sequence 7: 3 submissions wait"
    ]
    report.looked_at(waiting=0, taken=10)
    assert report.waiting == 0


def test_the_metrics_of_the_intake_and_of_the_desk_are_apart():
    """Both doors count what they decide, refuse and park, and the bodies that they do not keep."""
    intake, desk = IntakeReport("planning"), IntakeReport("planning", "desk")
    intake.decided([receipt(1, refused=["negative"])])
    desk.decided([receipt(2, parked="no JSON")])
    desk.not_kept({"21211": 2, "21220": 1})

    samples = [sample for metric in metrics_of_intakes([intake, desk]) for sample in metric.samples]
    counted = {(sample.name, sample.labels["stream"]): sample.value for sample in samples}
    assert counted["minhbach_unreadable_bodies_not_kept_total", "desk"] == 3
    assert counted["minhbach_unreadable_bodies_not_kept_total", "intake"] == 0
    assert counted["minhbach_items_refused_total", "intake"] == 1
    assert counted["minhbach_submissions_parked_total", "desk"] == 1
