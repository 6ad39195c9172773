"""What differs between two plans: tasks, targets and the head."""

from datetime import date
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest

from services.planning import plan_file
from services.planning.plan_file import (
    Milestone,
    PlanFile,
    PlanHead,
    PlannedTarget,
    PlannedTask,
    Span,
    TargetBounds,
    read_plan,
)
from services.planning.plan_file.differences import ChangedKey, differences
from services.planning.wording import KEYS, VALUES, one_line

PLANS = sorted((Path(plan_file.__file__).parents[1] / "plans").glob("*.yaml"))
HEAD = {
    "commune": "23356",
    "title": "Kế hoạch",
    "regime": "reform",
    "year": 2025,
    "span": {"from_": date(2025, 1, 1), "until": date(2025, 12, 31)},
}


def duty(content, code=None, **more):
    return {"content": content, "code": code, "lead": ("Phòng Kinh tế",)} | more


def target(name, at_least, **more):
    return {"name": name, "target": {"at_least": at_least}, "target_text": f"Đạt {at_least} %"} | more


def file(*tasks, targets=(), **head):
    return PlanFile.model_validate({"plan": HEAD | head, "tasks": tasks, "indicators": targets})


def found(old, new):
    return [
        (d.kind, d.how, d.name, d.old_place, d.new_place, [c.key for c in d.changes]) for d in differences(old, new)
    ]


REVIEW, SURVEY, SIGNS = duty("Rà soát TTHC nội bộ", "1"), duty("Khảo sát hài lòng", "2"), duty("Lắp bảng hiệu", "3")


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_plan_does_not_differ_from_itself(path):
    assert differences(read_plan(path), read_plan(path)) == []


def test_moved_rows_are_no_difference():
    assert found(file(REVIEW, SURVEY), file(SURVEY, REVIEW)) == []


def test_tasks_are_added_changed_and_withdrawn():
    reworded = REVIEW | {"content": "Rà soát các TTHC nội bộ", "lead": ("Văn phòng",)}

    assert found(file(REVIEW, SURVEY), file(SIGNS, reworded)) == [
        ("task", "added", "Lắp bảng hiệu", None, 1, []),
        ("task", "changed", "Rà soát các TTHC nội bộ", 1, 2, ["content", "lead"]),
        ("task", "withdrawn", "Khảo sát hài lòng", 2, None, []),
    ]


@pytest.mark.parametrize(
    ("key", "value", "before", "after"),
    [
        ("code", "7", "1", "7"),
        ("section", "II. Một cửa", None, "II. Một cửa"),
        ("deliverable", "Báo cáo", None, "Báo cáo"),
        ("support", ("Văn phòng",), [], ["Văn phòng"]),
        ("schedule_text", "Quý III", None, "Quý III"),
        (
            "milestones",
            ({"kind": "on-demand"},),
            [],
            [{"kind": "on-demand", "label": None}],
        ),
    ],
)
def test_each_key_of_a_task_is_compared(key, value, before, after):
    (difference,) = differences(file(REVIEW), file(REVIEW | {key: value}))

    assert difference.changes == (ChangedKey(key, before, after),)


def test_targets_are_matched_by_name_and_scope():
    overall, land = target("Mức độ hài lòng", 90), target("Mức độ hài lòng", 85, scope="đất đai, xây dựng")
    raised = land | {"target": {"at_least": 88}, "target_text": "Đạt 88 %"}
    old, new = file(targets=(overall, land)), file(targets=(raised, overall, target("Hồ sơ trực tuyến", 60)))

    assert found(old, new) == [
        ("target", "changed", "Mức độ hài lòng", 2, 1, ["target", "target_text"]),
        ("target", "added", "Hồ sơ trực tuyến", None, 3, []),
    ]


def test_a_target_with_another_indicator_or_name_is_changed():
    before, after = target("Tỷ lệ hồ sơ nộp trực tuyến", 60), target("Tỷ lệ hồ sơ trực tuyến", 60, indicator="online")

    assert found(file(targets=(before,)), file(targets=(after,))) == [
        ("target", "changed", "Tỷ lệ hồ sơ trực tuyến", 1, 1, ["name", "indicator"])
    ]


def test_the_head_of_the_plan_is_compared():
    (difference,) = differences(file(REVIEW), file(REVIEW, title="Kế hoạch sửa đổi", roll="back", cites=("1/QĐ",)))

    assert (difference.kind, difference.how, difference.name) == ("plan", "changed", "Kế hoạch sửa đổi")
    assert [change.key for change in difference.changes] == ["title", "roll"]


def words_of(model):
    """The keys of a part of a plan file, and the words of its fixed values."""
    for name, field in model.model_fields.items():
        yield field.serialization_alias or name
        for part in (field.annotation, *get_args(field.annotation)):
            if get_origin(part) is Literal:
                yield from get_args(part)


def test_every_key_and_word_of_a_difference_is_printed_in_vietnamese():
    parts = (PlanHead, PlannedTask, PlannedTarget, TargetBounds, Span, *get_args(get_args(Milestone)[0]))
    never_compared = {"commune", "commune_name", "province", "cites", "warnings", "task_id", "tthc-control", "reform"}
    wanted = {word for part in parts for word in words_of(part)} - never_compared
    assert wanted - KEYS.keys() - VALUES.keys() == set()


def test_a_milestone_of_a_difference_isone_line_of_vietnamese():
    value = {"kind": "recurring", "from": "2025-01-01", "until": "2025-12-31", "label": None, "every": "month"}
    assert one_line([value]) == "loại định kỳ, từ 1/1/2025, đến 31/12/2025, chu kỳ hằng tháng"
