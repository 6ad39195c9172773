"""A NATS that cannot write is restarted; one that a restart does not help, seldom, and the operator learns of it."""

from types import SimpleNamespace

import pytest

from deploy.embedded import full_disk
from deploy.embedded.full_disk import ASKED_EVERY, FORGOTTEN_AFTER, MOST_RESTARTS, PAUSE, FullDiskWatch


@pytest.fixture
def watched(tmp_path, monkeypatch):
    """`restarts(seconds)` are the seconds, from the beginning, at which the server is restarted."""
    here = SimpleNamespace(now=0.0, failed=True)

    async def has_failed(_):
        return here.failed

    monkeypatch.setattr(full_disk, "_has_failed", has_failed)
    watch, broker = FullDiskWatch(lambda: here.now), SimpleNamespace(folder=tmp_path)

    def restarts(seconds):
        found, end = [], here.now + seconds
        while here.now < end:
            here.now += 1
            if watch.needs_restart(broker):
                found.append(here.now)
        return found

    here.restarts = restarts
    return here


def test_after_three_restarts_that_did_not_help_it_has_ten_minutes_between_two(watched, caplog):
    first = watched.restarts(PAUSE)
    assert first == [ASKED_EVERY * n for n in range(1, MOST_RESTARTS + 1)]
    assert [record.message.partition(",")[0] for record in caplog.records] == [
        "NATS still cannot write after 3 restarts"
    ]
    assert watched.restarts(3 * PAUSE) == [first[-1] + PAUSE * n for n in (1, 2, 3)]


def test_a_server_that_writes_again_begins_from_the_beginning(watched):
    watched.restarts(PAUSE)
    watched.failed = False
    assert watched.restarts(2 * FORGOTTEN_AFTER) == []
    watched.failed = True
    assert len(watched.restarts(4 * ASKED_EVERY)) == MOST_RESTARTS


def test_a_full_disk_is_waited_for(watched, monkeypatch):
    monkeypatch.setattr(full_disk, "ROOM", 2**80)
    assert watched.restarts(PAUSE) == []
