"""A commune's machine sends readings, steps and reports with the broker's address alone, and each once."""

import asyncio
import json
import re
import shlex
import signal
import socket
from contextlib import contextmanager
from datetime import date

import nats
import pytest
from openpyxl import load_workbook

from tests.commands import ROOT
from tests.journeys.commune_machine import CommuneMachine, ended
from tests.journeys.province import readings_of, until

DAY = date(2025, 9, 15)
NOBODY = "nats://127.0.0.1:1"
HEADER = "reading_id,observed_on,field,files-received,files-received-online\n"


@pytest.fixture(scope="module")
def province(found):
    with found(communes=14, today=DAY) as province:
        province.send(*(first for commune in province.communes for first in readings_of(commune, "q", 1)))
        yield province


@pytest.fixture(scope="module")
def communes(province):
    return iter(province.communes)


@pytest.fixture
def machine(province, communes, tmp_path):
    """The machine of a commune that no other test has. Whatever it runs opens no database."""
    [(commune, url)] = province.stack.servers.commune_urls([next(communes)]).items()
    with socket.create_server(("127.0.0.1", 0)) as database:
        database.setblocking(False)
        address = f"postgresql://x:x@127.0.0.1:{database.getsockname()[1]}/x"
        yield CommuneMachine(commune, url, tmp_path, DATABASE_URL=address)
        with pytest.raises(BlockingIOError):
            database.accept()


@pytest.fixture
def task(province, machine):
    """A task of the commune, and the body that leads it."""
    return next((task, body) for commune, task, body in province.tasks() if commune == machine.commune)


def readings(machine, name, how_many=1):
    """A file of readings that have not been sent before."""
    path = machine.folder / f"{name}.csv"
    rows = (f"{name}-{n},2025-09-0{1 + n % 9},land,5,2\n" for n in range(how_many))
    path.write_text(HEADER + "".join(rows), "utf-8")
    return path


def counted(province, machine, changed=()):
    """How many readings of the commune are recorded, each id once; those that were changed once, twice."""
    found = province.ask(
        "indicators", "SELECT reading_id, count(*) FROM readings WHERE commune = %s GROUP BY 1", machine.commune
    )
    assert {reading: times for reading, times in found if times != 1} == dict.fromkeys(changed, 2)
    return len(found)


def state(province, task):
    return province.ask("planning", "SELECT state FROM tasks WHERE task_id = %s", task)[0][0]


def submissions(province, machine):
    """How often the commune's report was submitted."""
    topic = "reporting.commune-report-submitted"
    found = province.ask("reporting", "SELECT state FROM reporting_events WHERE topic = %s", topic)
    return sum(json.loads(bytes(state))["commune"] == machine.commune for (state,) in found)


def completion(task):
    return "task", "complete", task[0], "--evidence", "12/BC-UBND", "--by", task[1]


REPORT = ("report", "submit", "--quarter", "2025-Q3", "--by", "Nguyễn Thị An")


def test_each_kind_of_submission_needs_nothing_but_the_broker(province, machine, task):
    pushed = machine.run("readings", "push", readings(machine, "file", 250))
    completed = machine.run(*completion(task))
    submitted = machine.run(*REPORT)

    assert (pushed.code, pushed.err) == (0, "Ghi nhận 250, trùng 0, từ chối 0 số liệu.\n")
    assert (completed.code, completed.err) == (0, "")
    assert completed.out.startswith("Đã ghi nhận; mã tiếp nhận cli-")
    assert (submitted.code, submitted.err) == (0, "")
    assert submitted.out.startswith("Đã nhận báo cáo; mã tiếp nhận")
    assert (counted(province, machine), state(province, task[0]), submissions(province, machine)) == (260, "done", 1)
    assert machine.outbox() == []


def test_a_file_of_evidence_is_attached_to_a_task_once(province, machine, task):
    file = machine.folder / "12-BC.pdf"
    file.write_bytes(b"%PDF-1.7 " + bytes(range(256)) * 6000)  # of two parts
    command = ("task", "attach", task[0], str(file), "--by", task[1])
    first, again = machine.run(*command), machine.run(*command)
    assert (first.code, again.code) == (0, 0), (first.err, again.err)
    kept = province.ask(
        "planning",
        "SELECT size FROM evidence_files JOIN evidence_senders USING (sha256) WHERE commune = %s",
        machine.commune,
    )
    assert kept == [(file.stat().st_size,)]
    assert steps(province, task[0]) == ["evidence-attached"]
    file.write_bytes(b"MZ")
    refused = machine.run(*command)
    assert refused.code == 1
    assert "PDF" in refused.err


def test_names_of_columns_hold_on_every_machine_of_the_commune_and_in_the_portal(province, communes, tmp_path):
    [(commune, url)] = province.stack.servers.commune_urls([next(communes)]).items()
    first, other = (CommuneMachine(commune, url, tmp_path / name) for name in ("first", "other"))
    kept = first.run("readings", "columns", "--column", "Hồ sơ vào=files-received", "--skip", "Cán bộ")
    assert (kept.code, kept.err) == (0, "")
    names = "SELECT name, meaning FROM own_names WHERE commune = %s ORDER BY name"  # which the portal's page asks for
    assert province.ask("indicators", names, commune) == [("Cán bộ", ""), ("Hồ sơ vào", "files-received")]
    file = other.folder / "thang-9.csv"
    file.write_text("Ngày,Lĩnh vực,Cán bộ,HỒ SƠ VÀO\n5/9/2025,Đất đai,An,12\n", "utf-8")
    pushed = other.run("readings", "push", str(file))
    assert (pushed.code, pushed.err) == (0, "Ghi nhận 1, trùng 0, từ chối 0 số liệu.\n")
    assert "Hồ sơ vào" in other.run("readings", "columns").out
    assert first.run("readings", "columns", "--forget", "hồ sơ vào").code == 0
    assert province.ask("indicators", names, commune) == [("Cán bộ", "")]


@pytest.fixture
def away(province):
    """The broker is down; the function starts it again."""
    servers = province.stack.servers
    servers.processes["nats"].kill()
    servers.processes["nats"].wait()
    yield lambda: servers.restart("nats")
    if servers.processes["nats"].poll() is not None:
        servers.restart("nats")


@pytest.fixture
def dated_task(province, machine):
    """A task of the commune with an open deadline: its id, the body that leads it, and the key of the deadline."""
    found = province.ask(
        "planning",
        "SELECT task_id, lead[1], owed ->> 'key' FROM tasks, jsonb_array_elements(obligations) AS owed"
        " WHERE commune = %s AND owed ->> 'due' >= %s AND owed ->> 'state' = 'open' ORDER BY task_id, 3",
        machine.commune, DAY.isoformat(),
    )  # fmt: skip
    return found[0]


def changed(province, machine):
    """The versions of the commune's readings after the first, each with its values."""
    changes = "SELECT reading_id, version, counts FROM readings WHERE commune = %s AND version > 1 ORDER BY 1, 2"
    return province.ask("indicators", changes, machine.commune)


def steps(province, task):
    """What was done with the task since its assignment, by the names of its stored events, in their order."""
    events = "SELECT e.topic FROM planning_events e JOIN tasks ON uuid = originator_id WHERE task_id = %s"
    found = [topic for (topic,) in province.ask("planning", f"{events} ORDER BY originator_version", task)]
    names = [topic.removeprefix("planning.task-") for topic in found[1:]]
    return [name for name in names if not name.startswith(("deadline-", "obligation-"))]


def test_all_that_is_accepted_without_a_broker_is_sent_once_and_in_order_when_it_is_back(
    province, machine, dated_task, away
):
    task, body, deadline = dated_task
    by = ("--by", "Nguyễn Thị An", "--reason", "Đếm lại")
    of_the_task = [
        ("acknowledge", task, "--by", body),
        ("progress", task, "--percent", "60", "--note", "Đã họp với các thôn", "--by", body),
        ("request-extension", task, "--obligation", deadline, "--until", "15/1/2026", "--by", body, *by[2:]),
        completion((task, body))[1:],
        ("accept", task, "--by", "Trần Thị Bình", "--as", "chair"),
    ]
    commands = [
        ("readings", "push", readings(machine, "file", 120)),
        ("readings", "correct", "q-0-1", "--set", "files-received=60", *by),
        ("readings", "withdraw", "q-0-2", *by),
        *(("task", *step) for step in of_the_task),
        REPORT,
    ]
    kept = [machine.run(*command) for command in commands]
    assert {each.code for each in kept} == {1}
    assert {each.out for each in kept} == {""}
    assert all(each.err.startswith("Chưa kết nối được với máy chủ của tỉnh (127.0.0.1:") for each in kept)
    assert all("được giữ lại trên máy này" in " ".join(each.err.split()) for each in kept)
    waiting = ["corrections", *["progress"] * 5, "readings", "readings", "report", "withdrawals"]
    assert machine.waiting() == waiting
    listed = machine.run("outbox", "list")
    assert (listed.code, listed.out.count("chờ gửi")) == (0, len(waiting))

    away()
    sent = machine.run("outbox", "send")
    assert (sent.code, sent.out.count("Đã ghi nhận; mã tiếp nhận"), machine.outbox()) == (0, 5, []), sent.err
    assert "Đã nhận báo cáo" in sent.out
    for counted_once in ("Ghi nhận 120, trùng 0", "Đính chính 1, đã đúng từ trước 0", "Rút 1, đã rút từ trước 0"):
        assert f"{counted_once}, từ chối 0 số liệu." in sent.err
    readings_in_all = counted(province, machine, changed=("q-0-1", "q-0-2"))
    assert (readings_in_all, state(province, task), submissions(province, machine)) == (130, "accepted", 1)
    [(corrected, *second), (withdrawn, *empty)] = changed(province, machine)
    assert (corrected, second[0], second[1]["files-received"]) == ("q-0-1", 2, 60)
    assert (withdrawn, *empty) == ("q-0-2", 2, {})
    done = ["acknowledged", "progress-reported", "extension-requested", "completed", "accepted"]
    assert steps(province, task) == done
    assert machine.run("outbox", "send").out == "Không có bài gửi nào đang chờ.\n"


def test_a_file_needs_the_line_and_the_command_says_so(province, machine, task, away):
    file = machine.folder / "12-BC.pdf"
    file.write_bytes(b"%PDF-1.7 " + bytes(range(256)) * 40)
    command = ("task", "attach", task[0], str(file), "--by", task[1])
    refused = machine.run(*command)
    assert (refused.code, refused.out, machine.outbox()) == (1, "", [])
    assert "tệp chưa được gửi và không được giữ lại trên máy này" in " ".join(refused.err.split())
    away()
    until(lambda: all(each.ready() for each in province.stack.running), "every service has its connection again")
    assert machine.run(*command).code == 0
    assert steps(province, task[0]) == ["evidence-attached"]


def test_the_next_command_of_another_kind_sends_waiting_submissions(province, machine, task, away):
    machine.run("readings", "push", readings(machine, "file"))
    away()

    completed = machine.run(*completion(task), "--json")

    assert completed.code == 0
    assert '"accepted": 1' in completed.out
    assert completed.err == "Đã gửi cùng 1 bài gửi được giữ từ trước.\nGhi nhận 1, trùng 0, từ chối 0 số liệu.\n"
    assert (counted(province, machine), state(province, task[0]), machine.outbox()) == (11, "done", [])


def test_killed_before_it_sends_a_command_is_finished_by_the_next_one(province, machine, task):
    """The outbox is on the disk before the broker is asked for: here one that never answers."""
    for command in (completion(task), REPORT, ("readings", "push", readings(machine, "file"))):
        already = len(machine.waiting())
        process = machine.start(*command, NATS_URL=NOBODY)
        until(lambda already=already: len(machine.waiting()) > already, "the submission is in the outbox")
        process.send_signal(signal.SIGKILL)
        process.wait()

    assert machine.waiting() == ["progress", "readings", "report"]
    assert machine.run("outbox", "send", "--all").code == 0
    assert (counted(province, machine), state(province, task[0]), submissions(province, machine)) == (11, "done", 1)


def test_killed_between_sending_and_the_receipt_it_is_counted_once(province, machine, task):
    commands = {
        "progress": completion(task),
        "readings": ("readings", "push", readings(machine, "file")),
        "report": REPORT,
    }
    with paused(province, "planning"), paused(province, "indicators"), paused(province, "reporting"):
        for kind, command in commands.items():
            process = machine.start(*command)
            until(lambda kind=kind: kind in machine.waiting(), f"the outbox keeps {kind}")
            if kind != "report":  # which is not sent before the readings have their receipt
                until(lambda kind=kind: holds(province, machine, kind), f"the stream holds {kind}")
            process.send_signal(signal.SIGKILL)
            process.wait()

    assert machine.waiting() == ["progress", "readings", "report"]
    assert machine.run("outbox", "send").code == 0
    assert (counted(province, machine), state(province, task[0]), submissions(province, machine)) == (11, "done", 1)
    assert machine.outbox() == []


def test_a_service_that_is_down_delays_no_submission_to_another(province, machine, task):
    with paused(province, "planning"):
        completing = machine.start(*completion(task))
        until(lambda: holds(province, machine, "progress"), "the stream holds the step")
        completing.send_signal(signal.SIGINT)
        stopped = ended(completing)
        assert (stopped.code, "Đã dừng; 1 bài gửi được giữ lại" in stopped.err) == (1, True)
        pushing = machine.start("readings", "push", readings(machine, "file"))
        pushed = ended(pushing)
        assert (pushed.code, counted(province, machine), machine.waiting()) == (0, 11, ["progress"])
        assert "Chưa có biên nhận của tỉnh; 1 bài gửi được giữ lại" in pushed.err
    assert machine.run("outbox", "send").code == 0
    assert (state(province, task[0]), machine.outbox()) == ("done", [])


def test_killed_between_the_receipt_and_its_end_it_is_counted_once(province, machine, task):
    """The file is still there although the receipt came: the broker was away, and the file is put back afterwards."""
    for command in (completion(task), REPORT, ("readings", "push", readings(machine, "file"))):
        assert machine.run(*command, NATS_URL=NOBODY).code == 1
    files = {path: path.read_bytes() for path in (machine.folder / "outbox" / machine.commune).glob("*.json")}
    first = machine.run("outbox", "send", "--all", "--json")
    for path, body in files.items():
        path.write_bytes(body)

    again = machine.run("outbox", "send", "--all", "--json")

    assert (first.code, again.code) == (0, 0)
    assert sorted(first.out.splitlines()) == sorted(again.out.splitlines())
    assert (counted(province, machine), state(province, task[0]), submissions(province, machine)) == (11, "done", 1)
    assert machine.outbox() == []


def test_commands_at_once_send_everything_once(province, machine, task):
    for name in ("old-1", "old-2"):
        machine.run("readings", "push", readings(machine, name, 150), NATS_URL=NOBODY)
    commands = [
        ("outbox", "send", "--all"),
        *(("readings", "push", readings(machine, name, 150)) for name in ("new-1", "new-2")),
        completion(task),
        REPORT,
    ]

    all_ended = [ended(process) for process in [machine.start(*command) for command in commands]]

    assert [each.code for each in all_ended] == [0] * len(commands)
    assert (counted(province, machine), state(province, task[0]), submissions(province, machine)) == (610, "done", 1)
    assert machine.outbox() == []


def test_submissions_kept_for_another_server_are_not_sent_to_this_one(province, machine):
    machine.run("readings", "push", readings(machine, "training"), NATS_URL=NOBODY)

    pushed = machine.run("readings", "push", readings(machine, "real"))

    assert pushed.code == 0
    assert "1 bài gửi chờ máy chủ khác; xem: minhbach outbox list." in pushed.err
    assert (counted(province, machine), machine.waiting()) == (11, ["readings"])


@contextmanager
def paused(province, service):
    [process] = [each.process for each in province.stack.running if each.service == service]
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def holds(province, machine, kind):
    """Whether the intake stream holds the submission of this kind that waits in the outbox."""

    async def subjects():
        client = await nats.connect(province.stack.servers.nats_url)
        found = await client.jetstream().stream_info("intake", subjects_filter=f"intake.{machine.commune}.{kind}.*")
        await client.close()
        return {subject.split(".")[3] for subject in found.state.subjects or {}}

    waiting = {name.split(".")[1] for name in machine.outbox() if name.startswith(kind)}
    return waiting and waiting <= asyncio.run(subjects())


PAGE = ROOT / "docs/vi/nhap-so-lieu.md"
FILLED_IN = [
    (date(2025, 9, 5), "Đất đai", 11, 4),
    (date(2025, 9, 6), "Hộ tịch", 5, 5),
    (date(2025, 9, 7), "Đất đai", 14, 8),
    ("07/9/2025", "Hộ tịch", 7, 7),
]


def fill_in(path):
    """The template as a clerk fills it in: some rows, and two of its columns."""
    book = load_workbook(path)
    columns = {cell.value: cell.column for cell in book.active[1]}
    for row, (day, field, received, resolved) in enumerate(FILLED_IN, 2):
        filled = {
            "Ngày": day,
            "Lĩnh vực": field,
            "Số hồ sơ TTHC tiếp nhận": received,
            "Số hồ sơ đã giải quyết": resolved,
        }
        for title, value in filled.items():
            book.active.cell(row, columns[title], value)
    book.save(path)


def test_every_command_of_the_clerks_page_runs_in_order(province, machine):
    text = PAGE.read_text(encoding="utf-8")
    (machine.folder / "dinh-chinh.csv").write_text(re.findall(r"```csv\n(.*?)```", text, re.DOTALL)[0], "utf-8")
    shown = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    assert len(shown) > 12
    for line in shown:
        ran = machine.run(*shlex.split(line)[1:])
        assert ran.code == 0, f"{line}: {ran.err}"
        if "template" in line:
            fill_in(machine.folder / "thang9.xlsx")
    assert machine.outbox() == ["names.json"]
    assert submissions(province, machine) == 1
    assert readings_received(province, machine) == {
        "20250905-land": 12, "20250906-civil-status": None, "20250907-land": 15, "20250907-civil-status": 8,
    }  # fmt: skip


def readings_received(province, machine):
    """The count of files received in the last version of each reading of September, by reading."""
    found = province.ask(
        "indicators",
        "SELECT DISTINCT ON (reading_id) reading_id, (counts ->> 'files-received')::int FROM readings"
        " WHERE commune = %s AND reading_id LIKE '202509%%' ORDER BY reading_id, version DESC",
        machine.commune,
    )
    return dict(found)
