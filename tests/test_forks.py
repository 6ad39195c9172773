"""A fork of the server is what `python -m` would be: arguments, environment, folder, output and end are its own."""

import os
import subprocess
import sys
import time

import psutil
import pytest

from deploy.embedded.forks import Forked, ForkServer
from deploy.embedded.stack import FORKS

PROGRAM = """
import logging, os, random, signal, sys, threading, uuid
from pathlib import Path

def main():
    match sys.argv[1:]:
        case ["exit", code]: sys.exit(int(code))
        case ["sentence"]: sys.exit("one sentence")
        case ["fault"]: raise ValueError("a fault")
        case ["killed"]: os.kill(os.getpid(), signal.SIGKILL)
        case ["interrupted"]: os.kill(os.getpid(), signal.SIGINT)
        case ["thread"]: threading.Timer(0.1, print, ["printed later"]).start()
        case ["random"]: print(random.random(), uuid.uuid4())
        case ["descriptors"]: print(len(os.listdir("/proc/self/fd")))
        case ["session"]: print(os.getsid(0) == os.getpid(), Path("/proc/self/comm").read_text().strip())
        case ["read"]: print(sys.stdin.read())
        case ["ended"]: print(signal.getsignal(signal.SIGCHLD), signal.getsignal(signal.SIGINT).__name__)
        case []: print(Path.cwd().name, os.environ["GIVEN"], "HOME" in os.environ, file=sys.stderr)

if __name__ == "__main__":
    main()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forked")
    (folder / "forked_program.py").write_text(PROGRAM)
    (folder / "input").write_text("what was typed")
    return folder


@pytest.fixture(scope="module")
def forks(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{folder}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
        yield ForkServer("random", "uuid")


def start(forks, folder, *arguments, out="out") -> Forked:
    with (folder / "input").open() as given, (folder / out).open("w") as printed, (folder / "err").open("w") as faults:
        return forks.fork(
            "forked_program", *arguments,
            name="a-program", env=env(folder), stdin=given, stdout=printed, stderr=faults, folder=folder,
        )  # fmt: skip


def env(folder):
    return {"GIVEN": "a setting", "PYTHONPATH": str(folder), "PATH": os.environ["PATH"]}


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("exit", "0"),
        ("exit", "3"),
        ("sentence",),
        ("killed",),
        ("interrupted",),
        ("thread",),
        ("read",),
        ("ended",),
    ],
    ids=" ".join,
)
def test_it_ends_and_prints_as_a_process_of_its_own(forks, folder, arguments):
    with (folder / "input").open() as given:
        plain = subprocess.run(
            [sys.executable, "-m", "forked_program", *arguments],
            cwd=folder, env=env(folder), stdin=given, capture_output=True, text=True, check=False,
        )  # fmt: skip
    code = start(forks, folder, *arguments).wait(60)
    last = [text.splitlines()[-1:] for text in (plain.stderr, (folder / "err").read_text())]
    assert (code, (folder / "out").read_text(), last[1]) == (plain.returncode, plain.stdout, last[0])


def test_a_fault_is_a_traceback_and_exit_code_1(forks, folder):
    assert start(forks, folder, "fault").wait(60) == 1
    assert (folder / "err").read_text().endswith("ValueError: a fault\n")


def test_it_has_a_session_and_a_name_of_its_own_and_no_descriptor_of_the_others(forks, folder):
    others = [start(forks, folder, "exit", "0") for _ in range(3)]
    assert start(forks, folder, "session").wait(60) == 0
    assert (folder / "out").read_text() == "True a-program\n"
    assert start(forks, folder, "descriptors").wait(60) == 0
    assert (folder / "out").read_text() == "5\n"  # standard ones, the report, and the listing itself
    assert [other.wait(60) for other in others] == [0, 0, 0]


def test_two_forks_draw_different_random_numbers(forks, folder):
    assert [start(forks, folder, "random", out=name).wait(60) for name in ("one", "other")] == [0, 0]
    one, other = ((folder / name).read_text().split() for name in ("one", "other"))
    assert not {*one} & {*other}


def test_signals_reach_it_and_a_wait_has_an_end(forks, folder):
    os.mkfifo(folder / "never")
    waiting = start_reading(forks, folder)
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(0)
    assert waiting.poll() is None
    waiting.terminate()
    assert (waiting.wait(60), waiting.poll(), waiting.returncode) == (-15, -15, -15)
    waiting.kill()  # nothing any more


def start_reading(forks, folder) -> Forked:
    """A program that reads what nobody writes."""
    descriptor = os.open(folder / "never", os.O_RDWR)
    with os.fdopen(descriptor, "r+b", buffering=0) as never, (folder / "out").open("w") as out:
        return forks.fork("forked_program", "read", name="r", env=env(folder), stdin=never, stdout=out, stderr=out)


def test_forks_survive_a_killed_server_and_the_next_one_has_a_new_server(forks, folder):
    (folder / "never").unlink(missing_ok=True)
    os.mkfifo(folder / "never")
    waiting = start_reading(forks, folder)
    before = forks.process
    before.kill()
    before.wait()
    assert start(forks, folder, "exit", "3").wait(60) == 3
    assert forks.process.pid != before.pid
    assert (waiting.poll(), psutil.pid_exists(waiting.pid)) == (None, True)
    waiting.kill()
    assert waiting.wait(60) == 1  # nobody knows how it ended


def test_the_server_ends_with_the_process_that_started_it(folder):
    program = "from deploy.embedded.forks import ForkServer; s = ForkServer(); s.start(); print(s.process.pid)"
    pid = int(subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout)
    deadline = time.monotonic() + 60
    while psutil.pid_exists(pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_server_of_the_services_has_one_thread_when_it_forks(folder):
    with (folder / "input").open() as given, (folder / "out").open("w") as out:
        forked = FORKS.fork("services", name="nothing", env={}, stdin=given, stdout=out, stderr=out)
    assert forked.wait(60) == 1  # a module without main
    assert psutil.Process(FORKS.process.pid).num_threads() == 1
