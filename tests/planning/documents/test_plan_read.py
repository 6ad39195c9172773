import json
from datetime import date
from decimal import Decimal

import pytest
import yaml
from typer.testing import CliRunner

from services.planning.cli import drafts, plan_app
from services.planning.documents.draft import Draft, DraftHead, DraftTarget, DraftTask
from services.planning.documents.writing import as_plan_file, as_yaml
from services.planning.plan_file import Deadline, Invalid, PlanErrors, Recurring, TargetBounds, read_plan

TEXT = """\
Số: 07/KH-UBND

Xốp, ngày 09 tháng 01 năm 2026

KẾ HOẠCH
Kiểm soát thủ tục hành chính năm 2026 của xã Xốp, tỉnh Quảng Ngãi

1. Niêm yết thủ tục.

- Dán bảng tin ở nơi người dân dễ thấy.

- Bộ phận chủ trì: Văn phòng HĐND và UBND.

- Bộ phận phối hợp: Phòng Kinh tế.

- Sản phẩm: Biên bản niêm yết.

- Thời gian thực hiện: Quý I.

2. Sơ kết.

- Bộ phận chủ trì: Phòng Kinh tế.

- Bộ phận phối hợp: Công an xã.

- Sản phẩm: Báo cáo.

- Thời gian thực hiện: Trước ngày 31/9/2026.
"""
LONG = "Số hoá hồ sơ của những năm trước; " * 12


def draft() -> Draft:
    """Every kind of value that a plan file has."""
    head = DraftHead(
        "23356", "Xã Xốp", "51", "Kế hoạch: thử", "reform", 2026, (date(2026, 1, 1), date(2026, 12, 31)), "07/KH-UBND"
    )
    task = DraftTask(
        content=f"Lập sổ: “một” # hai\n- dòng hai\n{LONG.strip()}",
        place="dòng 3",
        code="1.10",
        section="Thể chế",
        deliverable=LONG.strip(),
        lead=["Phòng Kinh tế"],
        schedule_text="Quý I; hàng quý",
        milestones=[
            Deadline(kind="deadline", from_=date(2026, 1, 1), due=date(2026, 3, 31), label="on"),
            Recurring(kind="recurring", every="quarter", from_=date(2026, 1, 1), until=date(2026, 12, 31), on="14"),
            Invalid(kind="invalid", text="31/9/2026", suggestion=date(2026, 9, 30)),
        ],
        warnings=["dòng 3: xem lại: sổ\x01\r."],
    )
    target = DraftTarget("Tỷ lệ", "dòng 9", "9-9,5%", unit="%")
    target.target = TargetBounds(at_least=Decimal(9), at_most=Decimal("9.5"))
    return Draft(head, [task], [target], ["Không có ngày ban hành."])


def test_a_draft_has_exactly_the_keys_of_the_format_in_their_order() -> None:
    whole = as_plan_file(draft())
    assert list(whole) == ["plan", "tasks", "indicators", "warnings"]
    assert list(whole["plan"]) == [
        *("commune", "commune_name", "province", "title", "regime", "year", "span", "number", "issued_on"),
        *("based_on", "cites"),
    ]
    assert list(whole["tasks"][0]) == [
        *("code", "section", "content", "deliverable", "lead", "support", "schedule_text", "milestones", "warnings"),
    ]
    assert list(whole["indicators"][0]) == ["code", "name", "unit", "target", "target_text", "scope", "owners"]
    assert whole["indicators"][0]["target"] == {"at_least": 9, "at_most": 9.5}
    assert whole["tasks"][0]["milestones"][0]["from"] == "2026-01-01"
    assert whole["tasks"][0]["warnings"] == ["dòng 3: xem lại: sổ."]


@pytest.mark.parametrize("suffix", [".json", ".yaml"])
def test_what_is_written_is_read_again_as_the_same_plan(tmp_path, suffix: str) -> None:
    written = draft()
    file = tmp_path / f"plan{suffix}"
    text = json.dumps(as_plan_file(written), ensure_ascii=False) if suffix == ".json" else as_yaml(written)
    file.write_text(text, encoding="utf-8")
    plan = read_plan(file)
    (task,), (target,) = plan.tasks, plan.indicators
    assert (task.code, task.content, task.deliverable) == ("1.10", written.tasks[0].content, LONG.strip())
    assert list(task.milestones) == written.tasks[0].milestones
    assert target.target == written.indicators[0].target


def test_a_milestone_begins_with_its_kind() -> None:
    (task,) = as_plan_file(draft())["tasks"]
    assert [next(iter(milestone)) for milestone in task["milestones"]] == ["kind", "kind", "kind"]


def test_yaml_for_a_person_has_milestones_on_one_line_and_long_texts_as_blocks() -> None:
    text = as_yaml(draft())
    assert "      - {kind: deadline, from: 2026-01-01, due: 2026-03-31, label: 'on', condition: null}\n" in text
    assert "    content: |-\n" in text
    assert "    deliverable: >-\n" in text
    assert "\n\ntasks:\n  - code: '1.10'\n" in text
    assert yaml.safe_load(text)["plan"]["span"] == {"from": date(2026, 1, 1), "until": date(2026, 12, 31)}


def test_what_the_document_leaves_open_is_refused_with_its_place_when_it_is_issued(tmp_path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(as_yaml(Draft()), encoding="utf-8")
    with pytest.raises(PlanErrors) as refused:
        read_plan(file)
    assert [error.removeprefix(str(file)).split(" ")[1] for error in refused.value.errors] == [
        "plan.title",
        "plan.regime",
        "plan.year",
        "plan.span",
    ]


def ran(*arguments: object):
    assert drafts
    answer = CliRunner().invoke(plan_app, ["read", *(str(argument) for argument in arguments)])
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    return answer


def test_the_command_prints_a_plan_file_and_tells_the_doubtful_beside_it(tmp_path) -> None:
    file = tmp_path / "ke-hoach.txt"
    file.write_text(TEXT, encoding="utf-8")
    answer = ran(file)
    issued = tmp_path / "plan.yaml"
    issued.write_text(answer.stdout, encoding="utf-8")
    assert answer.exit_code == 0
    assert [task.code for task in read_plan(issued).tasks] == ["1", "2"]
    first, *warnings = answer.stderr.splitlines()
    assert first == "2 nhiệm vụ, 0 chỉ tiêu; 1 điều cần xem lại:"
    assert warnings[0].startswith("- dòng 20: ")
    assert max(len(line) for line in answer.stderr.splitlines()) <= 80


def test_for_programs_it_prints_json_and_nothing_else(tmp_path) -> None:
    file = tmp_path / "ke-hoach.txt"
    file.write_text(TEXT, encoding="utf-8")
    answer = ran(file, "--json")
    assert answer.stderr == ""
    assert "Văn phòng HĐND và UBND" in answer.stdout
    assert json.loads(answer.stdout)["plan"]["commune"] == "23356"


def test_what_cannot_be_read_is_one_sentence_and_wrong_use_is_another_code(tmp_path) -> None:
    missing = ran(tmp_path / "missing.docx")
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert missing.stderr.startswith(f"{tmp_path / 'missing.docx'}: ")
    assert len(missing.stderr.splitlines()) == 1
    assert ran().exit_code == 2


@pytest.mark.parametrize(("name", "options"), [("plan.yaml", []), ("plan.json", []), ("plan.yaml", ["--json"])])
def test_with_out_the_plan_is_in_the_file_and_the_doubtful_is_told(tmp_path, name: str, options: list[str]) -> None:
    file, written = tmp_path / "ke-hoach.txt", tmp_path / name
    file.write_text(TEXT, encoding="utf-8")
    answer = ran(file, "--out", written, *options)
    assert (answer.exit_code, answer.stdout) == (0, "")
    assert answer.stderr.startswith("2 nhiệm vụ, 0 chỉ tiêu; 1 điều cần xem lại:\n- dòng 20: ")
    assert [task.code for task in read_plan(written).tasks] == ["1", "2"]
    assert written.read_text(encoding="utf-8").startswith("{" if "json" in f"{name}{options}" else "plan:")
    assert sorted(tmp_path.iterdir()) == sorted([file, written])


def test_a_file_that_is_there_is_only_overwritten_by_force(tmp_path) -> None:
    file, written = tmp_path / "ke-hoach.txt", tmp_path / "plan.yaml"
    file.write_text(TEXT, encoding="utf-8")
    written.write_text("của tôi", encoding="utf-8")
    refused = ran(file, "--out", written)
    assert (refused.exit_code, refused.stdout, len(refused.stderr.splitlines())) == (1, "", 1)
    assert written.read_text(encoding="utf-8") == "của tôi"
    assert ran(file, "--out", written, "--force").exit_code == 0
    assert len(read_plan(written).tasks) == 2


@pytest.mark.parametrize("name", ["ke-hoach.txt", ".", "missing/plan.yaml", "a" * 300])
def test_where_no_plan_may_be_written_nothing_is(tmp_path, name: str) -> None:
    file = tmp_path / "ke-hoach.txt"
    file.write_text(TEXT, encoding="utf-8")
    refused = ran(file, "--out", tmp_path / name, "--force")
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (1, 1)
    assert file.read_text(encoding="utf-8") == TEXT
    assert list(tmp_path.iterdir()) == [file]


def test_a_document_that_cannot_be_read_leaves_the_file_as_it_was(tmp_path) -> None:
    written = tmp_path / "plan.yaml"
    written.write_text("của tôi", encoding="utf-8")
    assert ran(tmp_path / "missing.docx", "--out", written, "--force").exit_code == 1
    assert written.read_text(encoding="utf-8") == "của tôi"
