"""The body of a submission is read item by item: an unreadable item does not affect the others."""

import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.indicators.malformed import ERRORS, refusal_of
from shared.contracts import Submission
from shared.contracts.indicators import CorrectReadings, Reading, RecordReadings, WithdrawReadings
from shared.contracts.planning import ReportProgress
from shared.contracts.reporting import SubmitReport
from shared.messaging.intake.bodies import LARGEST_BODY, TOO_LARGE, Content, Malformed, Unreadable, read_body

ROOT = Path(__file__).parents[2]
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
def test_good_items_are_read_and_bad_ones_are_reported_by_number(items: list[Any]) -> None:
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
def test_any_item_leaves_the_item_beside_it_readable(item: Any) -> None:
    content = read(GOOD, item)
    assert isinstance(content.submission, RecordReadings)
    assert [reading.reading_id for reading in content.submission.readings][:1] == ["r"]
    assert all(refusal_of(bad)[1].isprintable() for bad in content.malformed)


@given(body=st.binary(max_size=200) | st.text(alphabet='{}[]":,readings0\\u', max_size=60).map(str.encode))
def test_any_bytes_raise_nothing(body: bytes) -> None:
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
def test_a_repeated_key_makes_its_item_malformed(old: str, new: str) -> None:
    text = json.dumps({"readings": [GOOD, {**GOOD, "reading_id": "s"}]})
    at = text.rindex(old)
    content = read_body(RecordReadings, (text[:at] + new + text[at + len(old) :]).encode())
    assert [(bad.number, bad.problem) for bad in content.malformed] == [(2, "doubled_key")]
    assert isinstance(content.submission, RecordReadings)
    assert len(content.submission.readings) == 1


def test_colons_in_a_text_are_not_counted_as_keys() -> None:
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
def test_a_body_without_a_list_of_items_is_unreadable(kind: type[Submission], body: Any, word: str) -> None:
    content = read_body(kind, json.dumps(body).encode())
    assert isinstance(content.submission, Unreadable)
    assert word in content.submission.reason
    assert content.malformed == ()


def test_a_body_over_a_megabyte_is_not_read() -> None:
    body = json.dumps({"readings": [GOOD]}).encode()
    padded = body + b" " * (LARGEST_BODY - len(body))
    assert isinstance(read_body(RecordReadings, padded).submission, RecordReadings)
    assert read_body(RecordReadings, padded + b" ") == Content(Unreadable(TOO_LARGE))


def items_of(item: str, how_many: int, name: str = "readings") -> bytes:
    return f'{{"{name}": [{",".join([item] * how_many)}]}}'.encode()


def keys(how_many: int, value: str = "1") -> str:
    return ",".join(f'"k{n}": {value}' for n in range(how_many))


# Each about a megabyte, and full of faults.
LARGE = {
    "small items": (RecordReadings, items_of('{"a":1}', 130_000)),
    "numbers": (RecordReadings, items_of("1", 500_000)),
    "steps": (ReportProgress, items_of('{"a":1}', 130_000, "steps")),
    "wrong values": (RecordReadings, items_of(f'{{"values":{{{keys(50, chr(34) + "x" * 5 + chr(34))}}}}}', 1000)),
    "many keys": (RecordReadings, items_of(f"{{{keys(100)}}}", 900)),
    "one key again and again": (RecordReadings, items_of("{" + '"a":1,' * 160_000 + '"a":1}', 1)),
    "nested": (RecordReadings, items_of('{"a":' * 150 + "1" + "}" * 150, 1000)),
    "explanations": (SubmitReport, f'{{"period":"2025-Q3","by":"x","explanations":{{{keys(80_000)}}}}}'.encode()),
    "list for a text": (SubmitReport, f'{{"period":[{"1," * 400_000}1],"by":"x"}}'.encode()),
    "keys around": (RecordReadings, f"{{{keys(80_000)}}}".encode()),
}
MOST_MEGABYTES = 160
# One process imports, and forks for each body: what the kernel counts of a fork begins anew. It does not for a program
# that a large process starts, which is counted as large as that one.
READ_ALONE = """
import os, pickle, resource, sys
from shared.contracts import Submission, indicators, planning, reporting
from shared.messaging.intake.bodies import read_body
kinds = {getattr(each, "kind", None): each for each in Submission.__subclasses__()}
def largest():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
while sys.stdin.buffer.peek(1):
    kind, body = pickle.load(sys.stdin.buffer)
    if os.fork() == 0:
        read_body(kinds[kind], b"{}")
        before = largest()
        read_body(kinds[kind], body)
        print((largest() - before) // 1024, flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def reader() -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", READ_ALONE]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process


def megabytes_read_in(reader: subprocess.Popen[bytes], kind: type[Submission], body: bytes) -> int:
    assert reader.stdin
    assert reader.stdout
    pickle.dump((kind.kind, body), reader.stdin)
    reader.stdin.flush()
    return int(reader.stdout.readline())


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_a_body_full_of_faults_takes_memory_in_proportion_to_its_size(
    reader: subprocess.Popen[bytes], name: str
) -> None:
    kind, body = LARGE[name]
    assert len(body) <= LARGEST_BODY
    assert megabytes_read_in(reader, kind, body) < MOST_MEGABYTES
    content = read_body(kind, body)
    assert isinstance(content.submission, Unreadable) or content.malformed


def test_an_item_with_too_many_keys_costs_no_other_item() -> None:
    wide = {**GOOD, "reading_id": "wide", "values": {f"m{n}": 1 for n in range(1200)}}
    content = read(GOOD, wide, GOOD)
    assert isinstance(content.submission, RecordReadings)
    assert len(content.submission.readings) == 2
    assert [refusal_of(bad) for bad in content.malformed] == [("wide", "Mục thứ 2 của bài gửi có quá nhiều số đo.")]


def test_a_refusal_names_the_item_and_its_error() -> None:
    [bad] = read({**GOOD, "values": {"a": 10**13}}).malformed
    assert refusal_of(bad) == (
        "r",
        "Mục thứ 1 của bài gửi, chỗ “values.a”, lớn quá mức của một số đếm (1.000.000.000.000).",
    )
    assert refusal_of(Malformed(7, None, "", "model_type")) == (
        "#7",
        "Mục thứ 7 của bài gửi không phải là một đối tượng.",
    )


@pytest.mark.parametrize("item", BAD, ids=str)
def test_every_error_has_a_sentence(item: Any) -> None:
    [bad] = read(item).malformed
    assert bad.problem in ERRORS
