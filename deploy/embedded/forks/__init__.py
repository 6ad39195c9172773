"""Starts processes of the product as forks of one process that has imported their libraries already.

Importing takes a service longer than everything else at its start, and what is imported before the fork is in memory
once. Each fork is a process of its own, which may be killed, stopped and started again alone. The server never sees
what it forks for: the new process itself reads its arguments and its environment, with the passwords in it.
"""

import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

# What libraries of the services import when they first use it: for a page, a name's address, a year's days off.
IMPORTED_LATE = (
    "anyio._backends._asyncio",
    "encodings.idna",
    "holidays.countries",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)
DESCRIPTORS = 5  # of a request: its text, where the server reports, standard input, output and error
NUMBER = struct.Struct("i")  # of a report: the id of the process, then its exit code


class NotForked(RuntimeError):
    """The server ended twice before it had forked."""


class Forked:
    """A process that the server forked, with that part of `subprocess.Popen` which a stack needs."""

    def __init__(self, pid: int, report: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._report = report

    def poll(self) -> int | None:
        """As that of Popen; 1 where the server ended before the process, and nobody knows how that one did."""
        if self.returncode is None and _readable(self._report, 0):
            # Server and process both hold the other end: closed, it says that both have gone.
            self.returncode = _read(self._report, 1)
            os.close(self._report)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None and not _readable(self._report, timeout):
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        code = self.poll()
        assert code is not None
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ForkServer:
    """Imports the modules and forks, until the process that made it ends; what it forked runs on."""

    def __init__(self, *modules: str) -> None:
        self._modules = modules
        self._requests: socket.socket | None = None
        self._changing = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> socket.socket:
        """Start it where it does not run: it imports while the caller does something else."""
        with self._changing:
            if self._requests is None:
                self._requests, theirs = socket.socketpair()
                with theirs:
                    self.process = subprocess.Popen(  # noqa: S603  our own command
                        [sys.executable, "-m", "deploy.embedded.forks.server", *self._modules],
                        stdin=theirs.fileno(), stdout=subprocess.DEVNULL, start_new_session=True,
                    )  # fmt: skip
            return self._requests

    def _forget(self, requests: socket.socket) -> None:
        """After it ended. Another thread may have forgotten it before."""
        with self._changing:
            if self._requests is requests:
                requests.close()
                self._requests = None
                assert self.process
                self.process.wait()

    def fork(
        self,
        module: str,
        *arguments: str,
        env: Mapping[str, str],
        name: str,
        stdin: IO[Any],
        stdout: IO[Any],
        stderr: IO[Any],
        folder: Path | None = None,
    ) -> Forked:
        """As `python -m module arguments` in a session of its own; `name` is for `top`.

        A server that has ended is started again. NotForked where that one ends too.
        """
        request = {"module": module, "arguments": arguments, "env": dict(env), "name": name}
        text = json.dumps(request | {"folder": str(folder or Path.cwd())}).encode()
        for _ in range(2):
            requests = self.start()
            if forked := _fork(requests, text, [stdin.fileno(), stdout.fileno(), stderr.fileno()]):
                return forked
            self._forget(requests)
        raise NotForked(f"no process for {module} could be started")


def _fork(requests: socket.socket, text: bytes, standard: list[int]) -> Forked | None:
    """None where the server ends first."""
    (request, writing), (report, reported) = os.pipe(), os.pipe()
    try:
        with contextlib.suppress(OSError):
            socket.send_fds(requests, [b"!"], [request, reported, *standard])
    finally:
        os.close(request)
        os.close(reported)
    with contextlib.suppress(BrokenPipeError), os.fdopen(writing, "wb") as written:  # it may have been killed already
        if not (pid := _read(report, 0)):
            os.close(report)
            return None
        written.write(text)
    return Forked(pid, report)


def _readable(report: int, timeout: float | None) -> bool:
    waiting = select.poll()  # select() takes no descriptor beyond 1,023
    waiting.register(report)
    return bool(waiting.poll(None if timeout is None else timeout * 1000))


def _read(report: int, otherwise: int) -> int:
    read = os.read(report, NUMBER.size)
    return int(NUMBER.unpack(read)[0]) if read else otherwise
