"""Reads lists of tasks: the lines below "Tháng 01/2026" are due in that month, those below an office are led by it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from services.planning.documents.blocks.assignments import deadlines_in, names_only_bodies, time_at_the_end
from services.planning.documents.blocks.headings import LONGEST_TEXT, Heading, TaskKey
from services.planning.documents.blocks.orders import introduces_tasks, is_about_conduct, order_at, supporters_in
from services.planning.documents.blocks.tasks import OFFICE_DUTY
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

# "1. Cải cách thể chế (Văn phòng chủ trì; Phòng Kinh tế phối hợp)", of all works below it.
_IN_BRACKETS = re.compile(r"\s*\((?P<bodies>[^()]{2,150} chủ trì(?!\w)[^()]{0,200})\)[\s.:]*$", re.IGNORECASE)
_EXCEPT = re.compile(r"[\s,;(]+(?:trừ|ngoại trừ)(?!\w).*$", re.IGNORECASE | re.DOTALL)
_ONE_OF_OTHERS = re.compile(
    r"(?:nhiệm vụ|công việc|nội dung|việc) (?:(?P<first>đầu)(?: tiên)?|cuối(?: cùng)?) (?:do|giao) "
    r"(?P<bodies>.{2,150}? chủ trì)[\s.;)]*$",
    re.IGNORECASE,
)
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
    if found := _IN_BRACKETS.search(heading[:LONGEST_TEXT]):
        return found["bodies"] if names_only_bodies(found["bodies"]) else None
    whole = _TASKS_OF.sub("", _COUNT.sub("", heading[:LONGEST_TEXT].strip(" .:")))
    if (order := order_at(whole)) and introduces_tasks(whole, order):
        return order.bodies if order.support else order.lead
    name = whole.strip(" .")
    is_name = 0 < len(name) <= _LONGEST_NAME and ":" not in name
    return name if is_name and names_only_bodies(name) else None


def names_tasks_of_an_office(heading: str) -> bool:
    return bool(_TASKS_OF.match(heading)) and office_of(heading) is not None


def add_tasks_of_office_sections(root: Heading) -> None:
    """Makes headings of the lines below offices: below an order, and where half of such lines, and two, are timed."""
    for heading in root.everything_below():
        if heading.is_of_plan and not heading.is_general:
            _add_tasks_below_shared_keys(heading)
            _add_tasks_below_lines(heading)
    beside: dict[tuple[int, str], list[Heading]] = {}
    for heading in root.everything_below():
        leads = any(key.role in ("lead", "both") for key in heading.keys)
        if not heading.children and not leads and office_of(heading.text):
            beside.setdefault((id(heading.parent), heading.line.style), []).append(heading)
    for sections in beside.values():
        has_times = any(key.role == "schedule" for section in sections for key in section.keys)
        if sections[0].is_general and not has_times:
            continue  # duties of offices
        lines = [found for section in sections for found in _timed_lines(section.items)]
        are_timed = sum(lines) >= 2 and 2 * sum(lines) >= len(lines)
        for section in sections:
            if are_timed or (
                _orders_those(section.text, section.items) and section.is_of_plan and not section.is_general
            ):
                turn_lines_into_headings(section)
                if section.is_general:
                    _keep_those_with_a_time(section)
                _complete_with_office(section.children, office_of(section.text) or "")
                section.text = _IN_BRACKETS.sub("", section.text)


def _keep_those_with_a_time(section: Heading) -> None:
    """Of the duties of an office only those are tasks; the others are its lines again."""
    for task in section.children:
        times = [key for key in task.keys if key.role == "schedule"]
        if times or deadlines_in([task.text]) or time_at_the_end(task.text):
            task.items.append(TaskKey("requirement", "", task.line.place, task.line.style, doubt=OFFICE_DUTY))
        else:
            section.items.append(replace(task.line, text=task.text))
    section.children = [
        task for task in section.children if any(isinstance(i, TaskKey) and i.doubt for i in task.items)
    ]


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


def orders_tasks(text: str) -> bool:
    """Whether a line gives an office the tasks below it: "Giao Phòng Kinh tế chủ trì thực hiện các nhiệm vụ sau:"."""
    order = order_at(text)
    return order is not None and order.is_explicit and introduces_tasks(text, order)


def _orders_those(text: str, below: Sequence[MarkedLine | TaskKey]) -> bool:
    """Whether it orders them, and does not only ask for good conduct: "Yêu cầu các cơ quan:" - "Không uống rượu"."""
    is_conduct = any(isinstance(item, MarkedLine) and is_about_conduct(text, item.text) for item in below)
    return orders_tasks(text) and (not is_conduct or any(_timed_lines(below)))


def _add_tasks_below_lines(heading: Heading) -> None:
    """The same for a line that is no heading, among the lines of one: "Giao Phòng Kinh tế chủ trì:" above bullets."""
    groups = list(_below_lines(heading.items))
    named = [group for group in groups if group[0] is not None]
    lines = [found for _, below in named for found in _timed_lines(below)]
    are_timed = sum(lines) >= 2 and 2 * sum(lines) >= len(lines)
    kept: list[MarkedLine | TaskKey] = []
    children: list[Heading] = []
    for line, below in groups:
        if line is None or not (are_timed or _orders_those(line.text, below)):
            kept += [line, *below] if line else below
            continue
        section = Heading(line, heading, line.text, items=below)
        turn_lines_into_headings(section)
        _complete_with_office(section.children, office_of(line.text) or "")
        for task in section.children:
            task.parent = heading
        kept += section.items
        children += section.children
    heading.items, heading.children = kept, [*children, *heading.children]


def _below_lines(
    items: Sequence[MarkedLine | TaskKey],
) -> Iterator[tuple[MarkedLine | None, list[MarkedLine | TaskKey]]]:
    """Each line that names the office of the list below it, with that list; None with the items of no such list."""
    line: MarkedLine | None = None
    below: list[MarkedLine | TaskKey] = []
    for item, following in zip(items, [*items[1:], None], strict=False):
        if isinstance(item, MarkedLine) and _begins_a_list(item, following):
            yield line, below
            line, below = item, []
            continue
        if line is not None and isinstance(item, MarkedLine) and item.style in ("", line.style):
            yield line, below
            line, below = None, []
        below.append(item)
    yield line, below


def _begins_a_list(line: MarkedLine, following: MarkedLine | TaskKey | None) -> bool:
    """Whether it names an office, with a colon, and the lines below it have another marker."""
    has_list = isinstance(following, MarkedLine) and following.style not in ("", line.style)
    return has_list and line.text.endswith(":") and office_of(line.text) is not None


def _timed_lines(items: Sequence[MarkedLine | TaskKey]) -> Iterator[bool]:
    """For each line with the marker of the first one, whether it names its time; none where it has no marker."""
    style = next((item.style for item in items if isinstance(item, MarkedLine)), "")
    for item, following in pairwise([*items, None]):
        if isinstance(item, MarkedLine) and style and item.style == style:
            has_key = isinstance(following, TaskKey) and following.role == "schedule"
            yield has_key or bool(deadlines_in([item.text]) or time_at_the_end(item.text))


def _complete_with_office(tasks: Sequence[Heading], office: str) -> None:
    for task in tasks:
        place, style = task.line.place, task.line.style
        roles = {key.role for key in task.keys}
        if roles & {"lead", "both"}:
            continue
        own = dated_assignment(task.text)
        if own and (own.schedule or own.is_explicit) and "schedule" not in roles:
            task.text = own.task
            task.items.append(TaskKey("both", own.bodies, place, style))
            task.items += [TaskKey("schedule", own.schedule, place, style)] if own.schedule else []
            continue
        task.items.append(TaskKey("lead", office, place, style))
        if support := supporters_in(task.text):
            task.items.append(TaskKey("support", support, place, style))
        if "schedule" not in roles and (time := time_at_the_end(task.text)):
            task.items.append(TaskKey("schedule", time, place, style))
