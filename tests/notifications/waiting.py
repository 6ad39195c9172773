"""Waiting on progress."""

import time


def until(happened, within=30.0):
    deadline = time.monotonic() + within
    while not (result := happened()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
    return result
