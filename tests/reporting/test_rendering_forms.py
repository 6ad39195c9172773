"""Printed forms, scorecards and sources, and hostile text in every field."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import html  # type: ignore[import-untyped]  # lxml has no types of its own
from openpyxl import load_workbook

from services.reporting.domain.content.filled_form import FormColumn
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.rendering import FORMATS, EditionMark, render
from services.reporting.rendering.blocks.block import heading_rows
from services.reporting.rendering.blocks.form_tables import columns, form_blocks
from services.reporting.rendering.formats.pdf import breakable
from services.reporting.rendering.formats.workbook.forms import free_title
from services.reporting.rendering.text import letterhead, sentences, sources
from services.reporting.rendering.typesetting import SYMBOLS, UNKNOWN, with_known_characters
from shared.printable import printable
from tests.reporting.example import FIELDS, example_form, example_report

HARM = {
    "script": "</td></table><script>alert(1)</script>",
    "formula": '=HYPERLINK("x","y")',
    "control characters": "Xã\x00\x07\x0b A\x1f",
    "half a surrogate pair": "Xã \ud800 B",
    "no characters": "Xã \ufffe\uffff C",
    "turned text": "Xã \u202egnud\u202c",
    "a long name": "Xã " + "Đ" * 2000,
    "decomposed letters": "Xa\u0303 Ho\u0300a",
    "markup": "#panic() ]$ \\ *",
    "a picture": "đã rà soát 👍🏽 \U0001f1fb\U0001f1f3",
    "letters of no font": "Xã \u0378 𠀀漢 สวัสดี अ",
    "C1 controls": "Xã \x9b31m\x85\x7f A",
    "marks of direction": "Xã \u200eA\u200f\u061c\u2066B\u2069\ufeff",
    "ends of lines": "Xã\u2028A\u2029B",
    "tags and noncharacters": "Xã \U000e0041\ufdd0\U0010ffff A",
    "private letters": "Xã \ue000 \U000f0000",
}


@pytest.fixture(scope="module")
def report() -> ReportContent:
    return example_report(communes=12, indicators=8)


@pytest.fixture(scope="module")
def workbook(report: ReportContent, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return load_workbook(render(report, ["xlsx"], tmp_path_factory.mktemp("workbook"))[0])


@pytest.fixture(scope="module")
def page(report: ReportContent, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = render(report, ["html"], tmp_path_factory.mktemp("page"))[0]
    return html.fromstring(path.read_text(encoding="utf-8"))


class TestForm:
    def test_has_two_lines_of_headings_and_the_columns_numbers(self) -> None:
        groups, headings, numbers = heading_rows(columns(example_form(), 247))
        assert [(cell.text, cell.columns, cell.rows) for cell in groups] == [
            ("STT", 1, 2),
            ("Lĩnh vực giải quyết", 1, 2),
            ("Số lượng hồ sơ tiếp nhận", 4, 1),
            ("Số lượng hồ sơ đã giải quyết", 4, 1),
            ("Số lượng hồ sơ đang giải quyết", 3, 1),
        ]
        assert len(headings) == 11
        assert [cell.text for cell in numbers] == [f"({place})" for place in range(1, 14)]

    def test_is_as_wide_as_the_page(self) -> None:
        assert sum(column.width for column in columns(example_form(), 247)) == pytest.approx(247)

    def test_each_broken_check_has_a_note_with_its_explanation(self) -> None:
        notes = [
            block.text
            for block in form_blocks(example_form(), 247, example_report())
            if hasattr(block, "text") and block.text[0] == "["
        ]
        assert notes == [
            "[1] Số liệu không khớp: Cột 3 (105) phải bằng tổng các cột 4, 5 và 6 (100). Chưa có giải trình.",
            "[2] Số liệu không khớp: Cột 3 (88) phải bằng tổng các cột 4, 5 và 6 (90). "
            "Giải trình: Hai hồ sơ nộp nhầm lĩnh vực.",
        ]

    def test_is_in_the_document_with_merged_headings(self, report: ReportContent, tmp_path: Path) -> None:
        document = Document(str(render(report, ["docx"], tmp_path)[0]))
        table = document.tables[5]._tbl
        rows = list(table.iter(qn("w:tr")))
        assert len(rows) == 3 + len(FIELDS) + 1
        assert len(list(table.iter(qn("w:tblHeader")))) == 3
        assert [span.get(qn("w:val")) for span in rows[0].iter(qn("w:gridSpan"))] == ["4", "4", "3"]
        assert [merge.get(qn("w:val")) for merge in rows[0].iter(qn("w:vMerge"))] == ["restart", "restart"]
        assert [merge.get(qn("w:val")) for merge in rows[1].iter(qn("w:vMerge"))] == [None, None]
        assert all(self.columns(row) == 13 for row in rows)
        assert "Đất đai [1]" in [text.text for text in rows[3].iter(qn("w:t"))]

    def test_is_a_sheet_of_numbers(self, workbook: Any) -> None:
        sheet = workbook["Biểu II.06"]
        assert {str(merged) for merged in sheet.merged_cells.ranges} == {
            "A1:A2",
            "B1:B2",
            "C1:F1",
            "G1:J1",
            "K1:M1",
            "N1:N2",
        }
        received = [sheet.cell(4, column).value for column in (3, 4, 5, 6)]
        assert received[0] == sum(received[1:])
        assert sheet["C4"].number_format == "#,##0"
        assert sheet["N4"].value.startswith("[1] Số liệu không khớp")
        assert sheet["C12"].value == "–"  # nothing was reported, which is not zero
        assert sheet["B13"].value == "TỔNG CỘNG"

    def test_is_on_the_page_with_its_marks(self, page: Any) -> None:
        (table,) = page.xpath("//table[.//th[text()='Lĩnh vực giải quyết']]")
        assert len(table.xpath("tbody/tr")) == 10
        assert table.xpath("thead/tr[1]/th/@colspan") == ["4", "4", "3"]
        assert [cell.strip() for cell in table.xpath("tbody/tr[1]/td/text()")][:2] == ["1", "Đất đai [1]"]

    def test_without_a_number_column_leads_with_the_field(self) -> None:
        narrow = replace(example_form(), lead_columns=(FormColumn(1, "Lĩnh vực"),))
        (grid,) = [block for block in form_blocks(narrow, 247, example_report()) if hasattr(block, "rows")]
        assert grid.rows[0][0] == "Đất đai [1]"
        assert {len(row) for row in grid.rows} == {12}

    @staticmethod
    def columns(row: Any) -> int:
        spans = [cell.find(f".//{qn('w:gridSpan')}") for cell in row.iter(qn("w:tc"))]
        return sum(1 if span is None else int(span.get(qn("w:val"))) for span in spans)


class TestScore:
    def test_shows_its_class_and_a_dash_where_a_criterion_does_not_apply(self, page: Any) -> None:
        section = page.xpath("//section[@id='cham-diem']")[0]
        assert "84,74/100,00 điểm, xếp loại: Tốt." in section.text_content()
        assert "tổng điểm có thể tăng đến 88,74." in section.text_content()
        row = section.xpath(".//tr[td[2][normalize-space()='Chứng thực bản sao điện tử']]/td")
        assert [cell.text_content() for cell in row] == [
            "5.3",
            "Chứng thực bản sao điện tử",
            "2,00",
            "",
            "–",
            "Không áp dụng",
        ]

    def test_is_a_sheet(self, workbook: Any) -> None:
        rows = list(workbook["Điểm 766"].iter_rows(min_row=2, values_only=True))
        assert rows[0][3:6] == (20, pytest.approx(0.937), 18.74)
        assert rows[-2][2:] == ("Tổng điểm", 100, "–", 84.74, "Tốt")
        assert rows[-1][2].startswith("Chưa có số liệu của tiêu chí 1.2")


class TestSources:
    def test_are_a_sheet(self, workbook: Any) -> None:
        known = dict(workbook["Nguồn"].iter_rows(min_row=2, values_only=True))
        assert known["Địa giới hành chính ngày"].date() == date(2025, 9, 14)
        assert known["Phiên bản dữ liệu: lịch làm việc"] == "1/8/2025"
        assert known["Phiên bản dữ liệu: biểu mẫu II.06"] == "1/1/2021"
        assert known["Biểu II.06"].endswith("hiệu lực từ 8/12/2020")
        assert known["Ghi chú (1)"].startswith("Số liệu của Xã Nghĩa Hòa")
        assert "Bản phát hành" not in known

    def test_the_sources_name_the_edition(self, report: ReportContent, tmp_path: Path) -> None:
        edition = EditionMark(2, date(2025, 9, 20), "ab" * 32, 1, "Đính chính.")
        workbook = load_workbook(render(report, ["xlsx"], tmp_path, edition)[0])
        known = dict(workbook["Nguồn"].iter_rows(min_row=2, values_only=True))
        assert known["Bản phát hành"] == "Bản phát hành lần 2, ngày 20/9/2025, thay thế lần 1. Lý do: Đính chính."
        assert known["Mã băm nội dung (SHA-256)"] == "ab" * 32

    def test_the_mark_of_an_edition_does_not_change_the_canonical_json(
        self, report: ReportContent, tmp_path: Path
    ) -> None:
        (draft,) = render(report, ["json"], tmp_path / "draft")
        (published,) = render(report, ["json"], tmp_path / "published", EditionMark(1, date(2025, 9, 20), "ab" * 32))
        assert draft.read_bytes() == published.read_bytes()

    def test_a_first_edition_replaces_nothing(self) -> None:
        assert EditionMark(1, date(2025, 9, 20), "").sentence() == "Bản phát hành lần 1, ngày 20/9/2025."

    def test_the_sources_name_the_day_of_the_definitions(self, report: ReportContent) -> None:
        assert "có hiệu lực trong kỳ báo cáo" in sources.basis(report)
        assert "đang có hiệu lực khi lập báo cáo" in sources.basis(replace(report, definitions="now"))

    def test_unapproved_communes_are_named_only_where_communes_report(self, report: ReportContent) -> None:
        sentence = sentences.submission_sentences(report)[-1]
        assert sentence == "Số xã, phường, đặc khu có báo cáo chưa được duyệt: 2, gồm: Xã Ba Tơ, Xã Sơn Hà."
        assert "duyệt" not in " ".join(sentences.submission_sentences(replace(report, unapproved=None)))
        assert sentences.submission_sentences(replace(report, unapproved=()))[-1].endswith("đã được duyệt.")

    def test_another_regime_has_another_subject_and_addressee(self, report: ReportContent) -> None:
        reform = replace(report, regime="reform", regime_name="Cải cách hành chính")
        assert letterhead.subject(reform)[0] == "Tình hình, kết quả cải cách hành chính Quý III năm 2025"
        assert letterhead.addressee(reform) == "Bộ Nội vụ"

    def test_warnings_are_shown_to_reviewers_and_not_in_the_signed_documents(
        self, workbook: Any, page: Any, report: ReportContent, tmp_path: Path
    ) -> None:
        sentence = report.warnings[0].sentence
        assert workbook["Cảnh báo"]["B2"].value == sentence
        assert sentence in page.xpath("//aside")[0].text_content()
        docx, pdf = render(report, ["docx", "pdf"], tmp_path)
        assert sentence not in " ".join(Document(str(docx)).element.itertext())
        assert sentence not in " ".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(pdf))


def with_text(report: ReportContent, text: str) -> ReportContent:
    """The report with a text in every field that comes from outside."""
    communes = tuple(replace(line, name=text) for line in report.communes[:2]) + report.communes[2:]
    form_ = example_form()
    row = replace(form_.rows[0], name=text)
    return replace(
        report,
        communes=communes,
        indicators=(replace(report.indicators[0], name=text, target_text=text), *report.indicators[1:]),
        tasks=(replace(report.tasks[0], body=text, commune_name=text), *report.tasks[1:]),
        refused_by_rule={text: 1},
        not_reported=(text,),
        unapproved=(text,),
        footnotes=(text,),
        warnings=tuple(replace(warning, sentence=text, commune_name=text) for warning in report.warnings),
        forms=(replace(form_, code=text, rows=(row, *form_.rows[1:]), notes=(text,)),),
        scores=tuple(replace(scored, title=text, scorecard=text) for scored in report.scores),
        pins={text: text},
    )


class TestHostileText:
    @pytest.mark.parametrize(
        "name", [name if name in ("script", "formula") else pytest.param(name, marks=pytest.mark.slow) for name in HARM]
    )
    def test_hostile_text_is_harmless_in_every_format(self, name: str, tmp_path: Path) -> None:
        report = with_text(example_report(communes=3, indicators=8), HARM[name])
        written = {path.suffix[1:]: path for path in render(report, list(FORMATS), tmp_path)}
        page = html.fromstring(written["html"].read_bytes())
        assert not page.xpath("//script | //@onclick | //@onerror")
        shown = printable(HARM[name])
        assert shown in page.text_content()
        assert any(shown in line for line in self.document(written["docx"]))
        assert shown in self.cells(written["xlsx"])
        assert len(pypdfium2.PdfDocument(written["pdf"])) > 5
        assert HARM[name] in json.loads(written["json"].read_bytes())["footnotes"]

    def test_every_character_of_unicode_has_a_place_in_the_pdf(self, report: ReportContent, tmp_path: Path) -> None:
        assigned = "".join(chr(code) for code in (*range(0x3000), *range(0x3000, 0x110000, 61)))
        notes = (SYMBOLS, *(assigned[at : at + 2000] for at in range(0, len(assigned), 2000)))
        (path,) = render(replace(report, footnotes=notes), ["pdf"], tmp_path)
        text = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))
        assert UNKNOWN in text
        assert all(letter in text for letter in "ạảấầẩẫấ")

    def test_text_that_the_fonts_have_is_set_as_it_is(self) -> None:
        assert with_known_characters({"a": ["Đắk Ừ – “5 %” ₫ ✓", 3, True]}) == {"a": ["Đắk Ừ – “5 %” ₫ ✓", 3, True]}
        assert with_known_characters("đã rà soát 👍 漢") == f"đã rà soát {UNKNOWN} {UNKNOWN}"

    @staticmethod
    def document(path: Path) -> Iterator[str]:
        for paragraph in Document(str(path)).element.iter(qn("w:p")):
            yield "".join(text.text or "" for text in paragraph.iter(qn("w:t")))

    @staticmethod
    def cells(path: Path) -> set[Any]:
        workbook = load_workbook(path)
        return {cell for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row}


class TestText:
    def test_only_long_words_can_be_broken(self) -> None:
        assert breakable("Ủy ban nhân dân") == "Ủy ban nhân dân"
        assert breakable("a" * 50) == "a" * 24 + "\u200b" + "a" * 24 + "\u200b" + "aa"

    def test_a_sheet_has_a_title_that_excel_accepts(self, workbook: Any) -> None:
        assert free_title(workbook, "Biểu [a]:*?/\\b") == "Biểu -a-b"
        assert free_title(workbook, "nguồn") == "nguồn 2"
        assert len(free_title(workbook, "x" * 99)) == 31
