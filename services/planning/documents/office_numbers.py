"""Gives offices their names where a plan numbers them: "(2)" in a cell, and "(2) Phòng Kinh tế" in a note."""

import re
from collections.abc import Iterator, Sequence

from services.planning.documents.blocks.assignments import names_only_bodies
from services.planning.documents.document import Paragraph
from services.planning.documents.draft import Draft, with_place

_NAMED = re.compile(r"\((\d{1,2})\)\s*([^();]+?)\s*(?=[;.,]?\s*(?:\(\d|$))")
_NUMBERS = re.compile(r"(?:\(\d{1,2}\)[\s,;]*(?:và\s*)?)+")
_FEWEST = 2
_UNKNOWN = "không nhận ra tên cơ quan: ("


def name_numbered_offices(draft: Draft, paragraphs: Sequence[Paragraph]) -> None:
    names = next((found for each in paragraphs if len(found := _legend(each.text)) >= _FEWEST), {})
    for task in draft.tasks if names else ():
        if any(map(_NUMBERS.fullmatch, (*task.lead, *task.support))):
            task.lead, task.support = list(_named(task.lead, names)), list(_named(task.support, names))
            task.warnings = [each for each in task.warnings if _UNKNOWN not in each]
            task.warnings.append(with_place(task.place, "tên cơ quan lấy theo số trong chú giải, cần xem lại"))


def _legend(text: str) -> dict[str, str]:
    found = {number: name for number, name in _NAMED.findall(text) if names_only_bodies(name)}
    return found if list(found) == [str(n) for n in range(1, len(found) + 1)] else {}


def _named(printed: Sequence[str], names: dict[str, str]) -> Iterator[str]:
    for each in printed:
        numbers = re.findall(r"\d+", each) if _NUMBERS.fullmatch(each) else []
        yield from (names.get(number, f"({number})") for number in numbers) if numbers else (each,)
