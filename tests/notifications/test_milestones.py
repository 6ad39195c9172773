import pytest

from services.notifications.milestones import named


@pytest.mark.parametrize(
    ("label", "period", "name"),
    [
        (None, None, None),
        ("ban hành kế hoạch", None, "ban hành kế hoạch"),
        ("ban hành\n kế hoạch ", "2025-03-31", "ban hành kế hoạch"),
        ("báo cáo", "2025-Q4", "báo cáo (quý IV năm 2025)"),
        (None, "2025-Q1", "kỳ quý I năm 2025"),
        (None, "2025-Q1~2", "kỳ quý I năm 2025"),
        (None, "2025-08", "kỳ tháng 8 năm 2025"),
        (None, "2025-H1", "kỳ 6 tháng đầu năm 2025"),
        (None, "2025-H2", "kỳ 6 tháng cuối năm 2025"),
        (None, "2025-W02", "kỳ tuần 2 năm 2025"),
        (None, "2025", "kỳ năm 2025"),
    ],
)
def test_what_a_task_owes_is_named_by_its_milestone_and_its_period(label, period, name):
    assert named(label, period) == name


@pytest.mark.parametrize(
    "key", ["2025-09-30", "2025-09-30~2", "by-reference", "after-event~3", "2025-13", "2025-Q5", "2025-H3", "", "~2"]
)
def test_a_key_that_is_no_period_names_nothing(key):
    assert named(None, key) is None
    assert named("báo cáo", key) == "báo cáo"


@pytest.mark.parametrize("label", ["", "  ", "\x00"])
def test_an_empty_label_names_nothing(label):
    assert named(label, None) is None
