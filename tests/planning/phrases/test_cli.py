"""The commands `minhbach schedule read` and `minhbach target read`."""

import json

import pytest
from typer.testing import CliRunner

from services.planning.cli import schedule_app, target_app


def schedule_read(*arguments):
    answer = CliRunner().invoke(schedule_app, ["read", *arguments])
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    return answer


def test_schedule_read_prints_the_phrase_its_milestones_and_its_warnings_as_json():
    answer = schedule_read("Trong năm 2024", "--year", "2025", "--json")
    printed = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert (printed["phrase"], printed["year"], len(printed["warnings"])) == ("Trong năm 2024", 2025, 1)
    assert printed["milestones"] == [
        {"kind": "deadline", "from": "2024-01-01", "due": "2024-12-31", "label": None, "condition": None}
    ]


def test_schedule_read_prints_a_line_for_each_milestone_and_then_the_warnings():
    answer = schedule_read("Quý I ban hành kế hoạch; Đầu năm 2025", "--year", "2025")
    first, second, warning = answer.stdout.splitlines()
    assert first == "ban hành kế hoạch: quý I năm 2025 [1/1/2025 – 31/3/2025]"
    assert second == "quý I năm 2025 [1/1/2025 – 31/3/2025]"
    assert warning.startswith("Lưu ý: ")


def test_schedule_read_uses_the_given_span_for_a_phrase_without_dates():
    answer = schedule_read("Thường xuyên", "--year", "2025", "--from", "2025-07-01", "--until", "31/12/2025", "--json")
    assert json.loads(answer.stdout)["milestones"][0]["from"] == "2025-07-01"


@pytest.mark.parametrize("phrase", ["", "-", "🙂", "31/9/2025", "[red]x[/red]"])
def test_schedule_read_accepts_any_phrase(phrase):
    answer = schedule_read(phrase, "--year", "2025")
    assert answer.exit_code == 0
    assert "Lưu ý" in answer.stdout


def test_schedule_read_refuses_a_control_character():
    answer = schedule_read("quý I\x01", "--year", "2025")
    assert answer.exit_code == 2
    assert "ký tự điều khiển" in answer.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("x" * 10_001, "--year", "2025"),
        ("Quý I", "--year", "2025", "--from", "2025-12-31", "--until", "2025-01-01"),
        ("Quý I", "--year", "2025", "--from", "31/9/2025"),
    ],
)
def test_schedule_read_answers_wrong_use_with_one_sentence(arguments):
    answer = schedule_read(*arguments)
    assert (answer.exit_code, len(answer.stderr.splitlines())) == (2, 1)


def target_read(*arguments):
    return CliRunner().invoke(target_app, ["read", *arguments])


def test_target_read_prints_the_target_as_json_numbers():
    assert json.loads(target_read("9-9,5", "--unit", "%", "--json").stdout) == {
        "phrase": "9-9,5",
        "target": {"at_least": 9, "at_most": 9.5},
        "target_text": "9-9,5",
        "unit": "%",
        "scope": None,
        "warnings": [],
    }
    assert json.loads(target_read("Tốt", "--json").stdout)["target"] is None


@pytest.mark.parametrize(
    ("phrase", "line"),
    [
        ("Tối thiểu 60%", "ít nhất 60 %"),
        ("9-9,5%", "ít nhất 9 %, không quá 9,5 %"),
        ("1.000 hồ sơ", "ít nhất 1.000 hồ sơ"),
        ("trên 85% đối với lĩnh vực đất đai", "trên 85 % (đất đai)"),
    ],
)
def test_target_read_prints_the_target_in_one_line(phrase, line):
    answer = target_read(phrase)

    assert answer.exit_code == 0
    assert answer.stdout == f"{line}\n"


def test_target_read_prints_the_warnings_below_the_target():
    answer = target_read("Tốt")

    assert answer.exit_code == 0
    assert answer.stdout == "không có mức cụ thể\nLưu ý: Chỉ tiêu không nêu con số.\n"


def test_target_read_refuses_a_text_that_is_too_long():
    answer = target_read("9" * 10_001)

    assert answer.exit_code == 2
    assert answer.stderr == "Cụm từ dài 10.001 ký tự; chỉ đọc được nhiều nhất 10.000 ký tự.\n"
