"""Commands at a terminal: every fault is reported in sentences, with exit code 1 or 2, and never a traceback."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.cli import main
from deploy.embedded.stack import Stack
from deploy.provision import TIMES_OF_SERVICES
from tests import commands

ROOT = Path(__file__).parents[2]
COMMUNE = "21211"
GARBAGE, NOBODY = "nonsense", "127.0.0.1:1"
NO_NATS = {"NATS_URL": f"nats://{NOBODY}"}
NO_DATABASE = {"DATABASE_URL": f"postgresql://x:x@{NOBODY}/x"}
FILES = {
    "torn.yaml": "plan: [",
    "empty.yaml": "",
    "list.yaml": "- 1\n- 2\n",
    "strange.yaml": "plan: {title: 7}\ntasks: nothing\n",
    "strange.csv": "reading_id;observed_on\n1;2\n",
    "wrong.csv": "reading_id,observed_on,field,measure,count\na,yesterday,land,files-received,many\n",
    "torn.jsonl": '{"reading_id": "a", "observed_on"\n',
    "good.jsonl": '{"reading_id": "a", "observed_on": "2025-07-01", "values": {"files-received": 3}}\n',
    "binary.xlsx": "PK\x03\x04 no zip",
}
REPORT = ("report", "build", "--quarter", "2025-Q3", "--known-at", "2025-09-16")
AUDIT = ("audit", "replay", "--quarter", "2025-Q3", "--known-at", "2025-09-16")

# arguments, exit code, a word that the sentence has
WRONG = [
    (("nonsense",), 2, "nonsense"),
    (("plan", "nonsense"), 2, "nonsense"),
    (("run", "nonsense"), 2, "planning, indicators, reporting, notifications"),
    (("demo", "--communes", "2"), 2, "--communes"),
    (("plan", "issue"), 2, "Thiếu tham số"),
    (("plan", "issue", "nowhere.yaml"), 1, "nowhere.yaml"),
    (("plan", "issue", "torn.yaml"), 1, "torn.yaml:"),
    (("plan", "issue", "empty.yaml"), 1, "empty.yaml"),
    (("plan", "issue", "list.yaml"), 1, "list.yaml"),
    (("plan", "issue", "strange.yaml"), 1, "strange.yaml"),
    (("plan", "issue", "nowhere.yaml", "--issued-on", "2025-02-30"), 2, "2025-02-30"),
    (("indicator", "define", "nowhere.yaml"), 1, "nowhere.yaml"),
    (("indicator", "define", "torn.yaml"), 1, "torn.yaml"),
    (("indicator", "define", "list.yaml"), 1, "list.yaml"),
    (("readings", "push", "nowhere.csv", "--commune", COMMUNE), 1, "nowhere.csv"),
    (("readings", "push", "strange.csv", "--commune", COMMUNE), 1, "strange.csv"),
    (("readings", "push", "wrong.csv", "--commune", COMMUNE), 1, "wrong.csv"),
    (("readings", "push", "torn.jsonl", "--commune", COMMUNE), 1, "torn.jsonl"),
    (("readings", "push", "binary.xlsx", "--commune", COMMUNE), 1, "binary.xlsx"),
    (("readings", "push", "good.jsonl", "--commune", "2 1.*"), 2, "2 1.*"),
    (("commune", "register", "--province", "99"), 1, '"99"'),
    (("report", "build", "--quarter", "2025-Q5"), 2, "2025-Q3"),
    (("report", "publish", "--quarter", "Q3"), 2, "2025-Q3"),
    (("audit", "replay", "--quarter", ""), 2, "2025-Q3"),
    ((*REPORT, "--known-at", "16.9"), 2, "16.9"),
    ((*AUDIT, "--known-at", "2025-02-30"), 2, "2025-02-30"),
    ((*REPORT, "--format", "html,odt"), 2, "html, docx, pdf, xlsx, json"),
    ((*REPORT, "--province", "99"), 1, "99"),
    ((*REPORT, "--commune", "nobody"), 1, "nobody"),
    ((*AUDIT, "--province", "99"), 1, "99"),
    (("report", "publish", "--quarter", "2025-Q3", "--province", "99"), 1, "99"),
    (("task", "complete", "t-0", "--evidence", "1/BC", "--by", "VP"), 2, "MINHBACH_COMMUNE"),
    (("task", "complete", "t-0", "--evidence", "1/BC", "--by", "VP", "--commune", "2 1.*"), 2, "2 1.*"),
    (
        ("report", "submit", "--quarter", "2025-Q3", "--by", "VP", "--explain", "vì", "--commune", COMMUNE),
        2,
        "MÃ=LỜI_GIẢI_TRÌNH",
    ),
]

# arguments, a word that the sentence has, the environment
AWAY = [
    (("readings", "push", "good.jsonl", "--commune", COMMUNE), "máy chủ của tỉnh (127.0.0.1:1)", NO_NATS),
    (("task", "reopen", "t-0", "--by", "VP", "--reason", "sai", "--commune", COMMUNE), "minhbach outbox send", NO_NATS),
    (("provision",), "NATS", NO_NATS),
    (("provision",), "NATS_URL", {"NATS_URL": GARBAGE}),
    (("provision",), "PostgreSQL", NO_DATABASE),
    (("commune", "list"), "PostgreSQL", NO_DATABASE),
    (("indicator", "list"), "PostgreSQL", NO_DATABASE),
    (("notice", "list"), "PostgreSQL", NO_DATABASE),
    (REPORT, "PostgreSQL", NO_DATABASE),
    (AUDIT, "PostgreSQL", NO_DATABASE),
    (("commune", "list"), "DATABASE_URL", {"DATABASE_URL": GARBAGE}),
    (("indicator", "list"), "DATABASE_URL", {"DATABASE_URL": GARBAGE}),
    (("notice", "list"), "DATABASE_URL", {"DATABASE_URL": GARBAGE}),
    (("run", "planning"), "NATS_URL", {"NATS_URL": ""}),
    (("run", "planning"), "PostgreSQL", NO_DATABASE),
    (("run", "notifications"), "SMTP_URL", {"SMTP_URL": "http://x"}),
    (("run", "planning"), "MINHBACH_HTTP_PORT", {"MINHBACH_HTTP_PORT": "http"}),
    (("report", "build", "--quarter", "2025-Q3"), "MINHBACH_CLOCK_FILE", {"MINHBACH_CLOCK_FILE": "nowhere"}),
    (("report", "build", "--quarter", "2025-Q3"), "MINHBACH_CLOCK_FILE", {"MINHBACH_CLOCK_FILE": "good.jsonl"}),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("terminal")
    for name, content in FILES.items():
        (folder / name).write_text(content)
    return folder


@pytest.fixture(scope="module")
def urls(tmp_path_factory, start_servers):
    """A stack that is provisioned and knows nothing, which that of the session does only until the first test on it."""
    folder = tmp_path_factory.mktemp("stack")
    with Stack(folder, env=TIMES_OF_SERVICES, services=(), start_servers=start_servers) as stack:
        settings = stack.settings()
        yield {"NATS_URL": settings.nats_url, "DATABASE_URL": settings.database_url, **TIMES_OF_SERVICES}


@pytest.mark.parametrize(("arguments", "code", "word"), WRONG, ids=[" ".join(wrong[0]) for wrong in WRONG])
def test_wrong_use_is_reported_in_sentences(folder, urls, monkeypatch, capfd, arguments, code, word):
    for name, value in urls.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["minhbach", *arguments])
    monkeypatch.setenv("MINHBACH_OUTBOX", str(folder / "outbox"))
    monkeypatch.chdir(folder)

    with pytest.raises(SystemExit) as ended:
        main()

    printed = capfd.readouterr()
    assert ended.value.code == code
    assert word in printed.err
    assert len(printed.err.splitlines()) <= 8
    assert (printed.out, "Traceback" in printed.err) == ("", False)


@pytest.fixture(scope="module")
def answers(folder, urls):
    """All of them at once, each in a process of its own: they wait for servers that are not there."""

    def run(away):
        arguments, _, env = away
        return commands.run(arguments, {**os.environ, "MINHBACH_OUTBOX": str(folder / "outbox"), **urls, **env}, folder)

    with ThreadPoolExecutor(6) as pool:
        return list(pool.map(run, AWAY))


@pytest.mark.parametrize("number", range(len(AWAY)), ids=[f"{' '.join(a[0])} {a[2]}" for a in AWAY])
def test_missing_servers_and_wrong_settings_are_reported_in_sentences(answers, number):
    answer, word = answers[number], AWAY[number][1]
    assert answer.returncode in (1, 2)
    assert word in answer.stderr
    assert len(answer.stderr.splitlines()) <= 3
    assert (answer.stdout, "Traceback" in answer.stderr) == ("", False)


def test_provisioning_twice_changes_nothing(urls):
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "provision"], cwd=ROOT, env={**os.environ, **urls},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "nothing to do: everything is as it should be\n"
