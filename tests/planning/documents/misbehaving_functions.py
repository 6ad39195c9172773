"""Functions that misbehave in a sandboxed process; in a module of their own, which the child imports quickly."""

import os
import signal
import time

from services.planning.documents.document import Document

MEGABYTE = 1024 * 1024


def take_all_memory():
    return [bytes(MEGABYTE) for _ in range(4096)]


def take_all_time():
    while True:
        pass


def sleep_for_ever():
    time.sleep(3600)


def recurse():
    return recurse()


def die():
    os.kill(os.getpid(), signal.SIGSEGV)


def leave():
    os._exit(0)


def fail():
    raise ValueError("what only developers see")


def answer_too_much():
    return "x" * (100 * MEGABYTE)


def answer_with_code():
    return print


def document():
    print("what a library prints is no answer")
    return Document(())
