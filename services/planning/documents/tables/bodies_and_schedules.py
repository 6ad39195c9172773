"""Reads the bodies and the schedule of a row, each of one column or of several."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.planning.documents.blocks.assignments import names_only_bodies, says_that_the_first_leads
from services.planning.documents.draft import DraftTarget, DraftTask
from services.planning.documents.formats.text_cleaning import first_words
from services.planning.documents.tables.cell_contents import is_mark, one_line, role_of_mark
from services.planning.documents.tables.columns.column import BODIES, Column, ColumnRole, Columns, role_of_bodies
from services.planning.documents.tables.rows.entries import Entry
from services.planning.phrases.bodies import Bodies, BodiesRole, is_outside_commune, read_bodies
from shared.vietnamese import folded

_LEADS = r"(?:chủ trì|tham mưu|đầu mối|chịu trách nhiệm|chính|thực hiện|đảm nhiệm|phụ trách)"
_SUPPORTS = r"(?:phối hợp|hỗ trợ|tham gia|cùng (?:thực hiện|làm))"
_SLASH_OF_ROLES = re.compile(rf"{_LEADS}[^/]*/[^/]*{_SUPPORTS}|(?P<reversed>{_SUPPORTS}[^/]*/[^/]*{_LEADS})")
_BEFORE = re.compile(r"\btrước( ngày| tháng| thời điểm)?$")
_DAY_OR_PERIOD = re.compile(r"\d|ngày \d|tháng \d|quý ")
_CHANGED = re.compile(r"điều chỉnh|gia hạn|sửa đổi|thay đổi|\bmới\b|lùi")
_UNIT_ALONE = re.compile(r"(?:.*\b)?(tháng|quý)(?: (?:thực hiện|hoàn thành|triển khai))?\)?$")
_COUNTS = re.compile(r"tần suất|\blần\b|số (?:tháng|quý|lần)|\((?:tháng|quý)\)")  # 3 below "Thời hạn (tháng)"
_NUMBERS = re.compile(r"(?:\d{1,2}|[ivx]{1,4})(?:(?: ?[-,;] ?| và )(?:\d{1,2}|[ivx]{1,4}))*(?: ?/ ?20\d\d)?")
_DAY_OF_MONTH = re.compile(r"0?[1-9]|[12]\d|3[01]")
_MONTHS = 12
_MARKED = "thời hạn được ghép từ các ô đánh dấu theo quý, tháng; cần xem lại."


def add_bodies(
    task: DraftTask, entry: Entry, columns: Columns, taken: Mapping[ColumnRole, str], *, first_leads: str = ""
) -> None:
    """Adds the bodies in columns of bodies, and in columns that are named after a body; `taken`: from other cells.

    `first_leads`: a note that gives the lead to the first body of a cell, in a column that is for both roles.
    """
    own_role = role_of_mark(entry.text(columns, "role"))
    for column in columns.of(*BODIES):
        in_cell = own_role or _role(column, columns)
        in_header = column.header if says_that_the_first_leads(column.header) and not columns.of("support") else ""
        by_order = first_leads if in_cell == "both" else in_header if in_cell == "lead" else ""
        _add(task, entry.texts[column.at], in_cell, column.header, by_order=by_order)
    for role in BODIES:
        _add(task, taken.get(role, ""), role_of_bodies(role))
    for body, mark in _by_marks([(column.header, entry.texts[column.at]) for column in columns.of("marked")]):
        _add(task, body, mark)


def add_owners(target: DraftTarget, entry: Entry, columns: Columns) -> list[str]:
    """Adds the owners: the leading, then the supporting bodies of each column; returns warnings about them."""
    warnings: list[str] = []
    for column in columns.of(*BODIES):
        if text := entry.texts[column.at]:
            bodies = read_bodies(text, role_of_bodies(column.role))
            target.owners += [body for body in (*bodies.lead, *bodies.support) if body not in target.owners]
            warnings += bodies.warnings
    if not target.owners and columns.of(*BODIES):
        warnings.append(f"chỉ tiêu “{first_words(target.name)}” chưa có cơ quan thực hiện.")
    outside = [owner for owner in target.owners if is_outside_commune(owner)]
    return warnings + [f"cơ quan ngoài xã, phường được giao chỉ tiêu: {owner}." for owner in outside]


def _role(column: Column, columns: Columns) -> BodiesRole:
    """A column without a role in its header supports where another one leads, and leads where another one supports."""
    role = role_of_bodies(column.role)
    if role == "both" and columns.of("lead"):
        return "support"
    return "lead" if role == "both" and columns.of("support") else role


def _add(task: DraftTask, text: str, role: BodiesRole, header: str = "", *, by_order: str = "") -> None:
    if not text:
        return
    named = _SLASH_OF_ROLES.search(folded(header)) if role == "both" else None
    if named and (both := _by_slash(text)):
        lead, support = both[::-1] if named["reversed"] else both
        text = f"Chủ trì: {lead}\nPhối hợp: {support}"
    bodies = read_bodies(text, role)
    if by_order and len(bodies.lead) > 1 and not bodies.support:
        by_note = f"cơ quan đứng đầu là chủ trì, các cơ quan sau phối hợp, theo câu “{first_words(by_order, 100)}”."
        bodies = Bodies(bodies.lead[:1], bodies.lead[1:], (*bodies.warnings, by_note))
    elif role == "both" and len(bodies.lead) > 1 and not bodies.support and _names_both_roles(header):
        task.warnings.append(f"cột “{header}” không ghi ai chủ trì, ai phối hợp; đọc tất cả là chủ trì.")
    task.lead += [body for body in bodies.lead if body not in task.lead]
    task.support += [body for body in bodies.support if body not in task.support]
    task.warnings += bodies.warnings


def _by_slash(text: str) -> tuple[str, str] | None:
    """ "Phòng Kinh tế / Công an xã, Trạm Y tế" below "Chủ trì/Phối hợp": who leads, and who supports."""
    parts = [part.strip(" \n;,-") for part in text.split("/")]
    return (parts[0], parts[1]) if len(parts) == 2 and all(map(names_only_bodies, parts)) else None


def _names_both_roles(header: str) -> bool:
    """Also where it only speaks of who leads: "Đơn vị thực hiện (đơn vị in đậm chủ trì)"."""
    names = folded(header)
    return "chủ trì" in names or bool(re.search(_LEADS, names) and re.search(_SUPPORTS, names))


def _by_marks(cells: Sequence[tuple[str, str]]) -> list[tuple[str, BodiesRole]]:
    """The bodies of one row with their roles, from headers and cells: "x" supports where another leads, else leads."""
    marked = [(header, role) for header, text in cells if (role := role_of_mark(text))]
    leads = any(role == "lead" for _, role in marked)
    return [(header, ("support" if leads else "lead") if role == "both" else role) for header, role in marked]


@dataclass(frozen=True)
class PrintedSchedule:
    """`text` is None where all cells are empty; `meaning` is the text to read, with what its header adds to it."""

    text: str | None
    meaning: str | None = None
    warnings: tuple[str, ...] = ()


def schedule_of(entry: Entry, columns: Columns) -> PrintedSchedule:
    """The printed schedule, or one composed in the same words, with a warning."""
    cells = [(column, text) for column in columns.of("schedule") if (text := entry.texts[column.at])]
    cells, warnings = _in_force(_with_days_of_months(cells))
    from_until = _from_until(entry, columns)
    marked = _marked([(column, entry.texts[column.at]) for column in columns.of("period")])
    warnings += [_MARKED] if marked else []
    if from_until and not entry.text(columns, "end"):
        warnings.append("chỉ ghi thời gian bắt đầu, không ghi hạn phải xong; cần xem lại.")
    printed = "\n".join(part for part in (*(text for _, text in cells), from_until, marked) if part)
    meaning = "\n".join(part for part in (*(_with_before(*cell) for cell in cells), from_until, marked) if part)
    if any(_with_before(*cell).startswith("Trước") and _with_before(*cell) != cell[1] for cell in cells):
        warnings.append("tiêu đề cột ghi “trước”, nên đọc là trước ngày ghi trong ô.")
    return PrintedSchedule(printed or None, meaning or None, tuple(warnings))


def _with_days_of_months(cells: list[tuple[Column, str]]) -> list[tuple[Column, str]]:
    """22 below "Ngày" beside 11 below "Tháng" is one day."""
    for day, month in pairwise(cells):
        names = [folded(column.header).rsplit(" ", 1)[-1] for column, _ in (day, month)]
        if names == ["ngày", "tháng"] and _DAY_OF_MONTH.fullmatch(day[1]) and _DAY_OF_MONTH.fullmatch(month[1]):
            whole = (day[0], f"Ngày {day[1]}/{month[1]}")
            return [whole if cell is day else cell for cell in cells if cell is not month]
    return cells


def _in_force(cells: list[tuple[Column, str]]) -> tuple[list[tuple[Column, str]], list[str]]:
    """A changed time stands for the one before it; several others are all kept, with a warning."""
    changed = [cell for cell in cells if _CHANGED.search(folded(cell[0].header))]
    kept = changed or cells
    named = [f"“{column.header}”: {one_line(text)}" for column, text in cells if (column, text) not in kept]
    if named:
        return kept, [f"lấy thời hạn ở cột “{kept[0][0].header}”, không lấy {'; '.join(named)}."]
    if len(kept) > 1 and any(column.header for column, _ in kept):
        headers = ", ".join(f"“{column.header}”" for column, _ in kept)
        return kept, [f"thời hạn ghi ở các cột {headers}; cần xem cột nào là hạn phải xong."]
    return kept, []


def _with_before(column: Column, text: str) -> str:
    """15/6 below "Hoàn thành trước" is not the last day, and 3 below "Tháng" is March."""
    header = folded(column.header)
    if not _COUNTS.search(header) and (unit := _UNIT_ALONE.match(header)) and _NUMBERS.fullmatch(folded(text)):
        return f"{unit[1].capitalize()} {text}"
    is_before = _BEFORE.search(header) and _DAY_OR_PERIOD.match(folded(text))
    return f"Trước {text[0].lower()}{text[1:]}" if is_before else text


def _from_until(entry: Entry, columns: Columns) -> str:
    begin, end = entry.text(columns, "begin"), entry.text(columns, "end")
    if begin and end:
        return f"Từ {_without(begin, 'từ')} đến {_without(end, 'đến')}"
    return end or begin


def _without(text: str, word: str) -> str:
    return text[len(word) :].strip() if folded(text).startswith(word + " ") else text


def _marked(cells: Sequence[tuple[Column, str]]) -> str:
    """Marks side by side are one range; a cell with words keeps them after the name of its period."""
    runs: list[list[Column]] = []
    texts: list[str] = []
    before = -2
    for place, (column, text) in enumerate(cells):
        if is_mark(text):
            if runs and before == place - 1:
                runs[-1].append(column)
            else:
                runs.append([column])
            before = place
        elif _DAY_OF_MONTH.fullmatch(text) and _period(column).startswith("Tháng"):
            texts.append(f"Ngày {text} {_period(column).lower()}")
        elif text:
            texts.append(f"{_period(column)}: {text}")
    return "; ".join([_run(run) for run in runs] + texts)


def _run(run: Sequence[Column]) -> str:
    first, last = _period(run[0]), _period(run[-1])
    if first == last:
        return first
    if len(run) == _MONTHS and first.startswith("Tháng"):
        return "Hằng tháng"
    return f"Từ {first[0].lower()}{first[1:]} đến {last[0].lower()}{last[1:]}"


def _period(column: Column) -> str:
    """Quý III or Tháng 7 from "Thời gian Quý III", "Q3", "T7", or a bare 7 below a header of months."""
    *before, word = re.findall(r"[\w/.]+", folded(column.header))
    name, _, year = word.upper().partition("/")
    if name.startswith("Q") or before[-1:] in (["quý"], ["quí"], ["q"]):
        quarter = name.lstrip("Q.")
        named = f"Quý {dict(zip('1234', ('I', 'II', 'III', 'IV'), strict=True)).get(quarter, quarter)}"
    else:
        named = f"Tháng {name.lstrip('TH.').lstrip('0')}"
    return f"{named}/{year}" if year else named
