"""One plan as its cells, and writers that lay it out in each format."""

import docx
import openpyxl
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.shared import Cm, Mm, Pt

from tests.planning.documents.document_files import W, abstract, levels, num, numbered

HEADINGS = (
    "KẾ HOẠCH",
    "Cải cách hành chính năm 2026 của xã Suối Mơ",
    "Căn cứ Quyết định số 12/QĐ-UBND ngày 05/01/2026 của UBND tỉnh, UBND xã giao việc như sau:",
)
ALL, BOTH = ("Các phòng chuyên môn", "Các thôn"), "- Văn phòng HĐND-UBND\n- Phòng Văn hoá - Xã hội"
# A cell "<" is merged with the one at its left, "^" with the one above.
TASKS = (
    ("STT", "Nội dung nhiệm vụ", "Sản phẩm", "Phân công thực hiện", "<", "Thời gian hoàn thành"),
    ("^", "^", "^", "Chủ trì", "Phối hợp", "^"),
    ("I", "CHỈ ĐẠO, ĐIỀU HÀNH", "<", "<", "<", "<"),
    ("1", "Soạn lịch tiếp dân của cả năm và gửi tới từng thôn trước khi áp dụng", "Lịch tiếp dân",
     "Văn phòng HĐND-UBND", "Các thôn", "Trước ngày 15/3/2026"),
    ("2", "Nhắc các việc sắp đến hạn:\n- Gọi điện cho phòng được giao.\n- Ghi vào sổ theo dõi.", "Sổ theo dõi", BOTH,
     "Công an xã; Các thôn", "Thường xuyên"),
    ("II", "THỦ TỤC HÀNH CHÍNH", "<", "<", "<", "<"),
    ("3", "Niêm yết lại các thủ tục vừa được sửa đổi tại nơi tiếp nhận", "Bảng niêm yết", ALL[0], ALL[1], "Quý II"),
    ("4", "Hướng dẫn người dân nộp hồ sơ qua mạng theo Quyết định số 81/QĐ-UBND ngày 02/02/2026", "Buổi hướng dẫn",
     "Phòng Kinh tế", "", "Định kỳ hàng tháng"),
    ("5", "Thu ý kiến của người dân sau khi nhận kết quả", "- Phiếu khảo sát;\n- Báo cáo tổng hợp",
     "Phòng Văn hoá - Xã hội", "Các thôn", "Tháng 11/2026"),
)  # fmt: skip
TARGETS = (
    ("TT", "Chỉ tiêu", "Đơn vị tính", "Năm 2026", "Cơ quan thực hiện"),
    ("1", "Hồ sơ nộp qua mạng", "%", "Tối thiểu 60", "Phòng Kinh tế"),
    ("2", "Hồ sơ trễ hạn", "%", "Dưới 5", "Văn phòng HĐND-UBND"),
)
WIDTHS = {6: (1.4, 4.6, 2.6, 3, 2.4, 2.6), 5: (1.4, 5, 3, 3, 4)}  # centimetres, by the number of columns
MERGED = ("<", "^")


def as_docx(path, automatic=True, landscape=False, repeated=True):
    """With the numbers of the rows counted by Word, or typed; `repeated` marks the header to be on each page."""
    document = docx.Document()
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Liberation Serif", Pt(14)
    section = document.sections[0]
    # Low pages, so that the table breaks over them.
    section.page_width, section.page_height = (Mm(297), Mm(140)) if landscape else (Mm(210), Mm(180))
    section.left_margin = section.right_margin = Cm(2)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(abstract(90, levels(("decimal", "%1"))).replace(">", f" {W}>", 1)))
    numbering.append(parse_xml(num(90, 90).replace(">", f" {W}>", 1)))
    for text in HEADINGS:
        document.add_paragraph().add_run(text).bold = text != HEADINGS[-1]
    _add_table(document, TASKS, automatic, 2 if repeated else 0)
    document.add_paragraph()
    _add_table(document, TARGETS, False, 0)
    document.save(path)
    return path


def _add_table(document, rows, automatic, header):
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, WIDTHS[len(rows[0])], strict=True):
        column.width = Cm(width)
    for number, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = "" if text in MERGED or (automatic and text.isdecimal()) else text
        if automatic and texts[0].isdecimal():
            row.cells[0].paragraphs[0]._p.get_or_add_pPr().append(parse_xml(numbered(90).replace(">", f" {W}>", 1)))
        if number < header:
            row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {W}/>"))
    for top, left, bottom, right in _areas(rows):
        merged, text = table.cell(top, left), rows[top][left]
        merged.merge(table.cell(bottom, right)).text = text


def as_xlsx(path, on_two_sheets=False):
    book = openpyxl.Workbook()
    sheet = book.active
    for text in HEADINGS:
        sheet.append([text])
    sheet.append([])
    _fill(sheet, TASKS)
    if on_two_sheets:
        sheet = book.create_sheet("Phụ lục 2")
    sheet.append([])
    _fill(sheet, TARGETS)
    book.save(path)
    return path


def _fill(sheet, rows):
    first = sheet.max_row + 2 if sheet.max_row > 1 else 1
    for number, texts in enumerate(rows):
        for column, text in enumerate(texts, 1):
            value = int(text) if text.isdecimal() else text
            sheet.cell(first + number, column, None if text in MERGED else value)
    for top, left, bottom, right in _areas(rows):
        sheet.merge_cells(None, first + top, left + 1, first + bottom, right + 1)


def _areas(rows):
    """The merged areas: first row, first column, last row, last column."""
    for top, row in enumerate(rows):
        for left, text in enumerate(row):
            right = left + sum(1 for _ in _while("<", row[left + 1 :]))
            bottom = top + sum(1 for _ in _while("^", [below[left] for below in rows[top + 1 :]]))
            if text not in MERGED and (right > left or bottom > top):
                yield top, left, bottom, right


def _while(mark, texts):
    for text in texts:
        if text != mark:
            return
        yield text


def _shown(text):
    return "" if text in MERGED else text


def with_a_cell_on_each_line():
    return _text(lambda row: "".join(f"\t{_shown(text)}\n" for text in row if text != "<") + "\n")


def with_tabs():
    return _text(lambda row: "\t".join(f'"{text}"' if "\n" in text else _shown(text) for text in row) + "\n")


def with_bars():
    line = "| {} |\n"
    rule = {rows[0]: line.format(" | ".join(["---"] * len(rows[0]))) for rows in (TASKS, TARGETS)}
    return _text(lambda row: line.format(" | ".join(_shown(t).replace("\n", "<br>") for t in row)) + rule.get(row, ""))


def _text(written):
    return "\n".join([*HEADINGS, *("".join(["\n", *map(written, rows)]) for rows in (TASKS, TARGETS))])
