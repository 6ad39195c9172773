"""The steps of a task at a terminal, with Planning running: what is printed, and how the command ends."""

import json

import pytest
from typer.testing import CliRunner

from deploy.stack import Stack
from services.planning.cli import commune_app, plan_app, task_app
from services.planning.register import communes_of
from tests.servers import start_servers

COMMUNES = iter(communes_of("33"))
PLAN = """\
plan:
  commune: '%s'
  title: Kế hoạch
  regime: reform
  year: 2025
  span: {from: 2025-01-01, until: 2025-12-31}
tasks:
  - code: '1'
    content: Rà soát TTHC
    lead: [Phòng Kinh tế]
    schedule_text: Quý III
    milestones: [{kind: deadline, due: 2025-09-30}]
  - code: '2.'
    content: Báo cáo quý về kiểm soát thủ tục hành chính và cơ chế một cửa của Uỷ ban nhân dân xã
    lead: [Trung tâm Phục vụ hành chính công]
    support: [Phòng Văn hóa - Xã hội]
    milestones: [{kind: recurring, every: quarter, from: 2025-07-01, until: 2026-06-30, on: '15'}]
  - content: Thực hiện theo hướng dẫn của tỉnh
    lead: [Văn phòng]
    milestones: [{kind: after-event, event: tỉnh ban hành hướng dẫn, days: 20}, {kind: deadline, due: 2025-12-31}]
"""
CHAIR = ("--by", "Trần Thị Bình", "--reason", "chờ hướng dẫn")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A stack with Planning, on 3 October 2025."""
    folder = tmp_path_factory.mktemp("planning")
    (folder / "clock").write_text("2025-10-03T08:00:00+07:00")
    env = {"MINHBACH_CLOCK_FILE": str(folder / "clock")}
    with Stack(folder, env=env, services=("planning",), start_servers=start_servers) as stack:
        settings = stack.settings("planning")
        yield {"NATS_URL": settings.nats_url, "DATABASE_URL": settings.database_url, **env}


@pytest.fixture
def plan(running, monkeypatch, tmp_path):
    """The code of a commune with a plan of three tasks, and the plan's file."""
    for name, value in running.items():
        monkeypatch.setenv(name, value)
    ran(commune_app, "register", "--province", "33")
    code, file = next(COMMUNES).code, tmp_path / "plan.yaml"
    file.write_text(PLAN % code)
    assert ran(plan_app, "issue", file).exit_code == 0
    return code, file


def ran(app, *arguments):
    answer = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    assert "--json" in arguments or all(len(line) <= 80 for line in answer.stdout.splitlines())
    return answer


def did(app, *arguments):
    answer = ran(app, *arguments)
    assert (answer.exit_code, answer.stderr) == (0, "")
    return answer.stdout


def listed(code, *options):
    return json.loads(did(task_app, "list", "--commune", code, *options, "--json"))


def ids(code, *options):
    return [task["task_id"] for task in listed(code, *options)]


def shown(task):
    return json.loads(did(task_app, "show", task, "--json"))


def test_a_task_from_its_arrival_to_its_acceptance(plan):
    task, *_ = ids(plan[0])
    states = []
    for step in (
        ("acknowledge", "--by", "Phòng Kinh tế"),
        ("progress", "--percent", "40", "--by", "Phòng Kinh tế", "--evidence", "3/BC", "--note", "đang làm"),
        ("complete", "--evidence", "12/BC", "--by", "Phòng Kinh tế"),
        ("return", "--by", "Nguyễn Văn An", "--reason", "thiếu phụ lục"),
        ("complete", "--evidence", "13/BC", "--by", "Phòng Kinh tế"),
        ("accept", "--by", "Trần Thị Bình", "--as", "chair", "--note", "đạt"),
        ("reopen", "--by", "Trần Thị Bình", "--reason", "số liệu sai"),
    ):
        name, *options = step
        assert did(task_app, name, task, *options).startswith("Đã ghi nhận; mã tiếp nhận cli-")
        states.append(shown(task)["state"])

    assert states == ["acknowledged", "in-progress", "done", "returned", "done", "accepted", "in-progress"]


def test_one_obligation_is_completed_and_another_extended(plan):
    _, task, _ = ids(plan[0])
    did(task_app, "complete", task, "--evidence", "1/BC", "--by", "P", "--obligation", "2025-Q4")
    did(task_app, "extend", task, "--until", "31/3/2026", *CHAIR, "--obligation", "2026-Q1")

    owed = {each["key"]: (each["due"], each["state"]) for each in shown(task)["obligations"]}
    assert owed == {
        "2025-Q4": ("2025-12-15", "fulfilled"),
        "2026-Q1": ("2026-03-31", "open"),
        "2026-Q2": ("2026-06-15", "open"),
    }


@pytest.mark.parametrize(
    ("said", "due"), [(["--due-on", "1/12/2025"], "2025-12-01"), (["--event-on", "2025-11-03"], "2025-11-24")]
)
def test_what_waits_for_an_event_gets_its_day(plan, said, due):
    *_, task = ids(plan[0])

    assert ids(plan[0], "--unresolved") == [task]
    did(task_app, "resolve", task, "--by", "Văn phòng", *said)
    assert ids(plan[0], "--unresolved") == []
    assert shown(task)["deadlines"] == [due, "2025-12-31"]


def test_a_step_said_again_is_told_so(plan):
    task, *_ = ids(plan[0])
    did(task_app, "acknowledge", task, "--by", "P")

    assert did(task_app, "acknowledge", task, "--by", "P").startswith("Đã ghi nhận từ trước; mã tiếp nhận cli-")
    receipt = json.loads(did(task_app, "acknowledge", task, "--by", "P", "--json"))
    assert (receipt["accepted"], receipt["duplicates"]) == (0, 1)


@pytest.mark.parametrize(
    ("task", "step", "options", "sentence"),
    [
        (0, "accept", ["--by", "P"], "Nhiệm vụ chưa được báo cáo hoàn thành nên chưa thể chấp nhận hay trả lại."),
        (0, "complete", ["--evidence", " ", "--by", "P"], "Báo cáo hoàn thành phải có minh chứng"),
        (0, "complete", ["--evidence", "1", "--by", "P", "--obligation", "x"], "Nhiệm vụ không có mốc thời hạn “x”."),
        (0, "extend", ["--until", "2025-09-01", *CHAIR], "Ngày gia hạn phải sau thời hạn đang có."),
        (0, "extend", ["--until", "1/12/2025", "--by", "P", "--reason", ""], "Gia hạn nhiệm vụ phải ghi lý do."),
        (0, "withdraw", ["--by", "P", "--reason", " "], "Rút nhiệm vụ phải ghi lý do."),
        (0, "reopen", ["--by", "P", "--reason", "x"], "Nhiệm vụ chưa hoàn thành nên không thể mở lại."),
        (0, "acknowledge", ["--by", " "], "Chưa ghi cơ quan hoặc người báo cáo."),
        (
            1,
            "extend",
            ["--until", "1/12/2026", *CHAIR],
            "Có nhiều thời hạn đang mở, phải ghi rõ gia hạn mốc nào",
        ),
        (0, "resolve", ["--by", "P", "--due-on", "1/12/2025"], "Không có thời hạn nào đang chờ xác định"),
        (2, "resolve", ["--by", "P"], "Phải ghi ngày phải hoàn thành, hoặc ngày của sự kiện"),
    ],
)
def test_a_refused_step_is_one_sentence_on_standard_error(plan, task, step, options, sentence):
    task_id = ids(plan[0])[task]
    answer = ran(task_app, step, task_id, *options)

    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr.startswith(f"{task_id}: {sentence}")
    assert len(answer.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["extend", "t-0", "--until", "31/9/2025", *CHAIR], '"31/9/2025" is not a day of the calendar'),
        (["extend", "t-0", "--until", "soon", *CHAIR], '"soon" is not a day such as 2025-09-14 or 14/9/2025'),
        (["extend", "t-0", "--until", "2025-10-15", "--by", "P\x01", "--reason", "x"], "by holds a control character"),
        (["resolve", "t-0", "--by", "P", "--due-on", "1.12.2025"], '"1.12.2025" is not a day such as'),
        (["resolve", "t-0", "--by", "P", "--event-on", "30/2/2025"], '"30/2/2025" is not a day of the calendar'),
        (["accept", "t-0", "--by", "P", "--as", "mayor"], '"mayor" is no role; choose one of: one-stop-centre, chair'),
        (["list", "--due-before", "2025-13-01"], '"2025-13-01" is not a day of the calendar'),
        (["list", "--known-at", "yesterday"], '"yesterday" is not a day such as'),
        (["show", "t-0", "--known-at", "x"], "there is no task t-0"),
    ],
)
def test_wrong_use_is_one_sentence(plan, arguments, sentence):
    answer = ran(task_app, *arguments)

    assert (answer.exit_code, answer.stdout) == (1 if sentence.startswith("there is") else 2, "")
    assert answer.stderr.startswith(sentence)
    assert len(answer.stderr.splitlines()) == 1


def test_tasks_are_listed_by_who_is_late_whose_they_are_and_when_they_are_due(plan):
    code, _ = plan
    review, report, guided = ids(code)

    assert ids(code, "--late") == [review]
    assert ids(code, "--body", "văn hoá") == [report]
    assert ids(code, "--body", "PHÒNG") == [review, report, guided]
    assert ids(code, "--due-before", "15/12/2025") == [review]
    assert ids(code, "--due-before", "16/12/2025", "--body", "hành chính công") == [report]
    assert ids(code, "--known-at", "2025-10-02") == []
    assert ids(code, "--known-at", "3/10/2025", "--late") == [review]


def test_a_table_tells_number_day_and_lateness_in_eighty_columns(plan):
    code, _ = plan
    table = did(task_app, "list", "--commune", code)
    late = did(task_app, "list", "--commune", code, "--late", "--known-at", "2026-01-10")

    assert [
        word for word in ("1. Rà soát TTHC", "2. Báo cáo quý", "30/9/2025", "chậm 3 ngày") if word not in table
    ] == []
    assert "15/12/2025" in late
    assert "chậm 26 ngày" in late
    assert did(task_app, "list", "--commune", code, "--body", "Công an") == "Không có nhiệm vụ nào như vậy.\n"


def test_a_task_is_shown_with_everything_it_owes(plan):
    *_, task = ids(plan[0])
    shown = did(task_app, "show", task)

    assert [line.split("  ")[0].split(":")[0] for line in shown.splitlines()[1:]] == [
        "Đơn vị", "Chủ trì", "Phối hợp", "Thời gian", "Tình trạng", "Mốc", "after-event", "2025-12-31"
    ]  # fmt: skip
    assert "chờ xác định" in shown
    assert ran(task_app, "show", task, "--known-at", "2025-10-02").stderr == f"task {task} was not known then\n"
    assert ran(task_app, "show", "t-0").stderr == "there is no task t-0\n"


def test_a_withdrawn_task_is_shown_as_such(plan):
    task, *_ = ids(plan[0])
    did(task_app, "withdraw", task, *CHAIR)

    assert "Tình trạng: đã rút" in did(task_app, "show", task)
    assert ids(plan[0], "--late") == []


def test_a_plan_is_compared_amended_and_closed(plan, tmp_path):
    code, old = plan
    new = tmp_path / "new.yaml"
    new.write_text(old.read_text().replace("Rà soát TTHC", "Rà soát kỹ TTHC").replace("Quý III", "Quý IV"))

    assert did(plan_app, "diff", old, new) == (
        "~ nhiệm vụ 1: Rà soát kỹ TTHC\n"
        "    content: Rà soát TTHC → Rà soát kỹ TTHC\n"
        "    schedule_text: Quý III → Quý IV\n"
    )
    (difference,) = json.loads(did(plan_app, "diff", old, new, "--json"))
    assert (difference["how"], [change["key"] for change in difference["changes"]]) == (
        "changed",
        ["content", "schedule_text"],
    )
    assert did(plan_app, "diff", old, old) == "Hai tệp yêu cầu như nhau.\n"
    amended = did(plan_app, "amend", new, "--by", "Chủ tịch UBND", "--reason", "Nghị quyết mới")
    assert amended.endswith("nay là bản 2: 0 nhiệm vụ mới, 1 thay đổi, 0 được rút.\n")
    (mine,) = [p for p in json.loads(did(plan_app, "list", "--json")) if p["commune"] == code]
    assert (mine["version"], mine["closed_on"]) == (2, None)
    did(plan_app, "close", mine["plan_id"], "--by", "Chủ tịch UBND", "--reason", "hết năm")
    line = next(line for line in did(plan_app, "list").splitlines() if mine["plan_id"] in line)
    assert [word for word in ("reform", "2025", "kết thúc", "0/3") if word not in line] == []
    refused = ran(plan_app, "amend", old, "--by", "Chủ tịch UBND", "--reason", "x")
    assert (refused.exit_code, refused.stderr) == (
        1,
        f"Kế hoạch {mine['plan_id']} đã kết thúc ngày 3/10/2025 nên không thể sửa đổi.\n",
    )


@pytest.mark.parametrize("command", ["diff", "amend"])
def test_a_file_that_is_no_plan_is_told_with_every_error_in_its_place(plan, tmp_path, command):
    _, good = plan
    bad = tmp_path / "bad.yaml"
    bad.write_text(good.read_text().replace("year: 2025", "year: soon").replace("2025-09-30", "2025-09-31"))
    arguments = [good, bad] if command == "diff" else [bad, "--by", "P", "--reason", "x"]
    answer = ran(plan_app, command, *arguments)

    assert (answer.exit_code, answer.stdout) == (1, "")
    assert [line.split(": ")[0] for line in answer.stderr.splitlines()] == [f"{bad}:5:9", f"{bad}:12:40"]


def test_a_setting_that_is_wrong_is_one_sentence(plan, monkeypatch):
    monkeypatch.setenv("MINHBACH_ROLL", "x")
    answer = ran(task_app, "list")

    assert (answer.exit_code, answer.stderr) == (2, 'MINHBACH_ROLL is "x"; it must be forward, back, none\n')
