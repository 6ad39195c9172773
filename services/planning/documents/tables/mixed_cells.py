"""Takes out of the cells of a row the fields that have no column of their own: who leads, who supports, until when."""

import re
from collections.abc import Iterator

from services.planning.documents.blocks.assignments import Assignment, deadlines_in, names_only_bodies
from services.planning.documents.blocks.keys import keys_in
from services.planning.documents.blocks.offices import office_of
from services.planning.documents.blocks.orders import order_at, work_of
from services.planning.documents.blocks.sentences import dated_assignment
from services.planning.documents.blocks.task_lists import is_dated_section, time_of_section
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
_WORK_BEHIND_A_MARK = re.compile(r"[ \t]*[:–]\s+(?P<work>\S.*)", re.DOTALL)
NO_LEAD = "chưa nêu cơ quan chủ trì."
_GIVES_WORK = re.compile(r"chủ trì|\bgiao\b|\bcủa\b")
_LEADS_NOTHING = re.compile(
    r"(?:ubnd|uỷ ban nhân dân)\b|phòng,? (?:chống|cháy)|hội nghị|thanh tra$|cán bộ, công chức"
    r"|y tế$|tài chính - kế hoạch$"
)
_AFTER_A_TIME = re.compile(r"chỉ tiêu|mục tiêu|nhiệm vụ|kế hoạch|công tác|chương trình|dự án|đề án")
_CLAUSES = re.compile(r"[;\n]|\.\s")
_LOOSE = " \t\n;,:-–+•("


def take_missing_fields(
    entry: Entry, columns: Columns, time_of_all: str = "", office_of_all: str = ""
) -> dict[ColumnRole, str]:
    """The texts of roles without a column, which are removed from the other cells of a row, each with a warning."""
    missing = _missing_roles(columns)
    found: dict[ColumnRole, str] = {}
    has_marks = bool(columns.of("marked"))
    if "lead" in missing and not has_marks and (begun := _office_before_its_work(entry, columns)):
        found |= begun
        missing -= {"lead", "bodies"}
        entry.warnings.append(f"cơ quan “{one_line('; '.join(begun.values()))}” lấy từ đầu ô nội dung.")
    for column in columns.of("content", "deliverable", *BODIES, "schedule") if missing else []:
        for role, text in _taken(entry, column, missing):
            if role not in found:
                found[role] = text
                entry.warnings.append(f"{ROLE_NAMES[role]} “{one_line(text)}” lấy từ ô “{column.name}”.")
    has_none = "lead" in missing and not has_marks and not found.keys() & {"lead", "bodies"}
    if has_none and (named := _office_behind_its_work(entry, columns)):
        found["lead"] = named.bodies
        entry.warnings.append(f"chủ trì “{one_line(named.bodies)}” lấy từ cuối ô nội dung.")
        if named.schedule and "schedule" in missing and "schedule" not in found:
            found["schedule"] = named.schedule
            entry.warnings.append(f"thời gian “{one_line(named.schedule)}” lấy từ cuối ô nội dung.")
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
    """ "Phòng Kinh tế (phối hợp: Công an xã): Lập sổ", "Giao Phòng Kinh tế lập sổ" in the cell of the content."""
    content = columns.first("content")
    text = entry.texts[content.at] if content else ""
    order = order_at(text)
    if content is None or order is None:
        return {}
    behind = _WORK_BEHIND_A_MARK.match(text, order.end)
    work = behind["work"] if behind else work_of(text, order)
    if not work:
        return {}
    entry.texts[content.at] = work.strip()
    named: dict[ColumnRole, str] = {"lead": order.lead}
    return named | ({"support": order.support} if order.support else {})


def _office_behind_its_work(entry: Entry, columns: Columns) -> Assignment | None:
    """ "Lập sổ: Phòng Kinh tế", "Lập sổ (Phòng Kinh tế)" and "Lập sổ. Giao Phòng Kinh tế chủ trì" in the cell."""
    content = columns.first("content")
    lines = entry.texts[content.at].split("\n") if content else []
    for at, line in enumerate(lines):
        if content and (found := dated_assignment(line)):
            entry.texts[content.at] = "\n".join([*lines[:at], found.task, *lines[at + 1 :]])
            return found
    return None


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
    named: set[ColumnRole | None] = set()
    for line in entry.texts[column.at].split("\n"):
        before, keys = keys_in(line)
        taken = [(_OF_KEYS.get(key.role), key.value) for key in keys]
        is_whole = column.role == "content" and not kept and not before  # the content must not become empty
        if keys and not is_whole and all(role in missing and value for role, value in taken):
            kept += [before] if before else []
            yield from ((role, value.rstrip(" ;.)")) for role, value in taken if role)
            named |= {role for role, _ in taken}
        else:
            kept.append(line)
    entry.texts[column.at] = "\n".join(kept)
    for role in column.also:
        is_known = role in named or (role in ("lead", "bodies") and named & {"lead", "bodies"})
        if role not in missing or is_known or not (found := _at_the_end(role, entry.texts[column.at])):
            continue
        entry.texts[column.at] = found[0] if found[0] or column.role != "content" else found[1]
        yield role, found[1]


def _at_the_end(role: ColumnRole, text: str) -> tuple[str, str] | None:
    """The text that stays and the text that is taken: whole lines, or else a time at the end of a line."""
    lines = text.split("\n")
    looks = {"schedule": _is_time, "bodies": _names_bodies, "lead": _names_bodies}.get(role)
    if looks is None:
        return None
    taken = [line for line in lines if looks(line)]
    if taken:
        return "\n".join(line for line in lines if line not in taken), "\n".join(taken)
    return _time_within(text) if role == "schedule" else None


def _names_bodies(line: str) -> bool:
    """Not "Tổ chức học tập …", which begins as the name of a team does."""
    return is_body(line) and names_only_bodies(line.strip(" .;-+•"))


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
    rest = text[: cut.start()].rstrip(_LOOSE) if cut else text
    is_open = rest.count("(") > rest.count(")")  # "Lập sổ (Phòng Kinh tế; quý II)"
    return f"{rest})" if is_open else rest, found[1].rstrip(" .;)")
