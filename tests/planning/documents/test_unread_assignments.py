"""A body or a last day that the source of a task names ends in a field of the task, or in a warning at its place."""

import pytest

from services.planning.documents.draft import Draft, DraftTask
from services.planning.documents.draft_reader import draft_of
from services.planning.documents.unread_assignments import warn_of_unread_assignments
from tests.planning.documents.drawn import document, table

KT, CA, VP = "Phòng Kinh tế", "Công an xã", "Văn phòng HĐND và UBND"
WORK = "Rà soát hồ sơ lưu trữ"


def warnings_of(content, *, source=(), lead=KT, support=(), schedule=None, section=None):
    task = DraftTask(content, "đoạn 1", section=section, lead=[lead], support=[*support], schedule_text=schedule)
    drawn = document(*(source or [content]))
    warn_of_unread_assignments(Draft(tasks=[task]), drawn, drawn.blocks)
    return task.warnings


@pytest.mark.parametrize(
    "content",
    [
        f"{WORK}. Giao {CA} thực hiện",
        f"{WORK}: {CA} chủ trì",
        f"{WORK} ({CA})",
        f"{WORK}, phối hợp với {VP}",
        f"{WORK}; phối hợp với {KT}, {CA} và các thôn",
        f"{WORK}; {CA} là đơn vị đầu mối",
        f"{CA}:\n{WORK}",
    ],
)
def test_a_body_with_a_role_that_stays_in_the_words_of_a_task_is_warned_of(content):
    (warning,) = warnings_of(content)
    assert warning.startswith("đoạn 1: lời văn “")
    assert "chưa ghi là chủ trì hay phối hợp" in warning


@pytest.mark.parametrize(
    "content",
    [
        f"{WORK} gửi Sở Nội vụ và {CA}",
        f"{WORK} ({KT} chủ trì)",
        "Sửa đổi quy chế phối hợp giữa các phòng và Trung tâm",
        "Giao dự toán ngân sách cho các đơn vị trực thuộc",
        "Bàn giao tài sản cho các trường học",
        "Tổ chức hội nghị giao ban các tổ công nghệ số",
    ],
)
def test_a_body_that_the_work_is_about_is_none(content):
    assert warnings_of(content) == []


def test_works_with_bodies_of_their_own_that_are_one_task_are_warned_of():
    works = (f"Trong quý I/2026, {CA} mở lớp tập huấn.", f"{WORK} ({KT} chủ trì; {CA} phối hợp; quý II).")
    merged = [each for each in warnings_of("\n".join(["Công tác chỉ đạo", *works])) if "gộp nhiều việc" in each]
    assert len(merged) == 1
    assert all(work.rstrip(".") in merged[0] for work in works)


def test_a_clause_of_another_office_with_its_time_is_warned_of():
    first = f"Yêu cầu {KT} trong tháng 3/2026 hoàn thành rà soát quy hoạch"
    (warning, *_) = warnings_of(f"{first}; {CA} trong quý II/2026 hoàn thành cấp định danh.")
    assert f"việc của cơ quan khác: “{CA} trong quý II/2026" in warning
    assert warnings_of(f"{first}; {CA} trong quý II/2026 hoàn thành cấp định danh.", support=[CA]) == []


@pytest.mark.parametrize(
    ("content", "is_warned_of"),
    [
        (f"{KT}: rà soát quy chế trước ngày 31/3; hằng quý tổng hợp phản ánh; kiểm tra công vụ trong quý III", True),
        (f"{WORK} (quý I), số hóa hồ sơ (quý II)", True),
        (f"{WORK} trong quý I; hoàn thành trước ngày 31/3; báo cáo kết quả trước ngày 15/4", False),
        (f"{WORK}; kiểm tra các thôn trong quý II", False),
    ],
)
def test_works_with_times_of_their_own_that_are_one_task_are_warned_of(content, is_warned_of):
    schedule = "trước ngày 31/3; trong quý I; trong quý II; trong quý III; hằng quý; trước ngày 15/4"
    merged = [each for each in warnings_of(content, schedule=schedule) if "gộp nhiều việc" in each]
    assert bool(merged) == is_warned_of


@pytest.mark.parametrize(("schedule", "is_warned_of"), [("Tháng 3", True), ("xong trước ngày 25/3", False)])
def test_a_last_day_in_the_words_of_a_task_is_its_time_or_warned_of(schedule, is_warned_of):
    found = warnings_of(f"{WORK}, xong trước ngày 25/3", schedule=schedule)
    assert [("25/3" in each, "chưa lấy" in each) for each in found] == ([(True, True)] if is_warned_of else [])


@pytest.mark.parametrize(
    ("source", "dropped"),
    [
        ([f"{WORK} ({CA}), trước ngày 20/5"], [CA[:7], "trước ngày 20/5"]),
        ([f"{WORK} ({KT})", f"Cùng làm: {VP}"], [VP[:9]]),
        ([WORK, "2. Một việc khác", f"- {CA} chủ trì"], []),
        ([f"1. {WORK}", "Nơi nhận:", f"- {CA};"], []),
    ],
)
def test_a_body_or_a_time_that_is_dropped_from_the_lines_of_a_task_is_warned_of(source, dropped):
    found = " ".join(warnings_of(WORK, source=source))
    assert all(f"“{each}”" in found for each in dropped)
    assert bool(found) == bool(dropped)


def test_a_body_of_a_row_that_no_field_of_its_task_holds_is_warned_of():
    task = DraftTask(WORK, "dòng 2", lead=[KT])
    rows = document(table(["STT", "Việc", "Ai làm"], ["1", WORK, f"{KT}\n{CA}"]))
    warn_of_unread_assignments(Draft(tasks=[task]), rows, [])
    assert ["“Công an” chưa ghi vào nhiệm vụ nào" in each for each in task.warnings] == [True]


def test_a_lead_other_than_the_office_of_the_heading_above_is_warned_of():
    (warning,) = warnings_of(WORK, section=CA)
    assert f"tiêu đề ghi “{CA}”, nhiệm vụ ghi chủ trì là {KT}" in warning


PLAN = ("KẾ HOẠCH", "Cải cách hành chính năm 2026 của xã Xốp")
HEADER = ["STT", "Nhiệm vụ", "Đơn vị thực hiện", "Thời gian"]


def tasks_of(*blocks):
    return draft_of(document(*PLAN, *blocks)).tasks


@pytest.mark.parametrize(
    ("header", "note"),
    [
        ("Đơn vị thực hiện (đơn vị ghi đầu tiên là đơn vị chủ trì)", "II. NHIỆM VỤ"),
        ("Đơn vị thực hiện", "Ghi chú: cơ quan đứng đầu là cơ quan chủ trì."),
    ],
)
def test_the_first_body_leads_where_the_header_or_a_note_says_so(header, note):
    rows = table([*HEADER[:2], header, HEADER[3]], ["1", WORK, f"{KT}; {CA}; Các thôn", "Quý I"])
    (task,) = tasks_of(rows, note)
    assert (task.lead, task.support) == ([KT], [CA, "Các thôn"])
    assert any("cơ quan đứng đầu là chủ trì" in each for each in task.warnings)


def test_works_as_bullets_of_one_cell_are_taken_apart_by_their_brackets():
    works = f"- {WORK} ({KT} chủ trì, phối hợp {CA}; Quý I).\n- Lập sổ ({VP}; phối hợp: {CA}; trước ngày 20/5)."
    header = ["STT", "Lĩnh vực", "Nhiệm vụ, phân công và thời gian thực hiện", "Chỉ tiêu năm 2026"]
    tasks = tasks_of("II. NHIỆM VỤ", table(header, ["1", "Cải cách", works, "Hoàn thành 100% nhiệm vụ"]))
    assert [(task.content, task.lead, task.support, task.schedule_text) for task in tasks] == [
        (WORK, [KT], [CA], "Quý I"),
        ("Lập sổ", [VP], [CA], "trước ngày 20/5"),
    ]


def test_the_leader_in_charge_is_no_body_of_the_work():
    cell = f"- Chủ trì: {KT}\n- Phối hợp: {CA}\n- LĐ phụ trách: Đ/c Lù Văn Sử, PCT"
    (task,) = tasks_of(table(HEADER, ["1", WORK, cell, "Quý I"]))
    assert (task.lead, task.support) == ([KT], [CA])
    assert any("LĐ phụ trách: Đ/c Lù Văn Sử, PCT" in each for each in task.warnings)


def test_brackets_behind_each_body_give_it_its_role():
    lines = [f"- {KT} (chủ trì), {CA}, Trạm Y tế xã (phối hợp): {WORK.lower()} số {n}; 15/{n}/2026." for n in (4, 5)]
    tasks = tasks_of("II. NHIỆM VỤ", "1. Quý II", *lines)
    assert [(task.lead, task.support) for task in tasks] == [([KT], [CA, "Trạm Y tế xã"])] * 2


def test_lines_with_times_of_their_own_may_be_several_tasks():
    several, single = f"{WORK} (hằng tháng)\nLập sổ; quý II", "gộp nhiều việc"
    quoted = [each for each in warnings_of(several, schedule="Quý II") if single in each]
    assert [("Lập sổ" in each, WORK in each) for each in quoted] == [(True, True)]
    assert not any(single in each for each in warnings_of(f"{WORK} (hằng tháng)", schedule="Quý II"))


@pytest.mark.parametrize("note", ["Ghi chú: đơn vị in đậm là đơn vị chủ trì.", "Chủ trì: đơn vị gạch chân", None])
def test_several_leads_are_warned_of_where_the_print_of_a_name_tells_who_leads(note):
    task = DraftTask(WORK, "dòng 2", lead=[KT, CA])
    drawn = document(*([note] if note else ["Ghi chú: theo dõi hằng tháng"]))
    warn_of_unread_assignments(Draft(tasks=[task]), drawn, [])
    assert ["cách in chưa đọc được" in each for each in task.warnings] == ([True] if note else [])


def test_a_body_that_is_dropped_from_several_lines_is_warned_of_once():
    found = warnings_of(WORK, source=[WORK, f"Cùng làm: {VP}", f"Cùng dự: {VP}"])
    assert len(found) == 1


@pytest.mark.parametrize(
    ("words", "schedule"),
    [
        ("(hằng quý)", "Hàng quý"),
        ("(trước ngày 15/01/2026)", "Trước ngày 15/1"),
        ("(Quý I/2026)", "Quý I"),
        (", chậm nhất ngày 30/6", "Chậm nhất 30/6/2026"),
        ("(ngày 10/10)", "10/10/2026"),
    ],
)
def test_the_same_time_in_other_words_is_no_doubt(words, schedule):
    (task,) = tasks_of(
        table(HEADER, ["1", f"{WORK} {words}", KT, schedule], ["2", "Lập sổ (hằng tháng)", KT, "Quý I"])
    )[:1]
    assert task.warnings == []


def test_the_same_body_in_other_words_is_no_doubt():
    assert warnings_of(f"{WORK}, phối hợp với Sở KH&CN", support=["Sở Khoa học và Công nghệ"]) == []


@pytest.mark.parametrize("header", [["Chủ trì", "Phối hợp"], ["Đơn vị thực hiện", "Phối hợp"]])
def test_a_note_that_the_first_body_leads_is_not_about_a_column_of_leads(header):
    (task,) = tasks_of(table([*HEADER[:2], *header, HEADER[3]], ["1", WORK, f"{KT}; {CA}", VP, "Quý I"]), FIRST_LEADS)
    assert (task.lead, task.support) == ([KT, CA], [VP])


FIRST_LEADS = "Ghi chú: cơ quan đứng đầu là cơ quan chủ trì."


@pytest.mark.parametrize(
    "sentence",
    [
        "Cơ quan chủ trì và người đứng đầu cơ quan chịu trách nhiệm trước Chủ tịch UBND xã.",
        "Thủ trưởng cơ quan, người đứng đầu đơn vị chủ trì báo cáo kết quả.",
    ],
)
def test_the_head_of_a_body_is_not_the_body_that_is_named_first(sentence):
    (task,) = tasks_of(table(HEADER, ["1", WORK, f"{KT}; {CA}", "Quý I"]), sentence)
    assert task.lead == [KT, CA]
