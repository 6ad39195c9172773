"""Every command that the README shows runs, in its order, as someone new would run it."""

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer

from deploy import cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
LONG_RUNNING = ("minhbach up", "minhbach run ")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands(first_word):
    lines = [line.strip() for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line.split()[:1] == [first_word]]


def test_every_make_target_of_the_readme_is_there():
    shown = {line.split()[1] for line in commands("make")} | set(re.findall(r"`make (\w+)`", README))
    for target in shown:
        planned = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert planned.returncode == 0, planned.stderr


def test_every_command_of_the_vietnamese_readme_is_there():
    text = (ROOT / "README.vi.md").read_text()
    shown = set(re.findall(r"minhbach (\w+) (\w+)", text))
    assert len(shown) > 12
    app = typer.main.get_command(cli.app)
    assert [command for command in shown if command[1] not in app.commands[command[0]].commands] == []


def test_every_path_of_the_readme_is_there():
    paths = set(re.findall(r"`((?:shared|services|deploy|tests)/[\w./-]+)`", README))
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.fixture
def stack_of_a_user(tmp_path):
    """`minhbach up` in a folder of its own, as someone new starts it."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "MINHBACH_OUTBOX": str(tmp_path / "outbox")}
    for name in ("NATS_URL", "DATABASE_URL"):
        env.pop(name, None)
    up = subprocess.Popen([sys.executable, "-m", "deploy.cli", "up"], cwd=tmp_path, env=env, stdout=subprocess.PIPE)
    try:
        for line in up.stdout:
            if b"Ctrl+C" in line:
                break
        yield tmp_path, env
    finally:
        up.terminate()
        up.wait(60)


def test_every_command_of_the_readme_runs(stack_of_a_user):
    folder, env = stack_of_a_user
    (folder / "readings.csv").write_text(blocks("csv")[0])
    (folder / "plan.txt").write_text(blocks("text")[0])
    (folder / "services").symlink_to(ROOT / "services")
    shown = [line for line in commands("minhbach") if not line.startswith(LONG_RUNNING)]
    assert len(shown) > 8
    for line in shown:
        ran = run(line, folder, env)
        # What was just issued is followed within moments; an operator would simply ask again.
        deadline = time.monotonic() + 20
        while ran.returncode and time.monotonic() < deadline:
            ran = run(line, folder, env)
        assert ran.returncode == 0, f"{line}: {ran.stderr}"
    assert (folder / "out/bao-cao-51-2025-Q3.docx").exists()


def run(line, folder, env):
    words = [sys.executable, "-m", "deploy.cli", *shlex.split(line)[1:]]
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False)
