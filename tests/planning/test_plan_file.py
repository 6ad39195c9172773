"""Plan files are read with every error at its place."""

import json
import re
from datetime import date
from decimal import Decimal
from functools import cache
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
MAPPING = "phải gồm các khóa và giá trị"


def errors_in(path):
    """The errors of a file, each one line that begins with its place; anything but PlanErrors comes through."""
    try:
        read_plan(path)
    except PlanErrors as refused:
        errors = refused.errors
    else:
        return []
    assert errors
    assert all(ERROR.fullmatch(error) for error in errors), errors
    return errors


@pytest.fixture
def errors_of(tmp_path):
    """The errors of a text or of bytes, without the file's name before them."""

    def errors_of(content, name="plan.yaml"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return [error.removeprefix(f"{path}:") for error in errors_in(path)]

    return errors_of


def task_with(milestone):
    return f"{HEAD}tasks:\n- content: a\n  lead: [b]\n  milestones:\n  - {milestone}\n"


def target_of(target, unit="%"):
    return f'{HEAD}indicators:\n- name: a\n  unit: "{unit}"\n  target_text: b\n  target: {target}\n'


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_the_plans_of_the_project_are_read_without_errors(path):
    assert isinstance(read_plan(path), PlanFile)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_plan_written_as_json_is_read_as_the_same_plan(path, tmp_path):
    plan = read_plan(path)
    printed = tmp_path / "plan.json"
    printed.write_text(plan.model_dump_json(indent=2), encoding="utf-8")

    assert read_plan(printed) == plan


@cache
def indicators_of_the_catalogue():
    return {row["indicator"] for row in yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))["indicators"]}


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_every_indicator_that_a_plan_names_is_in_the_catalogue_and_has_one_target_for_each_scope(path):
    named = [(row.indicator, row.scope) for row in read_plan(path).indicators if row.indicator]

    assert {indicator for indicator, _ in named} <= indicators_of_the_catalogue()
    assert len(named) == len(set(named))


@pytest.mark.parametrize(("plan", "tasks", "targets"), [("4-xa-tinh-khe", 30, 4), ("5-xa-quang-son", 43, 21)])
def test_a_plan_has_all_its_tasks_and_targets(plan, tasks, targets):
    read = next(read_plan(path) for path in PLANS if path.stem == plan)

    assert (len(read.tasks), len(read.indicators)) == (tasks, targets)


def test_a_plan_may_have_a_head_only(tmp_path):
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


def test_text_is_normalised_to_nfc(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(HEAD.replace("Kế hoạch", "Xa\u0303"), encoding="utf-8")

    assert read_plan(path).plan.title == "Xã"


def test_numbers_are_exact_and_json_surrogate_pairs_are_read(tmp_path):
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
        ("plan: [", "2:1: Sai cú pháp YAML: did not find expected node content while parsing a flow node"),
        (
            "plan:\n\ttitle: a",
            "2:1: Sai cú pháp YAML: found character that cannot start any token",
        ),
        ("", "1:1: Tệp trống"),
        ("# nothing\n", "1:1: Tệp trống"),
        ("plan", f"1:1: Tệp {MAPPING}"),
        (f"{HEAD}---\n{HEAD}", "6:1: Có tài liệu thứ hai; mỗi tệp chỉ chứa một kế hoạch"),
        ("[" * 100_000, "1:14: Danh sách và khóa lồng nhau quá 12 tầng"),
        ("- " * 100_000, "1:27: Danh sách và khóa lồng nhau quá 12 tầng"),
        (f"{HEAD}number: 1\n", "6:1: number là khóa lạ; có thể dùng: plan, tasks, indicators, warnings"),
        (f"{HEAD}task: []\n", "6:1: task là khóa lạ; có phải là tasks?"),
        (f"{HEAD}  titel: a\n", "6:3: plan.titel là khóa lạ; có phải là title?"),
        (f'{HEAD}  "a\\nb\\e": a\n', "6:3: plan.'a\\nb\\x1b' là khóa lạ; có thể dùng: commune, commune_name, "),
        (f"{HEAD}  title: b\n", "6:3: plan.title được ghi hai lần, lần đầu ở dòng 2"),
        (f"{HEAD}tasks: 7\n", "6:8: tasks phải là danh sách"),
        (f"{HEAD}tasks: [7]\n", f"6:9: tasks[0] {MAPPING}"),
        (
            f"{HEAD}tasks: [{{content: a}}]\n",
            "6:9: tasks[0].lead không ghi cơ quan nào; nhiệm vụ chưa có cơ quan chủ trì",
        ),
        (f"{HEAD}tasks: [{{lead: [a]}}]\n", "6:9: tasks[0].content còn thiếu"),
        (
            f"{HEAD}tasks: [{{content: '', lead: [a]}}]\n",
            "6:19: tasks[0].content không được để trống; nếu không có thì ghi null",
        ),
        (f"{HEAD}tasks: [{{content: null, lead: [a]}}]\n", "6:19: tasks[0].content phải là chữ, không được là null"),
        (
            f"{HEAD}tasks: [{{content: a, lead: [a], code: 1.10}}]\n",
            "6:39: tasks[0].code phải là chữ; hãy đặt trong dấu",
        ),
        (f"{HEAD}tasks: [{{content: a, lead: [a], task_id: t-1}}]\n", "6:42: tasks[0].task_id phải là mã nhiệm vụ, ví"),
        (f"{HEAD}  commune: 23356\n", "6:12: plan.commune phải là chữ; hãy đặt trong dấu ngoặc kép"),
        (f"{HEAD}  commune: '2335'\n", "6:12: plan.commune phải là năm chữ số trong dấu ngoặc kép"),
        (f"{HEAD}  province: Quảng Ngãi\n", "6:13: plan.province phải là hai chữ số trong dấu ngoặc kép"),
        (HEAD.replace("reform", "cchc"), "3:11: plan.regime phải là 'tthc-control' hoặc 'reform'"),
        (HEAD.replace("2025\n", '"2025"\n'), "4:9: plan.year phải là số nguyên, không có dấu ngoặc kép"),
        (HEAD.replace("2025\n", "25\n"), "4:9: plan.year không được nhỏ hơn 2000"),
        (HEAD.replace("2025-12-31", "2024-12-31"), "5:35: plan.span.until (2024-12-31) ở trước from (2025-01-01)"),
        (f"{HEAD}  issued_on: 2025-02-30\n", "6:14: plan.issued_on không phải là ngày có trong lịch: 2025-02-30"),
        (f"{HEAD}  issued_on: 31/8/25\n", "6:14: plan.issued_on phải là ngày viết như 2025-01-31 hoặc 31/01/2025"),
        (f"{HEAD}  issued_on: 20255-08-31\n", "6:14: plan.issued_on phải là ngày viết như 2025-01-31 hoặc 31/01/2025"),
        (f"{HEAD}  issued_on: 2205-08-31\n", "6:14: plan.issued_on không thuộc các năm 1990 đến 2199: 2205-08-31"),
        (f"{HEAD}warnings: [&a b]\n", "6:12: warnings[0] có neo hoặc tham chiếu; hãy ghi rõ giá trị"),
        (f"{HEAD}warnings: [*a]\n", "6:12: warnings[0] có neo hoặc tham chiếu; hãy ghi rõ giá trị"),
        (f"{HEAD}warnings: !!python/tuple [a]\n", "6:11: warnings có nhãn 'tag:yaml.org,2002:python/tuple'"),
        (f'{HEAD}warnings: ["a\\u0007"]\n', "6:12: warnings[0] có ký tự điều khiển U+0007"),
        (f"{HEAD}? [a]\n: b\n", "6:3: ? không phải là khóa; khóa là một từ thường"),
        (f"{HEAD}\n# a\x07\n", "7:4: Tệp có ký tự điều khiển U+0007"),
    ],
)
def test_an_error_has_its_line_and_column(errors_of, text, error):
    assert any(found.startswith(error) for found in errors_of(text)), errors_of(text)


@pytest.mark.parametrize(
    ("milestone", "error"),
    [
        ("{kind: deadline}", "10:5: tasks[0].milestones[0].due còn thiếu"),
        ("{kind: deadline, due: 2025-02-30}", "10:27: tasks[0].milestones[0].due không phải là ngày có trong lịch: "),
        ("{kind: deadline, due: 2025-09-31}", "10:27: tasks[0].milestones[0].due không phải là ngày có trong lịch: "),
        ("{kind: deadline, due: '2025-09-31'}", "10:27: tasks[0].milestones[0].due không phải là ngày có trong lịch: "),
        ("{kind: deadline, due: 2025-09-30T10:00:00}", "10:27: tasks[0].milestones[0].due phải là ngày viết như "),
        (
            "{kind: deadline, due: 20250930}",
            "10:27: tasks[0].milestones[0].due phải là ngày viết như 2025-01-31 hoặc 31/01/2025",
        ),
        (
            "{kind: deadline, due: 2025-01-01, from: 2025-01-02}",
            "10:27: tasks[0].milestones[0].due (2025-01-01) ở trước",
        ),
        ("{kind: deadline, due: 2025-01-01, from_: 2025-01-01}", "10:39: tasks[0].milestones[0].from_ là khóa lạ"),
        ("{kind: deadline, due: 2025-01-01, on: '4'}", "10:39: tasks[0].milestones[0].on là khóa lạ"),
        ("{kind: deadlin, due: 2025-01-01}", "10:5: tasks[0].milestones[0] có loại lạ 'deadlin'; có phải là"),
        ("{kind: [a]}", "10:5: tasks[0].milestones[0] có loại lạ"),
        ("{kind: {a: b}}", "10:5: tasks[0].milestones[0] có loại lạ"),
        ("{due: 2025-01-01}", "10:5: tasks[0].milestones[0] phải có kind"),
        ("Quý III", f"10:5: tasks[0].milestones[0] {MAPPING}"),
        ("{kind: continuous, from: 2025-01-01}", "10:5: tasks[0].milestones[0].until còn thiếu"),
        ("{kind: continuous, from: 2025-02-01, until: 2025-01-01}", "10:49: tasks[0].milestones[0].until (2025-01-01"),
        ("{kind: recurring, every: day, from: 2025-01-01, until: 2025-01-01}", "10:30: tasks[0].milestones[0].every"),
        ("{kind: recurring, every: year, from: 2025-01-01, until: 2025-01-01, on: 11-31}", "10:77: tasks[0].mileston"),
        ("{kind: recurring, every: week, from: 2025-01-01, until: 2025-01-01, on: '8'}", "10:77: tasks[0].milestones"),
        ("{kind: recurring, every: month, from: 2025-01-01, until: 2025-01-01, on: 14}", "10:78: tasks[0].milestones"),
        ("{kind: by-reference}", "10:5: tasks[0].milestones[0].text còn thiếu"),
        ("{kind: after-event, event: a, days: -1}", "10:41: tasks[0].milestones[0].days không được nhỏ hơn 0"),
        ("{kind: after-event, event: a, working_days: yes}", "10:49: tasks[0].milestones[0].working_days phải là true"),
        (
            "{kind: invalid, text: a, suggestion: 2025-09-31}",
            "10:42: tasks[0].milestones[0].suggestion không phải là ngày",
        ),
    ],
)
def test_a_milestone_has_the_fields_of_its_kind(errors_of, milestone, error):
    found = errors_of(task_with(milestone))

    assert len(found) == 1
    assert found[0].startswith(error)


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("{}", "10:11: indicators[0].target phải có at_least, above, below hoặc at_most, hoặc là null"),
        ("{at_least: null}", "10:11: indicators[0].target phải có at_least, above, below hoặc at_most, hoặc là null"),
        ("{above: 5, at_least: 5}", "10:11: indicators[0].target có cả at_least và above; phải bỏ một"),
        ("{below: 5, at_most: 5}", "10:11: indicators[0].target có cả below và at_most; phải bỏ một"),
        ("{at_least: 30, below: 25}", "10:11: indicators[0].target không còn giá trị nào giữa at_least 30 và below 25"),
        ("{above: 30, at_most: 30}", "10:11: indicators[0].target không còn giá trị nào giữa above 30 và at_most 30"),
        ("{at_least: 100.5}", "10:22: indicators[0].target.at_least không phải là tỷ lệ phần trăm từ 0 đến 100: 100.5"),
        ("{below: -1}", "10:19: indicators[0].target.below không phải là tỷ lệ phần trăm từ 0 đến 100: -1"),
        ("{at_least: '60'}", "10:22: indicators[0].target.at_least phải là số như 60 hoặc 9.5, không có dấu ngoặc kép"),
        ("{at_least: true}", "10:22: indicators[0].target.at_least phải là số như 60 hoặc 9.5, không có dấu ngoặc kép"),
        ("{at_least: .nan}", "10:22: indicators[0].target.at_least phải là số như 60 hoặc 9.5, không có dấu ngoặc kép"),
        (f"{{above: {'9' * 9000}}}", "10:19: indicators[0].target.above phải là số như 60 hoặc 9.5"),
        ("{above: 1e99}", "10:19: indicators[0].target.above lớn hơn mức mà một chỉ tiêu có thể có"),
        ("{change: down, at_least: 130}", "10:36: indicators[0].target.at_least không phải là tỷ lệ"),
        ("{change: up}", "10:11: indicators[0].target phải có at_least"),
        ("{change: sideways, at_least: 1}", "10:20: indicators[0].target.change"),
        ("{atleast: 60}", "10:12: indicators[0].target.atleast là khóa lạ; có phải là at_least?"),
        ("60", f"10:11: indicators[0].target {MAPPING}"),
    ],
)
def test_an_impossible_target_is_refused(errors_of, target, error):
    found = errors_of(target_of(target))

    assert len(found) == 1
    assert found[0].startswith(error)


@pytest.mark.parametrize(
    "target",
    [
        "null",
        "{at_least: 9, at_most: 9.5}",
        "{at_least: 5, at_most: 5}",
        "{above: 85}",
        "{change: down, at_least: 30}",
        "{change: up, at_least: 130}",
    ],
)
def test_a_target_is_null_or_bounds_with_a_value_between(errors_of, target):
    assert errors_of(target_of(target)) == []


def test_only_percentages_have_a_maximum_of_100(errors_of):
    assert errors_of(target_of("{at_least: 120}", unit="bậc")) == []


def test_a_task_without_a_lead_needs_a_warning(errors_of):
    assert errors_of(f"{HEAD}tasks: [{{content: a, lead: [], warnings: [không có đơn vị]}}]\n") == []


def test_all_errors_are_reported_in_the_order_of_their_lines(errors_of):
    text = task_with("{kind: deadline, due: 2025-02-30}").replace("2025\n", "x\n").replace("lead: [b]", "lead: [3, '']")

    assert [error.split(" ")[0] for error in errors_of(text)] == ["4:9:", "8:10:", "8:13:", "10:27:"]


def test_an_error_is_reported_once_without_its_consequences(errors_of):
    assert len(errors_of(f"{HEAD}warnings: *a\n")) == 1


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "plan.yaml", "1:1: Tệp không phải là văn bản UTF-8"),
        ("kế".encode("utf-16"), "plan.yaml", "1:1: Tệp không phải là văn bản UTF-8"),
        (b"#" * (2 * 1024 * 1024 + 1), "plan.yaml", "1:1: Tệp lớn hơn 2 MB"),
        (HEAD, "plan.docx", "1:1: Tên tệp kế hoạch phải kết thúc bằng .yaml, .yml, .json"),
        (HEAD, "plan.json", "1:1: Tệp không phải là JSON hợp lệ: Expecting value"),
        ('{"plan": {},}', "plan.json", "1:13: Tệp không phải là JSON hợp lệ: "),
        ('{"plan": {}, "plan": {}}', "plan.json", "1:14: plan được ghi hai lần, lần đầu ở dòng 1"),
        ("[" * 100_000, "plan.json", "1:1: Danh sách và khóa lồng nhau quá sâu"),
        (f"{HEAD}tasks: [{'7,' * 5001}]\n", "plan.yaml", "6:10009: tasks có hơn 5.000 mục"),
    ],
)
def test_a_file_of_another_kind_is_reported_in_one_sentence(errors_of, content, name, error):
    assert any(found.startswith(error) for found in errors_of(content, name)), errors_of(content, name)


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(errors_of):
    assert errors_of(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode()) == []


def test_5000_tasks_are_read(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(f"{HEAD}tasks: [{'{content: a, lead: [b]},' * 5000}]\n")

    assert len(read_plan(path).tasks) == 5000


@pytest.mark.parametrize("name", ["missing.yaml", ".", "a\0b.yaml"])
def test_an_unreadable_file_is_reported_like_any_error(tmp_path, name):
    with pytest.raises(PlanErrors, match=":1:1: "):
        read_plan(tmp_path / name)


def only_plan_errors(path, content):
    path.write_bytes(content)
    errors_in(path)


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
def test_no_yaml_text_raises_anything_but_plan_errors(tmp_path, text, suffix):
    only_plan_errors(tmp_path / f"plan{suffix}", text.encode())


@fuzzed
@given(at=st.integers(0, 10_000), cut=st.integers(0, 60), put=st.text(max_size=12), plan=st.sampled_from(PLANS))
def test_no_mutated_plan_raises_anything_but_plan_errors(tmp_path, at, cut, put, plan):
    text = plan.read_text(encoding="utf-8")[:6000]
    mutated = text[:at] + put + text[at + cut :]
    only_plan_errors(tmp_path / "plan.yaml", mutated.encode("utf-8", "replace"))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@cache
def as_json(plan):
    return read_plan(plan).model_dump_json()


@pytest.mark.slow
@fuzzed
@given(value=anything, choice=st.data(), plan=st.sampled_from(PLANS))
def test_no_value_in_any_place_of_a_plan_raises_anything_but_plan_errors(tmp_path, value, choice, plan):
    content = json.loads(as_json(plan))
    spot = content
    while True:
        keys = sorted(spot) if isinstance(spot, dict) else range(len(spot))
        key = choice.draw(st.sampled_from(keys))
        if not (isinstance(spot[key], dict | list) and spot[key]) or choice.draw(st.integers(0, 4)) == 0:
            break
        spot = spot[key]
    spot[key] = value
    only_plan_errors(tmp_path / "plan.json", json.dumps(content).encode())
