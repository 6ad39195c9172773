"""A clock that somebody else moves is read anew as soon as it was moved, whatever was remembered of it."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.clock import file_clock, move

START = datetime(2025, 9, 10, 5, tzinfo=UTC)
LONG_AGO = (0, 0)


def test_each_of_many_moves_is_seen(tmp_path):
    path = tmp_path / "clock"
    move(path, START)
    os.utime(path, LONG_AGO)
    now = file_clock(path)
    assert now() == now() == START
    for hour in range(500):  # several in one tick of the clock of the file system, in places that are used again
        move(path, START + timedelta(hours=hour))
        assert now() == now() == START + timedelta(hours=hour)


def test_a_file_that_is_the_same_for_a_while_is_read_once(tmp_path, monkeypatch):
    path, reads, read = tmp_path / "clock", [], Path.read_text
    monkeypatch.setattr(Path, "read_text", lambda self: reads.append(self) or read(self))
    move(path, START)
    now = file_clock(path)
    os.utime(path, LONG_AGO)
    assert [now(), now(), now(), len(reads)] == [START, START, START, 1]
