"""The servers' disk is full for a while: what has a receipt stays, what has none is receipted once there is room."""

import os
import subprocess
import time
from contextlib import contextmanager
from datetime import date

import pytest

from tests.journeys.province import Province, in_turn, readings_of, until
from tests.journeys.redelivery import redeliver_sooner

FULL_FOR = 10.0  # seconds
EACH = 200  # submissions of a commune
ROOM = 700 * 1024 * 1024  # bytes

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a small disk")


@contextmanager
def small_disk(folder):
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def full(folder):
    """The disk becomes as small as what is on it: to fill it takes longer than a stream on a slow machine."""

    def shrunk():
        disk = os.statvfs(folder)
        used = (disk.f_blocks - disk.f_bfree) * disk.f_frsize
        return _resize(folder, used).returncode == 0  # else something was written meanwhile

    until(shrunk, "the disk has no room")
    try:
        yield
    finally:
        _resize(folder, ROOM).check_returncode()


def _resize(folder, size):
    return subprocess.run(["mount", "-o", f"remount,size={size}", folder], check=False)


def test_a_full_disk_delays_receipts_and_loses_nothing(own_stack, tmp_path):
    with (
        small_disk(disk := tmp_path / "stack"),
        Province.of(own_stack, tmp_path, communes=3, today=date(2025, 9, 10)) as province,
    ):
        redeliver_sooner(province)
        readings = in_turn(*(readings_of(commune, "d", EACH) for commune in province.communes))
        with province.sending(readings, together=20) as stream:
            stream.wait_for(40)
            with full(disk):
                since = time.monotonic()
                until(lambda: time.monotonic() - since > FULL_FOR, "the disk was full for long enough")
                assert stream.receipts < stream.sent
            stream.finish()
        province.wait_until_counted()
        province.wait_until_followed()
        assert province.differences() == []
        assert len(province.ledger.standing) == 3 * EACH * 10
