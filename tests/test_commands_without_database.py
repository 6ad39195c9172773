"""Only services, the offices of the province and the operator need a database: each command without one."""

import socket
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli import app, main
from shared.commune_client import delivery
from shared.commune_client.outbox import Outbox
from tests.journeys.commune_machine import NOT_A_COMMUNES

STEPS = (
    *("acknowledge", "progress", "complete", "accept", "return", "extend", "resolve", "withdraw", "reopen"),
    *("request-extension", "decline-extension", "comment", "follow", "unfollow"),
)
VERIFY = ("audit", "verify")
COMMUNE = {
    *(("readings", name) for name in ("push", "correct", "withdraw", "list", "show")),
    *(("task", step) for step in STEPS),
    ("task", "attach"),
    ("report", "submit"),
    ("outbox", "send"),
}
# What each command sends, by the kind of its submission.
KINDS = {
    ("readings", "push"): "readings",
    ("readings", "correct"): "corrections",
    ("readings", "withdraw"): "withdrawals",
    **{("task", step): "progress" for step in STEPS},
    ("report", "submit"): "report",
}
LOCAL = {
    *(("readings", name) for name in ("template", "names", "columns")),
    *(("plan", "read"), ("plan", "diff"), ("schedule", "read"), ("target", "read"), ("outbox", "list")),
    *(("contracts",), ("audit", "key", "new")),
    VERIFY,
}
OFFICE = {
    *(("commune", name) for name in ("register", "list", "show", "merge", "divide", "rename", "move", "establish")),
    *(("plan", name) for name in ("issue", "amend", "close", "list", "show")),
    *(("task", name) for name in ("list", "show")),
    *(("indicator", name) for name in ("define", "revise", "list", "show")),
    *(("report", name) for name in ("build", "return", "approve", "remind", "narrative", "publish", "restate")),
    *(("report", name) for name in ("show", "changes", "list", "due")),
    *(("account", name) for name in ("open", "close", "grant", "withdraw", "list")),
    *(("account", name) for name in ("invite", "sessions", "end-session")),
    *(("audit", name) for name in ("replay", "diff", "explain", "timeline")),
    *(("audit", name) for name in ("checkpoints", "export", "seal", "timestamp", "witness")),
    *(("account", "key", name) for name in ("issue", "revoke", "list")),
    ("notice", "list"),
}
OPERATOR = {
    *((name,) for name in ("run", "provision", "recover", "up", "demo", "why")),
    *(("stream", name) for name in ("list", "trim", "clear", "renew")),
    ("commune", "account"),
    *(("commune", "credentials", name) for name in ("issue", "revoke", "list", "take-over", "follow")),
    ("report", "rebuild"),
}
VALUES = {
    "province": "51", "commune": "21211", "communes": "21211", "into": "21025", "day": "2026-01-01",
    "source": "1/NQ", "code": "99999",
    "name": "Xã A", "by": "VP", "reason": "sai", "plan": "p-1", "task": "t-0", "percent": "50", "evidence": "1/BC",
    "until": "2025-12-01", "phrase": "trong quý I", "year": "2025", "quarter": "2025-Q3", "in_force_from": "2025-07-01",
    "submission": "s-1", "file": "plan.yaml", "old": "plan.yaml", "new": "plan.yaml", "document": "plan.txt",
    "program": "một cửa", "key": "k-0", "session": "all",
    "account": "lan", "role": "clerk", "grant_id": "lan.1", "out": "key", "folder": "export", "authority": "http://[::1]:1",
    "ca": "ca.pem", "note": "hỏi",
}  # fmt: skip
FILE = {("task", "attach"): "plan.txt", ("readings", "push"): "readings.jsonl", ("readings", "template"): "new.xlsx"}
# Where one of two options is needed: the command asks for it before it opens anything.
ONE_OF = {
    ("report", "approve"): ["--all-submitted"],
    ("audit", "explain"): ["--indicator", "online-files"],
    ("audit", "diff"): ["--edition", "1", "--edition", "2"],
    ("audit", "timeline"): ["--task", "t-000000000000"],
    ("report", "remind"): ["--all-missing"],
    ("readings", "correct"): ["a", "--set", "files-received=3", "--by", "VP", "--reason", "sai"],
    ("readings", "withdraw"): ["a", "--by", "VP", "--reason", "sai"],
    ("readings", "show"): ["a"],
}
FILES = {
    "plan.yaml": (Path(__file__).parents[1] / "services/planning/plans/51-standard.yaml").read_text("utf-8"),
    "plan.txt": "KẾ HOẠCH\nCải cách hành chính năm 2026\n",
    "readings.jsonl": '{"reading_id": "a", "observed_on": "2025-07-01", "values": {"files-received": 3}}\n',
}


APP = typer.main.get_command(app)  # once: it takes longer than most of the commands


def commands(group=APP, path=()):
    """Each command by its words."""
    found = {}
    for name, command in group.commands.items():
        words = (*path, name)
        found |= commands(command, words) if hasattr(command, "commands") else {words: command}
    return found


def line(words):
    """The command with a value for whatever it must have."""
    values = VALUES | ({"file": FILE[words]} if words in FILE else {})
    given = [*words, *(["--name", "Xã B"] if words == ("commune", "rename") else []), *ONE_OF.get(words, ())]
    for parameter in commands()[words].params:
        if parameter.required:
            given += [] if parameter.param_type_name == "argument" else [parameter.opts[0]]
            given.append(values[parameter.name])
    return given


@pytest.fixture
def at_terminal(tmp_path, monkeypatch, capfd):
    """Runs a command where no server is named: its exit code, and what it prints on standard error."""
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, "utf-8")
    for name in NOT_A_COMMUNES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MINHBACH_OUTBOX", str(tmp_path / "outbox"))
    monkeypatch.setenv("MINHBACH_COMMUNE", "21211")
    monkeypatch.setenv("MINHBACH_SEAL_KEY", "seal.key")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["audit", "key", "new", "--out", "seal.key"]).exit_code == 0

    def run(words, **env):
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["minhbach", *line(words)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code or 0, capfd.readouterr().err.splitlines()

    return run


def test_each_command_is_of_a_commune_an_office_or_the_operator():
    groups = [COMMUNE, LOCAL, OFFICE, OPERATOR]
    assert set(commands()) == set().union(*groups)
    assert len(commands()) == sum(map(len, groups))


@pytest.mark.parametrize("words", sorted(COMMUNE), ids=" ".join)
def test_a_command_of_a_commune_needs_the_broker_and_opens_no_database(at_terminal, words):
    with socket.create_server(("127.0.0.1", 0)) as database:
        database.setblocking(False)
        address = f"postgresql://x:x@127.0.0.1:{database.getsockname()[1]}/x"
        code, printed = at_terminal(words, DATABASE_URL=address)
        assert code == 2
        assert printed == ["Chưa đặt NATS_URL, và ở thư mục này không có hệ thống nào đang chạy (minhbach up)"]
        with pytest.raises(BlockingIOError):
            database.accept()


@pytest.mark.parametrize("words", sorted(KINDS), ids=" ".join)
def test_a_command_of_a_commune_keeps_its_submission_once_where_the_broker_is_away(
    at_terminal, words, tmp_path, monkeypatch
):
    """tests/journeys/test_commune_machine.py sends what an outbox has kept, each kind once."""
    monkeypatch.setitem(delivery.BRIEFLY, "reconnect_time_wait", 0)
    code, printed = at_terminal(words, NATS_URL="nats://commune-21211:x@127.0.0.1:1", DATABASE_URL="nowhere")
    assert code == 1
    assert "Chưa kết nối được với máy chủ của tỉnh (127.0.0.1:1)" in printed[0]
    assert "1 bài gửi được giữ lại trên máy này" in " ".join(printed)
    (kept,) = Outbox(tmp_path / "outbox" / "21211", "127.0.0.1:1").waiting()
    assert kept.kind == KINDS[words]


def test_each_command_that_sends_is_kept():
    # A file is no submission: its bytes are sent before the step that attaches it, or nothing is accepted.
    need_the_broker = {("readings", "list"), ("readings", "show"), ("outbox", "send"), ("task", "attach")}
    assert KINDS.keys() | need_the_broker == COMMUNE


@pytest.mark.parametrize("words", sorted(LOCAL - {VERIFY}), ids=" ".join)
def test_a_command_that_reads_files_needs_no_server(at_terminal, words):
    code, printed = at_terminal(words)
    assert code == 0, printed


def test_verify_needs_an_export_and_no_server(at_terminal):
    assert at_terminal(VERIFY) == (2, ["export không phải là thư mục của một bản xuất."])


@pytest.mark.parametrize("words", sorted(OFFICE), ids=" ".join)
def test_a_command_of_an_office_names_the_setting_that_it_needs(at_terminal, words):
    code, printed = at_terminal(words)
    assert code == 2
    assert printed == ["Chưa đặt DATABASE_URL, và ở thư mục này không có hệ thống nào đang chạy (minhbach up)"]


def test_help_needs_no_server():
    for words in commands():
        with pytest.raises(SystemExit) as ended:
            APP([*words, "--help"])
        assert ended.value.code == 0
