"""The command `minhbach` in tests: a process as any other, forked from one that has imported what commands need.

A command imports for most of its time, and the tests start hundreds. `tests/test_docs.py` starts some as a shell does.
"""

import os
import tempfile
from pathlib import Path
from subprocess import CompletedProcess

from deploy.embedded.forks import IMPORTED_LATE, ForkServer

ROOT = Path(__file__).parents[1]
NOT_IMPORTED = {"deploy.embedded.forks.server", "deploy.mailbox"}


def _modules():
    for folder in ("services", "shared", "deploy"):
        for path in (ROOT / folder).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            if name not in NOT_IMPORTED:
                yield name


MODULES = (*sorted(_modules()), *IMPORTED_LATE)
FORKS = ForkServer(*MODULES)


class Command:
    """`minhbach` with these words, or another program, under way. It has of `subprocess.Popen` what a test needs."""

    def __init__(self, words, env, folder=ROOT, program="deploy.cli"):
        self._out, self._err = (tempfile.TemporaryFile() for _ in range(2))  # noqa: SIM115  it prints to them later
        with Path(os.devnull).open("rb") as nothing:
            forked = FORKS.fork(
                program, *map(str, words), name="minhbach", env=env, folder=folder,
                stdin=nothing, stdout=self._out, stderr=self._err,
            )  # fmt: skip
        self.poll, self.wait, self.send_signal, self.kill = forked.poll, forked.wait, forked.send_signal, forked.kill

    @property
    def returncode(self):
        return self.poll()

    def communicate(self, timeout=120):
        """What it printed, and its errors, once it has ended."""
        self.wait(timeout)
        printed = []
        for file in (self._out, self._err):
            file.seek(0)
            printed.append(file.read().decode())
        return printed


def run(words, env, folder=ROOT):
    command = Command(words, env, folder)
    out, err = command.communicate()
    return CompletedProcess(words, command.returncode, out, err)
