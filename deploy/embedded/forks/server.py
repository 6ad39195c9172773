"""The process that forks: python -m deploy.embedded.forks.server MODULE…, with a socket as its standard input.

A request is one byte with five descriptors. The server forks and keeps the one on which it reports the new process's id
and, later, how it ended; the new process reads the rest. One thread, which is what makes a fork safe.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path

from deploy.embedded.forks import DESCRIPTORS, NUMBER

ENDED: list[int] = []  # how the program of a fork did


def main() -> None:
    """Import what the command names, then fork."""
    atexit.register(_leave)  # the first, so that it is the last to be called
    gc.disable()  # nothing of an import becomes garbage
    for module in sys.argv[1:]:
        importlib.import_module(module)
    gc.freeze()  # or each fork's first collection would write to, and so copy, all of it
    gc.enable()
    serve()


def serve() -> None:
    """Until whoever asks has gone. A fork goes on from here as if it had been started with its module."""
    module = _become(*_requested())
    try:
        importlib.import_module(module).main()
        ENDED.append(0)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            ENDED.append(end.code or 0)
        raise


def _leave() -> None:
    """Leave out the interpreter's last act, taking its modules apart, for which all that is shared would be copied."""
    if ENDED:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ENDED[0])


def _requested() -> list[int]:
    """Fork for each request; the descriptors of the request, in the fork."""
    requests = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    ended, signalled = os.pipe()
    os.set_blocking(signalled, False)
    signal.set_wakeup_fd(signalled, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    reports: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([requests.fileno(), ended], [], [])
        if ended in ready:
            os.read(ended, 1000)
            _report_ended(reports)
        if requests.fileno() in ready:
            byte, descriptors, _, _ = socket.recv_fds(requests, 1, DESCRIPTORS)
            if not byte:
                sys.exit()
            if not (pid := os.fork()):
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                requests.close()
                for inherited in (ended, signalled, *reports.values()):
                    os.close(inherited)
                return descriptors
            request, reports[pid], *standard = descriptors
            _report(reports[pid], pid)
            for given in (request, *standard):
                os.close(given)


def _report_ended(reports: dict[int, int]) -> None:
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            pid, status = ended
            _report(reports[pid], os.waitstatus_to_exitcode(status))
            os.close(reports.pop(pid))


def _report(report: int, number: int) -> None:
    with contextlib.suppress(BrokenPipeError):  # nobody waits for it any more
        os.write(report, NUMBER.pack(number))


def _become(request: int, report: int, *standard: int) -> str:
    """Take on what the request says; the module to run."""
    os.setsid()
    os.set_inheritable(report, False)  # open until the process ends, and not in what it starts
    for number, given in enumerate(standard):
        os.dup2(given, number)
        os.close(given)
    with os.fdopen(request, "rb") as text:
        asked = json.load(text)
    os.environ.clear()
    os.environ.update(asked["env"])
    time.tzset()
    os.chdir(asked["folder"])
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(asked["name"])
    sys.argv = [asked["module"], *asked["arguments"]]
    return str(asked["module"])


if __name__ == "__main__":
    # As the module that its forks import: a fork may serve forks of its own.
    importlib.import_module("deploy.embedded.forks.server").main()
