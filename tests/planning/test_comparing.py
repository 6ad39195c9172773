from datetime import date
from pathlib import Path

import pytest

from services.planning import plan_file
from services.planning.comparing import Change, differences
from services.planning.plan_file import PlanFile, read_plan

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


def told(old, new):
    return [
        (d.what, d.how, d.name, d.old_place, d.new_place, [c.key for c in d.changes]) for d in differences(old, new)
    ]


REVIEW, SURVEY, SIGNS = duty("Rà soát TTHC nội bộ", "1"), duty("Khảo sát hài lòng", "2"), duty("Lắp bảng hiệu", "3")


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_plan_does_not_differ_from_itself(path):
    assert differences(read_plan(path), read_plan(path)) == []


def test_rows_that_only_stand_elsewhere_do_not_differ():
    assert told(file(REVIEW, SURVEY), file(SURVEY, REVIEW)) == []


def test_tasks_are_added_changed_and_withdrawn():
    reworded = REVIEW | {"content": "Rà soát các TTHC nội bộ", "lead": ("Văn phòng",)}

    assert told(file(REVIEW, SURVEY), file(SIGNS, reworded)) == [
        ("task", "added", "Lắp bảng hiệu", None, 1, []),
        ("task", "changed", "Rà soát các TTHC nội bộ", 1, 2, ["content", "lead"]),
        ("task", "withdrawn", "Khảo sát hài lòng", 2, None, []),
    ]


@pytest.mark.parametrize(
    ("key", "said", "before", "after"),
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
def test_each_thing_that_a_task_says_is_compared(key, said, before, after):
    (difference,) = differences(file(REVIEW), file(REVIEW | {key: said}))

    assert difference.changes == (Change(key, before, after),)


def test_targets_are_matched_by_name_and_the_part_for_which_they_hold():
    overall, land = target("Mức độ hài lòng", 90), target("Mức độ hài lòng", 85, scope="đất đai, xây dựng")
    raised = land | {"target": {"at_least": 88}, "target_text": "Đạt 88 %"}
    old, new = file(targets=(overall, land)), file(targets=(raised, overall, target("Hồ sơ trực tuyến", 60)))

    assert told(old, new) == [
        ("target", "changed", "Mức độ hài lòng", 2, 1, ["target", "target_text"]),
        ("target", "added", "Hồ sơ trực tuyến", None, 3, []),
    ]


def test_a_target_that_is_computed_by_another_indicator_or_reworded_is_changed():
    before, after = target("Tỷ lệ hồ sơ nộp trực tuyến", 60), target("Tỷ lệ hồ sơ trực tuyến", 60, indicator="online")

    assert told(file(targets=(before,)), file(targets=(after,))) == [
        ("target", "changed", "Tỷ lệ hồ sơ trực tuyến", 1, 1, ["name", "indicator"])
    ]


def test_what_the_plan_itself_says_is_compared():
    (difference,) = differences(file(REVIEW), file(REVIEW, title="Kế hoạch sửa đổi", roll="back", cites=("1/QĐ",)))

    assert (difference.what, difference.how, difference.name) == ("plan", "changed", "Kế hoạch sửa đổi")
    assert [change.key for change in difference.changes] == ["title", "cites", "roll"]
