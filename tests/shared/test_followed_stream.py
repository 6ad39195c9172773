"""The messages of a followed stream: applied, set aside, or asked for where a gap is."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace

import nats.errors
import pytest

from shared.contracts import Event
from shared.messaging.announcing.announced import Announced
from shared.messaging.following import followed_stream
from shared.messaging.following.followed_stream import FollowedStream
from shared.messaging.following.missed import MOST_BYTES, MissedAnnouncements
from shared.record.event_store import Position, RecordedEvent

KEY = b"k" * 32
SUBJECT = "planning.event.hello.v1"


class Hello(Event):
    subject = SUBJECT
    text: str = ""


class Store:
    """Events at the positions 1 to 50; every fifth announces nothing."""

    name = "planning"
    text = ""

    def events_after(self, position, limit):
        at = datetime(2025, 9, 10, tzinfo=UTC)
        return [RecordedEvent(Position(n, at), f"e/{n}", n) for n in range(position + 1, min(50, position + limit) + 1)]

    def announce(self, recorded):
        if recorded.event % 5 == 0:
            return None
        return Hello(event_id=recorded.event_id, recorded_at=recorded.position.recorded_at, text=self.text)

    def chain(self):
        positions = [n for n in range(1, 51) if n % 5]
        bodies = [self.announce(e).model_dump_json().encode() for e in self.events_after(0, 50) if e.event % 5]
        return [
            Announced(p, before, SUBJECT, b) for p, before, b in zip(positions, [0, *positions], bodies, strict=False)
        ]


@dataclass
class Client:
    """The connection to a source that answers from a store, or does not answer."""

    store: Store
    answers: bool = True
    asked: list = field(default_factory=list)

    def new_inbox(self):
        return "_INBOX.1"

    async def subscribe(self, inbox):
        self.arrived = deque()
        return self

    async def next_msg(self, _):
        if not self.arrived:
            raise nats.errors.TimeoutError
        return self.arrived.popleft()

    async def unsubscribe(self):
        """Nothing to do."""

    async def publish(self, subject, body, reply="", headers=None):
        if subject == "announcements.planning":
            self.asked.append(int(body))
            if self.answers:
                missed = MissedAnnouncements(self.store, self.store.announce, KEY)
                await missed.answer(self, SimpleNamespace(data=body, reply=reply))
        else:
            self.arrived.append(SimpleNamespace(data=body, headers=headers))


class Follower:
    source = "planning"

    def __init__(self):
        self.applied, self.kept = [], []

    @property
    def set_aside_count(self):
        return len(self.kept)

    def position(self):
        return self.applied[-1] if self.applied else 0

    def apply(self, announced):
        for each in announced:
            if each.previous <= self.position() < each.position:
                self.applied.append(each.position)
        return self.position()

    def set_aside(self, messages):
        self.kept += messages


class Message:
    def __init__(self, subject, headers, body, number):
        self.subject, self.headers, self.data, self.reply = subject, headers, body, f"$JS.ACK.{number}"
        self.metadata = SimpleNamespace(num_delivered=1)
        self.answer = None

    async def ack(self):
        self.answer = "ack"

    async def nak(self, delay):
        self.answer = "nak"


def delivered(*announced):
    return [Message(a.subject, a.headers(KEY), a.body, a.position) for a in announced]


@pytest.fixture
def client():
    return Client(Store())


@pytest.fixture
def followed(client):
    return FollowedStream(Follower(), SimpleNamespace(client=client), KEY)


def take(followed, messages):
    asyncio.run(followed.take(messages))
    return [message.answer for message in messages]


def test_messages_in_order_are_applied_and_nothing_is_asked(followed, client):
    chain = client.store.chain()
    assert take(followed, delivered(*chain)) == ["ack"] * 40
    assert (followed._follower.applied, client.asked) == ([a.position for a in chain], [])


def test_a_gap_is_filled_from_the_store_of_the_source(followed, client):
    chain = client.store.chain()
    assert take(followed, delivered(*chain[:3], *chain[20:])) == ["ack"] * 23
    assert followed._follower.applied == [a.position for a in chain]
    assert (client.asked, followed.fetched) == ([3], 37)


def test_a_gap_that_nobody_fills_stays_and_its_followers_come_again(followed, client):
    client.answers = False
    chain = client.store.chain()
    assert take(followed, delivered(*chain[:3], *chain[20:22])) == ["ack"] * 3 + ["nak"] * 2
    assert followed._follower.applied == [1, 2, 3]


def test_foreign_messages_are_set_aside_and_acknowledged(followed, client):
    chain = client.store.chain()
    strange = [
        Message(SUBJECT, None, b"{}", "x"),
        Message(SUBJECT, {"x-position": "3", "x-previous": "2"}, chain[2].body, "y"),
        Message(SUBJECT, chain[2].headers(b"other" * 8), chain[2].body, "z"),
    ]
    assert take(followed, [*delivered(*chain[:2]), *strange, *delivered(*chain[2:])]) == ["ack"] * 43
    assert followed._follower.applied == [a.position for a in chain]
    assert [m.body for m in followed._follower.kept] == [m.data for m in strange]
    assert followed.set_aside == 3


def test_an_answer_is_bounded_in_bytes_and_goes_on_where_it_ended(followed, client):
    client.store.text = "x" * (MOST_BYTES // 3)
    chain = client.store.chain()
    assert take(followed, delivered(chain[-1])) == ["ack"]
    assert followed._follower.applied == [a.position for a in chain]
    assert client.asked[:3] == [0, 2, 4]


def test_a_follower_that_cannot_be_looked_at_stops_moving(followed, monkeypatch):
    assert followed.is_moving
    monkeypatch.setattr(followed_stream, "STUCK_AFTER", 0.0)
    assert not followed.is_moving
