"""Who leads and until when where no column says it: titles, groups, legends, labels of any words, unknown headers."""

import pytest

from services.planning.documents.draft_reader import draft_of
from tests.planning.documents.drawn import document, table

PLAN = ("KẾ HOẠCH", "Cải cách hành chính năm 2026 của xã Xốp")
KT, CA, VP = "Phòng Kinh tế", "Công an xã", "Văn phòng HĐND và UBND"
WORK, MORE = "Niêm yết lại thủ tục tại nơi tiếp nhận", "Số hóa hồ sơ còn lưu trong kho"


def draft(*blocks):
    return draft_of(document(*PLAN, *blocks))


def read(*blocks):
    """Lead, support and last days of each task."""
    return [(t.lead, t.support, [str(getattr(m, "due", m.kind)) for m in t.milestones]) for t in draft(*blocks).tasks]


@pytest.mark.parametrize(
    "title",
    [
        ("PHỤ LỤC II", "NHIỆM VỤ GIAO PHÒNG KINH TẾ CHỦ TRÌ", "(Kèm theo Kế hoạch số 2/KH-UBND ngày 20/01/2026)"),
        ("Phụ lục 2: Danh mục nhiệm vụ giao Phòng Kinh tế chủ trì năm 2026",),
        ("Biểu số 2. Công việc do Phòng Kinh tế thực hiện",),
    ],
)
def test_the_title_above_a_table_tells_who_leads(title):
    rows = table(["STT", "Nhiệm vụ", "Đơn vị phối hợp", "Thời gian"], ["1", WORK, CA, "Quý I"])
    (task,) = draft(*title, rows).tasks
    assert ([each.lower() for each in task.lead], task.support) == (["phòng kinh tế"], [CA])
    assert any("lấy từ tiêu đề" in each for each in task.warnings)


def test_a_title_is_not_that_of_the_table_after_the_next_title():
    head = ["STT", "Nhiệm vụ", "Thời gian"]
    one, other = table(head, ["1", WORK, "Quý I"]), table(head, ["1", MORE, "Quý I"], first=20)
    found = read("Phụ lục I: Nhiệm vụ giao Phòng Kinh tế chủ trì", one, "Phụ lục II: Các việc chung", other)
    assert [lead for lead, _, _ in found] == [[KT], []]


def test_a_group_above_tells_who_leads_and_a_leader_in_charge_is_none():
    rows = table(
        ["STT", "Nhiệm vụ", "Cơ quan phối hợp", "Lãnh đạo UBND phụ trách", "Thời gian"],
        ["**Phòng Kinh tế chủ trì (2 nhiệm vụ)**", "<", "<", "<", "<"],
        ["1", WORK, CA, "Chủ tịch", "Quý I"],
        ["2", MORE, "", "PCT Lê Văn Tám", "Quý I"],
    )
    assert [lead for lead, _, _ in read(rows)] == [[KT], [KT]]


def test_a_leader_in_a_column_of_offices_is_warned_of():
    (task,) = draft(table(["STT", "Nhiệm vụ", "Chủ trì", "Thời gian"], ["1", WORK, "Phó Chủ tịch", "Quý I"])).tasks
    assert any("chức danh lãnh đạo" in each for each in task.warnings)


def test_a_header_of_three_rows_with_from_and_until_is_one_span():
    rows = table(
        ["STT", "Nhiệm vụ", "Tổ chức thực hiện", "<", "Tiến độ", "<"],
        ["^", "^", "Phân công", "<", "Năm 2026", "<"],
        ["^", "^", "Cơ quan chủ trì", "Lãnh đạo phụ trách", "Từ", "Đến"],
        ["1", WORK, KT, "Chủ tịch", "Tháng 2", "Tháng 4"],
    )
    (task,) = draft(rows).tasks
    (deadline,) = task.milestones
    assert (task.lead, str(deadline.from_), str(deadline.due)) == ([KT], "2026-02-01", "2026-04-30")


def test_columns_with_unknown_headers_take_their_role_from_their_cells_with_a_warning():
    rows = [[str(n), f"{WORK} số {n}", KT if n % 2 else CA, VP, f"Tháng {n}"] for n in range(1, 5)]
    one = draft(table(["#", "Tên việc", "Ai lo", "Ai giúp", "Bao giờ"], *rows))
    assert [(t.code, t.lead, t.support, t.schedule_text) for t in one.tasks[:1]] == [("1", [KT], [VP], "Tháng 1")]
    assert any("tiêu đề lạ" in each for each in one.warnings)


@pytest.mark.parametrize("headers", [("Đ.vị c.trì", "Đ.vị p/h", "T/gian"), ("CQCT", "CQPH", "Th.hạn")])
def test_short_words_of_headers_are_known(headers):
    assert read(table(["STT", "Nhiệm vụ", *headers], ["1", WORK, KT, CA, "Quý I"])) == [([KT], [CA], ["2026-03-31"])]


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Cơ quan tham mưu/ Cơ quan phối hợp", f"{KT}/\n{CA}; {VP}"),
        ("Đầu mối/Cùng thực hiện", f"{KT} / {CA}, {VP}"),
        ("Phối hợp/Chủ trì", f"{CA}, {VP} / {KT}"),
    ],
)
def test_a_slash_divides_who_leads_and_who_supports_as_in_the_header(header, cell):
    found = read(table(["STT", "Nhiệm vụ", header, "Thời gian"], ["1", WORK, cell, "Quý I"]))
    assert found == [([KT], [CA, VP], ["2026-03-31"])]


def test_a_sentence_in_the_cell_tells_lead_support_and_time():
    rows = [
        ["1", WORK, f"{KT} chủ trì, phối hợp với {CA} triển khai; hoàn thành trước ngày 15/6/2026."],
        ["2", MORE, f"Giao {KT} tham mưu, trình UBND xã trong tháng 3/2026; {CA} phối hợp."],
    ]
    found = read(table(["STT", "Nhiệm vụ", "Tổ chức thực hiện"], *rows))
    assert found == [([KT], [CA], ["2026-06-14"]), ([KT], [CA], ["2026-03-31"])]


@pytest.mark.parametrize("as_another", ["Như mục 1", "như số 1", "Theo nhiệm vụ số 1 nêu trên"])
def test_a_cell_may_name_the_row_that_it_repeats(as_another):
    header = ["STT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời gian"]
    rows = (["1", WORK, KT, CA, "Quý I"], ["2", MORE, VP, KT, "Quý I"], ["3", "Lập sổ", KT, as_another, "Quý I"])
    assert read(table(header, *rows))[2][1] == [CA]


LEGENDS = (
    ("Chú thích: VPUB: Văn phòng HĐND và UBND; KTE: Phòng Kinh tế; CAX: Công an xã.",),
    ("VPUB là Văn phòng HĐND và UBND; KTE là Phòng Kinh tế; CAX là Công an xã",),
    (table(["Viết tắt", "Viết đầy đủ"], ["VPUB", VP], ["KTE", KT], ["CAX", CA], first=50),),
)


@pytest.mark.parametrize("legend", LEGENDS)
def test_short_names_are_read_by_the_legend_of_the_document(legend):
    rows = table(["STT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời gian"], ["1", WORK, "KTE", "CAX, VPUB", "Quý I"])
    one = draft(rows, *legend)
    assert [(task.lead, task.support) for task in one.tasks] == [([KT], [CA, VP])]
    assert any("theo chú giải" in each for each in one.warnings)


def test_a_short_name_in_the_content_stays_and_one_with_two_meanings_is_none():
    header = ["STT", "Nhiệm vụ", "Chủ trì", "Thời gian"]
    one = draft(table(header, ["1", "Mở tài khoản của KTE trên hệ thống chung", "KTE", "Quý I"]), *LEGENDS[0])
    assert one.tasks[0].content.startswith("Mở tài khoản của KTE")
    both = draft(table(header, ["1", WORK, "KTE", "Quý I"]), *LEGENDS[0], "KTE: Công an xã; CAX: Công an xã")
    assert any("không nhận ra tên cơ quan: KTE" in each for each in both.tasks[0].warnings)


def test_signs_in_the_column_of_times_are_read_by_the_notes_below():
    rows = table(["STT", "Nhiệm vụ", "Chủ trì", "Thời gian"], ["1", WORK, KT, "(*)"], ["2", MORE, KT, "(**)"])
    found = read(rows, "Ghi chú:", "(*): hoàn thành trước ngày 30/6/2026.", "(**): thực hiện thường xuyên.")
    assert [days for _, _, days in found] == [["2026-06-29"], ["continuous"]]


@pytest.mark.parametrize(
    "labels",
    [
        "(Chịu trách nhiệm chính: {}. Tham gia: {}. Mốc hoàn thành: quý I/2026)",
        "(Ai làm: {}. Ai giúp: {}. Bao giờ phải xong: quý I/2026)",
    ],
)
def test_labels_of_any_words_in_the_paragraph_below_take_their_role_from_their_values(labels):
    found = read("II. NHIỆM VỤ", "1. Thể chế", f"- {WORK}.", labels.format(KT, CA), f"- {MORE}.", labels.format(CA, VP))
    assert found == [([KT], [CA], ["2026-03-31"]), ([CA], [VP], ["2026-03-31"])]


@pytest.mark.parametrize(
    ("title", "days"),
    [("NHIỆM VỤ THƯỜNG XUYÊN", "continuous"), ("CÔNG VIỆC HÀNG QUÝ", "recurring"), ("", "unspecified")],
)
def test_the_title_of_a_table_without_times_may_tell_how_often(title, days):
    rows = table(["STT", "Nhiệm vụ", "Chủ trì"], ["1", WORK, KT])
    assert read("PHỤ LỤC II", *([title] if title else []), rows) == [([KT], [], [days])]


def test_the_group_tells_the_time_where_the_cell_is_empty():
    rows = table(
        ["STT", "Nhiệm vụ", "Chủ trì", "Thời hạn cụ thể (nếu có)"],
        ["**QUÝ I/2026**", "<", "<", "<"],
        ["1", WORK, KT, ""],
        ["2", MORE, KT, "Trước ngày 15/02/2026"],
        ["**THƯỜNG XUYÊN**", "<", "<", "<"],
        ["3", "Lập sổ theo dõi", KT, ""],
    )
    assert [days for _, _, days in read(rows)] == [["2026-03-31"], ["2026-02-14"], ["continuous"]]


def test_works_of_each_month_in_prose_are_recurring():
    found = read("II. CÔNG VIỆC HÀNG THÁNG", f"- {WORK}.", f"Chủ trì: {KT}.", f"- {MORE}.", f"Chủ trì: {CA}.")
    assert found == [([KT], [], ["recurring"]), ([CA], [], ["recurring"])]


def test_who_receives_a_report_does_not_support_it():
    rows = [
        ["1", "Báo cáo chuyển đổi số", KT, "Sở Nội vụ", "06 tháng: trước ngày 10/06/2026; năm: trước ngày 05/12/2026"]
    ]
    assert read(table(["STT", "Tên báo cáo", "Chủ trì", "Nơi nhận", "Thời hạn gửi"], *rows)) == [
        ([KT], [], ["2026-06-09", "2026-12-04"])
    ]


def test_parts_that_are_printed_in_one_line_are_warned_of_by_name():
    rows = table(["STT", "Nhiệm vụ", "Chủ trì", "Thời gian"], ["1", f"a) {WORK} b) {MORE}", KT, "Quý I"])
    (task,) = draft(rows).tasks
    assert any("chưa tách" in each and MORE in each for each in task.warnings)


DUTIES = (
    "III. TỔ CHỨC THỰC HIỆN",
    f"1. {KT}: chủ trì thực hiện các nhiệm vụ số 1 và 3 Mục II; phối hợp nhiệm vụ số 2.",
)


def test_offices_at_the_end_name_their_works_by_number():
    works = (
        f"1. {WORK}; hoàn thành trong quý II.",
        f"2. {MORE}; thực hiện thường xuyên.",
        "3. Lập sổ; xong trong tháng 9.",
    )
    found = read("II. NHIỆM VỤ", *works, *DUTIES, "2. Phòng Kinh tế, Hạ tầng và Đô thị: chủ trì nhiệm vụ số 2.")
    both = ["Phòng Kinh tế, Hạ tầng và Đô thị"], [KT]
    assert found == [([KT], [], ["2026-06-30"]), (*both, ["continuous"]), ([KT], [], ["2026-09-30"])]


def test_a_number_of_two_works_gives_neither_an_office():
    works = ("A. Thể chế", f"1. {WORK}; xong trong quý II.", "B. Dữ liệu", f"1. {MORE}; xong trong quý II.")
    assert [lead for lead, _, _ in read("II. NHIỆM VỤ", *works, *DUTIES) if lead] == []
