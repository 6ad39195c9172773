"""Whole documents as drafts: head, tasks, targets, and warnings about missing parts."""

from datetime import date

import pytest

from services.planning.documents.document import Document, Table
from services.planning.documents.draft import Draft
from services.planning.documents.draft_reader import draft_of, read_document
from services.planning.documents.formats.plain_text import read_text
from services.planning.plan_file import Deadline, Unspecified
from shared.office_files.unreadable import UnreadableDocument
from tests.planning.documents.drawn import document, table

HEAD = """\
Số: 07/KH-UBND

Xốp, ngày 09 tháng 01 năm 2026

KẾ HOẠCH
Kiểm soát thủ tục hành chính năm 2026 của xã Xốp, tỉnh Quảng Ngãi

"""
TASKS = table(
    ["STT", "Nhiệm vụ", "Sản phẩm", "Chủ trì", "Phối hợp", "Thời hạn"],
    ["1", "Lập sổ theo dõi", "Sổ", "Phòng Kinh tế", "Công an xã", "Quý III"],
)


def of_text(text: str) -> Draft:
    return draft_of(read_text(text.encode()))


def headed(*rest: str | Table) -> Document:
    return document(*(line for line in HEAD.splitlines() if line), *rest)


def test_head_tasks_and_targets_of_one_document() -> None:
    targets = table(
        ["TT", "Tên chỉ tiêu", "ĐVT", "Chỉ tiêu năm 2026", "Cơ quan thực hiện"],
        ["1", "Tỷ lệ đơn trả lời đúng hẹn", "%", "Tối thiểu 95", "Phòng Kinh tế"],
    )
    draft = draft_of(headed(TASKS, "PHỤ LỤC CHỈ TIÊU", targets))
    (task,), (target,) = draft.tasks, draft.indicators
    assert (draft.plan.commune, draft.plan.year, draft.plan.number) == ("23356", 2026, "07/KH-UBND")
    assert (task.lead, task.support, task.schedule_text) == (["Phòng Kinh tế"], ["Công an xã"], "Quý III")
    assert task.milestones == [Deadline(kind="deadline", from_=date(2026, 7, 1), due=date(2026, 9, 30))]
    assert (target.name, target.owners) == ("Tỷ lệ đơn trả lời đúng hẹn", ["Phòng Kinh tế"])
    assert draft.warnings == []


def test_a_table_typed_with_tabs_is_read_with_its_page_header_and_its_cut_rows() -> None:
    header = "STT\tNội dung\tYêu cầu\tThời hạn\tPhân công\t\n\t\t\t\tChủ trì\tPhối hợp\n"
    draft = of_text(
        f"{HEAD}PHỤ LỤC\n\n{header}"
        "I\tCÔNG KHAI\t\t\t\t\n"
        "1.1\tDán bảng tin\tMọi thủ tục được dán ở nơi\tThường xuyên\tVăn phòng HĐND và UBND\tPhòng Kinh tế\n\n"
        f"{header}"
        "\t\tngười dân dễ thấy\t\t\t\n"
        "1.2\tĐăng trang tin\tBài đăng\tTrước ngày 15/12/2026\tPhòng Văn hoá - Xã hội\tPhòng Kinh tế\n"
    )
    first, second = draft.tasks
    assert (first.section, first.deliverable) == ("CÔNG KHAI", "Mọi thủ tục được dán ở nơi người dân dễ thấy")
    assert any("cắt qua hai trang" in warning for warning in first.warnings)
    assert second.milestones == [Deadline(kind="deadline", due=date(2026, 12, 14), before=True)]


def test_a_table_typed_one_cell_per_line_is_read() -> None:
    rows = [
        ["Stt", "Nội dung chỉ tiêu", "Đơn vị", "Chỉ tiêu năm 2026", "Cơ quan thực hiện"],
        ["1", "Tỷ lệ đơn trả lời đúng hẹn.", "%", "Tối thiểu 95", "- Phòng Kinh tế\n- Sở Nội vụ chủ trì"],
        ["2", "Tỷ lệ hồ sơ nộp qua mạng", "%", "60", "Phòng Kinh tế"],
        ["3", "Mức hài lòng của người dân", "%", "90", "Phòng Kinh tế"],
    ]
    typed = "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in rows)
    draft = of_text(
        f"{HEAD}II. NỘI DUNG: Theo phụ lục chi tiết kèm theo.\nIV. TỔ CHỨC\n PHỤ LỤC\nVề chỉ tiêu\n\n{typed}\n"
    )
    assert [(target.code, target.target_text) for target in draft.indicators] == [
        ("1", "Tối thiểu 95"),
        ("2", "60"),
        ("3", "90"),
    ]
    assert any("cơ quan ngoài xã, phường được giao chỉ tiêu: Sở Nội vụ" in warning for warning in draft.warnings)
    assert any("không có phụ lục đó. Chưa đọc được nhiệm vụ nào." in warning for warning in draft.warnings)
    assert any("số mục nhảy từ II đến IV" in warning for warning in draft.warnings)


@pytest.mark.parametrize(
    "sentence",
    ["II. NHIỆM VỤ: Theo phụ lục chi tiết kèm theo.", "(Kèm theo Phụ lục nội dung, nhiệm vụ cụ thể)"],
)
def test_a_missing_annex_of_tasks_is_a_warning(sentence: str) -> None:
    assert any("không có phụ lục đó" in warning for warning in draft_of(headed(sentence)).warnings)
    assert not any("phụ lục" in warning for warning in draft_of(headed(sentence, TASKS)).warnings)


DUTIES = ("IV. TỔ CHỨC THỰC HIỆN", "1. Phòng Kinh tế:", "- Chủ trì kiểm tra, hoàn thành trước ngày 30/9/2026.")


def test_duties_are_tasks_only_without_other_tasks_and_without_an_announced_annex() -> None:
    (task,) = draft_of(headed(*DUTIES)).tasks
    assert (task.lead, task.warnings[0].endswith("cần người xem lại.")) == (["Phòng Kinh tế"], True)
    assert len(draft_of(headed(*DUTIES, TASKS)).tasks) == 1
    announced = draft_of(headed("II. NỘI DUNG: Theo phụ lục chi tiết kèm theo.", *DUTIES))
    assert announced.tasks == []
    assert any("không có phụ lục đó" in warning for warning in announced.warnings)


@pytest.mark.parametrize(
    "sentence",
    [
        "Gửi báo cáo theo mẫu tại Phụ lục kèm theo.",
        "Khen thưởng tại hội nghị các gương điển hình tiêu biểu.",
        "Xin ý kiến theo quy định của các đại biểu.",
        "Báo cáo theo biểu mẫu gửi kèm.",
    ],
)
def test_a_form_or_a_delegate_is_no_annex_of_tasks(sentence: str) -> None:
    assert len(draft_of(headed(sentence, *DUTIES)).tasks) == 1


def test_the_annex_of_another_act_is_not_missing() -> None:
    cited = "Dùng biểu mẫu 02 tại Phụ lục VII - Thông tư số 02/2017/TT-VPCP"
    assert not any("không có phụ lục" in warning for warning in draft_of(headed(cited)).warnings)


def test_every_warning_of_a_task_begins_with_its_place() -> None:
    draft = draft_of(
        headed(
            table(
                ["STT", "Nhiệm vụ", "Sản phẩm", "Chủ trì", "Thời hạn"], ["1", "Lập sổ", "", "Các cơ quan liên quan", ""]
            )
        )
    )
    (task,) = draft.tasks
    assert len(task.warnings) >= 3
    assert all(warning.startswith("dòng 2: ") for warning in task.warnings)
    assert task.milestones == [Unspecified(kind="unspecified")]


@pytest.mark.parametrize(
    ("schedule", "over"), [("Trước ngày 05/01/2026", "4/1/2026"), ("Tháng 12/2025", "31/12/2025"), ("Quý I", None)]
)
def test_a_deadline_before_the_day_of_issue_has_a_warning(schedule: str, over: str | None) -> None:
    header = ["STT", "Nhiệm vụ", "Chủ trì", "Thời hạn"]
    (task,) = draft_of(headed(table(header, ["1", "Lập sổ", "Phòng Kinh tế", schedule]))).tasks
    expected = f"dòng 2: thời hạn {over} đứng trước ngày ban hành 9/1/2026, cần người xác nhận."
    assert (expected in task.warnings) == (over is not None)


def test_a_result_of_last_year_is_no_target_and_has_a_warning() -> None:
    draft = draft_of(headed("I. MỤC TIÊU", "1. Tỷ lệ hồ sơ trực tuyến đạt 80% (năm 2025: 62%).", TASKS))
    (target,) = draft.indicators
    assert (target.name, target.target_text) == ("Tỷ lệ hồ sơ trực tuyến", "đạt 80%")
    assert draft.warnings == ["đoạn 6: “62%” là mức của năm 2025, không lấy."]


def test_without_a_year_no_dates_are_computed() -> None:
    draft = draft_of(document("KẾ HOẠCH", "Kiểm soát thủ tục hành chính của xã Xốp", TASKS))
    (task,) = draft.tasks
    assert (draft.plan.year, draft.plan.span) == (None, None)
    assert task.milestones == [Unspecified(kind="unspecified", text="Quý III")]
    assert "dòng 2: không rõ năm nên chưa tính được ngày của thời hạn." in task.warnings
    assert any("Không có năm nào" in warning for warning in draft.warnings)


def test_a_document_without_tasks_has_a_warning() -> None:
    assert any("Không đọc được nhiệm vụ nào" in warning for warning in draft_of(headed("Một đoạn văn.")).warnings)


def test_a_file_is_read_in_a_process_of_its_own(tmp_path) -> None:
    file = tmp_path / "ke-hoach.txt"
    file.write_text(HEAD, encoding="utf-8")
    assert read_document(file).plan.commune == "23356"
    with pytest.raises(UnreadableDocument):
        read_document(tmp_path / "missing.docx")
