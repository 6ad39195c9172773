"""Reads programmes by month: each line below "Tháng 01/2026" is a task that is due in that month."""

import re

from services.planning.documents.blocks.assignments import deadlines_in
from services.planning.documents.blocks.headings import Heading, TaskKey
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
)
_WORDS_BEFORE = re.compile(r"^.*?(?=(?:tháng|quý|6|06|sáu) )", re.IGNORECASE)


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
                _complete(task, when)


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


def _complete(task: Heading, when: str) -> None:
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
