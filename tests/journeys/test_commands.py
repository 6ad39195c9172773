"""The command at a terminal: whatever is wrong is told in sentences, with exit code 1 or 2, and never a traceback."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

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
    "good.jsonl": '{"reading_id": "a", "observed_on": "2025-07-01", "field": "land", "values": {"files-received": 3}}\n',
    "binary.xlsx": "PK\x03\x04 no zip",
    "a-file": "",
}
REPORT = ("report", "build", "--quarter", "2025-Q3", "--known-at", "2025-09-16")
AUDIT = ("audit", "replay", "--quarter", "2025-Q3", "--known-at", "2025-09-16")
COMPLETE = ("task", "complete", "t-0", "--evidence", "1/BC", "--by", "VP")

# arguments, exit code, a word that the sentence has, what else the environment says
WRONG = [
    (("nonsense",), 2, "nonsense", {}),
    (("plan", "nonsense"), 2, "nonsense", {}),
    (("run", "nonsense"), 2, "planning, indicators, reporting, notifications", {}),
    (("demo", "--communes", "2"), 2, "--communes", {}),
    (("plan", "issue"), 2, "FILE", {}),
    (("plan", "issue", "nowhere.yaml"), 1, "nowhere.yaml", {}),
    (("plan", "issue", "torn.yaml"), 1, "torn.yaml:1", {}),
    (("plan", "issue", "empty.yaml"), 1, "empty.yaml", {}),
    (("plan", "issue", "list.yaml"), 1, "list.yaml", {}),
    (("plan", "issue", "strange.yaml"), 1, "strange.yaml", {}),
    (("plan", "issue", "nowhere.yaml", "--issued-on", "2025-02-30"), 2, "2025-02-30", {}),
    (("indicator", "define", "nowhere.yaml"), 1, "nowhere.yaml", {}),
    (("indicator", "define", "torn.yaml"), 1, "torn.yaml", {}),
    (("indicator", "define", "list.yaml"), 1, "list.yaml", {}),
    (("readings", "push", "nowhere.csv", "--commune", COMMUNE), 1, "nowhere.csv", {}),
    (("readings", "push", "strange.csv", "--commune", COMMUNE), 1, "strange.csv", {}),
    (("readings", "push", "wrong.csv", "--commune", COMMUNE), 1, "wrong.csv", {}),
    (("readings", "push", "torn.jsonl", "--commune", COMMUNE), 1, "torn.jsonl", {}),
    (("readings", "push", "binary.xlsx", "--commune", COMMUNE), 1, "binary.xlsx", {}),
    (("readings", "push", "good.jsonl", "--commune", "2 1.*"), 2, "2 1.*", {}),
    (("commune", "register", "--province", "99"), 1, '"99"', {}),
    (("report", "build", "--quarter", "2025-Q5"), 2, "2025-Q3", {}),
    (("report", "publish", "--quarter", "Q3"), 2, "2025-Q3", {}),
    (("audit", "replay", "--quarter", ""), 2, "2025-Q3", {}),
    ((*REPORT, "--known-at", "16.9.2025"), 2, "16.9.2025", {}),
    ((*AUDIT, "--known-at", "2025-02-30"), 2, "2025-02-30", {}),
    ((*REPORT, "--format", "html,pdf"), 2, "html, docx, xlsx, json", {}),
    ((*REPORT, "--province", "99"), 1, "99", {}),
    ((*REPORT, "--commune", "nobody"), 1, "nobody", {}),
    ((*AUDIT, "--province", "99"), 1, "99", {}),
    (("report", "publish", "--quarter", "2025-Q3", "--province", "99"), 1, "99", {}),
    (COMPLETE, 1, "t-0", {}),
    (("readings", "push", "good.jsonl", "--commune", COMMUNE), 1, "NATS", NO_NATS),
    (("readings", "push", "good.jsonl", "--commune", COMMUNE), 2, "NATS_URL", {"NATS_URL": GARBAGE + "://"}),
    (("provision",), 1, "NATS", NO_NATS),
    (("provision",), 2, "NATS_URL", {"NATS_URL": GARBAGE + "://"}),
    (("provision",), 1, "PostgreSQL", NO_DATABASE),
    (("provision",), 2, "DATABASE_URL", {"DATABASE_URL": GARBAGE}),
    (("commune", "list"), 1, "PostgreSQL", NO_DATABASE),
    (("commune", "list"), 2, "DATABASE_URL", {"DATABASE_URL": GARBAGE}),
    (("indicator", "define"), 1, "PostgreSQL", NO_DATABASE),
    (("indicator", "list"), 2, "DATABASE_URL", {"DATABASE_URL": GARBAGE}),
    (("notice", "list"), 1, "PostgreSQL", NO_DATABASE),
    (("notice", "list"), 2, "DATABASE_URL", {"DATABASE_URL": GARBAGE}),
    (REPORT, 1, "PostgreSQL", NO_DATABASE),
    (REPORT, 2, "DATABASE_URL", {"DATABASE_URL": GARBAGE}),
    (AUDIT, 1, "PostgreSQL", NO_DATABASE),
    (("run", "planning"), 1, "PostgreSQL", NO_DATABASE),
    (("run", "reporting"), 2, "DATABASE_URL", {"DATABASE_URL": GARBAGE}),
    (("run", "notifications"), 2, "SMTP_URL", {"SMTP_URL": "http://x"}),
    (("commune", "list"), 2, "DATABASE_URL", {"DATABASE_URL": ""}),
    (REPORT, 2, "NATS_URL", {"NATS_URL": ""}),
    (("run", "planning"), 2, "MINHBACH_HTTP_PORT", {"MINHBACH_HTTP_PORT": "http"}),
    (("report", "build", "--quarter", "2025-Q3"), 2, "MINHBACH_CLOCK_FILE", {"MINHBACH_CLOCK_FILE": "nowhere"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def at_a_terminal(stack, tmp_path_factory):
    """Runs a command in a folder with files, against a stack that is provisioned and knows nothing."""
    folder = tmp_path_factory.mktemp("terminal")
    for name, content in FILES.items():
        (folder / name).write_text(content)
    settings = stack.settings()
    known = {"NATS_URL": settings.nats_url, "DATABASE_URL": settings.database_url, "PYTHONPATH": os.getcwd()}  # noqa: PTH109

    def run(*arguments, **env):
        return subprocess.run(
            [sys.executable, "-m", "deploy.cli", *arguments], cwd=folder, env={**os.environ, **known, **env},
            capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    return run


@pytest.fixture(scope="module")
def answers(at_a_terminal):
    """All of them, some at a time: each takes a second or two."""
    with ThreadPoolExecutor(3) as pool:
        return list(pool.map(lambda wrong: at_a_terminal(*wrong[0], **wrong[3]), WRONG))


@pytest.mark.parametrize("number", range(len(WRONG)), ids=[f"{' '.join(w[0])} {' '.join(w[3])}".strip() for w in WRONG])
def test_what_is_wrong_is_told_in_sentences(answers, number):
    (_, code, word, _), answer = WRONG[number], answers[number]
    assert "Traceback" not in answer.stderr + answer.stdout
    assert word in answer.stderr
    assert answer.returncode == code
    assert answer.stdout == ""
    assert len(answer.stderr.splitlines()) <= 8


def test_provisioning_twice_changes_nothing(at_a_terminal):
    answer = at_a_terminal("provision")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == "nothing to do: everything is as it should be\n"
