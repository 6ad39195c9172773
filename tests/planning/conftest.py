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
def at_a_terminal(stack, tmp_path, monkeypatch):
    """The commands find the stack, on 3 October 2025."""
    clock = tmp_path / "clock"
    clock.write_text("2025-10-03T08:00:00+07:00")
    settings = stack.settings("planning")
    monkeypatch.setenv("NATS_URL", settings.nats_url)
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("MINHBACH_CLOCK_FILE", str(clock))


@pytest.fixture
def another(stack, clock):
    """Another instance."""
    with opened(stack, clock) as planning:
        yield planning.planning
