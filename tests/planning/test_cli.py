"""The commands of plans, from the register of communes to a list of late tasks."""

import json
from datetime import date

import pytest

from services.planning.cli import commune_app, plan_app, task_app
from services.planning.register import communes_of
from tests.planning.province import ran

PLAN = """\
plan:
  commune: '%s'
  title: Kế hoạch
  regime: reform
  year: 2025
  span: {from: 2025-01-01, until: 2025-12-31}
tasks:
  - content: Rà soát TTHC
    lead: [Phòng Kinh tế]
    milestones: [{kind: deadline, due: 2025-09-30}]
"""
COMMUNE = communes_of("33")[0].code


def test_register_communes_issue_a_plan_and_list_a_late_task(at_a_terminal, tmp_path):
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN % COMMUNE)

    assert ran(commune_app, "register", "--province", "33").exit_code == 0
    communes = json.loads(ran(commune_app, "list", "--province", "33", "--json").stdout)
    issued = ran(plan_app, "issue", file, "--issued-on", "15/7/2025")
    again = json.loads(ran(plan_app, "issue", file, "--json").stdout)
    (plan,) = [p for p in json.loads(ran(plan_app, "list", "--json").stdout) if p["commune"] == COMMUNE]
    (task,) = json.loads(ran(task_app, "list", "--commune", COMMUNE, "--body", "kinh", "--late", "--json").stdout)

    assert len(communes) == len(communes_of("33"))
    assert issued.stdout == f"Đã ban hành 1 kế hoạch với 1 nhiệm vụ ({plan['plan_id']}).\n"
    assert (again["plans"], again["already"]) == (0, 1)
    assert (plan["issued_on"], plan["tasks"]) == (str(date(2025, 7, 15)), 1)
    assert (task["deadlines"], task["days_late"]) == (["2025-09-30"], 3)
    listed = ran(task_app, "list", "--commune", COMMUNE)
    assert task["task_id"] in listed.stdout
    assert max(len(line) for line in listed.stdout.splitlines()) <= 80
    assert json.loads(ran(task_app, "list", "--commune", COMMUNE, "--body", "Công an", "--json").stdout) == []


def test_issuing_and_amending_warn_of_targets_that_no_report_assesses(at_a_terminal, tmp_path):
    code = communes_of("33")[1].code
    file = tmp_path / "plan.yaml"
    file.write_text(
        PLAN % code + "indicators:\n  - {name: Tỷ lệ hộ nghèo, unit: '%', target: {at_most: 3}, target_text: 3%}\n"
    )
    assert ran(commune_app, "register", "--province", "33").exit_code == 0
    for words in (["issue"], ["amend", "--by", "Chủ tịch", "--reason", "Nghị quyết"]):
        answer = ran(plan_app, words[0], file, *words[1:])
        assert answer.exit_code == 0
        assert "CẢNH BÁO: 1/1 chỉ tiêu không được báo cáo nào đánh giá:" in answer.stderr
        assert "- Chỉ tiêu thứ 1 “Tỷ lệ hộ nghèo” chưa rõ do chỉ số nào đo" in answer.stderr
    assert answer.stdout.startswith("Không có gì thay đổi: p-")  # amended by the file that it was issued from
    assert answer.stdout.endswith(" vẫn là bản 1.\n")
    shown = tmp_path / "shown.json"
    shown.write_text(ran(plan_app, "show", answer.stdout.split()[5], "--json").stdout)
    again = json.loads(ran(plan_app, "amend", shown, "--by", "Chủ tịch", "--reason", "Nghị quyết", "--json").stdout)
    assert (again["changed"], again["version"]) == (False, 1)
    (unassessed,) = json.loads(ran(plan_app, "issue", file, "--json").stdout)["unassessed"]
    assert (unassessed["place"], unassessed["name"]) == (1, "Tỷ lệ hộ nghèo")


@pytest.mark.parametrize(
    ("app", "arguments", "code", "sentence"),
    [
        (commune_app, ["register", "--province", "99"], 1, '"99" không phải là mã của một tỉnh'),
        (plan_app, ["issue", "/nowhere.yaml"], 1, "/nowhere.yaml:1:1: Không đọc được tệp"),
        (plan_app, ["issue", "x.yaml", "--issued-on", "31/9/2025"], 2, '"31/9/2025" không có trong lịch'),
        (task_app, ["list", "--commune", "00000"], 1, "Không có đơn vị nào mang mã 00000."),
        (task_app, ["complete", "t-0", "--evidence", "12/BC", "--by", "P"], 2, "Chưa rõ đơn vị nào"),
        (task_app, ["complete", "t-0", "--evidence", "\x01", "--by", "P"], 2, "evidence có ký tự điều khiển"),
    ],
)
def test_an_error_is_one_sentence_on_standard_error(at_a_terminal, app, arguments, code, sentence):
    answer = ran(app, *arguments)

    assert answer.exit_code == code
    assert answer.stderr.startswith(sentence)
    assert answer.stdout == ""


@pytest.mark.parametrize(
    ("url", "code", "sentence"),
    [
        ("postgresql://x@127.0.0.1:1/x", 1, "PostgreSQL không trả lời: "),
        ("nonsense", 2, "DATABASE_URL không phải là địa chỉ cơ sở dữ liệu: "),
        ("", 2, "Chưa đặt DATABASE_URL"),
    ],
)
def test_a_missing_database_is_reported_in_one_sentence(at_a_terminal, monkeypatch, url, code, sentence):
    monkeypatch.setenv("DATABASE_URL", url)

    answer = ran(task_app, "list")

    assert answer.exit_code == code
    assert answer.stderr.startswith(sentence)
    assert len(answer.stderr.splitlines()) == 1


def test_a_refusal_is_followed_by_the_command_that_helps(at_a_terminal, tmp_path):
    commune, file = communes_of("33")[1].code, tmp_path / "plan.yaml"
    file.write_text(PLAN % "99999")
    unknown = ran(plan_app, "issue", file)
    ran(commune_app, "register", "--province", "33")
    file.write_text(PLAN % commune)
    ran(plan_app, "issue", file)
    file.write_text((PLAN % commune).replace("Rà soát", "Khảo sát"))
    in_force = ran(plan_app, "issue", file)

    assert unknown.stderr.splitlines()[1] == (
        "Đăng ký các đơn vị của tỉnh bằng lệnh: minhbach commune register --province MÃ-TỈNH"
    )
    sentence, hint = in_force.stderr.splitlines()
    assert sentence.endswith("muốn thay đổi thì phải sửa đổi kế hoạch đó.")
    assert hint == "Dùng lệnh: minhbach plan amend"
