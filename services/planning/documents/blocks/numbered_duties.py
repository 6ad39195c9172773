"""Gives works their offices where a later section names them by number: "Phòng Kinh tế: chủ trì nhiệm vụ số 1, 4"."""

import re
from collections.abc import Iterator

from services.planning.documents.blocks.assignments import names_only_bodies
from services.planning.documents.blocks.headings import Heading, TaskKey
from services.planning.documents.blocks.keys import KeyRole
from services.planning.documents.line_markers import MarkedLine

_NUMBER_LIST = r"\d{1,3}(?:(?:\s*[,–-]\s*|\s+(?:và|đến)\s+)(?:số\s+)?\d{1,3})*"
_DUTY = re.compile(
    r"(?P<role>chủ trì|phối hợp)(?!\w)[^.;:\d]{0,60}?(?:nhiệm vụ|công việc|nội dung|việc)\s+(?:số\s+)?"
    rf"(?P<numbers>{_NUMBER_LIST})",
    re.IGNORECASE,
)
_STEP = re.compile(r"(\d{1,3})(?:\s*[–-]\s*|\s+đến\s+)(?:số\s+)?(\d{1,3})|(\d{1,3})")
_OFFICE = re.compile(r"([^:.;]{3,120}?)(?:\s*:\s*|,?\s+(?=chủ trì|phối hợp))", re.IGNORECASE)
_FEWEST = 2


def add_duties_by_number(root: Heading) -> None:
    """Adds keys to the numbered works; none where a number is that of two works."""
    headings = root.everything_below()
    works: dict[int, list[Heading]] = {}
    for heading in headings:
        if heading.line.style == "decimal1" and not heading.is_general and (heading.line.number or "").isdigit():
            works.setdefault(int(heading.line.number or 0), []).append(heading)
    duties = [each for heading in headings for each in _duties(heading) if each[2] in works]
    if len(duties) < _FEWEST or any(len(works[number]) > 1 for _, _, number in duties):
        return
    for office, role, number in duties:
        work = works[number][0]
        held = next((key for key in work.keys if key.role == role), None)
        if held:
            held.value += f"\n{office}"
        else:
            work.items.append(TaskKey(role, office, work.line.place, work.line.style))


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
