"""A folder of a stack is used by one stack at a time, and its logs say why one did not start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded.folder_lock import FolderLock, StackRunning
from deploy.embedded.stack import Stack, fault_in

ROOT = Path(__file__).parent.parent


def test_a_second_stack_in_a_folder_is_refused_before_anything_opens(stack):
    def never(folder):
        raise AssertionError("a server was started")

    before = (stack.folder / "nats.log").read_bytes()
    with pytest.raises(StackRunning), Stack(stack.folder, start_servers=never):
        pass
    assert (stack.folder / "nats.log").read_bytes() == before


def test_a_second_up_says_so_in_one_sentence(stack):
    command = [sys.executable, "-m", "deploy.cli", "up", "--data", str(stack.folder)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert " ".join(done.stderr.split()).startswith(
        f"a stack runs in {stack.folder} already (processes {os.getpid()}, "
    )
    assert "Traceback" not in done.stderr


def test_a_server_that_outlives_its_stack_still_holds_the_folder(tmp_path):
    program = (
        "import os, subprocess, sys; from pathlib import Path\n"
        "from deploy.embedded.folder_lock import FolderLock, lock_of\n"
        "folder = Path(sys.argv[1]); lock = FolderLock(folder)\n"
        "server = subprocess.Popen(['sleep', '60'], pass_fds=lock_of(folder)); print(server.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    killed = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], env=env, stdout=subprocess.PIPE, text=True
    )
    server = int(killed.stdout.readline())
    killed.wait(30)
    with pytest.raises(StackRunning):
        FolderLock(tmp_path)
    os.kill(server, 9)
    _released(tmp_path).release()


def _released(folder):
    while True:
        try:
            return FolderLock(folder)
        except StackRunning:  # until the killed server is gone
            continue


def test_up_says_why_a_service_could_not_start(tmp_path: Path) -> None:
    log = tmp_path / "notifications-1.log"
    log.write_text("an earlier start\n2026-11-30 07:47:04,019 CRITICAL deploy.run_service: a wrong line\n", "utf-8")
    assert fault_in(log) == ": a wrong line"
    log.write_text(log.read_text("utf-8") + "2026-11-30 08:00:00,000 INFO shared.process: started\n", "utf-8")
    assert fault_in(log) == ""
