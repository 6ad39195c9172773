"""Native Excel charts of the workbook, each over the figures of its own sheet."""

from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference, ScatterChart, Series
from openpyxl.chart.legend import Legend
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties

from services.reporting.domain.content.report_content import CommuneLine, ReportContent
from services.reporting.domain.content.versions import SIGNABLE
from services.reporting.rendering.charts.dot_map import CLASSES, kind_of
from services.reporting.rendering.charts.ranking import ranked_communes
from services.reporting.rendering.charts.rates import drawn_bound
from services.reporting.rendering.formats.workbook.printing import print_chart_apart, printing_of
from services.reporting.rendering.formats.workbook.sheet import (
    COUNT,
    DEGREES,
    RATE,
    TEXT,
    SheetColumn,
    Value,
    add_sheet,
    fraction,
)
from services.reporting.rendering.text import sentences
from services.reporting.rendering.text.table_rows import printed_rate
from shared.printable import printable

_ROWS_IN_LARGE_LETTERS = 45
_DARK, _LIGHT, _RED, _BLACK = "1F5A94", "B7CBE0", "A3341F", "000000"
_WHITE = "FFFFFF"
_SIGNS = {"most": "circle", "half": "square", "few": "triangle", "none": "plus", "silent": "circle"}
_COLOURS = {"most": _DARK, "half": "8FB0D0", "few": _RED, "none": "555555", "silent": _WHITE}


def add_rates(workbook: Workbook, report: ReportContent) -> None:
    """This period, the period before and the target of each indicator."""
    names = ["Kỳ này", sentences.period_before(report), "Chỉ tiêu giao"]
    columns = [SheetColumn("Chỉ tiêu", 60, TEXT), *(SheetColumn(name, 12, RATE) for name in names)]
    rows: list[list[Value]] = [
        [f"{place}. {line.name}", *map(fraction, rates)]
        for place, line in enumerate(report.indicators, start=1)
        for rates in [(printed_rate(line, report), line.previous.rate, drawn_bound(line.target))]
    ]
    sheet = add_sheet(workbook, "Biểu đồ", columns, rows, printing_of(report))
    if rows:
        chart = _bars(sheet, f"Tỷ lệ từng chỉ tiêu, {report.period_name}", (2, 3, 4), len(rows), 1.1)
        _paint(chart, (_DARK, _LIGHT, _WHITE))
        chart.y_axis.number_format = "0%"
        _place(sheet, chart, report, len(columns), len(rows))


def add_ranking(workbook: Workbook, report: ReportContent) -> None:
    columns = [
        SheetColumn("Xã, phường, đặc khu", 34, TEXT),
        SheetColumn("Đạt", 12, COUNT),
        SheetColumn("Chưa đạt", 12, COUNT),
        SheetColumn("Chưa có số liệu", 12, COUNT),
    ]
    rows: list[list[Value]] = [[s.name, s.met, s.missed, s.unknown] for s in ranked_communes(report)]
    sheet = add_sheet(workbook, "Xếp hạng", columns, rows, printing_of(report))
    if rows:
        chart = _bars(sheet, f"Số chỉ tiêu đạt, {report.period_name}", (2, 3, 4), len(rows), 0.45)
        _paint(chart, (_DARK, _RED, "DDDDDD"))
        chart.grouping, chart.overlap = "stacked", 100
        _place(sheet, chart, report, len(columns), len(rows))


def add_map(workbook: Workbook, report: ReportContent) -> None:
    """The communes sorted by class, so that each class is one range and one series of the chart."""
    columns = [
        SheetColumn("Xã, phường, đặc khu", 34, TEXT),
        SheetColumn("Kết quả", 30, TEXT),
        SheetColumn("Kinh độ", 12, DEGREES),
        SheetColumn("Vĩ độ", 12, DEGREES),
    ]
    known = [commune for commune in report.communes if commune.latitude is not None and commune.longitude is not None]
    by_kind = {kind: [commune for commune in known if kind_of(commune) == kind] for kind in CLASSES}
    rows: list[list[Value]] = [
        [commune.name, CLASSES[kind], commune.longitude, commune.latitude]
        for kind, communes in by_kind.items()
        for commune in communes
    ]
    sheet = add_sheet(workbook, "Bản đồ", columns, rows, printing_of(report))
    if rows:
        _place(sheet, _map(sheet, report, by_kind), report, len(columns), len(rows))


def _place(sheet: Any, chart: Any, report: ReportContent, columns: int, rows: int) -> None:
    """Beside its table; since layout 3 as large as a page, and printed after the table."""
    if report.layout >= SIGNABLE:
        chart.width, chart.height = 19, min(chart.height, 27)
        print_chart_apart(sheet, columns, rows + 1, chart.width, chart.height)
        if rows > _ROWS_IN_LARGE_LETTERS and isinstance(chart, BarChart):
            chart.x_axis.txPr = _letters(6)
    sheet.add_chart(chart, "F2")


def _letters(points: int) -> RichText:
    size = CharacterProperties(sz=points * 100)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=size), endParaRPr=size)])


def _map(sheet: Any, report: ReportContent, by_kind: dict[str, list[CommuneLine]]) -> Any:
    chart = ScatterChart()
    chart.title = printable(f"{report.province_name}, {report.period_name}")
    chart.style, chart.scatterStyle = 13, "lineMarker"
    chart.width, chart.height = 22, 20
    first = 2
    for kind, communes in by_kind.items():
        if communes:
            chart.series.append(_signs(sheet, kind, first, first + len(communes) - 1))
            first += len(communes)
    for axis, degrees in ((chart.x_axis, "longitude"), (chart.y_axis, "latitude")):
        values = [float(getattr(commune, degrees)) for communes in by_kind.values() for commune in communes]
        axis.scaling.min, axis.scaling.max = round(min(values) - 0.1, 1), round(max(values) + 0.1, 1)
        axis.number_format, axis.delete, axis.majorGridlines = "0.0", False, None
    chart.x_axis.title, chart.y_axis.title, chart.legend = "Kinh độ", "Vĩ độ", Legend()
    chart.legend.position = "b"
    return chart


def _signs(sheet: Any, kind: str, first: int, last: int) -> Any:
    north, east = (Reference(sheet, min_col=column, min_row=first, max_row=last) for column in (4, 3))
    series = Series(north, east, title=CLASSES[kind])
    series.marker.symbol, series.marker.size = _SIGNS[kind], 8
    series.marker.graphicalProperties = GraphicalProperties(solidFill=_COLOURS[kind])
    series.marker.graphicalProperties.line.solidFill = _BLACK
    series.graphicalProperties = GraphicalProperties()
    series.graphicalProperties.line.noFill = True
    return series


def _bars(sheet: Any, title: str, columns: Sequence[int], rows: int, row_height: float) -> Any:
    """Horizontal bars, the first row on top; the height in centimetres grows with the rows."""
    chart = BarChart()
    chart.type, chart.style, chart.title = "bar", 10, printable(title)
    for column in columns:
        chart.add_data(Reference(sheet, min_col=column, min_row=1, max_row=rows + 1), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=rows + 1))
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.gapWidth, chart.legend = 40, Legend()
    chart.legend.position = "b"
    chart.width, chart.height = 26, max(8.0, 4 + rows * row_height)
    return chart


def _paint(chart: Any, colours: Sequence[str]) -> None:
    for series, colour in zip(chart.series, colours, strict=True):
        series.graphicalProperties.solidFill = colour
        series.graphicalProperties.line.solidFill = _BLACK if colour == _WHITE else colour
