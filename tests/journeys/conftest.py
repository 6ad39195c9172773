"""Provinces to send to: real servers, real services as processes, real mail."""

from functools import partial

import pytest

from deploy.embedded.stack import Stack
from tests.journeys.province import Province


@pytest.fixture(scope="module")
def found(tmp_path_factory, start_servers):
    """Makes a province of its own: `with found(instances=…) as province:`; `durable` as of its servers."""

    def make(*, durable=False, **how):
        folder, start = tmp_path_factory.mktemp("province"), partial(start_servers, durable=durable)
        return Province.of(lambda **more: Stack(folder / "stack", start_servers=start, **more), folder, **how)

    return make
