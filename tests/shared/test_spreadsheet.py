"""A list as a file for Excel."""

from datetime import date
from io import BytesIO

from openpyxl import load_workbook

from shared.web.spreadsheet import LONGEST_CELL, spreadsheet

ROWS = (
    ("1", "=HYPERLINK(\"http://x\";\"Mở\")", date(2025, 9, 30), 0, None),
    ("2", "Lắp\x00 bảng " + "x" * LONGEST_CELL, None, 1250, ""),
)  # fmt: skip


def test_texts_are_texts_days_are_days_and_zero_is_a_number():
    answer = spreadsheet("nhiem-vu-21025", ("STT", "Nội dung", "Thời hạn", "Số ngày chậm", "Hoàn thành"), ROWS)
    assert answer.headers["content-disposition"] == 'attachment; filename="nhiem-vu-21025.xlsx"'
    sheet = load_workbook(BytesIO(answer.body)).active
    head, first, second = sheet.iter_rows()
    assert [cell.value for cell in head] == ["STT", "Nội dung", "Thời hạn", "Số ngày chậm", "Hoàn thành"]
    assert (first[1].data_type, first[1].value) == ("s", ROWS[0][1])
    assert (first[2].value.date(), first[2].number_format) == (date(2025, 9, 30), "d/m/yyyy")
    assert [cell.value for cell in first[3:]] == [0, None]
    assert second[1].value.startswith("Lắp\ufffd bảng")
    assert len(second[1].value) == LONGEST_CELL
    assert (second[3].value, sheet.freeze_panes) == (1250, "A2")


def test_an_empty_list_has_its_headings():
    sheet = load_workbook(BytesIO(spreadsheet("x", ("A", "B"), ()).body)).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["A", "B"]]
