"""The workers of `make test` as forks of one process that has imported the product: each would import for seconds.

A worker is what execnet starts for pytest-xdist: a Python that reads its program from standard input.
"""

import os
import signal
import socket
import sys
from pathlib import Path

import execnet.gateway_io
import psutil
from execnet.gateway_base import Popen2IO

from deploy.embedded.forks import ForkServer, server
from tests import commands

FORKED = []


class ForkedIO(Popen2IO):
    """In place of execnet's own, which starts a process with the same command."""

    def __init__(self, args, execmodel):
        (program, writing), (reading, answers) = os.pipe(), os.pipe()
        with os.fdopen(program) as stdin, os.fdopen(answers, "w") as stdout, os.fdopen(2, "w", closefd=False) as stderr:
            self.popen = commands.FORKS.fork(
                __name__, name="pytest", env=os.environ, stdin=stdin, stdout=stdout, stderr=stderr
            )
        FORKED.append(self.popen)
        super().__init__(os.fdopen(writing, "wb"), os.fdopen(reading, "rb"), execmodel)

    def wait(self):
        return self.popen.wait()

    def kill(self):
        self.popen.kill()


def are_forks():
    """From now on, in the process that distributes the tests."""
    commands.FORKS = ForkServer(*commands.MODULES, "tests.compiled_templates")
    commands.FORKS.start()
    execnet.gateway_io.Popen2IOMaster = ForkedIO


def interrupt():
    """Ctrl+C at the terminal reaches no fork, which has a session of its own."""
    for forked in FORKED:
        forked.send_signal(signal.SIGINT)


def main():
    """A worker. What it starts itself is forked from a copy of this process, made before any test is imported."""
    requests, theirs = socket.socketpair()
    if not (copy := os.fork()):
        requests.close()
        os.setsid()
        os.dup2(theirs.detach(), 0)
        with Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), 1)
        return server.serve()
    theirs.close()
    commands.FORKS._requests, commands.FORKS.process = requests, psutil.Process(copy)
    sys.argv = ["-c"]
    exec(eval(sys.stdin.readline()))  # noqa: S102, S307  as execnet's own command does
    return None
