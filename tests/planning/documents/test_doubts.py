"""What no reader of one layout sees is warned of at its place: names and contents cut, lines that became no task."""

from dataclasses import replace

import pytest

from services.planning.documents.draft_reader import draft_of
from services.planning.documents.tables import tasks
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


@pytest.mark.parametrize(
    ("above", "below", "lost"),
    [
        (["I. MỤC ĐÍCH", "1. Báo cáo sơ kết gửi Sở Nội vụ theo mẫu, hoàn thành trước ngày 15/6/2026."], [], "đoạn 4"),
        (["I. NHIỆM VỤ", "Văn phòng HĐND và UBND bố trí máy tính, máy quét cho bộ phận một cửa"], [], "đoạn 4"),
        (["I. THÔNG TIN CHUNG", "Tỷ lệ hồ sơ nộp trực tuyến ở các xã vùng cao đạt trên 60%"], [], "đoạn 4"),
        (["I. KẾT QUẢ NĂM 2025", "Văn phòng HĐND và UBND bố trí máy tính, máy quét cho bộ phận một cửa"], [], None),
        ([], ["Nơi nhận:", "- Văn phòng HĐND và UBND, Phòng Kinh tế, các thôn và khu dân cư;"], None),
        ([], ["Căn cứ Kế hoạch của Văn phòng HĐND và UBND về việc hoàn thành trước ngày 15/6/2026"], None),
    ],
)
def test_a_line_with_a_body_or_a_time_that_is_nowhere_in_the_draft_is_warned_of(above, below, lost):
    """A line of the past, of an act or of the receivers is not, and neither is one that a task holds."""
    task = table(HEADER, ["1", "Lập sổ theo dõi hồ sơ", "Phòng Kinh tế", "Quý I"])
    read = draft_of(document(*PLAN.split("\n"), *above, "II. NHIỆM VỤ CỤ THỂ", task, *below))

    assert [each.partition(":")[0] for each in read.warnings if "chưa dùng" in each] == ([lost] if lost else [])


def test_a_row_that_became_no_task_is_warned_of(monkeypatch):
    """Each row must be held by a task: here the reader is made to lose the second one, as if it were a header."""
    read_entries = tasks.read_entries

    def loses_one(columns, rows, section):
        return read_entries(columns, [rows[0], *rows[2:]], section)

    monkeypatch.setattr(tasks, "read_entries", loses_one)
    rows = [[str(n), f"Kiểm tra việc giải quyết hồ sơ ở thôn số {n}", "Phòng Kinh tế", "Quý I"] for n in range(1, 5)]
    rows[1] = ["2", "Đăng ký danh mục sáng kiến cấp cơ sở", "Công an xã", "Hằng tháng"]
    read = draft(*rows)

    assert len(read.tasks) == 3
    (lost,) = [each for each in read.warnings if "chưa dùng" in each]
    assert lost.startswith("dòng 3: chưa dùng: “Đăng ký danh mục sáng kiến cấp cơ sở")


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


def test_a_name_that_a_scan_misread_is_read_as_that_of_the_other_rows():
    read = draft(
        ["1", "Lập sổ", "Phòng Văn hóa - Xã hội", "Quý I"], ["2", "Rà soát", "Phỏng Văn hóa - Xã hội", "Quý II"]
    )
    assert read.tasks[1].lead == ["Phòng Văn hóa - Xã hội"]
    assert "dòng 3: “Phỏng Văn hóa - Xã hội” đọc là “Phòng Văn hóa - Xã hội”, cần xem lại." in read.tasks[1].warnings


def test_works_in_one_task_beside_several_days_are_doubted():
    read = draft(
        ["1", "Việc:\n- Lập sổ\n- In tờ rơi", "Phòng Kinh tế", "Quý I; Quý II"], ["2", "Gửi", "Công an xã", "Quý I"]
    )
    doubts = [[each for each in task.warnings if "mỗi việc có phải một nhiệm vụ" in each] for task in read.tasks]

    assert [len(each) for each in doubts] == [1, 0]


def test_a_lead_out_of_a_sentence_is_doubted_where_the_other_tasks_have_a_line_for_it():
    keyed = [
        line
        for n in range(1, 6)
        for line in (f"{n}. Rà soát {n}", "- Chủ trì: Phòng Kinh tế", f"- Thời gian: Tháng {n}/2026")
    ]
    sentence = "6. Lập sổ theo dõi: Công an xã chủ trì, trong Quý II."
    read = draft_of(document(*PLAN.split("\n"), "II. NHIỆM VỤ", *keyed, sentence))
    doubts = [any("lấy từ lời văn, trong khi" in each for each in task.warnings) for task in read.tasks]

    assert doubts == [False] * 5 + [True]


def test_many_days_in_one_task_are_doubted():
    read = draft(
        ["1", "Lập sổ", "Phòng Kinh tế", "Tháng 1\nTháng 3\nQuý III\n15/12/2026"], ["2", "In", "Công an xã", "Quý I"]
    )
    assert [any("nhiều nhiệm vụ bị gộp" in each for each in task.warnings) for task in read.tasks] == [True, False]
