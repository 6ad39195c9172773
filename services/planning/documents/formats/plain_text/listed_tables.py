"""Reads tables copied without any mark, one cell on each line, and notes prose that seems to be a lost table."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from services.planning.documents.formats.plain_text.line_kinds import (
    LONGEST_LABEL,
    begins_annex,
    is_bullet,
    is_code,
    is_label,
    is_number_column,
    is_signature,
    whole_number,
)
from services.planning.documents.formats.plain_text.lines import Line, Note, Run, RunOrTable
from services.planning.documents.formats.plain_text.table_rows import TextRow, table_of

_MOST_COLUMNS = 12
_LONGEST_ROW = 60  # lines
_SPACED_COLUMNS = re.compile(r"\S {2,}(?=\S)")
_FEWEST_LINES = 5  # lines with three columns, or with a row's number and nothing else
_NEAREST_LINES = 25  # lines, fewer than a page has: the numbers of pages are further from each other
_SPACED_TABLE = (
    "có vẻ là một bảng chỉ chia cột bằng khoảng trắng, không tách được chắc chắn nên giữ nguyên từng dòng. "
    "Hãy đọc tệp gốc dạng .docx, .xlsx hoặc PDF."
)
_LOST = "có vẻ là một bảng bị mất cột, không tách được chắc chắn nên giữ nguyên từng dòng."


def listed_tables(run: Run, notes: list[Note]) -> list[RunOrTable]:
    """Splits the run into tables with a certain header and running numbers, and runs of other lines, in order."""
    parts: list[RunOrTable] = []
    rest: list[Line] = []
    at = 0
    while at < len(run):
        header, body = _header(run, at) if is_number_column(run[at].text) else ([], at)
        rows, end = _rows(run, body, len(header)) if header else ([], at)
        if len(rows) > 0:
            parts += [rest, table_of([TextRow(tuple(header), run[at].number), *rows], len(header))]
            rest, at = [], end
            continue
        if header:
            notes.append(Note(run[at].number, _LOST))
        rest.append(run[at])
        at += 1
    return [*parts, rest]


def _header(run: Run, at: int) -> tuple[list[str], int]:
    """The names of the columns, and the line of the first row's number; nothing if that does not come soon."""
    names: list[str] = []
    for index, line in enumerate(run[at : at + 3 * _MOST_COLUMNS], start=at):
        text = line.text.strip()
        if names and is_code(text) and text.strip("(). ") in {"1", "I", "A"}:
            known = sum(map(is_label, names))
            return (names, index) if 3 <= len(names) <= _MOST_COLUMNS and known * 3 >= len(names) * 2 else ([], at)
        if len(text) > LONGEST_LABEL or "\t" in line.text or (names and is_number_column(text)):
            break
        if names and text[:1].islower():
            names[-1] += " " + text
        elif text:
            names.append(text)
    return [], at


@dataclass(frozen=True)
class _Split:
    cells: tuple[str, ...]
    end: int


def _rows(run: Run, at: int, width: int) -> tuple[list[TextRow], int]:
    """All rows, or none when one of them cannot be separated from its neighbours."""
    rows: list[TextRow] = []
    expected = 1
    while at < len(run):
        code = run[at].text.strip()
        if not code:
            at += 1
            continue
        if not is_code(code) or whole_number(code) not in {None, expected}:
            break
        found = _group(run, at) or _numbered(run, at, width, expected + 1)
        if found is None:
            return [], at
        rows.append(TextRow(found.cells, run[at].number))
        expected += whole_number(code) is not None and len(found.cells) == width
        at = found.end
    return (rows, at) if expected > 1 else ([], at)


def _group(run: Run, at: int) -> _Split | None:
    """A letter or Roman number, its title, and then the next number at once."""
    if whole_number(run[at].text) is not None:
        return None
    texts = list(islice(_texts(run, at + 1), 2))
    if len(texts) < 2 or not is_code(texts[1][1]):
        return None
    return _Split((run[at].text.strip(), texts[0][1]), texts[1][0])


def _texts(run: Run, at: int) -> Iterator[tuple[int, str]]:
    lines = ((index, run[index].text.strip()) for index in range(at, min(len(run), at + _LONGEST_ROW)))
    return ((index, text) for index, text in lines if text)


def _numbered(run: Run, at: int, width: int, following: int) -> _Split | None:
    """Each line is a cell if that fills the row; else a line with a small first letter continues the one above."""
    return _filled(run, at, width, following, joins=False) or _filled(run, at, width, following, joins=True)


def _filled(run: Run, at: int, width: int, following: int, joins: bool) -> _Split | None:
    """Up to the next number; the last row up to where its cells are full."""
    cells: list[str] = []
    last: _Split | None = None
    texts = _texts(run, at + 1)
    for line, text in texts:
        number = whole_number(text)
        ends = number == following or (number is None and is_code(text) and not text.islower())
        if ends and len(cells) == width - 1:
            return _Split((run[at].text.strip(), *cells), line)
        _put(cells, text, joins)
        if len(cells) >= width or is_signature(text) or begins_annex(text):
            break
        if len(cells) == width - 1:
            last = _Split((run[at].text.strip(), *cells), line + 1)
    more_rows = str(following) in cells or any(whole_number(text) == following for _, text in texts)
    return None if more_rows else last


def _put(cells: list[str], text: str, joins: bool) -> None:
    """Bullets below each other are one cell."""
    last = cells[-1] if cells else ""
    if is_bullet(text) and (is_bullet(last) or last.endswith(":")):
        cells[-1] += "\n" + text
    elif joins and text[0].islower() and last and not last.endswith((";", ".")):
        cells[-1] += " " + text
    else:
        cells.append(text)


def lost_tables(run: Run, notes: list[Note]) -> list[RunOrTable]:
    """Leaves the run unchanged, and adds at most one note."""
    if spaced := _first_of_several(line for line in run if len(_SPACED_COLUMNS.findall(line.text.strip())) > 1):
        notes.append(Note(spaced.number, _SPACED_TABLE))
    elif listed := _first_of_several(line for line in run if is_code(line.text.strip())):
        notes.append(Note(listed.number, _LOST))
    return [run]


def _first_of_several(found: Iterable[Line]) -> Line | None:
    """The first of several that are near each other."""
    near: list[Line] = []
    for line in found:
        near = [*near, line] if near and line.number - near[-1].number <= _NEAREST_LINES else [line]
        if len(near) == _FEWEST_LINES:
            return near[0]
    return None
