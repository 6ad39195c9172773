"""Each stored event leads to its public message, or to none."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.indicators.domain import definition, submission
from services.indicators.domain.assessment import Assessment
from services.indicators.domain.definition import Definition
from services.indicators.domain.reading import Rules
from services.indicators.domain.submission import Submission, UnreadableMessage
from services.indicators.publishers import announce
from shared.contracts.indicators import (
    FieldDefined,
    IndicatorDefined,
    MeasureDefined,
    MessageParked,
    SubmissionReceipted,
)
from shared.record.aggregate import Aggregate
from shared.record.event_store import Position, RecordedEvent

AT = datetime(2025, 9, 10, 3, tzinfo=UTC)
RECORDED_AT = AT + timedelta(seconds=1)
TODAY = date(2025, 9, 10)
RULES = Rules(communes=frozenset({"c1"}), measures={"part": "Phần"})
MEASURE = {"name": "Phần", "kind": "flow", "unit": "hồ sơ", "by_field": True}
INDICATOR = {
    "name": "Tỷ lệ",
    "numerator": ["part"],
    "denominator": ["whole"],
    "direction": "higher",
    "zero_denominator": "undefined",
    "source": "kế hoạch",
}


def announced(aggregate):
    """The messages about an aggregate's events, as they arrive."""
    messages = [announce(RecordedEvent(Position(7, RECORDED_AT), "x/1", event)) for event in aggregate.collect_events()]
    return [event and type(event).model_validate_json(event.model_dump_json()) for event in messages]


def settled(*acts):
    assessment = Assessment("c1", RULES, TODAY, {})
    for act in acts:
        act(assessment)
    [event] = announced(Submission.settle("s1", "readings", assessment, AT))
    return event


def test_settled_submission_is_announced_with_its_readings():
    event = settled(
        lambda v: v.record("r1", TODAY, None, {"part": 1}),
        lambda v: v.record("r1", TODAY, None, {"part": 1}),
        lambda v: v.record("r2", TODAY, None, {"part": -1}),
        lambda v: v.correct("r1", {"part": 2}, "đếm nhầm", "Lê Văn Tám"),
        lambda v: v.withdraw("r1", "gửi nhầm"),
        lambda v: v.withdraw("r9", "gửi nhầm"),
    )
    assert isinstance(event, SubmissionReceipted)
    assert (event.event_id, event.recorded_at) == ("x/1", RECORDED_AT)
    assert (event.commune, event.submission_id, event.duplicates) == ("c1", "s1", 1)
    [recorded], [corrected], [withdrawn] = event.recorded, event.corrected, event.withdrawn
    assert (recorded.reading_id, recorded.version, recorded.values) == ("r1", 1, {"part": 1})
    assert (recorded.observed_on, recorded.field) == (TODAY, None)
    assert (corrected.version, corrected.values, corrected.reason) == (2, {"part": 2}, "đếm nhầm")
    assert (withdrawn.version, withdrawn.values, withdrawn.reason) == (3, {}, "gửi nhầm")
    assert (corrected.by, withdrawn.by) == ("Lê Văn Tám", None)
    assert [(r.item, r.rule, r.observed_on) for r in event.refused] == [
        ("r2", "negative", TODAY),
        ("r9", "unknown-reading", None),
    ]
    assert all(refused.sentence.endswith(".") for refused in event.refused)


def test_submission_without_accepted_readings_is_announced():
    event = settled(lambda v: v.record("r2", TODAY, "sea", {"part": 1}))
    assert (event.recorded, event.corrected, event.withdrawn) == ((), (), ())
    assert [refused.rule for refused in event.refused] == ["unknown-field"]


def test_parked_message_is_announced_without_its_body():
    fields = {"commune": "c1", "submission_id": "s1", "kind": "readings", "reason": "not JSON", "sha256": "ab"}
    [event] = announced(UnreadableMessage.park(AT, size_bytes=3, **fields))
    assert isinstance(event, MessageParked)
    assert event.model_dump() == {"event_id": "x/1", "recorded_at": RECORDED_AT, "size_bytes": 3, **fields}


@pytest.mark.parametrize(
    ("kind", "definition", "contract"),
    [
        ("field", {"name": "Đất đai"}, FieldDefined),
        ("measure", MEASURE, MeasureDefined),
        ("indicator", INDICATOR, IndicatorDefined),
    ],
)
def test_each_version_of_a_definition_is_announced(kind, definition, contract):
    measures = {"part", "whole"}
    defined = Definition.define(kind, "rate", definition, date(2025, 1, 1), AT, measures=measures)
    defined.revise({**definition, "name": "Tên khác"}, date(2026, 1, 1), AT, measures=measures)
    first, second = announced(defined)
    assert isinstance(first, contract)
    assert isinstance(second, contract)
    assert (getattr(first, kind), first.version, first.name) == ("rate", 1, definition["name"])
    assert (first.in_force_from, second.in_force_from) == (date(2025, 1, 1), date(2026, 1, 1))
    assert (second.version, second.name) == (2, "Tên khác")
    for name, value in definition.items():
        assert getattr(first, name) == (tuple(value) if isinstance(value, list) else value)


def test_every_stored_event_is_tested_here():
    stored = {
        event.TOPIC
        for module in (definition, submission)
        for aggregate in vars(module).values()
        if isinstance(aggregate, type) and issubclass(aggregate, Aggregate)
        for event in vars(aggregate).values()
        if isinstance(event, type) and hasattr(event, "TOPIC")
    }
    assert stored == {
        "indicators.submission-receipted",
        "indicators.message-parked",
        "indicators.definition-defined",
        "indicators.definition-revised",
    }


def test_unknown_event_is_not_announced():
    class Other(Aggregate):
        class Happened(Aggregate.Event):
            pass

    happened = Other.Happened(UUID(int=1), 1, AT)
    assert announce(RecordedEvent(Position(1, AT), "x/1", happened)) is None
