"""Real servers for the tests that need them: one stack for the session, or one of their own."""

import pytest

from deploy.stack import Stack
from tests.servers import start_servers


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """Servers, provisioned, and no service running. `stack.settings(service, **env)` are a service's settings."""
    with Stack(tmp_path_factory.mktemp("stack"), services=(), start_servers=start_servers) as running:
        yield running


@pytest.fixture
def own_stack(tmp_path):
    """Makes a stack of its own for a test that breaks things: `with own_stack(services=…, instances=…) as stack:`."""

    def make(**how):
        return Stack(tmp_path / "stack", start_servers=start_servers, **how)

    return make
