"""Finds orders in sentences: "Giao Phòng Kinh tế chủ trì …; hoàn thành trước 15/5", "Văn phòng tổng hợp …"."""

import re
from dataclasses import replace

from services.planning.documents.blocks.assignments import (
    DUTY_VERBS,
    Assignment,
    deadlines_in,
    names_only_bodies,
    supporters_in,
)
from services.planning.documents.blocks.headings import Heading
from services.planning.documents.line_markers import MarkedLine

_ORDERED = re.compile(
    r"(?:(?:giao|đề nghị|yêu cầu|phân công)\s+(?:cho\s+)?)?(?P<lead>[^.;:]{2,150}?)"
    rf"(?:\s+(?=(?:chủ trì(?!\w)|{DUTY_VERBS}))|\s*:\s+)",
    re.IGNORECASE,
)


def headings_with_orders(root: Heading) -> dict[int, Assignment]:
    """By the `id` of the heading: the orders in numbered sentences, of which at least half, and two, are tasks."""
    beside: dict[tuple[int, str], list[Heading]] = {}
    for heading in root.everything_below():
        within = heading.parent if heading.parent and heading.text.lower().startswith("yêu cầu ") else heading
        if heading.line.number is not None and not within.is_general and heading.is_of_plan:
            beside.setdefault((id(heading.parent), heading.line.style), []).append(heading)
    found: dict[int, Assignment] = {}
    for alike in beside.values():
        orders = {id(one): order for one in alike if not one.children and (order := _order_of(one))}
        tasks = len(orders) + sum(one.names_body_or_time and id(one) not in orders for one in alike)
        if orders and tasks >= 2 and 2 * tasks >= len(alike):
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
    order = order_in(lines[0].text)
    return replace(order, task=heading.text, schedule="" if keyed else order.schedule) if order else None


def _is_a_verb(lead: str) -> bool:
    """ "Tổ chức đối thoại …" organises, and "Tổ chức" is nobody."""
    return lead.lower() == "tổ chức"


def order_in(text: str) -> Assignment | None:
    """The text as a whole, with the bodies that it orders to act and its deadline."""
    found = _ORDERED.match(text)
    if found is None or not text[0].isupper() or not names_only_bodies(found["lead"]) or _is_a_verb(found["lead"]):
        return None
    support = supporters_in(text, found.end("lead"))
    bodies = f"Chủ trì: {found['lead']}" + (f"\nPhối hợp: {support}" if support else "")
    return Assignment(text, bodies, "; ".join(deadlines_in([text])))
