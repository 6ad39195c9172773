"""Reads lists of tasks: the lines below "Tháng 01/2026" are due in that month, those below shared keys have them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from services.planning.documents.blocks.assignments import (
    deadlines_in,
    names_a_time,
    names_only_bodies,
    time_at_the_end,
)
from services.planning.documents.blocks.headings import Heading, TaskKey
from services.planning.documents.blocks.sentences import dated_assignment
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
_EXCEPT = re.compile(r"[\s,;(]+(?:trừ|ngoại trừ)(?!\w).*$", re.IGNORECASE | re.DOTALL)
_ONE_OF_OTHERS = re.compile(
    r"(?:nhiệm vụ|công việc|nội dung|việc) (?:(?P<first>đầu)(?: tiên)?|cuối(?: cùng)?) (?:do|giao) "
    r"(?P<bodies>.{2,150}? chủ trì)[\s.;)]*$",
    re.IGNORECASE,
)
_BEHIND_ALL = "thời hạn lấy từ dòng chung ở cuối danh sách, cần xem lại"
_OTHERS = re.compile(r"(?<!\w)(?:do|giao|chủ trì)(?!\w)", re.IGNORECASE)


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


def with_its_time_for_each(items: Sequence[MarkedLine | TaskKey]) -> list[MarkedLine | TaskKey]:
    """The items with the time in a paragraph of its own behind bullets, of which none names one, beside each bullet."""
    style = next((item.style for item in items if isinstance(item, MarkedLine)), "")
    bullets = [at for at, item in enumerate(items) if isinstance(item, MarkedLine) and style and item.style == style]
    times = [item for item in items if isinstance(item, TaskKey) and item.role == "schedule" and item.value]
    is_behind = len(times) == 1 and times[0].is_a_paragraph and len(bullets) >= 2
    texts = [item.text for item in items if isinstance(item, MarkedLine)]
    if not is_behind or items.index(times[0]) < bullets[-1] or any(map(names_a_time, texts)):
        return list(items)
    time = replace(times[0], doubt=_BEHIND_ALL)
    kept: list[MarkedLine | TaskKey] = []
    for at, item in enumerate(items):
        if at in bullets[1:]:
            kept.append(replace(time))
        if item is not times[0]:
            kept.append(item)
    return [*kept, time]


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


def add_tasks_below_shared_keys(root: Heading) -> None:
    """Makes headings of the lines below keys that say that they are of them all."""
    for heading in root.everything_below():
        if heading.is_of_plan and not heading.is_general:
            _add_tasks_below_shared_keys(heading)


def _add_tasks_below_shared_keys(heading: Heading) -> None:
    """ "Đơn vị chủ trì các nhiệm vụ tại khoản này: …" above bullets: works that take from it what they do not name."""
    shared = list(takewhile(lambda item: isinstance(item, TaskKey), heading.items))
    if heading.children or not any(isinstance(key, TaskKey) and key.shared for key in shared):
        return
    heading.items = heading.items[len(shared) :]
    turn_lines_into_headings(heading)
    if not heading.children:
        heading.items = [*shared, *heading.items]
        return
    keys = [key for key in shared if isinstance(key, TaskKey)]
    for key in keys:
        key.doubt = _give_to_the_one_of_others(key, heading.children)
    for task in heading.children:
        _complete_with_its_own(task)
        roles = {"both" if key.role == "lead" else key.role for key in task.keys}
        for key in keys:
            if ("both" if key.role == "lead" else key.role) not in roles:
                task.items.append(replace(key, value=_EXCEPT.sub("", key.value), shared=False))


def _give_to_the_one_of_others(key: TaskKey, tasks: Sequence[Heading]) -> str:
    """ "…, trừ nhiệm vụ cuối do Công an xã chủ trì": gives that one its body; a doubt where another one is meant."""
    others = _EXCEPT.search(key.value) if key.role in ("lead", "both") else None
    if others is None or not _OTHERS.search(others[0]):
        return ""
    one = _ONE_OF_OTHERS.search(others[0])
    if one is None or not names_only_bodies(one["bodies"]):
        return f"dòng chung ghi “{others[0].strip(' ,;(.')}”, chưa rõ là nhiệm vụ nào, cần xem lại"
    task = tasks[0 if one["first"] else -1]
    if not any(own.role in ("lead", "both") for own in task.keys):
        task.items.append(TaskKey("both", one["bodies"], key.place, task.line.style))
    return ""


def _complete_with_its_own(task: Heading) -> None:
    """Adds the bodies and the time that the text of a work names itself."""
    place, style = task.line.place, task.line.style
    roles = {key.role for key in task.keys}
    time = time_at_the_end(task.text) or "; ".join(deadlines_in([task.text]))
    if not roles & {"lead", "both"} and (own := dated_assignment(task.text)):
        task.text, time = own.task, own.schedule or time
        task.items.append(TaskKey("both", own.bodies, place, style))
    if time and "schedule" not in roles:
        task.items.append(TaskKey("schedule", time, place, style))
