"""Planning's use cases on the stack: one instance, or two."""

from datetime import UTC, datetime

import pytest

from shared.clock import move
from tests.planning.province import opened


@pytest.fixture
def clock(tmp_path):
    path = tmp_path / "clock"
    move(path, datetime(2025, 7, 1, 1, tzinfo=UTC))
    return path


@pytest.fixture
def here(stack, clock):
    with opened(stack, clock) as planning:
        yield planning


@pytest.fixture
def planning(here):
    return here.planning


@pytest.fixture
def another(stack, clock):
    """Another instance."""
    with opened(stack, clock) as planning:
        yield planning.planning
