"""Plans as plain text: each way in which a table is flattened into lines, and prose that a page has broken."""

import pytest

from services.planning.documents.document import Document, Paragraph, Table
from services.planning.documents.formats.plain_text import read_text
from shared.office_files.unreadable import UnreadableDocument


def read(text: str) -> Document:
    return read_text(text.encode())


def tables(document: Document) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in block.rows]
        for block in document.blocks
        if isinstance(block, Table)
    ]


def paragraphs(document: Document) -> list[tuple[str, str]]:
    return [(block.place, block.text) for block in document.blocks if isinstance(block, Paragraph)]


HEADER = ["STT", "Nội dung", "Sản phẩm", "Cơ quan chủ trì", "Thời hạn"]
FIRST = ["1", "Lập danh mục hồ sơ", "Danh mục", "- Văn phòng;\n- Tổ một cửa.", "Quý I"]
SECOND = ["2", "Trực tổng đài", "Sổ trực", "Tổ một cửa", "Hằng ngày"]


def behind_tabs(*rows: list[str], gap: str = "\n") -> str:
    return gap.join("".join(f"\t{cell}\n" for cell in row) for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        behind_tabs(HEADER, FIRST, SECOND),
        behind_tabs(HEADER, FIRST, SECOND, gap=""),
        behind_tabs(HEADER, FIRST, SECOND).replace("\n\t", "\n\n\t"),
        behind_tabs(HEADER, FIRST, SECOND).replace("\tSổ", "\t\n\n\nSổ").replace("\t2\n", "\t\n\n2\n"),
        behind_tabs(HEADER, FIRST, SECOND).replace("Danh mục\n", "Danh mục\n\n"),
        behind_tabs(HEADER, FIRST, SECOND).replace("văn\n- Tổ", "văn\n\n- Tổ"),
        behind_tabs(HEADER, FIRST, SECOND).replace("\t", "  \t"),
        behind_tabs(HEADER, FIRST, SECOND).replace("\t", ""),
        behind_tabs(HEADER, FIRST, SECOND, gap="").replace("\t", ""),
        behind_tabs(HEADER, FIRST, SECOND).replace("\t", "").replace("\n", "\n\n"),
        "\n".join(map("\t".join, [HEADER, [*FIRST[:3], '"' + FIRST[3] + '"', FIRST[4]], SECOND])),
        "\n".join(map("\t".join, [HEADER, FIRST, SECOND])),
        "\n".join("| " + " | ".join(row).replace("\n", "<br>") + " |" for row in (HEADER, ["---"] * 5, FIRST, SECOND)),
        "\n".join(" | ".join(row).replace("\n", "<br/>") for row in (HEADER, ["---"] * 5, FIRST, SECOND)),
        "\r\n".join(map("\t".join, [HEADER, [*FIRST[:3], '"' + FIRST[3] + '"', FIRST[4]], SECOND])),
    ],
)
@pytest.mark.parametrize("around", ["", "Kèm theo kế hoạch này.\n\n"])
def test_one_table_in_every_layout_is_the_same_grid(text: str, around: str) -> None:
    assert tables(read(around + text)) == [[HEADER, FIRST, SECOND]]


def test_a_grid_drawn_with_rules_keeps_the_lines_of_its_cells() -> None:
    drawn = """
+-----+-----------+----------+
| TT  | Nhiệm vụ  | Thời hạn |
+=====+===========+==========+
| 1   | - Rà soát | Quý I    |
|     | - Công bố |          |
+-----+-----------+----------+
| 2   | Tập huấn  | Quý II   |
+-----+-----------+----------+
"""
    expected = [["TT", "Nhiệm vụ", "Thời hạn"], ["1", "- Rà soát\n- Công bố", "Quý I"], ["2", "Tập huấn", "Quý II"]]
    assert tables(read(drawn)) == [expected]


def test_groups_splits_and_empty_cells_stay_in_their_columns() -> None:
    group, split = ["A", "Công tác chung"], ["", "", "Biên bản", "Tổ hai", "Quý IV"]
    wide_group = ["B", "Công tác khác", "", "", ""]
    document = read(behind_tabs(HEADER, group, FIRST, split, wide_group, SECOND))

    assert tables(document) == [[HEADER, [*group, "", "", ""], FIRST, split, wide_group, SECOND]]
    assert document.notes == ()


def test_a_lost_beginning_of_a_table_is_noted_and_stays_a_row() -> None:
    text = (
        " \tCông tác chung\n\n" + behind_tabs(FIRST, SECOND) + "\n\nPhụ lục\nCHỈ TIÊU\n" + behind_tabs(HEADER, SECOND)
    )
    document = read(text)

    assert tables(document) == [[["", "Công tác chung", "", "", ""], FIRST, SECOND], [HEADER, SECOND]]
    assert [text for _, text in paragraphs(document)] == ["Phụ lục", "CHỈ TIÊU"]
    assert document.notes == ("Dòng 1: hàng có 1 ô trong khi bảng có 5 cột, ô đầu để trống.",)


@pytest.mark.parametrize(
    ("row", "aligned"),
    [
        (["3", "Họp giao ban", "Biên bản"], ["3", "Họp giao ban", "Biên bản", "", ""]),
        (["Biên bản", "Tổ hai", "Quý IV"], ["", "", "Biên bản", "Tổ hai", "Quý IV"]),
        (
            ["3", "Họp", "Biên bản", "Tổ hai", "Quý IV", "Thêm"],
            ["3", "Họp", "Biên bản", "Tổ hai", "Quý IV\nThêm"],
        ),
    ],
)
def test_a_row_of_another_length_is_aligned_and_noted(row: list[str], aligned: list[str]) -> None:
    document = read(behind_tabs(HEADER, FIRST, row, ["4", *SECOND[1:]]))

    assert tables(document)[0][2] == aligned
    assert [note.split(":")[0] for note in document.notes] == ["Dòng 14"]


def test_a_title_over_all_columns_covers_them() -> None:
    document = read(behind_tabs(HEADER, FIRST, ["NHÓM VIỆC THỨ HAI"], SECOND))
    (table,) = document.blocks

    assert isinstance(table, Table)
    assert [cell.covered for cell in table.rows[2].cells] == [None, "left", "left", "left", "left"]


def test_a_header_in_two_lines_stands_over_its_columns() -> None:
    header, below = ["STT", "Nội dung", "Phân công", "Thời hạn"], ["Cơ quan chủ trì", "Cơ quan phối hợp"]
    rows = [[str(number), "Việc", "Văn phòng", "Công an", "Quý I"] for number in range(1, 4)]

    grid = tables(read(behind_tabs(header, below, *rows)))[0]

    assert grid[0] == ["STT", "Nội dung", "Phân công", "", "Thời hạn"]
    assert grid[1] == ["", "", "Cơ quan chủ trì", "Cơ quan phối hợp", ""]
    assert grid[2:] == rows


@pytest.mark.parametrize("layout", ["tabs", "pipes", "flattened"])
def test_a_table_continues_after_a_page_break_with_its_header_repeated(layout: str) -> None:
    write = {
        "tabs": lambda rows: "".join("\t".join(row) + "\n" for row in rows),
        "pipes": lambda rows: "".join("| " + " | ".join(row) + " |\n" for row in rows),
        "flattened": lambda rows: behind_tabs(*rows),
    }[layout]
    rows = [[cell.replace("\n", " ") for cell in row] for row in (FIRST, SECOND)]
    (table,) = read(write([HEADER, rows[0]]) + "\n" + write([HEADER, rows[1]])).blocks

    assert isinstance(table, Table)
    assert [row.page_begins for row in table.rows] == [False, False, False, True]


def test_the_row_after_a_repeated_header_of_two_lines_begins_the_page() -> None:
    head = "STT\tNội dung\tPhân công\t\n\t\tChủ trì\tPhối hợp\n"
    (table,) = read(head + "1\tViệc một dài\tTổ A\tTổ B\n\n" + head + "\tvà còn nữa\t\t\n2\tViệc hai\tTổ A\t\n").blocks

    assert isinstance(table, Table)
    assert [row.place for row in table.rows if row.page_begins] == ["dòng 7"]
    assert [cell.text for cell in table.rows[-1].cells] == ["2", "Việc hai", "Tổ A", ""]


def test_a_cell_broken_over_lines_of_a_tabbed_table_is_one_cell() -> None:
    text = "TT\tNội dung\tChủ trì\n1\tViệc một\ngồm hai phần\tTổ A\n2\tViệc hai\t- Tổ A\n- Tổ B\n3\tViệc ba\tTổ C\n"

    assert tables(read(text))[0][1:] == [
        ["1", "Việc một\ngồm hai phần", "Tổ A"],
        ["2", "Việc hai", "- Tổ A\n- Tổ B"],
        ["3", "Việc ba", "Tổ C"],
    ]


def test_an_unmarked_table_without_clear_rows_stays_lines_and_is_noted() -> None:
    text = (
        "STT\nNội dung\nSản phẩm\nThời hạn\n1\nViệc một\nBiên bản\n2\nViệc hai\nBáo cáo\nGhi thêm\nQuý II\nQuý III\n3\n"
    )
    document = read(text)

    assert tables(document) == []
    assert len(paragraphs(document)) == 14
    assert document.notes[0].startswith("Dòng 1: có vẻ là một bảng")


def test_a_number_in_a_cell_is_not_the_next_row() -> None:
    text = "STT\nChỉ tiêu\nĐơn vị\nKế hoạch\n1\nSố lớp tập huấn\nlớp\n2\n2\nTỷ lệ hài lòng\n%\n90\nNơi nhận:\n- Lưu."

    assert tables(read(text))[0][1:] == [["1", "Số lớp tập huấn", "lớp", "2"], ["2", "Tỷ lệ hài lòng", "%", "90"]]


@pytest.mark.parametrize(
    "text",
    [
        "\tI. MỤC TIÊU\n\t1. Chung\n\t- Gọn;\n\t- Rõ.\n\n\tII. NHIỆM VỤ\n\t1. Họp\n\n\tTrên đây là kế hoạch.\n",
        "\tNơi nhận:\t\t\t\n- Như trên;\n- Lưu.\n\tTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\n\nLê Văn Tám\n",
        "1.\tViệc một\n2.\tViệc hai\n3.\tViệc ba\n",
        "ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ AN BÌNH\tĐộc lập\n",
        "Chọn a | b trong mẫu.\n",
    ],
)
def test_tabs_and_bars_of_the_layout_make_no_table(text: str) -> None:
    assert tables(read(text)) == []


def test_the_signature_before_an_annex_is_not_part_of_its_table() -> None:
    document = read("\tNơi nhận:\t\t\n- Lưu.\n\tKT. CHỦ TỊCH\n\n\nLê Văn Tám\nPHỤ LỤC\n\n" + behind_tabs(HEADER, FIRST))

    assert tables(document) == [[HEADER, FIRST]]
    assert [text for _, text in paragraphs(document)] == [
        "Nơi nhận:",
        "- Lưu.",
        "KT. CHỦ TỊCH",
        "Lê Văn Tám",
        "PHỤ LỤC",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thông tin trên cổng của\n\nxã An Bình.", [("dòng 1", "Thông tin trên cổng của xã An Bình.")]),
        ("Rà soát xong.\n\ncông bố", [("dòng 1", "Rà soát xong."), ("dòng 3", "công bố")]),
        ("Gồm có\na) Tổ một;\nb) Tổ hai", [("dòng 1", "Gồm có"), ("dòng 2", "a) Tổ một;"), ("dòng 3", "b) Tổ hai")]),
        ("KẾ HOẠCH\nvề tập huấn", [("dòng 1", "KẾ HOẠCH"), ("dòng 2", "về tập huấn")]),
        ("Theo Quyết định số\n15/QĐ-UBND", [("dòng 1", "Theo Quyết định số 15/QĐ-UBND")]),
        (
            "1. Họp.\n\n- Chủ trì: Tổ A\n- Thời gian: Quý I.\nQuý IV tổng kết.\n\n2. Báo cáo.",
            [
                ("dòng 1", "1. Họp."),
                ("dòng 3", "- Chủ trì: Tổ A"),
                ("dòng 4", "- Thời gian: Quý I.\nQuý IV tổng kết."),
                ("dòng 7", "2. Báo cáo."),
            ],
        ),
        (
            "1.\tĐích\nSố: 5/KH\tAn Bình, ngày 2",
            [("dòng 1", "1. Đích"), ("dòng 2", "Số: 5/KH"), ("dòng 2", "An Bình, ngày 2")],
        ),
    ],
)
def test_a_line_is_a_paragraph_unless_it_continues_one(text: str, expected: list[tuple[str, str]]) -> None:
    assert paragraphs(read(text)) == expected


def test_lines_broken_by_the_width_of_a_window_are_joined() -> None:
    sentence = (
        "- Tổ công tác tiếp nhận và xử lý hồ sơ của dân tại Trung tâm\nPhục vụ hành chính công xã đúng thời hạn.\n"
    )

    assert [text for _, text in paragraphs(read(sentence * 5))] == [sentence.strip().replace("\n", " ")] * 5


@pytest.mark.parametrize(
    ("text", "shown", "bold"),
    [
        ("## **I. MỤC TIÊU**", "I. MỤC TIÊU", True),
        ("<b>Tổ</b> <strong>A</strong>", "Tổ A", True),
        ("Trước ngày **5/3**", "Trước ngày 5/3", False),
        ("*(kèm theo)*", "(kèm theo)", False),
        ("* Rà soát, *tập huấn*", "* Rà soát, tập huấn", False),
        ("[bookmark: chuong_1]Phụ lục &amp; biểu", "Phụ lục & biểu", False),
        ("**TM. UBND\nCHỦ TỊCH**", "TM. UBND", True),
        ("1\\. Họp<br>lần hai", "1. Họp\nlần hai", False),
        ("Ho\u0323p", "Họp", False),
    ],
)
def test_markup_is_removed(text: str, shown: str, bold: bool) -> None:
    assert read(text).blocks[0] == Paragraph(shown, "dòng 1", bold=bold)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_with_and_without_its_mark(encoding: str) -> None:
    assert paragraphs(read_text("Kế hoạch\r\n\r\nMục đích".encode(encoding))) == [
        ("dòng 1", "Kế hoạch"),
        ("dòng 3", "Mục đích"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n\t\n",
        b"\x00\x01\x02\xff",
        b"%PDF-1.7 text",
        b"{\\rtf1 text}",
        "Kế hoạch".encode("utf-16-le"),
        "K\u00ea\u0301 hoach".encode("cp1258"),
        "Céng hoµ x· héi chñ nghÜa ViÖt Nam, ®éc lËp tù do h¹nh phóc".encode(),
        "COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM, Ñoäc laäp Töï do Haïnh phuùc".encode(),
    ],
)
def test_content_that_is_not_unicode_text_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(UnreadableDocument, match=r"^(?:Tệp|Đây) .*\.$"):
        read_text(content)


@pytest.mark.parametrize("number", ["12", "- 12 -", "Trang 2/5"])
@pytest.mark.parametrize(
    "rows", [lambda *rows: "\n".join("\t".join(row) for row in rows) + "\n", lambda *rows: behind_tabs(*rows) + "\n"]
)
def test_a_page_number_within_a_table_is_not_part_of_it(rows, number: str) -> None:
    first = [cell.replace("\n", " ") for cell in FIRST]
    assert tables(read(rows(HEADER, first) + f"\n{number}\n\n" + rows(SECOND))) == [[HEADER, first, SECOND]]


def test_a_table_without_a_header_may_begin_with_a_cell_of_several_lines() -> None:
    quoted = "\n".join("\t".join(f'"{cell}"' if "\n" in cell else cell for cell in row) for row in (FIRST, SECOND))
    assert tables(read(quoted)) == [[FIRST, SECOND]]


def test_the_second_line_of_a_header_may_have_all_its_cells() -> None:
    second = ["", "", "", "Chủ trì", "Phối hợp"]
    assert tables(read(behind_tabs(HEADER, second, FIRST, SECOND))) == [[HEADER, second, FIRST, SECOND]]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{n}\nSoạn lịch trực\nLịch trực\n- Văn phòng\nQuý I\n", "bị mất cột"),
        ("{n}   Soạn lịch trực    Văn phòng   Quý I\n", "khoảng trắng"),
    ],
)
def test_a_table_that_lost_its_columns_is_noted_once(line: str, sentence: str) -> None:
    (note,) = read("".join(line.format(n=number) for number in range(1, 9))).notes
    assert sentence in note


def test_page_numbers_are_not_taken_for_a_lost_table() -> None:
    page = "Văn phòng soạn lịch trực cho các phòng.\n" * 30
    assert read("".join(f"{page}\n{number}\n\n" for number in range(1, 9))).notes == ()


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(UnreadableDocument, match=r"hơn 100\.000 dòng"):
        read("a\n" * 100_001)


def test_keys_behind_tabs_with_their_colons_below_each_other_are_lines() -> None:
    text = "Nhiệm vụ 01. Rà soát\n\tChủ trì\t: Phòng Kinh tế\n\tThời hạn\t: Quý II\n\tSản phẩm\t: Sổ\n"
    assert [line for _, line in paragraphs(read(text))] == [
        "Nhiệm vụ 01. Rà soát",
        "Chủ trì: Phòng Kinh tế",
        "Thời hạn: Quý II",
        "Sản phẩm: Sổ",
    ]
