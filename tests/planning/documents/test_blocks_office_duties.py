"""Duties of offices below "Tổ chức thực hiện" as tasks of a plan that has no others."""

from datetime import date

from services.planning.documents.blocks import read_blocks, read_office_duties
from services.planning.plan_file import Deadline, Recurring
from tests.planning.documents.drawn import YEAR, paragraphs


def test_each_bullet_with_a_deadline_below_an_office_is_a_task_that_it_leads() -> None:
    lines = paragraphs(
        "IV. TỔ CHỨC THỰC HIỆN",
        "1. Phòng Kinh tế:",
        "- Chủ trì kiểm tra, hoàn thành trước ngày 30/9/2026.",
        "- Phối hợp khi được yêu cầu.",
        "2. Giao Văn phòng HĐND và UBND theo dõi chung.",
    )

    (task,) = read_office_duties(lines, 2026, YEAR)

    assert read_blocks(lines, 2026, YEAR).tasks == []
    assert (task.code, task.section, task.lead) == ("1", "TỔ CHỨC THỰC HIỆN", ["Phòng Kinh tế"])
    assert task.content == "Chủ trì kiểm tra, hoàn thành trước ngày 30/9/2026."
    assert [one.due for one in task.milestones if isinstance(one, Deadline)] == [date(2026, 9, 29)]
    assert task.warnings[0] == "dòng 3: nhiệm vụ lấy từ phần tổ chức thực hiện, cần người xem lại."


def test_a_duty_within_one_sentence_is_a_task_of_the_office_it_names() -> None:
    (task,) = read_office_duties(
        paragraphs(
            "IV. TỔ CHỨC THỰC HIỆN",
            "2. Giao Trung tâm Phục vụ hành chính công xã có trách nhiệm đôn đốc; định kỳ hằng quý gửi báo cáo.",
        ),
        2026,
        YEAR,
    )

    (milestone,) = task.milestones
    assert isinstance(milestone, Recurring)
    assert (task.lead, milestone.every) == (["Trung tâm Phục vụ hành chính công xã"], "quarter")
    assert task.schedule_text == "định kỳ hằng quý gửi báo cáo"


def test_an_office_may_be_a_heading_but_other_headings_are_no_office() -> None:
    found = read_office_duties(
        paragraphs(
            "1. Phòng Kinh tế",
            "- Nộp dự toán trước ngày 15/10/2026.",
            "2. Đẩy mạnh tuyên truyền",
            "- Phát thanh hằng tuần.",
        ),
        2026,
        YEAR,
    )

    assert [task.lead for task in found] == [["Phòng Kinh tế"]]


def test_where_most_duties_have_a_time_the_others_are_tasks_but_for_those_of_every_office() -> None:
    found = read_office_duties(
        paragraphs(
            *("IV. TỔ CHỨC THỰC HIỆN", "1. Phòng Kinh tế:", "- Lập sổ (quý I/2026).", "- Kiểm tra (quý II/2026)."),
            *("- Bố trí ghế chờ.", "- Phối hợp thực hiện Kế hoạch.", "2. Công an xã", "- Tuyên truyền (quý III/2026)."),
            "Các cơ quan báo cáo trước ngày 15 hằng tháng.",
        ),
        2026,
        YEAR,
    )

    assert [(task.content, task.lead) for task in found] == [
        ("Lập sổ (quý I/2026).", ["Phòng Kinh tế"]),
        ("Kiểm tra (quý II/2026).", ["Phòng Kinh tế"]),
        ("Bố trí ghế chờ.", ["Phòng Kinh tế"]),
        ("Tuyên truyền (quý III/2026).", ["Công an xã"]),
    ]


def test_below_organisation_offices_may_be_bullets_with_their_duties_behind_or_below() -> None:
    found = read_office_duties(
        paragraphs(
            *("IV. TỔ CHỨC THỰC HIỆN", "- Phòng Kinh tế chủ trì rà soát, hoàn thành trước ngày 30/4/2026."),
            *("- Công an xã theo dõi chung.", "V. PHÂN CÔNG", "- Trạm Y tế:", "+ Kiểm tra (quý II/2026)."),
        ),
        2026,
        YEAR,
    )

    assert [task.lead for task in found] == [["Phòng Kinh tế"], ["Trạm Y tế"]]


def test_each_line_with_its_office_and_its_work_is_read_once() -> None:
    lines = ("- Phòng Kinh tế: rà soát thủ tục (quý I).", "- Công an xã: kiểm tra các trường (quý II).")
    for heading in ("IV. TỔ CHỨC THỰC HIỆN", "II. PHÂN CÔNG"):
        found = read_office_duties(paragraphs(heading, *lines), 2026, YEAR)
        assert [task.lead for task in found] == [["Phòng Kinh tế"], ["Công an xã"]]


def test_bullets_that_begin_with_an_office_are_tasks_that_it_leads() -> None:
    first, second, third = read_office_duties(
        paragraphs(
            "II. PHÂN CÔNG",
            "- Phòng Kinh tế chủ trì, phối hợp với Công an xã rà soát danh sách, hoàn thành trước ngày 30/4/2026.",
            "- Đề nghị Đoàn Thanh niên xã ra quân hướng dẫn người dân trong tháng 3/2026.",
            "- Các thôn tuyên truyền tại nhà văn hoá, thường xuyên.",
            "III. KINH PHÍ",
            "- Phòng Kinh tế bố trí kinh phí.",
            "- Văn phòng HĐND và UBND lập dự toán.",
        ),
        2026,
        YEAR,
    )

    assert (first.code, first.section, first.lead, first.support) == (
        None,
        "PHÂN CÔNG",
        ["Phòng Kinh tế"],
        ["Công an xã"],
    )
    assert (second.lead, second.schedule_text) == (["Đoàn Thanh niên xã"], "trong tháng 3/2026")
    assert (third.lead, third.schedule_text) == (["Các thôn"], "thường xuyên")
