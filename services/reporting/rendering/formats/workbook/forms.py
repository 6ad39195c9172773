"""Sheets of the workbook for statutory forms and scorecards: a sheet for each, counts as numbers."""

import re
from collections.abc import Iterator
from dataclasses import replace

from openpyxl import Workbook

from services.reporting.domain.content.filled_form import FilledForm
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.content.scores import Scored
from services.reporting.rendering.blocks import form_tables
from services.reporting.rendering.formats.workbook.printing import printing_of
from services.reporting.rendering.formats.workbook.sheet import (
    COUNT,
    POINTS,
    RATE,
    TEXT,
    SheetColumn,
    Value,
    add_sheet,
    fraction,
)
from shared.printable import printable

_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\'\x00-\x1f]+")
_LONGEST_TITLE = 31  # Excel's limit for the title of a sheet


def add_form(workbook: Workbook, form: FilledForm, report: ReportContent) -> None:
    """The form with its heading of two rows, and a last column for sums that do not add up."""
    *numbers, name = form.lead_columns
    printing = printing_of(report)
    printing = printing and replace(printing, names=len(form.lead_columns))
    columns = [
        *(SheetColumn(c.heading, 7, TEXT, "center", c.group, f"({c.number})") for c in numbers),
        SheetColumn(name.heading, 30 if printing else 36, TEXT, "left", name.group, f"({name.number})"),
        *(
            SheetColumn(c.heading, 10 if printing else 12, COUNT, "right", c.group, f"({c.number})")
            for c in form.columns
        ),
        SheetColumn("Số liệu không khớp", 60, TEXT),
    ]
    add_sheet(workbook, free_title(workbook, f"Biểu {form.code}"), columns, _form_rows(form, report), printing)


def _form_rows(form: FilledForm, report: ReportContent) -> Iterator[list[Value]]:
    wrong: dict[str, list[str]] = {}
    for broken, sentence in zip(form.broken, form_tables.unmatched(form, report), strict=True):
        wrong.setdefault(broken.field, []).append(sentence)
    for place, row in enumerate((*form.rows, form.total), start=1):
        number = str(place) if place <= len(form.rows) else ""
        lead: list[Value] = ["", number, row.name]
        yield [*lead[-len(form.lead_columns) :], *row.counts, " ".join(wrong.get(row.field, ()))]


_SCORE_COLUMNS = [
    SheetColumn("Nhóm", 34, TEXT),
    SheetColumn("Mã", 10, TEXT, "center"),
    SheetColumn("Tiêu chí", 60, TEXT),
    SheetColumn("Điểm tối đa", 12, POINTS),
    SheetColumn("Tỷ lệ", 11, RATE),
    SheetColumn("Điểm", 12, POINTS),
    SheetColumn("Ghi chú", 30, TEXT),
]


def add_score(workbook: Workbook, scored: Scored, report: ReportContent) -> None:
    """A row per criterion, then the total with its class."""
    title = free_title(workbook, f"Điểm {scored.scorecard}")
    add_sheet(workbook, title, _SCORE_COLUMNS, _score_rows(scored), printing_of(report))


def _score_rows(scored: Scored) -> Iterator[list[Value]]:
    for group in scored.groups:
        for row in group.rows:
            remark = form_tables.remark(row)
            yield [group.name, row.code, row.name, row.maximum, fraction(row.rate), row.score, remark]
        yield [group.name, "", f"Cộng: {group.name}", group.maximum, None, group.score, ""]
    yield ["", "", "Tổng điểm", scored.maximum, None, scored.total, scored.band or ""]
    for note in scored.notes:
        yield ["", "", note, None, None, None, ""]


def free_title(workbook: Workbook, wanted: str) -> str:
    """A title that Excel accepts and that no other sheet has, ignoring case."""
    title = _NOT_IN_A_TITLE.sub("-", printable(wanted))[:_LONGEST_TITLE]
    taken = {sheet.title.casefold() for sheet in workbook.worksheets}
    tries = (title if n == 1 else f"{title[: _LONGEST_TITLE - 4]} {n}" for n in range(1, len(taken) + 2))
    return next(free for free in tries if free.casefold() not in taken)
