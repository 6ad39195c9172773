"""Each stored event of Reporting that others need is announced, whatever its version."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from eventsourcing.persistence import DatetimeAsISO, DecimalAsStr, JSONTranscoder, Mapper, StoredEvent, UUIDAsHex

import services.reporting.application  # noqa: F401  an event's class is known by its name once it is imported
from services.reporting.publishers import announce
from shared.record.event_store import DateAsISO, Position, RecordedEvent

CORPUS = Path(__file__).parents[1] / "golden" / "stored_events.jsonl"
NOT_ANNOUNCED = {
    "reporting.report-opened", "reporting.commune-report-opened", "reporting.report-submission-receipted",
    "reporting.commune-report-step-refused", "reporting.report-change-refused", "reporting.report-section-written",
}  # fmt: skip


def announced(line):
    transcoder = JSONTranscoder()
    for transcoding in (UUIDAsHex(), DecimalAsStr(), DatetimeAsISO(), DateAsISO()):
        transcoder.register(transcoding)
    state = json.dumps(line["state"]).encode()
    stored = StoredEvent(UUID(line["originator_id"]), line["originator_version"], line["topic"], state)
    event = Mapper(transcoder).to_domain_event(stored)
    return announce(RecordedEvent(Position(7, datetime(2025, 9, 16, tzinfo=UTC)), "x/1", event))


def test_each_stored_event_is_announced_or_listed_as_not_announced():
    lines = [json.loads(line) for line in CORPUS.read_text().splitlines()]
    own = [line for line in lines if line["service"] == "reporting"]
    assert {line["topic"] for line in own if announced(line) is None} == NOT_ANNOUNCED
