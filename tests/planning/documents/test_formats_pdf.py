"""A PDF file is opened by its text layer: lines are joined to paragraphs, rules to tables, pages to one text."""

import pytest

from services.planning.documents.document import Paragraph, Table
from services.planning.documents.formats.pdf import read_pdf
from services.planning.documents.formats.pdf.lines import Line, paragraphs_of
from shared.office_files.unreadable import UnreadableDocument
from tests.planning.documents.document_files import FILES, image, pdf_of, rule, ruled, shown

XS = (50, 100, 300, 500)


def opened(tmp_path, *pages, **made):
    return read_pdf(pdf_of(tmp_path / "a.pdf", pages, **made))


def row_of(y, *cells):
    return b"".join(shown(x + 6, y, text, 8) for x, text in zip(XS, cells, strict=False) if text)


def texts(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def paragraphs(blocks):
    return [block.text for block in blocks if isinstance(block, Paragraph)]


FULL = "Một dòng dài tới hết lề bên phải của trang giấy này đây"  # 55 letters of 6 points, from 72 to 402


def test_lines_that_fill_the_column_are_joined_and_others_are_not(tmp_path):
    content = (
        shown(72, 100, FULL) + shown(72, 116, "và nối sang dòng sau.") + shown(72, 132, FULL) + shown(72, 148, "hết")
    )
    assert paragraphs(opened(tmp_path, content).blocks) == [f"{FULL} và nối sang dòng sau.", f"{FULL} hết"]


@pytest.mark.parametrize("begin", ["- Soạn", "+ Gửi", "1. Soạn", "2.1. Gửi", "a) Xem", "II. VIỆC", "Điều 5. Gửi"])
def test_a_bullet_or_a_number_begins_a_paragraph(tmp_path, begin):
    content = shown(72, 100, FULL) + shown(72, 116, begin) + shown(72, 132, FULL) + shown(72, 148, FULL)
    assert begin in [text[: len(begin)] for text in paragraphs(opened(tmp_path, content).blocks)]


@pytest.mark.parametrize("rest", ["- xã hội của xã", "- Xã hội xã"])
def test_a_dash_within_a_name_does_not_begin_one(tmp_path, rest):
    first = "Giao cho những người phụ trách ở phòng Kinh tế, Văn hoá"
    content = shown(72, 100, FULL) + shown(72, 140, first) + shown(72, 156, rest) + shown(72, 172, FULL)
    assert f"{first} {rest}" in paragraphs(opened(tmp_path, content).blocks)


def test_the_two_columns_of_a_head_are_not_mixed(tmp_path):
    content = shown(72, 100, "UBND XÃ SUỐI MƠ") + shown(300, 100, "CỘNG HOÀ XÃ HỘI") + shown(72, 200, FULL)
    assert paragraphs(opened(tmp_path, content).blocks)[:2] == ["UBND XÃ SUỐI MƠ", "CỘNG HOÀ XÃ HỘI"]


def test_page_numbers_and_running_heads_are_left_out_and_text_continues(tmp_path):
    pages = [
        shown(290, 30, str(n)) + shown(72, 50, "Kế hoạch của xã") + shown(72, 800, f"{FULL[:-1]}{n}") for n in (1, 2, 3)
    ]
    found = opened(tmp_path, *(page + shown(72, 820, f"Trang {n}/3") for n, page in enumerate(pages, 1))).blocks
    assert "Trang 1/3" not in " ".join(paragraphs(found))
    assert not {"1", "2", "3"} & set(paragraphs(found))


def test_a_ruled_table_is_read_with_the_text_around_it_in_order(tmp_path):
    content = (
        shown(72, 60, "Trước bảng")
        + ruled(XS, (100, 120, 160))
        + row_of(114, "STT", "Việc", "Cơ quan")
        + row_of(134, "1", "Soạn bản nháp", "Phòng Kinh tế")
        + shown(72, 300, "Sau bảng")
    )
    before, table, after = opened(tmp_path, content).blocks
    assert (before.text, after.text) == ("Trước bảng", "Sau bảng")
    assert texts(table) == [["STT", "Việc", "Cơ quan"], ["1", "Soạn bản nháp", "Phòng Kinh tế"]]
    assert table.rows[1].place == "trang 1, bảng 1, hàng 2"


def test_cells_without_a_rule_between_them_are_merged(tmp_path):
    content = (
        b"".join(rule(50, y, 500, y) for y in (100, 120, 180))
        + rule(300, 140, 500, 140)
        + b"".join(rule(x, 100, x, 180) for x in (50, 300, 500))
        + rule(100, 120, 100, 180)
        + row_of(114, "I. Nhóm", None, "Ghi chú")
        + row_of(134, "1", "Soạn", "Quý I")
        + row_of(160, None, None, "Quý II")
    )
    (table,) = opened(tmp_path, content).blocks
    assert texts(table) == [["I. Nhóm", "", "Ghi chú"], ["1", "Soạn", "Quý I"], ["", "", "Quý II"]]
    assert [cell.covered for cell in table.rows[0].cells] == [None, "left", None]
    assert [cell.covered for cell in table.rows[2].cells] == ["above", "above", None]


def test_a_table_over_several_pages_is_one_table(tmp_path):
    first = ruled(XS, (700, 720, 740)) + row_of(714, "STT", "Việc", "Hạn") + row_of(734, "1", "Soạn", "Quý I")
    second = shown(290, 30, "2") + ruled(XS, (60, 80)) + row_of(74, "2", "Gửi", "Quý II")
    third = ruled((50, 300, 500), (60, 80, 100)) + row_of(74, "II. Nhóm hai", None, "x") + shown(72, 200, "Hết")
    table, last = opened(tmp_path, first, second, third).blocks
    assert last.text == "Hết"
    assert [row.page_begins for row in table.rows] == [False, False, True, True, False]
    assert texts(table)[2:4] == [["2", "Gửi", "Quý II"], ["II. Nhóm hai", "", "x"]]
    assert table.rows[2].place == "trang 2, bảng 1, hàng 1"


def test_a_header_repeated_on_a_page_is_left_out_and_the_row_below_begins_the_page(tmp_path):
    header = ruled(XS, (700, 720, 740)) + row_of(714, "STT", "Việc", "Hạn")
    first = header + row_of(734, "7.1.", "Soạn", "Quý I")
    again = header + row_of(734, "2", "lịch trực")
    (table,) = opened(tmp_path, first, again).blocks
    assert texts(table) == [["STT", "Việc", "Hạn"], ["7.1.2", "Soạn", "Quý I"], ["", "lịch trực", ""]]
    assert [row.page_begins for row in table.rows] == [False, False, True]


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (("Văn phòng HĐND-", "UBND xã"), "Văn phòng HĐND-UBND xã"),
        (("Quyết định số 81/QĐ-", "TTg năm nay"), "Quyết định số 81/QĐ-TTg năm nay"),
        (("giai đoạn 2025-", "2030"), "giai đoạn 2025-2030"),
        (("2.1.", "1"), "2.1.1"),
        (("trước 02/02/202", "6."), "trước 02/02/2026."),
        (("Phòng Văn hoá -", "Xã hội"), "Phòng Văn hoá - Xã hội"),
        (("Trung tâm", "1"), "Trung tâm 1"),
    ],
)
def test_a_line_break_without_a_space_is_joined_without_a_space(lines, whole):
    placed = [Line(text, 72, 200, top, top + 12, False, 30, 72) for top, text in zip((0, 14), lines, strict=True)]
    assert [found.text for found in paragraphs_of(placed, 72, 200)] == [whole]


def test_a_merged_cell_goes_on_on_the_next_page(tmp_path):
    first = ruled(XS, (100, 120, 140)) + row_of(114, "1", "Rà soát", "Phòng") + row_of(134, "2", "Niêm yết", "")
    first = first.replace(rule(XS[0], 120, XS[-1], 120), rule(XS[0], 120, XS[2], 120))
    second = ruled(XS, (40, 60, 80)) + row_of(54, "3", "Lập sổ", "") + row_of(74, "4", "Nộp sổ", "Công an")
    (table,) = opened(tmp_path, first, second).blocks
    assert [row.cells[2].covered for row in table.rows] == [None, "above", "above", None]


def test_tables_of_other_columns_are_not_joined(tmp_path):
    first = ruled(XS, (700, 740)) + row_of(714, "1", "a", "b")
    second = ruled((50, 200, 400, 500), (60, 80)) + shown(56, 74, "2", 8) + shown(206, 74, "c", 8)
    assert [type(block) for block in opened(tmp_path, first, second).blocks] == [Table, Table]


def test_a_table_without_its_last_rule_keeps_its_last_row(tmp_path):
    rules = ruled(XS, (100, 120)) + b"".join(rule(x, 100, x, 160) for x in XS)
    (table,) = opened(tmp_path, rules + row_of(114, "STT", "Việc", "Hạn") + row_of(140, "1", "Soạn", "Quý I")).blocks
    assert texts(table)[1] == ["1", "Soạn", "Quý I"]


SCAN = b"q 595 0 0 842 0 0 cm /X0 Do Q\n"


def test_a_scanned_file_is_refused_and_a_scanned_page_is_noted(tmp_path):
    with pytest.raises(UnreadableDocument, match="bản quét"):
        opened(tmp_path, SCAN, SCAN, extra=[image(1, 1)])
    document = opened(tmp_path, shown(72, 100, "Kế hoạch của xã"), SCAN, extra=[image(1, 1)])
    assert document.notes == ("Trang 2 là bản quét (ảnh), không có lớp chữ nên không được đọc.",)


def test_letters_without_a_unicode_map_are_refused(tmp_path):
    with pytest.raises(UnreadableDocument, match="không cho biết mặt chữ"):
        opened(tmp_path, shown(72, 100, "Kế hoạch của xã"), mapped=False)


def test_a_word_in_two_fonts_is_one_word(tmp_path):
    # Letters that the font lacks are written after the others, from another font.
    content = shown(72, 100, "th") + shown(96, 100, "p") + shown(84, 100, "ợc") + shown(72, 140, FULL)
    assert paragraphs(opened(tmp_path, content).blocks)[0] == "thợcp"


def test_a_whole_plan_printed_from_a_word_processor_is_read():
    document = read_pdf(FILES / "plan.pdf")
    assert document.notes == ()
    found = paragraphs(document.blocks)
    assert found[:2] == ["UỶ BAN NHÂN DÂN", "CỘNG HOÀ XÃ HỘI CHỦ"]
    assert found[5:7] == ["KẾ HOẠCH", "Cải cách hành chính năm 2026 của xã Suối Mơ"]
    assert found[8].endswith("góp phần vào phát triển kinh tế - xã hội của xã trong cả năm 2026.")
    table = document.blocks[-1]
    assert texts(table)[0][1:] == ["Nội dung công việc", "Sản phẩm", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian"]
    assert all(cell.bold for cell in table.rows[0].cells)
    assert texts(table)[3][3] == "- Văn phòng HĐND và UBND\n- Phòng Văn hoá - Xã hội"
    assert [cell.covered for cell in table.rows[1].cells] == [None, None, "left", "left", "left", "left"]
    assert table.rows[3].cells[4].covered == "above"
    assert sum(row.page_begins for row in table.rows) == 2


TITLES = ("STT", "Nội dung", "Chủ trì")


def table_in(tmp_path, *pages):
    (found,) = [block for block in opened(tmp_path, *pages).blocks if isinstance(block, Table)]
    return [[cell.text.replace("\n", " ") for cell in row.cells] for row in found.rows]


def test_a_table_without_rules_has_the_columns_between_its_white_lines(tmp_path):
    page = (
        *(shown(50, 60, FULL), row_of(100, *TITLES)),
        *(row_of(112, "1", "Rà soát thủ tục hành chính", "Phòng"), row_of(122, "", "lĩnh vực đất đai", "Kinh tế")),
        *(row_of(132, "II", "NHÓM NHIỆM VỤ VỀ CHUYỂN ĐỔI SỐ VÀ CÁC VIỆC KHÁC CỦA XÃ NĂM NAY"),),
        *(row_of(142, "2", "Niêm yết", "Công an"), shown(50, 170, FULL)),
    )
    assert table_in(tmp_path, b"".join(page)) == [
        ["STT", "Nội dung", "Chủ trì"],
        ["1", "Rà soát thủ tục hành chính lĩnh vực đất đai", "Phòng Kinh tế"],
        ["II", "NHÓM NHIỆM VỤ VỀ CHUYỂN ĐỔI SỐ VÀ CÁC VIỆC KHÁC CỦA XÃ NĂM NAY", ""],
        ["2", "Niêm yết", "Công an"],
    ]


def test_numbers_in_the_middle_of_their_rows_keep_the_lines_above_them(tmp_path):
    page = (
        *(row_of(100, *TITLES), row_of(112, "", "Rà soát thủ tục", "Phòng"), row_of(117, "1", "", "")),
        *(row_of(122, "", "đất đai", "Kinh tế"), row_of(134, "2", "Niêm yết", "Công an")),
    )
    assert table_in(tmp_path, b"".join(page))[1:] == [
        ["1", "Rà soát thủ tục đất đai", "Phòng Kinh tế"],
        ["2", "Niêm yết", "Công an"],
    ]


def test_a_table_without_rules_goes_on_on_the_next_page(tmp_path):
    first = row_of(100, *TITLES) + row_of(112, "1", "Rà soát", "Công an")
    second = row_of(60, "2", "Niêm yết", "Phòng Kinh tế") + shown(50, 90, FULL)
    assert table_in(tmp_path, first, second)[1:] == [["1", "Rà soát", "Công an"], ["2", "Niêm yết", "Phòng Kinh tế"]]


def test_numbers_close_before_the_next_column_are_a_column(tmp_path):
    """A sheet printed without its grid: numbers at the right of their cells, rows as high as their highest cell."""
    page = [shown(50, 100, "TT", 8) + shown(90, 100, "Chủ trì", 8) + shown(200, 100, "Nội dung", 8)]
    for n, (body, work) in enumerate([("Phòng Kinh tế", "Rà soát"), ("Công an xã", "Niêm yết"), ("Tổ", "Tập huấn")], 1):
        y = 100 + 36 * n
        page += [shown(83, y, str(n), 8), shown(90, y, body, 8), shown(200, y, work, 8)]
    assert table_in(tmp_path, b"".join(page))[1:] == [
        ["1", "Phòng Kinh tế", "Rà soát"],
        ["2", "Công an xã", "Niêm yết"],
        ["3", "Tổ", "Tập huấn"],
    ]


def test_a_header_without_columns_is_noted(tmp_path):
    document = opened(tmp_path, shown(50, 100, "STT Nội dung công việc Chủ trì Thời gian") + shown(50, 112, FULL))
    assert "Trang 1 có bảng không kẻ đường" in document.notes[0]


def test_without_numbers_a_row_begins_where_its_columns_begin_anew(tmp_path):
    titles = ("Nội dung", "Chủ trì", "Thời gian")
    page = (
        *(shown(50, 60, FULL), words_of(100, *titles)),
        *(words_of(112, "Rà soát thủ tục hành chính lĩnh", "Phòng Kinh", "Quý I"), words_of(124, "vực đất đai", "tế")),
        *(words_of(136, "Niêm yết bảng của Ủy ban", "Công an xã", "Quý II"), words_of(148, "MTTQ")),
        *(words_of(160, "Tập huấn", "Công an xã", "Quý III"), shown(50, 190, FULL)),
    )
    document = opened(tmp_path, b"".join(page))
    assert [[cell.replace("\n", " ") for cell in row] for row in texts(document.blocks[1])] == [
        list(titles),
        ["Rà soát thủ tục hành chính lĩnh vực đất đai", "Phòng Kinh tế", "Quý I"],
        ["Niêm yết bảng của Ủy ban MTTQ", "Công an xã", "Quý II"],
        ["Tập huấn", "Công an xã", "Quý III"],
    ]
    assert "Trang 1 có bảng không kẻ đường, không có số thứ tự" in document.notes[0]


def words_of(y, *cells):
    """A row of three columns whose first one is as wide as "Rà soát thủ tục hành chính lĩnh"."""
    return b"".join(shown(x, y, text, 10) for x, text in zip((50, 230, 330), cells, strict=False) if text)


def test_the_text_of_a_page_in_two_columns_is_read_one_column_after_the_other(tmp_path):
    left = [shown(72, 120 + 14 * at, f"- Việc thứ {at} ở cột trái") for at in range(7)]
    right = [shown(320, 120 + 14 * at, f"- Việc thứ {at} ở cột phải") for at in range(7)]
    document = opened(tmp_path, shown(72, 80, FULL) + b"".join(left + right) + shown(72, 240, FULL))
    sides = [text.split()[-1] for text in paragraphs(document.blocks)]
    assert sides == ["đây", *["trái"] * 7, *["phải"] * 7, "đây"]
    assert document.notes == ("Trang 1 được in thành hai cột chữ: đọc hết cột trái rồi đến cột phải.",)


def test_the_columns_of_a_page_may_end_after_a_few_lines_on_the_next(tmp_path):
    def sides_of(*counts):
        places = ((72, "trái", counts[0]), (320, "phải", counts[1]))
        return b"".join(
            shown(x, 120 + 14 * at, f"- Việc thứ {at} {side}") for x, side, count in places for at in range(count)
        )

    document = opened(tmp_path, sides_of(7, 7), sides_of(7, 2))
    sides = [text.split()[-1] for text in paragraphs(document.blocks)]
    assert sides == [*["trái"] * 7, *["phải"] * 7, *["trái"] * 7, *["phải"] * 2]
    assert document.notes == ("Trang 1, 2 được in thành hai cột chữ: đọc hết cột trái rồi đến cột phải.",)


@pytest.mark.parametrize(
    ("font", "old", "unicode"),
    [
        (
            b"ABCDEF+.VnTime",
            "Rµ so¸t v¨n th-, hç trî ng-êi d©n -u tiªn theo 19-NQ/TW",
            "Rà soát văn thư, hỗ trợ người dân ưu tiên",
        ),
        (b"ABCDEF+.VnTimeH,Bold", "phßng kinh tÕ", "PHÒNG KINH TẾ"),
        (b"VNI-Times", "Toång hôïp hoà sô", "Tổng hợp hồ sơ"),
        (b"ABCDEF+TimesNewRoman", "Rµ so¸t", "Rµ so¸t"),
    ],
)
def test_text_in_an_old_font_is_converted_by_the_name_of_its_font(tmp_path, font, old, unicode):
    document = opened(tmp_path, shown(72, 100, old), font=font)
    assert paragraphs(document.blocks)[0].startswith(unicode)
    assert [note.startswith("Trang 1: chữ phông ") for note in document.notes] == [True] * (unicode != old)


def test_a_task_that_begins_like_a_title_is_no_header_on_the_next_page(tmp_path):
    first = row_of(100, *TITLES) + row_of(112, "1", "Rà soát", "Công an") + row_of(122, "II", "VIỆC KHÁC CỦA XÃ")
    second = row_of(60, "2", "Số hóa kết quả thực hiện", "Đơn vị") + shown(50, 90, FULL)
    assert [row[0] for row in table_in(tmp_path, first, second)] == ["STT", "1", "II", "2"]


def test_a_row_that_the_page_cuts_goes_on_below_a_header_of_two_lines_that_is_printed_again(tmp_path):
    header = (row_of(60, "STT", "Nội dung nhiệm", "Chủ trì"), row_of(71, "", "vụ", ""))
    first = (*header, row_of(96, "1", "Niêm yết", "Công an"), row_of(121, "2", "Kiểm tra", "Trung tâm"))
    rest = (row_of(96, "", "đột xuất", "Phục vụ"), row_of(107, "", "cuối năm", ""))
    second = (*header, *rest, row_of(132, "3", "Tập huấn", "Công an"), row_of(143, "", "kỹ năng", ""))
    assert table_in(tmp_path, b"".join(first), b"".join((*second, shown(50, 190, FULL)))) == [
        ["STT", "Nội dung nhiệm vụ", "Chủ trì"],
        ["1", "Niêm yết", "Công an"],
        ["2", "Kiểm tra", "Trung tâm"],
        ["", "đột xuất cuối năm", "Phục vụ"],
        ["3", "Tập huấn kỹ năng", "Công an"],
    ]


def test_a_page_with_other_cells_filled_goes_on_below_the_same_header(tmp_path):
    titles = ("STT", "Nội dung nhiệm vụ của xã", "Chủ trì")
    first = row_of(60, *titles) + row_of(96, "1", "Niêm yết", "")
    second = row_of(60, *titles) + row_of(96, "2", "Kiểm tra đột xuất tại các thôn", "Công an xã")
    assert table_in(tmp_path, first, second + shown(50, 190, FULL))[1:] == [
        ["1", "Niêm yết", ""],
        ["2", "Kiểm tra đột xuất tại các thôn", "Công an xã"],
    ]


def test_a_footer_with_the_number_of_the_page_is_left_out(tmp_path):
    pages = [shown(72, 700, f"Việc {n}") + shown(72, 50, f"KH CCHC | Trang {n}/2") for n in (1, 2)]
    assert [block.text for block in read_pdf(pdf_of(tmp_path / "a.pdf", pages)).blocks] == ["Việc 1", "Việc 2"]
