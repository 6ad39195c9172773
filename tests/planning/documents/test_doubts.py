"""What no reader of one layout sees is warned of at its place: names and contents cut, lines that became no task."""

import pytest

from services.planning.documents.draft_reader import draft_of
from tests.planning.documents.drawn import document, table

HEADER = ["STT", "Nhiệm vụ", "Chủ trì", "Thời hạn"]
PLAN = "KẾ HOẠCH\nKiểm soát thủ tục hành chính năm 2026 của xã Xốp"


def draft(*rows, above=()):
    return draft_of(document(*PLAN.split("\n"), *above, table(HEADER, *rows)))


@pytest.mark.parametrize(
    ("lead", "warned"),
    [
        ("Trung tâm Phục vụ hành chính", "có thể bị cắt từ"),
        ("Phòng Kinh tế số hoá hồ sơ trong quý IV", "có thể kèm cả nội dung công việc"),
        ("Trung tâm Phục vụ hành chính công xã Xốp", None),
        ("Công an", None),
        ("công chức Tư pháp - hộ tịch", None),
    ],
)
def test_a_name_that_was_cut_or_holds_the_work_is_warned_of(lead, warned):
    whole = ["1", "Lập sổ theo dõi", "Trung tâm Phục vụ hành chính công\nCông an xã", "Quý I"]
    read = draft(whole, ["2", "Rà soát thủ tục", lead, "Quý II"])
    doubts = [each for each in read.tasks[1].warnings if "tên cơ quan “" in each]

    assert [warned in each for each in doubts] == ([True] if warned else [])
    assert all(each.startswith(read.tasks[1].place) for each in doubts)


@pytest.mark.parametrize(
    ("content", "warned"),
    [
        ("soát thủ tục hành chính", "thiếu phần đầu"),
        ("Rà soát hồ sơ của các", "thiếu phần sau"),
        ("Rà soát hồ sơ", None),
    ],
)
def test_a_content_that_was_cut_is_warned_of(content, warned):
    (task,) = draft(["1", content, "Phòng Kinh tế", "Quý I"]).tasks
    assert [warned in each for each in task.warnings if "có thể thiếu" in each] == ([True] if warned else [])


def test_a_numbered_line_with_a_deadline_that_became_no_task_is_warned_of():
    lost = "1. Báo cáo sơ kết gửi Sở Nội vụ theo mẫu đính kèm, hoàn thành trước ngày 15/6/2026."
    read = draft(["1", "Lập sổ theo dõi", "Phòng Kinh tế", "Quý I"], above=("I. MỤC ĐÍCH", lost, "II. NHIỆM VỤ"))

    assert "đoạn 4: dòng này có thời hạn hoặc giao việc nhưng không thuộc nhiệm vụ nào, cần xem lại." in read.warnings
    assert not any("không thuộc nhiệm vụ" in each for each in draft(["1", lost, "Phòng Kinh tế", "Quý I"]).warnings)
