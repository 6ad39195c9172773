"""A running Indicators with two communes, what they see of it, and bodies that nobody can read."""

import asyncio
import contextlib
import json
import os
import signal
import time

import nats
import psycopg

from shared.contracts import Receipt
from shared.contracts.planning import CommuneRegistered
from tests.announcing import announce, key_of

WITHIN = 60
MEGABYTE = 1024 * 1024


class Province:
    """A running Indicators, and a commune's view of it: its submissions, and the receipts that it receives."""

    def __init__(self, stack):
        self.stack = stack
        self.process = stack.running[0].process
        self.receipts = {}
        self.loop = asyncio.new_event_loop()
        self.client = self.wait(nats.connect(stack.servers.nats_url))
        self.jetstream = self.client.jetstream()
        self.wait(self.client.subscribe("receipt.>", cb=self._received))
        self.wait(self.client.flush())

    def wait(self, awaitable):
        return self.loop.run_until_complete(asyncio.wait_for(awaitable, 60))

    def send(self, submission_id, body, kind="readings", commune="c1", headers=None):
        """Out on the wire; the broker's answer is not waited for."""
        self.wait(self.client.publish(f"intake.{commune}.{kind}.{submission_id}", body, headers=headers))

    def receipt(self, submission_id, commune="c1", number=1):
        """The receipt as it was published for the `number`th time, without a request."""
        key = f"receipt.{commune}.{submission_id}"
        self.until(lambda: len(self.receipts.get(key, ())) >= number, f"no receipt {number} of {submission_id}")
        return Receipt.model_validate_json(self.receipts[key][number - 1])

    def asked(self, submission_id, commune="c1"):
        return self.wait(self.client.request(f"receipts.indicators.{commune}", submission_id.encode(), timeout=60)).data

    def until(self, holds, otherwise, within=WITHIN):
        deadline = time.monotonic() + within
        while not holds():
            assert time.monotonic() < deadline, otherwise
            assert self.process.poll() is None, "the process ended"
            self.wait(asyncio.sleep(0.02))

    def rows(self, query, *parameters):
        with psycopg.connect(**self.stack.settings("indicators").database("indicators")) as connection:
            return connection.execute(query, parameters).fetchall()

    def stored(self, submission_id):
        """The topics of the events about a submission, in order."""
        rows = self.rows("SELECT topic, convert_from(state, 'utf8') FROM indicators_events ORDER BY notification_id")
        return [topic.split(".")[1] for topic, state in rows if json.loads(state).get("submission_id") == submission_id]

    def order_of(self, *prefixes):
        """The submissions whose ids begin so, in the order in which their answers were recorded."""
        rows = self.rows("SELECT convert_from(state, 'utf8') FROM indicators_events ORDER BY notification_id")
        ids = [str(json.loads(state).get("submission_id")) for (state,) in rows]
        return [submission_id for submission_id in ids if submission_id.startswith(prefixes)]

    def parked(self, submission_id):
        return [bytes(b) for (b,) in self.rows("SELECT body FROM parked WHERE submission_id = %s", submission_id)]

    def unacknowledged(self):
        state = self.wait(self.jetstream.consumer_info("intake", "indicators-intake"))
        return state.num_ack_pending + state.num_pending

    def last_announced(self):
        """The body of the last receipt that the service announced."""
        subject = "indicators.event.submission-receipted.v1"
        return self.wait(self.jetstream.get_last_msg("indicators-events", subject)).data.decode()

    @contextlib.contextmanager
    def stream_lost(self):
        """The intake stream is deleted and made again while the service does not look: everything may come twice."""
        self.until(lambda: self.unacknowledged() == 0, "something is never acknowledged")
        os.kill(self.process.pid, signal.SIGSTOP)
        try:
            self.wait(self.jetstream.delete_stream("intake"))
            self.stack.provision()
            yield
        finally:
            os.kill(self.process.pid, signal.SIGCONT)

    async def _received(self, message):
        self.receipts.setdefault(message.subject, []).append(message.data)


def register_communes_in_disorder(province):
    """c2 before c1, which it follows, and between them an event of a newer version."""
    for position, previous, commune in ((9, 5, None), (5, 2, "c2"), (2, 0, "c1")):
        event, subject = b"{}", "planning.event.something-newer.v9"
        if commune:
            registered = CommuneRegistered(
                event_id=commune, recorded_at="2025-07-01T00:00:00Z", commune=commune, code=commune, name=commune,
                kind="xã", province="51", province_name="Quảng Ngãi", latitude=15, longitude=108,
                in_force_from="2025-07-01",
            )  # fmt: skip
            event, subject = registered.model_dump_json().encode(), CommuneRegistered.subject
        province.wait(announce(province.jetstream, key_of(province.stack), subject, event, position, previous))
    province.until(lambda: province.rows("SELECT position FROM tracking") == [(9,)], "the communes were not registered")


def readings(*ids, **more):
    values = more.pop("values", {"part": 1, "whole": 2})
    listed = [{"reading_id": i, "observed_on": "2025-09-01", "values": values, **more} for i in ids]
    return json.dumps({"readings": listed}).encode()


def nested(levels):
    return b'{"readings":' + b"[" * levels + b"]" * levels + b"}"


def with_key(key):
    return b'{"readings": [{"reading_id": "r", "observed_on": "2025-09-01", "values": {"part": 1}}], ' + key + b": 1}"


POISON = {
    "not-json": b"hello",
    "empty": b"",
    "null": b"null",
    "list": b"[]",
    "no-key": b"{}",
    "torn": readings("r")[:-9],
    "two-documents": readings("r") * 2,
    "nested-300": b"[" * 300 + b"]" * 300,
    "nested-100000": nested(100_000),
    "900-kB": b'{"readings": "' + b"x" * 900_000 + b'"}',
    "900-kB-spaces": b" " * 900_000,
    "megabyte-key": with_key(b'"' + b"k" * (MEGABYTE - 200) + b'"'),
    "surrogate-bytes": readings("r").replace(b'"r"', b'"\xed\xa0\x80"'),
    "not-utf-8": readings("r").replace(b'"r"', b'"\xff"'),
    "utf-16": readings("r").decode().encode("utf-16"),
    "nul-in-key": with_key(b'"k\\u0000"'),
    "type-key": with_key(b'"_type_"'),
    "extra-key": with_key(b'"commune"'),
    "no-readings": b'{"readings": []}',
    "1001-readings": readings(*(f"r{n}" for n in range(1001))),
    "doubled-key-around": readings("r")[:-1] + b', "readings": []}',
}

# Bodies whose first reading is good; the second cannot be read.
MALFORMED = {
    "nan": readings("r").replace(b'"part": 1', b'"part": NaN'),
    "infinity": readings("r").replace(b'"part": 1', b'"part": Infinity'),
    "1e400": readings("r").replace(b'"part": 1', b'"part": 1e400'),
    "5000-digits": readings("r").replace(b'"part": 1', b'"part": ' + b"9" * 5000),
    "too-much": readings("r", values={"part": 10**12 + 1}),
    "float": readings("r", values={"part": 1.0}),
    "truth": readings("r", values={"part": True}),
    "text": readings("r", values={"part": "1"}),
    "lone-surrogate": readings("r\ud800"),
    "type-and-data": readings("r", values={"_type_": 1, "_data_": 2}),
    "nul-in-id": readings("r\x00"),
    "nul-in-measure": readings("r", values={"pa\x00rt": 1}),
    "nul-in-field": readings("r", field="\x00"),
    "61-measures": readings("r", values={f"m{n}": 1 for n in range(61)}),
    "no-measures": readings("r", values={}),
    "no-such-day": readings("r").replace(b"2025-09-01", b"2025-02-30"),
    "day-without-end": readings("r").replace(b'"2025-09-01"', b"99999999999999999999"),
    "long-id": readings("r" * 81),
    "slash-in-id": readings("../r"),
    "seconds": readings("r").replace(b'"2025-09-01"', b"1757808000"),
    "quoted-seconds": readings("r").replace(b"2025-09-01", b"1757808000"),
    "doubled-key": readings("r").replace(b'"part": 1', b'"part": 1, "part": 2'),
    "doubled-id": readings("r").replace(b'"reading_id"', b'"reading_id": "s", "reading_id"'),
    "nested-300": b"[" + b"[" * 300 + b"]" * 300 + b"]}",
    "no-object": b'["r"]}',
    "null": b"[null]}",
}
