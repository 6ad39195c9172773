"""No text is lost, whatever it is; and a table written in a layout is read back."""

import re
from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st

from services.planning.documents.document import Document, Table
from services.planning.documents.formats.plain_text import read_text
from services.planning.documents.formats.text_cleaning import is_page_number
from shared.office_files.unreadable import UnreadableDocument

WORDS = ["Họp", "rà soát", "Quý I", "1", "2", "A", "II", "%", "100", "STT", "Nội dung", "Cơ quan chủ trì", "- Tổ A;"]
WORDS += ["Nơi nhận:", "Phụ lục", "báo cáo.", "Thời hạn", "- Thời gian: quý", "TM. UBND", "(1)", "a)"]
GAPS = ["\n", "\n\n", "\t", "\n\t", "\n\n\t", " ", " | ", "\n| ", " |\n", "\n\t\n", "\t\t", "\n\n\n", " \t"]

label = st.sampled_from(["Nội dung", "Sản phẩm", "Cơ quan chủ trì", "Thời hạn", "Ghi chú", "Kết quả"])
content = st.sampled_from(["Họp dân", "Rà soát hồ sơ", "%", "Tối thiểu 60", "Văn phòng", "Hằng quý", "100"])
grids = st.integers(2, 6).flatmap(
    lambda width: st.tuples(
        st.lists(label, min_size=width, max_size=width),
        st.lists(st.lists(content, min_size=width, max_size=width), min_size=2, max_size=12),
    )
)


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+|%", text)


def text_of(document: Document) -> str:
    return "\n".join(
        "\n".join(cell.text for row in block.rows for cell in row.cells) if isinstance(block, Table) else block.text
        for block in document.blocks
    )


def numbered(grid: tuple[list[str], list[list[str]]]) -> list[list[str]]:
    header, rows = grid
    return [["STT", *header], *([str(number), *row] for number, row in enumerate(rows, start=1))]


def read_tables(text: str) -> list[list[list[str]]]:
    blocks = read_text(text.encode()).blocks
    return [[[cell.text for cell in row.cells] for row in block.rows] for block in blocks if isinstance(block, Table)]


def read_or_refused(content: bytes) -> Document | str:
    try:
        return read_text(content)
    except UnreadableDocument as refused:
        return str(refused)


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "ignore")))
def test_any_bytes_are_read_or_refused_with_a_sentence(content: bytes) -> None:
    read = read_or_refused(content)

    assert read.endswith(".") if isinstance(read, str) else read.blocks


@given(st.lists(st.tuples(st.sampled_from(GAPS), st.sampled_from(WORDS)), min_size=1, max_size=60))
@example([("\n", "STT"), ("\t", "STT"), ("\n", "1"), ("\n\t", "Họp")])
def test_only_page_numbers_are_lost_and_all_rows_are_equally_long(pairs: list[tuple[str, str]]) -> None:
    text = "".join(gap + word for gap, word in pairs)
    document = read_text(text.encode())

    written, read = Counter(words(text)), Counter(words(text_of(document)))
    alone_on_a_line = Counter(line.strip() for line in text.splitlines() if is_page_number(line.strip()))
    assert written - read <= alone_on_a_line
    assert read <= written
    for block in document.blocks:
        if isinstance(block, Table):
            assert {len(row.cells) for row in block.rows} == {len(block.rows[0].cells)}


@given(grids)
def test_a_table_with_a_row_on_each_line_is_read_again(grid: tuple[list[str], list[list[str]]]) -> None:
    rows = numbered(grid)

    assert read_tables("\n".join("\t".join(row) for row in rows)) == [rows]
    assert read_tables("\n".join("| " + " | ".join(row) + " |" for row in rows)) == [rows]


@given(grids, st.sampled_from(["\n", "\n\n\n"]))
def test_a_table_with_a_cell_on_each_line_is_read_again(grid: tuple[list[str], list[list[str]]], gap: str) -> None:
    rows = numbered(grid)

    assert read_tables(gap.join("".join(f"\t{cell}\n" for cell in row) for row in rows)) == [rows]


@given(grids)
def test_a_table_without_marks_is_read_again(grid: tuple[list[str], list[list[str]]]) -> None:
    rows = numbered(grid)

    assert read_tables("\n".join(cell for row in rows for cell in row)) == [rows]
