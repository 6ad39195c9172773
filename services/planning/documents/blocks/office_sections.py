"""Reads lists of tasks below the names of offices: each is led by the office above it, unless it names its own lead."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from services.planning.documents.blocks.assignments import names_a_time, time_at_the_end
from services.planning.documents.blocks.headings import Heading, TaskKey
from services.planning.documents.blocks.offices import (
    are_works,
    is_a_work,
    is_about_organisation,
    may_be_a_name,
    office_of,
    only_concerns,
    without_brackets,
    without_order,
)
from services.planning.documents.blocks.orders import (
    helpers_at_the_end,
    introduces_tasks,
    is_about_conduct,
    order_at,
    supporters_in,
)
from services.planning.documents.blocks.sentences import dated_assignment
from services.planning.documents.blocks.task_lists import turn_lines_into_headings, with_its_time_for_each
from services.planning.documents.blocks.tasks import OFFICE_DUTY
from services.planning.documents.line_markers import MarkedLine

_CONCERNS = "tiêu đề “Đối với …” đọc là cơ quan chủ trì, có thể chỉ là đối tượng của việc; cần xem lại"
TimedWork = tuple[str, bool]  # its text, and whether it names its time


def add_tasks_of_office_sections(root: Heading) -> None:
    """Makes headings of the works below offices: below an order, and where half of such works, and two, are timed.

    In a general section, such as "Tổ chức thực hiện", only where a key of a work tells its time, or most are timed.
    """
    for heading in root.everything_below():
        if heading.is_of_plan:
            _add_tasks_below_lines(heading)
    beside: dict[tuple[int, str], list[Heading]] = {}
    for heading in root.everything_below():
        if _names_the_office_of_works(heading):
            beside.setdefault((id(heading.parent), heading.line.style), []).append(heading)
    for alike in beside.values():
        sections = [*alike, *_names_beside(alike)]
        is_general = alike[0].is_general
        works = [work for section in sections for work in _timed_works(section)]
        if is_general and not (any(_has_key_of_time(section) for section in sections) or are_works(works)):
            continue  # duties of offices
        for section in sections:
            is_ordered = _orders_those(section.text, section.items) and section.is_of_plan and not is_general
            if _are_tasks(works) or is_ordered:
                office = office_of(section.text) or without_order(section.text).strip(" .:")
                _complete_with_office(_works_taken_from(section, works), office, only_concerns(section.text))
                section.text = without_brackets(section.text)


def _names_the_office_of_works(heading: Heading) -> bool:
    own_keys = takewhile(lambda item: isinstance(item, TaskKey), heading.items)
    if any(isinstance(key, TaskKey) and key.role in ("lead", "both") for key in own_keys):
        return False
    return office_of(heading.text) is not None and not any(office_of(one.text) for one in heading.everything_below())


def _names_beside(sections: Sequence[Heading]) -> Iterator[Heading]:
    """Headings below "Tổ chức thực hiện" that may name an office too, beside two or more that do."""
    parent, style = sections[0].parent, sections[0].line.style
    if parent is None or len(sections) < 2 or not is_about_organisation(parent):
        return
    for other in parent.children:
        is_known = any(other is section for section in sections)
        if not is_known and other.line.style == style and not other.children and may_be_a_name(other.text):
            yield other


def _has_key_of_time(heading: Heading) -> bool:
    return any(key.role == "schedule" for one in (heading, *heading.everything_below()) for key in one.keys)


def _are_tasks(works: Sequence[TimedWork]) -> bool:
    timed = [is_timed for _, is_timed in works]
    return sum(timed) >= 2 and 2 * sum(timed) >= len(timed)


def _timed_works(section: Heading) -> Iterator[TimedWork]:
    """For each work below an office, whether it names its time."""
    yield from _timed_lines(with_its_time_for_each(section.items))
    for child in section.children:
        yield from _timed_works(child) if _is_above_works(child) else [(child.text, _names_its_time(child))]


def _is_above_works(heading: Heading) -> bool:
    """Whether the works stand below it: "a) Công tác chỉ đạo" between an office and what it has to do."""
    if any(below.names_body_or_time for below in heading.everything_below()):
        return True
    return not _names_its_time(heading) and sum(is_timed for _, is_timed in _timed_lines(heading.items)) >= 2


def _names_its_time(work: Heading) -> bool:
    return any(key.role == "schedule" for key in work.keys) or names_a_time(work.text)


def _timed_lines(items: Iterable[MarkedLine | TaskKey]) -> Iterator[TimedWork]:
    """For each line with the marker of the first one, whether it, or a key up to the next, names its time.

    None where the first line has no marker.
    """
    style = next((item.style for item in items if isinstance(item, MarkedLine)), "")
    works: list[tuple[MarkedLine, list[MarkedLine | TaskKey]]] = []
    for item in items:
        if isinstance(item, MarkedLine) and style and item.style == style:
            works.append((item, []))
        elif works:
            works[-1][1].append(item)
    for line, below in works:
        has_key = any(isinstance(item, TaskKey) and item.role == "schedule" for item in below)
        yield line.text, has_key or names_a_time(line.text)


def _works_taken_from(section: Heading, beside: Sequence[TimedWork]) -> list[Heading]:
    """The works below an office as headings; of duties in a general section those that are works, with a doubt.

    `beside`: the works of all offices of the section.
    """
    works = _works_in(section)
    if section.is_general:
        among_works = are_works(beside)
        works = [work for work in works if work.names_body_or_time or is_a_work(work.text, among_works=among_works)]
        for work in works:
            work.items.append(TaskKey("requirement", "", work.line.place, work.line.style, doubt=OFFICE_DUTY))
    return works


def _works_in(section: Heading) -> list[Heading]:
    section.items = with_its_time_for_each(section.items)
    turn_lines_into_headings(section)
    return [work for child in section.children for work in (_works_in(child) if _is_above_works(child) else [child])]


def orders_tasks(text: str) -> bool:
    """Whether a line gives an office the tasks below it: "Giao Phòng Kinh tế chủ trì thực hiện các nhiệm vụ sau:"."""
    order = order_at(text)
    return order is not None and order.is_explicit and introduces_tasks(text, order)


def _orders_those(text: str, below: Sequence[MarkedLine | TaskKey]) -> bool:
    """Whether it orders them, and does not only ask for good conduct: "Yêu cầu các cơ quan:" - "Không uống rượu"."""
    is_conduct = any(isinstance(item, MarkedLine) and is_about_conduct(text, item.text) for item in below)
    return orders_tasks(text) and (not is_conduct or any(is_timed for _, is_timed in _timed_lines(below)))


def _add_tasks_below_lines(heading: Heading) -> None:
    """The same for a line that is no heading, among the lines of one: "Giao Phòng Kinh tế chủ trì:" above bullets."""
    groups = list(lists_below_offices(heading.items))
    if not heading.is_general and all(line is None or is_one_work(line, below) for line, below in groups):
        return  # lines with their own office, one by one
    named = [below for line, below in groups if line is not None]
    works = [work for below in named for work in _timed_lines(below)]
    has_keys = any(isinstance(item, TaskKey) and item.role == "schedule" for below in named for item in below)
    are_tasks = _are_tasks(works) and (has_keys or not heading.is_general)
    kept: list[MarkedLine | TaskKey] = []
    children: list[Heading] = []
    for line, below in groups:
        if line is None or not (are_tasks or (not heading.is_general and _orders_those(line.text, below))):
            kept += [line, *below] if line else below
            continue
        section = Heading(line, heading, line.text, items=below)
        _complete_with_office(_works_taken_from(section, works), office_of(line.text) or "", only_concerns(line.text))
        for task in section.children:
            task.parent = heading
        kept += section.items
        children += section.children
    heading.items, heading.children = kept, [*children, *heading.children]


def lists_below_offices(
    items: Sequence[MarkedLine | TaskKey],
) -> Iterator[tuple[MarkedLine | None, list[MarkedLine | TaskKey]]]:
    """Each line that names the office of the list below it, with that list; None with the items of no such list.

    A line with an office and its only work ("- Phòng Kinh tế: Rà soát …") is such a line and a list of one.
    """
    line: MarkedLine | None = None
    below: list[MarkedLine | TaskKey] = []
    for item, following in zip(items, [*items[1:], None], strict=False):
        office, _, work = item.text.partition(":") if isinstance(item, MarkedLine) else ("", "", "")
        if isinstance(item, MarkedLine) and item.style and len(work.split()) > 2 and office_of(office):
            yield line, below
            line, below = replace(item, text=f"{office}:"), [replace(item, text=work.strip())]
            continue
        if isinstance(item, MarkedLine) and _begins_a_list(item, following):
            yield line, below
            line, below = item, []
            continue
        if line is not None and isinstance(item, MarkedLine) and item.style in ("", line.style):
            yield line, below
            line, below = None, []
        below.append(item)
    yield line, below


def is_one_work(line: MarkedLine, below: Sequence[MarkedLine | TaskKey]) -> bool:
    """Whether a list below an office is its only work, printed on the line of the office."""
    return bool(below) and isinstance(below[0], MarkedLine) and below[0].style == line.style


def _begins_a_list(line: MarkedLine, following: MarkedLine | TaskKey | None) -> bool:
    """Whether it names an office, with a marker or a colon, and the lines below it have another marker."""
    has_list = isinstance(following, MarkedLine) and following.style not in ("", line.style)
    return has_list and (line.text.endswith(":") or bool(line.style)) and office_of(line.text) is not None


def _complete_with_office(tasks: Sequence[Heading], office: str, is_in_doubt: bool) -> None:
    """`is_in_doubt`: the heading may name whom the works concern, so one with its own office is led by that."""
    for task in tasks:
        place, style = task.line.place, task.line.style
        roles = {key.role for key in task.keys}
        if roles & {"lead", "both"}:
            continue
        own = dated_assignment(task.text)
        time = time_at_the_end(task.text)
        if own and (is_in_doubt or ((own.schedule or own.is_explicit) and "schedule" not in roles)):
            task.text = own.task
            task.items.append(TaskKey("both", own.bodies, place, style))
            when = own.schedule or (time if is_in_doubt else "")
            task.items += [TaskKey("schedule", when, place, style)] if when and "schedule" not in roles else []
            continue
        task.items.append(TaskKey("lead", office, place, style, doubt=_CONCERNS if is_in_doubt else ""))
        if support := supporters_in(task.text) or helpers_at_the_end(task.text)[1]:
            task.items.append(TaskKey("support", support, place, style))
        if "schedule" not in roles and time:
            task.items.append(TaskKey("schedule", time, place, style))
