"""The counts on a real PostgreSQL: whatever way announcements come, what was known at a day is what a replay says."""

from contextlib import contextmanager
from datetime import date, timedelta
from itertools import product
from random import Random

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.reporting.audit.replay import Replay
from services.reporting.audit.stored_events import StoredEvent
from services.reporting.read_models import HEARD_OF_INDICATORS, definitions, figures, remembering
from services.reporting.read_models.built import RebuildNeeded
from services.reporting.read_models.corrections import corrections_between
from shared.clock import end_of
from shared.contracts.indicators import IndicatorDefined, ReplacedReading, SubmissionReceipted
from shared.tracking import Announced, Follower
from tests.reporting.histories import (
    COMMUNES,
    FIRST_DAY,
    MORNING,
    WINDOWS,
    Fact,
    corrections_in,
    histories,
    known_days,
    naive_by_field,
    replay_known_at,
)

TABLES = (
    "totals",
    "field_totals",
    "counted_fields",
    "corrections",
    "measures",
    "indicators",
    "refusals",
    "parked_messages",
    "known_positions",
    "tracking",
)


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


def known_at(connection, day, window):
    summed = figures.summed(connection, list(COMMUNES), window, end_of(day))
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
        for day, window in product(known_days(facts), WINDOWS):
            assert known_at(connection, day, window) == replay_known_at(facts, day, window)
            by_field = figures.by_field(connection, list(COMMUNES), window, end_of(day))
            assert by_field == naive_by_field(facts, day, window)


@given(histories(), st.integers(1, 40))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_tables_are_the_same_in_whatever_batches_announcements_came(empty, facts, size):
    coming = list(announced(facts))
    with empty() as connection:
        follow(connection).apply(coming)
        at_once = held(connection)
    with empty() as connection:
        for start in range(0, len(coming), size):
            follow(connection).apply(coming[start : start + size])
        assert held(connection) == at_once


@given(histories(), st.integers(0, 60))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_corrected_after_a_position_is_told_with_who_and_why(empty, facts, after):
    window, until = WINDOWS[0], after + 30
    with empty() as connection:
        follow(connection).apply(list(announced(facts)))
        told = corrections_between(connection, ["a"], window, (after, until))
    expected = [
        (position, r.reading_id, r.before, r.values, r.reason, r.by, event.submission_id)
        for position, event, r in corrections_in(facts)
        if event.commune == "a" and window[0] <= r.observed_on <= window[1]
        if after < position <= until
    ]
    assert [(c.position, c.reading_id, c.before, c.after, c.reason, c.by, c.submission_id) for c in told] == expected


def test_an_announcement_that_does_not_say_what_it_replaced_changes_nothing(empty):
    replaced = ReplacedReading(
        reading_id="r1", version=2, observed_on=FIRST_DAY, field=None, values={"received": 1}, reason="x"
    )
    event = SubmissionReceipted(
        event_id="e", recorded_at=MORNING, commune="a", submission_id="s1", corrected=(replaced,)
    )
    with empty() as connection:
        with pytest.raises(RebuildNeeded, match="run: minhbach report rebuild"), connection.transaction():
            follow(connection).apply(list(announced([Fact(1, event)])))
        assert not any(held(connection).values())


@pytest.mark.parametrize("window", [(date(2025, 9, 2), date(2025, 9, 14)), (date(2025, 9, 1), date(2025, 9, 29))])
def test_a_window_that_cuts_a_half_month_in_two_is_refused(empty, window):
    with empty() as connection, pytest.raises(ValueError, match="no window of half months"):
        figures.summed(connection, ["a"], window, end_of(FIRST_DAY))


def test_figures_are_known_by_days_in_viet_nam(empty):
    with empty() as connection, pytest.raises(ValueError, match="not the end of a day"):
        figures.by_field(connection, ["a"], WINDOWS[0], MORNING)


@pytest.mark.parametrize("source", ["planning", "indicators"])
def test_what_is_announced_is_not_added_to_tables_of_another_version(empty, source):
    with empty() as connection:
        connection.execute("UPDATE read_model_version SET version = 1")
        with pytest.raises(RebuildNeeded):
            remembering(source)(connection, [])


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
