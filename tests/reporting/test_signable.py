"""A report as a chair signs it: written sections, the signature, annexes of lists and sources, whole names."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import html  # type: ignore[import-untyped]  # lxml has no types of its own
from openpyxl import load_workbook

from services.reporting.domain.content.report_content import Target
from services.reporting.rendering import EditionMark, content_sha256, render
from services.reporting.rendering.blocks.annexes import RATES_TITLE, annexes
from services.reporting.rendering.blocks.block import Grid
from services.reporting.rendering.blocks.body import body
from services.reporting.rendering.canonical_json import canonical_json, read_report
from services.reporting.rendering.charts import of_communes, of_indicators
from services.reporting.rendering.formats.workbook.printing import column_breaks, row_breaks
from services.reporting.rendering.printed_report import PrintedReport
from services.reporting.rendering.text import sections
from tests.reporting.earlier_editions import example_restatement
from tests.reporting.example import example_commune_report, example_report, signable, written

SENTENCE = "Công tác cải cách hành chính được triển khai đồng bộ trên địa bàn, người dân hài lòng hơn. "
PROVINCE = signable(example_report(communes=24), narrative=(written("assessment", f"{SENTENCE}\n{SENTENCE}"),))
COMMUNE = signable(example_commune_report())
SMALL = replace(COMMUNE, indicators=COMMUNE.indicators[:2], forms=(), scores=(), footnotes=(), scoped=())


def pages_of(report: Any, folder: Path, mark: EditionMark | None = None) -> list[str]:
    (path,) = render(report, ["pdf"], folder, mark)
    return [page.get_textpage().get_text_range().replace("\u200b", "") for page in pypdfium2.PdfDocument(path)]


def text_of(blocks: Any) -> str:
    return "\n".join(getattr(block, "text", "") for block in blocks)


def titles(report: Any) -> list[str]:
    return [annex.title for annex in annexes(PrintedReport(report))]


@pytest.mark.parametrize("sentences", range(4, 40, 3))
def test_the_signature_is_never_alone_on_a_page(sentences, tmp_path):
    report = replace(SMALL, narrative=(written("proposals", SENTENCE * sentences),))
    (signed,) = [page for page in pages_of(report, tmp_path) if "Nơi nhận:" in page]
    assert "Trên đây là báo cáo" in signed
    assert "TM. ỦY BAN NHÂN DÂN" in signed


def test_in_word_the_closing_paragraph_stays_with_the_signature(tmp_path):
    (path,) = render(SMALL, ["docx"], tmp_path)
    document = Document(str(path))
    (closing,) = [p for p in document.paragraphs if p.text.startswith("Trên đây là báo cáo")]
    assert closing.paragraph_format.keep_with_next
    following = closing._p.getnext()
    assert following.tag == qn("w:tbl")
    assert "Nơi nhận:" in "".join(t.text or "" for t in following.iter(qn("w:t")))


def test_written_sections_are_printed_in_their_place_in_every_format(tmp_path):
    numbered = list(sections.headings(PROVINCE).values())
    assert numbered[0] == "I. Đánh giá chung"
    assert numbered[-2:] == ["VI. Phương hướng, nhiệm vụ kỳ tiếp theo", "VII. Đề xuất, kiến nghị"]
    for path in render(PROVINCE, ["html", "docx"], tmp_path):
        if path.suffix == ".html":
            text = html.fromstring(path.read_text(encoding="utf-8")).text_content()
        else:
            text = "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
        places = [text.index(heading) for heading in numbered]
        assert places == sorted(places)
        assert text.count(SENTENCE.strip()) == 2
        assert text.count(sections.UNWRITTEN) == 2, "a section that nobody wrote shows a line"


def test_a_written_section_is_a_part_of_the_content():
    assert read_report(canonical_json(PROVINCE)) == PROVINCE
    assert content_sha256(PROVINCE) != content_sha256(replace(PROVINCE, narrative=()))
    assert b"narrative" not in canonical_json(replace(PROVINCE, narrative=()))


def test_lists_of_communes_are_annexes_and_not_in_the_body():
    printed = PrintedReport(replace(PROVINCE, not_reported=tuple(f"Xã {n}" for n in range(20))))
    enclosed = annexes(printed)
    blocks = list(body(printed, enclosed))
    assert next(len(block.rows) for block in blocks if isinstance(block, Grid)) == 31, "a row for each indicator"
    assert "Xã 19" not in text_of(blocks)
    assert "chưa gửi số liệu: 20/24, danh sách tại Phụ\u00a0lục\u00a0V." in text_of(blocks)
    assert [annex.title for annex in enclosed][2:5] == [
        "Xã, phường, đặc khu chưa đạt chỉ tiêu được giao",
        "Nhiệm vụ của các xã, phường, đặc khu",
        "Xã, phường, đặc khu chưa gửi số liệu hoặc có báo cáo chưa được duyệt",
    ]
    below, tasks = (annex.blocks[-1] for annex in enclosed[2:4])
    assert isinstance(below, Grid)
    assert isinstance(tasks, Grid)
    assert len(below.rows) == sum(
        any(line.met is False for line in (*c.indicators, *c.scoped)) for c in PROVINCE.communes
    )
    assert len(tasks.rows) == 25


def test_a_short_list_is_a_sentence_and_no_annex():
    assert "Xã, phường, đặc khu chưa gửi số liệu hoặc có báo cáo chưa được duyệt" not in titles(PROVINCE)
    blocks = text_of(body(PrintedReport(PROVINCE), annexes(PrintedReport(PROVINCE))))
    assert "chưa gửi số liệu: 1/24, gồm: Phường Cẩm Thành." in blocks


def test_sources_are_the_last_annex_and_not_in_the_body(tmp_path):
    pages = pages_of(PROVINCE, tmp_path)
    (signed,) = [at for at, page in enumerate(pages) if "Nơi nhận:" in page]
    digest = content_sha256(PROVINCE)
    assert not any(digest[:20] in page or "Vị trí sổ sự kiện" in page for page in pages[: signed + 1])
    assert digest in pages[-1].replace("\r\n", "").replace("\n", "")
    assert titles(PROVINCE)[-1] == titles(COMMUNE)[-1] == "Nguồn số liệu và thông tin kiểm chứng"


@pytest.mark.slow  # a PDF of many pages
def test_a_restated_edition_says_so_on_its_first_page(tmp_path):
    report = replace(PROVINCE, restated=example_restatement())
    mark = EditionMark(2, date(2025, 9, 20), "ab" * 32, 1, "Xã Ba Tơ đính chính 12 số liệu.")
    first = " ".join(pages_of(report, tmp_path, mark)[0].split())
    line = (
        "(Báo cáo công bố lại: lần công bố 2, ngày 20/9/2025, thay thế lần công bố 1. Lý do: Xã Ba Tơ đính chính 12 số "
        "liệu)"
    )
    assert line in first
    for path in render(report, ["html", "docx"], tmp_path, mark):
        shown = (
            path.read_text(encoding="utf-8")
            if path.suffix == ".html"
            else "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
        )
        assert line in shown
    assert "công bố lại" not in pages_of(PROVINCE, tmp_path, EditionMark(1, date(2025, 9, 20), "ab" * 32))[0]


def without_last_figures(commune, place):
    if place < 3:
        return commune
    *kept, last = commune.indicators
    return replace(
        commune, indicators=(*kept, replace(last, figure=replace(last.figure, numerator=None, denominator=None)))
    )


def test_a_table_that_few_communes_have_figures_for_names_those_alone():
    """Three pages of dashes tell nobody anything."""
    report = signable(example_report(communes=20, indicators=13))
    few = replace(report, communes=tuple(without_last_figures(c, n) for n, c in enumerate(report.communes)))
    (blocks,) = [annex.blocks for annex in annexes(PrintedReport(few)) if annex.title == RATES_TITLE]
    whole, short = [block for block in blocks if isinstance(block, Grid)]
    assert len(whole.rows) == 20
    assert 1 <= len(short.rows) <= 3
    assert f"{20 - len(short.rows)} xã, phường, đặc khu khác chưa có số liệu" in text_of(blocks)


def test_charts_name_indicators_and_communes_whole():
    longest = max(PROVINCE.indicators, key=lambda line: len(line.name)).name
    long_name = "Phường Nguyễn Thị Minh Khai Trương Quang Trọng"
    renamed = replace(PROVINCE.communes[5], name=long_name)
    report = replace(PROVINCE, communes=(*PROVINCE.communes[:5], renamed, *PROVINCE.communes[6:10]))
    for drawing in of_indicators(report):
        printed = " ".join(html.fromstring(drawing.svg).xpath("//*[local-name()='text']/text()"))
        assert "…" not in printed
        assert longest in printed
    ranking = of_communes(report)[0]
    assert long_name in " ".join(html.fromstring(ranking.svg).xpath("//*[local-name()='text']/text()"))


def test_rows_of_a_chart_with_long_names_do_not_cover_each_other():
    report = replace(PROVINCE, indicators=tuple(replace(line, name=line.name * 3) for line in PROVINCE.indicators))
    (rates, *_) = of_indicators(report)
    groups = html.fromstring(rates.svg).xpath("//*[local-name()='g'][*[local-name()='title']]")
    lines = [
        float(group.get("transform").split(",")[1].rstrip(")")) + float(text.get("y"))
        for group in groups
        for text in group.xpath("*[@x='-8']")
    ]
    assert all(later - earlier >= 14 for earlier, later in pairwise(lines))


def test_a_province_that_misses_a_target_that_no_commune_misses_explains_it():
    line = replace(PROVINCE.indicators[0], target=Target(at_least=Decimal(100)))
    met = tuple(
        replace(c, indicators=(replace(c.indicators[0], target=None), *c.indicators[1:])) for c in PROVINCE.communes
    )
    report = replace(PROVINCE, indicators=(line, *PROVINCE.indicators[1:]), communes=met)
    printed = PrintedReport(report)
    assert "Chỉ tiêu số 1: toàn tỉnh chưa đạt dù không đơn vị nào" in text_of(body(printed, annexes(printed)))


def test_sums_of_a_province_bear_no_sentence_that_they_are_unexplained():
    notes = text_of(annexes(PrintedReport(PROVINCE))[0].blocks)
    assert "Số liệu không khớp" in notes
    assert "Chưa có giải trình" not in notes
    assert "mẫu có hiệu lực" not in notes
    assert "Chưa có giải trình" in text_of(annexes(PrintedReport(COMMUNE))[0].blocks)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    (path,) = render(PROVINCE, ["xlsx"], tmp_path_factory.mktemp("signable"))
    return load_workbook(path)


def test_a_sheet_prints_in_readable_letters_with_its_heading_and_name_on_every_page(workbook):
    for sheet in workbook:
        fitted = sheet.sheet_properties.pageSetUpPr.fitToPage
        assert fitted or sheet.page_setup.scale >= 68
        if fitted:
            assert sum(column.width for column in sheet.column_dimensions.values()) * 0.68 <= 128
        assert sheet.print_title_rows
        assert sheet.oddHeader.left.text == "&A"
        assert sheet.oddHeader.right.text.startswith("Ủy ban nhân dân tỉnh Quảng Ngãi, quý III")


@pytest.mark.slow  # a workbook for a whole province
def test_each_page_of_a_restated_workbook_says_that_it_is(tmp_path):
    (path,) = render(replace(PROVINCE, restated=example_restatement()), ["xlsx"], tmp_path)
    headers = {sheet.oddHeader.right.text for sheet in load_workbook(path)}
    assert headers == {"Ủy ban nhân dân tỉnh Quảng Ngãi, quý III năm 2025 (công bố lại, thay thế lần 1)"}


def test_columns_that_need_more_pages_repeat_those_that_name_a_row(workbook):
    sheet = workbook["Chỉ tiêu theo xã"]
    assert sheet.print_title_cols == "$A:$D"
    assert sheet.col_breaks.brk


def test_the_columns_of_a_form_are_printed_on_one_page_and_its_remarks_on_the_next(workbook):
    sheet = workbook["Biểu II.06"]
    assert [each.id for each in sheet.col_breaks.brk] == [sheet.max_column - 1]


def test_a_page_ends_before_a_column_that_does_not_fit_on_it():
    assert column_breaks([10, 40, 40, 30], names=1, room=100) == [3]
    assert column_breaks([10, 40, 40, 10], names=1, room=100) == []
    assert column_breaks([10, 200, 10], names=1, room=100) == [2], "a column wider than a page is on one of its own"


def test_a_page_ends_between_communes(workbook):
    sheet = workbook["Chỉ tiêu theo xã"]
    ends = [each.id for each in sheet.row_breaks.brk]
    assert ends
    assert all(sheet.cell(row, 2).value != sheet.cell(row + 1, 2).value for row in ends)
    assert sheet.row_dimensions[1].height <= 32, "a higher heading leaves room for one commune on a page instead of two"


def test_a_chart_is_printed_on_a_page_of_its_own(workbook):
    for title in ("Biểu đồ", "Xếp hạng", "Bản đồ"):
        sheet = workbook[title]
        table, chart = str(sheet.print_area).split(",")
        assert "$A$1" in table
        assert "$F$2" in chart
        assert sheet.page_setup.orientation == "portrait"
        assert sheet._charts[0].height <= 27


@pytest.mark.parametrize(
    ("heights", "groups", "breaks"),
    [
        ([10, 10, 10], "aab", [2]),
        ([10, 10, 10], "abb", [1]),
        ([10, 10], "aa", []),
        ([30, 10], "ab", []),
        ([10, 30, 10], "abb", [1]),
        ([], "", []),
    ],
)
def test_rows_of_one_group_stay_on_a_page_where_they_fit(heights, groups, breaks):
    assert row_breaks(heights, groups, 25) == breaks
