"""The body of a submission: what of it can be read is read, whatever stands beside it."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.indicators.malformed import ERRORS, told
from shared.bodies import LARGEST_BODY, TOO_LARGE, Content, Malformed, Unreadable, read_body
from shared.contracts import Submission
from shared.contracts.indicators import CorrectReadings, Reading, RecordReadings, WithdrawReadings
from shared.contracts.planning import ReportProgress

GOOD = {"reading_id": "r", "observed_on": "2025-09-14", "field": "land", "values": {"a": 1}}
BAD: list[Any] = [
    *[None, 1, "r", [], {}, {**GOOD, "values": {}}, {**GOOD, "values": {"a": 1.5}}, {**GOOD, "values": {"a": 10**13}}],
    *[{**GOOD, "values": {"a": float("nan")}}, {**GOOD, "values": {"a": float("-inf")}}, {**GOOD, "values": None}],
    *[{**GOOD, "reading_id": "\ud800"}, {**GOOD, "reading_id": ""}, {**GOOD, "observed_on": 1757808000}],
    *[{**GOOD, "observed_on": "1757808000"}, {**GOOD, "observed_on": "2025-09-14T08:00:00"}],
    *[{**GOOD, "field": ["land"]}, {**GOOD, "values": {"a\x00": 1}}, {**GOOD, "values": {"a": True}}],
]


def read(*items: Any) -> Content:
    return read_body(RecordReadings, json.dumps({"readings": items}).encode())


@given(items=st.lists(st.sampled_from([GOOD, *BAD]), min_size=1, max_size=20))
def test_every_good_item_is_read_and_every_bad_one_told_by_its_number(items: list[Any]) -> None:
    content = read(*items)
    assert isinstance(content.submission, RecordReadings)
    reading = Reading(reading_id="r", observed_on=date(2025, 9, 14), field="land", values={"a": 1})
    assert content.submission.readings == (reading,) * sum(item is GOOD for item in items)
    assert [bad.number for bad in content.malformed] == [n for n, item in enumerate(items, 1) if item is not GOOD]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(item=ANYTHING)
def test_whatever_an_item_is_the_one_beside_it_is_read(item: Any) -> None:
    content = read(GOOD, item)
    assert isinstance(content.submission, RecordReadings)
    assert [reading.reading_id for reading in content.submission.readings][:1] == ["r"]
    assert all(told(bad)[1].isprintable() for bad in content.malformed)


@given(body=st.binary(max_size=200) | st.text(alphabet='{}[]":,readings0\\u', max_size=60).map(str.encode))
def test_whatever_the_bytes_nothing_is_raised(body: bytes) -> None:
    assert isinstance(read_body(RecordReadings, body).submission, Unreadable | RecordReadings)


@pytest.mark.parametrize("body", [json.dumps({"readings": [GOOD]}), json.dumps({"readings": [GOOD]}, indent=2)])
def test_a_good_body_is_read_whole(body: str) -> None:
    assert read_body(RecordReadings, body.encode()) == Content(RecordReadings.model_validate_json(body))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"a": 1', '"a": 1, "a": 1'),
        ('"a": 1', '"a": 1, "\\u0061": 2'),
        ('"field"', '"field": null, "field"'),
        ('"field"', '"x": "\\u003a", "field": null, "field"'),
        ('"field": "land"', '"field": "land", "values": {"a": 1}'),
    ],
)
def test_a_key_that_stands_twice_is_no_choice_of_ours(old: str, new: str) -> None:
    text = json.dumps({"readings": [GOOD, {**GOOD, "reading_id": "s"}]})
    at = text.rindex(old)
    content = read_body(RecordReadings, (text[:at] + new + text[at + len(old) :]).encode())
    assert [(bad.number, bad.problem) for bad in content.malformed] == [(2, "doubled_key")]
    assert isinstance(content.submission, RecordReadings)
    assert len(content.submission.readings) == 1


def test_colons_in_a_text_are_no_keys() -> None:
    reason = "đếm nhầm: 2 thành 3 (8:30)"
    correction = {"reading_id": "r", "values": {"a": 1}, "reason": reason}
    content = read_body(CorrectReadings, json.dumps({"corrections": [correction]}).encode())
    assert isinstance(content.submission, CorrectReadings)
    assert ([c.reason for c in content.submission.corrections], content.malformed) == ([reason], ())


@pytest.mark.parametrize(
    ("kind", "body", "word"),
    [
        (RecordReadings, {"readings": [GOOD], "commune": 1}, "commune"),
        (RecordReadings, {"readings": [GOOD, 1], "commune": 1}, "commune"),
        (RecordReadings, {"readings": []}, "readings"),
        (RecordReadings, {"readings": [1] * 1001}, "readings"),
        (RecordReadings, {"readings": {"0": GOOD}}, "readings"),
        (WithdrawReadings, {"readings": [GOOD]}, "withdrawals"),
        (RecordReadings, [GOOD], "object"),
        (ReportProgress, {"steps": [1]}, "steps"),
    ],
)
def test_where_the_items_cannot_be_told_apart_the_whole_is_unreadable(
    kind: type[Submission], body: Any, word: str
) -> None:
    content = read_body(kind, json.dumps(body).encode())
    assert isinstance(content.submission, Unreadable)
    assert word in content.submission.reason
    assert content.malformed == ()


def test_a_body_over_a_megabyte_is_not_read() -> None:
    body = json.dumps({"readings": [GOOD]}).encode()
    padded = body + b" " * (LARGEST_BODY - len(body))
    assert isinstance(read_body(RecordReadings, padded).submission, RecordReadings)
    assert read_body(RecordReadings, padded + b" ") == Content(Unreadable(TOO_LARGE))


def test_a_clerk_is_told_which_item_and_what_is_wrong_with_it() -> None:
    [bad] = read({**GOOD, "values": {"a": 10**13}}).malformed
    assert told(bad) == (
        "r",
        "Mục thứ 1 của bài gửi, chỗ “values.a”, lớn quá mức của một số đếm (1.000.000.000.000).",
    )
    assert told(Malformed(7, 1, "", "model_type")) == ("#7", "Mục thứ 7 của bài gửi không phải là một đối tượng.")


@pytest.mark.parametrize("item", BAD, ids=str)
def test_every_error_has_its_words(item: Any) -> None:
    [bad] = read(item).malformed
    assert bad.problem in ERRORS
