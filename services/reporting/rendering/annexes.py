"""What is too wide or too long for the report's body: statutory forms, and in a province's report its communes."""

from collections.abc import Iterator

from services.reporting.domain.quarterly_report import QuarterlyReport
from services.reporting.rendering import form_tables, tables
from services.reporting.rendering.blocks import Annex, Block, Caption, Cell, Column, Grid, Paragraph, Picture, Row
from services.reporting.rendering.charts.drawing import shortened
from services.reporting.rendering.letterhead import LANDSCAPE_TEXT_WIDTH
from services.reporting.rendering.printing import Printing

RATES_TITLE = "Tỷ lệ thực hiện chỉ tiêu của các xã, phường, đặc khu"
_INDICATORS_IN_A_TABLE = 12
_LONGEST_HEADING = 120  # letters: a heading stands on every page, and the whole name in the report's first table
_WHOLE_PAGE = 205  # millimetres of a page below the heading of an annex
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")


def annexes(printing: Printing) -> tuple[Annex, ...]:
    """Numbered in Roman figures where there are two or more (Decree 30/2020, Annex I, part I, III.1)."""
    found = list(_annexes(printing))
    numbers = [""] if len(found) == 1 else [roman(place) for place in range(1, len(found) + 1)]
    return tuple(Annex(number, *annex) for number, annex in zip(numbers, found, strict=True))


def roman(place: int) -> str:
    return _ROMAN[place - 1] if place <= len(_ROMAN) else str(place)


def _annexes(printing: Printing) -> Iterator[tuple[str, bool, tuple[Block, ...]]]:
    report = printing.report
    for form in report.forms:
        yield form_tables.title(form), True, tuple(form_tables.form(form, LANDSCAPE_TEXT_WIDTH))
    if report.communes and not report.commune:
        yield RATES_TITLE, True, tuple(_rates(report))
    if printing.commune_charts:
        pictures = tuple(Picture(drawing, _WHOLE_PAGE) for drawing in printing.commune_charts)
        yield "Xếp hạng và bản đồ các xã, phường, đặc khu", False, pictures


def _rates(report: QuarterlyReport) -> Iterator[Block]:
    """A row per commune, rates only, in as many tables as their width asks for."""
    yield Paragraph("Dấu * : chưa đạt chỉ tiêu giao; dấu – : chưa có số liệu.")
    rows = tables.rate_rows(report)
    starts = range(0, len(report.indicators), _INDICATORS_IN_A_TABLE)
    for place, start in enumerate(starts, start=1):
        shown = report.indicators[start : start + _INDICATORS_IN_A_TABLE]
        yield Caption(f"Bảng {place}/{len(starts)}")
        yield Grid(_columns([line.name for line in shown]), list(_rows(rows, start, len(shown))), "small")


def _columns(names: list[str]) -> list[Column]:
    width = min(30.0, (LANDSCAPE_TEXT_WIDTH - 50) / len(names))
    rates = [Column(shortened(name, _LONGEST_HEADING), width) for name in names]
    return [Column("TT", 9, "center"), Column("Xã, phường, đặc khu", 41, "left"), *rates]


def _rows(rows: list[tables.RateRow], start: int, count: int) -> Iterator[Row]:
    for place, row in enumerate(rows, start=1):
        shown = row.cells[start : start + count]
        yield [str(place), row.commune, *(Cell(f"{c.rate}*", bold=True) if c.missed else c.rate for c in shown)]
