"""Every field that the contract of a submission accepts is in the event that is stored of it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from datetime import UTC, date, datetime
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest
from eventsourcing.persistence import DatetimeAsISO, DecimalAsStr, JSONTranscoder, Mapper, UUIDAsHex
from pydantic import BaseModel

from services.indicators import subscribers as indicators
from services.indicators.application import Batch
from services.indicators.domain.reading import ReadingVersion, Rules
from services.planning import subscribers as planning
from services.planning.application.progress import ProgressBatch
from services.reporting import subscribers as reporting
from services.reporting.application.submissions import SubmissionBatch
from services.reporting.data_files.rulebook import Rulebook
from shared.calendar import Calendar
from shared.contracts import Command, Submission
from shared.grants import Actor
from shared.messaging.intake.bodies import read_body
from shared.messaging.intake.submissions import Submitted
from shared.record.event_store import DateAsISO

AT = datetime(2025, 9, 10, 3, tzinfo=UTC)
RULES = Rules(communes=frozenset({"c1"}), measures={"part": "Phần"}, fields=frozenset({"land"}))
KNOWN = {"r1": ReadingVersion(1, date(2025, 9, 1), "land", {"part": 1})}
MEND = {"reading_id": "r1", "reason": "đối chiếu sổ giấy", "by": "Lê Văn Tám"}
READING = {"reading_id": "r2", "observed_on": "2025-09-03", "field": "land", "values": {"part": 7}}
STEP = {
    "task_id": "t-1", "step": "extend", "role": "chair", "obligation": "2025-Q3", "due_on": "2025-10-31",
    "event_on": "2025-10-01", "percent": 40, "note": "chờ hướng dẫn", "evidence": "12/BC-UBND", "by": "Trần Thị Bình",
    "file": {"sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "name": "12-BC.pdf"},
}  # fmt: skip
REPORT = {
    "regime": "tthc-control", "period": "2025-Q4", "by": "Nguyễn Thị An", "stated": {"part": 31},
    "explanations": {"II.06/3=4+5+6/land": "Một hồ sơ chuyển kỳ"},
    "narrative": {"assessment": "Công tác tiếp nhận đi vào nền nếp"},
}  # fmt: skip

# By kind: bodies that are recorded, and bodies whose items a rule refuses.
BODIES: Mapping[str, list[dict[str, Any]]] = {
    "readings": [{"readings": [READING]}, {"readings": [{**READING, "values": {"unknown": 7}}]}],
    "corrections": [
        {"corrections": [{**MEND, "values": {"part": 7}}]},
        {"corrections": [{**MEND, "values": {"part": -7}}]},
        {"corrections": [{**MEND, "reading_id": "r9", "values": {"part": 7}}]},
    ],
    "withdrawals": [{"withdrawals": [MEND]}, {"withdrawals": [{**MEND, "reading_id": "r9"}]}],
    "progress": [{"steps": [STEP]}],
    "report": [REPORT],
}


def contracts() -> dict[str, type[Submission]]:
    return {kind.kind: kind for kind in Submission.__subclasses__() if kind is not Command}


def stored_of(kind: str, body: dict[str, Any], actor: Actor | None = None) -> list[dict[str, Any]]:
    """The stored events of a submission, as they are written in the database."""
    sent = json.dumps(body).encode()
    content, malformed = read_body(contracts()[kind], sent)
    submitted = Submitted("c1", kind, "s1", sent, sha256(sent).hexdigest(), content, malformed, actor=actor)
    owner, batch = BATCHES[kind]
    outcome = owner.SUBMISSIONS[type(content)](batch(submitted), submitted)
    transcoder = JSONTranscoder()
    for transcoding in (UUIDAsHex(), DecimalAsStr(), DatetimeAsISO(), DateAsISO()):
        transcoder.register(transcoding)
    mapper: Mapper[Any] = Mapper(transcoder)
    events = [event for aggregate in outcome.aggregates for event in aggregate.collect_events()]
    return [json.loads(mapper.to_stored_event(event).state) for event in events]


def readings_batch(_: Submitted) -> Batch:
    return Batch(AT, RULES, {"c1": dict(KNOWN)})


def report_batch(submitted: Submitted) -> SubmissionBatch:
    """For a period that is not over, so that no table is read."""
    nothing: Any = None
    drafts: Any = SimpleNamespace(rulebook=Rulebook({}), in_one_snapshot=nullcontext)
    return SubmissionBatch(nothing, nothing, drafts, [submitted], AT)


BATCHES: Mapping[str, tuple[Any, Any]] = {
    "readings": (indicators, readings_batch),
    "corrections": (indicators, readings_batch),
    "withdrawals": (indicators, readings_batch),
    "progress": (planning, lambda _: ProgressBatch({}, AT, Calendar())),
    "report": (reporting, report_batch),
}


def fields_of(value: object) -> Iterator[tuple[str, object]]:
    """The fields of a message that hold no other fields, wherever they are in it."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            if isinstance(part, Mapping | list):
                yield from fields_of(part)
            else:
                yield name, part
    elif isinstance(value, list):
        for part in value:
            yield from fields_of(part)


def models_in(message: BaseModel) -> Iterator[BaseModel]:
    yield message
    for name in type(message).model_fields:
        value = getattr(message, name)
        for part in value if isinstance(value, tuple) else [value]:
            if isinstance(part, BaseModel):
                yield from models_in(part)


def test_there_is_an_example_of_every_contract():
    assert set(BODIES) == set(contracts())


@pytest.mark.parametrize("kind", BODIES)
def test_the_examples_use_every_field(kind):
    for body in BODIES[kind]:
        for model in models_in(contracts()[kind].model_validate(body)):
            assert model.model_fields_set == set(type(model).model_fields)


@pytest.mark.parametrize(("kind", "body"), [(kind, body) for kind, bodies in BODIES.items() for body in bodies])
def test_every_accepted_field_is_stored(kind, body):
    stored = {field for event in stored_of(kind, body) for field in fields_of(event)}
    assert set(fields_of(body)) <= stored


@pytest.mark.parametrize(("kind", "body"), [(kind, body) for kind, bodies in BODIES.items() for body in bodies])
def test_the_account_that_sent_it_is_stored(kind, body):
    by_account = stored_of(kind, body, Actor("Trần Thị Bình", "tran-binh"))
    by_machine = stored_of(kind, body)

    assert {("by_account", "tran-binh"), ("account", "tran-binh")} & {
        field for e in by_account for field in fields_of(e)
    }
    assert "tran-binh" not in json.dumps(by_machine)
