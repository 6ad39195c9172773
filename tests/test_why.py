"""Where a submission is and what became of it: the verdict from outbox, stream and stores."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.why import InStream, Settled, Trace
from deploy.why.command import lines
from shared.commune_client.outbox import Entry
from shared.contracts import Receipt, Refused

AT = datetime(2025, 9, 1, tzinfo=UTC)
KEPT = Entry(Path("/outbox/21211/progress.s-1.json"), "21211", "progress", "s-1", "nats://province", 0)
WAITS = InStream("21211", "progress", "planning", 7, AT, is_taken=False, redelivered=0)
TAKEN = InStream("21211", "progress", "planning", 7, AT, is_taken=True, redelivered=0)


def settled(*, accepted=1, refused=(), parked=None, position=12, **followed):
    receipt = Receipt(
        submission_id="s-1", commune="21211", kind="progress", sha256="", recorded_at=AT, accepted=accepted,
        refused=tuple(Refused(item=item, rule="four-eyes", sentence="Không được.") for item in refused), parked=parked,
    )  # fmt: skip
    return Settled("planning", receipt, parked is not None, position, followed)


def trace(*, kept=(), stream=(), decided=(), away=()):
    return Trace("s-1", list(kept), list(stream), list(decided), list(away))


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (trace(), "Unknown: it is in no outbox of this machine, not in the intake stream and in no store."),
        (
            trace(away=["the broker"]),
            "Unknown: it is in no outbox of this machine, not in the intake stream and in no store, but",
        ),
        (trace(kept=[KEPT]), "It waits in the outbox of this machine for nats://province: it was never receipted."),
        (trace(kept=[KEPT._replace(path=Path("x.refused"))]), "It is set aside on this machine"),
        (trace(kept=[KEPT], stream=[WAITS]), "It waits in the intake stream for planning, which has not taken it."),
        (trace(stream=[TAKEN]), "planning took it, and its store has no receipt: was it restored from a backup?"),
        (trace(decided=[settled(reporting=12)]), "planning decided it: 1 recorded, 0 known before. It counts."),
        (
            trace(decided=[settled(reporting=11)]),
            "planning decided it: 1 recorded, 0 known before. Not followed yet by",
        ),
        (
            trace(decided=[settled(accepted=0, refused=["t-1"])]),
            "planning decided it: 0 recorded, 0 known before, 1 refused. It adds nothing.",
        ),
        (trace(decided=[settled(accepted=0, parked="no JSON")]), "Parked by planning: nobody can read it (no JSON)."),
    ],
)
def test_the_verdict_names_where_a_submission_is(found, verdict):
    assert found.verdict.startswith(verdict)
    assert next(lines(found)) == f"s-1: {found.verdict}"


def test_every_part_that_knows_the_submission_has_a_line():
    found = trace(kept=[KEPT], stream=[TAKEN], decided=[settled(refused=["t-1"], reporting=12, notifications=3)])
    named = [line.split()[0] for line in lines(found)][1:]
    assert named == ["outbox", "stream", "receipt", "refused", "counted", "counted"]
    assert "t-1 (four-eyes): Không được." in "\n".join(lines(found))
