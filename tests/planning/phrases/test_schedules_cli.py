"""minhbach schedule read."""

import json

import pytest
from typer.testing import CliRunner

from services.planning.cli.schedules import schedule_app


def ran(*arguments):
    answer = CliRunner().invoke(schedule_app, ["read", *arguments])
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    return answer


def test_json_has_the_phrase_its_milestones_and_its_warnings():
    answer = ran("Trong năm 2024", "--year", "2025", "--json")
    said = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert (said["phrase"], said["year"], len(said["warnings"])) == ("Trong năm 2024", 2025, 1)
    assert said["milestones"] == [
        {"kind": "deadline", "from": "2024-01-01", "due": "2024-12-31", "label": None, "condition": None}
    ]


def test_people_get_a_line_for_each_milestone_and_the_warnings_below():
    answer = ran("Quý I ban hành kế hoạch; Đầu năm 2025", "--year", "2025")
    first, second, warning = answer.stdout.splitlines()
    assert first == "ban hành kế hoạch: quý I năm 2025 [1/1/2025 – 31/3/2025]"
    assert second == "quý I năm 2025 [1/1/2025 – 31/3/2025]"
    assert warning.startswith("Lưu ý: ")


def test_the_plans_span_is_what_a_bare_phrase_gets():
    answer = ran("Thường xuyên", "--year", "2025", "--from", "2025-07-01", "--until", "31/12/2025", "--json")
    assert json.loads(answer.stdout)["milestones"][0]["from"] == "2025-07-01"


@pytest.mark.parametrize("phrase", ["", "-", "🙂", "31/9/2025", "[red]x[/red]", "\x01"])
def test_every_phrase_is_answered(phrase):
    answer = ran(phrase, "--year", "2025")
    assert answer.exit_code == 0
    assert "Lưu ý" in answer.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("x" * 10_001, "--year", "2025"),
        ("Quý I", "--year", "2025", "--from", "2025-12-31", "--until", "2025-01-01"),
        ("Quý I", "--year", "2025", "--from", "31/9/2025"),
    ],
)
def test_wrong_use_is_one_sentence(arguments):
    answer = ran(*arguments)
    assert (answer.exit_code, len(answer.stderr.splitlines())) == (2, 1)
