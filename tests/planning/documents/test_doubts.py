"""What no reader of one layout sees is warned of at its place: names and contents cut, lines that became no task."""

from dataclasses import replace

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


@pytest.mark.parametrize(("schedule", "is_cut"), [("Quý", True), ("Trước ngày", True), ("Hàng quý", False)])
def test_a_time_that_was_cut_is_warned_of(schedule, is_cut):
    (task,) = draft(["1", "Lập sổ", "Phòng Kinh tế", schedule]).tasks
    assert any("có thể bị cắt" in each for each in task.warnings) == is_cut


def test_a_note_about_the_row_of_a_task_is_a_warning_of_the_task():
    written = document(*PLAN.split("\n"), table(HEADER, ["1", "Lập sổ", "Phòng Kinh tế", "Quý I"]))
    note = "dòng 2: chú thích ở chân trang không được đọc."
    read = draft_of(replace(written, notes=(note, "Tài liệu có 1 chú thích.")))

    assert note in read.tasks[0].warnings
    assert (note in read.warnings, "Tài liệu có 1 chú thích." in read.warnings) == (False, True)


def test_numbers_of_offices_get_the_names_of_the_note_with_a_warning():
    header = ["STT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời hạn"]
    rows = ["1", "Lập sổ", "(2)", "(3), (1)", "Quý I"], ["2", "Mở lớp", "(4)", "", "Quý II"]
    legend = "Ghi chú: (1) Văn phòng HĐND và UBND; (2) Phòng Kinh tế; (3) Công an xã."
    first, second = draft_of(document(*PLAN.split("\n"), table(header, *rows), legend)).tasks

    assert (first.lead, first.support) == (["Phòng Kinh tế"], ["Công an xã", "Văn phòng HĐND và UBND"])
    assert second.lead == ["(4)"]
    assert all(any("số trong chú giải" in each for each in task.warnings) for task in (first, second))


def test_a_row_with_an_office_and_no_time_is_the_heading_of_its_lettered_parts():
    group, first, second = (
        ["1", "Soạn thảo văn bản", "Phòng Kinh tế", ""],
        ["a)", "Lập sổ", "", "Quý I"],
        ["b)", "Mở lớp", "", "Quý II"],
    )
    tasks = draft(group, first, second, ["2", "Rà soát", "Công an xã", ""]).tasks

    assert [(task.content, task.lead, task.section) for task in tasks[:2]] == [
        ("Lập sổ", ["Phòng Kinh tế"], "Soạn thảo văn bản"),
        ("Mở lớp", ["Phòng Kinh tế"], "Soạn thảo văn bản"),
    ]
    assert [task.content for task in tasks[2:]] == ["Rà soát"]
    assert all(any("cần xem lại" in each for each in task.warnings) for task in tasks[:2])


def test_as_many_works_as_offices_in_a_row_are_one_task_each_with_a_warning():
    works, offices = "- Lập sổ;\n- Mở lớp.", "- Phòng Kinh tế;\n- Công an xã."
    tasks = draft(["1", works, offices, "Tháng 1"]).tasks

    assert [(task.content, task.lead) for task in tasks] == [("Lập sổ", ["Phòng Kinh tế"]), ("Mở lớp", ["Công an xã"])]
    assert all(any("mỗi việc của một cơ quan" in each for each in task.warnings) for task in tasks)
