"""Finds who leads and until when in one text: "In tờ rơi: Phòng Kinh tế chủ trì, trong Quý II".

Finds orders in sentences: "Giao Phòng Kinh tế chủ trì …; hoàn thành trước 15/5", "Văn phòng tổng hợp …".
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from services.planning.documents.blocks.assignments import (
    Assignment,
    deadlines_in,
    names_only_bodies,
    says_that_the_first_leads,
    time_at_the_start,
)
from services.planning.documents.blocks.orders import (
    GIVES,
    Order,
    helpers_at_the_end,
    introduces_tasks,
    is_about_conduct,
    is_about_the_work_before,
    order_at,
    rest_of_assignment,
    supporters_in,
    work_of,
)
from services.planning.documents.line_markers import BETWEEN_SENTENCES
from services.planning.phrases.bodies import Bodies, read_bodies

_LONGEST = 500  # letters of an assignment, at the end of the text
_BEGINS_AN_ORDER = re.compile(r"[:(\[]\s*|[.;]\s+|\s[-–—]\s+")
_BEGINS = re.compile(r"[:(\[]\s*|[.;,]\s+|\s[-–—]\s+")
_ASSIGNMENT = re.compile(
    r"(?P<bodies>[^:()\[\]]{2,150}?\s+chủ trì)(?:\s+(?:tham mưu|thực hiện|triển khai))*"
    r"(?P<rest>(?!\w)[^()\[\]]*)[)\]]?[\s.;/]*$",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"(?:^|[,;.]|\s)\s*(?P<when>(?:(?:hoàn thành|xong|thực hiện|triển khai|thời gian|thời hạn|hạn|tiến độ)\s+)*"
    r"(?:trước|trong|quý|tháng|ngày|thường xuyên|hằng|hàng|định kỳ|chậm nhất|từ|đến hết|cả năm|năm"
    r"|\d{1,2}(?:[/.]| tháng)).*)$",
    re.IGNORECASE | re.DOTALL,
)
_IN_BRACKETS = re.compile(r"\((?P<bodies>[^();]{2,150});\s*(?P<rest>[^()]*)\)[\s.;/]*$")
_DOES_IN_BRACKETS = re.compile(
    r"\((?P<bodies>[^();]{2,150}?)\s+(?:thực hiện|tham mưu|triển khai|phụ trách|đảm nhiệm)\)[\s.;/]*$", re.IGNORECASE
)
_UPON = re.compile(
    r"(?P<when>(?:(?:ngay )?sau khi|khi có|theo (?:kế hoạch|tiến độ|lộ trình|yêu cầu))(?!\w).*)", re.IGNORECASE
)
_SENTENCE_OF_ORDER = re.compile(rf"(?:^|(?<=[.;] )){GIVES}", re.IGNORECASE)
_BODIES_IN_BRACKETS = re.compile(r"\((?P<bodies>[^()]{2,150})\)[\s.;/]*$")
_BODIES_BEHIND_A_MARK = re.compile(r"(?:[:;]|\s[-–—])\s*(?P<bodies>[^:;()]{2,150}?)[\s.;/]*$")
_CONTINUES = re.compile(r"\s*(?:$|[,;.]|[-–—]\s*$|(?:và\s+)?phối hợp|cùng)", re.IGNORECASE)


def assignment_at_the_end(text: str) -> Assignment | None:
    if says_that_the_first_leads(text):
        return None
    return _in_brackets(text) or _order_behind(text) or _behind_a_mark(text) or _behind_a_sentence(text)


def _order_behind(text: str) -> Assignment | None:
    """ "Mua máy quét: giao Phòng Kinh tế thực hiện, xong trước 10/4": an order to the end without its own work."""
    for begins in _BEGINS_AN_ORDER.finditer(text, max(0, len(text) - _LONGEST)):
        order = order_at(text, begins.end())
        rest = rest_of_assignment(text, order) if order and text[: begins.start()].strip() else None
        if order is None or rest is None:
            continue
        rest = rest.strip(" .,;/()[]")
        when = _WHEN.fullmatch(rest) or _UPON.fullmatch(rest)
        if when or not rest:
            return Assignment(text[: begins.start()].strip(), order.bodies, _time(when), is_explicit=True)
    return None


def _behind_a_sentence(text: str) -> Assignment | None:
    """ "Đồng bộ hồ sơ. Giao Phòng Kinh tế chủ trì, phối hợp với Công an xã": the order is a part of the content."""
    order = _order_within(text, 1)
    if order is None:
        return None
    times = deadlines_in([text[order.end :]]) or deadlines_in([text])
    return Assignment(text, order.bodies, "; ".join(times))


def _behind_a_mark(text: str) -> Assignment | None:
    """ "In tờ rơi: Phòng Kinh tế chủ trì, trong Quý II": after a colon, a dash, a stop or a bracket."""
    if "chủ trì" not in text.lower():
        return None
    marks = list(_BEGINS.finditer(text, max(0, len(text) - _LONGEST)))
    # "…, công chức - Phòng Kinh tế chủ trì": a name in capitals is surer than one in small letters
    for begins in sorted(marks, key=lambda mark: text[mark.end() : mark.end() + 1].islower()):
        found = _ASSIGNMENT.match(text, begins.end())
        if not found or BETWEEN_SENTENCES.search(found["bodies"]):
            continue  # "… của tổ chức, cá nhân. Giao Phòng Kinh tế chủ trì": the order begins behind the stop
        if text[: begins.start()].strip() and names_only_bodies(found["bodies"]):
            when = _WHEN.search(found["rest"])
            rest = found["rest"][: when.start()] if when else found["rest"]
            untimed = text[: found.start("rest")] + rest
            own = order_at(untimed, begins.end())
            if _CONTINUES.match(rest) and not (own and work_of(untimed, own)):
                return Assignment(text[: begins.start()].strip(), found["bodies"] + rest.rstrip(" ,;-–—"), _time(when))
    return None


def _in_brackets(text: str) -> Assignment | None:
    """ "Trả lời kiến nghị (Phòng Kinh tế; trước 20/3)": bodies, then a time."""
    does = _DOES_IN_BRACKETS.search(text, max(0, len(text) - _LONGEST))
    if does and text[: does.start()].strip() and names_only_bodies(does["bodies"]):
        return Assignment(text[: does.start()].strip(), does["bodies"].strip(), "", is_explicit=True)
    found = _IN_BRACKETS.search(text, max(0, len(text) - _LONGEST))
    rest = found["rest"].strip() if found else ""
    when = _WHEN.fullmatch(rest) or _UPON.fullmatch(rest)
    if found is None or when is None or not text[: found.start()].strip() or not names_only_bodies(found["bodies"]):
        return None
    return Assignment(text[: found.start()].strip(), found["bodies"].strip(), _time(when))


def _time(when: re.Match[str] | None) -> str:
    return when["when"].strip() if when else ""


def order_in(text: str, *, of_a_work_above: bool = False) -> Assignment | None:
    """The work, the bodies that the text orders to do it, and its deadline; the whole text where that is not sure.

    `of_a_work_above`: the text may name the bodies only.
    """
    begin = _behind_the_time(text)
    order = order_at(text, begin)
    if order is None or not text[begin].isupper() or (introduces_tasks(text, order) and not of_a_work_above):
        return None
    work, helpers = helpers_at_the_end(work_of(text, order) or text[begin:])
    own = text[begin : _end_of_its_sentences(text, order.end)]
    times = [*filter(None, [text[:begin].strip(" ,:")]), *deadlines_in([own])]
    if not times and is_about_conduct(text, work):
        return None
    if not order.support and not order.support_is_unread:
        order = replace(order, support=supporters_in(text, order.end) or helpers)
    return Assignment(work, order.bodies, "; ".join(times), is_explicit=order.is_explicit)


def _end_of_its_sentences(text: str, start: int) -> int:
    """Where a further sentence begins that names a body of its own; the end of the text without one."""
    further = (end.end() for end in BETWEEN_SENTENCES.finditer(text, start))
    return next((place for place in further if order_at(text, place)), len(text))


def _behind_the_time(text: str) -> int:
    """Where the sentence goes on behind "Trong quý I/2026, …"; 0 where it does not begin with a time and a mark."""
    time = time_at_the_start(text)
    behind = re.compile(r"\s*[,:]\s+").match(text, len(time)) if time else None
    return behind.end() if behind else 0


def dated_assignment(text: str) -> Assignment | None:
    """Who does a task of a programme by month: also only in brackets, behind a mark, or in front."""
    if found := assignment_at_the_end(text):
        return found
    before, support = helpers_at_the_end(text)
    for pattern in (_BODIES_IN_BRACKETS, _BODIES_BEHIND_A_MARK):
        behind = pattern.search(before, max(0, len(before) - _LONGEST))
        if behind and before[: behind.start()].strip() and names_only_bodies(behind["bodies"]):
            bodies = behind["bodies"].strip()
            both = f"Chủ trì: {bodies}\nPhối hợp: {support}" if support else bodies
            return Assignment(before[: behind.start()].strip(), both, "")
    return order_in(text)


def bodies_at_the_end(text: str) -> Assignment | None:
    """ "Xây dựng video (Phòng Kinh tế).": bodies in brackets, without a word of what they do."""
    found = _BODIES_IN_BRACKETS.search(text, max(0, len(text) - _LONGEST))
    if found is None or not text[: found.start()].strip() or not names_only_bodies(found["bodies"]):
        return None
    return Assignment(text[: found.start()].strip(), found["bodies"].strip(), "")


def _order_within(text: str, start: int = 0) -> Order | None:
    """The order that a sentence gives about the work of the text."""
    orders = (order_at(text, begins.start()) for begins in _SENTENCE_OF_ORDER.finditer(text, start))
    return next((order for order in orders if order and is_about_the_work_before(text, order)), None)


def bodies_by_sentence(lines: Sequence[str], further_support: Sequence[str]) -> Bodies | None:
    """The bodies of a sentence such as "Giao Phòng Kinh tế chủ trì, phối hợp với Văn phòng …"; None without one."""
    order = next((order for line in lines if (order := _order_within(line))), None)
    if order is None:
        return None
    bodies = read_bodies(order.bodies, "lead")
    if not bodies.lead or bodies.warnings:
        return None
    support = read_bodies("\n".join(filter(None, [*bodies.support, *further_support])), "support")
    source = f"đơn vị chủ trì lấy từ lời văn: {'; '.join(bodies.lead)}"
    return Bodies(bodies.lead, support.support, (source, *support.warnings))
