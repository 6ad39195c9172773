"""What a document announces and does not hold: an annex of tasks, a section between two numbers."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from services.planning.documents.document import Paragraph
from services.planning.documents.draft import Draft
from services.planning.documents.tables import TablesFound
from services.planning.documents.tables.numbering import ordinal
from shared.vietnamese import folded

_SHEET = r"(phụ lục|(?<!đại )(?<!tiêu )(?<!phát )biểu(?! (mẫu|dương|hiện|quyết|thị|diễn|tượng|đạt)))\b"
_ANNEX = re.compile(rf"(kèm theo|đính kèm|chi tiết|cụ thể|tại|theo|có) .{{0,60}}{_SHEET}|{_SHEET}.{{0,60}}kèm theo")
_FORM = re.compile(r"\b(báo cáo|mẫu|đề cương|phiếu|danh sách)\b.{0,60}(phụ lục|biểu)")
_OF_TASKS = re.compile(r"nhiệm vụ|nội dung|phân công")
_OF_ANOTHER_ACT = re.compile(
    r"(phụ lục|biểu mẫu|biểu)( số)? ?[\w/-]{0,12} ?(-|của|ban hành kèm theo|kèm theo) ?"
    r"(thông tư|nghị định|quyết định|công văn)"
)
_SECTION = re.compile(r"([IVX]{1,5})[.)/]\s*(?=\S)")


def missing_annex(draft: Draft, tables: TablesFound) -> list[str]:
    """Only where no table of tasks was found; a mention of an annex of targets is met by a table of targets."""
    if any(part.kind == "tasks" for part in tables.parts):
        return []
    has_targets = any(part.kind == "indicators" for part in tables.parts)
    for paragraph in tables.paragraphs:
        text = folded(paragraph.text)
        if len(text) > 400 or not _ANNEX.search(text) or _OF_ANOTHER_ACT.search(text):
            continue
        if not _OF_TASKS.search(text) and (draft.tasks or _FORM.search(text)):
            continue
        if "chỉ tiêu" in text and has_targets:
            continue
        rest = "" if draft.tasks else " Chưa đọc được nhiệm vụ nào."
        return [f"{paragraph.place}: văn bản dẫn phụ lục nhiệm vụ nhưng trong tệp không có phụ lục đó.{rest}"]
    return []


def missing_sections(paragraphs: Sequence[Paragraph]) -> Iterable[str]:
    sections = [(code, paragraph.place) for paragraph in paragraphs if (code := _section(paragraph))]
    for (above, _), (below, place) in pairwise(sections):
        if ordinal(below, "roman") > ordinal(above, "roman") + 1:
            yield f"{place}: số mục nhảy từ {above} đến {below}; cần xem có thiếu mục nào không."


def _section(paragraph: Paragraph) -> str | None:
    found = _SECTION.match(f"{paragraph.number or ''} {paragraph.text}".strip(" *#"))
    return found[1] if found else None
