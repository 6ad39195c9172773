"""Reading the blocks and the head of any document neither fails nor loses a place."""

from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.planning.documents.blocks import read_blocks, read_office_duties
from services.planning.documents.document import Cell, Document, Paragraph, Row, Table
from services.planning.documents.plan_head import read_head

MARKERS = ["", "I. ", "1. ", "1.1. ", "2) ", "a) ", "- ", "+ ", "* ", "• ", "A. ", "Nhiệm vụ 3: "]
TEXTS = [
    *("Mở lớp", "số", "KẾ HOẠCH", "PHỤ LỤC", "Nơi nhận:", "(Kèm theo Kế hoạch số 1/KH-UBND)", "Tổ chức thực hiện"),
    *("Chủ trì: Phòng Kinh tế", "Phối hợp:", "Thời gian: Quý I", "Sản phẩm: Báo cáo", "Mục tiêu", "đạt 100% hồ sơ"),
    *("Phòng Kinh tế", "UBND XÃ XỐP", "Số: /KH-UBND", "Xốp, ngày tháng năm 2026", "Căn cứ 8/QĐ-UBND;", "CCHC năm 2026"),
    *("hoàn thành trước 30/6/2026", "tỉnh Quảng Ngãi", "Chủ trì: A; thời gian:", "…", "1", ":", "phường"),
]
lines = st.builds(
    "{}{}".format, st.sampled_from(MARKERS), st.one_of(st.sampled_from(TEXTS), st.text(min_size=1, max_size=12))
)
texts = lines.filter(lambda text: bool(text.strip()))
paragraphs = st.builds(
    Paragraph, texts, st.just("dòng 7"), st.sampled_from([None, None, "1.", "2.1", "a)", "-", "III."]), st.booleans()
)
tables = st.builds(
    lambda cells: Table((Row(tuple(map(Cell, cells)), "hàng 1"),), "bảng 1"), st.lists(texts, min_size=1)
)

OFFICE_ABOVE_AN_OFFICE = [
    *(Paragraph("Mở lớp", "dòng 7", number, False) for number in (None, None, None, "1.")),
    Paragraph("a) Tổ chức thực hiện", "dòng 7", "a)", False),
    Paragraph("- Phòng Kinh tế", "dòng 7", None, False),
    Paragraph("Mở lớp", "dòng 7", "a)", False),
]


@given(st.lists(paragraphs, max_size=25))
@example(OFFICE_ABOVE_AN_OFFICE)
def test_blocks_of_any_paragraphs_are_read_and_every_warning_has_a_place(document: list[Paragraph]) -> None:
    read = read_blocks(document, 2026, None)
    duties = read_office_duties(document, 2026, (date(2026, 1, 1), date(2026, 6, 30)))

    warnings = [*read.warnings, *(warning for task in (*read.tasks, *duties) for warning in task.warnings)]
    assert all(warning.startswith("dòng 7: ") for warning in warnings)
    assert all(task.content for task in read.tasks)
    assert all(task.lead or task.warnings for task in (*read.tasks, *duties))


@settings(deadline=None)  # the first call loads the register of units
@given(st.lists(st.one_of(paragraphs, tables), max_size=25))
def test_the_head_of_any_document_is_read_and_missing_fields_are_warnings(blocks: list[Paragraph | Table]) -> None:
    head, warnings = read_head(Document(tuple(blocks)))

    assert warnings or (head.commune and head.title and head.regime and head.year and head.number and head.issued_on)
    assert (head.year is None) == (head.span is None)
