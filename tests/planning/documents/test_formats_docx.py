"""A DOCX file is read as it is seen: without deleted and hidden text, with the numbers that Word counts itself."""

import zipfile

import pytest

from services.planning.documents.document import Cell, Paragraph, Table
from services.planning.documents.formats.docx import read_docx
from services.planning.documents.formats.docx.list_numbers import numeral
from tests.planning.documents.document_files import (
    W,
    abstract,
    docx_of,
    levels,
    num,
    numbered,
    p,
    plan_docx,
    tbl,
    tc,
    tr,
    with_part,
)

RELATIONS = "word/_rels/document.xml.rels"
FOOTNOTE_2 = '<w:r><w:footnoteReference w:id="2"/></w:r>'
RUN = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
LISTS = (
    abstract(90, levels(("decimal", "%1."), ("decimal", "%1.%2."), ("lowerLetter", "%3)")))
    + abstract(91, levels(("upperRoman", "%1."), ("bullet", "-"), ("bullet", "\uf0b7")))
    + abstract(92, levels(("decimal", "%1")))
    + num(50, 90)
    + num(51, 91)
    + num(52, 90, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>')
    + num(53, 92)
    + num(54, 90)
)


def blocks_of(tmp_path, body, numbering="", styles=""):
    return read_docx(docx_of(tmp_path / "a.docx", body, numbering, styles)).blocks


def texts(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def covers(table):
    return [[cell.covered for cell in row.cells] for row in table.rows]


def inline(content):
    return f"<w:p>{content}</w:p>"


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (RUN.format("Một") + "<w:r><w:br/></w:r>" + RUN.format("hai"), "Một\nhai"),
        (RUN.format("Một") + "<w:r><w:tab/></w:r>" + RUN.format("hai"), "Một\thai"),
        (RUN.format("thủ tục"), "thủ tục"),
        ("<w:ins>" + RUN.format("thêm") + "</w:ins>" + RUN.format(" vào"), "thêm vào"),
        ("<w:del><w:r><w:delText>bỏ</w:delText></w:r></w:del>" + RUN.format("còn"), "còn"),
        (f"<w:hyperlink>{RUN.format('cổng dịch vụ')}</w:hyperlink>", "cổng dịch vụ"),
        (f"<w:sdt><w:sdtContent>{RUN.format('trong khung')}</w:sdtContent></w:sdt>", "trong khung"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r>" + RUN.format("hiện"), "hiện"),
        ("<w:r><w:t>kế</w:t><w:softHyphen/><w:t>hoạch</w:t></w:r>", "kếhoạch"),
        ("<w:r><w:t>kinh tế </w:t><w:noBreakHyphen/><w:t> xã hội</w:t></w:r>", "kinh tế - xã hội"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B7"/><w:t> Việc</w:t></w:r>', "- Việc"),
        ("<w:r><w:instrText>DATE</w:instrText></w:r>" + RUN.format("1/1"), "1/1"),
        ('<w:fldSimple w:instr="DATE">' + RUN.format("1/1") + "</w:fldSimple>", "1/1"),
        (RUN.format("thu\u0309 tu\u0323c"), "thủ tục"),
    ],
)
def test_the_text_of_a_paragraph_is_its_visible_text(tmp_path, content, seen):
    assert [block.text for block in blocks_of(tmp_path, inline(content))] == [seen]


def test_blocks_are_in_order_and_have_places(tmp_path):
    body = p("Một") + p("") + tbl(tr("a", "b")) + f"<w:sdt><w:sdtContent>{p('Hai')}</w:sdtContent></w:sdt>"
    first, table, second = blocks_of(tmp_path, body)
    assert first == Paragraph("Một", "đoạn 1")
    assert second == Paragraph("Hai", "đoạn 2")
    assert (table.place, table.rows[0].place) == ("bảng 1", "bảng 1, hàng 1")


def test_a_paragraph_is_bold_if_all_of_its_text_is(tmp_path):
    styles = (
        '<w:style w:type="paragraph" w:styleId="Muc"><w:name w:val="Muc"/><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="MucCon"><w:name w:val="MucCon"/><w:basedOn w:val="Muc"/></w:style>'
    )
    body = (
        p("đậm", run="<w:b/>")
        + inline("<w:r><w:rPr><w:b/></w:rPr><w:t>nửa </w:t></w:r>" + RUN.format("kia"))
        + p("theo kiểu", '<w:pStyle w:val="MucCon"/>')
        + p("kiểu đậm, chữ thường", '<w:pStyle w:val="MucCon"/>', '<w:b w:val="0"/>')
    )
    assert [block.bold for block in blocks_of(tmp_path, body, styles=styles)] == [True, False, True, False]


def test_automatic_numbers_are_counted_as_word_prints_them(tmp_path):
    lists = [(50, 0), (50, 1), (50, 1), (50, 2), (50, 2), (50, 0), (50, 1), (54, 0), (52, 0), (52, 0), (0, 0)]
    body = "".join(p("x", numbered(*one)) for one in lists)
    numbers = [block.number for block in blocks_of(tmp_path, body, LISTS)]
    assert numbers == ["1.", "1.1.", "1.2.", "a)", "b)", "2.", "2.1.", "3.", "1.", "2.", None]


def test_roman_numbers_and_bullets_are_printed(tmp_path):
    body = "".join(p("x", numbered(51, level)) for level in (0, 1, 2, 0))
    assert [block.number for block in blocks_of(tmp_path, body, LISTS)] == ["I.", "-", "-", "II."]


def test_a_style_numbers_its_paragraphs(tmp_path):
    styles = (
        '<w:style w:type="paragraph" w:styleId="De"><w:name w:val="De"/>'
        '<w:pPr><w:numPr><w:numId w:val="51"/></w:numPr></w:pPr></w:style>'
    )
    body = p("Mục tiêu", '<w:pStyle w:val="De"/>') + p("Việc", '<w:pStyle w:val="De"/>')
    assert [block.number for block in blocks_of(tmp_path, body, LISTS, styles)] == ["I.", "II."]


def test_an_automatic_number_is_the_text_of_its_cell(tmp_path):
    rows = [tr(tc(p("", numbered(53))), tc(p("Soạn", numbered(51, 1)) + p("Gửi"))) for _ in range(3)]
    (table,) = blocks_of(tmp_path, tbl(*rows), LISTS)
    assert texts(table) == [["1", "- Soạn\nGửi"], ["2", "- Soạn\nGửi"], ["3", "- Soạn\nGửi"]]


@pytest.mark.parametrize(
    ("count", "number_format", "printed"),
    [
        (4, "upperRoman", "IV"),
        (1999, "lowerRoman", "mcmxcix"),
        (26, "lowerLetter", "z"),
        (28, "upperLetter", "BB"),
        (7, "decimalZero", "07"),
        (0, "upperRoman", "0"),
        (5, "chicken", "5"),
    ],
)
def test_a_number_is_printed_in_its_format(count, number_format, printed):
    assert numeral(count, number_format) == printed


def test_merged_cells_are_covered(tmp_path):
    start, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    wide = '<w:gridSpan w:val="2"/>'
    (table,) = blocks_of(
        tmp_path,
        tbl(
            tr(tc("Việc", start), tc("Cơ quan", wide)),
            tr(tc("", goes_on), "Chủ trì", "Phối hợp"),
            tr(tc("I. Nhóm", '<w:gridSpan w:val="3"/>')),
        ),
    )
    assert texts(table) == [["Việc", "Cơ quan", ""], ["", "Chủ trì", "Phối hợp"], ["I. Nhóm", "", ""]]
    assert covers(table) == [[None, None, "left"], ["above", None, None], [None, "left", "left"]]


def test_uneven_rows_are_made_equally_long(tmp_path):
    (table,) = blocks_of(tmp_path, tbl(tr("1", "2", "3"), tr("4"), tr("5", properties='<w:gridBefore w:val="1"/>')))
    assert texts(table) == [["1", "2", "3"], ["4", "", ""], ["", "5", ""]]


def test_columns_of_borders_that_were_dragged_askew_are_one(tmp_path):
    wide = '<w:gridSpan w:val="2"/>'
    table = tbl(tr(tc("a", wide), "b"), tr("c", tc("d", wide)))
    grid = "<w:tblGrid>" + "".join(f'<w:gridCol w:w="{width}"/>' for width in (2000, 40, 3000)) + "</w:tblGrid>"
    (found,) = blocks_of(tmp_path, table.replace("<w:tblGrid/>", grid))
    assert texts(found) == [["a", "b"], ["c", "d"]]


def test_a_nested_table_is_lines_of_its_cell(tmp_path):
    (table,) = blocks_of(tmp_path, tbl(tr("1", tc(p("Gồm:") + tbl(tr("a", "b")) + p("hết")))))
    assert texts(table) == [["1", "Gồm:\na\nb\nhết"]]


def test_the_rows_of_tables_in_the_cells_of_a_column_are_rows(tmp_path):
    works = [tbl(tr("- Lập sổ", "Quý I"), tr("Rà soát", "Quý II")), tbl(tr("In", "Tháng 5"), tr("Gửi", "Tháng 6"))]
    rows = [tr(tc(office), tc(work), "x") for office, work in zip(("Phòng A", "Phòng B"), works, strict=True)]
    (table,) = blocks_of(tmp_path, tbl(tr("Cơ quan", "Việc", "Chú"), *rows))

    assert texts(table) == [
        ["Cơ quan", "Việc", "", "Chú"],
        ["Phòng A", "Lập sổ", "Quý I", "x"],
        ["", "Rà soát", "Quý II", ""],
        ["Phòng B", "In", "Tháng 5", "x"],
        ["", "Gửi", "Tháng 6", ""],
    ]
    assert [cell.covered for cell in table.rows[0].cells] == [None, None, "left", None]
    assert [cell.covered for cell in table.rows[2].cells] == ["above", None, None, "above"]
    assert table.rows[2].place == "bảng 1, hàng 2, dòng 2"


def test_a_deleted_row_is_left_out(tmp_path):
    (table,) = blocks_of(tmp_path, tbl(tr("1", "a"), tr("2", "b", properties="<w:del/>"), tr("3", "c")))
    assert texts(table) == [["1", "a"], ["3", "c"]]
    assert table.rows[1].place == "bảng 1, hàng 2"


def test_a_text_box_is_read_once(tmp_path):
    box = f"<w:txbxContent>{p('DỰ THẢO')}</w:txbxContent>"
    names = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    forms = f"<mc:Choice Requires='wps'>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    body = inline(f"<w:r><mc:AlternateContent {names}>{forms}</mc:AlternateContent></w:r>{RUN.format('Kế hoạch')}")
    assert [block.text for block in blocks_of(tmp_path, body)] == ["Kế hoạch", "DỰ THẢO"]


def test_footnotes_are_left_out_with_a_note(tmp_path):
    document = read_docx(
        docx_of(tmp_path / "a.docx", inline(RUN.format("Việc") + '<w:r><w:footnoteReference w:id="2"/></w:r>'))
    )
    assert [block.text for block in document.blocks] == ["Việc"]
    assert document.notes == ("Tài liệu có 1 chú thích ở chân trang hoặc cuối bài; phần này không được đọc.",)


def test_a_footnote_is_noted_at_the_row_that_names_it(tmp_path):
    path = docx_of(tmp_path / "a.docx", tbl(tr(tc(inline(RUN.format("Quý II") + FOOTNOTE_2)))))
    with zipfile.ZipFile(path) as archive:
        relations = archive.read(RELATIONS)
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    one = b'<Relationship Id="rIdF" Type="' + kind + b'" Target="footnotes.xml"/></Relationships>'
    with_part(path, RELATIONS, relations.replace(b"</Relationships>", one))
    note = f'<w:footnote w:id="2">{inline(RUN.format("Xong trước 20/5"))}</w:footnote>'
    document = read_docx(with_part(path, "word/footnotes.xml", f"<w:footnotes {W}>{note}</w:footnotes>".encode()))

    assert [cell.text for row in document.blocks[0].rows for cell in row.cells] == ["Quý II"]
    assert document.notes[1].startswith("bảng 1, hàng 1: chú thích")
    assert "“Xong trước 20/5”" in document.notes[1]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [("<w:altChunk/>", "chèn từ tệp khác"), ("<w:p><w:r><w:object/></w:r></w:p>", "đối tượng nhúng")],
)
def test_parts_that_cannot_be_read_are_noted(tmp_path, content, sentence):
    (note,) = read_docx(docx_of(tmp_path / "a.docx", p("Kế hoạch") + content)).notes
    assert "1" in note
    assert sentence in note


@pytest.mark.parametrize("mark", ["-", "+", "1.", "2.1", "a)", "IV."])
def test_a_tab_after_a_mark_is_a_space(tmp_path, mark):
    assert (
        blocks_of(tmp_path, inline(RUN.format(mark) + "<w:r><w:tab/></w:r>" + RUN.format("Việc")))[0].text
        == f"{mark} Việc"
    )


def test_a_file_in_strict_open_xml_is_read(tmp_path):
    path = docx_of(tmp_path / "a.docx", p("x"))
    name = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
    strict = f"<w:document {name}><w:body>{p('Kế hoạch')}</w:body></w:document>"
    assert read_docx(with_part(path, "word/document.xml", strict.encode())).blocks == (Paragraph("Kế hoạch", "đoạn 1"),)


def test_a_whole_plan_made_in_word_is_read(tmp_path):
    blocks = read_docx(plan_docx(tmp_path / "a.docx")).blocks
    head, *_, table = blocks
    assert isinstance(head, Table)
    assert texts(head)[0][1] == "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    assert table.rows[0].cells[0] == Cell("STT", bold=True)
    assert covers(table)[3][4] == "above"
    assert len(table.rows) == 14


DELETED_MARK = '<w:rPr><w:del w:id="1"/></w:rPr>'
TASKS = tbl(tr("TT", "Việc", "Hạn"), tr("3", "Rà soát", "Quý II"))


@pytest.mark.parametrize(
    "body",
    [
        tbl(tr(tc(TASKS))),
        tbl(tr(tc(tbl(tr(tc(TASKS)))))),
        tbl(tr("Phụ lục II"), tr(tc(TASKS))),
        tbl(tr(tc("Ghi chú"), tc(TASKS))),
        f"<w:p><w:r><w:pict><w:txbxContent>{TASKS}</w:txbxContent></w:pict></w:r></w:p>",
    ],
)
def test_a_table_in_a_frame_or_a_text_box_is_a_table(tmp_path, body):
    tables = [block for block in blocks_of(tmp_path, body) if isinstance(block, Table)]
    assert [texts(table)[1] for table in tables] == [["3", "Rà soát", "Quý II"]]


def test_a_table_nested_in_a_task_is_noted(tmp_path):
    document = read_docx(docx_of(tmp_path / "a.docx", tbl(tr("1", tc(TASKS), "Quý I"))))
    assert document.notes == ("bảng 1, hàng 1: có bảng lồng bên trong ô, được đọc như chữ của ô.",)


def test_a_paragraph_with_a_deleted_mark_continues_in_the_next(tmp_path):
    body = p("Quý I", DELETED_MARK) + p("V/2026") + p("", numbered(50) + DELETED_MARK) + p("Một", numbered(50))
    assert [(block.number, block.text) for block in blocks_of(tmp_path, body, LISTS)] == [
        (None, "Quý IV/2026"),
        ("1.", "Một"),
    ]


def test_paragraphs_with_tab_stops_below_a_header_are_a_table(tmp_path):
    tab = '</w:t><w:tab/><w:t xml:space="preserve">'
    rows = (
        ("STT", "Nội dung", "Chủ trì", "Thời hạn"),
        ("1", "Lập sổ", "Phòng Kinh tế", "Quý I"),
        ("2.", "Nộp sổ", "Quý II"),
    )
    body = "".join(p(tab.join(row)) for row in (("Kính gửi:", "Các thôn"), *rows)) + p("Nơi nhận:" + tab + "CHỦ TỊCH")
    document = read_docx(docx_of(tmp_path / "a.docx", body))
    first, table, last = document.blocks
    assert [[cell.text for cell in row.cells] for row in table.rows] == [list(row) for row in rows[:2]] + [
        ["2.", "Nộp sổ", "Quý II", ""]
    ]
    assert (first.text, last.text, table.place) == ("Kính gửi:\tCác thôn", "Nơi nhận:\tCHỦ TỊCH", "đoạn 2")
    assert document.notes == ("đoạn 4: dòng có 3 ô, tiêu đề bảng có 4 cột; hãy đối chiếu với văn bản gốc.",)
