"""Charts of the workbook: Excel's own, over their figures, so that whoever opens it can go on working with them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference, ScatterChart, Series
from openpyxl.chart.legend import Legend
from openpyxl.chart.shapes import GraphicalProperties

from services.reporting.domain.quarterly_report import CommuneLine, QuarterlyReport
from services.reporting.rendering import wording
from services.reporting.rendering.charts.dot_map import CLASSES, kind_of
from services.reporting.rendering.charts.ranking import standings
from services.reporting.rendering.charts.rates import asked
from services.reporting.rendering.printable import printable
from services.reporting.rendering.workbook.sheet import COUNT, DEGREES, RATE, TEXT, Column, Value, add_sheet

_DARK, _LIGHT, _RED, _BLACK = "1F5A94", "B7CBE0", "A3341F", "000000"
_WHITE = "FFFFFF"
_SIGNS = {"most": "circle", "half": "square", "few": "triangle", "none": "plus", "silent": "circle"}
_COLOURS = {"most": _DARK, "half": "8FB0D0", "few": _RED, "none": "555555", "silent": _WHITE}


def add_rates(workbook: Workbook, report: QuarterlyReport) -> None:
    """This period, the one before and what was asked, indicator by indicator."""
    names = ["Kỳ này", wording.period_before(report), "Chỉ tiêu giao"]
    columns = [Column("Chỉ tiêu", 60, TEXT), *(Column(name, 12, RATE) for name in names)]
    rows: list[list[Value]] = [
        [f"{place}. {line.name}", *map(_part, (line.figure.rate, line.previous.rate, asked(line.target)))]
        for place, line in enumerate(report.indicators, start=1)
    ]
    sheet = add_sheet(workbook, "Biểu đồ", columns, rows)
    if rows:
        chart = _bars(sheet, f"Tỷ lệ từng chỉ tiêu, {report.period_name}", (2, 3, 4), len(rows), 1.1)
        _paint(chart, (_DARK, _LIGHT, _WHITE))
        chart.y_axis.number_format = "0%"
        sheet.add_chart(chart, "F2")


def add_ranking(workbook: Workbook, report: QuarterlyReport) -> None:
    columns = [
        Column("Xã, phường, đặc khu", 34, TEXT),
        Column("Đạt", 12, COUNT),
        Column("Chưa đạt", 12, COUNT),
        Column("Chưa có số liệu", 12, COUNT),
    ]
    rows: list[list[Value]] = [[s.name, s.met, s.missed, s.unknown] for s in standings(report)]
    sheet = add_sheet(workbook, "Xếp hạng", columns, rows)
    if rows:
        chart = _bars(sheet, f"Số chỉ tiêu đạt, {report.period_name}", (2, 3, 4), len(rows), 0.45)
        _paint(chart, (_DARK, _RED, "DDDDDD"))
        chart.grouping, chart.overlap = "stacked", 100
        sheet.add_chart(chart, "F2")


def add_map(workbook: Workbook, report: QuarterlyReport) -> None:
    """The communes by class, so that each class is one range, and on the map one series with a sign of its own."""
    columns = [
        Column("Xã, phường, đặc khu", 34, TEXT),
        Column("Kết quả", 30, TEXT),
        Column("Kinh độ", 12, DEGREES),
        Column("Vĩ độ", 12, DEGREES),
    ]
    known = [commune for commune in report.communes if commune.latitude is not None and commune.longitude is not None]
    by_kind = {kind: [commune for commune in known if kind_of(commune) == kind] for kind in CLASSES}
    rows: list[list[Value]] = [
        [commune.name, CLASSES[kind], commune.longitude, commune.latitude]
        for kind, communes in by_kind.items()
        for commune in communes
    ]
    sheet = add_sheet(workbook, "Bản đồ", columns, rows)
    if rows:
        sheet.add_chart(_map(sheet, report, by_kind), "F2")


def _map(sheet: Any, report: QuarterlyReport, by_kind: dict[str, list[CommuneLine]]) -> Any:
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
    """Lying bars, the first row on top; as high as the rows need, in centimetres."""
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


def _part(rate: Decimal | None) -> Decimal | None:
    return None if rate is None else rate / 100
