"""Statutory forms, scorecards and what a report stands on, as they are printed; and text that means harm."""

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

from services.reporting.domain.form import FormColumn
from services.reporting.domain.quarterly_report import QuarterlyReport
from services.reporting.rendering import FORMATS, Edition, letterhead, render, sources, wording
from services.reporting.rendering.blocks import heading_rows
from services.reporting.rendering.form_tables import columns, form
from services.reporting.rendering.printable import breakable, printable
from services.reporting.rendering.workbook.forms import free_title
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
}


@pytest.fixture(scope="module")
def report() -> QuarterlyReport:
    return example_report(communes=12, indicators=8)


@pytest.fixture(scope="module")
def workbook(report: QuarterlyReport, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return load_workbook(render(report, ["xlsx"], tmp_path_factory.mktemp("workbook"))[0])


@pytest.fixture(scope="module")
def page(report: QuarterlyReport, tmp_path_factory: pytest.TempPathFactory) -> Any:
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

    def test_says_of_each_sum_that_it_does_not_add_up_and_what_was_said_to_it(self) -> None:
        told = [block.text for block in form(example_form(), 247) if hasattr(block, "text") and block.text[0] == "["]
        assert told == [
            "[1] Số liệu không khớp: Cột 3 (105) phải bằng tổng các cột 4, 5 và 6 (100). Chưa có giải trình.",
            "[2] Số liệu không khớp: Cột 3 (88) phải bằng tổng các cột 4, 5 và 6 (90). "
            "Giải trình: Hai hồ sơ nộp nhầm lĩnh vực.",
        ]

    def test_is_in_the_document_with_merged_headings(self, report: QuarterlyReport, tmp_path: Path) -> None:
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
        (grid,) = [block for block in form(narrow, 247) if hasattr(block, "rows")]
        assert grid.rows[0][0] == "Đất đai [1]"
        assert {len(row) for row in grid.rows} == {12}

    @staticmethod
    def columns(row: Any) -> int:
        spans = [cell.find(f".//{qn('w:gridSpan')}") for cell in row.iter(qn("w:tc"))]
        return sum(1 if span is None else int(span.get(qn("w:val"))) for span in spans)


class TestScore:
    def test_is_told_with_its_class_and_a_dash_where_it_does_not_apply(self, page: Any) -> None:
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

    def test_say_which_edition_it_is(self, report: QuarterlyReport, tmp_path: Path) -> None:
        edition = Edition(2, date(2025, 9, 20), "ab" * 32, 1, "Đính chính.")
        workbook = load_workbook(render(report, ["xlsx"], tmp_path, edition)[0])
        known = dict(workbook["Nguồn"].iter_rows(min_row=2, values_only=True))
        assert known["Bản phát hành"] == "Bản phát hành lần 2, ngày 20/9/2025, thay thế lần 1. Lý do: Đính chính."
        assert known["Mã băm nội dung (SHA-256)"] == "ab" * 32

    def test_an_edition_leaves_the_canonical_record_as_it_was(self, report: QuarterlyReport, tmp_path: Path) -> None:
        (draft,) = render(report, ["json"], tmp_path / "draft")
        (published,) = render(report, ["json"], tmp_path / "published", Edition(1, date(2025, 9, 20), "ab" * 32))
        assert draft.read_bytes() == published.read_bytes()

    def test_a_first_edition_replaces_nothing(self) -> None:
        assert Edition(1, date(2025, 9, 20), "").sentence() == "Bản phát hành lần 1, ngày 20/9/2025."

    def test_todays_definitions_are_told_from_those_of_the_period(self, report: QuarterlyReport) -> None:
        assert "có hiệu lực trong kỳ báo cáo" in sources.basis(report)
        assert "đang có hiệu lực khi lập báo cáo" in sources.basis(replace(report, definitions="now"))

    def test_who_is_not_approved_is_named_only_where_somebody_asks(self, report: QuarterlyReport) -> None:
        asked = wording.submission_sentences(report)[-1]
        assert asked == "Số xã, phường, đặc khu có báo cáo chưa được duyệt: 2, gồm: Xã Ba Tơ, Xã Sơn Hà."
        assert "duyệt" not in " ".join(wording.submission_sentences(replace(report, unapproved=None)))
        assert wording.submission_sentences(replace(report, unapproved=()))[-1].endswith("đã được duyệt.")

    def test_another_regime_has_another_matter_and_receiver(self, report: QuarterlyReport) -> None:
        reform = replace(report, regime="reform", regime_name="Cải cách hành chính")
        assert letterhead.subject(reform)[0] == "Tình hình, kết quả cải cách hành chính Quý III năm 2025"
        assert letterhead.addressee(reform) == "Bộ Nội vụ"

    def test_warnings_are_for_reviewers_and_not_in_what_is_signed(
        self, workbook: Any, page: Any, report: QuarterlyReport, tmp_path: Path
    ) -> None:
        sentence = report.warnings[0].sentence
        assert workbook["Cảnh báo"]["B2"].value == sentence
        assert sentence in page.xpath("//aside")[0].text_content()
        docx, pdf = render(report, ["docx", "pdf"], tmp_path)
        assert sentence not in " ".join(Document(str(docx)).element.itertext())
        assert sentence not in " ".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(pdf))


def harmed(report: QuarterlyReport, text: str) -> QuarterlyReport:
    """The report with a text in every place that somebody else writes."""
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


class TestHarm:
    @pytest.mark.parametrize("name", HARM)
    def test_comes_to_nothing_in_any_format(self, name: str, report: QuarterlyReport, tmp_path: Path) -> None:
        written = {path.suffix[1:]: path for path in render(harmed(report, HARM[name]), list(FORMATS), tmp_path)}
        page = html.fromstring(written["html"].read_bytes())
        assert not page.xpath("//script | //@onclick | //@onerror")
        shown = printable(HARM[name])
        assert shown in page.text_content()
        assert any(shown in line for line in self.document(written["docx"]))
        assert shown in self.cells(written["xlsx"])
        assert len(pypdfium2.PdfDocument(written["pdf"])) > 5
        assert HARM[name] in json.loads(written["json"].read_bytes())["footnotes"]

    @staticmethod
    def document(path: Path) -> Iterator[str]:
        for paragraph in Document(str(path)).element.iter(qn("w:p")):
            yield "".join(text.text or "" for text in paragraph.iter(qn("w:t")))

    @staticmethod
    def cells(path: Path) -> set[Any]:
        workbook = load_workbook(path)
        return {cell for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row}


class TestText:
    def test_is_composed_and_loses_only_what_cannot_be_printed(self) -> None:
        assert printable("Xa\u0303 \x00\ud800\u202eHo\u0300a") == "Xã Hòa"
        assert printable("a\tb\nc") == "a\tb\nc"

    def test_a_long_word_can_be_broken_and_no_other(self) -> None:
        assert breakable("Ủy ban nhân dân") == "Ủy ban nhân dân"
        assert breakable("a" * 50) == "a" * 24 + "\u200b" + "a" * 24 + "\u200b" + "aa"

    def test_a_sheet_has_a_title_that_excel_takes(self, workbook: Any) -> None:
        assert free_title(workbook, "Biểu [a]:*?/\\b") == "Biểu -a-b"
        assert free_title(workbook, "nguồn") == "nguồn 2"
        assert len(free_title(workbook, "x" * 99)) == 31
