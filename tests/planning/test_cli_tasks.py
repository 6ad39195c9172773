"""The commands minhbach task and minhbach plan, with Planning running."""

import json
import re
import shlex
from pathlib import Path

import pytest

from deploy.embedded.stack import Stack
from deploy.why.command import trace_and_print
from services.planning.cli import commune_app, plan_app, task_app
from services.planning.register import communes_of
from tests.planning.province import ran

COMMUNES = iter(communes_of("33"))
PAGE = Path(__file__).parents[2] / "docs/vi/phong-va-chu-tich.md"
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
def running(tmp_path_factory, start_servers):
    """A stack with Planning, on 3 October 2025."""
    folder = tmp_path_factory.mktemp("planning")
    (folder / "clock").write_text("2025-10-03T08:00:00+07:00")
    env = {"MINHBACH_CLOCK_FILE": str(folder / "clock")}
    with Stack(folder, env=env, services=("planning",), start_servers=start_servers) as stack:
        settings = stack.settings("planning")
        yield {"NATS_URL": stack.servers.nats_url, "DATABASE_URL": settings.database_url, **env}, stack


@pytest.fixture
def plan(running, monkeypatch, tmp_path):
    """The code of a commune with a plan of three tasks, and the plan's file."""
    for name, value in running[0].items():
        monkeypatch.setenv(name, value)
    ran(commune_app, "register", "--province", "33")
    code, file = next(COMMUNES).code, tmp_path / "plan.yaml"
    file.write_text(PLAN % code)
    monkeypatch.setenv("MINHBACH_COMMUNE", code)
    monkeypatch.setenv("MINHBACH_OUTBOX", str(tmp_path / "outbox"))
    assert ran(plan_app, "issue", file).exit_code == 0
    return code, file


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


def test_a_task_goes_through_all_its_states(plan):
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
    ("options", "due"), [(["--due-on", "1/12/2025"], "2025-12-01"), (["--event-on", "2025-11-03"], "2025-11-24")]
)
def test_an_unresolved_deadline_is_resolved_by_a_day_or_by_an_event(plan, options, due):
    *_, task = ids(plan[0])

    assert ids(plan[0], "--unresolved") == [task]
    did(task_app, "resolve", task, "--by", "Văn phòng", *options)
    assert ids(plan[0], "--unresolved") == []
    assert shown(task)["deadlines"] == [due, "2025-12-31"]


def test_a_repeated_step_is_reported_as_a_duplicate(plan):
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
        (["extend", "t-0", "--until", "31/9/2025", *CHAIR], '"31/9/2025" không có trong lịch'),
        (["extend", "t-0", "--until", "soon", *CHAIR], '"soon" không phải là ngày; hãy viết như 2025-09-14'),
        (["extend", "t-0", "--until", "2025-10-15", "--by", "P\x01", "--reason", "x"], "by có ký tự điều khiển"),
        (["resolve", "t-0", "--by", "P", "--due-on", "1_12_2025"], '"1_12_2025" không phải là ngày'),
        (["resolve", "t-0", "--by", "P", "--event-on", "30/2/2025"], '"30/2/2025" không có trong lịch'),
        (
            ["accept", "t-0", "--by", "P", "--as", "mayor"],
            '"mayor" không phải là vai trò; hãy chọn một trong: one-stop-',
        ),
        (["list", "--due-before", "2025-13-01"], '"2025-13-01" không có trong lịch'),
        (["list", "--known-at", "yesterday"], '"yesterday" không phải là ngày'),
        (["show", "t-0", "--known-at", "x"], '"x" không phải là ngày'),
    ],
)
def test_wrong_use_is_one_sentence(plan, arguments, sentence):
    answer = ran(task_app, *arguments)

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr.startswith(sentence)
    assert len(answer.stderr.splitlines()) == 1


def test_tasks_are_filtered_by_lateness_body_and_due_day(plan):
    code, _ = plan
    review, report, guided = ids(code)

    assert ids(code, "--late") == [review]
    assert ids(code, "--body", "văn hoá") == [report]
    assert ids(code, "--body", "PHÒNG") == [review, report, guided]
    assert ids(code, "--due-before", "15/12/2025") == [review]
    assert ids(code, "--due-before", "16/12/2025", "--body", "hành chính công") == [report]
    assert ids(code, "--known-at", "2025-10-02") == []
    assert ids(code, "--known-at", "3/10/2025", "--late") == [review]


def test_the_table_shows_number_due_day_and_days_late(plan):
    code, _ = plan
    table = did(task_app, "list", "--commune", code)
    late = did(task_app, "list", "--commune", code, "--late", "--known-at", "2026-01-10")

    assert [
        word for word in ("1. Rà soát TTHC", "2. Báo cáo quý", "30/9/2025", "quá hạn 3 ngày") if word not in table
    ] == []
    assert "15/12/2025" in late
    assert "quá hạn 26 ngày" in late
    assert did(task_app, "list", "--commune", code, "--body", "Công an") == "Không có nhiệm vụ nào như vậy.\n"


def test_task_show_lists_all_obligations(plan):
    *_, task = ids(plan[0])
    shown = did(task_app, "show", task)

    assert [line.split("  ")[0].split(":")[0] for line in shown.splitlines()[1:9]] == [
        "Đơn vị", "Chủ trì", "Phối hợp", "Thời gian", "Tình trạng", "Mốc", "after-event", "2025-12-31"
    ]  # fmt: skip
    assert "chờ xác định" in shown
    assert ran(task_app, "show", task, "--known-at", "2025-10-02").stderr == f"Vào ngày đó chưa có nhiệm vụ {task}.\n"
    assert ran(task_app, "show", "t-0").stderr == "Không có nhiệm vụ t-0.\n"


def test_task_show_names_a_withdrawn_task(plan):
    task, *_ = ids(plan[0])
    did(task_app, "withdraw", task, *CHAIR)

    assert "Tình trạng:  đã rút 3/10/2025, khi đã quá hạn 3 ngày" in did(task_app, "show", task)
    assert ids(plan[0], "--late") == []
    table = did(task_app, "list", "--commune", plan[0])
    assert table.startswith("2 nhiệm vụ: 2 đang làm, chưa đến hạn, 1 chờ xác định thời hạn.\n")
    assert table.index("Đã rút khỏi kế hoạch: 1 nhiệm vụ.") > table.index("Báo cáo quý") > 0
    assert table.index(task) > table.index("Đã rút khỏi kế hoạch")


def test_an_accepted_task_is_done_everywhere_with_its_evidence_in_sight(plan):
    _, task, _ = ids(plan[0])
    did(task_app, "progress", task, "--percent", "60", "--by", "Trung tâm", "--note", "còn quý IV")
    did(task_app, "complete", task, "--by", "Trung tâm", "--evidence", "15/BC-UBND")
    before = did(task_app, "show", task)
    did(task_app, "accept", task, "--by", "Trần Thị Bình", "--as", "chair", "--note", "đạt")

    assert [word for word in ("15/BC-UBND", "còn quý IV", "Trung tâm", "60 %") if word not in before] == []
    fields = shown(task)
    assert (fields["state"], fields["percent"], fields["deadlines"]) == ("accepted", 100, [])
    assert {each["state"] for each in fields["obligations"]} == {"fulfilled"}
    assert [(entry["act"], entry["by"], entry["evidence"]) for entry in fields["history"]] == [
        ("assigned", None, None),
        ("progress-reported", "Trung tâm", None),
        ("completed", "Trung tâm", "15/BC-UBND"),
        ("accepted", "Trần Thị Bình", None),
    ]
    assert "chưa xong" not in did(task_app, "show", task)
    (listing,) = [each for each in listed(plan[0]) if each["task_id"] == task]
    assert (listing["percent"], listing["days_late"]) == (100, 0)


def test_the_last_obligation_completes_the_task(plan):
    _, task, _ = ids(plan[0])
    for key in ("2025-Q4", "2026-Q1", "2026-Q2"):
        assert shown(task)["state"] != "done"
        did(task_app, "complete", task, "--by", "P", "--evidence", "1/BC", "--obligation", key)

    assert (shown(task)["state"], shown(task)["percent"]) == ("done", 100)
    did(task_app, "accept", task, "--by", "Trần Thị Bình", "--as", "chair")


def test_an_extension_is_requested_and_decided_by_the_chair(plan):
    task, *_ = ids(plan[0])
    did(task_app, "request-extension", task, "--until", "15/11/2025", "--by", "Phòng Kinh tế", "--reason", "chờ tỉnh")

    assert shown(task)["deadlines"] == ["2025-09-30"], "nothing moves before the decision"
    assert ids(plan[0], "--extension-requested") == [task]
    assert "xin gia hạn đến 15/11/2025" in did(task_app, "show", task)
    refused = ran(task_app, "extend", task, "--by", "phòng  KINH TẾ")
    assert (refused.exit_code, "không được tự gia hạn" in refused.stderr) == (1, True)
    did(task_app, "decline-extension", task, "--by", "Trần Thị Bình", "--reason", "đã gia hạn một lần")
    assert ids(plan[0], "--extension-requested") == []
    did(task_app, "request-extension", task, "--until", "30/10/2025", "--by", "Phòng Kinh tế", "--reason", "chờ tỉnh")
    did(task_app, "extend", task, "--by", "Trần Thị Bình")
    assert (shown(task)["deadlines"], shown(task)["extension_request"]) == (["2025-10-30"], None)
    acts = [entry["act"] for entry in shown(task)["history"] if not entry["act"].startswith("deadline-")]
    assert acts[1:] == [  # whatever the sweep announces meanwhile
        "extension-requested", "step-refused", "extension-declined", "extension-requested", "extended",
    ]  # fmt: skip


def test_tasks_are_listed_by_days_in_words_and_without_marks(plan):
    code, _ = plan
    review, report, guided = ids(code)

    assert ids(code, "--due", "this-month") == []
    assert ids(code, "--due", "9/2025") == [review]
    assert ids(code, "--due", "quý này") == [report, guided]
    assert ids(code, "--due", "nam-nay", "--body", "phong kinh te") == [review]
    assert ids(code, "--body", "VHXH") == [report]
    assert ids(code, "--unresolved", "--due-before", "1/10/2025") == [review, guided]


def test_the_plan_in_force_is_a_file_that_is_compared_and_amended(plan, tmp_path):
    code, old = plan
    shown_plan = tmp_path / "shown.yaml"
    did(plan_app, "show", code, "--out", shown_plan)
    assert ran(plan_app, "show", code, "--out", shown_plan).exit_code == 1, "it is there"

    assert did(plan_app, "diff", old, shown_plan) == "Hai tệp yêu cầu như nhau.\n"
    review, *_ = ids(code)
    later = shown_plan.read_text().replace("Rà soát TTHC", "Việc khác hẳn").replace("2025-09-30", "2025-12-30")
    shown_plan.write_text(later)
    amended = ran(plan_app, "amend", shown_plan, "--by", "Chủ tịch UBND", "--reason", "Nghị quyết mới")
    assert amended.stdout.endswith("nay là bản 2: 0 nhiệm vụ mới, 1 thay đổi, 0 được rút.\n")
    assert amended.stderr.startswith(
        "CẢNH BÁO: 1 nhiệm vụ quá hạn giữ nguyên thời hạn cũ, dù kế hoạch nay ghi ngày sau"
    )
    assert ids(code, "--late") == [review]
    assert shown(review)["content"] == "Việc khác hẳn"
    again = json.loads(did(plan_app, "show", code, "--json"))
    assert (again["plan"]["commune"], len(again["tasks"])) == (code, 3)
    assert ran(plan_app, "show", "p-0").stderr == "Không có kế hoạch p-0, và không đơn vị nào mang mã đó.\n"


def test_a_plan_is_compared_amended_and_closed(plan, tmp_path):
    code, old = plan
    new = tmp_path / "new.yaml"
    new.write_text(old.read_text().replace("Rà soát TTHC", "Rà soát kỹ TTHC").replace("Quý III", "Quý IV"))

    assert did(plan_app, "diff", old, new) == (
        "~ nhiệm vụ 1: Rà soát kỹ TTHC\n"
        "    nội dung: Rà soát TTHC → Rà soát kỹ TTHC\n"
        "    thời gian thực hiện: Quý III → Quý IV\n"
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
def test_every_error_of_a_plan_file_is_printed_with_its_line_and_column(plan, tmp_path, command):
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


def test_a_submission_is_traced_from_the_broker_to_the_receipt(plan, running, monkeypatch, capfd):
    task, *_ = ids(plan[0])
    refused = ran(task_app, "extend", task, "--until", "1/12/2025", "--by", "Phòng Kinh tế", "--reason", "x", "--json")
    submission = json.loads(refused.stdout)["submission_id"]

    monkeypatch.setenv("DATABASE_URL", running[1].servers.database_url)
    capfd.readouterr()
    trace_and_print(submission, as_json=True)
    trace = json.loads(capfd.readouterr().out)
    assert trace["verdict"] == "planning decided it: 0 recorded, 0 known before, 1 refused. It adds nothing."
    (decided,) = trace["settled"]
    assert [item["rule"] for item in decided["receipt"]["refused"]] == ["four-eyes"]
    assert (decided["position"] > 0, set(decided["followed"])) == (
        True,
        {"indicators", "reporting", "notifications", "portal"},
    ), "who does not run has followed nothing yet"
    assert [message["service"] for message in trace["stream"]] == ["planning"]


def test_every_command_of_the_page_for_offices_and_the_chair_runs_in_its_order(plan, monkeypatch, tmp_path):
    assert plan
    text = PAGE.read_text(encoding="utf-8")
    shown = re.findall(r"```(?:sh|text)\n(.*?)```", text, re.DOTALL)
    lines = [line for block in shown for line in block.splitlines() if line.startswith("minhbach ")]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MINHBACH_COMMUNE", "23356")
    Path("ke-hoach.txt").write_text(shown[0], encoding="utf-8")
    ran(commune_app, "register", "--province", "51")
    groups = {"plan": plan_app, "task": task_app}
    for line in lines:
        _, group, *words = shlex.split(line)
        if "$NHIEM_VU" in words:
            words[words.index("$NHIEM_VU")] = ids("23356")[0]
        answer = ran(groups[group], *words)
        assert answer.exit_code == 0, f"{line}: {answer.stderr}"
    assert len(lines) > 12
    (task,) = listed("23356")
    assert (task["state"], task["percent"]) == ("accepted", 100)


def test_a_commune_without_a_database_lists_and_shows_its_tasks_over_the_broker(plan, monkeypatch):
    code, _ = plan
    task, *others = ids(code)
    did(task_app, "request-extension", task, "--until", "15/11/2025", "--by", "Phòng Kinh tế", "--reason", "chờ tỉnh")
    before = (listed(code), shown(task))
    monkeypatch.delenv("DATABASE_URL")

    assert ids(code) == [task, *others]
    for name in ("task_id", "content", "deadlines", "state", "days_late", "extension_request", "lead"):
        assert [each[name] for each in listed(code)] == [each[name] for each in before[0]]
    assert shown(task)["history"] == before[1]["history"]
    assert did(task_app, "show", task).startswith("Rà soát TTHC\n")
    assert "không có nhiệm vụ mang mã “t-0”" in ran(task_app, "show", "t-0").stderr
