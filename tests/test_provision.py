"""What provisioning lets a role of the database do, on a database where the database sets the times."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from deploy.embedded.stack import Stack
from deploy.provision import TIMES_OF_SERVICES, provision
from services.indicators.application import Indicators
from services.indicators.domain.definition import Definition
from shared.messaging.streams import SERVICES
from shared.process import open_pool

JULY = datetime(2025, 7, 1, tzinfo=UTC)
NEXT_CENTURY = datetime(2100, 1, 1, tzinfo=UTC)
INSERT = (
    "INSERT INTO {0}.{0}_events (originator_id, originator_version, topic, state, {1})"
    " VALUES (gen_random_uuid(), 1, 'x', '', {2}) RETURNING recorded_at, clock_timestamp()"
)


@pytest.fixture(scope="module")
def strict(tmp_path_factory, start_servers):
    with Stack(tmp_path_factory.mktemp("strict"), services=(), start_servers=start_servers) as stack:
        yield stack


def as_service(stack, service):
    return psycopg.connect(**stack.settings(service).database(service))


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("time", [JULY, NEXT_CENTURY, None])
def test_a_service_cannot_choose_when_an_event_was_recorded(strict, service, time):
    with as_service(strict, service) as connection:
        recorded, now = connection.execute(INSERT.format(service, "recorded_at", "%s"), (time,)).fetchone()
        connection.rollback()
    assert timedelta() <= now - recorded < timedelta(minutes=1)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("position", [-5, 1, 10**9])
def test_a_service_cannot_choose_a_position(strict, service, position):
    with as_service(strict, service) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(INSERT.format(service, "notification_id", "%s"), (position,))


def test_a_commit_of_a_service_with_a_wrong_clock_has_the_time_of_the_database(strict):
    settings = strict.settings("indicators")
    with open_pool(settings, "indicators") as pool:
        store = Indicators(settings, pool)
        store.commit(Definition.define("field", "clock", {"name": "x"}, date(2025, 1, 1), JULY), at=JULY)
        [event] = store.events_after(0, 10)
        store.close()
    assert datetime.now(UTC) - event.position.recorded_at < timedelta(minutes=5)


def test_where_a_clock_is_moved_by_hand_recorded_times_do_not_go_back(own_stack):
    """On a stack of its own: after an event of next year, which other tests record, times are those of the database."""
    hour = timedelta(hours=1)
    with own_stack(env=TIMES_OF_SERVICES, services=()) as stack, as_service(stack, "planning") as connection:
        now = connection.execute("SELECT now()").fetchone()[0]
        given = (now + hour, JULY, now + 2 * hour)
        times = [
            connection.execute(INSERT.format("planning", "recorded_at", "%s"), (time,)).fetchone()[0] for time in given
        ]
        connection.rollback()
    assert times == [now + hour, now + hour, now + 2 * hour]


def test_provision_protects_the_events_of_an_earlier_version(strict):
    with psycopg.connect(strict.settings().database_url) as owner:
        owner.execute("DROP TRIGGER set_recorded_at ON planning.planning_events")
        owner.execute("GRANT INSERT ON planning.planning_events TO minhbach_planning")
    assert strict.provision() == ["trigger set_recorded_at on planning.planning_events created"]
    assert strict.provision() == []
    test_a_service_cannot_choose_when_an_event_was_recorded(strict, "planning", JULY)
    test_a_service_cannot_choose_a_position(strict, "planning", 10**9)


def test_provision_reports_that_times_come_from_elsewhere(strict):
    def again(env):
        return asyncio.run(provision(strict.settings(**env)))

    assert again(TIMES_OF_SERVICES) == [
        f"the time of {service}'s events is set by the service from now on" for service in SERVICES
    ]
    assert again(TIMES_OF_SERVICES) == []
    assert again({}) == [f"the time of {service}'s events is set by the database from now on" for service in SERVICES]
