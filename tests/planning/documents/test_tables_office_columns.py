"""Tables with a column for each office and a row for each month or quarter, and the reverse."""

from collections.abc import Sequence

import pytest

from services.planning.documents.tables import find_tables
from services.planning.documents.tables.tasks import read_tasks
from tests.planning.documents.drawn import document, table

KT, VH = "Phòng Kinh tế", "Phòng Văn hóa - Xã hội"
Found = tuple[str, tuple[str, ...], str, str]


def found_in(*rows: list[str] | str) -> list[Found]:
    """Content, leading bodies, last day and place of each task."""
    tables = find_tables(document(table(*rows))).tables
    tasks = [task for headed in tables for task in read_tasks(headed, 2026, None)[0]]
    return [(t.content, tuple(t.lead), _last_day(t.milestones), t.place) for t in tasks]


def _last_day(milestones: Sequence[object]) -> str:
    return ", ".join(str(getattr(each, "due", each)) for each in milestones)


@pytest.mark.parametrize(
    ("heading", "month", "quarter"),
    [("Tháng", "3", False), ("Thời gian", "Tháng 3", False), ("Tháng/năm", "03/2026", False), ("Quý", "I", True)],
)
def test_each_cell_below_an_office_is_its_task_in_the_month_of_its_row(heading: str, month: str, quarter: bool) -> None:
    assert quarter or "3" in month
    assert found_in([heading, KT, VH], [month, "Rà soát thủ tục", "Tuyên truyền"]) == [
        ("Rà soát thủ tục", (KT,), "2026-03-31", "dòng 2, cột 2"),
        ("Tuyên truyền", (VH,), "2026-03-31", "dòng 2, cột 3"),
    ]


@pytest.mark.parametrize(
    "cell", ["- Lập sổ;\n- Nộp sổ theo\nmẫu.", "1. Lập sổ\n2. Nộp sổ theo mẫu", "Lập sổ; Nộp sổ theo mẫu"]
)
def test_a_cell_with_a_list_holds_several_tasks(cell: str) -> None:
    found = found_in(["TT", "Tháng", KT, VH], ["1", "5", cell, ""])
    assert [content for content, *_ in found] == ["Lập sổ", "Nộp sổ theo mẫu"]


def test_merged_cells_belong_to_all_their_offices_and_months() -> None:
    found = found_in(
        ["Tháng", "Các cơ quan, đơn vị", "<"],
        ["^", KT, VH],
        ["1", "Lập sổ cái", "<"],
        ["2", "Rà soát thủ tục", "Tuyên truyền"],
        ["3", "^", "Tập huấn"],
    )
    assert [(content, lead, due) for content, lead, due, _ in found] == [
        ("Lập sổ cái", (KT, VH), "2026-01-31"),
        ("Rà soát thủ tục", (KT,), "2026-03-31"),
        ("Tuyên truyền", (VH,), "2026-02-28"),
        ("Tập huấn", (VH,), "2026-03-31"),
    ]


def test_offices_may_be_the_rows_and_quarters_the_columns() -> None:
    found = found_in(
        ["TT", "Cơ quan", "Quý I", "Quý II"], ["1", KT, "Rà soát thủ tục", "Nộp sổ"], ["2", VH, "", "Tập huấn"]
    )
    assert [(content, lead, due) for content, lead, due, _ in found] == [
        ("Rà soát thủ tục", (KT,), "2026-03-31"),
        ("Nộp sổ", (KT,), "2026-06-30"),
        ("Tập huấn", (VH,), "2026-06-30"),
    ]


def test_marks_below_offices_and_months_stay_marks() -> None:
    by_office = found_in(["TT", "Nhiệm vụ", KT, VH, "Thời hạn"], ["1", "Rà soát thủ tục", "CT", "", "Quý I"])
    by_month = found_in(["TT", "Nhiệm vụ", "Chủ trì", "Quý I", "Quý II"], ["1", "Rà soát thủ tục", KT, "x", ""])
    assert [(content, lead, due) for content, lead, due, _ in by_office + by_month] == [
        ("Rà soát thủ tục", (KT,), "2026-03-31")
    ] * 2


def test_of_quarters_and_months_the_months_count() -> None:
    found = found_in(["Quý", "Tháng", KT, VH], ["I", "1", "Lập sổ", "Tập huấn"], ["^", "2", "Nộp sổ", ""])
    assert [(content, due) for content, _, due, _ in found] == [
        ("Lập sổ", "2026-01-31"),
        ("Tập huấn", "2026-01-31"),
        ("Nộp sổ", "2026-02-28"),
    ]


def test_a_cell_that_a_page_break_cuts_is_one_task() -> None:
    found = found_in(["Tháng", KT, VH], ["1", "- Lập sổ", "- Rà soát"], "page", ["", "- Nộp sổ", "thủ tục"])
    assert [content for content, *_ in found] == ["Lập sổ", "Nộp sổ", "Rà soát thủ tục"]
