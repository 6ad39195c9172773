"""The names of offices above their works, the words that order them to do these, and which duties are works.

Below "Tổ chức thực hiện" an office also has duties of every office, which are none: "Phối hợp thực hiện Kế hoạch này".
"""

import re
from collections.abc import Sequence

from services.planning.documents.blocks.assignments import DUTY_VERBS, names_a_time, names_only_bodies
from services.planning.documents.blocks.headings import LONGEST_TEXT, Heading
from services.planning.documents.blocks.orders import introduces_tasks, order_at
from shared.vietnamese import folded

_LONGEST_NAME = 100
_LONGEST_UNKNOWN_NAME = 60
_TASKS_OF = re.compile(
    r"^(?:(?:phụ lục|biểu|bảng)\s*(?:số\s*)?[\divx.]{0,5}[a-hđ]?\s*[.:–-]?\s*)?"
    r"(?:(?:danh mục|bảng|tổng hợp|phân công|các|những)\s+)*"
    r"(?:nhiệm vụ|công việc|phần việc|nội dung|phân công|trách nhiệm|việc)"
    r"(?:\s+(?:cụ thể|trọng tâm|nhiệm vụ|thực hiện|công việc|chi tiết|được|phân công))*"
    r"(?:\s+(?:của|giao|cho|do|thuộc|đối với|trách nhiệm)|\s*:)+\s+",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\s*(?:\((?:[^()]*\d[^()]*|tiếp(?: theo)?)\)|[-–:,]\s*\d+\s+(?:nhiệm vụ|việc|công việc|nội dung))$", re.IGNORECASE
)

# "1. Cải cách thể chế (Văn phòng chủ trì; Phòng Kinh tế phối hợp)", of all works below it.
_IN_BRACKETS = re.compile(r"\s*\((?P<bodies>[^()]{2,150} chủ trì(?!\w)[^()]{0,200})\)[\s.:]*$", re.IGNORECASE)
_CONCERNING = re.compile(r"^đối với\s+", re.IGNORECASE)
_ORDER = re.compile(
    r"^(?:(?:giao|đề nghị|yêu cầu|đối với)\s+(?:cho\s+)?|(?:trách nhiệm|nhiệm vụ)\s+(?:của|đối với)\s+)", re.IGNORECASE
)
_VERB = re.compile(DUTY_VERBS, re.IGNORECASE)
_ORGANISATION = re.compile(r"(?:tổ chức thực hiện|trách nhiệm thực hiện|phân công (?:trách nhiệm|thực hiện))")
_OF_EVERY_OFFICE = re.compile(
    r"(?:(?:có trách nhiệm|chủ động|thường xuyên|nghiêm túc),? )*(?:phối hợp|căn cứ|chịu trách nhiệm|nghiêm túc"
    r"|chấp hành|quán triệt|quan tâm|là (?:cơ quan|đơn vị|bộ phận|đầu mối))(?!\w)"
    r"|.*(?:kế hoạch này|(?:thực hiện|của|theo|trong|tại) kế hoạch(?= *(?:[.,;]|$))|chức năng,? nhiệm vụ"
    r"|nhiệm vụ (?:được|đã) (?:giao|phân công)|theo (?:chức năng|nhiệm vụ|phân công|yêu cầu)|khi (?:có|được) yêu cầu)",
    re.DOTALL,
)
_FEWEST_WORKS = 3


def office_of(heading: str) -> str | None:
    """The offices that a heading names with their role, or as those whose tasks follow: "2. Phòng Kinh tế chủ trì:"."""
    if found := _IN_BRACKETS.search(heading[:LONGEST_TEXT]):
        return found["bodies"] if names_only_bodies(found["bodies"]) else None
    whole = _TASKS_OF.sub("", _COUNT.sub("", _CONCERNING.sub("", heading[:LONGEST_TEXT].strip(" .:"))))
    if (order := order_at(whole)) and introduces_tasks(whole, order):
        return order.bodies if order.support else order.lead
    name = whole.strip(" .")
    is_name = 0 < len(name) <= _LONGEST_NAME and ":" not in name
    return name if is_name and names_only_bodies(name) else None


def only_concerns(heading: str) -> bool:
    """ "Đối với Trạm Y tế": it may be what the works below are about, and not who does them."""
    return bool(_CONCERNING.match(heading))


def without_brackets(heading: str) -> str:
    """A heading without the offices in brackets at its end."""
    return _IN_BRACKETS.sub("", heading)


def names_tasks_of_an_office(heading: str) -> bool:
    return bool(_TASKS_OF.match(heading)) and office_of(heading) is not None


def without_order(heading: str) -> str:
    """ "Đề nghị Mặt trận Tổ quốc" without the word of order."""
    return _ORDER.sub("", heading)


def may_be_a_name(heading: str) -> bool:
    """Whether a heading beside the names of offices may name one that is not known."""
    name = without_order(heading).strip(" .:")
    is_short = 0 < len(name) <= _LONGEST_UNKNOWN_NAME and not re.search(r"[:;.(]", name)
    return is_short and not _VERB.match(name) and not names_a_time(name)


def is_about_organisation(heading: Heading | None) -> bool:
    """ "Tổ chức thực hiện" and the like: what is below gives offices their duties."""
    return heading is not None and bool(_ORGANISATION.match(folded(heading.text)))


def are_works(duties: Sequence[tuple[str, bool]]) -> bool:
    """Whether so many duties of offices name their time, as each tells, that those without are works as well."""
    timed = [is_timed for duty, is_timed in duties if is_timed or not _OF_EVERY_OFFICE.match(folded(duty))]
    return sum(timed) >= _FEWEST_WORKS and 3 * sum(timed) >= 2 * len(timed)


def is_a_work(duty: str, *, among_works: bool) -> bool:
    """Whether a duty of an office is a task; `among_works`: most of the others are."""
    text = folded(duty)
    if _OF_EVERY_OFFICE.match(text):
        return names_a_time(duty) and not text.startswith("thường xuyên")
    return among_works or names_a_time(duty)
