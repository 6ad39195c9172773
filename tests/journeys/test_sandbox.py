"""`minhbach up --clock DAY --province CODE` as docs/integration.md prints it: a sandbox, its keys and its examples."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from deploy.embedded.servers import free_port
from tests import commands
from tests.journeys.province import until

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/integration.md").read_text("utf-8")
COMMUNE = "21025"
STARTED_WITHIN = 300.0  # seconds; on a busy machine


def printed_commands(section):
    """The commands of a section of the page, as words."""
    block = re.search(rf"## {section}\n.*?```\n(.*?)```", PAGE, re.DOTALL)[1]
    return [shlex.split(line)[1:] for line in block.splitlines()]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory, start_servers):
    """It has nobody's account but those of its keys: a start with --no-links."""
    folder = tmp_path_factory.mktemp("sandbox")
    [up], port = printed_commands("A sandbox"), free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith("MINHBACH_")}
    env |= {"PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    with (folder / "printed").open("w+b") as printed:
        words = [sys.executable, "-m", "deploy.cli", *up, "--no-links", "--port", str(port)]
        running = subprocess.Popen(words, cwd=folder, env=env, stdout=printed, stderr=subprocess.STDOUT)
        try:

            def started():
                text = (folder / "printed").read_text("utf-8")
                assert running.poll() is None, text
                return text if text.count("key: ") == 6 else ""

            text = until(started, "it prints a key for each role", within=STARTED_WITHIN)
            known = (folder / "sandbox/stack.env").read_text().splitlines()
            stack_env = dict(line.split("=", 1) for line in known)
            origin = re.search(r"pages +(http://\S+)", text)[1]
            keys = dict(re.findall(r"key: (\S+) +(mb_\S+)", text))
            yield SimpleNamespace(
                text=text, origin=origin, keys=keys,
                run=lambda *words: commands.run(words, {**env, **stack_env}, folder),
            )  # fmt: skip
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(60)


def test_it_prints_a_key_for_each_role_and_no_link(sandbox):
    assert "/moi/" not in sandbox.text
    for role, key in sandbox.keys.items():
        with httpx.Client(base_url=sandbox.origin, headers={"Authorization": f"Bearer {key}"}, timeout=60) as program:
            own = program.get("/api/v1/account").json()["answer"]
        assert [grant["role"] for grant in own["grants"]] == [role]
    assert set(sandbox.keys) == {"clerk", "office", "chair", "provincial-officer", "auditor", "operator"}


@pytest.mark.parametrize(
    ("language", "command", "printed"),
    [
        ("python", [sys.executable, "-"], ["recorded: 1", "/ ", "chưa được giao quyền"]),
        ("js", ["node", "--input-type=module"], [" tasks, ", "0 ", "không được âm"]),
        ("sh", ["sh"], ['"rule":"unknown-reading"', '"known_at":"2025-09-16"', '"editions":[]']),
    ],
)
def test_the_examples_run_with_the_key_that_it_printed(sandbox, language, command, printed):
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    [block] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    api = {"MINHBACH_API": f"{sandbox.origin}/api/v1", "MINHBACH_KEY": sandbox.keys["clerk"], "COMMUNE": COMMUNE}
    done = subprocess.run(
        command, input=block, env={**os.environ, **api}, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    for words in printed:
        assert words in done.stdout, done.stdout


def test_the_commands_of_the_page_make_an_account_and_a_key(sandbox):
    for words in printed_commands("A key"):
        done = sandbox.run(*words)
        assert done.returncode == 0, done.stderr
    headers = {"Authorization": f"Bearer {done.stdout.split()[-1]}"}
    with httpx.Client(base_url=sandbox.origin, headers=headers, timeout=60) as program:
        own = program.get("/api/v1/account").json()["answer"]
    assert (own["account"], [grant["commune"] for grant in own["grants"]]) == ("phan-mem-mot-cua", [COMMUNE])


def test_without_links_the_first_account_comes_from_the_operators_terminal(sandbox):
    """Nobody has a password to begin with: the account is opened and invited, and the link sets up how to sign in."""
    by = ("--by", "Trần Thị Bình")
    for words in (
        ("open", "van-hanh", "--name", "Lê Văn Tám", *by),
        ("grant", "van-hanh", "--role", "operator", "--province", "51", *by),
    ):
        done = sandbox.run("account", *words)
        assert done.returncode == 0, done.stderr
    link = json.loads(sandbox.run("account", "invite", "van-hanh", *by, "--json").stdout)["link"]
    assert link.startswith(f"{sandbox.origin}/moi/")
    with httpx.Client(timeout=60) as browser:
        assert "Lê Văn Tám" in browser.get(link).text
        assert browser.get(f"{sandbox.origin}/").status_code == 303
