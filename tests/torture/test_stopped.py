"""A stopped leader that continues later still believes that it leads: its writes change nothing."""

import os
import signal
import time
from datetime import date

from tests.journeys.leaders import leader
from tests.journeys.province import Province, in_turn, readings_of, until

STOPPED_FOR = 15.0  # the lease is 10 s


def test_stopped_leaders_are_replaced_and_on_their_return_everything_counts_once(own_stack, tmp_path):
    with Province.of(own_stack, tmp_path, instances=2, communes=3, today=date(2025, 9, 10)) as province:
        readings = in_turn(*(readings_of(commune, "s", 60) for commune in province.communes))
        with province.sending(readings, together=20) as stream:
            stream.wait_for(40)
            stopped = [leader(province.stack, service) for service in ("reporting", "indicators")]
            since = time.monotonic()
            for instance in stopped:
                os.kill(instance.process.pid, signal.SIGSTOP)
            assert stream.receipts < stream.sent
            try:
                for instance in stopped:
                    until(lambda led=instance: is_replaced(province, led), f"another {instance.service} leads", 30)
                until(lambda: time.monotonic() - since > STOPPED_FOR, "they were stopped for long enough")
            finally:
                for instance in stopped:
                    os.kill(instance.process.pid, signal.SIGCONT)
            stream.finish()
        province.wait_until_counted()
        province.wait_until_followed()
        province.wait_until_mailed()
        assert province.differences() == []
        assert all(instance.restarts == 0 for instance in province.stack.running)
        assert len(province.ledger.standing) == 3 * 60 * 10


def is_replaced(province, led):
    found = leader(province.stack, led.service)
    return found is not None and found.name != led.name
