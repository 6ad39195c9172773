"""Sentences that order offices to act, in prose, above lists and in cells; and those that only look like one."""

import pytest

from services.planning.documents.blocks.assignments import last_days_within
from services.planning.documents.blocks.orders import introduces_tasks, order_at, work_of
from services.planning.documents.blocks.sentences import order_in
from services.planning.documents.draft import DraftTask
from services.planning.documents.draft_reader import draft_of
from services.planning.phrases.bodies import read_bodies
from services.planning.plan_file import Deadline
from tests.planning.documents.drawn import document, table

KT, VH, VP, CA = "Phòng Kinh tế", "Phòng Văn hóa - Xã hội", "Văn phòng HĐND và UBND", "Công an xã"
HEAD = ("KẾ HOẠCH", "Cải cách hành chính năm 2026")


def read(*blocks: object) -> list[DraftTask]:
    return draft_of(document(*HEAD, *blocks)).tasks  # type: ignore[arg-type]


def short(task: DraftTask) -> tuple[str, list[str], list[str], list[str]]:
    days = [str(each.due) if isinstance(each, Deadline) else each.kind for each in task.milestones]
    return task.content, task.lead, task.support, days


ORDERS = (
    (f"Giao {CA} cấp định danh tổ chức", CA, "", "Cấp định danh tổ chức"),
    (f"{CA} chịu trách nhiệm tham mưu, phối hợp với {KT} cấp căn cước", CA, KT, "Cấp căn cước"),
    (f"Giao {KT} chủ trì thực hiện: đo đạc lại bản đồ", KT, "", "Đo đạc lại bản đồ"),
    (f"{KT} chủ trì, phối hợp với các tổ dân phố tổ chức trợ giúp", KT, "các tổ dân phố", "Tổ chức trợ giúp"),
    (f"Giao {KT} chủ trì, phối hợp với {VH} dán mã truy xuất nguồn gốc", KT, VH, "Dán mã truy xuất nguồn gốc"),
    (f"{VH} chủ trì , phối hợp cùng {VP}, {CA} chấm điểm các thôn", VH, f"{VP}, {CA}", "Chấm điểm các thôn"),
    (f"Phân công {KT} ({CA}, Trạm Y tế phối hợp) kẻ vẽ pa nô", KT, f"{CA}, Trạm Y tế", "Kẻ vẽ pa nô"),
    (f"{VP} là cơ quan đầu mối, tham mưu ban hành quy chế", VP, "", "Tham mưu ban hành quy chế"),
    ("Yêu cầu Trưởng phòng Kinh tế chịu trách nhiệm xin lỗi công dân", "Trưởng phòng Kinh tế", "", "Xin lỗi công dân"),
    (f"Đề nghị Ủy ban MTTQ Việt Nam xã phối hợp với {VH} giám sát", "Ủy ban MTTQ Việt Nam xã", VH, "Giám sát"),
)


@pytest.mark.parametrize(("sentence", "lead", "support", "work"), ORDERS)
def test_an_order_names_who_leads_and_supports_and_the_work(sentence: str, lead: str, support: str, work: str) -> None:
    order = order_at(sentence)
    assert order is not None
    assert (order.lead, order.support, work_of(sentence, order)) == (lead, support, work)


@pytest.mark.parametrize(
    "line",
    [
        f"Giao {VH} chủ trì, phối hợp với {VP} xã và các cơ quan, đơn vị liên quan thực hiện các nhiệm vụ sau:",
        f"{KT} có trách nhiệm:",
        f"Phân công {KT} (phối hợp: {CA}) triển khai các nội dung cụ thể sau đây:",
        f"{VP} là đơn vị đầu mối, chịu trách nhiệm thực hiện:",
    ],
)
def test_an_order_may_introduce_the_tasks_below_it(line: str) -> None:
    order = order_at(line)
    assert order is not None
    assert order.is_explicit
    assert introduces_tasks(line, order)


@pytest.mark.parametrize(
    "sentence",
    [
        "Giao dự toán ngân sách nhà nước năm 2026 cho các đơn vị trực thuộc",
        "Thống kê hồ sơ quá hạn và gửi thư xin lỗi đến tổ chức, cá nhân",
        "Tiếp nhận và trả kết quả thủ tục hành chính, phối hợp với Bưu điện xã",
        "Phân công từng đồng chí Ủy viên UBND phường phụ trách lĩnh vực cải cách hành chính",
        "Phân công công chức trực tiếp nhận hồ sơ ngoài giờ",
        "Tổ chức hội nghị đối thoại với doanh nghiệp",
        "Trung tâm Phục vụ hành chính công được trang bị máy tính mới",
        f"{CA} và Trạm Y tế đã phối hợp trong năm 2025",
        f"Sửa đổi quy chế phối hợp giữa {KT} và Trung tâm",
        "Kiểm tra việc chủ trì, phối hợp của các phòng",
    ],
)
def test_a_work_is_no_order(sentence: str) -> None:
    assert order_at(sentence) is None


def test_where_the_helpers_end_is_not_guessed() -> None:
    sentence = f"Giao {KT} chủ trì, phối hợp với những ai quan tâm dựng rạp cưới"
    order = order_at(sentence)
    assert order is not None
    assert (order.lead, order.support, order.support_is_unread) == (KT, "", True)
    assert work_of(sentence, order) == ""


def test_bullets_below_an_order_are_its_tasks_in_each_kind_of_list() -> None:
    lines = (
        *("II. NHIỆM VỤ", "1. Chỉ đạo", f"a) Giao {VH} chủ trì, phối hợp với {VP} thực hiện các nhiệm vụ sau:"),
        *("- Mở hội nghị; hoàn thành trong quý II;", f"- Chấm điểm. Giao {KT} chủ trì; hoàn thành trước 05/5/2026."),
        *(f"b) {CA} có trách nhiệm:", "- Cấp tài khoản; trước ngày 20/4/2026.", "2. Thể chế"),
        *(f"{VP} chủ trì:", "+ Rà soát văn bản; thực hiện thường xuyên.", "3. Khác", "- Không có việc."),
    )
    assert [short(task)[1:] for task in read(*lines)] == [
        ([VH], [VP], ["2026-06-30"]),
        ([KT], [], ["2026-05-04"]),
        ([CA], [], ["2026-04-19"]),
        ([VP], [], ["continuous"]),
    ]


def test_the_section_of_a_task_below_an_order_is_the_heading_above_both() -> None:
    lines = ("II. NHIỆM VỤ", "1. Chỉ đạo", f"Giao {VH} chủ trì:", "- Mở hội nghị; hoàn thành trong quý II;")
    assert [task.section for task in read(*lines)] == ["Chỉ đạo"]


@pytest.mark.parametrize(
    "lines",
    [
        ("II. NHIỆM VỤ", "1. Chỉ đạo", "Các nội dung như sau:", "- Mở hội nghị.", "- Lập sổ."),
        ("II. NHIỆM VỤ", "1. Thành phần dự họp", f"{VP}:", "- Chánh Văn phòng.", "- Chuyên viên."),
        ("I. ĐÁNH GIÁ KẾT QUẢ NĂM 2025", "1. Kết quả", f"{VP} chủ trì:", "- Đã mở hội nghị trong quý II."),
        ("I. MỤC ĐÍCH, YÊU CẦU", "1. Yêu cầu", f"{VP} có trách nhiệm:", "- Làm đúng hạn trong quý II."),
    ],
)
def test_lines_below_no_order_are_no_tasks(lines: tuple[str, ...]) -> None:
    assert read(*lines) == []


@pytest.mark.parametrize(
    ("sentence", "lead", "support", "work", "schedule"),
    [
        (
            "Trong quý I/2026, Phòng Kinh tế chủ trì, phối hợp với Công an xã lập danh sách hộ.",
            KT,
            CA,
            "Lập danh sách hộ.",
            "Trong quý I/2026",
        ),
        (
            "Hàng tháng, Phòng Kinh tế gửi thư cảm ơn đến người dân.",
            KT,
            "",
            "Phòng Kinh tế gửi thư cảm ơn đến người dân.",
            "Hàng tháng",
        ),
        (
            "Giao Phòng Kinh tế tham mưu báo cáo thu ngân sách, Công an xã phối hợp; hoàn thành trước ngày 15/3/2026.",
            KT,
            CA,
            "Tham mưu báo cáo thu ngân sách; hoàn thành trước ngày 15/3/2026.",
            "hoàn thành trước ngày 15/3/2026",
        ),
    ],
)
def test_a_sentence_may_begin_with_its_time_and_end_with_who_helps(
    sentence: str, lead: str, support: str, work: str, schedule: str
) -> None:
    found = order_in(sentence)
    assert found is not None
    bodies = read_bodies(found.bodies, "lead")
    assert (found.task, bodies.lead, bodies.support) == (work, (lead,), (support,) if support else ())
    assert found.schedule == schedule


def test_a_work_before_its_order_keeps_its_lead_beside_works_that_have_a_key_for_their_time() -> None:
    order = "Giao Phòng Kinh tế chủ trì thực hiện"
    tasks = read(
        "II. NHIỆM VỤ",
        "1. Bộ máy",
        f"- Mở lớp tiếng Anh. {order}; thời gian: quý I/2026.",
        f"- Công khai kết quả. {order}; hoàn thành trước ngày 25/12/2026.",
        f"- Kiểm tra. {order}; thời gian: thường xuyên.",
    )
    assert [task.content.partition(".")[0] for task in tasks] == ["Mở lớp tiếng Anh", "Công khai kết quả", "Kiểm tra"]
    assert [task.lead for task in tasks] == [[KT]] * 3


def test_one_order_alone_in_a_section_is_read() -> None:
    lines = ("II. NHIỆM VỤ", "1. Tài chính", f"- {KT} chủ trì, phối hợp với {VP} kê khai thuế; hoàn thành quý II/2026.")
    other = ("2. Công vụ", "- Lập sổ.", f"- Mở lớp. Giao {VH} thực hiện; hoàn thành trước ngày 15/10/2026.")
    assert [(task.lead, task.support) for task in read(*lines, *other)] == [([KT], [VP]), ([VH], [])]


def test_an_order_behind_its_work_may_stand_behind_any_mark_and_a_bullet_without_one_is_its_own_work() -> None:
    lines = (
        *(
            "II. NHIỆM VỤ",
            "1. Chuyển đổi số",
            f"- Nâng cấp cổng (giao {VP} chủ trì, phối hợp với {VH}; xong tháng 5/2026).",
        ),
        f"- Mua máy quét: giao {KT} thực hiện, hoàn thành trước ngày 10/4/2026.",
        *(f"- Cử công chức đi học. {VH} là cơ quan đầu mối; quý III/2026.", "- Kẻ pa nô tuyên truyền."),
    )
    found = read(*lines)
    assert [short(task) for task in found] == [
        ("Nâng cấp cổng", [VP], [VH], ["2026-05-31"]),
        ("Mua máy quét", [KT], [], ["2026-04-09"]),
        ("Cử công chức đi học", [VH], [], ["2026-09-30"]),
        ("Kẻ pa nô tuyên truyền.", [], [], ["unspecified"]),
    ]
    assert any("chưa nêu đơn vị chủ trì" in warning for warning in found[-1].warnings)


@pytest.mark.parametrize(
    "work",
    [
        f"Niêm yết bảng: {CA} có trách nhiệm giải thích cho người dân",
        f"Gửi văn bản: giao {KT} đóng dấu treo và niêm yết",
    ],
)
def test_an_order_with_its_own_work_behind_a_mark_is_not_the_end_of_the_work_before(work: str) -> None:
    lines = ("II. NHIỆM VỤ", f"1. {work}; hoàn thành trước 30/6/2026.", f"2. Giao {VH} lập sổ; xong trước 30/7/2026.")
    draft = draft_of(document(*HEAD, *lines))
    assert [(task.code, task.lead) for task in draft.tasks] == [("2", [VH])]
    assert any(work[:12] in warning for warning in draft.warnings)


def test_numbered_works_of_one_cell_have_their_office_behind_them() -> None:
    rows = table(
        ["Thời gian", "Công việc và đơn vị thực hiện"],
        ["Tháng 3/2026", f"3. Lập sổ: {KT};\n4. Xử lý văn bản, xong trước ngày 25/3: {VP} (phối hợp: {CA})."],
        ["Tháng 4/2026", f"5. Thống kê hồ sơ: {VH}"],
        ["Hằng tháng", f"- Ký số kết quả ({VP});\n- Đăng tin: {VH} ({CA} phối hợp)."],
    )
    found = read(rows)
    assert [short(task)[1:] for task in found] == [
        ([KT], [], ["2026-03-31"]),
        ([VP], [CA], ["2026-03-24"]),
        ([VH], [], ["2026-04-30"]),
        ([VP], [], ["recurring"]),
        ([VH], [CA], ["recurring"]),
    ]
    assert [task.code for task in found[:3]] == ["3", "4", "5"]
    assert any("lấy từ nội dung" in warning for warning in found[1].warnings)


def test_a_list_beside_a_column_of_offices_stays_one_task() -> None:
    rows = table(["TT", "Công việc", "Chủ trì", "Thời gian"], ["1", "1. Lập sổ.\n2. Gửi Công an xã.", KT, "Quý I"])
    assert [short(task)[1:] for task in read(rows)] == [([KT], [], ["2026-03-31"])]


def test_an_assignment_below_the_work_leaves_the_work_whole() -> None:
    header = ["STT", "Nhiệm vụ và phân công thực hiện", "Thời gian"]
    rows = (
        ["1", f"Tổ chức cuộc thi viết.\nChủ trì: {VH}; phối hợp: {CA}.", "Quý I"],
        ["2", f"Thống kê, trình công bố thủ tục.\nChủ trì: {KT}.", "Quý I"],
        ["3", f"Phối hợp bưu điện nhận hồ sơ. Chủ trì: {VP}; phối hợp: {VH}.", "Quý I"],
    )
    assert [short(task)[:3] for task in read(table(header, *rows))] == [
        ("Tổ chức cuộc thi viết.", [VH], [CA]),
        ("Thống kê, trình công bố thủ tục.", [KT], []),
        ("Phối hợp bưu điện nhận hồ sơ.", [VP], [VH]),
    ]


@pytest.mark.parametrize(
    "header", ["Người, đơn vị chịu trách nhiệm", "Đồng chí phụ trách", "Tập thể, cá nhân thực hiện"]
)
def test_a_column_of_persons_with_their_posts_leads(header: str) -> None:
    person = "Đ/c Trương Công Thái, Chánh Văn phòng HĐND và UBND"
    rows = table(["STT", "Việc", header, "Thời hạn"], ["1", "Lập sổ", person, "Quý I"], ["2", "Mở lớp", KT, "Quý I"])
    found = read(rows)
    assert [task.lead for task in found] == [[person], [KT]]
    assert any("chức danh lãnh đạo" in warning for warning in found[0].warnings)


@pytest.mark.parametrize(
    ("work", "clauses"),
    [
        ("Xử lý văn bản, xong trước ngày 25/3", ["xong trước ngày 25/3"]),
        ("Lập sổ (hoàn thành 15/8/2026)", ["hoàn thành 15/8/2026"]),
        ("Giải quyết hồ sơ trễ hạn tiếp nhận trước ngày 01/7/2025", []),
        ("Triển khai Nghị định, có hiệu lực từ ngày 01/7/2025", []),
    ],
)
def test_a_day_within_the_work_is_its_last_one_only_behind_a_mark(work: str, clauses: list[str]) -> None:
    assert last_days_within(work) == clauses


def test_another_day_than_that_of_the_column_is_warned_of_and_not_taken() -> None:
    rows = table(["TT", "Việc", "Chủ trì", "Thời gian"], ["1", "Lập sổ, xong trước ngày 25/5", KT, "Tháng 3/2026"])
    (task,) = read(rows)
    assert short(task)[3] == ["2026-03-31"]
    assert any("khác cột thời gian" in warning for warning in task.warnings)


def test_of_two_days_in_a_work_none_replaces_the_column() -> None:
    work = "Báo cáo hai lần (xong trước 10/6; xong trước 10/12)"
    (task,) = read(table(["TT", "Việc", "Chủ trì", "Thời gian"], ["1", work, KT, "Cả năm 2026"]))
    assert task.schedule_text == "Cả năm 2026"
    assert any("nhiều hạn" in warning for warning in task.warnings)


@pytest.mark.parametrize(
    ("sentence", "lead", "support", "work"),
    [
        (f"Giao {KT} chủ trì, phối hợp với Công an tỉnh kiểm tra", KT, "Công an tỉnh", "Kiểm tra"),
        (
            "Giao Văn phòng HĐND và UBND tỉnh Lào Cai hướng dẫn xã",
            "Văn phòng HĐND và UBND tỉnh Lào Cai",
            "",
            "Hướng dẫn xã",
        ),
        ("Giao Công an tỉnh kiểm tra định kỳ", "Công an tỉnh", "", "Kiểm tra định kỳ"),
        ("Giao Trạm Y tế lưu động báo cáo tuần", "Trạm Y tế lưu động", "", "Báo cáo tuần"),
        ("Giao Công an, quân sự xã rà soát nguồn", "Công an, quân sự xã", "", "Rà soát nguồn"),
        ("Giao Bưu điện văn hóa xã niêm yết bảng giá", "Bưu điện văn hóa xã", "", "Niêm yết bảng giá"),
        ("Giao Bí thư Đoàn xã Tân Hưng vận động thanh niên", "Bí thư Đoàn xã Tân Hưng", "", "Vận động thanh niên"),
        ("Trưởng Trạm Y tế xã Tân Hưng chủ trì lập hồ sơ", "Trưởng Trạm Y tế xã Tân Hưng", "", "Lập hồ sơ"),
        (f"Giao {KT} chủ trì, {VH} phối hợp rà soát thủ tục", KT, VH, "Rà soát thủ tục"),
        (f"Giao {KT} chủ trì, {VH} và {CA} cùng phối hợp thực hiện dán mã", KT, f"{VH} và {CA}", "Dán mã"),
    ],
)
def test_names_are_whole_and_helpers_may_stand_before_their_word(
    sentence: str, lead: str, support: str, work: str
) -> None:
    order = order_at(sentence)
    assert order is not None
    assert (order.lead, order.support, work_of(sentence, order)) == (lead, support, work)


@pytest.mark.parametrize(
    "sentence",
    [
        "Giao Chủ tịch UBND phường Lào Cai ký giấy mời",
        f"{VP} chịu trách nhiệm trước Chủ tịch UBND xã về tiến độ",
        f"{VP} có trách nhiệm trước Chủ tịch UBND xã về tiến độ",
        "Giao Phó Chủ tịch UBND xã phụ trách chung chỉ đạo",
        f"Giao {KT} chủ trì, {VH} kiểm tra chéo",
    ],
)
def test_no_work_is_taken_from_a_sentence_without_one(sentence: str) -> None:
    order = order_at(sentence)
    assert order is None or work_of(sentence, order) == ""


def test_helpers_before_their_word_leave_the_list_below_open() -> None:
    lines = ("II. NHIỆM VỤ", "1. Chỉ đạo", f"Giao {KT} chủ trì, {VH} phối hợp thực hiện các nhiệm vụ sau:")
    assert [short(task)[1:3] for task in read(*lines, "- Lập sổ; xong trước 30/6.", "- Mở lớp.")] == [([KT], [VH])] * 2


@pytest.mark.parametrize(
    "work",
    [
        "Trình HĐND xã; đề nghị Sở Tư pháp có trách nhiệm thẩm định; xong trước 30/7",
        f"Lập sổ. Đề nghị {CA} có trách nhiệm cung cấp số liệu; xong trước 30/7",
    ],
)
def test_who_is_only_to_give_a_part_does_not_lead_the_work_before(work: str) -> None:
    rows = table(["TT", "Nhiệm vụ và phân công", "Thời gian"], ["1", work, "Quý III"])
    assert [task.lead for task in read(rows)] == [[]]
    lines = ("II. NHIỆM VỤ", f"1. {work}.", f"2. Giao {VH} lập sổ; xong trước 30/7/2026.")
    assert [task.lead for task in read(*lines) if task.lead] == [[VH]]


def test_a_request_for_good_conduct_orders_no_task() -> None:
    lines = (
        *("II. NHIỆM VỤ", "1. Chỉ đạo", "- Đề nghị Ủy ban MTTQ xã quan tâm, giám sát việc thực hiện kế hoạch."),
        *(f"- Giao {VP} lập sổ; xong trước 30/6/2026.", "2. Kỷ luật", "Yêu cầu các cơ quan, đơn vị:"),
        *("- Không uống rượu bia.", "- Đi làm đúng giờ."),
    )
    assert [task.lead for task in read(*lines) if task.lead] == [[VP]]


def test_lessons_of_the_past_are_no_tasks() -> None:
    lines = ("I. BÀI HỌC KINH NGHIỆM", "1. Chỉ đạo", f"{VP} chủ trì:", "- Mở hội nghị trong quý II.")
    assert read(*lines) == []


def test_numbers_in_cells_follow_the_number_of_their_row() -> None:
    rows = [[n, f"1. Lập sổ: {KT};\n2. Mở lớp: {CA}.", "Quý I"] for n in ("1", "2")]
    found = read(table(["TT", "Công việc và đơn vị thực hiện", "Thời gian"], *rows))
    assert [(task.code, task.lead) for task in found] == [
        *(("1.1", [KT]), ("1.2", [CA])),
        *(("2.1", [KT]), ("2.2", [CA])),
    ]


def test_a_further_office_with_its_own_work_does_not_lead_the_work_before() -> None:
    lines = (
        "II. NHIỆM VỤ",
        f"1. {KT} kiểm tra chợ; {VH} chủ trì, phối hợp với {CA} tổng hợp báo cáo; xong trước 30/6/2026.",
    )
    assert read(*lines, f"2. Giao {VP} lập sổ; xong trước 30/7/2026.")[0].lead == [KT]


def test_an_office_that_is_called_ban_may_be_ordered() -> None:
    order = order_at("Giao Ban Chỉ huy Quân sự xã chủ trì; hoàn thành trước ngày 15/5.")
    assert order is not None
    assert order.lead == "Ban Chỉ huy Quân sự xã"
    assert order_at("Giao ban trực tuyến với các phòng") is None


@pytest.mark.parametrize(
    ("work", "support", "content"),
    [
        (f"mời {CA}, Trạm Y tế phối hợp", [], f"Mời {CA}, Trạm Y tế phối hợp."),
        (f"gửi giấy mời tới {CA}, Trạm Y tế phối hợp", [], f"Gửi giấy mời tới {CA}, Trạm Y tế phối hợp."),
        (f"lập báo cáo, {CA} và Trạm Y tế phối hợp", [CA, "Trạm Y tế"], "Lập báo cáo."),
    ],
)
def test_a_list_of_bodies_that_the_work_is_about_is_not_cut(work: str, support: list[str], content: str) -> None:
    lines = ("II. NHIỆM VỤ", f"1. Giao {VP} {work}.", f"2. Giao {KT} lập sổ; xong trước 30/7/2026.")
    first = read(*lines)[0]
    assert (first.content, first.support) == (content, support)
    assert any("nêu cơ quan chưa ghi" in warning for warning in first.warnings) == (not support)


@pytest.mark.parametrize(
    "helpers", ["các làng nghề truyền thống", "các khóm điểm", "các làng trong xã", "các làng, khóm"]
)
def test_the_name_of_villages_with_a_craft_is_not_cut(helpers: str) -> None:
    lines = ("II. NHIỆM VỤ", f"1. {CA} chủ trì, phối hợp với {helpers} vận động nhân dân (quý I/2026).")
    task = read(*lines, f"2. Giao {KT} lập sổ; xong trước 30/7/2026.")[0]
    is_read = task.support == [helpers] and task.content.startswith("Vận động")
    assert is_read or any("chưa đọc được đơn vị phối hợp" in warning for warning in task.warnings)


def test_the_time_of_a_further_sentence_with_its_own_office_is_not_that_of_the_first() -> None:
    work = f"Trong năm 2026, UBND xã kiểm tra 30% đơn vị. {VP} tham mưu kế hoạch kiểm tra trước ngày 31/3/2026."
    task = read("II. NHIỆM VỤ", f"1. {work}", f"2. Giao {KT} lập sổ; xong trước 30/7/2026.")[0]
    assert task.schedule_text == "Trong năm 2026"
    assert any("việc của cơ quan khác" in warning and VP in warning for warning in task.warnings)


def test_the_time_behind_who_helps_is_no_part_of_the_name() -> None:
    work = f"1. {KT} chủ trì tổ chức hội nghị có sự phối hợp của Sở Nội vụ trong quý II/2026."
    assert read("II. NHIỆM VỤ", work, f"2. Giao {VP} lập sổ; xong trước 30/7/2026.")[0].support == ["Sở Nội vụ"]
