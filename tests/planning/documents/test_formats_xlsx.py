"""An XLSX file is opened as Excel prints it: the table of each visible sheet, and the lines around it."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl.styles import Font

from services.planning.documents.document import Paragraph, Table
from services.planning.documents.formats.xlsx import read_xlsx
from services.planning.documents.formats.xlsx.cells import displayed
from services.planning.phrases.targets import read_target
from tests.planning.documents.document_files import xlsx_of

HEADINGS = ["STT", "Việc", "Sản phẩm", "Thời gian"]


def opened(tmp_path, rows, change=None):
    return read_xlsx(xlsx_of(tmp_path / "a.xlsx", rows, change))


def texts(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_lines_around_the_table_are_paragraphs_and_the_rest_is_the_table(tmp_path):
    rows = [
        ["UBND XÃ SUỐI MƠ", None, "CỘNG HOÀ"][:1],
        ["KẾ HOẠCH"],
        [],
        HEADINGS,
        ["I", "Nhóm một"],
        [1, "Soạn", "Bản nháp", "Quý I"],
        [],
        [2, "Gửi", "Công văn", "Quý II"],
        [],
        ["Nơi nhận: như trên"],
    ]
    first, second, table, last = opened(tmp_path, rows).blocks
    assert first == Paragraph("UBND XÃ SUỐI MƠ", "trang tính KH, hàng 1")
    assert (second.text, last.text) == ("KẾ HOẠCH", "Nơi nhận: như trên")
    assert texts(table) == [
        HEADINGS,
        ["I", "Nhóm một", "", ""],
        ["1", "Soạn", "Bản nháp", "Quý I"],
        ["2", "Gửi", "Công văn", "Quý II"],
    ]
    assert table.rows[3].place == "trang tính KH, hàng 8"


def test_merged_cells_are_covered(tmp_path):
    def change(_book, sheet):
        sheet.merge_cells("C1:D1")
        sheet.merge_cells("B2:B3")
        sheet.merge_cells("A4:D4")

    rows = [
        ["STT", "Việc", "Cơ quan"],
        [1, "Soạn", "a", "b"],
        [2, None, "c", "d"],
        ["II. Nhóm hai"],
        [3, "x", "y", "z"],
    ]
    (table,) = opened(tmp_path, rows, change).blocks
    assert texts(table)[3] == ["II. Nhóm hai", "", "", ""]
    assert [cell.covered for cell in table.rows[0].cells] == [None, None, None, "left"]
    assert table.rows[2].cells[1].covered == "above"
    assert [cell.covered for cell in table.rows[3].cells] == [None, "left", "left", "left"]


def test_hidden_rows_columns_and_sheets_are_left_out_with_a_note(tmp_path):
    def change(book, sheet):
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True
        book.create_sheet("Nháp").sheet_state = "hidden"

    document = opened(tmp_path, [HEADINGS, [1, "a", "b", "c"], [2, "d", "e", "f"], [3, "g", "h", "i"]], change)
    (table,) = document.blocks
    assert texts(table) == [["STT", "Việc", "Thời gian"], ["1", "a", "c"], ["3", "g", "i"]]
    assert document.notes == (
        "Trang tính “KH” có 1 hàng bị ẩn; các hàng này không được đọc.",
        "Trang tính “KH” có 1 cột bị ẩn; các cột này không được đọc.",
        "Trang tính “Nháp” bị ẩn nên không được đọc.",
    )


def test_a_formula_that_was_never_calculated_is_noted(tmp_path):
    document = opened(tmp_path, [HEADINGS, ["=1+1", "a", "b", "c"]])
    assert texts(document.blocks[0])[1] == ["", "a", "b", "c"]
    assert "1 ô công thức chưa được tính" in document.notes[0]


def test_every_visible_sheet_is_read_in_its_order(tmp_path):
    def change(book, _sheet):
        book.create_sheet("Chỉ tiêu").append(["Tên", "Mức"])

    first, second = opened(tmp_path, [HEADINGS], change).blocks
    assert isinstance(first, Table)
    assert second.rows[0].place == "trang tính Chỉ tiêu, hàng 1"


def test_bold_cells_and_line_breaks_are_kept(tmp_path):
    def change(_book, sheet):
        sheet["A1"].font = Font(bold=True)

    (table,) = opened(tmp_path, [["Việc", "Cơ quan"], ["a", "- Một\r\n- Hai"]], change).blocks
    assert [cell.bold for cell in table.rows[0].cells] == [True, False]
    assert table.rows[1].cells[1].text == "- Một\n- Hai"


def test_values_are_printed_with_the_formats_of_their_cells(tmp_path):
    def change(_book, sheet):
        sheet.append(["Mức", 0.9, date(2026, 9, 30), 1.5])
        sheet["B2"].number_format = "0%"

    (table,) = opened(tmp_path, [HEADINGS], change).blocks
    assert texts(table)[1] == ["Mức", "90%", "30/09/2026", "1.5"]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1, "General", "1"),
        (1.0, "General", "1"),
        (1.1, "General", "1.1"),
        (0.1 + 0.2, "General", "0.3"),
        (0.9, "0%", "90%"),
        (0.955, "0.0%", "95.5%"),
        (1.1, "0.00", "1.10"),
        (2.5, "0", "3"),
        (1.5, "0.##", "1.5"),
        (1234567, "#,##0", "1234567"),
        (-5, "0;(0)", "-5"),
        (3, "00", "03"),
        (3, '"Quý "0', "Quý 3"),
        (80, '0"%"', "80%"),
        (80, r"0\ \%", "80 %"),
        (12, "@", "12"),
        (1e300, "0.00", "1e+300"),
        (True, "General", "TRUE"),
        (date(2026, 3, 1), "mm/yyyy", "03/2026"),
        (date(2026, 3, 1), "yyyy", "2026"),
        (datetime(2026, 3, 1, 8), "[$-42A]dd/mm/yyyy", "01/03/2026"),  # noqa: DTZ001 - a sheet has no time zones
        ("Quý I_x000D_\nnăm", "General", "Quý I\nnăm"),
    ],
)
def test_a_value_is_printed_by_its_format(value, number_format, text):
    assert displayed(value, number_format) == text


def due(day, month):
    """Typed day first into a spreadsheet that reads the month first: up to the 12th it stores another day."""
    return date(2025, day, month) if day <= 12 else f"{day}/{month}/2025"


def test_date_cells_beside_days_that_stayed_text_are_named_in_a_note(tmp_path):
    rows = [HEADINGS, *([n, "Soạn", "Báo cáo", due(*day)] for n, day in enumerate([(5, 6), (30, 6), (1, 12)], 1))]
    (note,) = opened(tmp_path, rows).notes
    assert "ô D2, D4 là ô ngày, còn ô D3 ghi ngày bằng chữ; bảng tính có thể đã đổi ngày với tháng" in note


def test_beginnings_and_ends_in_two_columns_are_one_sheet(tmp_path):
    rows = [[*HEADINGS, "Kết thúc"], [1, "Soạn", "Báo cáo", due(5, 6), "trước ngày 30/6/2025"]]
    assert "ô D2 là ô ngày, còn ô E2" in opened(tmp_path, rows).notes[0]


@pytest.mark.parametrize(
    "days",
    [
        [date(2025, 6, 5), date(2025, 12, 1)],
        [date(2025, 6, 5), date(2025, 6, 30), "15/7/2025"],
        [date(2025, 6, 6), "15/7/2025"],
        [date(2025, 6, 5), "31/31/2025", "05/7/2025", "Quý III/2025"],
        ["5/6/2025", "30/6/2025"],
    ],
)
def test_days_that_nothing_contradicts_give_no_note(tmp_path, days):
    assert opened(tmp_path, [HEADINGS, *([1, "Soạn", "Báo cáo", day] for day in days)]).notes == ()


@pytest.mark.parametrize(
    ("value", "number_format", "number"),
    [
        (1.125, "General", "1.125"),
        (12.345, "General", "12.345"),
        (3.25, "0.000", "3.25"),
        (4.375, "#,##0.000", "4.375"),
        (4.375, '0.000" điểm"', "4.375"),
        (2.0625, "0.000", "2.063"),
        (0.62125, "0.000%", "62.125"),
        (1234, "#,##0", "1234"),
        (2.5, "General", "2.5"),
        (1234.5, "#,##0.0", "1234.5"),
    ],
)
def test_a_number_cell_is_read_back_as_its_number(value, number_format, number):
    shown = displayed(value, number_format)
    assert read_target(f"tối thiểu {shown}").target.at_least == Decimal(number)


def test_text_with_a_point_before_three_digits_is_thousands():
    assert read_target(f"tối thiểu {displayed('1.234', '@')}").target.at_least == 1234
