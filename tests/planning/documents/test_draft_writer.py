"""Drafts written as plan files, which are read again as the same plan."""

import json
from datetime import date
from decimal import Decimal

import pytest
import yaml

from services.planning.documents.draft import Draft, DraftHead, DraftTarget, DraftTask
from services.planning.documents.draft_writer import as_plan_file, as_yaml
from services.planning.plan_file import Deadline, Invalid, PlanErrors, Recurring, TargetBounds, read_plan

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
    assert list(whole["indicators"][0]) == [
        *("code", "name", "unit", "target", "target_text", "scope", "owners", "indicator"),
    ]
    assert whole["indicators"][0]["target"] == {"at_least": 9, "at_most": 9.5}
    assert whole["tasks"][0]["milestones"][0]["from"] == "2026-01-01"
    assert whole["tasks"][0]["warnings"] == ["dòng 3: xem lại: sổ."]


@pytest.mark.parametrize("suffix", [".json", ".yaml"])
def test_a_written_draft_is_read_as_the_same_plan(tmp_path, suffix: str) -> None:
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


def test_fields_that_the_document_leaves_open_are_refused_with_their_place(tmp_path) -> None:
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


def test_an_eth_is_written_as_the_letter_that_it_stands_for():
    task = as_plan_file(Draft(tasks=[DraftTask("Ðăng ký hộ tịch", "dòng 1", lead=["Ðoàn thanh niên", "Hội Ðồng"])]))
    (written,) = task["tasks"]
    assert (written["content"], written["lead"]) == ("Đăng ký hộ tịch", ["Đoàn thanh niên", "Hội Đồng"])
