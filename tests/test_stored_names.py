"""What is stored is stored for ever: every name is written down here, and one event of each must load for ever."""

import importlib
import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from eventsourcing.persistence import DatetimeAsISO, DecimalAsStr, JSONTranscoder, Mapper, StoredEvent, UUIDAsHex

from shared.contracts import Event, Question
from shared.messaging.streams import SERVICES
from shared.record.aggregate import Aggregate, Recorded
from shared.record.event_store import DateAsISO, Position, RecordedEvent

GOLDEN = Path(__file__).parent / "golden"
CORPUS = [json.loads(line) for line in (GOLDEN / "stored_events.jsonl").read_text().splitlines()]

for service in SERVICES:
    importlib.import_module(f"services.{service}.application")
    importlib.import_module(f"services.{service}.publishers")


def every(kind):
    for sub in kind.__subclasses__():
        yield sub
        yield from every(sub)


def stored_names(kind):
    own = {c for c in every(kind) if c.__module__.startswith("services.")}
    return {c.__dict__["TOPIC"] for c in own if "TOPIC" in c.__dict__}


def subjects():
    ours = (c for base in (Event, Question) for c in every(base) if not c.__module__.startswith("tests."))
    return {c.__dict__["subject"] for c in ours if "subject" in c.__dict__}


def mapper():
    transcoder = JSONTranscoder()
    for transcoding in (UUIDAsHex(), DecimalAsStr(), DatetimeAsISO(), DateAsISO()):
        transcoder.register(transcoding)
    return Mapper(transcoder)


def test_every_stored_name_and_subject_is_written_down():
    names = stored_names(Aggregate) | stored_names(Recorded) | subjects()
    assert sorted(names) == (GOLDEN / "names.txt").read_text().split()


def test_the_corpus_holds_every_version_of_an_event_of_every_name():
    own = {c for c in every(Recorded) if c.__module__.startswith("services.") and "TOPIC" in c.__dict__}
    versions = {(c.__dict__["TOPIC"], v) for c in own for v in range(1, getattr(c, "class_version", 1) + 1)}
    assert {(event["topic"], event["state"].get("class_version", 1)) for event in CORPUS} == versions


@pytest.mark.parametrize("line", CORPUS, ids=[f"{e['topic']}-v{e['state'].get('class_version', 1)}" for e in CORPUS])
def test_a_stored_event_loads_is_announced_and_is_written_as_it_was(line):
    stored = StoredEvent(
        UUID(line["originator_id"]),
        line["originator_version"],
        line["topic"],
        json.dumps(line["state"], ensure_ascii=False, separators=(",", ":")).encode(),
    )
    event = mapper().to_domain_event(stored)
    announce = importlib.import_module(f"services.{line['service']}.publishers").announce
    announced = announce(RecordedEvent(Position(7, datetime(2025, 9, 16, tzinfo=UTC)), "x/1", event))
    assert announced is None or type(announced).model_validate_json(announced.model_dump_json()) == announced
    if line["state"].get("class_version", 1) == getattr(type(event), "class_version", 1):
        assert mapper().to_stored_event(event) == stored
    else:
        assert line["state"].keys() - {"class_version"} < vars(event).keys()


def test_every_stored_event_that_names_who_acted_has_a_place_for_the_account():
    own = [c for c in every(Recorded) if c.__module__.startswith("services.") and "TOPIC" in c.__dict__]
    fields = {
        c.__dict__["TOPIC"]: {name for each in c.__mro__ for name in getattr(each, "__annotations__", {})} for c in own
    }
    named = {topic for topic, names in fields.items() if "by" in names}
    assert len(named) > 20
    assert {topic for topic in named if "by_account" not in fields[topic]} == set()
