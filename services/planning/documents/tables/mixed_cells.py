"""Takes apart cells that hold several things: fields without a column of their own, and lists "a) … b) …"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from services.planning.documents.blocks.assignments import deadlines_in, names_only_bodies
from services.planning.documents.blocks.keys import keys_in
from services.planning.documents.blocks.task_lists import is_dated_section, office_of, time_of_section
from services.planning.documents.tables.cell_contents import is_body, is_schedule, one_line
from services.planning.documents.tables.columns.column import BODIES, ROLE_NAMES, SCHEDULES, Column, ColumnRole, Columns
from services.planning.documents.tables.rows.entries import Entry
from services.planning.phrases.bodies import is_outside_commune
from shared.vietnamese import folded

_OF_KEYS: dict[str, ColumnRole] = {
    "lead": "lead",
    "support": "support",
    "both": "bodies",
    "deliverable": "deliverable",
    "schedule": "schedule",
}
_BEGINS_A_TIME = (
    r"(?:quý|quí|tháng|trong|cuối|đầu|giữa|hằng|hàng|thường xuyên|định kỳ|đột xuất|theo kế hoạch|trước|chậm nhất|ngày|"
    r"từ ngày|từ tháng|từ quý|đến|hoàn thành|xong|năm 20|6 tháng|06 tháng|9 tháng|\d{1,2}/\d{1,2}|liên tục|kịp thời|"
    r"thứ (?:hai|ba|tư|năm|sáu|[2-7])|khi có)"
)
_TIME_CUT_OFF = re.compile(rf"(?:[;.(,]|\s[-–:])\s*({_BEGINS_A_TIME}\b.*)$", re.IGNORECASE)
_TIME_RUN_INTO = re.compile(rf"\s({_BEGINS_A_TIME}\b.*)$", re.IGNORECASE)
_BEGINS_WITH_A_TIME = re.compile(rf"[-+ (]*{_BEGINS_A_TIME}\b")
_TASKS_WITH_A_TIME = re.compile(
    r"^(?:(?:các|những)\s+)?(?:nhiệm vụ|công việc|nội dung|công tác|việc)"
    r"(?:\s+(?:trọng tâm|thực hiện|triển khai|phải|cần|làm|hoàn thành|có thời hạn|có tính chất))*[\s,:-]+",
    re.IGNORECASE,
)
_OFFICE_FIRST = re.compile(
    r"(?P<lead>[^:()\n]{2,100}?)\s*(?:\((?:cùng )?phối hợp(?: với)?\s*:?\s*(?P<support>[^()]{2,150})\)\s*)?"
    r"(?:chủ trì\s*)?[:–]\s+(?P<work>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
NO_LEAD = "chưa nêu cơ quan chủ trì."
_GIVES_WORK = re.compile(r"chủ trì|\bgiao\b|\bcủa\b")
_LEADS_NOTHING = re.compile(
    r"(?:ubnd|uỷ ban nhân dân)\b|phòng,? (?:chống|cháy)|hội nghị|thanh tra$|cán bộ, công chức"
    r"|y tế$|tài chính - kế hoạch$"
)
_AFTER_A_TIME = re.compile(r"chỉ tiêu|mục tiêu|nhiệm vụ|kế hoạch|công tác|chương trình|dự án|đề án")
_CLAUSES = re.compile(r"[;\n]|\.\s")
_LOOSE = " \t\n;,:-–+•("
_LABEL = re.compile(r"\(?([a-zđ]|\d{1,2})[.)]\s+(?=\S)")
_BULLET = re.compile(r"[-+•–]\s*(?=\S)")
_MOST = 26


def take_missing_fields(
    entry: Entry, columns: Columns, time_of_all: str = "", office_of_all: str = ""
) -> dict[ColumnRole, str]:
    """The texts of roles without a column, which are removed from the other cells of a row, each with a warning."""
    missing = _missing_roles(columns)
    found: dict[ColumnRole, str] = {}
    if "lead" in missing and (begun := _office_before_its_work(entry, columns)):
        found |= begun
        missing -= {"lead", "bodies"}
        entry.warnings.append(f"cơ quan “{one_line('; '.join(begun.values()))}” lấy từ đầu ô nội dung.")
    for column in columns.of("content", "deliverable", *BODIES, "schedule") if missing else []:
        for role, text in _taken(entry, column, missing):
            if role not in found:
                found[role] = text
                entry.warnings.append(f"{ROLE_NAMES[role]} “{one_line(text)}” lấy từ ô “{column.name}”.")
    if "schedule" in missing and "schedule" not in found and (clause := _time_in_a_sentence(entry, columns)):
        found["schedule"] = clause
        entry.warnings.append(f"thời gian “{one_line(clause)}” lấy từ lời văn trong ô.")
    timed = ((title, time) for title in entry.above if (time := _time_of_section(title)))
    if "schedule" not in found and not entry.text(columns, *SCHEDULES) and (above := next(timed, None)):
        found["schedule"] = above[1]
        entry.warnings.append(f"thời gian “{above[0]}” lấy từ tiêu đề của nhóm.")
    if time_of_all and "schedule" in missing and "schedule" not in found:
        note = next((text for column in columns.of("other") if _is_time(text := entry.texts[column.at])), "")
        found["schedule"] = note or time_of_all
        entry.warnings.append(f"thời gian “{note or time_of_all}” lấy từ {'ô ghi chú' if note else 'tên của bảng'}.")
    if not found.keys() & {"lead", "bodies"} and _names_no_lead(entry, columns):
        has_column = bool(columns.of("lead", "bodies", "marked"))
        titles = [title for title in (*entry.above, office_of_all) if title]
        giving = (title for title in titles if not has_column or _GIVES_WORK.search(folded(title)))
        offices = ((title, office) for title in giving if (office := _leading_office(title)))
        if of_heading := next(offices, None):
            found["lead"] = of_heading[1]
            entry.warnings.append(f"chủ trì “{of_heading[0]}” lấy từ tiêu đề của nhóm.")
            if has_column:
                entry.warnings.append(NO_LEAD)
    return found


def _leading_office(title: str) -> str | None:
    """Not the committee that issues the plan, a body outside the commune, or a field such as "Y tế"."""
    office = office_of(title)
    if office is None or is_outside_commune(office) or _LEADS_NOTHING.match(folded(office)):
        return None
    return office


def _names_no_lead(entry: Entry, columns: Columns) -> bool:
    return not entry.text(columns, "lead", "bodies", "marked")


def _time_in_a_sentence(entry: Entry, columns: Columns) -> str:
    """ "Phòng Kinh tế chủ trì, xong trong quý III" in a cell of bodies: its clauses with a deadline."""
    cells = (entry.texts[column.at] for column in columns.of(*BODIES, "deliverable", "other"))
    found = (deadlines_in(_CLAUSES.split(text)) for text in cells if " " in text)
    return "; ".join(next(filter(None, found), []))


def _office_before_its_work(entry: Entry, columns: Columns) -> dict[ColumnRole, str]:
    """ "Phòng Kinh tế (phối hợp: Công an xã): Lập sổ theo dõi" in the cell of the content."""
    content = columns.first("content")
    begins = _OFFICE_FIRST.match(entry.texts[content.at]) if content else None
    if content is None or begins is None or not names_only_bodies(begins["lead"]):
        return {}
    entry.texts[content.at] = begins["work"].strip()
    named: dict[ColumnRole, str] = {"lead": begins["lead"].strip()}
    return named | ({"support": begins["support"].strip()} if begins["support"] else {})


def _missing_roles(columns: Columns) -> set[ColumnRole]:
    missing: set[ColumnRole] = set()
    if not columns.of(*SCHEDULES):
        missing.add("schedule")
    if not columns.of("deliverable"):
        missing.add("deliverable")
    if not columns.of("lead", "bodies"):
        missing |= {"lead", "bodies"}
    if not columns.of("support", "bodies"):
        missing.add("support")
    return missing


def _taken(entry: Entry, column: Column, missing: set[ColumnRole]) -> Iterator[tuple[ColumnRole, str]]:
    kept: list[str] = []
    for line in entry.texts[column.at].split("\n"):
        before, keys = keys_in(line)
        taken = [(_OF_KEYS.get(key.role), key.value) for key in keys]
        is_whole = column.role == "content" and not kept and not before  # the content must not become empty
        if keys and not is_whole and all(role in missing and value for role, value in taken):
            kept += [before] if before else []
            yield from ((role, value.rstrip(" ;.)")) for role, value in taken if role)
        else:
            kept.append(line)
    entry.texts[column.at] = "\n".join(kept)
    for role in column.also:
        if role not in missing or not (found := _at_the_end(role, entry.texts[column.at])):
            continue
        entry.texts[column.at] = found[0] if found[0] or column.role != "content" else found[1]
        yield role, found[1]


def _at_the_end(role: ColumnRole, text: str) -> tuple[str, str] | None:
    """The text that stays and the text that is taken: whole lines, or else a time at the end of a line."""
    lines = text.split("\n")
    looks = {"schedule": _is_time, "bodies": is_body, "lead": is_body}.get(role)
    if looks is None:
        return None
    taken = [line for line in lines if looks(line)]
    if taken:
        return "\n".join(line for line in lines if line not in taken), "\n".join(taken)
    return _time_within(text) if role == "schedule" else None


def _is_time(line: str) -> bool:
    return bool(_BEGINS_WITH_A_TIME.match(folded(line))) and is_schedule(line)


def _time_of_section(section: str) -> str:
    """The time that a heading is, or that it names and nothing else: "Nhiệm vụ quý I/2026"."""
    if is_dated_section(section):
        return time_of_section(section)
    rest = _TASKS_WITH_A_TIME.sub("", section)
    return rest if _is_time(rest) and not _AFTER_A_TIME.search(folded(rest)) else ""


def _time_within(text: str) -> tuple[str, str] | None:
    """A text that runs into the time without a separator stays whole: "báo cáo quý II" is a name too."""
    cut = _TIME_CUT_OFF.search(text)
    found = cut or _TIME_RUN_INTO.search(text)
    if not found or not is_schedule(found[1]):
        return None
    return text[: cut.start()].rstrip(_LOOSE) if cut else text, found[1].rstrip(" .;)")


def with_parts_of_lists(entries: Iterable[Entry], columns: Columns) -> Iterator[Entry]:
    """Each row, or one for each label that its content shares with its bodies or its schedule."""
    for entry in entries:
        lists = {column.at: _labelled(entry.texts[column.at]) for column in columns.all}
        yield from _parts(entry, columns, lists) or _parts_by_bullets(entry, columns) or [entry]


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
