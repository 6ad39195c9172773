"""A document in which neither the title nor any phrase names a year: by its dates, or without days."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from services.planning.documents.document import Document, Paragraph
from services.planning.documents.draft import Draft, DraftHead, DraftTask, placed
from services.planning.plan_file import Unspecified

ANY_YEAR = 2000  # to read by; what it leads to is not kept
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")


def year_by_dates(head: DraftHead, document: Document) -> list[str]:
    """Gives the head the year that its dates name most, with a warning; nothing where it has one or there is none."""
    if head.year is not None:
        return []
    years = Counter(int(year) for text in _texts(document) for year in _YEAR.findall(text))
    if not years:
        return ["Không có năm nào trong tài liệu; quý, tháng không tính được thành ngày."]
    head.year = years.most_common(1)[0][0]
    head.span = head.span or (date(head.year, 1, 1), date(head.year, 12, 31))
    return [f"Lấy năm {head.year} là năm được nhắc nhiều nhất trong tài liệu; cần xem lại."]


def without_days(draft: Draft) -> None:
    """Takes back the days that were counted by no year of the document."""
    for task in draft.tasks:
        if any(isinstance(value, date) for milestone in task.milestones for _, value in milestone):
            _take_back(task)


def _take_back(task: DraftTask) -> None:
    task.milestones = [Unspecified(kind="unspecified", text=task.schedule_text)]
    task.warnings.append(placed(task.place, "không rõ năm nên chưa tính được ngày của thời hạn"))


def _texts(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (cell.text for row in block.rows for cell in row.cells)
