"""The read model of territory on a real PostgreSQL: repeated, late and unordered messages, known on any day."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import partial
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.planning.domain.communes.commune import Commune as Planned
from services.planning.domain.communes.rules import Life
from services.planning.domain.communes.rules import SuccessorShare as Part
from services.planning.publishers import announce
from services.reporting.audit.replayed_territory import ReplayedTerritory
from services.reporting.domain.territory.communes import Share, Succession
from services.reporting.read_models.territory import Communes, commune_with, territory_of
from services.reporting.subscribers import SUBSCRIPTIONS
from shared.clock import VIETNAM, end_of
from shared.communes import CommuneChange
from shared.grants import Place
from shared.messaging.following.follower import Announced, Follower
from shared.record.event_store import Position, RecordedEvent
from tests.emptied_tables import OneConnection, emptied

MORNING = datetime(2025, 9, 1, 8, tzinfo=VIETNAM)
FIRST = date(2025, 7, 1)
NAMES = "abcd"
PLACE = {"kind": "Xã", "province": "51", "province_name": "Tỉnh Quảng Ngãi", "latitude": None, "longitude": None}


@pytest.fixture
def empty(stack):
    """A connection that sees reporting's tables empty and rolls back in the end."""
    tables = ("communes", "successions", "commune_changes", "known_positions", "tracking")
    return partial(emptied, stack, "reporting", *tables)


class CommuneHistory:
    """Events of Planning on successive days, each as an announcement and as a stored event."""

    def __init__(self):
        self.events = []
        self.communes = {}

    def record(self, commune, later=1):
        at = MORNING + timedelta(days=later) if not self.events else self.events[-1][1] + timedelta(days=later)
        self.events += [(event, at) for event in commune.collect_events()]

    def register(self, name, later=0, **more):
        attributes = {"code": f"code of {name}", "name": f"Xã {name}", "in_force_from": FIRST}
        self.communes[name] = Planned.register(MORNING, commune=name, **PLACE | attributes | more)
        self.record(self.communes[name], later)

    def __getitem__(self, name):
        return self.communes[name]

    def announced(self):
        for n, (event, at) in enumerate(self.events, start=1):
            message = announce(RecordedEvent(Position(2 * n, at), f"e{n}", event))
            yield Announced(2 * n, 2 * n - 2, message.subject, message.model_dump_json().encode())

    def replayed(self, day):
        replay = ReplayedTerritory()
        for event, at in self.events:
            if at < end_of(day):
                fields = {name: v.isoformat() if isinstance(v, date) else v for name, v in vars(event).items()}
                replay.take(type(event).TOPIC, fields)
        return replay.territory


def follow(connection):
    return Follower(OneConnection(connection), "planning", SUBSCRIPTIONS["planning"])


def life(name):
    return Life(name, f"Xã {name}", "51", FIRST)


actions = st.tuples(
    st.sampled_from(["merge", "divide", "share", "rename", "move"]),
    st.sampled_from(NAMES),
    st.dates(FIRST + timedelta(days=1), FIRST + timedelta(days=20)),
    st.integers(0, 2),
)


@st.composite
def histories(draw):
    history = CommuneHistory()
    for name in NAMES:
        history.register(name, in_force_from=draw(st.sampled_from([None, FIRST])))
    for action, name, day, later in draw(st.lists(actions, max_size=10)):
        one, other = [life(each) for each in NAMES if each != name][:2]
        halves = Fraction(1, 3), Fraction(2, 3)
        act = {"source": "01/NQ-HĐND"}
        match action:
            case "merge":
                history[name].merge(one, day, MORNING, **act)
            case "divide":
                history[name].divide([Part(other), Part(one)], day, MORNING, **act)
            case "share":
                history[name].divide([Part(one, halves[0]), Part(other, halves[1])], day, MORNING, **act)
            case "rename":
                history[name].rename(
                    f"Phường {name} {later}", day, MORNING, code=draw(st.sampled_from([None, "x"])), **act
                )
            case "move":
                history[name].move("48", "Thành phố Đà Nẵng", day, MORNING, **act)
        history.record(history[name], later)
    return history


def same(read, again):
    by_id = [sorted(territory.communes, key=lambda c: c.commune) for territory in (read, again)]
    assert by_id[0] == by_id[1]
    assert read.successions == again.successions
    assert read.changes == again.changes


@given(histories(), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_known_territory_equals_a_replay_whatever_the_delivery(empty, history, seed):
    messages, random = list(history.announced()), Random(seed)
    with empty() as connection:
        follower, position = follow(connection), 0
        while position < messages[-1].position:
            # Some of it delivered again, and at times the next one missing.
            applied = sum(message.position <= position for message in messages)
            start = random.randint(max(0, applied - 3), min(applied + 1, len(messages) - 1))
            position = follower.apply(messages[start : start + random.randint(1, 5)])
        assert follower.apply(messages) == position
        for day in {(at + timedelta(days=n)).date() for _, at in history.events for n in (-1, 0)}:
            same(territory_of(connection, end_of(day)), history.replayed(day))


def test_a_succession_or_change_is_known_from_the_day_it_was_recorded(empty):
    history = CommuneHistory()
    for name in "abc":
        history.register(name)
    into = [Part(life("c"), Fraction(2, 5)), Part(life("b"), Fraction(3, 5))]
    history["a"].divide(into, FIRST + timedelta(9), MORNING, source="01/NQ-HĐND")
    history.record(history["a"], later=3)
    history["b"].rename("Phường b", FIRST + timedelta(5), MORNING, source="02/NQ-HĐND")
    history.record(history["b"], later=1)
    with empty() as connection:
        follow(connection).apply(list(history.announced()))
        known = [territory_of(connection, end_of(MORNING.date() + timedelta(days=n))) for n in (0, 3, 4)]

    assert [len(each.communes) for each in known] == [3, 3, 3]
    assert [each.successions for each in known] == [
        [],
        *[[Succession("a", date(2025, 7, 10), (Share("c", Fraction(2, 5)), Share("b", Fraction(3, 5))))]] * 2,
    ]
    assert [each.changes for each in known] == [[], [], [CommuneChange("b", date(2025, 7, 6), name="Phường b")]]


def test_of_two_communes_with_one_code_the_present_one_is_found(empty):
    history = CommuneHistory()
    history.register("21025-until-20250630", code="21025", in_force_from=None)
    history.register("21025", code="21025")
    history["21025-until-20250630"].merge(life("21025"), FIRST, MORNING, source="x")
    history.record(history["21025-until-20250630"])
    with empty() as connection:
        follow(connection).apply(list(history.announced()))

        assert commune_with(connection, "21025") == ("21025", "51")
        assert commune_with(connection, "21025-until-20250630") == ("21025-until-20250630", "51")
        assert commune_with(connection, "x") is None


def test_a_commune_is_where_its_last_successor_is(empty):
    """Which grants of accounts cover it is decided by that."""
    history = CommuneHistory()
    for name in "abc":
        history.register(name)
    later = FIRST + timedelta(days=9)
    history["a"].merge(life("b"), FIRST + timedelta(days=5), MORNING, source="x")
    history["b"].move("48", "Đà Nẵng", later, MORNING, source="x")
    for name in "ab":
        history.record(history[name])
    with empty() as connection:
        follow(connection).apply(list(history.announced()))
        place = Communes(OneConnection(connection)).place
        assert place("a", FIRST) == Place("a", "51")
        assert place("a", FIRST + timedelta(days=5)) == place("b", FIRST) == Place("b", "51")
        assert place("a", later) == Place("b", "48")
        assert place("unknown", later) == Place("unknown", None)
