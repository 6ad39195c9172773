"""A schedule that a table spreads over several columns: from and until, or marks below quarters and months."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.planning.documents.tables.cell_contents import is_mark
from services.planning.documents.tables.columns import Column, Columns
from services.planning.documents.tables.rows import Entry
from shared.vietnamese import folded

_BEFORE = re.compile(r"\btrước( ngày| tháng| thời điểm)?$")
_DAY_OR_PERIOD = re.compile(r"\d|ngày \d|tháng \d|quý ")
_MARKED = "thời hạn được ghép từ các ô đánh dấu theo quý, tháng; cần xem lại."


@dataclass(frozen=True)
class Schedule:
    """`text` is None where all cells are empty; `means` is how to read it, where its header says more than its cell."""

    text: str | None
    means: str | None = None
    warnings: tuple[str, ...] = ()


def schedule_of(entry: Entry, columns: Columns) -> Schedule:
    """The printed schedule, or one put together in the same words with a warning."""
    cells = [(column, text) for column in columns.of("schedule") if (text := entry.texts[column.at])]
    stretch = _stretch(entry, columns)
    marked = _marked([(column, entry.texts[column.at]) for column in columns.of("period")])
    warnings = [_MARKED] if marked else []
    printed = "\n".join(part for part in (*(text for _, text in cells), stretch, marked) if part)
    means = "\n".join(part for part in (*(_meant(*cell) for cell in cells), stretch, marked) if part)
    if means != printed:
        warnings.append("tiêu đề cột ghi “trước”, nên đọc là trước ngày ghi trong ô.")
    return Schedule(printed or None, means or None, tuple(warnings))


def _meant(column: Column, text: str) -> str:
    """15/6 below Hoàn thành trước is not the last day."""
    says_before = _BEFORE.search(folded(column.header)) and _DAY_OR_PERIOD.match(folded(text))
    return f"Trước {text[0].lower()}{text[1:]}" if says_before else text


def _stretch(entry: Entry, columns: Columns) -> str:
    begin, end = entry.text(columns, "begin"), entry.text(columns, "end")
    if begin and end:
        return f"Từ {_without(begin, 'từ')} đến {_without(end, 'đến')}"
    return end or begin


def _without(text: str, word: str) -> str:
    return text[len(word) :].strip() if folded(text).startswith(word + " ") else text


def _marked(cells: Sequence[tuple[Column, str]]) -> str:
    """Marks side by side are one stretch of time; a cell with words keeps them after its period's name."""
    runs: list[list[Column]] = []
    told: list[str] = []
    before = -2
    for place, (column, text) in enumerate(cells):
        if is_mark(text):
            if runs and before == place - 1:
                runs[-1].append(column)
            else:
                runs.append([column])
            before = place
        elif text:
            told.append(f"{_period(column)}: {text}")
    return "; ".join([_run(run) for run in runs] + told)


def _run(run: Sequence[Column]) -> str:
    first, last = _period(run[0]), _period(run[-1])
    if first == last:
        return first
    return f"Từ {first[0].lower()}{first[1:]} đến {last[0].lower()}{last[1:]}"


def _period(column: Column) -> str:
    """Quý III or Tháng 7 out of "Thời gian Quý III", "Q3", "T7" or a bare 7 under a header of months."""
    *before, word = re.findall(r"[\w/.]+", folded(column.header))
    name, _, year = word.upper().partition("/")
    if name.startswith("Q") or before[-1:] in (["quý"], ["quí"], ["q"]):
        quarter = name.lstrip("Q.")
        named = f"Quý {dict(zip('1234', ('I', 'II', 'III', 'IV'), strict=True)).get(quarter, quarter)}"
    else:
        named = f"Tháng {name.lstrip('TH.').lstrip('0')}"
    return f"{named}/{year}" if year else named
