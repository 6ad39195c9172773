"""Rows of a table as tasks: headings, cut rows, merged cells, numbering and warnings."""

from datetime import date

import pytest

from services.planning.documents.draft import DraftTask
from services.planning.documents.tables import find_tables, read_tasks
from tests.planning.documents.drawn import document, table

HEADER = ["STT", "Nội dung", "Sản phẩm", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn"]
TASK = ["Sổ theo dõi", "Phòng Kinh tế", "Công an xã", "Quý I"]
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def read(*rows: list[str] | str, header: list[str] = HEADER) -> tuple[list[DraftTask], list[str]]:
    """The tasks, and the warnings about the table."""
    found = find_tables(document(table(header, *rows)))
    (headed,) = found.tables
    tasks, _, warnings = read_tasks(headed, 2026, YEAR)
    return tasks, warnings


def tasks_in(*rows: list[str] | str, header: list[str] = HEADER) -> list[DraftTask]:
    return read(*rows, header=header)[0]


@pytest.mark.parametrize(
    ("printed", "code"),
    [("1", "1"), ("1.", "1"), ("2)", "2"), ("01", "01"), ("a)", "a"), ("2.1.3", "2.1.3"), ("(4)", "4"), ("-", None)],
)
def test_a_row_number_is_read_without_its_punctuation(printed: str, code: str | None) -> None:
    (task,) = tasks_in([printed, "Lập sổ", *TASK])
    assert task.code == code


@pytest.mark.parametrize(
    "group",
    [
        ["I", "Thể chế", "", "", "", ""],
        ["A", "Thể chế", "", "", "", ""],
        ["**I**", "**Thể chế**", "<", "<", "<", "<"],
        ["**I. Thể chế**", "<", "<", "<", "<", "<"],
        ["", "**Thể chế**", "", "", "", ""],
        ["Thể chế", "<", "<", "<", "<", "<"],
    ],
)
def test_a_row_with_only_a_title_is_the_section_of_the_rows_below(group: list[str]) -> None:
    tasks, warnings = read(group, ["1", "Lập sổ", *TASK], ["2", "Gửi báo cáo", *TASK])
    assert [(task.code, task.section) for task in tasks] == [("1", "Thể chế"), ("2", "Thể chế")]
    assert warnings == []


def test_the_innermost_heading_is_the_section_until_a_number_outside_it() -> None:
    tasks = tasks_in(
        ["I", "Thủ tục", "", "", "", ""],
        ["1.1", "Công khai", "", "", "", ""],
        ["1.1.1", "Dán bảng tin", *TASK],
        ["1.2", "Rà soát một lượt", *TASK],
        ["II", "Bộ máy", "", "", "", ""],
        ["2.1", "Sắp xếp phòng", *TASK],
    )
    assert [(task.code, task.section) for task in tasks] == [
        ("1.1.1", "Công khai"),
        ("1.2", "Thủ tục"),
        ("2.1", "Bộ máy"),
    ]


def test_a_group_number_in_the_title_or_beside_points_alone_makes_a_heading() -> None:
    tasks, _ = read(
        ["A", "Chung", "", "", "", ""],
        ["", "I. Thể chế", "", "", "", ""],
        ["1", "Lập sổ", *TASK],
        ["", "II. Bộ máy", "", "", "", ""],
        ["2", "Sắp xếp", *TASK],
    )
    assert [task.section for task in tasks] == ["Thể chế", "Bộ máy"]
    (task,), _ = read(
        ["I", "Chỉ đạo", "10", "", ""],
        ["1", "Lập sổ", "2", "Phòng Kinh tế", "Quý I"],
        header=["TT", "Tiêu chí", "Điểm", "Phòng phụ trách", "Thời hạn"],
    )
    assert (task.code, task.section) == ("1", "Chỉ đạo")


def test_rows_with_dashes_are_below_the_number_above_and_the_next_number_is_beside_it() -> None:
    tasks, warnings = read(
        ["1", "Rà soát", "", "", "", ""],
        ["-", "Lập danh mục", *TASK],
        ["-", "Gửi danh mục", *TASK],
        ["2", "Truyền thông", *TASK],
    )
    assert [(task.code, task.section) for task in tasks] == [(None, "Rà soát"), (None, "Rà soát"), ("2", None)]
    assert warnings == []


def test_a_row_with_its_own_body_and_date_is_a_task_even_above_its_parts() -> None:
    tasks = tasks_in(["1", "Rà soát", *TASK], ["1.1", "Lập danh mục", *TASK], ["1.2", "Gửi danh mục", *TASK])
    assert [task.code for task in tasks] == ["1", "1.1", "1.2"]


@pytest.mark.parametrize(
    ("above", "is_heading"),
    [
        (["1", "Thể chế"], True),
        (["2", "Thể chế"], False),
        (["1", "Gửi báo cáo (Công an xã; quý II)"], False),
        (["1", "Gửi báo cáo (quý II)"], False),
        (["1", "Gửi báo cáo. Chủ trì: Công an xã"], False),
    ],
)
def test_in_a_table_of_one_column_a_number_above_its_parts_is_a_heading_without_bodies_and_time(
    above: list[str], is_heading: bool
) -> None:
    parts = [["1.1", "Lập sổ (Phòng Kinh tế; quý I)"], ["1.2", "In tờ rơi (Công an xã; quý II)"]]
    tasks, _ = read(above, *parts, header=["STT", "Nhiệm vụ, cơ quan thực hiện, thời hạn"])
    assert [task.code for task in tasks] == [*([] if is_heading else above[:1]), "1.1", "1.2"]
    assert tasks[-1].section == ("Thể chế" if is_heading else None)


@pytest.mark.parametrize("codes", [["I.1", "I.2", "II.1"], ["A.1", "A.2", "B.1"]])
def test_a_number_may_begin_with_the_number_of_its_group(codes: list[str]) -> None:
    tasks, warnings = read(
        [codes[0][:-2], "Thể chế", "", "", "", ""],
        *([code, f"Việc {code}", *TASK] for code in codes[:2]),
        [codes[2][:-2], "Bộ máy", "", "", "", ""],
        [codes[2], "Sắp xếp", *TASK],
    )
    assert [(task.code, task.section) for task in tasks] == [
        (codes[0], "Thể chế"),
        (codes[1], "Thể chế"),
        (codes[2], "Bộ máy"),
    ]
    assert warnings == []


def test_the_title_above_a_second_header_belongs_to_the_rows_below_it() -> None:
    found = find_tables(
        document(
            table(
                ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"],
                ["1", "Lập sổ", "Phòng Kinh tế", "Quý I"],
                ["II. Số hoá", "<", "<", "<"],
                ["TT", "Nội dung", "Đơn vị thực hiện", "Thời gian"],
                ["1", "Quét sổ", "Phòng Kinh tế", "Quý II"],
            )
        )
    )
    found_tasks = [task for headed in found.tables for task in read_tasks(headed, 2026, YEAR)[0]]
    assert [(task.content, task.section) for task in found_tasks] == [("Lập sổ", None), ("Quét sổ", "Số hoá")]


def test_a_title_without_a_number_above_numbered_rows_is_a_heading() -> None:
    tasks, warnings = read(["", "Thể chế", "", "", "", ""], ["1", "Lập sổ", *TASK])
    assert (tasks[0].section, tasks[0].warnings, warnings) == ("Thể chế", [], [])


def test_a_label_without_cells_is_a_heading_with_a_warning() -> None:
    tasks, warnings = read(
        ["9.1", "Thời gian", "", "", "", ""],
        ["9.1.1", "Đăng văn bản", *TASK],
        ["9.1.2", "Chi phí", "", "", "", ""],
        ["9.1.3", "Kiểm tra người thu phí", *TASK],
        ["9.2", "Năng động", "", "", "", ""],
        ["9.2.1", "Trả lời doanh nghiệp", *TASK],
    )
    assert [(task.code, task.section) for task in tasks] == [
        ("9.1.1", "Thời gian"),
        ("9.1.3", "Chi phí"),
        ("9.2.1", "Năng động"),
    ]
    assert warnings == [
        "dòng 4: dòng 9.1.2 “Chi phí” chỉ có tên, các ô khác để trống; không tính là nhiệm vụ, lấy làm tiêu đề "
        "của các dòng ngay sau."
    ]


def test_a_row_cut_by_a_page_break_is_joined_column_by_column() -> None:
    tasks = tasks_in(
        ["1", "Lập sổ theo", "Sổ có đủ", "Phòng Kinh tế", "Công an xã", "Quý I"],
        "page",
        HEADER,
        ["", "dõi hồ sơ", "chữ ký\n- bản sao", "", "", ""],
        ["2", "Sơ kết", *TASK],
    )
    first, second = tasks
    assert (first.content, first.deliverable) == ("Lập sổ theo dõi hồ sơ", "Sổ có đủ chữ ký\n- bản sao")
    assert first.warnings == ["dòng 2: dòng bị cắt qua hai trang, đã ghép lại."]
    assert second.code == "2"


def test_the_name_of_a_body_cut_by_a_page_break_is_joined() -> None:
    (task,) = tasks_in(
        ["1", "Lập sổ", "Sổ", "Trung tâm Phục vụ hành", "", "Quý I"], "page", ["", "", "", "chính công", "", ""]
    )
    assert task.lead == ["Trung tâm Phục vụ hành chính công"]


def test_a_title_cut_by_a_page_break_is_joined() -> None:
    (task,) = tasks_in(
        ["I", "Thể chế và", "", "", "", ""], "page", ["", "văn bản", "", "", "", ""], ["1", "Lập", *TASK]
    )
    assert task.section == "Thể chế và văn bản"


@pytest.mark.parametrize("empty", ["", "^"])
def test_a_divided_row_is_several_tasks_with_one_content(empty: str) -> None:
    tasks = tasks_in(
        ["4", "Soạn văn bản", "a) Quyết định", "Phòng Kinh tế", "", "Quý I"],
        [empty, empty, "b) Công văn", "Phòng Kinh tế", "", "Quý II"],
        [empty, empty, "c) Tờ trình", "Công an xã", "", "Quý III"],
    )
    assert [(t.code, t.content, t.deliverable, t.schedule_text) for t in tasks] == [
        ("4a", "Soạn văn bản", "a) Quyết định", "Quý I"),
        ("4b", "Soạn văn bản", "b) Công văn", "Quý II"),
        ("4c", "Soạn văn bản", "c) Tờ trình", "Quý III"),
    ]
    assert all("tách thành nhiều phần (4a, 4b …)" in " ".join(task.warnings) for task in tasks)


def test_a_merged_cell_applies_to_all_its_rows() -> None:
    tasks = tasks_in(
        ["1", "Lập sổ", "Sổ", "Phòng Kinh tế", "Công an xã", "Quý I"],
        ["2", "Khoá sổ", "Biên bản", "^", "", "^"],
        ["^", "^", "Tờ trình", "^", "^", "^"],
    )
    assert [(t.code, t.deliverable, t.lead, t.schedule_text) for t in tasks] == [
        ("1", "Sổ", ["Phòng Kinh tế"], "Quý I"),
        ("2a", "Biên bản", ["Phòng Kinh tế"], "Quý I"),
        ("2b", "Tờ trình", ["Phòng Kinh tế"], "Quý I"),
    ]


def test_a_cell_merged_from_the_group_down_makes_the_group_no_task() -> None:
    tasks = tasks_in(
        ["I", "Thể chế", "", "Phòng Kinh tế", "", ""],
        ["1", "Lập sổ", "Sổ", "^", "", "Quý I"],
        ["2", "Khoá sổ", "Biên bản", "^", "", "Quý II"],
    )
    assert [(t.code, t.section, t.lead) for t in tasks] == [
        ("1", "Thể chế", ["Phòng Kinh tế"]),
        ("2", "Thể chế", ["Phòng Kinh tế"]),
    ]


def test_further_lines_in_rows_of_their_own_belong_to_the_row_above() -> None:
    (task,) = tasks_in(
        ["1", "Lập sổ:", "Sổ", "Phòng Kinh tế", "", "Quý I"],
        ["", "- sổ đến", "", "", "", ""],
        ["", "- sổ đi", "", "", "", ""],
        ["", "", "Biên bản", "", "", ""],
    )
    assert task.content == "Lập sổ:\n- sổ đến\n- sổ đi"
    assert task.deliverable == "Sổ Biên bản"


def test_ditto_marks_are_filled_in() -> None:
    tasks = tasks_in(["1", "Lập sổ", *TASK], ["2", "Khoá sổ", "Biên bản", "-nt-", "//", "Như trên"])
    assert (tasks[1].lead, tasks[1].support, tasks[1].schedule_text) == (["Phòng Kinh tế"], ["Công an xã"], "Quý I")


def test_a_ditto_mark_with_nothing_above_is_kept_as_printed() -> None:
    (task,) = tasks_in(["1", "//", *TASK])
    assert task.content == "//"


def test_totals_notes_and_rows_after_the_signature_are_no_tasks() -> None:
    tasks, warnings = read(
        ["1", "Tổng hợp số liệu", *TASK],
        ["", "Tổng cộng: 01 nhiệm vụ", "", "", "", ""],
        ["* Ghi chú: thời hạn có thể đổi", "<", "<", "<", "<", "<"],
        ["Nơi nhận:", "", "", "", "CHỦ TỊCH", ""],
        ["- Như trên", "", "", "", "", ""],
    )
    assert [task.content for task in tasks] == ["Tổng hợp số liệu"]
    assert warnings == ["dòng 4: ghi chú dưới bảng: * Ghi chú: thời hạn có thể đổi"]


@pytest.mark.parametrize(
    ("codes", "warning"),
    [
        (["1", "2", "4"], "dòng 4: số thứ tự bị nhảy, sau “2” là “4”; cần xem có thiếu dòng nào không."),
        (["1.1", "1.2", "1.4"], "dòng 4: số thứ tự bị nhảy, sau “1.2” là “1.4”; cần xem có thiếu dòng nào không."),
        (["1", "2", "2"], "dòng 4: số “2” dùng cho hai dòng, dòng trước ở dòng 3."),
    ],
)
def test_skipped_and_repeated_numbers_are_warnings(codes: list[str], warning: str) -> None:
    _, warnings = read(*([code, f"Việc thứ {code}", *TASK] for code in codes))
    assert warnings == [warning]


def test_letters_and_roman_numbers_of_groups_are_counted_separately() -> None:
    def group(code: str) -> list[str]:
        return [code, f"Nhóm {code}", "", "", "", ""]

    def task(code: str) -> list[str]:
        return [code, f"Việc {code}", *TASK]

    regular = [group("A"), group("I"), task("1"), group("II"), task("2"), group("B"), group("I"), task("3")]
    _, nothing = read(*regular, group("C"), task("4"))
    _, twice = read(*regular, group("B"), task("4"))
    _, begins_late = read(group("II"), task("1"))
    _, single = read(group("I"), task("1"), group("II"), task("1"), task("2"))
    assert nothing == single == []
    assert twice == ["dòng 10: số “B” dùng cho hai dòng, dòng trước ở dòng 7."]
    assert begins_late == ["dòng 2: số thứ tự bị nhảy, đánh số bắt đầu từ “II”; cần xem có thiếu dòng nào không."]


@pytest.mark.parametrize(
    ("row", "warning"),
    [
        (["1", "Lập sổ", "", *TASK[1:]], "dòng 2: ô “Sản phẩm” để trống."),
        (["1", "Lập sổ", "Sổ", "", "Công an xã", "Quý I"], "dòng 2: chưa nêu cơ quan chủ trì."),
        (["1", "Lập sổ", *TASK[:3], ""], "dòng 2: ô thời hạn để trống."),
        (["1", "Lập sổ", *TASK[:3], "…"], "dòng 2: ô thời hạn để trống."),
        (
            ["1", "Lập sổ", "Sổ", "Phòng Kinh tế", "Phòng Kinh tế", "Quý I"],
            "dòng 2: cơ quan phối hợp trùng với cơ quan chủ trì: Phòng Kinh tế.",
        ),
        (
            ["1", "Lập sổ", "Sổ", "Các cơ quan chuyên môn", "", "Quý I"],
            "dòng 2: cơ quan chủ trì ghi chung, chưa nêu tên: Các cơ quan chuyên môn.",
        ),
        (
            ["1", "Lập sổ", "Sổ", "Sở Nội vụ", "Phòng Kinh tế", "Quý I"],
            "dòng 2: cơ quan chủ trì là cơ quan ngoài xã, phường: Sở Nội vụ.",
        ),
        (
            ["1", "Lập sổ", "100% xã có sổ, 90% hồ sơ vào sổ", "Phòng Kinh tế", "", "Quý I"],
            "dòng 2: một ô có nhiều tỷ lệ phần trăm; cần xem tỷ lệ nào là chỉ tiêu.",
        ),
    ],
)
def test_doubts_about_a_row_are_warnings_with_its_place(row: list[str], warning: str) -> None:
    (task,) = tasks_in(row)
    assert warning in task.warnings


def test_a_requirement_that_may_be_a_row_too_low_is_a_warning_and_not_moved() -> None:
    above, below = tasks_in(
        ["1", "Xin lỗi khi trễ hẹn", "", "Phòng Kinh tế", "", ""],
        ["2", "Cấp kết quả điện tử", "Thư xin lỗi khi hồ sơ bị trễ hẹn", "Phòng Kinh tế", "", "Quý I"],
    )
    assert (above.deliverable, above.schedule_text) == (None, None)
    assert any("lệch xuống số 2" in warning for warning in above.warnings)
    assert any("số 1 ngay trên để trống yêu cầu" in warning for warning in below.warnings)


def test_the_same_requirement_in_two_rows_is_a_warning_in_both() -> None:
    same = "Mọi doanh nghiệp có câu hỏi đều được trả lời bằng văn bản đúng hẹn"
    above, below = tasks_in(["1", "Trả lời", same, *TASK[1:]], ["2", "Ký số", same, *TASK[1:]])
    assert any("trùng với số 2" in warning for warning in above.warnings)
    assert any("trùng với số 1" in warning for warning in below.warnings)


def test_a_column_without_a_field_in_the_format_is_named_and_its_cells_are_kept() -> None:
    header = ["STT", "Nội dung", "Chủ trì", "Thời hạn", "Kinh phí"]
    tasks, warnings = read(["1", "Mua máy quét", "Phòng Kinh tế", "Quý I", "30 triệu đồng"], header=header)
    assert tasks[0].warnings == ["dòng 2: cột “Kinh phí”: 30 triệu đồng."]
    assert warnings == ["dòng 1: cột “Kinh phí” không có trong mẫu kế hoạch; nội dung ghi ở cảnh báo của nhiệm vụ."]


def test_bodies_in_one_column_are_separated_by_their_role_words() -> None:
    (task,) = tasks_in(
        ["1", "Mở lớp", "Chủ trì: Phòng Kinh tế; Phối hợp: Công an xã", "Tháng 8"],
        header=["TT", "Công việc", "Phân công thực hiện", "Tiến độ"],
    )
    assert (task.lead, task.support) == (["Phòng Kinh tế"], ["Công an xã"])


@pytest.mark.parametrize(
    ("marks", "text"),
    [
        (["x", "", "", ""], "Quý I"),
        (["", "x", "x", "X"], "Từ quý II đến quý IV"),
        (["x", "", "x", ""], "Quý I; Quý III"),
        (["", "", "", "sơ kết"], "Quý IV: sơ kết"),
        (["", "", "", ""], None),
    ],
)
def test_marks_below_quarters_are_a_schedule(marks: list[str], text: str | None) -> None:
    drawn = table(
        ["STT", "Nội dung", "Chủ trì", "Thời gian", "<", "<", "<"],
        ["^", "^", "^", "Quý I", "Quý II", "Quý III", "Quý IV"],
        ["1", "Kiểm kê", "Phòng Kinh tế", *marks],
    )
    (headed,) = find_tables(document(drawn)).tables
    (task,), _, _ = read_tasks(headed, 2026, YEAR)
    assert task.schedule_text == text


def test_months_may_be_numbers_below_a_header_of_months() -> None:
    drawn = table(
        ["STT", "Nội dung", "Chủ trì", "Tháng", "<", "<"],
        ["", "", "", "7", "8", "9"],
        ["1", "Kiểm kê", "Phòng Kinh tế", "", "x", "x"],
    )
    (headed,) = find_tables(document(drawn)).tables
    (task,), _, _ = read_tasks(headed, 2026, YEAR)
    assert task.schedule_text == "Từ tháng 8 đến tháng 9"


def test_without_a_number_column_numbers_before_the_contents_are_read() -> None:
    tasks = tasks_in(
        ["Quý I", "1. Lập sổ", "Phòng Kinh tế"],
        ["Truyền thông", "<", "<"],
        ["Quý II", "Viết tin", "Phòng Kinh tế"],
        header=["Thời hạn", "Tên nhiệm vụ", "Đơn vị thực hiện"],
    )
    assert [(t.code, t.section, t.content) for t in tasks] == [
        ("1", None, "Lập sổ"),
        (None, "Truyền thông", "Viết tin"),
    ]


def test_a_merged_group_column_gives_the_section() -> None:
    tasks = tasks_in(
        ["1", "Thể chế", "Lập sổ", "Phòng Kinh tế", "Quý I"],
        ["2", "^", "Khoá sổ", "Phòng Kinh tế", "Quý II"],
        ["3", "Số hoá", "Quét hồ sơ", "Phòng Kinh tế", "Quý III"],
        header=["STT", "Lĩnh vực", "Nhiệm vụ", "Chủ trì", "Thời hạn"],
    )
    assert [task.section for task in tasks] == ["Thể chế", "Thể chế", "Số hoá"]


def test_a_body_column_without_a_header_is_a_warning() -> None:
    tasks, warnings = read(
        ["1", "Lập sổ", "Phòng Kinh tế", "Công an xã", "Quý I"],
        header=["STT", "Nội dung", "Phân công", "<", "Thời hạn"],
    )
    assert (tasks[0].lead, tasks[0].support) == (["Phòng Kinh tế"], ["Công an xã"])
    assert warnings == ["dòng 1: cột 4 không có tiêu đề, đọc là cột phối hợp theo các ô."]


def test_a_column_for_both_roles_without_role_words_in_the_cell_is_a_warning() -> None:
    (task,) = tasks_in(
        ["1", "Lập sổ", "Phòng Kinh tế; Công an xã", "Quý I"],
        header=["TT", "Nhiệm vụ", "Cơ quan chủ trì, phối hợp", "Thời hạn"],
    )
    assert task.lead == ["Phòng Kinh tế", "Công an xã"]
    assert any("không ghi ai chủ trì, ai phối hợp" in warning for warning in task.warnings)


@pytest.mark.parametrize(
    ("below", "section"), [(["a", "b"], None), (["1.1", "1.2"], None), (["-", "-"], None), (["1"], "Ban hành")]
)
def test_a_number_after_those_of_a_group_is_beside_the_group(below: list[str], section: str | None) -> None:
    tasks = tasks_in(
        ["**1**", "**Ban hành**", "", "", "", ""],
        *([code, f"Việc {code}", *TASK] for code in below),
        ["2", "Kiểm tra", *TASK],
    )
    assert [task.section for task in tasks] == [*("Ban hành" for _ in below), section]


def test_after_a_page_break_an_unnumbered_row_continues_only_in_small_letters() -> None:
    tasks = tasks_in(
        ["Lập sổ theo", "Sổ", "Phòng Kinh tế", "Quý I"],
        "page",
        ["dõi hồ sơ", "", "", ""],
        "page",
        ["Nộp báo cáo", "Báo cáo", "Phòng Kinh tế", ""],
        header=["Nhiệm vụ", "Sản phẩm", "Chủ trì", "Thời hạn"],
    )
    assert [task.content for task in tasks] == ["Lập sổ theo dõi hồ sơ", "Nộp báo cáo"]


def test_a_row_may_have_more_parts_than_there_are_letters() -> None:
    tasks = tasks_in(["1", "Lập sổ", *TASK], *(["", "", f"Sổ {n}", "Phòng Kinh tế", "", "Quý I"] for n in range(27)))
    assert [task.code for task in tasks][-3:] == ["1z", "1.27", "1.28"]


@pytest.mark.parametrize("words", ["Chủ tịch UBND tỉnh về nâng cao chất lượng", "Chủ tịch UBND xã chỉ đạo"])
def test_a_task_cut_before_the_word_chair_is_no_signature(words: str) -> None:
    tasks = tasks_in(["1", "Thực hiện chỉ thị của", *TASK], "page", ["", words, "", "", "", ""], ["2", "Lập sổ", *TASK])
    assert [(task.code, task.content.split()[-1]) for task in tasks] == [
        ("1", words.rsplit(maxsplit=1)[-1]),
        ("2", "sổ"),
    ]


@pytest.mark.parametrize("words", ["CHỦ TỊCH", "Phó Chủ tịch UBND xã", "TM. ỦY BAN NHÂN DÂN"])
def test_a_table_ends_with_its_signature(words: str) -> None:
    tasks = tasks_in(["1", "Lập sổ", *TASK], ["", words, "", "", "", ""], ["2", "Nguyễn Văn An", *TASK])
    assert [task.code for task in tasks] == ["1"]


def test_a_long_table_has_numbers_of_four_digits() -> None:
    tasks = tasks_in(*([str(number), f"Lập sổ {number}", *TASK] for number in range(990, 1011)))
    assert [task.code for task in tasks] == [str(number) for number in range(990, 1011)]


def test_a_row_that_a_page_cut_in_all_its_columns_is_one_row() -> None:
    (task,) = tasks_in(
        ["1", "Lập sổ", "Sổ theo", "Trung tâm Phục vụ", "Công an xã", "Hàng tuần (thứ Hai,"],
        "page",
        ["", "", "dõi", "hành chính công", "", "thứ Năm)"],
    )
    assert (task.lead, task.schedule_text) == (["Trung tâm Phục vụ hành chính công"], "Hàng tuần (thứ Hai, thứ Năm)")
    assert task.warnings == ["dòng 2: dòng bị cắt qua hai trang, đã ghép lại."]


def test_a_slash_in_the_cell_divides_the_roles_that_a_slash_in_the_header_names() -> None:
    header = ["TT", "Nội dung", "Cơ quan chủ trì/phối hợp", "Thời gian"]
    rows = (["1", "Rà soát", "Phòng Kinh tế / Công an xã, Trạm Y tế", "Quý II"], ["2", "Họp", "Phòng Kinh tế", "Quý I"])
    first, second = tasks_in(*rows, header=header)
    assert (first.lead, first.support, first.warnings) == (["Phòng Kinh tế"], ["Công an xã", "Trạm Y tế"], [])
    assert (second.lead, second.support) == (["Phòng Kinh tế"], [])


def test_a_first_column_of_numbers_below_muc_numbers_the_rows() -> None:
    rows = (["1", "Thể chế", "<", "<"], ["a)", "Phòng Kinh tế", "Lập sổ", "Quý I"])
    (task,) = tasks_in(*rows, header=["Mục", "Người chịu trách nhiệm chính", "Phần việc", "Thời hạn"])
    assert (task.code, task.content, task.lead, task.section) == ("a", "Lập sổ", ["Phòng Kinh tế"], "Thể chế")


def test_a_numbered_title_below_a_table_names_the_office_of_the_next_one() -> None:
    header = ["STT", "Công việc", "Phối hợp", "Hạn xong"]
    above = table(header, ["1", "Lập sổ", "", "Quý I"], ["II. CÔNG AN XÃ", "", "", ""])
    below = table(header, ["1", "Kiểm tra", "", "Quý II"], first=5)
    found = find_tables(document("I. PHÒNG KINH TẾ", above, below))
    read_ones = [task for headed in found.tables for task in read_tasks(headed, 2026, YEAR)[0]]
    assert [(task.content, task.lead) for task in read_ones] == [
        ("Lập sổ", ["PHÒNG KINH TẾ"]),
        ("Kiểm tra", ["CÔNG AN XÃ"]),
    ]


def test_the_rest_of_a_word_on_the_next_page_is_no_header() -> None:
    (task,) = tasks_in(
        ["1", "Cấp chứng thư", "Sổ", "Phòng Kinh tế", "Mặt trận", "Quý I"], "page", ["", "số", "", "", "Tổ quốc", ""]
    )
    assert (task.content, task.support) == ("Cấp chứng thư số", ["Mặt trận Tổ quốc"])
