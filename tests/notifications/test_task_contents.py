"""The parts of a mail about a task: the names of milestones, and long lists."""

import pytest

from services.notifications.task_contents import listed, milestone_name


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
def test_milestone_name_has_label_and_period(label, period, name):
    assert milestone_name(label, period) == name


@pytest.mark.parametrize(
    "key", ["2025-09-30", "2025-09-30~2", "by-reference", "after-event~3", "2025-13", "2025-Q5", "2025-H3", "", "~2"]
)
def test_key_that_is_no_period_adds_nothing(key):
    assert milestone_name(None, key) is None
    assert milestone_name("báo cáo", key) == "báo cáo"


@pytest.mark.parametrize("label", ["", "  ", "\x00"])
def test_empty_label_gives_no_name(label):
    assert milestone_name(label, None) is None


def test_twenty_items_are_listed_and_the_others_counted():
    assert listed(range(20)) == (range(20), 0)
    assert listed(range(23)) == (range(20), 3)
