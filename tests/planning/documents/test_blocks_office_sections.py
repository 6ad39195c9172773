"""Lists of tasks below the names of offices, each with its time in brackets, behind a semicolon or a key."""

import pytest

from services.planning.documents.blocks import read_blocks, read_office_duties
from services.planning.documents.blocks.assignments import time_at_the_end, time_at_the_start
from services.planning.plan_file import Deadline, Milestone
from tests.planning.documents.drawn import YEAR, paragraphs


def last_day(milestones: list[Milestone]) -> str:
    return " ".join(str(each.due) if isinstance(each, Deadline) else each.kind for each in milestones)


def test_each_line_below_an_office_is_its_task() -> None:
    lines = (
        *("II. NHIỆM VỤ CỤ THỂ", "1. Phòng Kinh tế chủ trì:", "- Rà soát thủ tục (quý II/2026).", "- Lập sổ cái."),
        *("2. Công an xã", "- Tuyên truyền; thời gian: thường xuyên.", "- Kiểm tra (Phòng Kinh tế; trước 15/3/2026)."),
    )
    tasks = read_blocks(paragraphs(*lines), 2026, YEAR).tasks
    assert [(task.content, task.lead, last_day(task.milestones)) for task in tasks] == [
        ("Rà soát thủ tục (quý II/2026).", ["Phòng Kinh tế"], "2026-06-30"),
        ("Lập sổ cái.", ["Phòng Kinh tế"], "unspecified"),
        ("Tuyên truyền", ["Công an xã"], "continuous"),
        ("Kiểm tra", ["Phòng Kinh tế"], "2026-03-14"),
    ]
    assert any("chưa ghi thời hạn" in warning for warning in tasks[1].warnings)


def test_a_duty_with_a_key_for_its_time_is_a_task_of_its_office_also_in_a_general_section() -> None:
    lines = (
        "IV. TỔ CHỨC THỰC HIỆN",
        "1. Phòng Kinh tế",
        "- Chủ trì rà soát thủ tục; thời gian hoàn thành: quý II/2026.",
    )
    tasks = read_blocks(paragraphs(*lines, "2. Công an xã", "- Kiểm tra; thời hạn: 15/3/2026."), 2026, YEAR).tasks
    assert [(task.lead, last_day(task.milestones)) for task in tasks] == [
        (["Phòng Kinh tế"], "2026-06-30"),
        (["Công an xã"], "2026-03-15"),
    ]


@pytest.mark.parametrize("heading", ["IV. TỔ CHỨC THỰC HIỆN", "II. MỤC TIÊU"])
def test_general_sections_have_duties_and_no_tasks(heading: str) -> None:
    lines = (heading, "1. Phòng Kinh tế", "- Rà soát thủ tục (quý II/2026).", "- Lập sổ cái (tháng 3/2026).")
    assert read_blocks(paragraphs(*lines), 2026, YEAR).tasks == []


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Rà soát thủ tục (quý II/2026).", "quý II/2026"),
        ("Rà soát thủ tục (thời gian thực hiện: 15/4/2026);", "15/4/2026"),
        ("Rà soát thủ tục; thường xuyên trong năm.", "thường xuyên trong năm"),
        ("Rà soát thủ tục (theo Quyết định số 15/QĐ-UBND)", ""),
        ("Rà soát thủ tục (trong đó có đất đai)", ""),
        ("Rà soát thủ tục (Phòng Kinh tế)", ""),
        ("Ra mắt mô hình điểm, quý I/2026.", "quý I/2026"),
        ("Khảo sát, tháng 6 và tháng 11/2026.", "tháng 6 và tháng 11/2026"),
        ("Chi trả phụ cấp tháng 1, tháng 2", ""),
    ],
)
def test_a_time_at_the_end_is_one_that_gives_a_day_or_a_period(text: str, time: str) -> None:
    assert time_at_the_end(text) == time


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Thường xuyên đăng tải tin, bài.", "Thường xuyên"),
        ("Hằng năm rà soát danh mục", "Hằng năm"),
        ("Trong quý II/2026, kiểm tra các trường.", "Trong quý II/2026"),
        ("Trong quá trình thực hiện, báo cáo khó khăn.", ""),
        ("Đến hết quý II/2026, kiểm tra", "Đến hết quý II/2026"),
        ("Đến năm 2030, tỷ lệ đạt 90%", ""),
        ("Từ ngày 01/7/2025, chính quyền địa phương hai cấp vận hành", ""),
        ("Thường xuyên", ""),
    ],
)
def test_a_time_at_the_start_is_that_of_the_work_behind_it(text: str, time: str) -> None:
    assert time_at_the_start(text) == time


ORGANISATION = (
    "IV. TỔ CHỨC THỰC HIỆN",
    "1. Văn phòng HĐND và UBND xã",
    "- Rà soát Quy chế làm việc; phối hợp thực hiện: Phòng Kinh tế; thời gian: trước ngày 31/3/2026.",
    "- Bảo đảm cơ sở vật chất của bộ phận tiếp nhận.",
    "- Theo dõi, đôn đốc việc thực hiện Kế hoạch này.",
    "2. Phòng Kinh tế",
    "- Chủ trì, phối hợp với Công an xã lập danh sách hộ kinh doanh, quý III/2026.",
    "- Kiểm tra (Chủ trì: Trạm Y tế; thời gian: quý II/2026).",
    "3. Tổ hậu cần",
    "- Hàng tháng phổ biến kết quả tại cuộc họp.",
    "4. Đề nghị Ủy ban MTTQ Việt Nam xã",
    "- Phối hợp tuyên truyền.",
    "- Thường xuyên giám sát việc giải quyết kiến nghị.",
)


def test_below_organisation_an_office_leads_its_works_and_keeps_its_general_duties() -> None:
    tasks = read_blocks(paragraphs(*ORGANISATION), 2026, YEAR).tasks
    assert [(task.content, task.lead, task.support, last_day(task.milestones)) for task in tasks] == [
        ("Rà soát Quy chế làm việc", ["Văn phòng HĐND và UBND xã"], ["Phòng Kinh tế"], "2026-03-30"),
        ("Bảo đảm cơ sở vật chất của bộ phận tiếp nhận.", ["Văn phòng HĐND và UBND xã"], [], "unspecified"),
        (
            "Chủ trì, phối hợp với Công an xã lập danh sách hộ kinh doanh, quý III/2026.",
            ["Phòng Kinh tế"],
            ["Công an xã"],
            "2026-09-30",
        ),
        ("Kiểm tra", ["Trạm Y tế"], [], "2026-06-30"),
        ("Hàng tháng phổ biến kết quả tại cuộc họp.", ["Tổ hậu cần"], [], "recurring"),
        ("Thường xuyên giám sát việc giải quyết kiến nghị.", ["Ủy ban MTTQ Việt Nam xã"], [], "continuous"),
    ]
    assert all(any("tổ chức thực hiện" in warning for warning in task.warnings) for task in tasks)


def test_the_works_of_an_office_may_have_numbers_and_keys_of_their_own_below() -> None:
    lines = (
        *("II. NHIỆM VỤ", "1. Phòng Kinh tế", "1.1. Rà soát thủ tục", "- Thời gian: quý II/2026."),
        *("1.2. Lập sổ", "- Thời gian: quý III/2026.", "2. Công an xã", "- Kiểm tra (quý I/2026)."),
    )
    tasks = read_blocks(paragraphs(*lines), 2026, YEAR).tasks
    assert [(task.content, task.lead, last_day(task.milestones)) for task in tasks] == [
        ("Rà soát thủ tục", ["Phòng Kinh tế"], "2026-06-30"),
        ("Lập sổ", ["Phòng Kinh tế"], "2026-09-30"),
        ("Kiểm tra (quý I/2026).", ["Công an xã"], "2026-03-31"),
    ]


def test_offices_may_be_bullets_with_their_works_below_them() -> None:
    lines = (
        *("IV. TỔ CHỨC THỰC HIỆN", "- Phòng Kinh tế:", "+ Rà soát thủ tục; thời gian: quý II/2026."),
        *("+ Lập sổ; thời gian: quý III/2026.", "- Công an xã", "+ Kiểm tra (quý I/2026)."),
    )
    tasks = read_blocks(paragraphs(*lines), 2026, YEAR).tasks
    assert [(task.content, task.lead) for task in tasks] == [
        ("Rà soát thủ tục", ["Phòng Kinh tế"]),
        ("Lập sổ", ["Phòng Kinh tế"]),
        ("Kiểm tra (quý I/2026).", ["Công an xã"]),
    ]


@pytest.mark.parametrize("words", ["Trách nhiệm của", "Đối với", "Nhiệm vụ của", "Giao"])
def test_words_before_the_name_of_an_office_are_no_part_of_it(words: str) -> None:
    lines = ("V. TỔ CHỨC THỰC HIỆN", f"1. {words} Phòng Kinh tế", "- Lập sổ; thời gian: quý I/2026.")
    tasks = read_blocks(paragraphs(*lines, f"2. {words} Công an xã:", "- Kiểm tra (quý II/2026)."), 2026, YEAR).tasks
    assert [task.lead for task in tasks] == [["Phòng Kinh tế"], ["Công an xã"]]
    duties = read_office_duties(paragraphs(*lines[:2], "- Lập sổ (quý I/2026)."), 2026, YEAR)
    assert [task.lead for task in duties] == [["Phòng Kinh tế"]]


def test_below_organisation_most_works_with_a_time_are_tasks_without_keys_too() -> None:
    lines = (
        *("III. TỔ CHỨC THỰC HIỆN", "1. Phòng Kinh tế", "- Lập sổ (hoàn thành trước ngày 10/3).", "- Số hóa, quý II."),
        *("2. Công an xã", "- Cấp căn cước, hoàn thành trước ngày 15/12/2026.", "3. Các thôn"),
        "- Căn cứ Kế hoạch này, triển khai nhiệm vụ được giao.",
    )
    tasks = read_blocks(paragraphs(*lines), 2026, YEAR).tasks
    assert [task.lead for task in tasks] == [["Phòng Kinh tế"], ["Phòng Kinh tế"], ["Công an xã"]]


def test_an_office_among_lists_of_offices_may_have_its_only_work_on_its_line() -> None:
    lines = (
        *("IV. TỔ CHỨC THỰC HIỆN", "- Giao Phòng Kinh tế:", "+ Rà soát thủ tục; thời gian: quý II/2026."),
        *("- Giao Trạm Y tế: Chủ trì, phối hợp Công an xã mở lớp, xong trước ngày 10/4/2026.", "- Công an xã:"),
        *("+ Kiểm tra; thời gian: quý I/2026.", "- Các thôn: Phối hợp tuyên truyền, vận động Nhân dân."),
    )
    tasks = read_blocks(paragraphs(*lines), 2026, YEAR).tasks
    assert [(task.lead, task.support, last_day(task.milestones)) for task in tasks] == [
        (["Phòng Kinh tế"], [], "2026-06-30"),
        (["Trạm Y tế"], ["Công an xã"], "2026-04-09"),
        (["Công an xã"], [], "2026-03-31"),
    ]


def test_a_work_that_begins_like_a_key_is_none_above_the_key_of_its_lead() -> None:
    lines = ("II. NHIỆM VỤ", "1. Bố trí trụ sở", "- Phân công công chức thường trực, công chức dự phòng.")
    keys = ("- Đơn vị chủ trì: Phòng Kinh tế.", "- Thời gian: quý I/2026.")
    (task,) = read_blocks(paragraphs(*lines, *keys), 2026, YEAR).tasks
    assert task.lead == ["Phòng Kinh tế"]
    assert "công chức dự phòng" in task.content


def test_lines_that_begin_with_their_office_and_end_with_a_key_are_its_tasks() -> None:
    lines = (
        *("III. PHÂN CÔNG NHIỆM VỤ", "- Phòng Kinh tế: rà soát thủ tục; thời gian: quý II/2026."),
        "- Công an xã: tuyên truyền; thời gian: thường xuyên.",
    )
    tasks = read_blocks(paragraphs(*lines), 2026, YEAR).tasks
    assert [(task.lead, last_day(task.milestones)) for task in tasks] == [
        (["Phòng Kinh tế"], "2026-06-30"),
        (["Công an xã"], "continuous"),
    ]


@pytest.mark.parametrize("ending", ["- Phòng Kinh tế chủ trì, 06 tháng/lần.", "(Phòng Kinh tế chủ trì; 06 tháng/lần)."])
def test_an_assignment_at_the_end_leaves_a_list_of_people_in_the_task(ending: str) -> None:
    lines = ("II. NHIỆM VỤ", f"1. Rà soát vị trí việc làm của cán bộ, công chức {ending}")
    (task,) = read_blocks(paragraphs(*lines), 2026, YEAR).tasks
    assert (task.content, task.lead) == ("Rà soát vị trí việc làm của cán bộ, công chức", ["Phòng Kinh tế"])
    assert task.schedule_text == "06 tháng/lần"


@pytest.mark.parametrize(
    ("duty", "support"),
    [
        ("Chủ trì, phối hợp với Trạm Y tế và Công an xã khảo sát", ["Trạm Y tế", "Công an xã"]),
        ("Chủ trì, phối hợp cùng Công an xã và Phòng Văn hóa - Xã hội xã tự chấm điểm", None),
    ],
)
def test_a_duty_of_an_office_names_who_supports_it(duty: str, support: list[str] | None) -> None:
    lines = ("II. NHIỆM VỤ", "1. Phòng Kinh tế", f"- {duty} (quý II/2026).", "- Kiểm tra (quý III/2026).")
    first, second = read_blocks(paragraphs(*lines), 2026, YEAR).tasks
    assert first.lead == second.lead == ["Phòng Kinh tế"]
    assert first.support == (support or ["Công an xã", "Phòng Văn hóa - Xã hội xã"])
    assert second.support == []


def test_a_person_is_to_look_where_supporters_and_verb_run_together() -> None:
    lines = (
        "II. NHIỆM VỤ",
        "1. Phòng Kinh tế",
        "- Chủ trì, phối hợp với những ai quan tâm mở chuyên mục (quý II/2026).",
        "- Kiểm tra (quý III/2026).",
    )
    first, second = read_blocks(paragraphs(*lines), 2026, YEAR).tasks
    assert first.support == []
    assert "dòng 3: chưa đọc được đơn vị phối hợp trong câu." in first.warnings
    assert not any("phối hợp" in warning for warning in second.warnings)


def test_a_heading_that_orders_an_office_leads_the_tasks_below_it() -> None:
    lines = ("V. PHÂN CÔNG", "1. Giao Phòng Kinh tế chủ trì thực hiện các nhiệm vụ sau:", "- Lập sổ; thời hạn: quý I.")
    tasks = read_blocks(paragraphs(*lines, "- Kiểm tra; thời hạn: 15/3/2026."), 2026, YEAR).tasks
    assert [(task.content, task.lead) for task in tasks] == [
        ("Lập sổ", ["Phòng Kinh tế"]),
        ("Kiểm tra", ["Phòng Kinh tế"]),
    ]


def test_a_sentence_that_orders_a_task_names_its_bodies_also_where_a_key_tells_the_time() -> None:
    lines = (
        *(
            "II. NHIỆM VỤ",
            "1. Giao Phòng Kinh tế chủ trì, phối hợp Công an xã rà soát thủ tục. Hoàn thành: quý II/2026.",
        ),
        "2. Công an xã chủ trì, phối hợp với Trạm Y tế kiểm tra, hoàn thành từ ngày 01/02/2026 đến ngày 31/5/2026.",
        "3. Trạm Y tế chủ trì, phối hợp với Công an xã tuyên truyền, hoàn thành 15/4; 15/7; 15/10/2026.",
    )
    tasks = read_blocks(paragraphs(*lines), 2026, YEAR).tasks
    assert [(task.lead, task.support, last_day(task.milestones)) for task in tasks] == [
        (["Phòng Kinh tế"], ["Công an xã"], "2026-06-30"),
        (["Công an xã"], ["Trạm Y tế"], "2026-05-31"),
        (["Trạm Y tế"], ["Công an xã"], "2026-04-15 2026-07-15 2026-10-15"),
    ]


def test_below_whom_the_works_concern_a_line_is_led_by_its_own_office() -> None:
    lines = ("- Phòng Kinh tế kiểm tra kho thuốc (quý I/2026).", "- Lập sổ (quý II/2026).")
    own, inherited = read_blocks(paragraphs("II. NHIỆM VỤ", "1. Đối với Trạm Y tế", *lines), 2026, YEAR).tasks
    assert (own.lead, last_day(own.milestones)) == (["Phòng Kinh tế"], "2026-03-31")
    assert (inherited.lead, last_day(inherited.milestones)) == (["Trạm Y tế"], "2026-06-30")
    assert any("đối tượng" in warning for warning in inherited.warnings)
