import json
from datetime import date

import pytest
from typer.testing import CliRunner

from services.planning.cli import commune_app, plan_app, task_app
from services.planning.register import communes_of

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


def ran(app, *arguments):
    answer = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    return answer


@pytest.fixture
def at_a_terminal(stack, tmp_path, monkeypatch):
    """The commands find the stack, on 3 October 2025."""
    clock = tmp_path / "clock"
    clock.write_text("2025-10-03T08:00:00+07:00")
    settings = stack.settings("planning")
    monkeypatch.setenv("NATS_URL", settings.nats_url)
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("MINHBACH_CLOCK_FILE", str(clock))


def test_from_the_register_to_a_task_that_is_late(at_a_terminal, tmp_path):
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


@pytest.mark.parametrize(
    ("app", "arguments", "code", "sentence"),
    [
        (commune_app, ["register", "--province", "99"], 1, '"99" is not the code of a province'),
        (plan_app, ["issue", "/nowhere.yaml"], 1, "/nowhere.yaml:1:1: the file cannot be read"),
        (plan_app, ["issue", "x.yaml", "--issued-on", "31/9/2025"], 2, '"31/9/2025" is not a day of the calendar'),
        (task_app, ["list", "--commune", "00000"], 1, "no registered commune has the code 00000"),
        (task_app, ["complete", "t-0", "--evidence", "12/BC", "--by", "P"], 1, "there is no task t-0"),
        (task_app, ["complete", "t-0", "--evidence", "\x01", "--by", "P"], 2, "evidence holds a control character"),
    ],
)
def test_what_is_wrong_is_one_sentence(at_a_terminal, app, arguments, code, sentence):
    answer = ran(app, *arguments)

    assert answer.exit_code == code
    assert answer.stderr.startswith(sentence)
    assert answer.stdout == ""


@pytest.mark.parametrize(
    ("url", "code", "sentence"),
    [
        ("postgresql://x@127.0.0.1:1/x", 1, "PostgreSQL does not answer: "),
        ("nonsense", 2, "DATABASE_URL is not an address of a database: "),
        ("", 2, "DATABASE_URL is not set"),
    ],
)
def test_without_a_database_the_sentence_says_so(at_a_terminal, monkeypatch, url, code, sentence):
    monkeypatch.setenv("DATABASE_URL", url)

    answer = ran(task_app, "list")

    assert answer.exit_code == code
    assert answer.stderr.startswith(sentence)
    assert len(answer.stderr.splitlines()) == 1
