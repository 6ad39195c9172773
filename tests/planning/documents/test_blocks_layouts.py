"""Other ways of typing the keys of a task and numbering its parts, as communes use them."""

from decimal import Decimal

import pytest

from services.planning.documents.draft import DraftTask
from tests.planning.documents.drawn import blocks_in

ONE = ("Phòng Kinh tế", "Công an xã", "Quý II")
KEYS = ("- Chủ trì: Phòng Kinh tế", "- Phối hợp: Công an xã", "- Thời gian: Quý II")


def tasks(*lines: str) -> list[DraftTask]:
    return blocks_in(*lines).tasks


def who_and_when(task: DraftTask) -> tuple[str, str, str | None]:
    return "; ".join(task.lead), "; ".join(task.support), task.schedule_text


@pytest.mark.parametrize(
    "keys",
    [
        ("- Chủ trì Phòng Kinh tế", "- Phối hợp Công an xã", "- Thời gian thực hiện Quý II"),
        ("- Chủ trì – Phòng Kinh tế", "- Phối hợp – Công an xã", "- Thời gian – Quý II"),
        ("- Chủ trì; Phòng Kinh tế", "- Phối hợp; Công an xã", "- Thời gian; Quý II"),
        ("Chủ trì\tPhòng Kinh tế", "Phối hợp\tCông an xã", "Thời gian\tQuý II"),
        ("Cơ quan chủ trì", "Phòng Kinh tế", "Cơ quan phối hợp", "Công an xã", "Thời gian", "Quý II"),
        (
            *("a. Chủ trì", "- Phòng Kinh tế.", "b. Phối hợp", "- Công an xã.", "c. Thời gian thực hiện", "- Quý II."),
            *("d. Sản phẩm", "- Biên bản."),
        ),
        ("(Chủ trì: Phòng Kinh tế; phối hợp: Công an xã; thời gian: Quý II).",),
        ("[Chủ trì: Phòng Kinh tế; phối hợp: Công an xã; thời gian: Quý II]",),
        ("* CƠ QUAN CHỦ TRÌ : Phòng Kinh tế", "* CƠ QUAN PHỐI HỢP : Công an xã", "* THỜI GIAN : Quý II"),
        ("CƠ QUAN CHỦ TRÌ: Phòng Kinh tế", "CƠ QUAN PHỐI HỢP: Công an xã", "THỜI GIAN: Quý II"),
        ("- Phân công: Phòng Kinh tế chủ trì; Công an xã phối hợp.", "- Thời gian: Quý II"),
        ("- Đơn vị thực hiện: Phòng Kinh tế", "- Đơn vị theo dõi: Công an xã", "- Thời gian: Quý II"),
    ],
)
def test_keys_need_no_colon_beside_other_keys(keys: tuple[str, ...]) -> None:
    (task,) = tasks("I. NHIỆM VỤ", "1. Mở lớp", *keys)

    assert (task.content, *who_and_when(task)) == ("Mở lớp", *ONE)


@pytest.mark.parametrize(
    "line",
    ["- Phối hợp Công an xã rà soát dữ liệu.", "- Chủ trì các cuộc họp.", "- Thời gian giải quyết phải ngắn."],
)
def test_a_sentence_that_begins_like_a_key_is_no_key(line: str) -> None:
    (task,) = tasks("I. NHIỆM VỤ", "1. Mở lớp", line, "- Lập danh sách.", *KEYS)

    assert (task.content.split("\n")[1], *who_and_when(task)) == (line.removeprefix("- "), *ONE)


@pytest.mark.parametrize(
    ("line", "content", "expected"),
    [
        ("Mở lớp: Phòng Kinh tế chủ trì, trong Quý II.", "Mở lớp", ("Phòng Kinh tế", "", "trong Quý II")),
        (
            "Mở lớp (Phòng Kinh tế chủ trì, phối hợp với Công an xã; thực hiện thường xuyên)",
            "Mở lớp",
            ("Phòng Kinh tế", "Công an xã", "thực hiện thường xuyên"),
        ),
        ("Mở lớp; Phòng Kinh tế chủ trì", "Mở lớp", ("Phòng Kinh tế", "", None)),
        ("Mở lớp - Phòng Văn hóa - Xã hội chủ trì; hằng quý.", "Mở lớp", ("Phòng Văn hóa - Xã hội", "", "hằng quý")),
        ("Mở lớp (Phòng Kinh tế; trước 20/3/2026).", "Mở lớp", ("Phòng Kinh tế", "", "trước 20/3/2026")),
        ("Mở lớp (thực hiện: Phòng Kinh tế; thường xuyên)", "Mở lớp", ("Phòng Kinh tế", "", "thường xuyên")),
    ],
)
@pytest.mark.parametrize("marker", ["1. ", "- "])
def test_the_leading_body_may_be_at_the_end_of_the_line(
    marker: str, line: str, content: str, expected: tuple[str, str, str | None]
) -> None:
    found = tasks("I. NHIỆM VỤ", f"{marker}{line}", f"{marker}Đăng tin: Công an xã chủ trì, hằng tháng")

    assert [task.content for task in found] == [content, "Đăng tin"]
    assert who_and_when(found[0]) == expected
    assert found[0].section == "NHIỆM VỤ"


def test_lower_bullets_belong_to_a_line_with_its_leading_body() -> None:
    first, second = tasks(
        "I. NHIỆM VỤ", "- Mở lớp: Công an xã chủ trì", "+ Mời thầy", "- Đăng tin: Phòng Kinh tế chủ trì", "+ Viết bài"
    )

    assert (first.content, first.lead) == ("Mở lớp\nMời thầy", ["Công an xã"])
    assert (second.content, second.lead) == ("Đăng tin\nViết bài", ["Phòng Kinh tế"])


@pytest.mark.parametrize(
    "second",
    [
        ("Đăng tin.", "Cơ quan chủ trì: Công an xã", "Thời gian: Quý III"),
        ("Đăng tin.", "Cơ quan chủ trì:", "Công an xã", "Thời gian:", "Quý III"),
        ("Đăng tin.", "- Viết bài.", "Cơ quan chủ trì: Công an xã", "Thời gian: Quý III"),
    ],
)
def test_unnumbered_paragraphs_are_tasks_where_keys_follow_each(second: tuple[str, ...]) -> None:
    found = tasks(
        "I. Thể chế", "Mở lớp", "Cơ quan chủ trì: Phòng Kinh tế", "Thời gian: Quý II", *second,
        "II. Bộ máy", "Họp.", "Cơ quan chủ trì: Phòng Kinh tế", "Thời gian: Quý I",
    )  # fmt: skip

    assert [(task.code, task.section, task.content.split("\n")[0]) for task in found] == [
        (None, "Thể chế", "Mở lớp"),
        (None, "Thể chế", "Đăng tin."),
        (None, "Bộ máy", "Họp."),
    ]
    assert who_and_when(found[1]) == ("Công an xã", "", "Quý III")


def test_keys_for_the_tasks_above_are_copied_to_them() -> None:
    found = tasks(
        "1. Rà soát", "1.1. Lập danh mục", "1.2. Trình ký", "- Chủ trì: Công an xã", "1.3. Báo cáo",
        "Đơn vị thực hiện chung cho các nhiệm vụ trên: Phòng Kinh tế", "Thời gian: Quý II",
    )  # fmt: skip

    assert [(task.code, task.lead, task.schedule_text) for task in found] == [
        ("1.1", ["Phòng Kinh tế"], "Quý II"),
        ("1.2", ["Công an xã"], "Quý II"),
        ("1.3", ["Phòng Kinh tế"], "Quý II"),
    ]


def test_a_part_that_is_only_called_content_is_no_task() -> None:
    found = tasks(
        "I. NHIỆM VỤ", "1. Mở lớp", "1.1. Nội dung:", "- Mời thầy.", "1.2. Cơ quan thực hiện: Phòng Kinh tế",
        "1.3. Thời gian: Quý II", "2. Đăng tin", "2.1. Nội dung: Viết bài", "2.2. Thời gian: Quý I",
    )  # fmt: skip

    assert [(task.code, task.section, task.content) for task in found] == [
        ("1", "NHIỆM VỤ", "Mở lớp\nNội dung:\nMời thầy."),
        ("2", "NHIỆM VỤ", "Đăng tin\nNội dung: Viết bài"),
    ]


@pytest.mark.parametrize(
    ("printed", "code"),
    [("I.1. ", "I.1"), ("I.2 ", "I.2"), ("1.1.1. ", "1.1.1"), ("1- ", "1"), ("(3) ", "3"), ("NHIỆM VỤ 2: ", "2")],
)
def test_numbers_of_every_style_are_codes(printed: str, code: str) -> None:
    (task,) = tasks("I. NHIỆM VỤ", f"{printed}Mở lớp", *KEYS)

    assert (task.code, task.content) == (code, "Mở lớp")


def test_a_heading_in_capitals_may_continue_on_the_next_line_and_the_title_is_no_section() -> None:
    found = tasks(
        "KẾ HOẠCH", "CẢI CÁCH HÀNH CHÍNH", "NĂM 2026", "1. Mở lớp", *KEYS,
        "II. NHIỆM VỤ VÀ", "GIẢI PHÁP", "2. Họp", *KEYS,
    )  # fmt: skip

    assert [task.section for task in found] == [None, "NHIỆM VỤ VÀ GIẢI PHÁP"]


@pytest.mark.parametrize(
    ("first", "second", "content"),
    [
        ("1. Rà soát thủ tục của", "Ủy ban nhân dân xã", "Rà soát thủ tục của Ủy ban nhân dân xã"),
        ("1. Phát triển chính quyền số", "Mua máy quét", "Phát triển chính quyền số\nMua máy quét"),
    ],
)
def test_a_line_that_ends_with_a_connecting_word_continues_on_the_next(first: str, second: str, content: str) -> None:
    (task,) = tasks("I. NHIỆM VỤ", first, second, *KEYS)

    assert task.content == content


def test_targets_are_read_in_solutions_but_not_in_reviews_of_the_past() -> None:
    found = blocks_in(
        "I. ĐÁNH GIÁ NĂM 2025", "- Tỷ lệ hồ sơ trực tuyến đạt 91%.",
        "II. GIẢI PHÁP", "1. Chấn chỉnh lề lối, không để hồ sơ bị trễ hẹn.", "2. Nâng cao chất lượng phục vụ.",
        "3. Phấn đấu 95% người dân hài lòng.",
        "III. KINH PHÍ", "- Bố trí đủ 100% kinh phí.",
    )  # fmt: skip

    assert [(one.place, one.target and one.target.at_least) for one in found.indicators] == [
        ("dòng 4", None),
        ("dòng 6", Decimal(95)),
    ]
    assert found.tasks == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1. Rà soát biểu mẫu (Phòng Kinh tế; phối hợp: Công an xã)", ("Phòng Kinh tế", "Công an xã", None)),
        ("1. Mở lớp\nĐầu mối: Phòng Kinh tế\nCùng thực hiện: Công an xã", ("Phòng Kinh tế", "Công an xã", None)),
        (
            "1. Phòng Kinh tế chủ trì, phối hợp với Công an xã cấp tài khoản, thực hiện thường xuyên.",
            ("Phòng Kinh tế", "Công an xã", "thường xuyên"),
        ),
        (
            "1. Đồng bộ hồ sơ của tổ chức, cá nhân. Giao Phòng Kinh tế chủ trì, phối hợp với Công an xã.",
            ("Phòng Kinh tế", "Công an xã", None),
        ),
    ],
)
def test_who_and_when_of_a_line_with_brackets_keys_or_a_sentence(
    line: str, expected: tuple[str, str, str | None]
) -> None:
    other = ("2. Lập sổ", *KEYS)
    first, _ = tasks("I. NHIỆM VỤ", *line.split("\n"), *other)

    assert who_and_when(first) == expected


@pytest.mark.parametrize("day", ["Trước ngày 28/02/2026", "Từ ngày 01/7 đến ngày 15/8/2026", "Quý II/2026"])
def test_starred_times_are_headings_of_the_bullets_below_them(day: str) -> None:
    work = "- Phòng Kinh tế chủ trì, phối hợp với Công an xã: rà soát con dấu."
    first, second = tasks("I. LỘ TRÌNH", f"* {day}:", work, "* Tháng 3/2026:", "- Công an xã: mở lớp tập huấn.")

    assert who_and_when(first) == ("Phòng Kinh tế", "Công an xã", day)
    assert who_and_when(second) == ("Công an xã", "", "Tháng 3/2026")
