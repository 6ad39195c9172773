"""Sheets of the workbook for statutory forms and scorecards: a sheet for each, counts as numbers."""

import re
from collections.abc import Iterator

from openpyxl import Workbook

from services.reporting.domain.form import FilledForm, Scored
from services.reporting.rendering import form_tables
from services.reporting.rendering.printable import printable
from services.reporting.rendering.workbook.sheet import COUNT, POINTS, RATE, TEXT, Column, Value, add_sheet

_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\'\x00-\x1f]+")
_LONGEST_TITLE = 31  # Excel's limits of what a sheet may be called


def add_form(workbook: Workbook, form: FilledForm) -> None:
    """The form with its two-line heading, and a last column that says what does not add up."""
    *numbers, name = form.lead_columns
    columns = [
        *(Column(c.heading, 7, TEXT, "center", c.group, f"({c.number})") for c in numbers),
        Column(name.heading, 36, TEXT, "left", name.group, f"({name.number})"),
        *(Column(c.heading, 12, COUNT, "right", c.group, f"({c.number})") for c in form.columns),
        Column("Số liệu không khớp", 60, TEXT),
    ]
    add_sheet(workbook, free_title(workbook, f"Biểu {form.code}"), columns, _form_rows(form))


def _form_rows(form: FilledForm) -> Iterator[list[Value]]:
    wrong: dict[str, list[str]] = {}
    for broken, sentence in zip(form.broken, form_tables.unmatched(form), strict=True):
        wrong.setdefault(broken.field, []).append(sentence)
    for place, row in enumerate((*form.rows, form.total), start=1):
        number = str(place) if place <= len(form.rows) else ""
        lead: list[Value] = ["", number, row.name]
        yield [*lead[-len(form.lead_columns) :], *row.counts, " ".join(wrong.get(row.field, ()))]


_SCORE_COLUMNS = [
    Column("Nhóm", 34, TEXT),
    Column("Mã", 10, TEXT, "center"),
    Column("Tiêu chí", 60, TEXT),
    Column("Điểm tối đa", 12, POINTS),
    Column("Tỷ lệ", 11, RATE),
    Column("Điểm", 12, POINTS),
    Column("Ghi chú", 30, TEXT),
]


def add_score(workbook: Workbook, scored: Scored) -> None:
    """A row per criterion, then the total with its class."""
    add_sheet(workbook, free_title(workbook, f"Điểm {scored.scorecard}"), _SCORE_COLUMNS, _score_rows(scored))


def _score_rows(scored: Scored) -> Iterator[list[Value]]:
    for group in scored.groups:
        for row in group.rows:
            rate = None if row.rate is None else row.rate / 100
            yield [group.name, row.code, row.name, row.maximum, rate, row.score, form_tables.remark(row)]
        yield [group.name, "", f"Cộng: {group.name}", group.maximum, None, group.score, ""]
    yield ["", "", "Tổng điểm", scored.maximum, None, scored.total, scored.band or ""]
    for note in scored.notes:
        yield ["", "", note, None, None, None, ""]


def free_title(workbook: Workbook, wanted: str) -> str:
    """A title that Excel takes and that no sheet has yet, whatever its letters' size."""
    title = _NOT_IN_A_TITLE.sub("-", printable(wanted))[:_LONGEST_TITLE]
    taken = {sheet.title.casefold() for sheet in workbook.worksheets}
    tries = (title if n == 1 else f"{title[: _LONGEST_TITLE - 4]} {n}" for n in range(1, len(taken) + 2))
    return next(free for free in tries if free.casefold() not in taken)
