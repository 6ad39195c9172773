"""The communes and what became of them on a real PostgreSQL: twice, late, out of order, as known at any time."""

from contextlib import contextmanager
from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.planning.domain.commune import Commune as Planned
from services.planning.domain.succession import Life, Part
from services.planning.publishers import announce
from services.reporting.audit.replayed_territory import ReplayedTerritory
from services.reporting.read_models import HEARD_OF_PLANNING, remembering
from services.reporting.read_models.territory import commune_with, territory_of
from shared.clock import VIETNAM, end_of
from shared.event_store import Position, StoredFact
from shared.territory import Change, Share, Succession
from shared.tracking import Announced, Follower

MORNING = datetime(2025, 9, 1, 8, tzinfo=VIETNAM)
FIRST = date(2025, 7, 1)
NAMES = "abcd"
PLACE = {"kind": "Xã", "province": "51", "province_name": "Tỉnh Quảng Ngãi", "latitude": None, "longitude": None}


class OneConnection:
    """A pool of one connection, all in one transaction that is never committed."""

    def __init__(self, connection):
        self._connection = connection

    @contextmanager
    def connection(self):
        yield self._connection


@pytest.fixture
def empty(stack):
    """Makes a connection to reporting's tables that sees them empty and leaves them as they were."""

    @contextmanager
    def connected():
        with psycopg.connect(**stack.settings("reporting").database("reporting")) as connection:
            for table in ("communes", "successions", "commune_changes", "known_positions", "tracking"):
                connection.execute(f"DELETE FROM {table}")
            yield connection
            connection.rollback()

    return connected


class Told:
    """What Planning records, a day after the other, each as its announcement and as it is stored."""

    def __init__(self):
        self.events = []
        self.communes = {}

    def record(self, commune, later=1):
        at = MORNING + timedelta(days=later) if not self.events else self.events[-1][1] + timedelta(days=later)
        self.events += [(event, at) for event in commune.collect_events()]

    def register(self, name, later=0, **more):
        said = {"code": f"code of {name}", "name": f"Xã {name}", "in_force_from": FIRST}
        self.communes[name] = Planned.register(MORNING, commune=name, **PLACE | said | more)
        self.record(self.communes[name], later)

    def __getitem__(self, name):
        return self.communes[name]

    def announced(self):
        for n, (event, at) in enumerate(self.events, start=1):
            said = announce(StoredFact(Position(2 * n, at), f"e{n}", event))
            yield Announced(2 * n, 2 * n - 2, said.subject, said.model_dump_json().encode())

    def replayed(self, day):
        replay = ReplayedTerritory()
        for event, at in self.events:
            if at < end_of(day):
                said = {name: v.isoformat() if isinstance(v, date) else v for name, v in vars(event).items()}
                replay.take(type(event).TOPIC, said)
        return replay.territory


def follow(connection):
    return Follower(OneConnection(connection), "planning", HEARD_OF_PLANNING, remembering("planning"))


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
    told = Told()
    for name in NAMES:
        told.register(name, in_force_from=draw(st.sampled_from([None, FIRST])))
    for what, name, day, later in draw(st.lists(actions, max_size=10)):
        one, other = [life(each) for each in NAMES if each != name][:2]
        halves = Fraction(1, 3), Fraction(2, 3)
        act = {"source": "01/NQ-HĐND"}
        match what:
            case "merge":
                told[name].merge(one, day, MORNING, **act)
            case "divide":
                told[name].divide([Part(other), Part(one)], day, MORNING, **act)
            case "share":
                told[name].divide([Part(one, halves[0]), Part(other, halves[1])], day, MORNING, **act)
            case "rename":
                told[name].rename(
                    f"Phường {name} {later}", day, MORNING, code=draw(st.sampled_from([None, "x"])), **act
                )
            case "move":
                told[name].move("48", "Thành phố Đà Nẵng", day, MORNING, **act)
        told.record(told[name], later)
    return told


def same(read, again):
    by_id = [sorted(territory.communes, key=lambda c: c.commune) for territory in (read, again)]
    assert by_id[0] == by_id[1]
    assert read.successions == again.successions
    assert read.changes == again.changes


@given(histories(), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_it_comes_what_was_known_at_a_day_is_what_a_replay_says(empty, told, seed):
    coming, random = list(told.announced()), Random(seed)
    with empty() as connection:
        follower, position = follow(connection), 0
        while position < coming[-1].position:
            # Some of it delivered again, and at times the next one missing.
            applied = sum(message.position <= position for message in coming)
            start = random.randint(max(0, applied - 3), min(applied + 1, len(coming) - 1))
            position = follower.apply(coming[start : start + random.randint(1, 5)])
        assert follower.apply(coming) == position
        for day in {(at + timedelta(days=n)).date() for _, at in told.events for n in (-1, 0)}:
            same(territory_of(connection, end_of(day)), told.replayed(day))


def test_what_became_of_communes_is_known_from_the_day_on_which_it_was_told(empty):
    told = Told()
    for name in "abc":
        told.register(name)
    told["a"].divide([Part(life("c"), Fraction(2, 5)), Part(life("b"), Fraction(3, 5))], FIRST + timedelta(9), MORNING,
                     source="01/NQ-HĐND")  # fmt: skip
    told.record(told["a"], later=3)
    told["b"].rename("Phường b", FIRST + timedelta(5), MORNING, source="02/NQ-HĐND")
    told.record(told["b"], later=1)
    with empty() as connection:
        follow(connection).apply(list(told.announced()))
        known = [territory_of(connection, end_of(MORNING.date() + timedelta(days=n))) for n in (0, 3, 4)]

    assert [len(each.communes) for each in known] == [3, 3, 3]
    assert [each.successions for each in known] == [
        [],
        *[[Succession("a", date(2025, 7, 10), (Share("c", Fraction(2, 5)), Share("b", Fraction(3, 5))))]] * 2,
    ]
    assert [each.changes for each in known] == [[], [], [Change("b", date(2025, 7, 6), name="Phường b")]]


def test_of_two_communes_with_one_code_the_one_that_is_not_gone_is_found(empty):
    told = Told()
    told.register("21025-until-20250630", code="21025", in_force_from=None)
    told.register("21025", code="21025")
    told["21025-until-20250630"].merge(life("21025"), FIRST, MORNING, source="x")
    told.record(told["21025-until-20250630"])
    with empty() as connection:
        follow(connection).apply(list(told.announced()))

        assert commune_with(connection, "21025") == ("21025", "51")
        assert commune_with(connection, "21025-until-20250630") == ("21025-until-20250630", "51")
        assert commune_with(connection, "x") is None
