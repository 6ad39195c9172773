"""Lines that a wrap or a page break tore off the line above them."""

import re

from services.planning.documents.blocks.headings import Heading, Keyed
from services.planning.documents.blocks.markers import Line, is_in_capitals
from services.planning.documents.blocks.sections import is_no_section
from shared.vietnamese import folded

_UNFINISHED = re.compile(
    r"[^\W\d]+\s+(?:của|và|với|về|cho|gửi|các|do|trong|bằng|là|(?<!kèm )theo|(?<!hiện )(?<!tồn )tại)$"
)


def continues(current: Heading, line: Line) -> bool:
    """Without a marker, it begins with a small letter, or what stands above ends with a word such as "của"."""
    if line.style:
        return False
    last = current.items[-1] if current.items else None
    above = last.value if isinstance(last, Keyed) else last.text if last else current.text
    return line.text[0].islower() or bool(_UNFINISHED.search(above))


def continues_capitals(current: Heading, line: Line) -> bool:
    """The second line of a heading in capitals, or of the title under "KẾ HOẠCH"."""
    if line.style or current.items or current.children:
        return False
    if not (is_in_capitals(current.text) and is_in_capitals(line.text)):
        return False
    return folded(current.text).startswith("kế hoạch") or not (is_no_section(current.text) or is_no_section(line.text))
