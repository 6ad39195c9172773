"""Planning's own events and Reporting's tables, on servers that no other test writes to: time goes on in them."""

from itertools import count

import pytest

from deploy.stack import Stack
from services.planning.register import provinces
from tests.reporting.planned import Planned
from tests.servers import start_servers


@pytest.fixture(scope="session")
def plan_stack(tmp_path_factory):
    with Stack(tmp_path_factory.mktemp("plans"), services=(), start_servers=start_servers) as running:
        yield running


@pytest.fixture(scope="session")
def unused():
    """Provinces and years that no test has had."""
    return zip(provinces(), count(2026))


@pytest.fixture
def here(plan_stack, unused, tmp_path):
    with Planned.on(plan_stack, tmp_path, *next(unused)) as planned:
        yield planned
