"""Text that is crossed out is left out, and text in fonts from before Unicode is converted, each with a note."""

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from services.planning.documents.document import Paragraph, Table
from services.planning.documents.formats.docx import read_docx
from services.planning.documents.formats.text_cleaning import converted
from services.planning.documents.formats.xlsx import read_xlsx
from tests.planning.documents.document_files import docx_of, p, tbl, tc, tr, xlsx_of

RUN = '<w:r><w:rPr>{}</w:rPr><w:t xml:space="preserve">{}</w:t></w:r>'
STRUCK, TWICE, NOT = "<w:strike/>", "<w:dstrike/>", '<w:strike w:val="0"/>'
OLD = '<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>'
STYLES = (
    f'<w:style w:type="character" w:styleId="Gone"><w:rPr>{STRUCK}</w:rPr></w:style>'
    f'<w:style w:type="paragraph" w:styleId="Older"><w:rPr>{OLD}</w:rPr></w:style>'
)


@pytest.mark.parametrize(
    ("properties", "left"),
    [(STRUCK, "5/7"), (TWICE, "5/7"), ('<w:rStyle w:val="Gone"/>', "5/7"), (NOT, "30/6 5/7"), ("", "30/6 5/7")],
)
def test_crossed_out_words_of_a_document_are_left_out_with_a_note(tmp_path, properties, left):
    body = f"<w:p>{RUN.format(properties, '30/6 ')}{RUN.format('', '5/7')}</w:p>"
    document = read_docx(docx_of(tmp_path / "a.docx", body, styles=STYLES))

    assert [block.text for block in document.blocks] == [left]
    assert len(document.notes) == (left == "5/7")


def test_a_crossed_out_row_is_empty_and_its_place_is_noted(tmp_path):
    rows = tr("1", "Rà soát"), tr(tc(p("2", run=STRUCK)), tc(p("Khảo sát", run=STRUCK)))
    document = read_docx(docx_of(tmp_path / "a.docx", tbl(*rows)))

    assert [cell.text for row in document.blocks[0].rows for cell in row.cells] == ["1", "Rà soát", "", ""]
    assert document.notes[1] == "bảng 1, hàng 2: chữ bị gạch bỏ không được đọc: “Khảo sát”."


@pytest.mark.parametrize(
    ("old", "unicode", "font"),
    [
        ("KiÓm tra quy tr×nh néi bé", "Kiểm tra quy trình nội bộ", ".VnTime"),
        ("Tr\u00adíc ngµy 30/9", "Trước ngày 30/9", ".VnArial"),
        ("phßng kinh tÕ", "PHÒNG KINH TẾ", ".VnTimeH"),
        ("Vaên phoøng HÑND vaø UBND", "Văn phòng HĐND và UBND", "VNI-Times"),
        ("Töø ngaøy 01/7 ñeán ngaøy 30/9", "Từ ngày 01/7 đến ngày 30/9", "VNI-Times"),
        ("Ñònh kyø haøng quyù", "Định kỳ hàng quý", "VNI-Helve"),
    ],
)
def test_text_in_an_old_font_is_read_as_it_is_shown(tmp_path, old, unicode, font):
    assert converted(old, font) == unicode
    body = p(old, run=f'<w:rFonts w:ascii="{font}"/>')
    document = read_docx(docx_of(tmp_path / "a.docx", body))
    assert document.blocks == (Paragraph(unicode, "đoạn 1"),)
    assert document.notes == (f"đoạn 1: chữ phông {font} đã được chuyển sang Unicode; hãy đối chiếu với văn bản gốc.",)


def test_the_font_of_a_style_counts_and_unicode_in_an_old_font_stays(tmp_path):
    by_style = p("Tr\u00adíc 5/7", '<w:pStyle w:val="Older"/>')
    document = read_docx(docx_of(tmp_path / "a.docx", by_style + p("Trước quý IV, và", run=OLD), styles=STYLES))

    assert [block.text for block in document.blocks] == ["Trước 5/7", "Trước quý IV, và"]
    assert len(document.notes) == 1


def test_cells_of_a_sheet_are_read_as_they_are_printed(tmp_path):
    def change(_book, sheet):
        sheet["C2"] = CellRichText(TextBlock(InlineFont(strike=True), "30/6"), TextBlock(InlineFont(), " 31/7"))
        sheet["B3"].font = Font(name=".VnTime")
        sheet["C3"].font = Font(strike=True)

    rows = [["TT", "Việc", "Hạn"], [1, "Rà soát", ""], [2, "KiÓm tra", "5/8"], [3, "Số hóa", "6/9"]]
    document = read_xlsx(xlsx_of(tmp_path / "a.xlsx", rows, change))
    table = next(block for block in document.blocks if isinstance(block, Table))

    assert [[cell.text for cell in row.cells] for row in table.rows[1:]] == [
        ["1", "Rà soát", "31/7"],
        ["2", "Kiểm tra", ""],
        ["3", "Số hóa", "6/9"],
    ]
    assert [note.split(":")[0] for note in document.notes] == [
        "trang tính KH, hàng 2",
        "trang tính KH, hàng 3",
        "trang tính KH, hàng 3",
    ]


def test_a_text_of_letters_that_both_have_is_old_where_the_texts_before_it_are(tmp_path):
    font = '<w:rFonts w:ascii=".VnTime"/>'
    either = "Thêi gian"
    after = read_docx(docx_of(tmp_path / "a.docx", p("KÕ ho¹ch", run=font) + p(either, run=font)))
    alone = read_docx(docx_of(tmp_path / "b.docx", p(either, run=font) + p("Thời hạn", run=font)))

    assert [block.text for block in after.blocks] == ["Kế hoạch", "Thời gian"]
    assert [block.text for block in alone.blocks] == [either, "Thời hạn"]
