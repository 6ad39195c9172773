"""Reads a table from CSV or XLSX: makes an entry of each row below the header, and passes over what is none."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

from services.indicators.readings_file.entries import Cell, Entry
from services.indicators.readings_file.findings import Findings, printable, several
from services.indicators.readings_file.names.headings import plain
from services.indicators.readings_file.names.known import Names
from services.indicators.readings_file.tables.carried_over import received_alone
from services.indicators.readings_file.tables.columns import HEADER_WITHIN, Header, NumberedRow, Row, header_in
from services.indicators.readings_file.tables.layout import Choices, Layout
from services.indicators.readings_file.values.cells import CellError, is_empty, shown
from services.indicators.readings_file.values.days import day_in

HIDDEN_ROW = ("hàng bị ẩn; hãy bỏ ẩn, hoặc dùng --hidden include để tính, --hidden skip để bỏ qua",)
TOTAL = re.compile(
    r"(?:tổng|cộng|luỹ kế|total)"  # as `folded` writes "lũy"
    r"(?: (?:cộng|số|dồn|chung|luỹ|kế|hồ|sơ|các|lĩnh|vực|kỳ|ngày|tháng|quý|tuần|năm|trong|báo|cáo"
    r"|từ|đầu|đến|hết|cuối|nay|[0-9]+))*"
)
# A cell that counts, or stands for a count: such a row is never passed over.
COUNT_LIKE = re.compile(r"\s*[-+–'(]?\s*[0-9].*|\s*(?:[-–—xX]|\.{1,3}|…)\s*", re.DOTALL)
COLUMN_NUMBER = re.compile(r"\(?([0-9]{1,2}|[A-Z])\)?(?:\s*=.*)?")
LEAST_NUMBERED = 3


def filled(lines: Iterable[NumberedRow]) -> Iterator[NumberedRow]:
    """The rows that are not empty."""
    for line in lines:
        cells = {column: raw for column, raw in line.cells.items() if not is_empty(raw)}
        if cells:
            yield line._replace(cells=cells)


def table_entries(
    lines: Iterator[NumberedRow], layout: Layout, findings: Findings, choices: Choices
) -> Iterator[Entry] | None:
    """One entry a row below the header; None if there is no header."""
    first: list[NumberedRow] = []
    for line in filled(lines):
        first.append(line)
        if len(first) == HEADER_WITHIN:
            break
    header, below = header_in(first, layout, choices)
    if header is None:
        return None
    findings.columns = header.columns(layout)
    header.report(layout, findings)
    if choices.day and "observed_on" in header.known:
        findings.add("đã có cột ngày, nên không dùng --day", layout.row(header.number))
    return _Rows(header, layout, findings, choices).entries(chain(below, filled(lines)))


class _Rows:
    """The rows below one header."""

    def __init__(self, header: Header, layout: Layout, findings: Findings, choices: Choices) -> None:
        self._header = header
        self._layout = layout
        self._findings = findings
        self._choices = choices
        self._names = Names(choices.own)
        self._columns = {column: name for name, column in (*header.known.items(), *header.measures.items())}
        self._unknown = [column for column, _ in header.unknown]
        self._counting: set[int] = set()  # of the unknown columns
        self._totals: list[str] = []
        self._texts: list[tuple[str, str]] = []

    def entries(self, lines: Iterable[NumberedRow]) -> Iterator[Entry]:
        layout, has_rows = self._layout, False
        known = set(self._header.known.values())
        for line in lines:
            row = layout.filled(line.number, line.cells, known)
            problems = tuple(layout.problems(line.number, row, self._columns))  # follows merged areas: for each row
            is_total = self._is_total(row)
            if is_total and not self._has_day(row):
                self._totals.append(layout.row(line.number))
                continue
            if self._is_text(line.cells) or (not has_rows and self._is_numbering(line)):
                self._texts.append((layout.row(line.number), self._quoted(line.cells)))
                continue
            has_rows = True
            self._counting.update(c for c in self._unknown if c in row and _may_count(row[c]))
            layout.hidden_rows += line.hidden
            if line.hidden and layout.hidden == "skip":
                continue
            hidden = HIDDEN_ROW if line.hidden and layout.hidden == "refuse" else ()
            yield self._entry(line.number, row, (*hidden, *self._headless(line), *problems), is_total=is_total)
        self._note()

    def _entry(self, number: int, row: Row, problems: tuple[str, ...], *, is_total: bool) -> Entry:
        def cell(column: int) -> Cell:
            return Cell(self._layout.cell(number, column, self._header.row[column]), row.get(column))

        known = {name: cell(column) for name, column in self._header.known.items()}
        values = tuple((name, cell(column)) for name, column in self._header.measures.items() if column in row)
        values, wrong = received_alone(self._header, values)
        day = Cell("--day", self._choices.day) if self._choices.day else known.get("observed_on")
        return Entry(
            self._layout.row(number), known.get("reading_id"), day, known.get("field"), values, (*problems, *wrong),
            is_total=is_total, reason=known.get("reason"), by=known.get("by"),
        )  # fmt: skip

    def _headless(self, line: NumberedRow) -> Iterator[str]:
        for column in line.cells.keys() - self._header.row.keys():
            place = self._layout.cell(line.number, column, None)
            yield f"{place}: {shown(line.cells[column])} nằm ở cột không có tiêu đề"

    def _is_total(self, row: Row) -> bool:
        """A row of sums has a word such as "total" in place of the day, the field or the row number."""
        places = [row.get(column) for column in (*self._header.known.values(), *self._header.ignored)]
        return any(isinstance(raw, str) and _names_a_total(raw) for raw in places)

    def _has_day(self, row: Row) -> bool:
        day = row.get(self._header.known.get("observed_on", 0))
        return day is not None and not (isinstance(day, str) and _names_a_total(day))

    def _is_text(self, cells: Row) -> bool:
        """Who signs, units, remarks: no count, no field, no id and, but for the date below the totals, no day."""
        if any(not isinstance(raw, str) or _may_count(raw) for raw in cells.values()):
            return False
        if any(column in cells for column in self._header.measures.values()) and self._totals:
            return True
        field = cells.get(self._header.known.get("field", 0))
        if isinstance(field, str) and self._names.field(field):
            return False
        has_id = self._header.known.get("reading_id") in cells
        return bool(self._totals) or not (has_id or _is_day(cells.get(self._header.known.get("observed_on", 0))))

    def _is_numbering(self, line: NumberedRow) -> bool:
        """The row "(1) (2) (3)" below a header. Its day or its field is such a number, so that it is no reading."""
        must = self._header.known.get("observed_on") or self._header.known.get("field")
        texts = [COLUMN_NUMBER.fullmatch(str(raw).strip()) for raw in line.cells.values()]
        numbers = [int(found[1]) for found in texts if found and found[1].isdigit()]
        consecutive = [number - at for at, number in enumerate(numbers)]
        return (
            all(texts) and must in line.cells and len(numbers) >= LEAST_NUMBERED and len({*consecutive}) == 1
        )  # fmt: skip

    def _quoted(self, cells: Row) -> str:
        return f"“{printable(' '.join(str(raw).strip() for raw in cells.values()))}”"

    def _note(self) -> None:
        self._header.report_unknown(self._layout, self._findings, self._counting)
        if len(self._totals) == 1:
            self._findings.note("là hàng tổng nên không tính", self._totals[0])
        elif self._totals:
            self._findings.note(f"{len(self._totals)} hàng tổng không tính: {several(self._totals)}")
        if self._texts:
            lines = several([f"{place} {text}" for place, text in self._texts])
            self._findings.note(f"không phải hàng số liệu nên không tính: {lines}")


def _names_a_total(text: str) -> bool:
    if text.isascii() and "total" not in text.lower():  # the other words have Vietnamese letters
        return False
    return TOTAL.fullmatch(plain(text)) is not None


def _may_count(raw: object) -> bool:
    return not isinstance(raw, date) and (not isinstance(raw, str) or bool(COUNT_LIKE.fullmatch(raw)))


def _is_day(raw: object) -> bool:
    try:
        return raw is not None and day_in(raw) is not None
    except CellError:
        return False
