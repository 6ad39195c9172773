"""Who does a work and until when may stand in brackets in any order, once for a list, or by the number of the work."""

import pytest

from services.planning.documents.draft_reader import draft_of
from services.planning.documents.formats.pdf.blocks import PageContent, with_footnotes_behind
from services.planning.documents.formats.pdf.grids import Grid
from services.planning.documents.formats.pdf.lines import Line
from services.planning.documents.formats.pdf.page import TableOnPage
from tests.planning.documents.drawn import document, table

PLAN = ("KẾ HOẠCH", "Cải cách hành chính năm 2026 của xã Xốp", "II. NHIỆM VỤ")
KT, CA, VP = "Phòng Kinh tế", "Công an xã", "Văn phòng HĐND và UBND"
WORK, MORE = "Rà soát hồ sơ lưu trữ", "Lập sổ theo dõi hồ sơ trễ hạn"


def tasks_of(*blocks):
    return [
        (task.content, task.lead, task.support, task.schedule_text) for task in draft_of(document(*PLAN, *blocks)).tasks
    ]


@pytest.mark.parametrize(
    "brackets",
    [
        f"Chủ trì: {KT}; phối hợp: {CA}; thời gian: quý II",
        f"thời gian: quý II; {KT} chủ trì, {CA} phối hợp",
        f"{KT} chủ trì, phối hợp với {CA}; thời gian: quý II",
        f"{KT}; phối hợp: {CA}; quý II",
    ],
)
def test_brackets_behind_a_work_name_bodies_and_time_in_any_order(brackets):
    works = [f"- {work} ({brackets})." for work in (WORK, MORE)]
    assert tasks_of("1. Thể chế", *works) == [(work, [KT], [CA], "quý II") for work in (WORK, MORE)]


def test_a_body_alone_in_brackets_leads_with_a_doubt_beside_works_that_name_their_lead_there():
    works = [f"- {work} ({KT} chủ trì, phối hợp với {CA}; quý II)." for work in (WORK, MORE)]
    plan = draft_of(document(*PLAN, "1. Thể chế", *works, f"- In tờ rơi ({VP}).", f"- Mở lớp ({CA} thực hiện)."))
    assert [task.lead for task in plan.tasks] == [[KT], [KT], [VP], [CA]]
    doubts = [any("không nêu vai trò" in warning for warning in task.warnings) for task in plan.tasks]
    assert doubts == [False, False, True, False]


@pytest.mark.parametrize("bodies", [(f"{KT} chủ trì; {CA} phối hợp", VP), (KT, VP)])
def test_a_time_behind_bullets_with_bodies_in_brackets_is_that_of_each(bodies):
    works = [f"- {work} ({body});" for work, body in zip((WORK, MORE), bodies, strict=True)]
    plan = draft_of(document(*PLAN, "1. Trước khi kiểm tra", *works, "Thời gian thực hiện: Quý I/2026."))
    assert [(task.content, task.lead, task.schedule_text) for task in plan.tasks] == [
        (WORK, [KT], "Quý I/2026"),
        (MORE, [VP], "Quý I/2026"),
    ]
    assert all(any("dòng chung ở cuối" in warning for warning in task.warnings) for task in plan.tasks)


def test_a_time_behind_the_bullets_of_an_office_is_that_of_each_where_none_has_its_own():
    lines = ["1. Phòng Kinh tế", f"- {WORK}.", f"- {MORE}.", "Thời gian thực hiện: Quý I/2026."]
    assert [each[3] for each in tasks_of(*lines)] == ["Quý I/2026", "Quý I/2026"]
    assert tasks_of("1. Thể chế", f"- {WORK}.", f"- {MORE}.", f"- Chủ trì: {KT}", "Thời gian thực hiện: Quý I.") == [
        (f"Thể chế\n{WORK}.\n{MORE}.", [KT], [], "Quý I")
    ]


def test_a_title_in_capitals_orders_nobody():
    assert tasks_of("NHIỆM VỤ NĂM 2026 GIAO CÁC PHÒNG, ĐƠN VỊ CHỦ TRÌ") == []


SHARED = f"Đơn vị chủ trì thực hiện các nhiệm vụ tại khoản này: {KT}; đơn vị phối hợp: {CA}."


@pytest.mark.parametrize(
    "above",
    [
        [f"1. Thể chế ({KT} chủ trì; {CA} phối hợp)"],
        ["1. Thể chế", SHARED],
    ],
)
def test_bodies_that_stand_once_for_a_list_are_those_of_each_work(above):
    works = [f"- {WORK} (trước ngày 15/3/2026).", f"- {MORE}. Thời gian: Quý III/2026."]
    assert tasks_of(*above, *works) == [
        (f"{WORK} (trước ngày 15/3/2026).", [KT], [CA], "trước ngày 15/3/2026"),
        (f"{MORE}.", [KT], [CA], "Quý III/2026"),
    ]


def test_a_shared_time_is_that_of_the_works_without_one():
    shared = f"{SHARED} Thời gian thực hiện: thường xuyên trong năm, trừ nhiệm vụ có ghi thời hạn riêng."
    times = [each[3] for each in tasks_of("1. Thể chế", shared, f"- {WORK}.", f"- {MORE} (quý II).")]
    assert times == ["thường xuyên trong năm", "quý II"]


def test_bullets_with_keys_in_their_own_lines_are_works_each():
    """One without any is no part of the next, whose time would be taken for its own."""
    lines = [f"- {WORK}.", f"- {MORE}. Thời gian: Quý III.", "- Mở lớp tập huấn. Thời gian: Quý IV."]
    assert [(each[0].rstrip("."), each[3]) for each in tasks_of("1. Thể chế", *lines)] == [
        (WORK, None),
        (MORE, "Quý III"),
        ("Mở lớp tập huấn", "Quý IV"),
    ]


@pytest.mark.parametrize(
    ("numbers", "named"),
    [
        ("1.1, 1.2 Mục II", ["1.1", "1.2"]),
        ("1.1 đến 1.3", ["1.1", "1.2", "1.3"]),
        ("1.2 và 1.3", ["1.2", "1.3"]),
        ("1.2, theo dõi chung", ["1.2"]),
        ("1.2-1.3 của Kế hoạch", ["1.2", "1.3"]),
    ],
)
def test_offices_get_works_by_numbers_with_dots(numbers, named):
    works = [f"1.{n}. {WORK} số {n}; thời gian hoàn thành: Quý II." for n in (1, 2, 3)]
    ends = [f"1. {KT}: Chủ trì thực hiện các nhiệm vụ {numbers}; phối hợp thực hiện nhiệm vụ 1.1."]
    ends += ["2. Công an xã", "- Phối hợp thực hiện nhiệm vụ 1.3."]
    tasks = draft_of(document(*PLAN, "1. Thể chế", *works, "III. PHÂN CÔNG THỰC HIỆN", *ends)).tasks
    assert [task.code for task in tasks if KT in task.lead] == named
    assert [task.code for task in tasks if CA in task.support] == ["1.3"]
    assert len(tasks) == 3


def test_a_group_and_its_works_in_one_column_are_the_works():
    rows = table(
        ["Mã số", "Nhóm nhiệm vụ, nhiệm vụ", "Đơn vị đầu mối thực hiện", "Bắt đầu", "Hoàn thành"],
        ["1", "Thể chế", "", "", ""],
        ["1.1", WORK, KT, "05/01/2026", "20/01/2026"],
    )
    assert tasks_of(rows) == [(WORK, [KT], [], "Từ 05/01/2026 đến 20/01/2026")]


def test_marks_in_all_months_are_every_month():
    months = [str(month) for month in range(1, 13)]
    rows = table(
        ["TT", "Nhiệm vụ", "Chủ trì", "Tháng thực hiện", *["<"] * 11],
        ["^", "^", "^", *months],
        ["1", WORK, KT, *["x"] * 12],
        ["2", MORE, KT, "x", "x", *[""] * 10],
    )
    assert [each[3] for each in tasks_of(rows)] == ["Hằng tháng", "Từ tháng 1 đến tháng 2"]


def test_a_short_name_is_not_explained_by_a_text_that_holds_it():
    legend = f"Từ viết tắt: VP HĐND và UBND - {VP}; VH - Phòng Văn hóa - Xã hội; KT - {KT}"
    rows = table(["TT", "Nhiệm vụ", "Chủ trì", "Thời gian"], ["1", WORK, "VP HĐND và UBND", "Quý I"])
    assert [each[1] for each in tasks_of(legend, rows)] == [["VP HĐND và UBND"]]


def test_the_plan_of_a_province_is_that_of_no_commune():
    head = ["ỦY BAN NHÂN DÂN", "TỈNH NINH BÌNH", "KẾ HOẠCH", "Cải cách hành chính năm 2026 tỉnh Ninh Bình"]
    rows = table(["TT", "Nhiệm vụ", "Chủ trì", "Thời gian"], ["1", WORK, "UBND phường Hoa Lư", "Quý I"])
    draft = draft_of(document(*head, "II. NHIỆM VỤ", rows))
    assert (draft.plan.commune, draft.plan.province) == (None, "37")
    assert any("cấp tỉnh" in each for each in draft.warnings)


def test_footnotes_at_the_end_of_a_page_do_not_divide_the_table_of_two_pages():
    def part(page):
        return PageContent(page, TableOnPage(Grid([0.0, 50.0, 100.0], [0.0, 10.0]), {0: [printed("Rà soát", 11.0)]}))

    def printed(text, height):
        return Line(text, 0.0, 90.0, 20.0, 20.0 + height, bold=False, first_word=5.0, after_number=0.0)

    def line(text, height=9.0):
        return PageContent(1, printed(text, height))

    above, below, note = part(1), part(2), line("1 Kinh phí mua sắm từ nguồn xã hội hóa.")
    assert with_footnotes_behind([above, note, line("dự kiến 320 triệu đồng."), below])[:2] == [above, below]
    for heading in (line("3. Cải cách tổ chức bộ máy"), line("3 Cải cách tổ chức bộ máy", 11.0)):
        assert with_footnotes_behind([above, heading, below]) == [above, heading, below]


@pytest.mark.parametrize(
    ("brackets", "time"),
    [
        (f"({KT}; quý IV)", "quý IV"),
        (f"({KT} chủ trì; sau khi Sở Nội vụ ban hành hướng dẫn)", "sau khi Sở Nội vụ ban hành hướng dẫn"),
    ],
)
def test_bullets_of_a_cell_with_one_body_in_brackets_are_works(brackets, time):
    header = ["STT", "Lĩnh vực", "Nhiệm vụ, phân công và thời gian thực hiện"]
    works = f"- Giao ban trực tuyến với các phòng {brackets}.\n- {WORK} ({VP}; hằng tháng)."
    assert tasks_of(table(header, ["1", "Cải cách", works])) == [
        ("Giao ban trực tuyến với các phòng", [KT], [], time),
        (WORK, [VP], [], "hằng tháng"),
    ]


def test_lists_below_offices_are_works_of_each_where_one_of_them_has_a_line_of_time():
    lines = [f"1. {KT}", f"- {WORK}. Thời gian: Quý II.", "2. Các thôn", f"- {MORE}; hằng tháng; phối hợp: {CA}."]
    tasks = draft_of(document(*PLAN[:2], "III. TỔ CHỨC THỰC HIỆN", *lines)).tasks
    assert [(task.lead, task.support) for task in tasks] == [([KT], []), (["Các thôn"], [CA])]


def test_a_table_of_headings_alone_has_no_task():
    assert tasks_of(table(["STT", "Nhiệm vụ", "Chủ trì", "Thời gian"], ["I", "**Cải cách", "", ""])) == []


def test_a_work_below_shared_bodies_keeps_those_that_it_names():
    lines = [f"- {WORK} ({VP} chủ trì; quý II).", f"- {MORE} (quý III)."]
    assert tasks_of("1. Thể chế", f"Đơn vị chủ trì các nhiệm vụ tại khoản này: {KT}.", *lines) == [
        (WORK, [VP], [], "quý II"),
        (f"{MORE} (quý III).", [KT], [], "quý III"),
    ]


@pytest.mark.parametrize(
    ("others", "leads", "doubts"),
    [
        (f"nhiệm vụ cuối do {CA} chủ trì", [[KT], [CA]], 0),
        (f"nhiệm vụ về lưu trữ do {CA} chủ trì", [[KT], [KT]], 2),
        ("nhiệm vụ có ghi thời hạn riêng", [[KT], [KT]], 0),
    ],
)
def test_a_work_that_shared_bodies_except_has_its_own_or_is_warned_of(others, leads, doubts):
    shared = f"Đơn vị chủ trì các nhiệm vụ tại khoản này: {KT}, trừ {others}."
    lines = ["1. Thể chế", shared, f"- {WORK} (quý II).", f"- {MORE} (quý III)."]
    tasks = draft_of(document(*PLAN, *lines)).tasks
    assert [task.lead for task in tasks] == leads
    assert sum("chưa rõ là nhiệm vụ nào" in each for task in tasks for each in task.warnings) == doubts


def test_of_the_duties_of_offices_only_those_with_a_time_are_works():
    lines = [f"1. {KT}", f"- {WORK}. Thời gian: Quý II.", "- Theo dõi việc thực hiện.", "2. Công an xã"]
    lines += [f"- {MORE}; hằng tháng.", "- Giữ trật tự."]
    tasks = draft_of(document(*PLAN[:2], "III. TỔ CHỨC THỰC HIỆN", *lines)).tasks
    assert [task.lead for task in tasks] == [[KT], [CA]]
    assert all("lấy từ phần tổ chức thực hiện" in task.warnings[0] for task in tasks)


def test_a_time_and_helpers_behind_a_product_are_no_part_of_it():
    brackets = f"(Chủ trì: {KT}; sản phẩm: sổ; tờ rơi; {CA} phối hợp; trước 20/5)"
    (task,) = draft_of(document(*PLAN, "1. Thể chế", f"- {WORK} {brackets}.")).tasks
    found = task.lead, task.support, task.deliverable, task.schedule_text
    assert found == ([KT], [CA], "sổ; tờ rơi", "trước 20/5")


@pytest.mark.parametrize("remark_at", [0, 1])
def test_a_remark_among_bullets_is_no_work_and_bodies_behind_all_are_those_of_each(remark_at):
    lines = [f"- {WORK}. Thời gian: Quý II.", f"- {MORE}. Thời gian: Quý III.", f"Chủ trì: {KT}."]
    lines.insert(remark_at, "- Đối tượng: cán bộ.")
    assert tasks_of("1. Thể chế", *lines) == [
        (f"{WORK}.\nĐối tượng: cán bộ.", [KT], [], "Quý II"),
        (f"{MORE}.", [KT], [], "Quý III"),
    ]


def test_a_column_of_groups_is_no_part_of_the_work_beside_it():
    header = ["STT", "Nhóm nhiệm vụ/nội dung", "Nhiệm vụ cụ thể", "Chủ trì", "Thời gian"]
    assert tasks_of(table(header, ["1", "Thể chế", WORK, KT, "Quý I"])) == [(WORK, [KT], [], "Quý I")]


def test_a_label_makes_no_remark_where_other_works_have_one_too():
    lines = [f"- Lưu trữ: lập sổ {n}. Chủ trì: {KT}. Thời gian: Quý {n}." for n in ("I", "II")]
    assert len(tasks_of("1. Thể chế", *lines, "- Hội nghị: gặp doanh nghiệp.")) == 3


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((f"- Chủ trì: {CA} (quý I/2026)",), ([CA], [], "quý I/2026")),
        ((f"- Chủ trì: {CA} (quý I)", "- Thời gian: quý II"), ([f"{CA} (quý I)"], [], "quý II")),
        (
            (f"- Chủ trì: {CA}", f"- Phối hợp: {KT} (tháng 3)", "- Thời gian: quý II"),
            ([CA], [f"{KT} (tháng 3)"], "quý II"),
        ),
        ((f"- Chủ trì: {CA}", f"- Phối hợp: {KT} (tháng 3)"), ([CA], [KT], "tháng 3")),
        ((f"- Chủ trì: {CA} (quý I), {KT} (quý II)",), ([f"{CA} (quý I)", f"{KT} (quý II)"], [], None)),
        ((f"- Chủ trì: {KT} (năm 2025 là Văn phòng)",), ([KT, "năm 2025 là Văn phòng"], [], None)),
    ],
)
def test_a_time_in_brackets_behind_the_bodies_is_that_of_the_work_where_it_has_no_other(lines, expected):
    (task,) = draft_of(document(*PLAN, f"1. {WORK}", *lines)).tasks
    assert (task.lead, task.support, task.schedule_text) == expected
    assert bool([warning for warning in task.warnings if "cơ quan" in warning]) == (expected[2] != "quý I/2026")


@pytest.mark.parametrize("targets", [("100% hồ sơ trực tuyến", "90% hồ sơ số hóa"), (WORK, MORE)])
def test_bodies_in_brackets_behind_targets_or_works_without_a_time_make_no_tasks(targets):
    assert tasks_of("1. Chỉ tiêu", *(f"- {each} ({body})." for each, body in zip(targets, (KT, CA), strict=True))) == []
