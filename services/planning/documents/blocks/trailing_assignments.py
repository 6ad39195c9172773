"""Adds keys to headings and lines whose own words tell who leads and until when, or order somebody to act."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from services.planning.documents.blocks.assignments import Assignment, names_a_time
from services.planning.documents.blocks.headings import Heading, TaskKey
from services.planning.documents.blocks.sentences import assignment_at_the_end, bodies_at_the_end, order_in
from services.planning.documents.blocks.task_lists import with_its_time_for_each
from services.planning.documents.line_markers import MarkedLine, is_in_capitals

_TARGET = re.compile(
    r"(?:(?:tỷ lệ|trên|tối thiểu|ít nhất|phấn đấu|đạt)(?!\w).{0,40}?)?\d", re.IGNORECASE
)  # "100% hồ sơ"
_IN_BRACKETS_ONLY = "cơ quan ghi trong ngoặc ở cuối, không nêu vai trò; đọc là chủ trì, cần xem lại"


def headings_with_orders(root: Heading) -> dict[int, Assignment]:
    """By the `id` of the heading: the orders in numbered sentences, of which at least half, and two, are tasks.

    One that says so in words, with its time, is enough.
    """
    beside: dict[tuple[int, str], list[Heading]] = {}
    for heading in root.everything_below():
        within = heading.parent if heading.parent and heading.text.lower().startswith("yêu cầu ") else heading
        if heading.line.number is not None and not within.is_general and heading.is_of_plan:
            beside.setdefault((id(heading.parent), heading.line.style), []).append(heading)
    found: dict[int, Assignment] = {}
    for alike in beside.values():
        orders = {id(one): order for one in alike if not one.children and (order := _order_of(one))}
        tasks = len(orders) + sum(one.names_body_or_time and id(one) not in orders for one in alike)
        is_sure = any(order.is_explicit and order.schedule for order in orders.values())
        if orders and (is_sure or tasks >= 2) and 2 * tasks >= len(alike):
            found |= orders
    return found


def _order_of(heading: Heading) -> Assignment | None:
    """The order in a heading, or in the one unmarked line below it, where no key names who leads."""
    if any(key.role in ("lead", "both") for key in heading.keys):
        return None
    keyed = any(key.role == "schedule" for key in heading.keys)
    if order := order_in(heading.text):
        return replace(order, schedule="" if keyed else order.schedule)
    lines = [item for item in heading.items if isinstance(item, MarkedLine)]
    if len(lines) != 1 or lines[0].style:
        return None
    order = order_in(lines[0].text, of_a_work_above=True)
    return replace(order, task=heading.text, schedule="" if keyed else order.schedule) if order else None


def add_trailing_assignments(root: Heading) -> None:
    """Adds keys to headings without a leading body, where their text, or most of their lines, end with one.

    Likewise where they order it: "Giao Phòng Kinh tế chủ trì …", "Văn phòng tổng hợp …" among tasks.
    """
    ordered = headings_with_orders(root)
    for heading in root.everything_below():
        if any(key.role in ("lead", "both") for key in heading.keys):
            if _has_keys_within_lines(heading):
                _add_those_of_lines(heading)
        elif heading.is_general and id(heading) not in ordered:
            continue
        elif assignment := _of_the_heading(heading) or ordered.get(id(heading)):
            heading.text = assignment.task
            heading.items += _keys(assignment, heading.line)
        else:
            _add_those_of_lines(heading)


def _of_the_heading(heading: Heading) -> Assignment | None:
    """None for a title: "NHIỆM VỤ GIAO CÁC PHÒNG, ĐƠN VỊ CHỦ TRÌ"."""
    is_title = not heading.line.style.startswith("decimal") and is_in_capitals(heading.text)
    return None if is_title else assignment_at_the_end(heading.text)


def _has_keys_within_lines(heading: Heading) -> bool:
    """Whether keys stand in the lines of bullets: "- Rà soát (Chủ trì: Phòng Kinh tế; thời gian: Quý II)"."""
    return any(
        isinstance(item, MarkedLine) and isinstance(key, TaskKey) and item.style and item.place == key.place
        for item, key in pairwise(heading.items)
    )


def _add_those_of_lines(heading: Heading) -> None:
    following = [*heading.items[1:], None]
    lines = [
        (at, item)
        for at, (item, key) in enumerate(zip(heading.items, following, strict=False))
        if isinstance(item, MarkedLine) and not (isinstance(key, TaskKey) and key.place == item.place)
    ]
    assignments = {at: found for at, line in lines if (found := assignment_at_the_end(line.text))}
    if heading.is_of_plan and heading.line.number is not None:
        timed = list(_with_only_a_time(heading))
        lines = [*lines, *timed]
        assignments |= {
            at: replace(found, schedule="") for at, line in timed if (found := assignment_at_the_end(line.text))
        }
        orders = {at: found for at, line in lines if at not in assignments and (found := order_in(line.text))}
        is_sure = any(order.is_explicit and order.schedule for order in orders.values())
        assignments |= orders if is_sure or len(orders) + len(assignments) >= 2 else {}
    others = [(at, line) for at, line in lines if at not in assignments]
    only_bodies = dict(_only_in_brackets(others))
    named = [*assignments.values(), *only_bodies.values()]
    has_time = any(one.schedule or names_a_time(one.task) for one in named) or _has_a_time_behind(heading)
    is_of_all = (
        len(lines) >= 2 and len(only_bodies) == len(others) and all(line.style for _, line in lines) and has_time
    )
    if is_of_all or (assignments and 2 * len(assignments) >= len(lines)):
        assignments |= only_bodies if is_of_all or len(assignments) >= 2 else {}
        heading.items = with_its_time_for_each(list(_with_keys(heading.items, assignments)))


def _has_a_time_behind(heading: Heading) -> bool:
    return any(key.role == "schedule" and key.is_a_paragraph for key in heading.keys)


def _only_in_brackets(lines: Sequence[tuple[int, MarkedLine]]) -> Iterator[tuple[int, Assignment]]:
    """ "Xây dựng video (Phòng Kinh tế).": a body without its role, where the lines beside it name theirs."""
    for at, line in lines:
        if not _TARGET.match(line.text) and (found := bodies_at_the_end(line.text)):
            yield at, replace(found, doubt=_IN_BRACKETS_ONLY)


def _with_only_a_time(heading: Heading) -> Iterator[tuple[int, MarkedLine]]:
    """The lines with a key that tells the time and not who: "- Phòng Kinh tế: rà soát; thời gian: Quý II"."""
    for at, (item, key) in enumerate(pairwise([*heading.items, None])):
        if isinstance(item, MarkedLine) and isinstance(key, TaskKey) and key.place == item.place:
            following = heading.items[at + 2] if at + 2 < len(heading.items) else None
            further = isinstance(following, TaskKey) and following.place == item.place
            if key.role == "schedule" and not further:
                yield at, item


def _with_keys(
    items: Sequence[MarkedLine | TaskKey], assignments: dict[int, Assignment]
) -> Iterator[MarkedLine | TaskKey]:
    """Each line without its assignment, its own lower bullets, and then the keys."""
    waiting: list[TaskKey] = []
    style = None
    for at, item in enumerate(items):
        if isinstance(item, MarkedLine) and item.style == style:
            yield from waiting
            waiting = []
        if isinstance(item, MarkedLine) and at in assignments:
            yield from waiting
            waiting, style = _keys(assignments[at], item), item.style
            yield replace(item, text=assignments[at].task)
        else:
            yield item
    yield from waiting


def _keys(assignment: Assignment, line: MarkedLine) -> list[TaskKey]:
    doubt = assignment.doubt
    keys = [TaskKey("both", assignment.bodies, line.place, line.style, from_prose=True, doubt=doubt)]
    if assignment.schedule:
        keys.append(TaskKey("schedule", assignment.schedule, line.place, line.style, from_prose=True))
    return keys
