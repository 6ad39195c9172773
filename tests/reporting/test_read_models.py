"""The counts on a real PostgreSQL: whatever way announcements come, what was known at a day is what a replay says."""

from contextlib import contextmanager
from datetime import date, timedelta
from random import Random

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.reporting.audit.replay import Replay
from services.reporting.audit.stored_events import StoredEvent
from services.reporting.read_models import HEARD_OF_INDICATORS, counts, definitions, remembering
from shared.clock import end_of
from shared.contracts.indicators import IndicatorDefined
from shared.tracking import Announced, Follower
from tests.reporting.histories import COMMUNES, FIRST_DAY, MORNING, WINDOW, Fact, histories, known_days, replay_known_at

TABLES = ("counts", "measures", "indicators", "refusals", "parked_messages", "history", "tracking")


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
            for table in TABLES:
                connection.execute(f"DELETE FROM {table}")
            yield connection
            connection.rollback()

    return connected


def announced(facts):
    previous = 0
    for position, event in facts:
        yield Announced(position, previous, event.subject, event.model_dump_json().encode())
        previous = position


def follow(connection):
    return Follower(OneConnection(connection), "indicators", HEARD_OF_INDICATORS, remembering("indicators"))


def known_at(connection, day):
    summed = counts.summed(connection, list(COMMUNES), WINDOW, end_of(day))
    return summed.sums, summed.readings


def held(connection):
    return {table: sorted(map(repr, connection.execute(f"SELECT * FROM {table}"))) for table in TABLES}


@given(histories(), st.integers(0, 2**32))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_announcements_are_cut_into_batches_each_day_knows_what_a_replay_says(empty, facts, seed):
    coming, random = list(announced(facts)), Random(seed)
    with empty() as connection:
        follower, position = follow(connection), 0
        while position < coming[-1].position:
            # Some of it delivered again, and at times the next one missing.
            applied = sum(message.position <= position for message in coming)
            start = random.randint(max(0, applied - 3), min(applied + 1, len(coming) - 1))
            batch = coming[start : start + random.randint(1, 8)]
            reached = follower.apply(batch)
            assert reached >= position
            assert start <= applied or reached == position, "nothing beyond a gap is applied"
            position = reached
        for day in known_days(facts):
            assert known_at(connection, day) == replay_known_at(facts, day)


@given(histories())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_everything_delivered_twice_changes_nothing(empty, facts):
    coming = list(announced(facts))
    with empty() as connection:
        follower = follow(connection)
        assert follower.apply(coming) == facts[-1].position
        before = held(connection)
        assert follower.apply(coming) == facts[-1].position
        assert held(connection) == before


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=5))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_version_in_force_on_a_day_is_the_one_that_a_replay_takes(empty, in_force_from):
    """Also when a later version is in force from an earlier day."""
    defined = [_defined(version, FIRST_DAY + timedelta(n)) for version, n in enumerate(in_force_from, start=1)]
    with empty() as connection:
        follow(connection).apply(list(announced(Fact(d.version, d) for d in defined)))
        for day in (FIRST_DAY + timedelta(n) for n in range(-4, 5)):
            replay = Replay()
            replay.indicators([_stored(definition) for definition in defined], day)
            read = definitions.definitions(connection, day, end_of(MORNING.date()))
            assert read == list(replay.definitions.in_force.values())


def _defined(version: int, day: date):
    return IndicatorDefined(
        event_id=f"i{version}", recorded_at=MORNING, indicator="i", version=version, name=f"i {version}",
        numerator=("a",), denominator=("b",), direction="higher", zero_denominator="zero", source="x",
        in_force_from=day,
    )  # fmt: skip


def _stored(event):
    said = event.model_dump(mode="json")
    first = {"kind": "indicator", "name": "i", "definition": said, "in_force_from": said["in_force_from"]}
    return StoredEvent(
        event.version,
        MORNING,
        f"indicators.definition-{'defined' if event.version == 1 else 'revised'}",
        first | ({} if event.version == 1 else {"revision": event.version}),
    )
