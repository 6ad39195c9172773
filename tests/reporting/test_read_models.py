"""The counts on a real PostgreSQL: the figures known on a day equal a replay, in whatever batches events arrive."""

from datetime import date, timedelta
from functools import partial
from itertools import product
from random import Random

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.reporting.audit.replayed_indicators import ReplayedIndicators
from services.reporting.audit.stored_events import StoredEvent
from services.reporting.read_models import definitions, figures, reports
from services.reporting.read_models.corrections import corrections_between
from services.reporting.read_models.figures import KeptHalves
from services.reporting.read_models.table_version import RebuildNeeded
from services.reporting.subscribers import SUBSCRIPTIONS
from shared.clock import end_of
from shared.contracts.indicators import IndicatorDefined, ReplacedReading, SubmissionReceipted
from shared.messaging.following.follower import Announced, Follower
from tests.emptied_tables import OneConnection, emptied
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
    replay_of,
    reported_of,
)

TABLES = (
    "field_totals",
    "day_counts",
    "counted_fields",
    "corrections",
    "measures",
    "indicators",
    "refusals",
    "parked_messages",
    "known_positions",
    "tracking",
)


@pytest.fixture
def empty(stack):
    """Makes a connection to reporting's tables that sees them empty and leaves them as they were."""
    return partial(emptied, stack, "reporting", *TABLES)


def announced(facts):
    previous = 0
    for position, event in facts:
        yield Announced(position, previous, event.subject, event.model_dump_json().encode())
        previous = position


def follow(connection):
    return Follower(OneConnection(connection), "indicators", SUBSCRIPTIONS["indicators"])


def known_at(connection, day, window):
    counts = figures.counts_in(connection, list(COMMUNES), window, end_of(day))
    return counts.sums, counts.readings


def with_readings(reported):
    """Without places of which all readings were withdrawn."""
    kept = {c: [place for place in places if place.flows or place.levels] for c, places in reported.items()}
    return {commune: places for commune, places in kept.items() if places}


def held(connection):
    return {table: sorted(map(repr, connection.execute(f"SELECT * FROM {table}"))) for table in TABLES}


@given(histories(), st.integers(0, 2**32))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_figures_of_any_batches_equal_a_replay_on_each_day(empty, facts, seed):
    coming, random = list(announced(facts)), Random(seed)
    with empty() as connection:
        follower, position, kept = follow(connection), 0, KeptHalves()
        while position < coming[-1].position:
            # Some of it delivered again, and at times the next one missing.
            applied = sum(message.position <= position for message in coming)
            start = random.randint(max(0, applied - 3), min(applied + 1, len(coming) - 1))
            batch = coming[start : start + random.randint(1, 8)]
            reached = follower.apply(batch)
            assert reached >= position
            assert start <= applied or reached == position, "nothing beyond a gap is applied"
            position = reached
            asked = list(COMMUNES), random.choice(WINDOWS), end_of(random.choice(known_days(facts)))
            assert figures.counts_in(connection, *asked, kept) == figures.counts_in(connection, *asked)
        for day, window in product(known_days(facts), WINDOWS):
            assert known_at(connection, day, window) == replay_known_at(facts, day, window)
            counts = figures.counts_in(connection, list(COMMUNES), window, end_of(day), kept)
            assert counts.by_field == naive_by_field(facts, day, window)
            assert with_readings(counts.reported) == reported_of(replay_of(facts, day, window), window)


@given(histories(), st.integers(1, 40))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_batches_of_any_size_give_the_same_tables(empty, facts, size):
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
def test_corrections_after_a_position_are_listed_with_person_and_reason(empty, facts, after):
    window, until = WINDOWS[0], after + 30
    with empty() as connection:
        follow(connection).apply(list(announced(facts)))
        listed = corrections_between(connection, ["a"], window, (after, until))
    expected = [
        (position, r.reading_id, r.before, r.values, r.reason, r.by, event.submission_id)
        for position, event, r in corrections_in(facts)
        if event.commune == "a" and window[0] <= r.observed_on <= window[1]
        if after < position <= until
    ]
    assert [(c.position, c.reading_id, c.before, c.after, c.reason, c.by, c.submission_id) for c in listed] == expected


def test_an_old_announcement_without_the_replaced_counts_changes_nothing(empty):
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
        figures.counts_in(connection, ["a"], window, end_of(FIRST_DAY))


def test_figures_are_known_by_days_in_viet_nam(empty):
    with empty() as connection, pytest.raises(ValueError, match="not the end of a day"):
        figures.counts_in(connection, ["a"], WINDOWS[0], MORNING)


@pytest.mark.parametrize("source", ["planning", "indicators"])
def test_announcements_are_not_added_to_tables_of_another_version(empty, source):
    with empty() as connection:
        connection.execute("UPDATE read_model_version SET version = 1")
        with pytest.raises(RebuildNeeded):
            SUBSCRIPTIONS[source].apply(connection, [])


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
def test_the_version_in_force_on_a_day_equals_that_of_a_replay(empty, in_force_from):
    """Also when a later version is in force from an earlier day."""
    defined = [_defined(version, FIRST_DAY + timedelta(n)) for version, n in enumerate(in_force_from, start=1)]
    with empty() as connection:
        follow(connection).apply(list(announced(Fact(d.version, d) for d in defined)))
        for day in (FIRST_DAY + timedelta(n) for n in range(-4, 5)):
            replay = ReplayedIndicators()
            replay.take([_stored(definition) for definition in defined], day)
            read = definitions.definitions(connection, day, end_of(MORNING.date()))
            assert read == list(replay.definitions.in_force.values())


def _defined(version: int, day: date):
    return IndicatorDefined(
        event_id=f"i{version}", recorded_at=MORNING, indicator="i", version=version, name=f"i {version}",
        numerator=("a",), denominator=("b",), direction="higher", zero_denominator="zero", source="x",
        in_force_from=day,
    )  # fmt: skip


def _stored(event):
    fields = event.model_dump(mode="json")
    first = {"kind": "indicator", "name": "i", "definition": fields, "in_force_from": fields["in_force_from"]}
    return StoredEvent(
        event.version,
        MORNING,
        f"indicators.definition-{'defined' if event.version == 1 else 'revised'}",
        first | ({} if event.version == 1 else {"revision": event.version}),
    )


def test_the_table_of_reports_of_an_earlier_version_keeps_its_rows(stack):
    with psycopg.connect(stack.settings().database_url) as connection:
        connection.execute("CREATE SCHEMA earlier_reporting; SET LOCAL search_path TO earlier_reporting")
        connection.execute(
            "CREATE TABLE reports (report_id text PRIMARY KEY, province text NOT NULL, commune text,"
            " regime text NOT NULL, period text NOT NULL, state text NOT NULL, announced_due_on date,"
            " announced_step int, said jsonb NOT NULL);"
            "INSERT INTO reports"
            " VALUES ('r-1', '51', NULL, 'reform', '2025', 'published', NULL, NULL, '{\"edition\": 2}')"
        )
        connection.execute(reports.TABLE)
        connection.execute(reports.TABLE)
        (row,) = connection.execute("SELECT report_id, status FROM reports").fetchall()
        connection.rollback()

    assert row == ("r-1", {"edition": 2})
