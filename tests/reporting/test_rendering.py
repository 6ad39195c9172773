"""HTML, Word, Excel and canonical JSON of a report, read back."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from time import process_time
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml import html  # type: ignore[import-untyped]  # lxml has no types of its own
from openpyxl import load_workbook

from services.reporting.domain.content.report_content import Figure, ReportContent, Target
from services.reporting.rendering import FORMATS, content_sha256, render
from services.reporting.rendering.canonical_json import canonical_json
from services.reporting.rendering.text import letterhead, sentences, table_rows
from tests.reporting.example import FORMULA, SCRIPT, example_commune_report, example_report

SPACE = "\u00a0"


@pytest.fixture(scope="module")
def report() -> ReportContent:
    return example_report()


@pytest.fixture(scope="module")
def files(report: ReportContent, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    paths = render(report, list(FORMATS), tmp_path_factory.mktemp("report"))
    return {path.suffix[1:]: path for path in paths}


@pytest.fixture(scope="module")
def small() -> ReportContent:
    """With each kind of content, for what does not depend on how much there is."""
    return example_report(communes=12)


@pytest.fixture(scope="module")
def small_files(small: ReportContent, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {path.suffix[1:]: path for path in render(small, list(FORMATS), tmp_path_factory.mktemp("small"))}


@pytest.fixture(scope="module")
def page(files: dict[str, Path]) -> Any:
    return html.fromstring(files["html"].read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def document(files: dict[str, Path]) -> Any:
    return Document(str(files["docx"]))


@pytest.fixture(scope="module")
def workbook(files: dict[str, Path]) -> Any:
    return load_workbook(files["xlsx"])


def rows(table: Any) -> list[list[str]]:
    """A Word table's text without python-docx's search for each cell."""
    return [
        ["".join(text.text or "" for text in cell.iter(qn("w:t"))) for cell in row.iter(qn("w:tc"))]
        for row in table._tbl.iter(qn("w:tr"))
    ]


class TestFiles:
    def test_file_names_contain_territory_and_period(self, files: dict[str, Path], tmp_path: Path) -> None:
        assert files["docx"].name == "bao-cao-51-2025-Q3.docx"
        assert [path.name for path in render(example_commune_report(), ["json"], tmp_path / "new")] == [
            "bao-cao-51-23356-2025-Q3.json"
        ]

    def test_a_name_never_leaves_the_folder(self, report: ReportContent, tmp_path: Path) -> None:
        (path,) = render(replace(report, province="../../51"), ["json"], tmp_path)
        assert path.parent == tmp_path
        assert "/" not in path.name
        assert ".." not in path.name

    def test_an_unknown_format_writes_nothing(self, report: ReportContent, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="odt"):
            render(report, ["json", "odt"], tmp_path)
        assert not list(tmp_path.iterdir())

    @pytest.mark.slow
    @pytest.mark.parametrize("name", FORMATS)
    def test_the_same_report_gives_the_same_bytes(
        self, name: str, small_files: dict[str, Path], small: ReportContent, tmp_path: Path
    ) -> None:
        (again,) = render(small, [name], tmp_path)
        assert again.read_bytes() == small_files[name].read_bytes()

    @pytest.mark.parametrize("name", ["docx", "xlsx"])
    def test_file_dates_are_the_day_of_knowledge(self, name: str, files: dict[str, Path]) -> None:
        with ZipFile(files[name]) as archive:
            assert {member.date_time for member in archive.infolist()} == {(2025, 9, 16, 0, 0, 0)}
            assert archive.read("docProps/core.xml").count(b"2025-09-16T00:00:00Z") == 2

    @pytest.mark.parametrize("name", ["docx", "xlsx"])
    def test_control_characters_do_not_break_them(self, name: str, small: ReportContent, tmp_path: Path) -> None:
        render(replace(small, refused_by_rule={"hỏng\x00\x0b": 1}, not_reported=("Xã\x01 A",)), [name], tmp_path)

    @pytest.mark.slow
    def test_the_largest_province_takes_less_than_ten_seconds_of_cpu(self, tmp_path: Path) -> None:
        largest = example_report(communes=168, indicators=40)
        started = process_time()
        render(largest, list(FORMATS), tmp_path)
        assert process_time() - started < 10

    @pytest.mark.slow
    def test_another_process_gives_the_same_bytes(self, small_files: dict[str, Path], tmp_path: Path) -> None:
        program = (
            "from pathlib import Path; from tests.reporting.example import example_report; "
            f"from services.reporting.rendering import FORMATS, render; "
            f"render(example_report(communes=12), list(FORMATS), Path({str(tmp_path)!r}))"
        )
        environment = os.environ | {"PYTHONHASHSEED": "4711", "TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C"}
        subprocess.run([sys.executable, "-c", program], check=True, env=environment, cwd=Path(__file__).parents[2])
        assert {p.name: sha256(p.read_bytes()).hexdigest() for p in tmp_path.iterdir()} == {
            p.name: sha256(p.read_bytes()).hexdigest() for p in small_files.values()
        }

    @pytest.mark.parametrize("name", FORMATS)
    def test_an_empty_report_can_be_written(self, name: str, report: ReportContent, tmp_path: Path) -> None:
        nothing = replace(
            report,
            indicators=(),
            communes=(),
            tasks=(),
            refused_by_rule={},
            positions={},
            scoped=(),
            footnotes=(),
            forms=(),
            scores=(),
            warnings=(),
            pins={},
        )
        assert render(nothing, [name], tmp_path)[0].stat().st_size > 0


class TestCanonicalJson:
    def test_is_sorted_compact_and_ends_with_a_newline(self, files: dict[str, Path], report: ReportContent) -> None:
        content = files["json"].read_bytes()
        parsed = json.loads(content, parse_float=lambda text: pytest.fail(f"a float: {text}"))
        compact = json.dumps(parsed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert content == compact.encode() + b"\n"
        assert content_sha256(report) == sha256(content).hexdigest()

    def test_dates_and_decimals_are_text(self, files: dict[str, Path]) -> None:
        parsed = json.loads(files["json"].read_bytes())
        assert parsed["known_at"] == "2025-09-16"
        assert parsed["indicators"][0]["target"]["at_least"] == "80"
        assert parsed["indicators"][8]["figure"]["numerator"] is None

    def test_equal_reports_have_equal_hashes(self, small: ReportContent) -> None:
        lines = small.indicators
        same = replace(lines[0], target=Target(at_least=Decimal("80.00")))
        other = replace(lines[0], target=Target(at_least=Decimal("80.01")))
        assert content_sha256(replace(small, indicators=(same, *lines[1:]))) == content_sha256(small)
        assert content_sha256(replace(small, indicators=(other, *lines[1:]))) != content_sha256(small)

    def test_floats_and_nan_are_refused(self, small: ReportContent) -> None:
        with pytest.raises(TypeError):
            canonical_json(replace(small, readings=0.5))  # type: ignore[arg-type]  # the fault under test
        line = replace(small.indicators[0], target=Target(at_least=Decimal("NaN")))
        with pytest.raises(ValueError, match="NaN"):
            canonical_json(replace(small, indicators=(line,)))


class TestPage:
    def test_has_its_sections_chart_and_matrix(self, page: Any) -> None:
        headings = [heading.text_content() for heading in page.xpath("//main//h2")]
        assert headings == [
            "I. Kết quả thực hiện chỉ tiêu",
            "II. Nhiệm vụ",
            "III. Tình hình gửi số liệu",
            "IV. Kết quả chấm điểm",
        ]
        matrix = page.xpath("//table[@class='matrix']/tbody/tr")
        assert len(matrix) == 96
        assert {len(row.xpath("td")) for row in matrix} == {30}

    def test_shows_warnings_on_the_screen_and_prints_none(self, page: Any, files: dict[str, Path]) -> None:
        warnings = [item.text_content() for item in page.xpath("//aside[@class='warnings']//li")]
        assert warnings[0] == "Xã Bình Chương: Số liệu giống hệt quý trước."
        printed = files["html"].read_text(encoding="utf-8").split("@media print")[1]
        assert ".warnings, .on-screen { display: none; }" in printed

    def test_text_of_communes_is_escaped(self, page: Any, files: dict[str, Path]) -> None:
        assert not page.xpath("//script")
        assert "<script" not in files["html"].read_text(encoding="utf-8")
        assert page.xpath("//th[text()=$name]", name=SCRIPT)

    def test_a_missing_figure_is_a_dash_and_zero_is_zero(self, page: Any) -> None:
        assert self.first_rate(page, "Xã An Phú") == f"▼ 0,0{SPACE}%"
        assert self.first_rate(page, "Phường Nghĩa Lộ") == "–"
        assert self.first_rate(page, "Phường Cẩm Thành") == "–"

    def test_marks_a_missed_target_by_more_than_colour(self, page: Any) -> None:
        for cell in page.xpath("//table[@class='matrix']//td[@class='missed']"):
            assert cell.text_content().startswith("▼")
            assert cell.xpath("span/@aria-label") == ["chưa đạt"]

    def test_has_no_external_files(self, page: Any) -> None:
        assert not page.xpath("//*[@src] | //link")
        assert all(link.startswith("#") for link in page.xpath("//a/@href"))

    def test_names_the_day_the_definitions_and_the_event_positions(self, page: Any, report: ReportContent) -> None:
        note = page.xpath("//footer")[0].text_content()
        assert (
            "Số liệu biết đến hết ngày 16/9/2025; phiên bản định nghĩa chỉ tiêu: 1 (28 chỉ tiêu); 2 (CT04, CT11)"
            in note
        )
        assert "vị trí sổ sự kiện: chỉ tiêu 1.234.567, kế hoạch 4.321." in note
        assert content_sha256(report) in note

    @staticmethod
    def first_rate(page: Any, commune: str) -> str:
        (row,) = page.xpath("//table[@class='matrix']/tbody/tr[starts-with(th, $name)]", name=commune)
        return str(row.xpath("td")[0].text_content())


class TestDocument:
    def test_is_a4_with_the_margins_of_decree_30(self, document: Any) -> None:
        first = document.sections[0]
        assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
        for section in document.sections:
            assert 20 <= round(section.top_margin.mm, 1) <= 25
            assert 20 <= round(section.bottom_margin.mm, 1) <= 25
            assert 30 <= round(section.left_margin.mm, 1) <= 35
            assert 15 <= round(section.right_margin.mm, 1) <= 20

    def test_is_in_times_new_roman_and_black(self, document: Any) -> None:
        used = {paragraph.get(qn("w:val")) for paragraph in document.element.body.iter(qn("w:pStyle"))}
        styles = [style for style in document.styles if style.style_id in used | {"Normal", "Header"}]
        assert len(styles) >= 6
        for style in styles:
            fonts = style.element.rPr.rFonts
            assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")} == {
                "Times New Roman"
            }
            assert not [name for name in fonts.attrib if "heme" in name]
            assert str(style.font.color.rgb) == "000000"

    def test_has_the_sizes_of_decree_30(self, document: Any) -> None:
        assert self.form(document, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") == (Pt(12), True, False)
        assert self.form(document, "Độc lập - Tự do - Hạnh phúc") == (Pt(13), True, False)
        assert self.form(document, "ỦY BAN NHÂN DÂN") == (Pt(13), True, False)
        assert self.form(document, "Quảng Ngãi, ngày 16 tháng 9 năm 2025") == (Pt(13), False, True)
        assert self.form(document, "BÁO CÁO") == (Pt(14), True, False)
        assert self.form(document, "Nơi nhận:") == (Pt(12), True, True)
        assert self.form(document, "- Lưu: VT, KSTT.") == (Pt(11), False, False)
        body = document.styles["Body Text"]
        assert (body.font.size, body.paragraph_format.alignment) == (Pt(14), WD_ALIGN_PARAGRAPH.JUSTIFY)
        assert body.paragraph_format.first_line_indent.mm == pytest.approx(12.7, abs=0.05)

    def test_has_rules_under_body_motto_and_subject(self, document: Any) -> None:
        assert len(list(document.element.body.iter(qn("w:pBdr")))) == 3

    def test_numbers_pages_in_the_top_margin_from_the_second(self, document: Any) -> None:
        first, form, rates, charts = document.sections
        assert first.different_first_page_header_footer
        assert not first.first_page_header.paragraphs[0].text
        assert first.header.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER
        assert "PAGE" in first.header._element.xml
        assert form.orientation == rates.orientation == WD_ORIENT.LANDSCAPE
        assert charts.orientation == WD_ORIENT.PORTRAIT
        for annex in (form, rates, charts):
            assert [number.get(qn("w:start")) for number in annex._sectPr.iter(qn("w:pgNumType"))] == ["1"]

    def test_gives_figures_targets_and_the_communes_below(self, document: Any, report: ReportContent) -> None:
        table = rows(document.tables[1])
        line = report.indicators[0]
        assert table[0][1:4] == ["Chỉ tiêu", "Tử số", "Mẫu số"]
        assert table[1][1:8] == [
            "Tỷ lệ hồ sơ giải quyết đúng hạn",
            f"{line.figure.numerator:,}".replace(",", "."),
            f"{line.figure.denominator:,}".replace(",", "."),
            f"{line.figure.rate}{SPACE}%".replace(".", ","),
            f"≥ 80{SPACE}%",
            "Đạt",
            f"{line.previous.rate}{SPACE}%".replace(".", ","),
        ]
        assert table[2][1] == f"Chưa đạt: {', '.join(report.below('CT01'))}."
        assert [FORMULA in row for row in table].count(True) == 1

    def test_has_a_dash_for_missing_and_a_zero_for_zero(self, document: Any) -> None:
        annex = {row[1]: row[2] for row in rows(document.tables[6])}
        assert annex["Xã An Phú"] == f"0,0{SPACE}%*"
        assert annex["Phường Nghĩa Lộ"] == annex["Phường Cẩm Thành"] == "–"

    def test_has_an_annex_of_all_communes_in_tables_of_twelve(self, document: Any) -> None:
        annexes = [rows(table) for table in document.tables[6:9]]
        assert [len(annex) for annex in annexes] == [97, 97, 97]
        assert [len(annex[0]) for annex in annexes] == [14, 14, 8]

    def test_sums_tasks_per_commune(self, document: Any, report: ReportContent) -> None:
        table = rows(document.tables[2])
        assert len(table) == 1 + 96 + 1
        assert table[-1][1] == "Tổng cộng"
        assert table[-1][3] == f"{sum(task.done for task in report.tasks):,}".replace(",", ".")

    def test_a_commune_report_has_no_annex_of_communes_and_tasks_by_body(self, tmp_path: Path) -> None:
        (path,) = render(example_commune_report(), ["docx"], tmp_path)
        document = Document(str(path))
        assert len(document.sections) == 2  # the second is form II.06
        assert [row[1] for row in rows(document.tables[2])][1:3] == ["Phòng Kinh tế", "Phòng Văn hoá - Xã hội"]
        assert "Kính gửi: Ủy ban nhân dân tỉnh Quảng Ngãi." in [p.text for p in document.paragraphs]

    @staticmethod
    def form(document: Any, text: str) -> tuple[Any, bool, bool]:
        (run,) = [run for run in document.element.body.iter(qn("w:r")) if run.text == text]
        size = int(run.rPr.find(qn("w:sz")).get(qn("w:val")))
        on = [run.rPr.find(qn(f"w:{name}")) for name in ("b", "i")]
        bold, italic = (mark is not None and mark.get(qn("w:val")) != "0" for mark in on)
        return Pt(size / 2), bold, italic


class TestWorkbook:
    def test_has_a_row_per_commune_and_indicator(self, workbook: Any) -> None:
        sheet = workbook["Chỉ tiêu theo xã"]
        assert [cell.value for cell in sheet[1]][:5] == ["Mã xã", "Xã/phường", "Mã chỉ tiêu", "Chỉ tiêu", "Tử số"]
        assert sheet.max_row == 1 + 96 * (30 + 1)  # with the part that has a target of its own

    def test_every_sheet_is_frozen_filtered_and_printed_with_its_heading(self, workbook: Any) -> None:
        assert workbook.sheetnames == [
            "Tổng hợp",
            "Biểu II.06",
            "Điểm 766",
            "Biểu đồ",
            "Xếp hạng",
            "Bản đồ",
            "Chỉ tiêu theo xã",
            "Nhiệm vụ",
            "Gửi số liệu",
            "Cảnh báo",
            "Nguồn",
        ]
        for sheet in workbook:
            heading = 3 if sheet.title == "Biểu II.06" else 1
            assert sheet.freeze_panes == f"A{heading + 1}"
            assert sheet.auto_filter.ref == sheet.dimensions.replace("A1:", f"A{heading}:")
            assert sheet.print_title_rows == f"$1:${heading}"

    def test_figures_are_numbers_with_a_format(self, workbook: Any, report: ReportContent) -> None:
        figure = report.indicators[0].figure
        row = workbook["Tổng hợp"][2]
        assert (row[2].value, row[3].value, row[2].number_format) == (figure.numerator, figure.denominator, "#,##0")
        assert row[4].value == pytest.approx(float(figure.rate or 0) / 100)
        assert row[4].number_format == "0.0\\ %"

    def test_has_a_dash_for_missing_and_a_number_for_zero(self, workbook: Any) -> None:
        first = {
            row[1].value: row for row in workbook["Chỉ tiêu theo xã"].iter_rows(min_row=2) if row[2].value == "CT01"
        }
        assert [cell.value for cell in first["Phường Cẩm Thành"][4:7]] == ["–", "–", "–"]
        assert [cell.value for cell in first["Phường Nghĩa Lộ"][4:7]] == [0, 0, "–"]
        assert [cell.value for cell in first["Xã An Phú"][4:7]] == [0, 40, 0]

    def test_text_like_a_formula_stays_text(self, workbook: Any, files: dict[str, Path]) -> None:
        suspects = [
            cell
            for sheet in workbook
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@"))
        ]
        assert {cell.value for cell in suspects} == {FORMULA, "=Ngày số liệu ở tương lai"}
        assert all(cell.quotePrefix for cell in suspects)
        with ZipFile(files["xlsx"]) as archive:
            assert not [name for name in archive.namelist() if "worksheets" in name and b"<f>" in archive.read(name)]

    def test_names_its_sources(self, workbook: Any, report: ReportContent) -> None:
        sources = dict(workbook["Nguồn"].iter_rows(min_row=2, values_only=True))
        assert sources["Mã băm nội dung (SHA-256)"] == content_sha256(report)
        assert sources["Vị trí sổ sự kiện: chỉ tiêu"] == "1.234.567"
        assert sources["Phiên bản định nghĩa CT04"] == "2"
        assert sources["Số liệu biết đến hết ngày"].date() == date(2025, 9, 16)

    def test_gives_tasks_per_body(self, workbook: Any, report: ReportContent) -> None:
        assert workbook["Nhiệm vụ"].max_row == 1 + len(report.tasks)


class TestSentences:
    def test_the_communes_below_are_those_of_the_report(self, report: ReportContent) -> None:
        whole = [row for row in table_rows.indicator_rows(report) if not row.is_part]
        assert [row.below for row in whole] == [report.below(line.indicator) for line in report.indicators]

    def test_days_and_early_months_have_a_leading_zero(self) -> None:
        assert letterhead.official_date(date(2026, 2, 5)) == "ngày 05 tháng 02 năm 2026"
        assert letterhead.official_date(date(2025, 3, 15)) == "ngày 15 tháng 3 năm 2025"

    def test_a_numbered_place_keeps_its_kind(self, report: ReportContent) -> None:
        assert letterhead.place(replace(report, commune="x", commune_name="Phường 12")) == "Phường 12"
        assert letterhead.place(replace(report, commune="x", commune_name="Đặc khu Lý Sơn")) == "Lý Sơn"

    def test_recipients_follow_the_kind_of_unit(self, report: ReportContent) -> None:
        city = replace(report, province_name="Thành phố Hải Phòng")
        island = replace(report, commune="x", commune_name="Đặc khu Lý Sơn")
        assert "TT. Thành ủy, TT. HĐND thành phố;" in letterhead.recipients(city)
        assert "Chủ tịch, các PCT UBND đặc khu;" in letterhead.recipients(island)

    def test_a_target_without_text_is_written_from_its_bounds(self, report: ReportContent) -> None:
        line = replace(report.indicators[0], target=Target(above=Decimal("85.5"), at_most=Decimal(100)))
        assert sentences.target(line) == f"> 85,5{SPACE}%, ≤ 100{SPACE}%"

    def test_a_zero_denominator_follows_its_definition(self, report: ReportContent) -> None:
        for meaning, rate in (("zero", f"0,0{SPACE}%"), ("full", f"100,0{SPACE}%"), ("undefined", "–")):
            line = replace(report.indicators[0], figure=Figure(0, 0, meaning))
            (row,) = table_rows.indicator_rows(replace(report, indicators=(line,), scoped=()))
            assert (row.numerator, row.denominator, row.rate) == ("0", "0", rate)
