"""The canonical bytes of an event: one line, that no other event has."""

import json
from base64 import b64decode

from hypothesis import example, given
from hypothesis import strategies as st

from shared.seals.canonical import StoredRow, canonical_line

ID = "b420cf19-d847-520a-ac38-e5168c098907"
NOW = "2025-09-16T01:00:00.000000Z"
PLAIN = StoredRow(7, NOW, ID, 1, "indicators.submission-receipted", '{"commune":"Xã Xốp"}'.encode())
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
rows = st.builds(
    StoredRow,
    st.integers(-(2**63), 2**63 - 1),
    st.just(NOW),
    st.uuids().map(str),
    st.integers(-(2**63), 2**63 - 1),
    texts,
    st.one_of(st.binary(max_size=60), st.dictionaries(texts, texts).map(lambda found: json.dumps(found).encode())),
)


def test_the_line_of_an_event_stays_as_it_is():
    """Its hash is in checkpoints that were printed: another line would make each of them wrong."""
    assert canonical_line("indicators", PLAIN).decode() == (
        '{"minhbach":"event/1","service":"indicators","position":7,"recorded_at":"2025-09-16T01:00:00.000000Z",'
        '"originator_id":"b420cf19-d847-520a-ac38-e5168c098907","originator_version":1,'
        '"topic":"indicators.submission-receipted","state":{"commune":"Xã Xốp"}}'
    )


def test_a_state_that_is_no_object_on_one_line_stands_as_base64():
    for state in (b'{"a":\n1}', b"[1]", b"", b"{"):
        line = canonical_line("indicators", PLAIN._replace(state=state))
        assert b64decode(json.loads(line)["state_base64"]) == state


@given(rows)
def test_a_line_holds_the_event_and_has_no_break(row):
    line = canonical_line("indicators", row)
    assert b"\n" not in line
    assert b"\r" not in line
    if b"\x00" not in row.state and b'"state":' in line:
        assert line.endswith(b'"state":' + row.state + b"}")
    else:
        stored = json.loads(line)
        assert b64decode(stored["state_base64"]) == row.state
        assert (stored["position"], stored["topic"]) == (row.position, row.topic)


# A topic or a state that imitates the fields around it.
@example(PLAIN._replace(topic='x","state":{"a":"'), PLAIN._replace(topic="x", state=b'{"a":"","state":{}}'))
@example(PLAIN._replace(state=b'{"a":1},"state_base64":{}'), PLAIN._replace(state=b'{"a":1}'))
@given(rows, rows)
def test_two_events_never_have_the_same_line(one, other):
    assert (canonical_line("planning", one) == canonical_line("planning", other)) == (one == other)
    assert canonical_line("planning", one) != canonical_line("indicators", one)
