"""README and docs are true: every command runs in order, every path and link is there, every setting is listed."""

import ast
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from docx import Document

from deploy import cli
from services.portal.api.application import described
from services.portal.api.routes import PREFIX, QUESTIONS, SUBMISSIONS
from services.portal.web.pages import parts
from shared.clock import system_clock
from shared.grants import SCOPE_OF
from shared.web.address import Address
from tests.commands import run as forked
from tests.journeys.rights import rows

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
README_VI = ROOT / "README.vi.md"
OFFICE = ROOT / "docs/vi/phong-va-chu-tich.md"  # its plan is another commune's here
PAGES = [
    README,
    README_VI,
    ROOT / "docs/plan-documents.md",
    ROOT / "docs/figures-and-reports.md",
    ROOT / "docs/vi/tinh.md",
    ROOT / "docs/vi/kiem-toan.md",
]  # in the order of their commands
ALL_PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LONG_RUNNING = ("minhbach up", "minhbach run ", "minhbach outbox send")
SETTING = re.compile(r"(?:MINHBACH|NATS|DATABASE|SMTP)_[A-Z_]+")
# Written by the program for a library; nobody sets it.
INTERNAL = {"MINHBACH_CONNECTION"}


def blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def commands(page, first_word):
    lines = [line.strip() for block in blocks(page, "sh") for line in block.splitlines()]
    return [line for line in lines if line.split()[:1] == [first_word]]


def named(page):
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", ALL_PAGES, ids=named)
def test_every_make_target_is_there(page):
    targets = {line.split()[1] for line in commands(page, "make")}
    targets |= set(re.findall(r"`make (\w+)", page.read_text(encoding="utf-8")))
    for target in targets:
        planned = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert planned.returncode == 0, planned.stderr


@pytest.mark.parametrize("page", ALL_PAGES, ids=named)
def test_every_path_and_link_is_there(page):
    text = page.read_text(encoding="utf-8")
    paths = {ROOT / path for path in re.findall(r"`((?:shared|services|deploy|tests|docs)/[\w./-]+)`", text)}
    paths |= {page.parent / link for link in re.findall(r"\]\((?!https?:)([^)#]+)", text)}
    assert [str(path) for path in paths if not path.exists()] == []


def test_three_walks_name_their_files():
    """That the files are there is tested above."""
    _, *walks = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").split("## Walk ")
    assert [len(re.findall(r"`(?:services|shared)/[\w./]+`", walk)) > 6 for walk in walks] == [True] * 3


@pytest.mark.parametrize("page", [ROOT / "README.vi.md", *(ROOT / "docs/vi").glob("*.md")], ids=named)
def test_every_command_of_the_vietnamese_pages_is_there(page):
    shown = set(re.findall(r"minhbach (\w+) ([\w-]+)", page.read_text(encoding="utf-8")))
    app = typer.main.get_command(cli.app)
    assert [command for command in shown if command[1] not in app.commands[command[0]].commands] == []


def test_every_setting_is_listed_and_no_other():
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    assert set(SETTING.findall(page)) == settings_of_the_code() - INTERNAL


def settings_of_the_code():
    """Strings of the code that are the name of a setting, and those of the deployment's files."""
    found = set()
    for path in (path for folder in ("services", "shared", "deploy") for path in (ROOT / folder).rglob("*.py")):
        if not SETTING.search(text := path.read_text()):
            continue
        strings = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
        found |= {text for text in strings if isinstance(text, str) and SETTING.fullmatch(text)}
    for name in ("compose.yaml", "nats/accounts.conf"):
        found |= set(SETTING.findall((ROOT / "deploy" / name).read_text()))
    passwords = {f"MINHBACH_{role.upper()}_PASSWORD" for role in cli.SERVICES}  # made from the names of the services
    return found | passwords


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


@pytest.mark.servers
def test_every_command_of_the_pages_runs(stack_of_a_user):
    folder, env = stack_of_a_user
    (folder / "readings.csv").write_text(blocks(README, "csv")[0])
    (folder / "plan.txt").write_text(blocks(README, "text")[0])
    document = Document()
    for line in blocks(OFFICE, "text")[0].replace("xã Xốp", "xã Sa Bình").splitlines():
        document.add_paragraph(line)
    document.save(str(folder / "ke-hoach.docx"))
    (folder / "services").symlink_to(ROOT / "services")
    shown = [line for page in PAGES for line in commands(page, "minhbach") if not line.startswith(LONG_RUNNING)]
    assert len(shown) > 8
    alone = {line.split()[1]: line for line in reversed(commands(README, "minhbach"))}  # one of each group
    for line in shown:
        start = from_a_shell if line in alone.values() else forked
        ran = run(line, folder, env, start)
        # The services follow within moments; a person would simply ask again.
        deadline = time.monotonic() + 60
        while ran.returncode and time.monotonic() < deadline:
            ran = run(line, folder, env, start)
        assert ran.returncode == 0, f"{line}: {ran.stderr}"
    assert (folder / "out/bao-cao-51-2025-Q3.docx").exists()


def run(line, folder, env, start):
    """As a shell does it, which may write what is printed to a file."""
    command, _, file = line.partition(" > ")
    ran = start(shlex.split(command)[1:], env, folder)
    if file:
        (folder / file).write_text(ran.stdout)
    return ran


def from_a_shell(words, env, folder):
    words = [sys.executable, "-m", "deploy.cli", *words]
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False)


def routes():
    """Of the pages, and of the API."""
    sign_in = SimpleNamespace(portal=SimpleNamespace(clock=system_clock))
    address, provider = Address("http://localhost"), SimpleNamespace(name="")
    of_pages = [route for part in parts(sign_in, address, provider, public="public") for route in part.routes]
    for prefix, found in (("", of_pages), (PREFIX, described().routes)):
        for route in found:
            yield from (f"{method} {prefix}{route.path}" for method in route.methods - {"HEAD"})


def test_every_route_is_in_the_tables_of_rights():
    assert sorted(routes()) == sorted(rows("Page") | rows("Address"))


def test_an_address_of_the_api_has_the_rights_of_its_question_or_submission():
    rights = rows("Page") | rows("Address")
    of_contracts = rows("Question") | rows("What is sent")
    for route in QUESTIONS:
        if found := of_contracts.get(route.question.subject):
            assert found == {**rights[f"GET {PREFIX}{route.path}"], "machine": found["machine"]}
    for route in SUBMISSIONS:
        named = [cells for name, cells in of_contracts.items() if name.split()[0] == route.submission.kind]
        for role in SCOPE_OF:
            cells = {each[role] for each in named} - {"–"}
            assert rights[f"PUT {PREFIX}{route.path}"][role] == (cells.pop() if cells else "–")
