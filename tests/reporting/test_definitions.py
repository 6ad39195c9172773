"""Definitions on two dates: in any order of versions, tables and replay agree on the one in force."""

from contextlib import contextmanager
from datetime import date, datetime, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.indicators.domain.definition import Definition
from services.indicators.publishers import announce
from services.reporting.audit.replayed_indicators import ReplayedIndicators
from services.reporting.audit.stored_events import StoredEvent
from services.reporting.read_models import definitions
from services.reporting.subscribers import OF_INDICATORS
from shared.clock import VIETNAM, day_of, end_of
from shared.messaging.following.follower import ReceivedEvent
from shared.record.event_store import Position, RecordedEvent

MORNING = datetime(2025, 9, 1, 8, tzinfo=VIETNAM)
FIRST_DAY = MORNING.date()
MEASURES = frozenset("abcd")
RATE = {"name": "Tỷ lệ", "denominator": ["d"], "direction": "higher", "zero_denominator": "undefined", "source": "QĐ 1"}
FLOW = {"name": "Số hồ sơ", "kind": "flow", "unit": "hồ sơ", "by_field": True}

# Of each version: the indicator, how many days later it was recorded, its date of effect, and what it counts.
versions = st.lists(
    st.tuples(st.sampled_from(["r", "s"]), st.integers(0, 2), st.integers(-4, 8), st.sampled_from("abc")),
    min_size=1,
    max_size=8,
)


@pytest.fixture
def empty(stack):
    """Makes a connection that sees no definitions, and leaves those that there are."""

    @contextmanager
    def connected():
        with psycopg.connect(**stack.settings("reporting").database("reporting")) as connection:
            for table in ("measures", "indicators", "fields"):
                connection.execute(f"DELETE FROM {table}")
            yield connection
            connection.rollback()

    return connected


class Catalogue:
    """What Indicators would store and announce."""

    def __init__(self):
        self.defined = {}
        self.facts = []

    def say(self, kind, name, definition, in_force_from, at):
        known = self.defined.get((kind, name))
        if known is None:
            known = Definition.define(kind, name, definition, in_force_from, at, measures=MEASURES)
            self.defined[kind, name] = known
        else:
            known.revise(definition, in_force_from, at, measures=MEASURES)
        for event in known.collect_events():
            position = Position(len(self.facts) + 1, at)
            self.facts.append(RecordedEvent(position, f"{name}/{event.originator_version}", event))

    def received(self):
        return [ReceivedEvent(recorded.position.number, announce(recorded)) for recorded in self.facts]

    def replayed(self, day, known_at):
        replay = ReplayedIndicators()
        until = end_of(known_at)
        replay.take([_stored(recorded) for recorded in self.facts if recorded.position.recorded_at < until], day)
        return replay.definitions


def _stored(recorded):
    fields = {
        key: getattr(recorded.event, key)
        for key in ("kind", "name", "definition", "revision")
        if key in vars(recorded.event)
    }
    fields["in_force_from"] = recorded.event.in_force_from.isoformat()
    return StoredEvent(recorded.position.number, recorded.position.recorded_at, type(recorded.event).TOPIC, fields)


@given(versions)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tables_replay_and_a_simple_search_agree_on_the_formula_in_force(empty, drawn):
    catalogue, at, log = Catalogue(), MORNING, []
    for indicator, later, effect, measure in drawn:
        at += timedelta(days=later)
        in_force_from = FIRST_DAY + timedelta(days=effect)
        log.append((indicator, day_of(at), in_force_from, measure))
        catalogue.say("indicator", indicator, {**RATE, "numerator": [measure]}, in_force_from, at)
    with empty() as connection:
        OF_INDICATORS.apply(connection, catalogue.received())
        OF_INDICATORS.apply(connection, catalogue.received())
        for known_at in (FIRST_DAY + timedelta(days=n) for n in range(-1, (day_of(at) - FIRST_DAY).days + 1)):
            for day in (FIRST_DAY + timedelta(days=n) for n in range(-5, 10)):
                read = definitions.definitions(connection, day, end_of(known_at))
                assert read == list(catalogue.replayed(day, known_at).in_force.values())
                assert {d.indicator: d.numerator for d in read} == _plainly(log, day, known_at)


def _plainly(log, day, known_at):
    """Of the versions known and in force by then, the one with the latest date of effect; of one date the last."""
    in_force = {}
    for indicator, known_from, effect, measure in log:
        known = in_force.get(indicator)
        if known_from <= known_at and effect <= day and not (known and known[0] > effect):
            in_force[indicator] = (effect, (measure,))
    return {indicator: numerator for indicator, (_, numerator) in in_force.items()}


def test_a_past_quarter_counts_with_the_formula_of_then_or_of_now(empty):
    quarter_ends, today = date(2025, 9, 14), date(2026, 2, 1)
    catalogue = Catalogue()
    catalogue.say("indicator", "r", {**RATE, "numerator": ["a"]}, date(2025, 1, 1), MORNING)
    catalogue.say(
        "indicator",
        "r",
        {**RATE, "numerator": ["a", "b"], "source": "QĐ 2", "direction": "lower"},
        date(2026, 1, 1),
        datetime(2026, 1, 15, 8, tzinfo=VIETNAM),
    )
    with empty() as connection:
        OF_INDICATORS.apply(connection, catalogue.received())
        [then] = definitions.definitions(connection, quarter_ends, end_of(today))
        [now] = definitions.definitions(connection, today, end_of(today))
        [known_before] = definitions.definitions(connection, today, end_of(date(2026, 1, 14)))

    assert (then.version, then.numerator, then.source, then.direction) == (1, ("a",), "QĐ 1", "higher")
    assert (now.version, now.numerator, now.source, now.direction) == (2, ("a", "b"), "QĐ 2", "lower")
    assert known_before == then


def test_names_and_units_are_those_known_at_a_date(empty):
    catalogue = Catalogue()
    catalogue.say("field", "land", {"name": "Đất đai"}, date(2025, 1, 1), MORNING)
    catalogue.say("measure", "a", FLOW, date(2025, 1, 1), MORNING)
    later = MORNING + timedelta(days=10)
    catalogue.say("field", "land", {"name": "Đất đai, môi trường"}, date(2026, 1, 1), later)
    catalogue.say("measure", "a", {**FLOW, "unit": "bộ hồ sơ"}, date(2025, 1, 1), later)
    catalogue.say("measure", "b", {**FLOW, "kind": "stock", "by_field": False}, date(2025, 1, 1), later)
    with empty() as connection:
        OF_INDICATORS.apply(connection, catalogue.received())
        first, last = end_of(FIRST_DAY), end_of(day_of(later))

        new_year = date(2026, 1, 1)
        assert definitions.field_names(connection, end_of(FIRST_DAY - timedelta(days=1)), new_year) == {}
        assert definitions.field_names(connection, first, new_year) == {"land": "Đất đai"}
        assert definitions.field_names(connection, last, new_year) == {"land": "Đất đai, môi trường"}
        assert definitions.field_names(connection, last, date(2025, 12, 31)) == {"land": "Đất đai"}
        assert definitions.field_names(connection, last, date(2024, 12, 31)) == {}
        assert definitions.measures(connection, first) == {"a": ("Số hồ sơ", "flow", "hồ sơ", True)}
        assert definitions.measures(connection, last)["a"].unit == "bộ hồ sơ"
        assert definitions.measures(connection, last)["b"] == ("Số hồ sơ", "stock", "hồ sơ", False)
        assert definitions.stocks(connection, first) == []
        assert definitions.stocks(connection, last) == ["b"]


def test_a_measure_stored_without_a_name_has_its_id_as_name(empty):
    with empty() as connection:
        connection.execute(
            "INSERT INTO measures (measure, version, kind, in_force_from, known_from) VALUES ('a', 1, 'stock', %s, %s)",
            (FIRST_DAY, MORNING),
        )
        assert definitions.measures(connection, end_of(FIRST_DAY)) == {"a": ("a", "stock", "", False)}


def test_fields_come_in_the_order_of_the_catalogue(empty):
    catalogue = Catalogue()
    for field in ("land", "construction", "other", "business"):
        catalogue.say("field", field, {"name": field.upper()}, date(2025, 1, 1), MORNING)
    catalogue.say("field", "land", {"name": "Đất"}, date(2025, 1, 1), MORNING)
    with empty() as connection:
        OF_INDICATORS.apply(connection, catalogue.received())
        names = definitions.field_names(connection, end_of(FIRST_DAY), FIRST_DAY)
        replayed = catalogue.replayed(FIRST_DAY, FIRST_DAY).field_names
    for found in (names, replayed):
        assert list(found.items()) == [
            ("land", "Đất"),
            ("construction", "CONSTRUCTION"),
            ("other", "OTHER"),
            ("business", "BUSINESS"),
        ]
