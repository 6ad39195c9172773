"""Takes fields without a column out of other cells: a date below a deliverable, "Sản phẩm: …" below a task."""

import re
from collections.abc import Iterator

from services.planning.documents.blocks.assignments import names_only_bodies
from services.planning.documents.blocks.dated_sections import is_dated_section, time_of_section
from services.planning.documents.blocks.keys import keys_in
from services.planning.documents.blocks.office_sections import office_of
from services.planning.documents.tables.cell_contents import is_body, is_schedule, one_line
from services.planning.documents.tables.columns.column import BODIES, ROLE_NAMES, SCHEDULES, Column, ColumnRole, Columns
from services.planning.documents.tables.rows.entries import Entry
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
_LOOSE = " \t\n;,:-–+•("


def take_missing_fields(entry: Entry, columns: Columns, time_of_all: str = "") -> dict[ColumnRole, str]:
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
    if "schedule" in missing and "schedule" not in found and (time := _time_of_section(entry.section or "")):
        found["schedule"] = time
        entry.warnings.append(f"thời gian “{entry.section}” lấy từ tiêu đề của nhóm.")
    if time_of_all and "schedule" in missing and "schedule" not in found:
        note = next((text for column in columns.of("other") if _is_time(text := entry.texts[column.at])), "")
        found["schedule"] = note or time_of_all
        entry.warnings.append(f"thời gian “{note or time_of_all}” lấy từ {'ô ghi chú' if note else 'tên của bảng'}.")
    if "lead" in missing and not found.keys() & {"lead", "bodies"} and (office := office_of(entry.section or "")):
        found["lead"] = office
        entry.warnings.append(f"chủ trì “{entry.section}” lấy từ tiêu đề của nhóm.")
    return found


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
    return rest if _is_time(rest) else ""


def _time_within(text: str) -> tuple[str, str] | None:
    """A text that runs into the time without a separator stays whole: "báo cáo quý II" is a name too."""
    cut = _TIME_CUT_OFF.search(text)
    found = cut or _TIME_RUN_INTO.search(text)
    if not found or not is_schedule(found[1]):
        return None
    return text[: cut.start()].rstrip(_LOOSE) if cut else text, found[1].rstrip(" .;)")
