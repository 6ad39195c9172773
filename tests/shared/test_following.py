"""Following another service on real PostgreSQL: each announcement is applied exactly once, in order."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.planning import CommuneRegistered
from shared.messaging.announcing.announced import Announced
from shared.messaging.following.follower import Follower, Subscriptions
from shared.messaging.following.set_aside import MOST_KEPT, MOST_KEPT_BYTES, SetAside
from shared.process import open_pool


class Broken(Exception):
    """What applying raises when a test wants it to."""


class Following:
    """A follower of a source of its own. Each position is applied as a row that cannot be there twice."""

    def __init__(self, pool):
        self.pool = pool
        self.source = uuid4().hex
        self.broken = False
        self.calls = []
        self.follower = Follower(pool, self.source, Subscriptions({CommuneRegistered: self._apply}))

    def _apply(self, connection, received):
        for position, event in received:
            assert event.commune == str(position)
            connection.execute("INSERT INTO communes VALUES (%s)", (f"{self.source}-{position}",))
        self.calls.append([position for position, _ in received])
        if self.broken:
            raise Broken

    def take(self, *announced):
        return self.follower.apply(sorted(announced, key=lambda a: a.position))

    def applied(self):
        """The positions whose rows are committed."""
        with self.pool.connection() as connection:
            found = connection.execute("SELECT commune FROM communes WHERE commune LIKE %s", (f"{self.source}-%",))
            return sorted(int(commune.split("-")[1]) for (commune,) in found)

    def position(self):
        with self.pool.connection() as connection:
            row = connection.execute("SELECT position FROM tracking WHERE source = %s", (self.source,)).fetchone()
        return row[0] if row else 0


@pytest.fixture(scope="module")
def pool(stack):
    with open_pool(stack.settings("indicators"), "indicators") as pool:
        yield pool


@pytest.fixture
def following(pool):
    return Following(pool)


def registered(position):
    return CommuneRegistered(
        event_id=str(position), recorded_at="2025-07-01T00:00:00Z", commune=str(position), code="1", name="Xốp",
        kind="xã", province="51", province_name="Quảng Ngãi", latitude=15, longitude=108, in_force_from="2025-07-01",
    )  # fmt: skip


def chain(*positions):
    """Announcements at these positions, each knowing the one before."""
    return [
        Announced(position, before, CommuneRegistered.subject, registered(position).model_dump_json().encode())
        for before, position in pairwise((0, *positions))
    ]


def test_a_chain_with_legal_holes_is_applied(following):
    assert following.take(*chain(3, 4, 9)) == 9
    assert following.applied() == [3, 4, 9]
    assert following.calls == [[3, 4, 9]]


def test_an_applied_event_is_not_applied_again(following):
    announced = chain(3, 4, 9)
    following.take(*announced)
    assert following.take(*announced) == 9
    assert following.take(announced[0]) == 9
    assert following.calls == [[3, 4, 9]]


def test_an_event_twice_in_a_batch_is_applied_once(following):
    first, second = chain(3, 4)
    assert following.take(first, first, second, second) == 4
    assert following.calls == [[3, 4]]


def test_events_after_a_gap_wait_until_it_is_filled(following):
    first, second, third = chain(3, 4, 9)
    assert following.take(first, third) == 3
    assert following.take(third) == 3
    assert following.take(second) == 4
    assert following.take(third) == 9
    assert following.calls == [[3], [4], [9]]


def test_an_empty_batch_leaves_the_position_of_a_new_source(following):
    assert following.take() == 0
    assert following.take(*chain(3, 4)[1:]) == 0
    assert following.applied() == []


def test_unknown_announcements_move_the_position(following):
    known, _, other = chain(3, 4, 9)
    unknown = Announced(4, 3, "planning.event.commune-divided.v1", b"not even JSON")
    assert following.take(known, unknown, other) == 9
    assert following.calls == [[3, 9]]
    only = Announced(12, 9, "planning.event.commune-divided.v1", b"")
    assert following.take(only) == following.position() == 12


def test_a_failure_applies_nothing_and_the_same_batch_may_come_again(following):
    announced = chain(3, 4, 9)
    following.take(announced[0])
    following.broken = True
    with pytest.raises(Broken):
        following.take(*announced)
    assert (following.applied(), following.position()) == ([3], 3)
    following.broken = False
    assert following.take(*announced) == 9
    assert following.applied() == [3, 4, 9]


@pytest.mark.parametrize("body", [b"{", b"", b"{}", b"\xff\x00", b"[" * 100_000])
def test_an_announcement_that_cannot_be_read_is_set_aside_and_the_others_are_applied(following, body):
    good, torn, after = chain(3, 4, 9)
    assert following.take(good, Announced(4, 3, torn.subject, body), after) == 9
    assert (following.applied(), following.follower.set_aside_count) == ([3, 9], 1)
    with following.pool.connection() as connection:
        kept = connection.execute(
            "SELECT subject, body FROM set_aside WHERE source = %s", (following.source,)
        ).fetchall()
    assert kept == [(torn.subject, body)]


def test_a_message_set_aside_is_kept_once_with_its_headers_and_its_bytes(following):
    message = SetAside("planning.event.x\x00.v1", {"x-position": "no\x00number", "other": "é"}, b"\x00{", "\x00")
    following.follower.set_aside([message, message])
    with following.pool.connection() as connection:
        [row] = connection.execute(
            "SELECT subject, headers, body FROM set_aside WHERE source = %s", (following.source,)
        ).fetchall()
    assert (row[0], json.loads(row[1]), row[2]) == ("planning.event.x\ufffd.v1", message.headers, message.body)


@pytest.mark.parametrize(("kept", "size"), [(MOST_KEPT - 1, 1), (1, MOST_KEPT_BYTES - 45)])
def test_foreign_messages_are_kept_up_to_a_limit_and_those_beyond_it_are_counted(following, kept, size):
    fill = (
        "INSERT INTO set_aside SELECT %s, n::text, 's', '{}', decode(repeat('00', %s), 'hex'), 'r'"
        " FROM generate_series(1, %s) n"
    )
    with following.pool.connection() as connection:
        connection.execute(fill, (following.source, size, kept))
    following.follower.set_aside([SetAside("s", {}, b"%d" % n * 20, "r") for n in range(3)])
    assert (following.follower.set_aside_count, following.follower.not_kept_count) == (3, 2)
    with following.pool.connection() as connection:
        [(number,)] = connection.execute("SELECT count(*) FROM set_aside WHERE source = %s", (following.source,))
    assert number == kept + 1
    good, torn, after = chain(3, 4, 9)
    assert following.take(good, Announced(4, 3, torn.subject, b"{" * 60), after) == 9
    assert following.follower.not_kept_count == 3


def test_sources_have_positions_of_their_own(pool):
    one, other = Following(pool), Following(pool)
    one.take(*chain(3, 4))
    other.take(*chain(1))
    assert (one.position(), other.position()) == (4, 1)


def test_two_instances_at_once_apply_each_announcement_once(pool):
    following = Following(pool)
    announced = chain(*range(1, 61))
    following.take()

    def follow(offset):
        for start in range(60):
            following.take(*announced[max(0, start - offset) : start + 5])

    with ThreadPoolExecutor(3) as threads:
        for done in [threads.submit(follow, offset) for offset in (0, 2, 7)]:
            done.result(30)
    assert following.applied() == list(range(1, 61))
    assert [position for call in following.calls for position in call] == list(range(1, 61))


@st.composite
def deliveries(draw):
    """The positions of a chain, and the batches they come in: shuffled, repeated, cut anywhere, some failing."""
    positions = draw(st.lists(st.integers(1, 30), min_size=1, max_size=8, unique=True).map(sorted))
    indexes = list(range(len(positions)))
    order = draw(st.permutations(indexes + draw(st.lists(st.sampled_from(indexes), max_size=6))))
    batches = []
    while order:
        size = draw(st.integers(1, len(order)))
        batches.append((order[:size], draw(st.booleans())))
        order = order[size:]
    return positions, batches


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries())
def test_in_any_order_of_delivery_each_is_applied_once_and_in_order(pool, delivered):
    positions, batches = delivered
    announced, following = chain(*positions), Following(pool)
    unacknowledged, reached = set(), 0
    for indexes, fails in [*batches, *[([], False)] * len(positions)]:
        batch = [announced[index] for index in {*indexes, *(() if indexes else unacknowledged)}]
        following.broken = fails
        try:
            now = following.take(*batch)
        except Broken:
            assert following.position() == reached, "a failure moves nothing"
            unacknowledged |= set(indexes)
            continue
        assert now >= reached
        reached = now
        unacknowledged = {i for i in {*unacknowledged, *indexes} if positions[i] > reached}
        assert following.applied() == [p for p in positions if p <= reached]
    assert unacknowledged == set()
    assert following.applied() == positions
    assert following.position() == positions[-1]
