"""Tasks written as prose: numbered headings, their bullets and their keys."""

from datetime import date
from decimal import Decimal

import pytest

from services.planning.documents.blocks import BlocksRead
from services.planning.documents.draft import DraftTask
from services.planning.plan_file import Deadline, Unspecified
from tests.planning.documents.drawn import blocks_in

Line = str | tuple[str, str]


def tasks(*lines: Line) -> list[DraftTask]:
    return blocks_in(*lines).tasks


def who_and_when(task: DraftTask) -> tuple[str | None, list[str], list[str], str | None]:
    return task.code, task.lead, task.support, task.schedule_text


def test_a_numbered_heading_with_bullets_and_keys_is_one_task() -> None:
    (task,) = tasks(
        "II. NHIỆM VỤ",
        "1. Cập nhật quy trình nội bộ.",
        "- Lập danh mục quy trình.",
        "- Lấy ý kiến các đơn vị.",
        "- Bộ phận chủ trì tham mưu: Phòng Kinh tế.",
        "- Bộ phận phối hợp, theo dõi: Phòng Văn hóa - Xã hội.",
        "- Sản phẩm: Quyết định, danh mục...",
        "- Thời gian thực hiện: Trước ngày 30/6/2026.",
    )

    assert (task.code, task.section, task.place) == ("1", "NHIỆM VỤ", "dòng 2")
    assert task.content == "Cập nhật quy trình nội bộ.\nLập danh mục quy trình.\nLấy ý kiến các đơn vị."
    assert (task.lead, task.support) == (["Phòng Kinh tế"], ["Phòng Văn hóa - Xã hội"])
    assert (task.deliverable, task.schedule_text) == ("Quyết định, danh mục...", "Trước ngày 30/6/2026")
    assert task.milestones == [Deadline(kind="deadline", due=date(2026, 6, 29), before=True)]
    assert task.warnings == []


@pytest.mark.parametrize(
    "key",
    [
        *("Cơ quan chủ trì", "Đơn vị chủ trì thực hiện", "Công chức chủ trì", "Phòng chủ trì", "Chủ trì"),
        *("CƠ QUAN CHỦ TRÌ", "Cơ quan/Đơn vị chủ trì", "Cơ quan, đơn vị chủ trì", "Đơn vị thực hiện"),
        *("Phân công thực hiện", "Phân công", "Người phụ trách", "Đơn vị chủ trì (tham mưu)"),
        *("Trách nhiệm thực hiện", "Đơn vị đầu mối", "Người thực hiện"),
    ],
)
@pytest.mark.parametrize("bullet", ["- ", "+ ", "• ", "* ", "", "a) "])
def test_the_leading_body_is_read_after_each_of_its_keys(key: str, bullet: str) -> None:
    (task,) = tasks("1. Kiểm tra kho lưu trữ", f"{bullet}{key}: Phòng Kinh tế", f"{bullet}Thời gian: Quý I")

    assert who_and_when(task) == ("1", ["Phòng Kinh tế"], [], "Quý I")


@pytest.mark.parametrize(
    "key",
    [
        *("Thời gian", "Thời gian thực hiện", "Thời gian hoàn thành", "Thời hạn", "Thời hạn hoàn thành", "Tiến độ"),
        *("Tiến độ thực hiện", "Hoàn thành", "Thời gian, tiến độ thực hiện", "Hạn hoàn thành", "Lộ trình thực hiện"),
    ],
)
def test_the_schedule_is_read_after_each_of_its_keys(key: str) -> None:
    (task,) = tasks("1. Kiểm tra kho lưu trữ", "- Chủ trì: Phòng Kinh tế", f"- {key}: Quý II")

    assert task.milestones == [Deadline(kind="deadline", due=date(2026, 6, 30), **{"from": date(2026, 4, 1)})]


@pytest.mark.parametrize(
    "key", ["Sản phẩm", "Kết quả", "Sản phẩm dự kiến/đầu ra", "Dự kiến sản phẩm", "Kết quả đạt được"]
)
def test_the_deliverable_is_read_after_each_of_its_keys(key: str) -> None:
    (task,) = tasks("1. Kiểm tra kho", "- Chủ trì: Phòng Kinh tế", f"- {key}: Biên bản.", "- Thời gian: Quý II")

    assert task.deliverable == "Biên bản"


def test_a_requirement_is_the_deliverable_where_none_is_named() -> None:
    keys = ("- Chủ trì: Phòng Kinh tế", "- Yêu cầu: Đủ hồ sơ", "- Thời gian: Quý II")
    (alone,) = tasks("1. Kiểm tra kho", *keys)
    (beside,) = tasks("1. Kiểm tra kho", *keys, "- Sản phẩm: Biên bản")

    assert (alone.deliverable, alone.content) == ("Đủ hồ sơ", "Kiểm tra kho")
    assert (beside.deliverable, beside.content) == ("Biên bản", "Kiểm tra kho\nYêu cầu: Đủ hồ sơ")


@pytest.mark.parametrize(
    "lines",
    [
        ("1. Mở lớp", "- Chủ trì: Phòng Kinh tế; phối hợp: Phòng Văn hóa - Xã hội; thời gian: Quý II."),
        ("1. Mở lớp (Chủ trì: Phòng Kinh tế; phối hợp: Phòng Văn hóa - Xã hội; thời gian: Quý II)",),
        ("1. Mở lớp. Chủ trì: Phòng Kinh tế. Phối hợp: Phòng Văn hóa - Xã hội. Thời gian hoàn thành: Quý II.",),
        ("1. Mở lớp", "Chủ trì: Phòng Kinh tế", "Phối hợp: Phòng Văn hóa - Xã hội", "Thời gian: Quý II"),
        (
            "1. Mở lớp",
            "- Chủ trì:",
            "+ Phòng Kinh tế",
            "- Phối hợp:",
            "+ Phòng Văn hóa - Xã hội",
            "- Thời gian:",
            "Quý II",
        ),
        ("1. Mở lớp", "a) Chủ trì: Phòng Kinh tế", "b) Phối hợp: Phòng Văn hóa - Xã hội", "c) Thời gian: Quý II"),
        (
            ("1.", "Mở lớp"),
            ("-", "Chủ trì: Phòng Kinh tế"),
            ("-", "Phối hợp: Phòng Văn hóa - Xã hội\nThời gian: Quý II"),
        ),
        (
            "1. Mở lớp",
            "- Đơn vị thực hiện: Phòng Kinh tế chủ trì; Phòng Văn hóa - Xã hội phối hợp",
            "- Thời gian: Quý II",
        ),
    ],
)
def test_keys_may_share_a_line_have_their_own_lines_or_precede_a_list(lines: tuple[Line, ...]) -> None:
    (task,) = tasks(*lines)

    assert who_and_when(task) == ("1", ["Phòng Kinh tế"], ["Phòng Văn hóa - Xã hội"], "Quý II")
    assert task.content.rstrip(".") == "Mở lớp"


def test_a_value_continues_on_the_lines_that_belong_to_it() -> None:
    (task,) = tasks(
        "1. Báo cáo định kỳ",
        "- Bộ phận phối hợp:",
        "+ Phòng Kinh tế;",
        "+ Phòng Văn hóa - Xã hội.",
        "- Sản phẩm: Báo cáo gửi tỉnh,",
        "kèm phụ lục số liệu.",
        "- Chủ trì: Văn phòng HĐND và UBND",
        "- Thời gian thực hiện: Quý I năm 2026.",
        "Quý III năm 2026 báo cáo bổ sung.",
        "(Kèm theo biểu số liệu)",
    )

    assert task.support == ["Phòng Kinh tế", "Phòng Văn hóa - Xã hội"]
    assert task.deliverable == "Báo cáo gửi tỉnh, kèm phụ lục số liệu"
    assert task.schedule_text == "Quý I năm 2026.\nQuý III năm 2026 báo cáo bổ sung"
    assert task.content == "Báo cáo định kỳ"


KEYS = ("- Chủ trì: Phòng Kinh tế", "- Thời gian: Quý II")


def test_a_heading_above_numbered_tasks_is_their_section() -> None:
    found = tasks(
        "II. NHIỆM VỤ",
        "1. Về thể chế",
        "1.1. Soạn văn bản",
        *KEYS,
        "1.2. Rà văn bản",
        *KEYS,
        "2. Về bộ máy",
        "2.1 Rà soát",
        *KEYS,
    )

    assert [(task.code, task.section) for task in found] == [
        ("1.1", "Về thể chế"),
        ("1.2", "Về thể chế"),
        ("2.1", "Về bộ máy"),
    ]


def test_a_starred_line_with_keys_below_it_is_a_task_without_a_code() -> None:
    (task,) = tasks("II. NHIỆM VỤ", "3. Về bộ máy", "* Rà soát việc phân cấp.", *KEYS)

    assert (task.code, task.section, task.content) == (None, "Về bộ máy", "Rà soát việc phân cấp.")


def test_bullets_with_their_own_keys_are_separate_tasks() -> None:
    found = tasks(
        "**Cải cách thể chế",
        "- Soạn văn bản",
        "+ Chủ trì: Phòng Kinh tế",
        "+ Thời gian: Quý I",
        "- Rà văn bản",
        "+ Chủ trì: Văn phòng HĐND và UBND",
        "+ Thời gian: Quý II",
    )

    assert [(task.content, task.section, task.schedule_text) for task in found] == [
        ("Soạn văn bản", "Cải cách thể chế", "Quý I"),
        ("Rà văn bản", "Cải cách thể chế", "Quý II"),
    ]


def test_numbered_parts_before_shared_keys_are_lines_of_one_task() -> None:
    found = tasks(
        "1. Lập kế hoạch", "1.1. Dự thảo", "1.2. Trình ký", *KEYS, "2. Mở lớp", "2.1. Mời thầy", "2.2. Thuê chỗ", *KEYS
    )

    assert [(task.code, task.content) for task in found] == [
        ("1", "Lập kế hoạch\nDự thảo\nTrình ký"),
        ("2", "Mở lớp\nMời thầy\nThuê chỗ"),
    ]


def test_letters_and_words_may_number_sections_and_tasks() -> None:
    found = tasks("A. THỂ CHẾ", "I. Văn bản", "1) Soạn thảo", *KEYS, "B. TÀI CHÍNH", "Nhiệm vụ 2: Lập dự toán", *KEYS)

    assert [(task.code, task.section, task.content) for task in found] == [
        ("1", "Văn bản", "Soạn thảo"),
        ("2", "TÀI CHÍNH", "Lập dự toán"),
    ]


def test_a_block_among_tasks_is_a_task_without_keys_and_its_schedule_comes_from_its_prose() -> None:
    *_, task = tasks(
        "II. NHIỆM VỤ", "1. Mở lớp", *KEYS, "2. Đăng tin", *KEYS,
        "3. Báo cáo", "- Các phòng gửi số liệu chậm nhất ngày 15/6/2026.",
    )  # fmt: skip

    assert (task.code, task.lead, task.deliverable) == ("3", [], None)
    assert task.schedule_text == "chậm nhất ngày 15/6/2026"
    assert task.milestones == [Deadline(kind="deadline", due=date(2026, 6, 15))]
    assert task.warnings[:2] == ["dòng 8: chưa nêu đơn vị chủ trì.", "dòng 8: chưa nêu sản phẩm."]


@pytest.mark.parametrize(
    "name", ["Kinh phí", "Tổ chức thực hiện", "Mục đích", "Yêu cầu", "Giải pháp chung", "Quan điểm"]
)
def test_a_general_section_among_tasks_is_no_task(name: str) -> None:
    found = tasks("1. Mở lớp", *KEYS, "2. Đăng tin", *KEYS, f"3. {name}", "- Theo dự toán được giao hằng quý.")

    assert [task.code for task in found] == ["1", "2"]


def test_numbered_prose_without_keys_gives_no_task() -> None:
    found = blocks_in(
        "I. GIẢI PHÁP", "1. Đẩy mạnh tuyên truyền.", "2. Tăng cường kiểm tra hằng quý.",
        "II. TỔ CHỨC THỰC HIỆN", "1. Phòng Kinh tế:", "- Chủ trì kiểm tra;", "- Hoàn thành trước ngày 30/9/2026.",
    )  # fmt: skip

    assert (found.tasks, found.indicators) == ([], [])


def test_text_after_the_recipients_belongs_to_no_task_and_an_annex_has_tasks_again() -> None:
    found = tasks("1. Mở lớp", *KEYS, "Nơi nhận:", "- Phòng Kinh tế;", "- Lưu: VT.", "PHỤ LỤC", "1. Đăng tin", *KEYS)

    assert [(task.content, task.lead) for task in found] == [
        ("Mở lớp", ["Phòng Kinh tế"]),
        ("Đăng tin", ["Phòng Kinh tế"]),
    ]


def test_a_heading_cut_by_a_page_break_is_one_heading() -> None:
    (task,) = tasks("6. Xây dựng chính quyền", "số", "6.1. Mua chữ ký số cho", "công chức", *KEYS)

    assert (task.section, task.content) == ("Xây dựng chính quyền số", "Mua chữ ký số cho công chức")


@pytest.mark.parametrize(
    ("keys", "warning"),
    [
        (("- Phối hợp: Phòng Kinh tế", "- Thời gian: Quý I"), "chưa nêu đơn vị chủ trì"),
        (("- Chủ trì: Phòng Kinh tế",), "chưa ghi thời hạn"),
        (
            ("- Chủ trì: Các phòng chuyên môn", "- Thời gian: Quý I"),
            "đơn vị chủ trì ghi chung, chưa nêu tên: Các phòng chuyên môn",
        ),
        (
            ("- Chủ trì: Phòng Kinh tế", "- Phối hợp: Phòng Kinh tế xã", "- Thời gian: Quý I"),
            "đơn vị vừa chủ trì vừa phối hợp: Phòng Kinh tế",
        ),
    ],
)
def test_doubts_about_a_task_are_warnings_with_its_place(keys: tuple[str, ...], warning: str) -> None:
    (task,) = tasks("II. NHIỆM VỤ", "1. Mở lớp", *keys)

    assert f"dòng 2: {warning}." in task.warnings


def test_the_leading_body_may_be_named_in_a_sentence() -> None:
    (task,) = tasks(
        "1. Công bố danh mục",
        "Giao Phòng Kinh tế chủ trì, phối hợp với Phòng Văn hóa - Xã hội thực hiện. Thời gian hoàn thành: trước 30/9.",
    )

    assert who_and_when(task) == ("1", ["Phòng Kinh tế"], ["Phòng Văn hóa - Xã hội"], "trước 30/9")
    assert "dòng 1: đơn vị chủ trì lấy từ lời văn: Phòng Kinh tế." in task.warnings


def test_the_parts_of_a_task_may_be_numbered_like_tasks() -> None:
    (task,) = tasks(
        "I. Cải cách thể chế",
        "1. Nhiệm vụ:",
        "a) Soạn văn bản.",
        "b) Rà văn bản.",
        "2. Phân công:",
        "- Chủ trì: Phòng Kinh tế",
        "- Phối hợp: Phòng Văn hóa - Xã hội",
        "3. Thời gian: Trong năm 2026.",
    )

    assert (task.section, task.content) == ("Cải cách thể chế", "Nhiệm vụ:\nSoạn văn bản.\nRà văn bản.")
    assert who_and_when(task) == ("1", ["Phòng Kinh tế"], ["Phòng Văn hóa - Xã hội"], "Trong năm 2026")


def test_a_numbered_key_without_a_value_or_keys_after_it_is_a_section() -> None:
    found = tasks("III. TỔ CHỨC", "1. Kinh phí: theo dự toán", "2. Phân công nhiệm vụ:", "- Phòng Kinh tế: kiểm tra.")

    assert found == []


def test_a_task_without_a_schedule_has_an_unspecified_milestone() -> None:
    (task,) = tasks("1. Mở lớp", "- Chủ trì: Phòng Kinh tế")

    assert (task.schedule_text, task.milestones) == (None, [Unspecified(kind="unspecified")])


@pytest.mark.parametrize("schedule", ["Trong năm 2024", "Trước ngày 31/9/2026", "Kịp thời"])
def test_doubts_about_a_schedule_are_warnings_with_the_place(schedule: str) -> None:
    (task,) = tasks("1. Mở lớp", "- Chủ trì: Phòng Kinh tế", f"- Thời gian: {schedule}")

    assert task.warnings
    assert all(warning.startswith("dòng 1: ") for warning in task.warnings)


def test_targets_of_a_task_are_owned_by_its_leading_body_and_those_of_aims_have_no_owner() -> None:
    found = blocks_in(
        "I. MỤC TIÊU",
        "- Tỷ lệ hồ sơ trực tuyến đạt tối thiểu 70%.",
        "II. NHIỆM VỤ",
        "1. Trả lời phản ánh",
        "- Tỷ lệ phản ánh được trả lời đúng hạn đạt 100%.",
        *KEYS,
    )

    assert [(one.place, one.owners, one.target and one.target.at_least) for one in found.indicators] == [
        ("dòng 2", [], Decimal(70)),
        ("dòng 5", ["Phòng Kinh tế"], Decimal(100)),
    ]


def test_a_target_in_two_tasks_is_one_target_with_the_owners_of_both() -> None:
    line = "- Tỷ lệ phản ánh được trả lời đúng hạn đạt 100%."
    found = blocks_in(
        "1. Trả lời", line, *KEYS, "2. Theo dõi", line, "- Chủ trì: Văn phòng HĐND và UBND", "- Thời gian: Quý I"
    )

    assert [one.owners for one in found.indicators] == [["Phòng Kinh tế", "Văn phòng HĐND và UBND"]]
    assert any(warning.startswith("dòng 6: chỉ tiêu") and "dòng 2" in warning for warning in found.warnings)


def test_no_lines_give_no_tasks() -> None:
    assert blocks_in() == BlocksRead()
