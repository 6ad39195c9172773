"""Gives works their offices where a later section names them by number: "Phòng Kinh tế: chủ trì nhiệm vụ số 1, 4"."""

import re
from collections.abc import Iterator

from services.planning.documents.blocks.assignments import names_only_bodies
from services.planning.documents.blocks.headings import Heading, TaskKey
from services.planning.documents.blocks.keys import KeyRole
from services.planning.documents.blocks.trailing_assignments import bodies_by_sentence, dated_assignment
from services.planning.documents.line_markers import MarkedLine

_NUMBER_LIST = r"\d{1,3}(?:(?:\s*[,–-]\s*|\s+(?:và|đến)\s+)(?:số\s+)?\d{1,3})*"
_DUTY = re.compile(
    r"(?P<role>chủ trì|phối hợp)(?!\w)[^.;:\d]{0,60}?(?:nhiệm vụ|công việc|nội dung|việc)\s+(?P<named>số\s+)?"
    rf"(?P<numbers>{_NUMBER_LIST})(?!\d|\s*(?:/|%|(?:tháng|năm|quý|lần|ngày|tuần)\b))"
    r"(?(named)|(?=\s*(?:[.;)]|$|(?:mục|phần|nêu|ở|tại)\b)))",  # "nhiệm vụ 6 tháng" is no number of a work
    re.IGNORECASE,
)
_STEP = re.compile(r"(\d{1,3})(?:\s*[–-]\s*|\s+đến\s+)(?:số\s+)?(\d{1,3})|(\d{1,3})")
_OFFICE = re.compile(r"([^:.;]{3,120}?)(?:\s*:\s*|,?\s+(?=chủ trì|phối hợp))", re.IGNORECASE)
_FEWEST = 2


def add_duties_by_number(root: Heading) -> dict[int, list[str]]:
    """Adds keys to the numbered works that name no such body; none where a number is that of two works.

    Returns warnings without their place, by the `id` of the heading of each work.
    """
    headings = root.everything_below()
    works: dict[int, list[Heading]] = {}
    for heading in headings:
        if heading.line.style == "decimal1" and not heading.is_general and (heading.line.number or "").isdigit():
            works.setdefault(int(heading.line.number or 0), []).append(heading)
    duties = [each for heading in headings for each in _duties(heading) if each[2] in works]
    if len(duties) < _FEWEST or any(len(works[number]) > 1 for _, _, number in duties):
        return {}
    warnings: dict[int, list[str]] = {}
    offices: dict[tuple[int, KeyRole], list[str]] = {}
    for office, role, number in duties:
        offices.setdefault((number, role), []).append(office)
    named = {(number, role) for number, role in offices if _names(works[number][0], role)}
    for (number, role), names in offices.items():
        work, kind = works[number][0], "chủ trì" if role == "lead" else "phối hợp"
        listed = "; ".join(dict.fromkeys(names))
        if (number, role) in named:
            warning = f"phần phân công ghi {kind} nhiệm vụ số {number} là {listed}; chưa lấy vì nhiệm vụ đã nêu cơ quan"
        else:
            warning = f"cơ quan {kind} “{listed}” lấy từ phần phân công theo số {number}, cần xem lại"
            work.items.append(TaskKey(role, "\n".join(dict.fromkeys(names)), work.line.place, work.line.style))
        warnings.setdefault(id(work), []).append(warning)
    return warnings


def _names(work: Heading, role: KeyRole) -> bool:
    """Whether a work names its bodies of this role itself, by a key or in its sentence."""
    if any(key.role in (role, "both") for key in work.keys):
        return True
    lines = [work.text, *(item.text for item in work.items if isinstance(item, MarkedLine))]
    by_sentence = bodies_by_sentence(lines, [])
    return bool(
        dated_assignment(work.text) or (by_sentence and (by_sentence.lead if role == "lead" else by_sentence.support))
    )


def _duties(heading: Heading) -> Iterator[tuple[str, KeyRole, int]]:
    """The office, its role and the number of each work that a heading, or a line below it, names."""
    for text in (heading.text, *(item.text for item in heading.items if isinstance(item, MarkedLine))):
        begins = _OFFICE.match(text)
        if begins is None or not names_only_bodies(begins[1]):
            continue
        for duty in _DUTY.finditer(text, begins.end(1)):
            role: KeyRole = "lead" if duty["role"].lower() == "chủ trì" else "support"
            for first, last, alone in _STEP.findall(duty["numbers"]):
                yield from ((begins[1], role, n) for n in range(int(first or alone), int(last or alone) + 1))
