"""Columns of tables by their headers and cells, and which tables hold tasks or targets."""

import pytest

from services.planning.documents.document import Row, Table
from services.planning.documents.tables import find_tables
from services.planning.documents.tables.columns.header_words import role_of
from tests.planning.documents.drawn import document, table


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("STT", "number"),
        ("TT", "number"),
        ("Số TT", "number"),
        ("Nội dung công việc", "content"),
        ("NHIỆM VỤ TRỌNG TÂM", "content"),
        ("Tên nhiệm vụ", "content"),
        ("Lĩnh vực, tiêu chí", "content"),
        ("Nội dung chỉ tiêu", "content"),
        ("Lĩnh vực", "group"),
        ("Sản phẩm/Kết quả", "deliverable"),
        ("Dự kiến sản phẩm", "deliverable"),
        ("Yêu cầu năm 2026", "deliverable"),
        ("Cơ quan (đơn vị) chủ trì", "lead"),
        ("Đơn vị chủ trì tham mưu", "lead"),
        ("Bộ phận tham mưu", "lead"),
        ("Cơ quan phối hợp thực hiện", "support"),
        ("Chủ trì/Phối hợp", "bodies"),
        ("Cơ quan, đơn vị thực hiện", "bodies"),
        ("Phân công thực hiện", "bodies"),
        ("Trách nhiệm thực hiện", "bodies"),
        ("Thời hạn hoàn thành", "schedule"),
        ("Tiến độ", "schedule"),
        ("Thời gian chậm nhất phải xong", "schedule"),
        ("Hoàn thành", "schedule"),
        ("ĐVT", "unit"),
        ("Đơn vị tính", "unit"),
        ("Chỉ tiêu năm 2026", "indicator"),
        ("Kế hoạch năm 2026", "target"),
        ("Năm 2026", "target"),
        ("Thực hiện năm 2025", "other"),
        ("Kinh phí thực hiện", "other"),
        ("Lãnh đạo UBND chỉ đạo", "other"),
        ("Quý IV", "period"),
        ("Nhiệm vụ cụ thể", "content"),
        ("Tên nhiệm vụ/giải pháp", "content"),
        ("Thủ tục hành chính rà soát", "content"),
        ("Kết quả đầu ra", "deliverable"),
        ("Minh chứng/Tài liệu kiểm chứng", "evidence"),
        ("Phòng, ban phụ trách", "person"),
        ("CQ chủ trì", "lead"),
        ("Cơ quan soạn thảo", "lead"),
        ("ĐV phối hợp", "support"),
        ("Thời gian bắt đầu", "begin"),
        ("Kết thúc", "end"),
        ("Lộ trình", "schedule"),
        ("Hoàn thành trước", "schedule"),
        ("Tần suất", "schedule"),
        ("T/gian thực hiện", "schedule"),
        ("Tỷ lệ hoàn thành", "share"),
        ("Chức vụ", "other"),
        ("Tháng 10", "period"),
        ("Phòng Kinh tế", "other"),
    ],
)
def test_header_words_give_the_role_of_a_column(header: str, role: str) -> None:
    assert role_of(header) == role


def roles(drawn: Table) -> list[str]:
    (headed,) = find_tables(document(drawn)).tables
    return [column.role for column in headed.columns.all]


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            ["TT", "Chỉ tiêu", "Đơn vị", "Mục tiêu năm 2026", "Đơn vị thực hiện"],
            ["1", "Tỷ lệ đơn trả lời đúng hẹn", "%", "95", "Phòng Kinh tế"],
            ["number", "content", "unit", "target", "bodies"],
        ),
        (
            ["TT", "Tên chỉ tiêu", "Tỷ lệ", "Kế hoạch 2026"],
            ["1", "Đơn trả lời đúng hẹn", "%", "95"],
            ["number", "content", "unit", "target"],
        ),
        (
            ["TT", "Nội dung chỉ tiêu", "Tỷ lệ (%)", "Đơn vị"],
            ["1", "Đơn trả lời đúng hẹn", "95", "Phòng Kinh tế"],
            ["number", "content", "target", "bodies"],
        ),
        (
            ["TT", "Nhiệm vụ", "Chỉ tiêu", "Chủ trì", "Thời hạn"],
            ["1", "Trả lời đơn", "95% đúng hẹn", "Phòng Kinh tế", "Quý I"],
            ["number", "content", "deliverable", "lead", "schedule"],
        ),
        (
            ["TT", "Lĩnh vực", "Nhiệm vụ", "Người phụ trách", "Hạn hoàn thành"],
            ["1", "Đất đai", "Lập sổ", "Công chức địa chính", "Quý I"],
            ["number", "group", "content", "bodies", "schedule"],
        ),
        (
            ["Thời hạn", "Phối hợp", "Kết quả", "Chủ trì", "Công việc"],
            ["Quý I", "Công an xã", "Sổ", "Phòng Kinh tế", "Lập sổ"],
            ["schedule", "support", "deliverable", "lead", "content"],
        ),
        (
            ["TT", "Tiêu chí", "Tài liệu kiểm chứng", "Phòng phụ trách", "Thời hạn"],
            ["1", "Công khai", "Ảnh chụp", "Phòng Kinh tế", "Quý I"],
            ["number", "content", "deliverable", "bodies", "schedule"],
        ),
        (
            ["TT", "Nhiệm vụ", "Sản phẩm", "Minh chứng", "Chủ trì"],
            ["1", "Công khai", "Bảng tin", "Ảnh chụp", "Phòng Kinh tế"],
            ["number", "content", "deliverable", "other", "lead"],
        ),
        (
            ["TT", "Chỉ tiêu", "Kết quả 2025", "Mục tiêu 2026", "Chủ trì"],
            ["1", "Hồ sơ qua mạng", "62,5%", "80%", "Phòng Kinh tế"],
            ["number", "content", "other", "target", "lead"],
        ),
        (
            ["STT", "Đơn vị được kiểm tra", "Thời gian kiểm tra", "Ghi chú"],
            ["1", "Phòng Kinh tế", "Tháng 5/2026", ""],
            ["number", "content", "schedule", "other"],
        ),
    ],
)
def test_ambiguous_headers_are_resolved_by_the_other_columns(
    header: list[str], row: list[str], expected: list[str]
) -> None:
    assert roles(table(header, row)) == expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (["^", "^", "Chủ trì", "Phối hợp", "^"], ["number", "content", "lead", "support", "schedule"]),
        (["", "", "Cơ quan chủ trì", "Cơ quan phối hợp", ""], ["number", "content", "lead", "support", "schedule"]),
    ],
)
def test_the_second_row_of_a_header_names_the_columns_below_a_merged_cell(
    second: list[str], expected: list[str]
) -> None:
    first = ["STT", "Nội dung", "Phân công", "<", "Thời gian"]
    assert roles(table(first, second, ["1", "Lập sổ", "Phòng Kinh tế", "Công an xã", "Quý I"])) == expected


def test_a_row_merged_with_the_header_is_part_of_the_header() -> None:
    drawn = table(
        ["STT", "Chỉ số", "Mục tiêu năm 2026", "<", "Đơn vị phụ trách"],
        ["^", "^", "Điểm số", "Thứ bậc", "^"],
        ["1", "Công khai", "17", "10", "Phòng Kinh tế"],
    )
    (headed,) = find_tables(document(drawn)).tables
    assert [row.place for row in headed.rows] == ["dòng 3"]


@pytest.mark.parametrize(
    ("header", "kind"), [("Mục tiêu", "indicators"), ("Mục tiêu, nhiệm vụ", "tasks"), ("Nhiệm vụ", "tasks")]
)
def test_beside_bodies_alone_the_header_separates_targets_from_tasks(header: str, kind: str) -> None:
    drawn = table(["STT", header, "Đơn vị thực hiện"], ["1", "80% hồ sơ qua mạng", "Phòng Kinh tế"])
    assert [headed.kind for headed in find_tables(document(drawn)).tables] == [kind]


def test_a_list_of_people_with_their_posts_is_no_table_of_tasks() -> None:
    drawn = table(["STT", "Họ và tên", "Chức vụ", "Nhiệm vụ"], ["1", "Nguyễn Văn A", "Chủ tịch", "Tổ trưởng"])
    assert find_tables(document(drawn)).tables == []


def test_a_row_of_column_numbers_is_no_task() -> None:
    drawn = table(
        ["STT", "Nội dung", "Chủ trì", "Thời hạn"],
        ["(1)", "(2)", "(3)", "(4)"],
        ["1", "Lập sổ", "Phòng Kinh tế", "Quý I"],
    )
    (headed,) = find_tables(document(drawn)).tables
    assert [row.place for row in headed.rows] == ["dòng 3"]


def test_columns_without_a_header_are_guessed_by_their_cells_with_a_warning() -> None:
    drawn = table(
        ["1", "Kiểm tra nội bộ", "Biên bản", "Trung tâm Phục vụ hành chính công", "Quý II"],
        ["2", "Hỏi ý kiến người dân", "Báo cáo khảo sát", "Phòng Văn hoá - Xã hội", "Trước ngày 01/12/2026"],
    )
    found = find_tables(document(drawn))
    assert roles(drawn) == ["number", "content", "deliverable", "bodies", "schedule"]
    assert found.warnings == [
        "dòng 1: bảng không có dòng tiêu đề, các cột được xác định theo nội dung các ô: cột 1 là số thứ tự; "
        "cột 2 là nội dung; cột 3 là sản phẩm; cột 4 là cơ quan thực hiện; cột 5 là thời gian."
    ]


def test_a_layout_table_becomes_text_without_a_warning() -> None:
    head = table(["UBND XÃ THỬ\nSố: /KH-UBND", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"])
    foot = table(["Nơi nhận:\n- Như trên;\n- Lưu: VT.", "TM. UỶ BAN NHÂN DÂN\nCHỦ TỊCH"])
    found = find_tables(document(head, "Kế hoạch", foot))
    assert (found.tables, found.warnings) == ([], [])
    assert "Kế hoạch" in [paragraph.text for paragraph in found.paragraphs]
    assert "Số: /KH-UBND" in [paragraph.text for paragraph in found.paragraphs]


def test_an_unknown_table_is_a_warning_with_its_place_and_first_words() -> None:
    found = find_tables(document(table(["Thôn", "Số hộ", "Diện tích"], ["A", "12", "3"], ["B", "9", "4"], first=40)))
    assert found.tables == []
    assert found.warnings == [
        "dòng 40: không hiểu bảng này, chưa đọc nội dung của nó (bắt đầu bằng “Thôn | Số hộ | Diện tích”)."
    ]


def test_a_table_continues_in_the_next_one_with_or_without_its_header() -> None:
    header = ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"]
    found = find_tables(
        document(
            table(header, ["1", "Lập sổ", "Phòng Kinh tế", "Quý I"]),
            "2",
            table(header, ["2", "Gửi báo cáo", "Phòng Kinh tế", "Quý II"], first=10),
            "- 3 -",
            table(["3", "Sơ kết", "Phòng Kinh tế", "Quý III"], first=20),
        )
    )
    (headed,) = found.tables
    assert [(row.place, row.page_begins) for row in headed.rows] == [
        ("dòng 2", False),
        ("dòng 11", True),
        ("dòng 20", True),
    ]


def test_a_second_table_below_its_own_heading_is_separate() -> None:
    header = ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"]
    found = find_tables(
        document(
            "1. Thể chế",
            table(header, ["1", "Soạn quy chế", "Phòng Kinh tế", "Quý I"]),
            "2. Truyền thông",
            table(["1", "Phát tờ rơi", "Phòng Kinh tế", "Quý II"]),
        )
    )
    assert [headed.section for headed in found.tables] == ["Thể chế", "Truyền thông"]
    assert found.warnings == []


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            ["", "Nội dung", "Phân công", "<", "Thời hạn"],
            ["1", "Lập sổ", "Phòng Kinh tế", "Công an xã", "Quý I"],
            ["number", "content", "bodies", "support", "schedule"],
        ),
        (
            ["TT", "Tên chỉ tiêu", "ĐVT", "Yêu cầu cần đạt", "Cơ quan thực hiện"],
            ["1", "Đơn trả lời đúng hẹn", "%", "Tối thiểu 95", "Phòng Kinh tế"],
            ["number", "content", "unit", "target", "bodies"],
        ),
        (
            ["Ngày, tháng", "Nội dung công việc", "Người thực hiện"],
            ["15/3/2026", "Lập sổ", "Công chức văn phòng"],
            ["schedule", "content", "bodies"],
        ),
    ],
)
def test_cells_decide_where_a_header_is_empty_or_misleading(
    header: list[str], row: list[str], expected: list[str]
) -> None:
    assert roles(table(header, row)) == expected


def test_the_same_header_on_another_sheet_begins_another_table() -> None:
    header = ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"]
    first, second = (
        Table(
            tuple(
                Row(row.cells, f"trang tính {sheet}, hàng {n}")
                for n, row in enumerate(table(header, ["1", "Lập sổ", "Phòng Kinh tế", "Quý I"]).rows, 1)
            ),
            f"trang tính {sheet}, hàng 1",
        )
        for sheet in ("Quý I", "Quý II")
    )
    assert len(find_tables(document(first, second)).tables) == 2


def test_a_header_that_stands_twice_side_by_side_makes_two_tables() -> None:
    header = ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"]
    left, right = ["1", "Lập sổ", "Phòng Kinh tế", "Quý I"], ["1", "Mở lớp", "Công an xã", "Quý III"]
    found = find_tables(document(table(header * 2, left + right, ["2", "Số hoá", "Công an xã", "Quý II", *[""] * 4])))

    texts = [[[cell.text for cell in row.cells] for row in each.rows] for each in found.tables]
    assert texts == [[left, ["2", "Số hoá", "Công an xã", "Quý II"]], [right]]


def test_a_column_of_roles_is_a_body_whatever_its_name() -> None:
    header = ["TT", "Nhiệm vụ", "Phòng Kinh tế", "Tổ CNSCĐ", "Thời hạn"]
    found = find_tables(document(table(header, ["1", "Lập sổ", "CT", "PH", "Quý I"], ["2", "Mở lớp", "PH", "CT", ""])))

    assert [column.role for column in found.tables[0].columns.all][2:4] == ["marked", "marked"]
