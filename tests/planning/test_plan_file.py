import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import indent

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.planning import plan_file
from services.planning.plan_file import Deadline, PlanErrors, PlanFile, read_plan

PLANS = sorted((Path(plan_file.__file__).parents[1] / "plans").glob("*.yaml"))
CATALOGUE = Path(plan_file.__file__).parents[2] / "indicators" / "catalogue.yaml"
HEAD = """\
plan:
  title: Kế hoạch
  regime: reform
  year: 2025
  span: {from: 2025-01-01, until: 2025-12-31}
"""
ERROR = re.compile(r"\S+:[1-9][0-9]*:[1-9][0-9]*: [^\n]+")
MAPPING = "must be a mapping of keys to values"


def told_of(path):
    """The errors of a file, each one line that begins with its place; anything but PlanErrors comes through."""
    try:
        read_plan(path)
    except PlanErrors as refused:
        told = refused.errors
    else:
        return []
    assert told
    assert all(ERROR.fullmatch(error) for error in told), told
    return told


@pytest.fixture
def errors_of(tmp_path):
    """The errors of a text or of bytes, without the file's name before them."""

    def errors_of(content, name="plan.yaml"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return [error.removeprefix(f"{path}:") for error in told_of(path)]

    return errors_of


def task_with(milestone):
    return f"{HEAD}tasks:\n- content: a\n  lead: [b]\n  milestones:\n  - {milestone}\n"


def target_of(target, unit="%"):
    return f'{HEAD}indicators:\n- name: a\n  unit: "{unit}"\n  target_text: b\n  target: {target}\n'


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_plan_of_the_project_loads_without_an_error(path):
    assert isinstance(read_plan(path), PlanFile)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_plan_printed_as_json_reads_as_the_same_plan(path, tmp_path):
    plan = read_plan(path)
    printed = tmp_path / "plan.json"
    printed.write_text(plan.model_dump_json(indent=2), encoding="utf-8")

    assert read_plan(printed) == plan


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_every_indicator_that_a_plan_names_is_in_the_catalogue_and_has_one_target_for_each_scope(path):
    known = {row["indicator"] for row in yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))["indicators"]}
    named = [(row.indicator, row.scope) for row in read_plan(path).indicators if row.indicator]

    assert {indicator for indicator, _ in named} <= known
    assert len(named) == len(set(named))


@pytest.mark.parametrize(("plan", "tasks", "targets"), [("4-xa-tinh-khe", 30, 4), ("5-xa-quang-son", 43, 21)])
def test_a_plan_has_all_its_tasks_and_targets(plan, tasks, targets):
    read = next(read_plan(path) for path in PLANS if path.stem == plan)

    assert (len(read.tasks), len(read.indicators)) == (tasks, targets)


def test_the_smallest_plan_is_a_head(tmp_path):
    path = tmp_path / "plan.yml"
    path.write_text(HEAD, encoding="utf-8")

    plan = read_plan(path)

    assert (plan.plan.span.from_, plan.plan.span.until) == (date(2025, 1, 1), date(2025, 12, 31))
    assert (plan.plan.commune, plan.tasks, plan.indicators, plan.warnings) == (None, (), (), ())


def test_every_kind_of_milestone_is_read(tmp_path):
    path = tmp_path / "plan.yaml"
    milestones = """\
- {kind: deadline, from: 2025-07-01, due: 2025-09-30, label: null, condition: khi có Bộ chỉ số}
- {kind: recurring, every: year, from: 2025-01-01, until: 2025-12-31, on: "11-14"}
- {kind: continuous, from: 2025-01-01, until: 2025-12-31}
- {kind: on-demand, label: báo cáo}
- {kind: by-reference, text: Theo Kế hoạch}
- {kind: after-event, event: tỉnh ban hành, days: 20, working_days: true}
- {kind: invalid, text: 31/9/2025, suggestion: 2025-09-30}
- {kind: unspecified, text: null}
"""
    path.write_text(f"{HEAD}tasks:\n- content: a\n  lead: [b]\n  milestones:\n{indent(milestones, '  ')}")

    read = read_plan(path).tasks[0].milestones

    assert [milestone.kind for milestone in read] == re.findall(r"kind: ([a-z-]+)", milestones)
    assert read[0] == Deadline(
        kind="deadline", from_=date(2025, 7, 1), due=date(2025, 9, 30), condition="khi có Bộ chỉ số"
    )
    assert read[1].on == "11-14"


def test_text_is_brought_to_nfc(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(HEAD.replace("Kế hoạch", "Xa\u0303"), encoding="utf-8")

    assert read_plan(path).plan.title == "Xã"


def test_a_number_is_exact_and_json_may_escape_what_lies_beyond_the_basic_plane(tmp_path):
    path = tmp_path / "plan.json"
    head = {"title": "Đạt 🎯", "regime": "reform", "year": 2025, "span": {"from": "2025-01-01", "until": "2025-12-31"}}
    rows = [{"name": "a", "unit": "%", "target": {"at_least": 9.1}, "target_text": "b"}]
    path.write_text(json.dumps({"plan": head, "indicators": rows}, indent="\t"))

    plan = read_plan(path)

    assert plan.plan.title == "Đạt 🎯"
    assert plan.indicators[0].target.at_least == Decimal("9.1")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("plan: [", "2:1: did not find expected node content while parsing a flow node"),
        ("plan:\n\ttitle: a", "2:1: found character that cannot start any token while scanning for the next token"),
        ("", "1:1: the file is empty"),
        ("# nothing\n", "1:1: the file is empty"),
        ("plan", f"1:1: the file {MAPPING}"),
        (f"{HEAD}---\n{HEAD}", "6:1: a second document begins; a plan file holds one"),
        ("[" * 100_000, "1:14: lists and mappings are nested more than 12 deep"),
        ("- " * 100_000, "1:27: lists and mappings are nested more than 12 deep"),
        (f"{HEAD}number: 1\n", "6:1: number is an unknown key; known are plan, tasks, indicators, warnings"),
        (f"{HEAD}task: []\n", "6:1: task is an unknown key; did you mean tasks?"),
        (f"{HEAD}  titel: a\n", "6:3: plan.titel is an unknown key; did you mean title?"),
        (f'{HEAD}  "a\\nb\\e": a\n', "6:3: plan.'a\\nb\\x1b' is an unknown key; known are commune, commune_name, "),
        (f"{HEAD}  title: b\n", "6:3: plan.title is given twice, first in line 2"),
        (f"{HEAD}tasks: 7\n", "6:8: tasks must be a list"),
        (f"{HEAD}tasks: [7]\n", f"6:9: tasks[0] {MAPPING}"),
        (f"{HEAD}tasks: [{{content: a}}]\n", "6:9: tasks[0].lead names no body; a task without one needs a warning"),
        (f"{HEAD}tasks: [{{lead: [a]}}]\n", "6:9: tasks[0].content is missing"),
        (f"{HEAD}tasks: [{{content: '', lead: [a]}}]\n", "6:19: tasks[0].content must not be empty; write null"),
        (f"{HEAD}tasks: [{{content: null, lead: [a]}}]\n", "6:19: tasks[0].content must be text, not null"),
        (f"{HEAD}tasks: [{{content: a, lead: [a], code: 1.10}}]\n", "6:39: tasks[0].code must be text; put it in q"),
        (f"{HEAD}  commune: 23356\n", "6:12: plan.commune must be text; put it in quotes"),
        (f"{HEAD}  commune: '2335'\n", "6:12: plan.commune must be five digits in quotes"),
        (f"{HEAD}  province: Quảng Ngãi\n", "6:13: plan.province must be two digits in quotes"),
        (HEAD.replace("reform", "cchc"), "3:11: plan.regime must be 'tthc-control' or 'reform'"),
        (HEAD.replace("2025\n", '"2025"\n'), "4:9: plan.year must be a whole number, without quotes"),
        (HEAD.replace("2025\n", "25\n"), "4:9: plan.year must be at least 2000"),
        (HEAD.replace("2025-12-31", "2024-12-31"), "5:35: plan.span.until (2024-12-31) is before from (2025-01-01)"),
        (f"{HEAD}  issued_on: 2025-02-30\n", "6:14: plan.issued_on is not a day of the calendar: 2025-02-30"),
        (f"{HEAD}  issued_on: 31/8/2025\n", "6:14: plan.issued_on must be a day written as 2025-01-31"),
        (f"{HEAD}  issued_on: 20255-08-31\n", "6:14: plan.issued_on must be a day written as 2025-01-31"),
        (f"{HEAD}  issued_on: 2205-08-31\n", "6:14: plan.issued_on is not in the years 1990 to 2199: 2205-08-31"),
        (f"{HEAD}warnings: [&a b]\n", "6:12: warnings[0] has an anchor or an alias; write the value out"),
        (f"{HEAD}warnings: [*a]\n", "6:12: warnings[0] has an anchor or an alias; write the value out"),
        (f"{HEAD}warnings: !!python/tuple [a]\n", "6:11: warnings has the tag 'tag:yaml.org,2002:python/tuple'"),
        (f'{HEAD}warnings: ["a\\u0007"]\n', "6:12: warnings[0] holds the control character U+0007"),
        (f"{HEAD}? [a]\n: b\n", "6:3: ? is no key: a key is a plain word"),
        (f"{HEAD}\n# a\x07\n", "7:4: the file holds the control character U+0007"),
    ],
)
def test_an_error_says_its_place(errors_of, text, error):
    assert any(found.startswith(error) for found in errors_of(text)), errors_of(text)


@pytest.mark.parametrize(
    ("milestone", "error"),
    [
        ("{kind: deadline}", "10:5: tasks[0].milestones[0].due is missing"),
        ("{kind: deadline, due: 2025-02-30}", "10:27: tasks[0].milestones[0].due is not a day of the calendar: "),
        ("{kind: deadline, due: 2025-09-31}", "10:27: tasks[0].milestones[0].due is not a day of the calendar: "),
        ("{kind: deadline, due: '2025-09-31'}", "10:27: tasks[0].milestones[0].due is not a day of the calendar: "),
        ("{kind: deadline, due: 2025-09-30T10:00:00}", "10:27: tasks[0].milestones[0].due must be a day written as "),
        ("{kind: deadline, due: 20250930}", "10:27: tasks[0].milestones[0].due must be a day written as 2025-01-31"),
        ("{kind: deadline, due: 2025-01-01, from: 2025-01-02}", "10:27: tasks[0].milestones[0].due (2025-01-01) is b"),
        ("{kind: deadline, due: 2025-01-01, from_: 2025-01-01}", "10:39: tasks[0].milestones[0].from_ is an unknown"),
        ("{kind: deadline, due: 2025-01-01, on: '4'}", "10:39: tasks[0].milestones[0].on is an unknown key"),
        ("{kind: deadlin, due: 2025-01-01}", "10:5: tasks[0].milestones[0] has the unknown kind 'deadlin'; did you m"),
        ("{kind: [a]}", "10:5: tasks[0].milestones[0] has the unknown kind"),
        ("{kind: {a: b}}", "10:5: tasks[0].milestones[0] has the unknown kind"),
        ("{due: 2025-01-01}", "10:5: tasks[0].milestones[0] needs a kind"),
        ("Quý III", f"10:5: tasks[0].milestones[0] {MAPPING}"),
        ("{kind: continuous, from: 2025-01-01}", "10:5: tasks[0].milestones[0].until is missing"),
        ("{kind: continuous, from: 2025-02-01, until: 2025-01-01}", "10:49: tasks[0].milestones[0].until (2025-01-01"),
        ("{kind: recurring, every: day, from: 2025-01-01, until: 2025-01-01}", "10:30: tasks[0].milestones[0].every"),
        ("{kind: recurring, every: year, from: 2025-01-01, until: 2025-01-01, on: 11-31}", "10:77: tasks[0].mileston"),
        ("{kind: recurring, every: week, from: 2025-01-01, until: 2025-01-01, on: '8'}", "10:77: tasks[0].milestones"),
        ("{kind: recurring, every: month, from: 2025-01-01, until: 2025-01-01, on: 14}", "10:78: tasks[0].milestones"),
        ("{kind: by-reference}", "10:5: tasks[0].milestones[0].text is missing"),
        ("{kind: after-event, event: a, days: -1}", "10:41: tasks[0].milestones[0].days must be at least 0"),
        ("{kind: after-event, event: a, working_days: yes}", "10:49: tasks[0].milestones[0].working_days must be tru"),
        ("{kind: invalid, text: a, suggestion: 2025-09-31}", "10:42: tasks[0].milestones[0].suggestion is not a day"),
    ],
)
def test_a_milestone_has_the_fields_of_its_kind(errors_of, milestone, error):
    found = errors_of(task_with(milestone))

    assert len(found) == 1
    assert found[0].startswith(error)


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("{}", "10:11: indicators[0].target needs at_least, above, below or at_most, or must be null"),
        ("{at_least: null}", "10:11: indicators[0].target needs at_least, above, below or at_most, or must be null"),
        ("{above: 5, at_least: 5}", "10:11: indicators[0].target has both at_least and above; one of them must go"),
        ("{below: 5, at_most: 5}", "10:11: indicators[0].target has both below and at_most; one of them must go"),
        ("{at_least: 30, below: 25}", "10:11: indicators[0].target leaves no value between at_least 30 and below 25"),
        ("{above: 30, at_most: 30}", "10:11: indicators[0].target leaves no value between above 30 and at_most 30"),
        ("{at_least: 100.5}", "10:22: indicators[0].target.at_least is not a percentage from 0 to 100: 100.5"),
        ("{below: -1}", "10:19: indicators[0].target.below is not a percentage from 0 to 100: -1"),
        ("{at_least: '60'}", "10:22: indicators[0].target.at_least must be a number such as 60 or 9.5, without quotes"),
        ("{at_least: true}", "10:22: indicators[0].target.at_least must be a number such as 60 or 9.5, without quotes"),
        ("{at_least: .nan}", "10:22: indicators[0].target.at_least must be a number such as 60 or 9.5, without quotes"),
        (f"{{above: {'9' * 9000}}}", "10:19: indicators[0].target.above must be a number such as 60 or 9.5"),
        ("{above: 1e99}", "10:19: indicators[0].target.above is larger than a target can be"),
        ("{atleast: 60}", "10:12: indicators[0].target.atleast is an unknown key; did you mean at_least?"),
        ("60", f"10:11: indicators[0].target {MAPPING}"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused(errors_of, target, error):
    found = errors_of(target_of(target))

    assert len(found) == 1
    assert found[0].startswith(error)


@pytest.mark.parametrize("target", ["null", "{at_least: 9, at_most: 9.5}", "{at_least: 5, at_most: 5}", "{above: 85}"])
def test_a_target_is_bounds_that_leave_a_value_or_null(errors_of, target):
    assert errors_of(target_of(target)) == []


def test_only_percentages_end_at_100(errors_of):
    assert errors_of(target_of("{at_least: 120}", unit="bậc")) == []


def test_a_task_without_a_lead_needs_a_warning(errors_of):
    assert errors_of(f"{HEAD}tasks: [{{content: a, lead: [], warnings: [không có đơn vị]}}]\n") == []


def test_all_errors_are_told_in_the_order_of_their_lines(errors_of):
    text = task_with("{kind: deadline, due: 2025-02-30}").replace("2025\n", "x\n").replace("lead: [b]", "lead: [3, '']")

    assert [error.split(" ")[0] for error in errors_of(text)] == ["4:9:", "8:10:", "8:13:", "10:27:"]


def test_an_error_stands_once_and_what_follows_from_it_is_left_out(errors_of):
    assert len(errors_of(f"{HEAD}warnings: *a\n")) == 1


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "plan.yaml", "1:1: the file is not text in UTF-8"),
        ("kế".encode("utf-16"), "plan.yaml", "1:1: the file is not text in UTF-8"),
        (b"#" * (2 * 1024 * 1024 + 1), "plan.yaml", "1:1: the file is larger than 2 MB"),
        (HEAD, "plan.docx", "1:1: a plan file ends in .yaml, .yml, .json"),
        (HEAD, "plan.json", "1:1: the file is not valid JSON: Expecting value"),
        ('{"plan": {},}', "plan.json", "1:13: the file is not valid JSON: "),
        ('{"plan": {}, "plan": {}}', "plan.json", "1:14: plan is given twice, first in line 1"),
        ("[" * 100_000, "plan.json", "1:1: lists and mappings are nested too deep"),
        (f"{HEAD}tasks: [{'7,' * 5001}]\n", "plan.yaml", "6:10009: tasks holds more than 5,000 entries"),
    ],
)
def test_what_is_no_plan_file_is_told_in_one_sentence(errors_of, content, name, error):
    assert any(found.startswith(error) for found in errors_of(content, name)), errors_of(content, name)


def test_a_byte_order_mark_and_the_line_ends_of_windows_do_no_harm(errors_of):
    assert errors_of(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode()) == []


def test_5000_tasks_are_read(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(f"{HEAD}tasks: [{'{content: a, lead: [b]},' * 5000}]\n")

    assert len(read_plan(path).tasks) == 5000


@pytest.mark.parametrize("name", ["missing.yaml", ".", "a\0b.yaml"])
def test_a_file_that_cannot_be_read_is_told_like_any_error(tmp_path, name):
    with pytest.raises(PlanErrors, match=":1:1: "):
        read_plan(tmp_path / name)


def only_plan_errors(path, content):
    path.write_bytes(content)
    told_of(path)


fuzzed = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@fuzzed
@given(content=st.binary(max_size=300), suffix=st.sampled_from([".yaml", ".json"]))
def test_no_bytes_raise_anything_but_plan_errors(tmp_path, content, suffix):
    only_plan_errors(tmp_path / f"plan{suffix}", content)


@fuzzed
@given(
    text=st.text(st.sampled_from("abé{}[]:,-?!&*#|>'\"%@`~<=\n \t\\x0u9.1"), max_size=80),
    suffix=st.sampled_from([".yaml", ".json"]),
)
def test_no_text_in_the_signs_of_yaml_raises_anything_but_plan_errors(tmp_path, text, suffix):
    only_plan_errors(tmp_path / f"plan{suffix}", text.encode())


@fuzzed
@given(at=st.integers(0, 10_000), cut=st.integers(0, 60), put=st.text(max_size=12), plan=st.sampled_from(PLANS))
def test_no_plan_with_a_piece_cut_out_or_put_in_raises_anything_but_plan_errors(tmp_path, at, cut, put, plan):
    text = plan.read_text(encoding="utf-8")[:6000]
    mutated = text[:at] + put + text[at + cut :]
    only_plan_errors(tmp_path / "plan.yaml", mutated.encode("utf-8", "replace"))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@fuzzed
@given(value=anything, choice=st.data(), plan=st.sampled_from(PLANS))
def test_no_value_in_any_place_of_a_plan_raises_anything_but_plan_errors(tmp_path, value, choice, plan):
    content = json.loads(read_plan(plan).model_dump_json())
    spot = content
    while True:
        keys = sorted(spot) if isinstance(spot, dict) else range(len(spot))
        key = choice.draw(st.sampled_from(keys))
        if not (isinstance(spot[key], dict | list) and spot[key]) or choice.draw(st.integers(0, 4)) == 0:
            break
        spot = spot[key]
    spot[key] = value
    only_plan_errors(tmp_path / "plan.json", json.dumps(content).encode())
