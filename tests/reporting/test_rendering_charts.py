"""The geometry of the charts, and their SVG in all formats."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html  # type: ignore[import-untyped]  # lxml has no types of its own
from openpyxl import load_workbook

from services.planning.register import communes_of
from services.reporting.domain.content.report_content import Figure, ReportContent, Target
from services.reporting.rendering import charts, render
from services.reporting.rendering.charts.dot_map import kind_of, projected
from services.reporting.rendering.charts.ranking import ranked_communes
from services.reporting.rendering.printed_report import PrintedReport
from tests.reporting.example import SCRIPT, example_commune_report, example_report

SVG = {"s": "http://www.w3.org/2000/svg"}
NAMES = ["rates", "change", "ranking", "map"]


@pytest.fixture(scope="module")
def report() -> ReportContent:
    return example_report()


@pytest.fixture(scope="module")
def commune_report() -> ReportContent:
    return example_commune_report()


@pytest.fixture(scope="module")
def drawn(report: ReportContent) -> dict[str, Any]:
    drawings = (*charts.of_indicators(report), *charts.of_communes(report))
    return {drawing.name: etree.fromstring(drawing.svg.encode()) for drawing in drawings}


def titles(svg: Any) -> list[str]:
    return [title.text for title in svg.iterfind(".//s:g/s:title", SVG)]


def test_each_chart_is_one_svg_with_a_vietnamese_title(drawn: dict[str, Any]) -> None:
    assert list(drawn) == NAMES
    for svg in drawn.values():
        assert svg.get("role") == "img"
        assert svg.findtext("s:title", namespaces=SVG).endswith(("2025", "giao", "trước"))
        assert not svg.xpath("//*[local-name()='script' or local-name()='style' or local-name()='image' or @href]")


class TestRates:
    def test_a_missed_target_is_a_hollow_bar_with_a_sign(self, drawn: dict[str, Any]) -> None:
        assert len(drawn["rates"].xpath("//*[@class='now']")) == 27
        missed = drawn["rates"].xpath("//*[@class='missed']")
        assert [bar.get("fill") for bar in missed] == ["#ffffff", "#ffffff"]
        assert all(bar.getparent().xpath("string()").endswith("▼") for bar in missed)

    def test_an_indicator_without_a_figure_has_a_dash_and_no_bar(self, drawn: dict[str, Any]) -> None:
        (silent,) = drawn["rates"].xpath("//s:g[s:title][not(s:rect)]", namespaces=SVG)
        assert silent.xpath("string(s:text[last()])", namespaces=SVG) == "–"

    def test_each_target_has_a_mark(self, drawn: dict[str, Any]) -> None:
        assert len(drawn["rates"].xpath("//*[@class='target']")) == 29  # CT07 has no target

    def test_a_rate_far_beyond_the_scale_ends_with_it(self, report: ReportContent) -> None:
        line = replace(report.indicators[0], figure=Figure(900, 10), target=Target(at_least=Decimal(90)))
        svg = charts.of_indicators(replace(report, indicators=(line,)))[0].svg
        assert "9.000,0" in svg
        assert float(etree.fromstring(svg.encode()).xpath("//*[@class='now']")[0].get("width")) == 344


class TestChange:
    def test_a_rise_goes_right_and_a_fall_goes_left(self, drawn: dict[str, Any], report: ReportContent) -> None:
        lines = [line for line in report.indicators if line.figure.rate is not None]
        rows = drawn["change"].xpath("//s:g[s:title]", namespaces=SVG)
        assert len(rows) == len(lines) == 29
        for row, line in zip(rows, lines, strict=True):
            now, before = (float(row.xpath(f"*[@class='{name}']")[0].get("cx")) for name in ("now", "before"))
            difference = (line.figure.rate or 0) - (line.previous.rate or 0)
            assert (now > before) == (difference > 0)
            assert row.xpath("string(s:text[last()])", namespaces=SVG)[:1] == ("+" if difference > 0 else "−")

    @settings(deadline=None)  # the first example reads the templates
    @given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=1, max_size=40))
    def test_every_point_is_within_the_plot(self, commune_report: ReportContent, counts: list[tuple[int, int]]) -> None:
        report = commune_report
        lines = tuple(
            replace(report.indicators[0], figure=Figure(now, 1000), previous=Figure(before, 1000))
            for now, before in counts
        )
        (svg,) = [d.svg for d in charts.of_indicators(replace(report, indicators=lines)) if d.name == "change"]
        places = [
            float(point.get("cx"))
            for point in etree.fromstring(svg.encode()).xpath("//s:circle[@class]", namespaces=SVG)
        ]
        assert len(places) == 2 * len(counts)
        assert all(0 <= place <= 324 for place in places)


class TestRanking:
    def test_the_best_come_first_and_communes_without_readings_are_not_ranked(self, report: ReportContent) -> None:
        ranked = ranked_communes(report)
        parts = [tally.met / tally.total for tally in ranked]
        assert parts == sorted(parts, reverse=True)
        assert {line.name for line in report.communes} - {s.name for s in ranked} == {"Phường Cẩm Thành"}

    def test_of_many_communes_the_first_and_the_last_are_shown(
        self, drawn: dict[str, Any], report: ReportContent
    ) -> None:
        shown, ranked = titles(drawn["ranking"]), ranked_communes(report)
        assert len(shown) == 24
        assert shown[0].startswith(f"1. {ranked[0].name}: ")
        assert ranked[-1].name in shown[-1]
        assert "… 71 xã, phường, đặc khu khác …" in drawn["ranking"].xpath("string()")

    def test_equal_results_share_a_rank(self, drawn: dict[str, Any]) -> None:
        ranks = [(title.split(".")[0], title.rsplit(" ", 1)[1]) for title in titles(drawn["ranking"])]
        assert [rank for rank, _ in ranks[:7]] == ["1"] * 6 + ["7"]

    def test_the_parts_of_a_bar_fill_it(self, drawn: dict[str, Any]) -> None:
        for row in drawn["ranking"].xpath("//s:g[s:title]", namespaces=SVG):
            assert sum(float(part.get("width")) for part in row.iterfind("s:rect", SVG)) == pytest.approx(400, abs=0.2)


class TestMap:
    def test_each_commune_has_a_sign_by_shape_and_colour(self, drawn: dict[str, Any]) -> None:
        kinds = {
            sign.get("class") for sign in drawn["map"].xpath("//s:g[starts-with(@class, 'commune')]", namespaces=SVG)
        }
        assert kinds == {"commune most", "commune half", "commune few", "commune silent"}
        assert len(titles(drawn["map"])) == 96
        assert "Phường Cẩm Thành: chưa gửi số liệu" in titles(drawn["map"])

    def test_a_commune_without_readings_is_silent_whatever_its_figures(self, report: ReportContent) -> None:
        silent = next(line for line in report.communes if not line.reported)
        assert kind_of(silent) == "silent"
        assert kind_of(replace(silent, reported=True)) == "few"
        assert kind_of(replace(silent, reported=True, indicators=(), scoped=())) == "none"

    def test_a_province_without_coordinates_has_no_map(self, report: ReportContent) -> None:
        blind = tuple(replace(line, latitude=None, longitude=None) for line in report.communes)
        assert [d.name for d in charts.of_communes(replace(report, communes=blind))] == ["ranking"]

    def test_the_number_of_communes_without_coordinates_is_shown(self, report: ReportContent) -> None:
        first = replace(report.communes[0], latitude=None)
        drawing = charts.of_communes(replace(report, communes=(first, *report.communes[1:])))[1]
        assert "không rõ tọa độ: 1" in drawing.svg

    @pytest.mark.parametrize("province", ["01", "48", "51", "56", "79", "96"])
    def test_every_commune_is_within_the_frame(self, province: str) -> None:
        places = [(unit.latitude, unit.longitude) for unit in communes_of(province)]
        found = projected(places, 720, 760, 70)
        assert found.height <= 760
        assert all(0 < spot.x < 720 and 0 < spot.y < found.height for spot in found.spots)

    def test_distant_islands_are_at_the_edge_with_their_distance(self) -> None:
        units = communes_of("56")
        spots = projected([(unit.latitude, unit.longitude) for unit in units], 720, 760, 70).spots
        assert [unit.name for unit, spot in zip(units, spots, strict=True) if spot.far] == ["Đặc khu Trường Sa"]

    @settings(deadline=None)  # a machine with much to do is no fault
    @given(st.lists(st.tuples(st.floats(8, 24), st.floats(102, 110)), min_size=1, max_size=60))
    def test_north_is_up_and_east_is_right(self, places: list[tuple[float, float]]) -> None:
        spots = projected(places, 720, 760, 70).spots
        near = [(place, spot) for place, spot in zip(places, spots, strict=True) if not spot.far]
        for (one, at), (other, there) in pairwise(near):
            assert (other[0] - one[0]) * (there.y - at.y) <= 0
            assert (other[1] - one[1]) * (there.x - at.x) >= 0

    def test_distances_are_the_same_in_both_directions(self) -> None:
        """Ten kilometres to the north and ten to the east of Quảng Ngãi's middle."""
        found = projected([(15.0, 108.5), (15.09, 108.5), (15.0, 108.593), (14.5, 108.0)], 720, 760, 70)
        middle, north, east, _ = found.spots
        up, right = hypot(north.x - middle.x, north.y - middle.y), hypot(east.x - middle.x, east.y - middle.y)
        assert up == pytest.approx(right, rel=0.01)
        assert up == pytest.approx(10 * found.pixels_per_km, rel=0.02)


class TestInTheFormats:
    def test_the_page_draws_them_inline(self, report: ReportContent, tmp_path: Path) -> None:
        page = html.fromstring(render(report, ["html"], tmp_path)[0].read_text(encoding="utf-8"))
        assert [title.get("id") for title in page.xpath("//figure/svg/title")] == [f"chart-{name}" for name in NAMES]
        assert len(page.xpath("//figure/figcaption")) == 4

    def test_the_document_has_svg_with_png_beside_it(self, report: ReportContent, tmp_path: Path) -> None:
        (path,) = render(report, ["docx"], tmp_path)
        with ZipFile(path) as archive:
            media = sorted(name.removeprefix("word/media/") for name in archive.namelist() if "media" in name)
            types = archive.read("[Content_Types].xml")
            assert etree.fromstring(archive.read("word/media/map.svg")).tag.endswith("svg")
        assert [name for name in media if name.endswith(".svg")] == sorted(f"{name}.svg" for name in NAMES)
        assert len([name for name in media if name.endswith(".png")]) == 4
        assert b"image/svg+xml" in types
        described = [shape._inline.docPr.get("descr") for shape in Document(str(path)).inline_shapes]
        assert described == [
            drawing.title for drawing in (*PrintedReport(report).body_charts, *PrintedReport(report).commune_charts)
        ]

    def test_the_workbook_has_charts_of_its_own_over_figures(self, report: ReportContent, tmp_path: Path) -> None:
        workbook = load_workbook(render(report, ["xlsx"], tmp_path)[0])
        assert [len(workbook[name]._charts) for name in ("Biểu đồ", "Xếp hạng", "Bản đồ")] == [1, 1, 1]
        rates = workbook["Biểu đồ"]
        assert rates["B2"].value == pytest.approx(float(report.indicators[0].figure.rate or 0) / 100)
        assert rates["D2"].value == 0.8
        assert len(workbook["Bản đồ"]._charts[0].series) == 4

    def test_a_commune_report_has_two_charts(self) -> None:
        printed = PrintedReport(example_commune_report())
        assert [drawing.name for drawing in (*printed.body_charts, *printed.commune_charts)] == ["rates", "change"]

    def test_names_of_communes_are_escaped(self, drawn: dict[str, Any], report: ReportContent) -> None:
        assert any(title.startswith(SCRIPT) for title in titles(drawn["map"]))
        assert all("<script" not in drawing.svg for drawing in charts.of_communes(report))
