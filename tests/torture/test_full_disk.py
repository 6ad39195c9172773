"""The servers' disk is full for a while: what has a receipt stays, what has none is receipted once there is room."""

import os
import subprocess
import time
from contextlib import contextmanager, suppress
from datetime import date

import pytest

from tests.journeys.province import Province, in_turn, readings_of, until
from tests.journeys.redelivery import redeliver_sooner

FULL_FOR = 10.0  # seconds
EACH = 100  # submissions of a commune: more than come before the disk is full

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a small disk")


@contextmanager
def small_disk(folder, megabytes):
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def filled(folder):
    ballast = folder / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:  # until there is no room
            file.write(bytes(64 * 1024))
    try:
        yield
    finally:
        ballast.unlink()


def test_a_full_disk_delays_receipts_and_loses_nothing(own_stack, tmp_path):
    with (
        small_disk(disk := tmp_path / "stack", 700),
        Province.of(own_stack, tmp_path, communes=6, today=date(2025, 9, 10)) as province,
    ):
        redeliver_sooner(province)
        readings = in_turn(*(readings_of(commune, "d", EACH) for commune in province.communes))
        with province.sending(readings, together=20) as stream:
            stream.wait_for(40)
            with filled(disk):
                since = time.monotonic()
                until(lambda: time.monotonic() - since > FULL_FOR, "the disk was full for long enough")
                assert stream.receipts < stream.sent
            stream.finish()
        province.wait_until_counted()
        province.wait_until_followed()
        assert province.differences() == []
        assert len(province.ledger.standing) == 6 * EACH * 10
