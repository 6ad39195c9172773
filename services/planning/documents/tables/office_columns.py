"""Turns a table with a column for each office and a row for each month, or the reverse, into a row for each task."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from services.planning.documents.blocks.assignments import names_only_bodies
from services.planning.documents.document import Cell, Row, Table
from services.planning.documents.line_markers import CAPITALS
from services.planning.documents.tables.cell_contents import is_schedule, one_line, role_of_mark, stripped
from services.planning.documents.tables.columns.column_roles import mostly
from services.planning.documents.tables.columns.header_words import LONGEST, role_of
from shared.vietnamese import folded

_HEADER = ("Nội dung công việc", "Cơ quan chủ trì", "Thời gian")
_MOST_HEADER_ROWS = 3
_CHECKED = 50  # rows whose first cells are looked at
_UNIT = re.compile(r"\b(tháng|quý|tuần)\b")
_NUMBER = re.compile(r"(\d{1,2}|[ivx]{1,4})(\s*/\s*20\d\d)?")
_ROMAN = re.compile(r"[ivx]+")
_QUARTER_OR_MONTH = re.compile(r"(quý|quí|q|tháng|th|t)?[ .]*(\d{1,2}|[ivx]{1,4})(\s*/\s*20\d\d)?")
_MARK = re.compile(r"^(?:[-–—+*•]|\d{1,2}[.)]|[a-zđ]\))\s*")
_NEXT_TASK = re.compile(rf";\s+(?=(?:[-+•]\s*)?[{CAPITALS}])")

Place = tuple[int, int]


@dataclass(frozen=True)
class _Grid:
    """The table below its header. `headings` by column; `owner` is the place of the cell that covers each place."""

    table: Table
    first: int
    headings: Sequence[str]
    owner: dict[Place, Place]

    def text(self, row: int, column: int) -> str:
        row, column = self.owner[row, column]
        return stripped(self.table.rows[row].cells[column].text)

    def places(self, columns: Sequence[int]) -> Iterator[tuple[Place, list[Place]]]:
        """Each cell below these columns that has a text, with all places that it is merged over."""
        merged: dict[Place, list[Place]] = {}
        for place in product(range(self.first, len(self.table.rows)), columns):
            merged.setdefault(self.owner[place], []).append(place)
        return ((own, places) for own, places in merged.items() if self.text(*own))


def with_a_row_for_each_task(table: Table) -> Table:
    """The same table where its columns are not offices or times with tasks in their cells."""
    if len(table.rows) < 2 or len(table.rows[0].cells) < 3:
        return table
    whole = table
    table = replace(table, rows=tuple(_with_cut_rows_joined(table.rows)))
    for height in range(1, min(_MOST_HEADER_ROWS, len(table.rows) - 1) + 1):
        if not _may_be_header(table.rows[:height]):
            continue
        grid = _grid(table, height)
        rows = _by_offices(grid) or _by_times(grid)
        if rows:
            return Table((Row(tuple(map(Cell, _HEADER)), table.rows[height - 1].place), *rows), table.place)
    return whole


def _with_cut_rows_joined(rows: Sequence[Row]) -> Iterator[Row]:
    """A row that a page break cut, which has no time on the next page, as one."""
    last: Row | None = None
    for row in rows:
        if last and row.page_begins and not row.cells[0].text and row.cells[0].covered is None:
            pairs = zip(last.cells, row.cells, strict=True)
            last = replace(
                last, cells=tuple(replace(above, text=_joined(above.text, cell.text)) for above, cell in pairs)
            )
            continue
        if last:
            yield last
        last = row
    if last:
        yield last


def _joined(text: str, rest: str) -> str:
    return f"{text} {rest}".strip() if rest[:1].islower() else f"{text}\n{rest}".strip()


def _may_be_header(rows: Sequence[Row]) -> bool:
    """Different offices or times, below cells that are merged over them: a look at all rows would take long."""
    if not all(any(cell.covered == "left" for cell in row.cells) for row in rows[:-1]):
        return False
    texts = {one_line(cell.text) for cell in rows[-1].cells if cell.text}
    if rows[-1].cells[0].covered is None and (rows[-1].cells[0].text.strip(" .")).isdigit():
        return False  # a numbered task, in the second part of a table without its header
    return sum(role_of(text) == "period" for text in texts) > 1 or sum(map(_is_office, texts)) > 1


def _is_office(text: str) -> bool:
    return len(text) <= LONGEST and role_of(text) == "other" and names_only_bodies(text)


def _grid(table: Table, first: int) -> _Grid:
    owner: dict[Place, Place] = {}
    for at, row in enumerate(table.rows):
        for column, cell in enumerate(row.cells):
            above_or_left = (at - 1, column) if cell.covered == "above" else (at, column - 1)
            owner[at, column] = owner.get(above_or_left, (at, column)) if cell.covered else (at, column)
    headings = []
    for column in range(len(table.rows[0].cells)):
        texts = dict.fromkeys(owner[at, column] for at in range(first))
        named = [one_line(table.rows[at].cells[place].text) for at, place in texts]
        headings.append(next((text for text in reversed(named) if text), ""))
    return _Grid(table, first, headings, owner)


def _by_offices(grid: _Grid) -> list[Row]:
    offices = [at for at, text in enumerate(grid.headings) if _is_office(text)]
    times = [at for at in range(len(grid.headings)) if at not in offices and _is_time_column(grid, at)]
    if len(offices) < 2 or not times or _has_content(grid) or not _holds_tasks(grid, offices):
        return []
    when = _times_of(grid, times[-1])  # beside "Quý" the months tell more

    return list(
        _rows(grid, offices, lambda places: ([grid.headings[at] for _, at in places], [when(row) for row, _ in places]))
    )


def _by_times(grid: _Grid) -> list[Row]:
    """A row for each office, and a column for each quarter or month with tasks below it."""
    times = [at for at, text in enumerate(grid.headings) if role_of(text) == "period"]
    rest = [at for at in range(len(grid.headings)) if at not in times and role_of(grid.headings[at]) != "number"]
    if (
        len(times) < 2
        or len(rest) != 1
        or role_of(grid.headings[rest[0]]) == "content"
        or not _holds_tasks(grid, times)
    ):
        return []
    if not mostly(names_only_bodies, _texts(grid, rest[0])[:_CHECKED]):
        return []

    def office(row: int) -> str:
        return one_line(grid.text(row, rest[0]))

    return list(
        _rows(grid, times, lambda places: ([office(row) for row, _ in places], [grid.headings[at] for _, at in places]))
    )


def _has_content(grid: _Grid) -> bool:
    return any(role_of(text) in ("content", "deliverable", "lead", "bodies") for text in grid.headings)


def _texts(grid: _Grid, column: int) -> list[str]:
    return [text for row in range(grid.first, len(grid.table.rows)) if (text := grid.text(row, column))]


def _holds_tasks(grid: _Grid, columns: Sequence[int]) -> bool:
    """Whether the cells hold words, and not marks or roles."""
    texts = [text for column in columns for text in _texts(grid, column)]
    return bool(texts) and mostly(lambda text: not role_of_mark(text) and " " in text, texts)


def _is_time_column(grid: _Grid, column: int) -> bool:
    heading = folded(grid.headings[column])
    if role_of(heading) == "number" or not (_UNIT.search(heading) or role_of(heading) == "schedule" or not heading):
        return False
    return mostly(
        lambda text: bool(_QUARTER_OR_MONTH.fullmatch(folded(text))) or is_schedule(text), _texts(grid, column)
    )


def _times_of(grid: _Grid, column: int) -> Callable[[int], str]:
    """The time of a row with its unit: 3 below "Tháng" is March, and I is the first quarter."""
    unit = _UNIT.search(folded(grid.headings[column]))

    def when(row: int) -> str:
        text = one_line(grid.text(row, column))
        if not _NUMBER.fullmatch(folded(text)) or "/" in text:
            return text
        named = unit[1] if unit else "quý" if _ROMAN.fullmatch(folded(text)) else "tháng"
        return f"{named.capitalize()} {text}"

    return when


def _rows(
    grid: _Grid, columns: Sequence[int], who_and_when: Callable[[Sequence[Place]], tuple[list[str], list[str]]]
) -> Iterator[Row]:
    for (at, column), places in grid.places(columns):
        offices, times = (list(dict.fromkeys(filter(None, each))) for each in who_and_when(places))
        time = f"Từ {_small(times[0])} đến {_small(times[-1])}" if len(times) > 1 else "".join(times)
        place = f"{grid.table.rows[at].place}, cột {column + 1}"
        for task in _tasks(grid.text(at, column)):
            yield Row((Cell(task), Cell("\n".join(offices)), Cell(time)), place)


def _small(text: str) -> str:
    return text[0].lower() + text[1:]


def _tasks(text: str) -> Iterator[str]:
    """The tasks in one cell: lines with a mark of a list, or lines and parts that begin with a capital letter."""
    lines = [part.strip() for line in text.split("\n") for part in _NEXT_TASK.split(line)]
    is_list = any(_MARK.match(line) for line in lines)
    tasks: list[str] = []
    for line in lines:
        begins = bool(_MARK.match(line)) if is_list else line[:1].isupper()
        if begins or not tasks:
            tasks.append(_MARK.sub("", line))
        else:
            tasks[-1] += f" {line}"
    return (kept for task in tasks if (kept := task.strip().rstrip(" .;,")))
