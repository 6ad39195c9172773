"""Fields outside a column of their own: in mixed cells, marks, headings, and tables of keys and values."""

from datetime import date

import pytest

from services.planning.documents.draft import DraftTask
from services.planning.documents.tables import find_tables, read_tasks
from services.planning.plan_file import Deadline
from tests.planning.documents.drawn import document, table

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def tasks_in(*rows: list[str]) -> list[DraftTask]:
    found = find_tables(document(table(*rows)))
    return [task for headed in found.tables for task in read_tasks(headed, 2026, YEAR)[0]]


@pytest.mark.parametrize(
    ("cell", "deliverable", "schedule"),
    [
        ("Sổ theo dõi\nQuý II/2026", "Sổ theo dõi", "Quý II/2026"),
        ("Quý II/2026\nSổ theo dõi", "Sổ theo dõi", "Quý II/2026"),
        ("Báo cáo; trước ngày 15/6/2026", "Báo cáo", "trước ngày 15/6/2026"),
        ("Sổ (tháng 02/2026)", "Sổ", "tháng 02/2026"),
        ("Sổ\n17/12/2026", "Sổ", "17/12/2026"),
        ("Sổ; thứ Sáu hằng tuần", "Sổ", "thứ Sáu hằng tuần"),
        ("Sổ; khi có yêu cầu", "Sổ", "khi có yêu cầu"),
        ("Kế hoạch; báo cáo quý II; tháng 7", "Kế hoạch; báo cáo quý II", "tháng 7"),
        ("Báo cáo quý II", "Báo cáo quý II", "quý II"),
        ("Sổ. Thời hạn: Quý III", "Sổ.", "Quý III"),
        ("Thường xuyên", None, "Thường xuyên"),
        ("Quyết định kiện toàn", "Quyết định kiện toàn", None),
    ],
)
def test_a_column_for_two_fields_is_divided_with_a_warning(
    cell: str, deliverable: str | None, schedule: str | None
) -> None:
    header = ["STT", "Nội dung", "Đơn vị thực hiện", "Sản phẩm/Thời gian hoàn thành"]
    (task,) = tasks_in(header, ["1", "Lập sổ", "Phòng Kinh tế", cell])
    assert (task.deliverable, task.schedule_text) == (deliverable, schedule)
    assert any("lấy từ ô “Sản phẩm/Thời gian hoàn thành”" in warning for warning in task.warnings) == bool(schedule)


@pytest.mark.parametrize("header", ["Đơn vị, thời gian thực hiện", "Thời gian và đơn vị thực hiện"])
@pytest.mark.parametrize("cell", ["Phòng Kinh tế\nQuý II", "Phòng Kinh tế; quý II", "Phòng Kinh tế (quý II)"])
def test_a_body_and_its_schedule_in_one_column_are_divided(header: str, cell: str) -> None:
    (task,) = tasks_in(["TT", "Nội dung công việc", "Kết quả", header], ["1", "Lập sổ", "Sổ", cell])
    assert (task.lead, (task.schedule_text or "").lower()) == (["Phòng Kinh tế"], "quý ii")


def test_keys_without_a_column_are_taken_out_of_the_content() -> None:
    header = ["STT", "Nhiệm vụ", "Ngày"]
    (task,) = tasks_in(header, ["1", "Lập sổ\nSản phẩm: Sổ\n- Chủ trì: Phòng Kinh tế\n- Phối hợp: Công an xã", "Quý I"])
    assert (task.content, task.deliverable) == ("Lập sổ", "Sổ")
    assert (task.lead, task.support) == (["Phòng Kinh tế"], ["Công an xã"])


def test_a_content_that_is_only_a_key_stays_the_content() -> None:
    (task,) = tasks_in(["STT", "Nội dung", "Chủ trì"], ["1", "Thời gian: Quý II", "Phòng Kinh tế"])
    assert task.content == "Thời gian: Quý II"


def test_without_a_schedule_column_the_heading_may_be_the_schedule() -> None:
    first, second = tasks_in(
        ["STT", "Nội dung", "Chủ trì"],
        ["**THÁNG 01**", "<", "<"],
        ["1", "Lập sổ", "Phòng Kinh tế"],
        ["**Việc khác**", "<", "<"],
        ["2", "Nộp sổ", "Phòng Kinh tế"],
    )
    assert (first.schedule_text, second.schedule_text) == ("THÁNG 01", None)
    assert "dòng 3: thời gian “THÁNG 01” lấy từ tiêu đề của nhóm." in first.warnings


@pytest.mark.parametrize("mark", ["nt", "-nt-", "n.t.", "Như trên", "- Như trên -", "″", '"', "//"])
def test_a_ditto_mark_is_filled_in_across_headings_with_a_warning(mark: str) -> None:
    _, task = tasks_in(
        ["STT", "Nội dung", "Chủ trì", "Thời hạn"],
        ["1", "Lập sổ", "Phòng Kinh tế", "Quý I"],
        ["II", "Nhóm khác", "", ""],
        ["2", "Nộp sổ", mark, mark],
    )
    assert (task.lead, task.schedule_text) == (["Phòng Kinh tế"], "Quý I")
    assert task.warnings == ["dòng 4: ô “Chủ trì”, “Thời hạn” ghi là như trên, lấy theo dòng trên."]


PAIRS = [["Chủ trì", "Phòng Kinh tế"], ["Phối hợp", "Công an xã"], ["Sản phẩm", "Sổ"], ["Thời gian", "Quý II"]]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["Nhiệm vụ 1", "Lập sổ"], ["Nhiệm vụ 2", "Nộp sổ"]),
        (["1. Lập sổ", "<"], ["2. Nộp sổ", "<"]),
        (["Nội dung công việc", "1. Lập sổ"], ["Nội dung công việc", "2. Nộp sổ"]),
    ],
)
def test_a_table_of_keys_and_values_is_one_task_for_each_title(first: list[str], second: list[str]) -> None:
    tasks = tasks_in(first, *PAIRS, second, PAIRS[0], PAIRS[3])
    assert [(t.code, t.content, t.deliverable, t.schedule_text, t.place) for t in tasks] == [
        ("1", "Lập sổ", "Sổ", "Quý II", "dòng 1"),
        ("2", "Nộp sổ", None, "Quý II", "dòng 6"),
    ]
    assert [(t.lead, t.support) for t in tasks] == [(["Phòng Kinh tế"], ["Công an xã"]), (["Phòng Kinh tế"], [])]


def test_a_table_of_keys_and_values_without_a_title_becomes_lines_below_the_heading() -> None:
    found = find_tables(document("1. Lập sổ", table(*PAIRS)))
    assert found.tables == []
    assert [paragraph.text for paragraph in found.paragraphs][:2] == ["1. Lập sổ", "- Chủ trì: Phòng Kinh tế"]


def test_two_columns_below_a_header_are_no_table_of_keys_and_values() -> None:
    (task,) = tasks_in(["Nhiệm vụ", "Thời hạn"], ["Lập sổ", "Quý I"])
    assert (task.content, task.schedule_text) == ("Lập sổ", "Quý I")


@pytest.mark.parametrize(
    ("marks", "lead", "support"),
    [
        (["CT", "PH"], ["Phòng Kinh tế"], ["Công an xã"]),
        (["x", "Chủ trì"], ["Công an xã"], ["Phòng Kinh tế"]),
        (["x", "x"], ["Phòng Kinh tế", "Công an xã"], []),
    ],
)
@pytest.mark.parametrize("parent", [None, "Đơn vị thực hiện"])
def test_marks_in_columns_named_after_bodies_give_the_roles(
    parent: str | None, marks: list[str], lead: list[str], support: list[str]
) -> None:
    names = ["Phòng Kinh tế", "Công an xã"]
    header = [["STT", "Nhiệm vụ", *names, "Thời gian"]]
    if parent:
        header = [["STT", "Nhiệm vụ", parent, "<", "Thời gian"], ["^", "^", *names, "^"]]
    (task,) = tasks_in(*header, ["1", "Lập sổ", *marks, "Quý I"])
    assert (task.lead, task.support) == (lead, support)


@pytest.mark.parametrize(
    ("headers", "cells", "text", "milestone"),
    [
        (
            ["Thời gian bắt đầu", "Thời gian kết thúc"],
            ["01/02/2026", "30/6/2026"],
            "Từ 01/02/2026 đến 30/6/2026",
            Deadline(kind="deadline", from_=date(2026, 2, 1), due=date(2026, 6, 30)),
        ),
        (
            ["Bắt đầu", "Thời gian hoàn thành"],
            ["Tháng 3", "Tháng 6"],
            "Từ Tháng 3 đến Tháng 6",
            Deadline(kind="deadline", from_=date(2026, 3, 1), due=date(2026, 6, 30)),
        ),
        (
            ["Ghi chú", "Hoàn thành trước"],
            ["", "15/6/2026"],
            "15/6/2026",
            Deadline(kind="deadline", due=date(2026, 6, 14), before=True),
        ),
    ],
)
def test_headers_of_schedules_complete_the_meaning_of_their_cells(
    headers: list[str], cells: list[str], text: str, milestone: Deadline
) -> None:
    (task,) = tasks_in(["STT", "Nhiệm vụ", "Chủ trì", *headers], ["1", "Lập sổ", "Phòng Kinh tế", *cells])
    assert (task.schedule_text, task.milestones) == (text, [milestone])


@pytest.mark.parametrize(
    ("above", "lead", "schedule"),
    [
        ("2. Nhiệm vụ quý I/2026", [], "quý I/2026"),
        ("Tháng 3 năm 2026:", [], "Tháng 3 năm 2026"),
        ("Công an xã:", ["Công an xã"], None),
        ("NHIỆM VỤ CỦA CÔNG AN XÃ", ["CÔNG AN XÃ"], None),
        ("ỦY BAN NHÂN DÂN XÃ XỐP", [], None),
    ],
)
def test_a_heading_above_a_table_gives_the_fields_without_a_column(
    above: str, lead: list[str], schedule: str | None
) -> None:
    found = find_tables(document(above, table(["STT", "Nội dung", "Sản phẩm"], ["1", "Lập sổ", "Sổ"])))
    (task,) = [task for headed in found.tables for task in read_tasks(headed, 2026, YEAR)[0]]
    assert (task.lead, task.schedule_text) == (lead, schedule)


def test_a_record_with_values_like_titles_is_no_header() -> None:
    pairs = [["Nhiệm vụ", "Lập sổ"], PAIRS[0], ["Thời hạn", "Ngày 20 tháng 4 năm 2026"], ["Sản phẩm", "Danh mục"]]
    (task,) = tasks_in(*pairs)
    assert (task.content, task.deliverable, task.schedule_text) == ("Lập sổ", "Danh mục", "Ngày 20 tháng 4 năm 2026")


@pytest.mark.parametrize(
    ("title", "schedule"),
    [
        ("Nhiệm vụ hoàn thành trong Quý I/2026", "trong Quý I/2026"),
        ("Các công việc phải làm trước ngày 15/6/2026", "trước ngày 15/6/2026"),
        ("Nhiệm vụ thường xuyên", "thường xuyên"),
        ("Nhiệm vụ về thể chế", None),
    ],
)
def test_the_time_that_a_group_of_tasks_has_is_that_of_its_rows(title: str, schedule: str | None) -> None:
    (task,) = tasks_in(["STT", "Nhiệm vụ", "Chủ trì"], ["I", title, ""], ["1", "Rà soát", "Phòng Kinh tế"])
    assert task.schedule_text == schedule
    assert task.warnings


def test_a_row_that_tells_only_when_it_begins_is_to_be_looked_at() -> None:
    header = ["STT", "Nhiệm vụ", "Chủ trì", "Thời gian bắt đầu"]
    (task,) = tasks_in(header, ["1", "Rà soát", "Phòng Kinh tế", "Tháng 1"])
    assert any("chỉ ghi thời gian bắt đầu" in warning for warning in task.warnings)
