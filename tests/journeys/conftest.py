"""Provinces to send to: real servers, real services as processes, real mail."""

import pytest

from deploy.stack import Stack
from tests.journeys.province import Province


@pytest.fixture(scope="module")
def found(tmp_path_factory, start_servers):
    """Makes a province of its own: `with found(instances=…) as province:`."""

    def make(**how):
        folder = tmp_path_factory.mktemp("province")
        return Province.of(lambda **more: Stack(folder / "stack", start_servers=start_servers, **more), folder, **how)

    return make
