"""Writes an empty sheet for a commune's readings: Vietnamese titles, lists to choose from, and explanations."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from services.indicators.catalogue import read_catalogue
from services.indicators.readings_file.names.known import field_titles, measure_titles

ROWS = 1_000
DATES = (date(2020, 1, 1), date(2099, 12, 31))
LARGEST = 10**12
SHEET, LISTS, HELP = "Số liệu", "Danh mục", "Hướng dẫn"
BOLD, GREY = Font(bold=True), PatternFill("solid", fgColor="D9E2F3")
EXPLANATIONS = (
    "Mỗi hàng là số liệu của một ngày và một lĩnh vực. Số chung của cả đơn vị thì để trống ô lĩnh vực.",
    "Cột Ngày: ghi như 05/7/2025 hoặc 5-7-2025. Ô có lịch để kiểm tra: ngày viết sai không nhập được.",
    "Cột Lĩnh vực: chọn trong danh sách. Danh sách nằm ở trang “Danh mục”.",
    "Các cột số liệu: ghi số đếm, không ghi tỷ lệ. Ghi 0 khi không phát sinh; ô trống là chưa có số liệu.",
    "Không cần điền mọi cột. Có thể xoá cột không dùng, thêm cột của danh mục, thêm cột STT và Ghi chú.",
    "Tên cột ghi theo danh mục (trang “Danh mục”); ghi mã thay cho tên cũng được.",
    "Hàng tổng cộng và dòng ký tên bên dưới bảng không được tính.",
    "Không ghi cả số tổng và số từng lĩnh vực của cùng một ngày: số sẽ bị tính hai lần, nên hàng tổng bị từ chối.",
    "Gửi tệp: minhbach readings push TỆP.xlsx --rejects sua.xlsx",
    "Gửi lại cùng một tệp thì không tính hai lần. Hàng phải sửa được ghi vào sua.xlsx kèm lý do.",
    "Xem lại số đã gửi: minhbach readings list",
    "Sửa số đã gửi: minhbach readings correct; rút số đã gửi: minhbach readings withdraw",
)


def write_template(path: Path, measures: Sequence[str]) -> None:
    """A file that `readings push` takes once it is filled in. `measures` are ids of the catalogue. Raises OSError."""
    book = Workbook()
    _write_table(book.active, measures)
    _write_lists(book.create_sheet(LISTS))
    sheet = book.create_sheet(HELP)
    sheet.column_dimensions["A"].width = 110
    for line in ("Cách ghi và gửi số liệu", *EXPLANATIONS):
        sheet.append([line])
        sheet.cell(sheet.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = BOLD
    book.save(path)


def measures_by_field() -> list[str]:
    """The measures that form II.06 and most indicators count: those by field."""
    return [entry.name for entry in read_catalogue() if entry.kind == "measure" and entry.definition["by_field"]]


def _write_table(sheet: Any, measures: Sequence[str]) -> None:
    sheet.title = SHEET
    sheet.append(["Ngày", "Lĩnh vực", *(measure_titles()[measure] for measure in measures), "Ghi chú"])
    sheet.freeze_panes = "C2"
    sheet.row_dimensions[1].height = 120
    for number, cell in enumerate(sheet[1], 1):
        cell.font, cell.fill = BOLD, GREY
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        sheet.column_dimensions[get_column_letter(number)].width = 26 if number == 2 else 14
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    for row in range(2, ROWS + 2):
        sheet.cell(row, 1).number_format = "dd/mm/yyyy"
    last = get_column_letter(2 + len(measures))
    for check, cells in (
        (_dates(), f"A2:A{ROWS + 1}"),
        (_fields(), f"B2:B{ROWS + 1}"),
        (_counts(), f"C2:{last}{ROWS + 1}"),
    ):
        sheet.add_data_validation(check)
        check.add(cells)


def _dates() -> DataValidation:
    first, last = (f"DATE({day.year},{day.month},{day.day})" for day in DATES)
    return _checked(DataValidation("date", first, last, operator="between"), "Ngày", "Ghi ngày như 05/7/2025.")


def _fields() -> DataValidation:
    listed = f"'{LISTS}'!$A$2:$A${1 + len(field_titles())}"
    return _checked(DataValidation("list", listed), "Lĩnh vực", "Chọn một lĩnh vực trong danh sách, hoặc để trống.")


def _counts() -> DataValidation:
    check = DataValidation("whole", "0", str(LARGEST), operator="between")
    return _checked(check, "Số đếm", "Ghi số nguyên từ 0 trở lên, không ghi tỷ lệ; chưa có số liệu thì để trống.")


def _checked(check: DataValidation, title: str, sentence: str) -> DataValidation:
    check.allow_blank = True
    check.showErrorMessage = check.showInputMessage = True
    check.errorTitle, check.error = title, sentence
    check.promptTitle, check.prompt = title, sentence
    return check


def _write_lists(sheet: Any) -> None:
    sheet.append(["Lĩnh vực", "Mã", None, "Số đo", "Mã", "Đơn vị tính"])
    units = {entry.name: entry.definition["unit"] for entry in read_catalogue() if entry.kind == "measure"}
    for number, (name, title) in enumerate(field_titles().items(), 2):
        sheet.cell(number, 1, title)
        sheet.cell(number, 2, name)
    for number, (name, title) in enumerate(measure_titles().items(), 2):
        for column, text in zip("DEF", (title, name, units[name]), strict=True):
            sheet[f"{column}{number}"] = text
    for cell in sheet[1]:
        cell.font = BOLD
    for column, width in zip("ABDEF", (36, 16, 70, 34, 18), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
