"""What only looks like an office, a time or a short name is none, or is read with a warning."""

import pytest

from services.planning.documents.draft_reader import draft_of
from services.planning.documents.tables.columns.header_words import role_of
from tests.planning.documents.drawn import document, table

PLAN = ("KẾ HOẠCH", "Cải cách hành chính năm 2026 của xã Xốp")
KT, CA, VP = "Phòng Kinh tế", "Công an xã", "Văn phòng HĐND và UBND"
WORK, MORE = "Niêm yết lại thủ tục tại nơi tiếp nhận", "Số hóa hồ sơ còn lưu trong kho"
HEADER = ["STT", "Nhiệm vụ", "Chủ trì", "Thời gian"]


def draft(*blocks):
    return draft_of(document(*PLAN, *blocks))


def leads(*blocks):
    return [task.lead for task in draft(*blocks).tasks]


def test_the_number_of_a_group_is_no_short_name():
    rows = table(
        ["STT", "Nhiệm vụ", "Chủ trì", "Quý"],
        ["I", KT, "", ""],
        ["1", "Lập kế hoạch quý II năm 2026", KT, "I"],
        ["II", CA, "", ""],
        ["2", WORK, CA, "II"],
    )
    assert [(task.content, task.lead, task.schedule_text) for task in draft(rows).tasks] == [
        ("Lập kế hoạch quý II năm 2026", [KT], "I"),
        (WORK, [CA], "II"),
    ]


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("CV phụ trách", "person"),
        ("CV thực hiện", "other"),
        ("NV phụ trách", "person"),
        ("HT văn bản", "other"),
        ("CV", "content"),
        ("Tên CV", "content"),
        ("ND công việc", "content"),
        ("HT", "schedule"),
    ],
)
def test_two_letters_are_a_word_only_where_they_are_the_whole_header(header, role):
    assert role_of(header) == role


WORKS = [f"{n}. Mở lớp tập huấn cho tổ dân phố số {n}; hoàn thành trong quý II." for n in range(1, 7)]


def test_six_months_are_not_the_sixth_work():
    duty = "chủ trì tổng hợp, báo cáo kết quả thực hiện nhiệm vụ 6 tháng, năm."
    ends = ["III. TỔ CHỨC THỰC HIỆN", f"1. {VP}: {duty}", f"2. {KT}: phối hợp báo cáo việc 2 lần một tháng."]
    assert not any(leads("II. NHIỆM VỤ", *WORKS, *ends))


def test_an_office_by_number_is_warned_of_and_never_added_to_the_one_that_is_printed():
    works = (f"1. {WORK}.", f"Chủ trì: {CA}.", "Thời gian: Quý I.", f"2. {MORE}.", "Thời gian: Quý I.")
    ends = ("III. TỔ CHỨC THỰC HIỆN", f"1. {KT}: chủ trì nhiệm vụ số 1.", f"2. {VP}: chủ trì các nhiệm vụ số 2.")
    one, other = draft("II. NHIỆM VỤ", *works, *ends).tasks
    assert (one.lead, other.lead) == ([CA], [VP])
    assert any(f"chủ trì nhiệm vụ số 1 là {KT}" in each for each in one.warnings)
    assert any("lấy từ phần phân công theo số 2" in each for each in other.warnings)


def test_a_dash_between_two_offices_explains_no_short_name():
    works = (f"1. {WORK}", f"Chủ trì: VHXH - {VP}", "Thời gian: Quý I", f"2. {MORE}", f"Chủ trì: BCHQS - {CA}")
    found = draft(*works, "Thời gian: Quý I", "3. Lập sổ", "Chủ trì: BCHQS, VHXH", "Thời gian: Quý I")
    assert found.tasks[2].lead == ["BCHQS", "VHXH"]
    assert not any("chú giải" in each for each in found.warnings)


LEGEND = f"Chú giải: VP: {VP}; KT: {KT}; UB: Ủy ban nhân dân xã"


@pytest.mark.parametrize(
    ("cell", "lead"),
    [("Giao VP HĐND và UBND", "VP HĐND và UBND"), ("Phòng KT chủ trì", KT), ("UB MTTQ xã", "UB MTTQ xã")],
)
def test_a_short_name_is_not_replaced_within_a_longer_name(cell, lead):
    assert leads(LEGEND, table(HEADER, ["1", WORK, cell, "Quý I"])) == [[lead]]


def test_a_short_name_is_replaced_in_the_columns_of_offices_only():
    (task,) = draft(LEGEND, table(HEADER, ["1", "Phối hợp UB, KT và MTTQ tuyên truyền", "KT", "Quý I"])).tasks
    assert (task.content, task.lead) == ("Phối hợp UB, KT và MTTQ tuyên truyền", [KT])


@pytest.mark.parametrize("group", ["PHÒNG, CHỐNG THAM NHŨNG", "Tài chính - Kế hoạch", "Y tế", "Hội nghị"])
def test_a_field_above_leads_no_work(group):
    (task,) = draft(table(HEADER, ["I", group, "", ""], ["1", WORK, "", "Quý I"])).tasks
    assert task.lead == []
    assert any("chưa nêu cơ quan chủ trì" in each for each in task.warnings)


def test_the_committee_that_issues_the_plan_leads_no_work():
    assert leads("DANH MỤC NHIỆM VỤ CỦA UBND XÃ XỐP NĂM 2026", table(HEADER, ["1", WORK, "", "Quý I"])) == [[]]


def test_a_group_that_names_more_than_a_time_is_no_deadline():
    rows = table(HEADER, ["I", "Hoàn thành chỉ tiêu năm 2026", "", ""], ["1", WORK, KT, ""], ["2", MORE, KT, "Quý I"])
    assert draft(rows).tasks[0].schedule_text is None


@pytest.mark.parametrize("cells", [("1.200/2026", "300/2026"), ("Nghị định 61/2018/NĐ-CP", "Nghị định 45/2020/NĐ-CP")])
def test_numbers_and_acts_below_an_unknown_header_are_no_times(cells):
    found = draft(
        table(["STT", "Nhiệm vụ", "Chủ trì", "Cột lạ"], *([n, WORK, KT, c] for n, c in zip("12", cells, strict=True)))
    )
    assert [task.schedule_text for task in found.tasks] == [None, None]


def test_months_that_are_counted_are_no_month_of_the_year():
    (task,) = draft(table(["STT", "Nhiệm vụ", "Chủ trì", "Thời hạn (tháng)"], ["1", WORK, KT, "3"])).tasks
    assert [each.kind for each in task.milestones] == ["unspecified"]


def test_labels_of_unknown_words_are_warned_of():
    labels = "(Ai làm: Phòng Kinh tế. Cùng tham dự: Công an xã. Bao giờ xong: quý III)"
    found = draft("II. NHIỆM VỤ", f"1. {WORK} {labels}", f"2. {MORE} {labels}").tasks
    assert [(task.lead, task.support) for task in found] == [([KT], [CA])] * 2
    assert all(any("nhãn lạ" in each for each in task.warnings) for task in found)
