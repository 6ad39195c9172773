"""Takes apart rows whose cells hold lists: "a) … b) …" beside "a) … b) …", numbered works each with its office."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from services.planning.documents.blocks.keys import keys_in
from services.planning.documents.blocks.sentences import dated_assignment
from services.planning.documents.tables.columns.column import BODIES, SCHEDULES, Columns
from services.planning.documents.tables.rows.entries import Entry

_LABEL = re.compile(r"\(?([a-zđ]|\d{1,2})[.)]\s+(?=\S)")
_BULLET = re.compile(r"[-+•–]\s*(?=\S)")
_MOST = 26


def with_parts_of_lists(entries: Iterable[Entry], columns: Columns) -> Iterator[Entry]:
    """Each row, or one for each label that its content shares with its bodies or its schedule."""
    for entry in entries:
        lists = {column.at: _labelled(entry.texts[column.at]) for column in columns.all}
        yield from (
            _parts(entry, columns, lists)
            or _parts_by_bullets(entry, columns)
            or _parts_by_assignments(entry, columns)
            or [entry]
        )


def _parts(entry: Entry, columns: Columns, lists: dict[int, tuple[str, dict[str, str]]]) -> list[Entry]:
    content = columns.first("content")
    who_and_when = columns.of(*BODIES, *SCHEDULES)
    if content is None:
        return []
    opening, items = lists[content.at]
    alike = [
        column for column in who_and_when if len(lists[column.at][1]) > 1 and lists[column.at][1].keys() <= items.keys()
    ]
    if not alike or not 2 <= len(items) <= _MOST:
        _warn_of_bullets(entry, columns)
        return []
    number = entry.code or ""
    note = f"ô có danh sách {', '.join(f'{label})' for label in items)} đi cùng nhau; mỗi mục là một nhiệm vụ."
    parts = []
    for label, item in items.items():
        texts = [_part(text, *lists[at], label) for at, text in enumerate(entry.texts)]
        texts[content.at] = f"{opening}\n{item}" if opening else item
        code = f"{number}{label}" if number and label.isalpha() else f"{number}.{label}" if number else label
        parts.append(replace(entry, code=code, texts=texts, warnings=[*entry.warnings, note]))
    return parts


def _parts_by_bullets(entry: Entry, columns: Columns) -> list[Entry]:
    """ "- Lập sổ; - Mở lớp" beside "- Phòng Kinh tế; - Công an xã": as many works as offices, one for each."""
    content = columns.first("content")
    lists = {column.at: _items(entry.texts[column.at]) for column in columns.of("content", *BODIES, *SCHEDULES)}
    count = len(lists[content.at]) if content else 0
    if content is None or not 2 <= count <= _MOST:
        return []
    if not any(len(lists[column.at]) == count for column in columns.of(*BODIES)):
        return []
    note = f"{count} việc đi cùng {count} cơ quan trong một dòng; đọc mỗi việc của một cơ quan, cần xem lại."
    parts = []
    for n in range(count):
        texts = [lists[at][n] if len(lists.get(at, ())) == count else text for at, text in enumerate(entry.texts)]
        code = f"{entry.code}.{n + 1}" if entry.code else None
        parts.append(replace(entry, code=code, texts=texts, warnings=[*entry.warnings, note]))
    return parts


def _parts_by_assignments(entry: Entry, columns: Columns) -> list[Entry]:
    """ "1. Lập sổ: Phòng Kinh tế; 2. Mở lớp: Công an xã" where no column names offices: each is a work of its own."""
    content = columns.first("content")
    if content is None or columns.of(*BODIES, "marked"):
        return []
    items = _numbered(entry.texts[content.at], entry.code)
    assigned = sum(_names_its_office(text) for _, text in items)
    if len(items) < 2 or 2 * assigned < len(items):
        return []
    note = f"ô có {len(items)} việc, mỗi việc ghi cơ quan riêng; đọc mỗi việc là một nhiệm vụ."
    return [
        replace(
            entry,
            code=code,
            texts=[text if at == content.at else each for at, each in enumerate(entry.texts)],
            warnings=[*entry.warnings, note],
        )
        for code, text in items
    ]


def _names_its_office(text: str) -> bool:
    before, keys = keys_in(text)
    return any(key.role in ("lead", "both") for key in keys) or dated_assignment(before) is not None


def _numbered(text: str, code: str | None) -> list[tuple[str | None, str]]:
    """The works of a cell: their numbers, one after another from any on, or bullets; none where other text begins.

    `code`: the number of the row, which the works get before theirs; or of the first, taken out of the cell.
    """
    row = code if _LABEL.match(text) else None
    items: list[tuple[str | None, str]] = []
    for line in text.split("\n"):
        if found := _LABEL.match(line):
            items.append((found[1], line[found.end() :].strip()))
        elif found := _BULLET.match(line):
            items.append((None, line[found.end() :].strip()))
        elif items:
            items[-1] = (items[-1][0], f"{items[-1][1]}\n{line}")
        else:
            items.append((code, line))
    labels = [label for label, _ in items]
    if labels[0] is not None and labels[0].isdigit():
        is_sequence = labels == [str(int(labels[0]) + n) for n in range(len(items))]
        return [(f"{row}.{label}" if row else label, text) for label, text in items] if is_sequence else []
    return [(None, text) for _, text in items] if _BULLET.match(text) and not any(labels) else []


def _items(text: str) -> list[str]:
    """The items of a list with bullets, without their ends; none where another text stands before it."""
    items: list[str] = []
    for line in text.split("\n"):
        if found := _BULLET.match(line):
            items.append(line[found.end() :])
        elif items:
            items[-1] += f" {line}"
        else:
            return []
    return [item.strip(" ;.,") for item in items]


def _part(text: str, opening: str, items: dict[str, str], label: str) -> str:
    """What a cell holds for one label: its item; all of a cell without a list; nothing where the list leaves it out."""
    if len(items) < 2:
        return text
    return "\n".join(part for part in (opening, items.get(label, "")) if part)


def _labelled(text: str) -> tuple[str, dict[str, str]]:
    """The text before a list and its items by their labels; labels that are no sequence from the first on make none."""
    opening: list[str] = []
    items: dict[str, list[str]] = {}
    for line in text.split("\n"):
        if found := _LABEL.match(line):
            items.setdefault(found[1], []).append(line[found.end() :].strip(" ;"))
        elif items:
            items[next(reversed(items))].append(line)
        else:
            opening.append(line)
    if list(items)[:1] not in (["a"], ["1"]):
        return text, {}
    return "\n".join(opening).strip(), {label: "\n".join(lines) for label, lines in items.items()}


def _warn_of_bullets(entry: Entry, columns: Columns) -> None:
    """Lists without labels may belong together or not: as many schedules as lines of the content."""
    content = columns.first("content")
    counts = [_bullets(entry.texts[column.at]) for column in columns.of(*SCHEDULES)]
    count = _bullets(entry.texts[content.at]) if content else 0
    if count > 1 and count in counts:
        entry.warnings.append(f"ô nội dung và ô thời hạn đều có {count} dòng; cần xem mỗi dòng có hạn riêng không.")


def _bullets(text: str) -> int:
    return sum(bool(_BULLET.match(line)) for line in text.split("\n"))
