"""Checks what no reader of one part sees: the year, an annex or a section is missing; a name or a content was cut."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from services.planning.documents.blocks.headings import is_about_the_past
from services.planning.documents.document import Document, Paragraph
from services.planning.documents.draft import Draft, DraftHead, DraftTask, with_place
from services.planning.documents.formats.text_cleaning import first_words
from services.planning.documents.tables import HeadedTable, TablesFound
from services.planning.documents.tables.columns.column import SCHEDULES
from services.planning.documents.tables.rows.resolved_rows import ordinal
from services.planning.phrases.bodies import same_body
from services.planning.plan_file import Deadline, Unspecified
from shared.vietnamese import date_text, folded, without_marks

ANY_YEAR = 2000  # schedules are read with it where no year is known; dates that result are removed again
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
_SHEET = r"(phụ lục|(?<!đại )(?<!tiêu )(?<!phát )biểu(?! (mẫu|dương|hiện|quyết|thị|diễn|tượng|đạt)))\b"
_ANNEX = re.compile(rf"(kèm theo|đính kèm|chi tiết|cụ thể|tại|theo|có) .{{0,60}}{_SHEET}|{_SHEET}.{{0,60}}kèm theo")
_FORM = re.compile(r"\b(báo cáo|mẫu|đề cương|phiếu|danh sách)\b.{0,60}(phụ lục|biểu)")
_OF_TASKS = re.compile(r"nhiệm vụ|nội dung|phân công")
_OF_ANOTHER_ACT = re.compile(
    r"(phụ lục|biểu mẫu|biểu)( số)? ?[\w/-]{0,12} ?(-|của|ban hành kèm theo|kèm theo) ?"
    r"(thông tư|nghị định|quyết định|công văn)"
)
_SECTION = re.compile(r"([IVX]{1,5})[.)/]\s*(?=\S)")
_LONGEST_NAME = 14  # words
_TIME_IN_A_NAME = re.compile(r"\d{1,2}/\d{1,2}|\b(?:quý (?:[1-4]|i{1,3}|iv)|tháng \d|trước ngày|hằng tháng|hằng quý)\b")
_ENDS_WITHIN = re.compile(
    r"(?:(?<!\w)(?:của|và|cho|với|về|theo|tại|trong|đến|từ|bằng|hoặc|các|trên|do|để|việc)|[,(-])$"
)
_CUT_TIME = re.compile(
    r"(?:^|(?<!hàng )(?<!hằng )(?<!mỗi )(?<!định kỳ )(?<!cuối )(?<!\w))(?:quý|tháng|trước|trong|trước ngày)$"
)
_MANY_DAYS = 4
_FEWEST_WORKS = 3
_PART_OF_A_LINE = re.compile(r"(?:^|\s)[a-eđ]\)\s+")
_LISTED = re.compile(r"(?:[-+•]|\(?(?:\d{1,2}|[a-zđ])[.)])\s*\S")


def year_by_dates(head: DraftHead, document: Document) -> list[str]:
    """Gives a head without a year the one that the document names most, with a warning."""
    if head.year is not None:
        return []
    years = Counter(int(year) for text in document.texts() for year in _YEAR.findall(text))
    if not years:
        return ["Không có năm nào trong tài liệu; quý, tháng không tính được thành ngày."]
    head.year = years.most_common(1)[0][0]
    head.span = head.span or (date(head.year, 1, 1), date(head.year, 12, 31))
    return [f"Lấy năm {head.year} là năm được nhắc nhiều nhất trong tài liệu; cần xem lại."]


def remove_dates(draft: Draft) -> None:
    """Makes a schedule unspecified where its dates were computed without a known year."""
    for task in draft.tasks:
        if any(isinstance(value, date) for milestone in task.milestones for _, value in milestone):
            _make_unspecified(task)


def _make_unspecified(task: DraftTask) -> None:
    task.milestones = [Unspecified(kind="unspecified", text=task.schedule_text)]
    task.warnings.append(with_place(task.place, "không rõ năm nên chưa tính được ngày của thời hạn"))


def warn_of_days_before_issue(draft: Draft) -> None:
    """A deadline that was over when the document was issued may have the wrong year, or be a slip."""
    issued_on = draft.plan.issued_on
    for task in draft.tasks if issued_on else ():
        days = [
            each.due for each in task.milestones if isinstance(each, Deadline) and issued_on and each.due < issued_on
        ]
        if days:
            over = ", ".join(map(date_text, days))
            warning = f"thời hạn {over} đứng trước ngày ban hành {date_text(issued_on)}, cần người xác nhận"
            task.warnings.append(with_place(task.place, warning))


def results_of_the_past(table: HeadedTable, year: int | None) -> str | None:
    """A warning for a table of what was done in a year before that of the plan; None for one of tasks or targets."""
    columns = table.columns
    content = columns.first("content")
    of_a_year = bool(content and year and content.year and content.year < year)
    if table.kind != "tasks" or columns.of(*SCHEDULES) or not (of_a_year or is_about_the_past(table.section or "")):
        return None
    return f"{table.place}: bảng ghi kết quả của kỳ trước, không đọc thành nhiệm vụ."


def missing_annex(draft: Draft, tables: TablesFound) -> list[str]:
    """A warning where the text refers to an annex of tasks and the file has no table of tasks.

    A reference to an annex of targets is satisfied by a table of targets.
    """
    if any(table.kind == "tasks" for table in tables.tables):
        return []
    has_targets = any(table.kind == "indicators" for table in tables.tables)
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


def missing_sections(paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    """A warning for each gap in the Roman numbers of the sections."""
    sections = [(code, paragraph.place) for paragraph in paragraphs if (code := _section(paragraph))]
    for (above, _), (below, place) in pairwise(sections):
        if ordinal(below, "roman") > ordinal(above, "roman") + 1:
            yield f"{place}: số mục nhảy từ {above} đến {below}; cần xem có thiếu mục nào không."


def _section(paragraph: Paragraph) -> str | None:
    found = _SECTION.match(f"{paragraph.number or ''} {paragraph.text}".strip(" *#"))
    return found[1] if found else None


def move_notes_to_tasks(draft: Draft, notes: Sequence[str]) -> None:
    """A note of a place that is a task's own, such as a footnote in its row, becomes a warning of the task."""
    by_place = {task.place: task for task in draft.tasks}
    for note in notes:
        place, _, sentence = note.partition(": ")
        if sentence and place in by_place and note in draft.warnings:
            by_place[place].warnings.append(note)
            draft.warnings.remove(note)


def warn_of_doubts(draft: Draft) -> None:
    _mend_misread_names(draft)
    names = {name for task in draft.tasks for name in (*task.lead, *task.support)}
    for task in draft.tasks:
        doubts = [*_of_names(task, names), *_of_content(task), *_of_schedule(task), *_of_lists(task)]
        task.warnings += [with_place(task.place, doubt) for doubt in doubts]


def _mend_misread_names(draft: Draft) -> None:
    """ "Phỏng Văn hóa" beside other rows with "Phòng Văn hóa": a scan took one mark for another."""
    known = {
        without_marks(name): name
        for task in draft.tasks
        for name in (*task.lead, *task.support)
        if not any(_unknown(name) in warning for warning in task.warnings)
    }
    for task in draft.tasks:
        for names in (task.lead, task.support):
            for at, name in enumerate(names):
                read_as = known.get(without_marks(name))
                if read_as and read_as != name and any(_unknown(name) in warning for warning in task.warnings):
                    names[at] = read_as
                    task.warnings.append(with_place(task.place, f"“{name}” đọc là “{read_as}”, cần xem lại"))


def _unknown(name: str) -> str:
    return f"không nhận ra tên cơ quan: {name}"


def _of_names(task: DraftTask, names: set[str]) -> Iterator[str]:
    for name in (*task.lead, *task.support):
        longer = next((one for one in sorted(names) if _is_cut_from(name, one)), None)
        if longer:
            yield f"tên cơ quan “{name}” có thể bị cắt từ “{longer}”, cần xem lại"
        elif name[:1].islower() and len(name.split()) == 1:
            yield f"tên cơ quan “{first_words(name)}” bắt đầu giữa chừng, cần xem lại"
        elif len(name.split()) > _LONGEST_NAME or _TIME_IN_A_NAME.search(folded(name)):
            yield f"tên cơ quan “{first_words(name)}” có thể kèm cả nội dung công việc, cần xem lại"


def _is_cut_from(name: str, longer: str) -> bool:
    if not folded(longer).startswith(f"{folded(name)} ") or same_body(name, longer):
        return False
    return len(name.split()) > 1 and folded(longer)[len(name) + 1 :][:3] not in ("và ", "xã ")


def _of_content(task: DraftTask) -> Iterator[str]:
    first = task.content.split("\n", maxsplit=1)[0].strip()
    if first[:1].islower():
        yield "nội dung bắt đầu bằng chữ thường, có thể thiếu phần đầu"
    if _ENDS_WITHIN.search(folded(task.content.strip())):
        yield "nội dung kết thúc giữa chừng, có thể thiếu phần sau"


def _of_schedule(task: DraftTask) -> Iterator[str]:
    text = folded(task.schedule_text or "").strip(" .;")
    if text and _CUT_TIME.search(text):
        yield f"thời hạn “{first_words(text)}” có thể bị cắt, cần xem lại"


def _of_lists(task: DraftTask) -> Iterator[str]:
    """Several works in one task beside several days: each may be a task of its own."""
    works = sum(bool(_LISTED.match(line)) for line in task.content.split("\n"))
    days = [each for each in task.milestones if each.kind in ("deadline", "recurring", "continuous")]
    if len(days) >= _MANY_DAYS and "\n" in (task.schedule_text or ""):
        yield f"thời hạn có {len(days)} mốc ở nhiều dòng, cần xem có phải nhiều nhiệm vụ bị gộp làm một"
    parts = _PART_OF_A_LINE.split(task.content)[1:]
    if len(parts) > 1 and "\n" not in task.content:
        named = "; ".join(f"“{first_words(part)}”" for part in parts)
        yield f"nội dung có {len(parts)} phần in liền nhau, cơ quan và thời hạn của mỗi phần chưa tách: {named}"
    if works >= _FEWEST_WORKS and not (task.lead and days) and not task.place.count("hàng"):
        lines = [line for line in task.content.split("\n") if _LISTED.match(line)]
        yield f"nội dung gồm {works} việc chưa tách: {'; '.join(f'“{first_words(line)}”' for line in lines)}"
    if (
        works >= 2
        and len(days) >= 2
        and (len(days) >= works or any(map(_LISTED.match, (task.schedule_text or "").split("\n"))))
    ):
        yield f"nội dung có {works} việc và thời hạn có {len(days)} mốc, cần xem mỗi việc có phải một nhiệm vụ"
