"""The lines that `minhbach recover` prints, and the file of what is lost. Real recoveries are in tests/torture."""

import json

from deploy.recover import Recovery
from deploy.recover.command import keep_lost, summary
from deploy.recover.histories import LostEvent

SUBMISSION = LostEvent(
    "indicators", 71, "indicators.event.submission-receipted.v1", "e/1", "2025-09-10T05:00:00Z", "21025", "s-1", b"{}"
)
PLAN = LostEvent("planning", 12, "planning.event.plan-issued.v1", "p/1", "2025-09-09T05:00:00Z", None, None, b'{"a":1}')


def test_without_losses_the_intake_is_read_again_all_the_same():
    assert summary(Recovery(read_again=True)) == [
        "Every event store holds what its stream announced",
        "The services have read the intake again",
    ]


def test_each_loss_is_a_line():
    recovery = Recovery(
        behind={"indicators": 30},
        refilled={"indicators": 70},
        rebuilt=["indicators"],
        lost_submissions=[SUBMISSION],
        lost_events=[PLAN],
    )
    assert summary(recovery) == [
        "indicators: 30 announced events were not in its event store",
        "indicators: its stream is made again from its event store, up to position 70",
        "indicators: reporting's tables held lost events and are made again",
        "The intake will be read again by the services; when they have, what follows from it is no longer lost",
        "lost: submission s-1 of commune 21025, receipted 2025-09-10T05:00:00Z",
        "lost: planning.event.plan-issued.v1 p/1, recorded 2025-09-09T05:00:00Z",
    ]


def test_the_lost_announcements_are_kept(tmp_path):
    kept = tmp_path / "lost.jsonl"
    recovery = Recovery(lost_submissions=[SUBMISSION], lost_events=[PLAN])
    keep_lost(recovery, kept)
    keep_lost(recovery, kept)
    rows = [json.loads(line) for line in kept.read_text().splitlines()]
    assert [(row["position"], row["submission_id"], row["body"]) for row in rows] == [
        (71, "s-1", "{}"), (12, None, '{"a":1}'),
    ] * 2  # fmt: skip
