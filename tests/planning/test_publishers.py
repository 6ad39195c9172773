"""The announcements of the golden corpus: a translation leaves out no field that its stored event has."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from eventsourcing.persistence import DatetimeAsISO, JSONTranscoder, Mapper, StoredEvent, UUIDAsHex

from services.planning.publishers import TRANSLATIONS, announce
from shared.record.event_store import DateAsISO, Position, RecordedEvent

CORPUS = Path(__file__).parents[1] / "golden" / "stored_events.jsonl"
STORED = [line for line in map(json.loads, CORPUS.read_text().splitlines()) if line["service"] == "planning"]
AT = datetime(2025, 9, 16, tzinfo=UTC)


def event_of(line):
    transcoder = JSONTranscoder()
    for transcoding in (UUIDAsHex(), DatetimeAsISO(), DateAsISO()):
        transcoder.register(transcoding)
    state = json.dumps(line["state"], ensure_ascii=False).encode()
    identity = UUID(line["originator_id"])
    return Mapper(transcoder).to_domain_event(StoredEvent(identity, line["originator_version"], line["topic"], state))


ANNOUNCED = [event for event in map(event_of, STORED) if type(event) in TRANSLATIONS]


@pytest.mark.parametrize("event", ANNOUNCED, ids=lambda event: type(event).__qualname__)
def test_a_message_has_every_field_of_the_stored_event_that_its_contract_knows(event):
    message = announce(RecordedEvent(Position(7, AT), "x/1", event))

    assert message == type(message).model_validate({**vars(event), "event_id": "x/1", "recorded_at": AT})


def test_the_corpus_has_an_event_for_every_translation():
    assert {type(event) for event in ANNOUNCED} == set(TRANSLATIONS)
