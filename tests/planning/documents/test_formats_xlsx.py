"""An XLSX file is opened as Excel prints it: the table of each visible sheet, and the lines around it."""

from datetime import date, datetime

import pytest
from openpyxl.styles import Font

from services.planning.documents.document import Paragraph, Table
from services.planning.documents.formats.xlsx import read_xlsx
from services.planning.documents.formats.xlsx.filtering import FilledCells
from services.planning.documents.formats.xlsx.printing import printed
from tests.planning.documents.making import xlsx_of

HEADINGS = ["STT", "Việc", "Sản phẩm", "Thời gian"]


class InSteps:
    """A file that gives as many bytes as it likes."""

    def __init__(self, content, step):
        self._content, self._step = content, step

    def read(self, _size):
        part, self._content = self._content[: self._step], self._content[self._step :]
        return part


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


def test_what_is_hidden_is_left_out_with_a_note(tmp_path):
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


def test_a_formula_that_was_never_calculated_is_told(tmp_path):
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
    assert printed(value, number_format) == text


@pytest.mark.parametrize("step", [1, 2, 7, 64, 1000])
def test_empty_cells_are_taken_out_wherever_the_file_is_cut(step):
    content = (
        b'<sheetData><row r="1"><c r="A1" s="1"/><c r="B1"><v>1</v></c><c r="C1"></c></row>'
        b'<row r="2"><c r="A2"/></row><row r="3"/><row r="4"><c r="A4"><f/><v>2</v></c><c/></row></sheetData>'
    )
    source, found = FilledCells(InSteps(content, step)), b""
    while part := source.read():
        found += part
    assert b'<c r="B1"><v>1</v></c>' in found
    assert b'<c r="A4"><f/><v>2</v></c><c/></row></sheetData>' in found
    assert b'r="A1"' not in found
    assert b'r="A2"' not in found
