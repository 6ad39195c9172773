"""Reads lists of tasks: the lines below "Tháng 01/2026" are due in that month, those below an office are led by it."""

import re
from collections.abc import Iterator
from itertools import pairwise

from services.planning.documents.blocks.assignments import (
    deadlines_in,
    names_only_bodies,
    supporters_in,
    time_at_the_end,
)
from services.planning.documents.blocks.headings import LONGEST_TEXT, Heading, TaskKey
from services.planning.documents.blocks.trailing_assignments import dated_assignment
from services.planning.documents.line_markers import MarkedLine
from shared.vietnamese import folded

_NUMBER = r"(?:\d{1,2}|[ivx]{1,4})"
_SECTION = re.compile(
    r"(?:(?:các |những )?(?:nhiệm vụ|công việc|nội dung|công tác|việc)(?: (?:trọng tâm|thực hiện|cần làm))?,? )?"
    rf"(?:trong |vào )?(?:(?:tháng|quý) {_NUMBER}(?:(?:, | và | - |-)(?:tháng |quý )?{_NUMBER})*"
    r"|(?:hoàn thành |xong )?(?:trước|chậm nhất|đến hết|đến)(?: ngày)? \d{1,2}/\d{1,2}"
    r"|từ(?: ngày)? \d{1,2}/\d{1,2}(?:/20\d\d)? ?(?:đến|-)(?: hết)?(?: ngày)? \d{1,2}/\d{1,2}"
    r"|(?:6|06|sáu) tháng (?:đầu|cuối) năm)(?: ?(?:/|,|-)? ?(?:năm )?20\d\d)?"
    # without "công việc" these words may be a cell
    r"|(?:các |những )?(?:nhiệm vụ|công việc|nội dung|công tác|việc)(?: (?:trọng tâm|thực hiện|cần làm|làm))? "
    r"(?:(?:định kỳ )?(?:hàng|hằng) (?:tuần|tháng|quý)|thường xuyên(?:,? liên tục)?(?: trong năm)?)"
)
_WORDS_BEFORE = re.compile(
    r"^.*?(?=(?:tháng|quý|6|06|sáu) |(?:định kỳ )?(?:hàng|hằng) (?:tuần|tháng|quý)\b|thường xuyên)", re.IGNORECASE
)
_LONGEST_NAME = 100
_TASKS_OF = re.compile(
    r"^(?:(?:phụ lục|biểu|bảng)\s*(?:số\s*)?[\divx.]{0,5}[a-hđ]?\s*[.:–-]?\s*)?"
    r"(?:(?:danh mục|bảng|tổng hợp|phân công|các|những)\s+)*(?:nhiệm vụ|công việc|phần việc|nội dung|phân công|việc)"
    r"(?:\s+(?:cụ thể|trọng tâm|nhiệm vụ|thực hiện|công việc|chi tiết|được|phân công))*"
    r"(?:\s+(?:của|giao|cho|do|thuộc|đối với|trách nhiệm)|\s*:)+\s+",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\s*(?:\((?:[^()]*\d[^()]*|tiếp(?: theo)?)\)|[-–:,]\s*\d+\s+(?:nhiệm vụ|việc|công việc|nội dung))$", re.IGNORECASE
)
_ORDER = re.compile(r"^(?:giao|phân công|đề nghị|yêu cầu)\s+(?:cho\s+)?", re.IGNORECASE)
_ITS_TASKS = re.compile(
    r"(?:[\s,]*(?:có trách nhiệm|chịu trách nhiệm|thực hiện|triển khai|tham mưu|phụ trách|đảm nhiệm))*"
    r"(?:\s+(?:(?:các|những)\s+)?(?:nhiệm vụ|công việc|nội dung)(?:\s+(?:cụ thể|trọng tâm))?"
    r"(?:\s+sau(?:\s+đây)?)?)?(?:\s+(?:trong )?năm\s+20\d\d)?[\s.:;,]*$",
    re.IGNORECASE,
)


def is_dated_section(text: str) -> bool:
    """Whether a heading names a month, a quarter, a half-year or a last day, and nothing else."""
    return len(text) <= 80 and bool(_SECTION.fullmatch(folded(text).strip(" .:;()-–")))


def time_of_section(text: str) -> str:
    return _WORDS_BEFORE.sub("", text).strip(" .:;()-–")


def add_tasks_of_dated_sections(root: Heading) -> None:
    """Makes headings of the lines below such a section, each with the section's time and the bodies that it names."""
    for section in reversed(root.everything_below()):  # "Tháng 1" before "Quý I" around it
        if not is_dated_section(section.text):
            continue
        turn_lines_into_headings(section)
        when = time_of_section(section.text)
        for task in section.everything_below():
            if not task.children and not is_dated_section(task.text):
                _complete_with_time(task, when)


def turn_lines_into_headings(section: Heading) -> None:
    """Lines of the style of the first one begin a task; lower lines and keys belong to it."""
    lines = [item for item in section.items if isinstance(item, MarkedLine)]
    style = lines[0].style if lines else ""
    if not style:
        return
    kept: list[MarkedLine | TaskKey] = []
    tasks: list[Heading] = []
    for item in section.items:
        if isinstance(item, MarkedLine) and item.style == style:
            tasks.append(Heading(item, section, item.text))
        elif tasks:
            tasks[-1].items.append(item)
        else:
            kept.append(item)
    section.items = kept
    section.children = [*tasks, *section.children]


def _complete_with_time(task: Heading, when: str) -> None:
    roles = {key.role for key in task.keys}
    if not roles & {"lead", "both"} and (found := dated_assignment(task.text)):
        task.text = found.task
        task.items.append(TaskKey("both", found.bodies, task.line.place, task.line.style))
        if found.schedule and "schedule" not in roles:
            task.items.append(TaskKey("schedule", found.schedule, task.line.place, task.line.style))
            return
    lines = [task.text, *(item.text for item in task.items if isinstance(item, MarkedLine))]
    if "schedule" not in roles and not deadlines_in(lines):
        task.items.append(TaskKey("schedule", when, task.line.place, task.line.style))


def office_of(heading: str) -> str | None:
    """The offices that a heading names with their role, or as those whose tasks follow: "2. Phòng Kinh tế chủ trì:"."""
    whole = _COUNT.sub("", heading[:LONGEST_TEXT].strip(" .:"))
    name = _ITS_TASKS.sub("", _ORDER.sub("", _TASKS_OF.sub("", whole)).strip(" ."))
    is_name = 0 < len(name) <= _LONGEST_NAME and ":" not in name
    return name if is_name and names_only_bodies(name) else None


def names_tasks_of_an_office(heading: str) -> bool:
    return bool(_TASKS_OF.match(heading)) and office_of(heading) is not None


def add_tasks_of_office_sections(root: Heading) -> None:
    """Makes headings of the lines below offices, where half of all such lines, and two, name their time."""
    beside: dict[tuple[int, str], list[Heading]] = {}
    for heading in root.everything_below():
        roles = {key.role for key in heading.keys}
        may_hold_tasks = "schedule" in roles or not heading.is_general  # elsewhere duties are no tasks
        if may_hold_tasks and not heading.children and not roles & {"lead", "both"} and office_of(heading.text):
            beside.setdefault((id(heading.parent), heading.line.style), []).append(heading)
    for sections in beside.values():
        lines = [found for section in sections for found in _timed_lines(section)]
        if sum(lines) >= 2 and 2 * sum(lines) >= len(lines):
            for section in sections:
                _complete_with_office(section)


def _timed_lines(section: Heading) -> Iterator[bool]:
    """For each line with the marker of the first one, whether it names its time; none where it has no marker."""
    style = next((item.style for item in section.items if isinstance(item, MarkedLine)), "")
    for item, following in pairwise([*section.items, None]):
        if isinstance(item, MarkedLine) and style and item.style == style:
            has_key = isinstance(following, TaskKey) and following.role == "schedule"
            yield has_key or bool(deadlines_in([item.text]) or time_at_the_end(item.text))


def _complete_with_office(section: Heading) -> None:
    turn_lines_into_headings(section)
    for task in section.children:
        place, style = task.line.place, task.line.style
        has_time = any(key.role == "schedule" for key in task.keys)
        own = dated_assignment(task.text)
        if own and own.schedule and not has_time:
            task.text = own.task
            task.items += [TaskKey("both", own.bodies, place, style), TaskKey("schedule", own.schedule, place, style)]
            continue
        task.items.append(TaskKey("lead", office_of(section.text) or "", place, style))
        if support := supporters_in(task.text):
            task.items.append(TaskKey("support", support, place, style))
        if not has_time and (time := time_at_the_end(task.text)):
            task.items.append(TaskKey("schedule", time, place, style))
