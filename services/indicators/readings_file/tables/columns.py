"""Finds the header of a table, over one to four rows, and says what each of its columns holds."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

from services.indicators.readings_file.findings import Findings, FoundColumn, several
from services.indicators.readings_file.names.headings import Meaning, meaning_of, plain
from services.indicators.readings_file.names.known import LIST_COMMAND, Names, measure_titles
from services.indicators.readings_file.tables.layout import Choices, Layout
from services.indicators.readings_file.values.cells import CellError, id_in, shown
from services.indicators.wording import PARTS_OF_A_READING

MAX_COLUMNS = 256
# Titles may stand above the header: the national name, the office, the name of the table.
HEADER_WITHIN = 20
GROUP_ROWS = 2
SUBHEADINGS = 2
MOST_UNKNOWN = 20

# The cells that are not empty, by column, counted from 1.
Row = dict[int, object]

REASONS_HEADER = "Lý do từ chối"
KNOWN_HEADERS = {
    "reading id": "reading_id", "mã số liệu": "reading_id", "observed on": "observed_on", "ngày": "observed_on",
    "ngày báo cáo": "observed_on", "ngày tháng": "observed_on", "ngày tháng năm": "observed_on",
    "ngày số liệu": "observed_on", "ngày tiếp nhận": "observed_on", "ngày ghi nhận": "observed_on",
    "reason": "reason", "lý do": "reason", "lý do sửa": "reason", "lý do đính chính": "reason", "lý do rút": "reason",
    "by": "by", "người sửa": "by", "người đính chính": "by", "người rút": "by", "người thực hiện": "by",
    "field": "field", "lĩnh vực": "field", "tên lĩnh vực": "field", "lĩnh vực tthc": "field",
    "lĩnh vực giải quyết": "field", "lĩnh vực công việc giải quyết": "field", "lĩnh vực thủ tục hành chính": "field",
}  # fmt: skip
IGNORED_HEADERS = {"stt", "tt", "số tt", "số thứ tự", "ghi chú", "thứ", plain(REASONS_HEADER)}
RATE = re.compile(r"(?:tỷ|tỉ) lệ\b.*|.*%.*")
UNKNOWN = (
    f"không phải tên cột đã biết hay mã số đo; xem: {LIST_COMMAND}; cột riêng của đơn vị: minhbach readings columns"
)


class NumberedRow(NamedTuple):
    """A row with its number, and whether a spreadsheet hides it."""

    number: int
    cells: Row
    hidden: bool = False


@dataclass
class Header:
    """The columns of known parts and of measures, by their names; columns that are ignored; and what is wrong.

    `row` has the lowest heading of each column, `headings` all of them as one text. `sums` are columns that count all
    of their group of columns.
    """

    number: int
    row: Row
    known: dict[str, int] = field(default_factory=dict)
    measures: dict[str, int] = field(default_factory=dict)
    sums: set[int] = field(default_factory=set)
    ignored: set[int] = field(default_factory=set)
    rates: set[int] = field(default_factory=set)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    wrong: list[tuple[int, str]] = field(default_factory=list)
    groups: dict[int, str] = field(default_factory=dict)
    headings: dict[int, str] = field(default_factory=dict)

    @property
    def is_understood(self) -> bool:
        return not self.wrong and not self.unknown

    def columns(self, layout: Layout) -> list[FoundColumn]:
        """All of them, from left to right."""
        meanings: dict[int, str] = {column: name for name, column in (*self.known.items(), *self.measures.items())}
        meanings |= dict.fromkeys(self.ignored, "")
        return [
            FoundColumn(layout.cell(self.number, at, raw), self.headings.get(at, shown(raw)), meanings.get(at))
            for at, raw in sorted(self.row.items())
        ]

    def report(self, layout: Layout, findings: Findings) -> None:
        """Before the rows are read: an error for each column that occurs twice, a note on each column of rates."""
        for column, problem in self.wrong:
            findings.add(problem, layout.place(self.number, column, self.row.get(column)))
        for column in self.rates:
            place = layout.place(self.number, column, self.row[column])
            findings.note("là tỷ lệ nên không đọc; tỷ lệ được tính từ các số đếm", place)

    def report_unknown(self, layout: Layout, findings: Findings, counting: Container[int]) -> None:
        """After the last row: one error for all unknown columns that count something, a note on the others."""
        errors = [(column, text) for column, text in self.unknown if column in counting]
        passed = [f"“{text}”" for column, text in self.unknown if column not in counting]
        if errors:
            column, text = errors[0]
            others = ((one, layout.cell(self.number, at, self.row[at])) for at, one in errors[1:MOST_UNKNOWN])
            more = "".join(f", “{one}” ({cell})" for one, cell in others)
            more += f" và {left} cột khác" if (left := len(errors) - MOST_UNKNOWN) > 0 else ""
            findings.add(f"“{text}”{more} {UNKNOWN}", layout.place(self.number, column, self.row[column]))
        if passed:
            findings.note(f"cột {several(passed, MOST_UNKNOWN)} không có số nào nên bỏ qua", layout.row(self.number))


def header_in(
    lines: Sequence[NumberedRow], layout: Layout, choices: Choices
) -> tuple[Header | None, list[NumberedRow]]:
    """The first row that is a header and is understood in every column, else the first one; and the rows below it."""
    names = Names(choices.own)
    found = [_header(lines, at, layout, names) for at, line in enumerate(lines) if is_header(line.cells, choices)]
    if not found:
        return None, []
    header = next((one for one in found if one.is_understood), found[0])
    return header, [line for line in lines if line.number > header.number]


def is_header(row: Row, choices: Choices) -> bool:
    """Whether a row names the day of a reading, or where each has the same, a measure; of changes, the readings."""
    if choices.day:
        texts = [raw for raw in row.values() if isinstance(raw, str)]
        names = Names(choices.own)
        return len(texts) > 1 and any(names.column([text]) or text.strip() in measure_titles() for text in texts)
    keys = ("observed_on", "reading_id") if choices.changes else ("observed_on",)
    return any(known_header(raw) in keys for raw in row.values())


def no_header(choices: Choices) -> str:
    """What a table lacks that has no header, after "không"."""
    if choices.day:
        return f"có hàng tiêu đề nêu tên số đo trong {HEADER_WITHIN} hàng đầu; xem: {LIST_COMMAND}"
    return (
        f"có hàng tiêu đề (cột Ngày hoặc observed_on) trong {HEADER_WITHIN} hàng đầu;"
        " nếu cả bảng là số liệu của một ngày, hãy thêm --day NGÀY"
    )


def known_header(raw: object) -> str | None:
    return KNOWN_HEADERS.get(plain(raw)) if isinstance(raw, str) else None


def _header(lines: Sequence[NumberedRow], at: int, layout: Layout, names: Names) -> Header:
    """Each column is named by its lowest heading, under those of the groups above it."""
    top = lines[at]
    above = [line for line in lines[max(0, at - GROUP_ROWS) : at] if line.number >= top.number - GROUP_ROWS]
    rows = [top, *takewhile(lambda line: line.number <= _bottom(top, layout), lines[at + 1 :])]
    while len(rows) <= SUBHEADINGS and _is_subheading(lines[at + len(rows) :], rows, names, layout):
        rows.append(lines[at + len(rows)])
    header = Header(max(rows[-1].number, _bottom(top, layout)), {})
    for line in rows:
        header.row |= line.cells
    for column, raw in header.row.items():
        groups = _groups(above, column, layout, of_files=True)
        _name(header, column, raw, [*groups, *_under(rows, column, layout)], names)
    if len(header.row) > MAX_COLUMNS:
        header.wrong.insert(0, (MAX_COLUMNS + 1, f"có hơn {MAX_COLUMNS} cột"))
    return header


def _bottom(top: NumberedRow, layout: Layout) -> int:
    return max((layout.bottom(top.number, c) for c, raw in top.cells.items() if known_header(raw)), default=top.number)


def _is_subheading(below: Sequence[NumberedRow], rows: Sequence[NumberedRow], names: Names, layout: Layout) -> bool:
    """Whether an unmerged row goes on with the header: under no day, no counts, and parts of the groups above it."""
    if not below:
        return False
    top, line = rows[0], below[0]
    if line.number != rows[-1].number + 1 or any(known_header(top.cells.get(column)) for column in line.cells):
        return False
    texts = [raw for raw in line.cells.values() if isinstance(raw, str) and not raw.strip()[:1].isdigit()]
    parts = [c for c in line.cells if names.column([*_under([*rows, line], c, layout)])]
    return len(texts) == len(line.cells) and bool(parts)


def _under(rows: Sequence[NumberedRow], column: int, layout: Layout) -> list[str]:
    """The headings of a column from its header rows, the topmost first."""
    lowest = max((at for at, line in enumerate(rows) if column in line.cells), default=0)
    own = rows[lowest].cells.get(column)
    return [*_groups(rows[:lowest], column, layout), *([own] if isinstance(own, str) else [])]


def _groups(rows: Sequence[NumberedRow], column: int, layout: Layout, *, of_files: bool = False) -> Iterator[str]:
    """The texts above a column that stand for several columns; `of_files` leaves out titles of the sheet."""
    for line in rows:
        left = max((one for one in line.cells if one <= column), default=None)
        text = line.cells[left] if left is not None and column <= layout.right(line.number, left) else None
        if isinstance(text, str) and (not of_files or meaning_of([text, "tổng số"])):
            yield text


def _name(header: Header, column: int, raw: object, headings: list[str], names: Names) -> None:
    header.headings[column] = _joined(headings) or shown(raw)
    own = plain(headings[-1]) if headings else ""
    if own in IGNORED_HEADERS or (headings and names.is_ignored(headings)):
        header.ignored.add(column)
        return
    if RATE.fullmatch(own):
        header.rates.add(column)
        header.ignored.add(column)
        return
    known = known_header(raw)
    meaning = None if known else _measure(raw, headings, names)
    if known is None and meaning is None:
        header.unknown.append((column, _shown(raw, headings)))
        return
    if meaning:
        header.groups[column] = headings[0] if len(headings) > 1 else ""
        if meaning.is_sum:
            header.sums.add(column)
    place, name = (header.known, known) if known else (header.measures, meaning.measure if meaning else "")
    if place.setdefault(name or "", column) != column:
        title = PARTS_OF_A_READING.get(name or "") or measure_titles().get(name or "", name)
        header.wrong.append((column, f"{shown(raw)} là cột thứ hai của “{title}”"))


def _measure(raw: object, headings: list[str], names: Names) -> Meaning | None:
    """By the office's own name, an id of the catalogue, a name, or any other id, as provinces have their own."""
    if own := names.own_column(headings):
        return Meaning(own)
    if isinstance(raw, str) and raw.strip() in measure_titles():
        return Meaning(raw.strip())
    if headings and (found := names.column(headings)):
        return found
    try:
        return Meaning(id_in(raw))
    except CellError:
        return None


def _shown(raw: object, headings: list[str]) -> str:
    return _joined(headings)[:120] if headings else shown(raw).strip("“”")


def _joined(headings: list[str]) -> str:
    return " / ".join(" ".join(one.split()) for one in headings)
