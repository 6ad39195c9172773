"""The auditor reads stored events by name and field: both are compared with the services' own classes."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from eventsourcing.persistence import DatetimeAsISO, DecimalAsStr, JSONTranscoder, Mapper, StoredEvent, UUIDAsHex

import services.indicators.application
import services.planning.application
import services.reporting.application  # noqa: F401  an event's class is known by its name once it is imported
from services.reporting.audit import stored_names
from services.reporting.audit.stored_events import fields_of
from services.reporting.audit.stored_names import FIELDS
from shared.record.event_store import DateAsISO

GOLDEN = Path(__file__).parents[1] / "golden"
CORPUS = [json.loads(line) for line in (GOLDEN / "stored_events.jsonl").read_text().splitlines()]
READ = [line for line in CORPUS if line["topic"] in FIELDS]
# Events of Planning and Indicators on which no report depends.
NOT_READ = {
    "planning.plan-change-refused", "planning.progress-submission-receipted", "planning.task-accepted",
    "planning.task-acknowledged", "planning.task-closed", "planning.task-deadline-approached",
    "planning.task-deadline-missed", "planning.task-evidence-attached", "planning.task-commented",
    "planning.task-followed", "planning.task-unfollowed", "planning.task-extension-declined",
    "planning.task-extension-requested", "planning.task-progress-reported", "planning.task-renumbered",
    "planning.task-step-refused",
}  # fmt: skip


def mapper():
    transcoder = JSONTranscoder()
    for transcoding in (UUIDAsHex(), DecimalAsStr(), DatetimeAsISO(), DateAsISO()):
        transcoder.register(transcoding)
    return Mapper(transcoder)


def test_each_stored_event_of_planning_and_indicators_is_read_or_listed_as_not_read():
    written = {line["topic"] for line in CORPUS if line["service"] in ("planning", "indicators")}
    read = {name for name in FIELDS if not name.startswith("reporting.")}
    assert read & NOT_READ == set()
    assert read | NOT_READ == written


def test_each_name_is_in_the_golden_file():
    named = {value for name, value in vars(stored_names).items() if name.isupper() and isinstance(value, str)}
    assert set(FIELDS) <= named <= set((GOLDEN / "names.txt").read_text().split())


def test_the_auditor_names_every_event_of_planning_and_indicators():
    named = {value for name, value in vars(stored_names).items() if name.isupper() and isinstance(value, str)}
    assert {line["topic"] for line in CORPUS if line["service"] in ("planning", "indicators")} <= named


@pytest.mark.parametrize("line", READ, ids=[f"{e['topic']}-v{e['state'].get('class_version', 1)}" for e in READ])
def test_the_auditor_reads_each_version_of_an_event_as_its_store_loads_it(line):
    state = json.dumps(line["state"]).encode()
    stored = StoredEvent(UUID(line["originator_id"]), line["originator_version"], line["topic"], state)
    upcast = mapper().to_stored_event(mapper().to_domain_event(stored))
    assert fields_of(line["topic"], state) == fields_of(upcast.topic, upcast.state)
