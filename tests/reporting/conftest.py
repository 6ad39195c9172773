"""Planning's own events and Reporting's tables, on servers that no other test writes to: time goes on in them."""

from itertools import count

import pytest

from deploy.embedded.stack import Stack
from deploy.provision import TIMES_OF_SERVICES
from services.planning.register import provinces
from tests.reporting.followed_services import FollowedServices
from tests.reporting.planned import Planned


@pytest.fixture(scope="session")
def plan_stack(tmp_path_factory, start_servers):
    with Stack(
        tmp_path_factory.mktemp("plans"), TIMES_OF_SERVICES, services=(), start_servers=start_servers
    ) as running:
        yield running


@pytest.fixture(scope="session")
def rebuilding(tmp_path_factory, start_servers):
    """Servers of the services below, whose tables some tests make again."""
    with Stack(
        tmp_path_factory.mktemp("rebuild"), TIMES_OF_SERVICES, services=(), start_servers=start_servers
    ) as running:
        yield running


@pytest.fixture(scope="session")
def services(rebuilding, tmp_path_factory):
    """Twenty days of readings with corrections, withdrawals and refusals; a test may add more days."""
    with FollowedServices.on(rebuilding, tmp_path_factory.mktemp("services")) as services:
        services.days(20)
        services.follow()
        yield services


@pytest.fixture(scope="session")
def unused():
    """Provinces and years that no test has had."""
    return zip(provinces(), count(2026))


@pytest.fixture
def here(plan_stack, unused, tmp_path):
    with Planned.on(plan_stack, tmp_path, *next(unused)) as planned:
        yield planned
