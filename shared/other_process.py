"""Runs a function in a process of its own, on another core, while the caller goes on."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")
Part = TypeVar("Part")


class ProcessEnded(Exception):
    """The process was ended, from outside or by its memory, before it had a result."""


class SharedOut(Generic[Part]):
    """The parts of a work, at most 256: who iterates over them, here or beside, takes each that nobody has taken.

    A pipe holds the place of each that is left, as a byte. There is no lock, which a killed process would keep.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._left, filled = get_context("fork").Pipe(duplex=False)
        os.write(filled.fileno(), bytes(range(len(parts))))
        filled.close()

    def __iter__(self) -> Iterator[Part]:
        while place := os.read(self._left.fileno(), 1):
            yield self._parts[place[0]]


@contextmanager
def beside(function: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """Yields how to wait for the result, or for what the function raised; both are pickled. ProcessEnded.

    For commands of a server: the process is forked, so the function uses no connection and no lock of the caller's.
    """
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, function), daemon=True)
    process.start()
    sender.close()

    def wait() -> Result:
        try:
            is_result, found = receiver.recv()
        except EOFError:
            raise ProcessEnded from None
        if not is_result:
            raise found
        result: Result = found
        return result

    try:
        yield wait
    finally:
        process.terminate()
        process.join()


def _send(sender: "Connection[Any, Any]", function: Callable[[], Any]) -> None:
    try:
        sender.send((True, function()))
    except Exception as fault:  # noqa: BLE001  raised again by whoever waits
        sender.send((False, fault))
