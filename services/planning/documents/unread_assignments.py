"""Accounts for each body and each last day that the source of a task names: it is in a field of the task, or warned of.

Knows no layout: whatever a reader left in the words of a task, or dropped between its line and its fields, ends here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from services.planning.documents.blocks.assignments import (
    DUTY_VERBS,
    deadlines_in,
    last_days_within,
    names_a_time,
    names_only_bodies,
    time_at_the_end,
    time_at_the_start,
)
from services.planning.documents.blocks.offices import office_of
from services.planning.documents.blocks.sentences import assignment_at_the_end, order_in
from services.planning.documents.document import Document, Paragraph, Table
from services.planning.documents.draft import Draft, DraftHead, DraftTask, with_place
from services.planning.documents.formats.text_cleaning import first_words
from services.planning.documents.line_markers import BETWEEN_SENTENCES, closes_document, lines_of
from services.planning.documents.tables.cell_contents import texts_of
from services.planning.phrases.bodies import begins_with_the_body
from services.planning.phrases.schedules import read_schedule
from services.planning.plan_file import Milestone
from shared.vietnamese import folded

# How the names of bodies begin in print; the next word makes them sure.
_OF_ONE_WORD = r"Phòng|P|Sở|Trạm|Trường|Hội|Đoàn|Ban|Tổ|Đội|VP|TT|Thuế|Đ/c|Ông|Bà|Bộ phận|Công chức|Đồng chí"
_OF_TWO_WORDS = (
    r"Văn phòng|Trung tâm|Công an|Bưu điện|Kho bạc|Mặt trận|MTTQ|(?:Ủy|Uỷ) ban (?:MTTQ|Mặt trận)|Chi nhánh|Chi cục"
    r"|[Cc]ác (?:thôn|bản|buôn|tổ|khóm|ấp|khu|phòng|ban|cơ quan|đơn vị|trường|ngành|đoàn thể|hội|xã|phường)"
)
_BODY = re.compile(rf"(?<![\w/])(?:(?:{_OF_ONE_WORD})(?:\.\s*|\s+)[^\W\d_][\w-]*|(?:{_OF_TWO_WORDS})(?!\w))")
_NO_BODY = re.compile(
    r"(?:ban (?:hành|đầu|giám)|tổ (?:chức|dân)|hội (?:nghị|thảo|thi|đồng|nhập|diễn)|phòng,? (?:chống|ngừa|họp|cháy)"
    r"|đoàn (?:kết|kiểm|công)|sở hữu|trường hợp|bà con|(?:các )?[^\W\d_]+ (?:phận |chức |quan |vị )?"
    r"(?:chủ trì|phối hợp|thực hiện|tham mưu))(?!\w)"
)
# The words around a body that tell what it does for the work; a list may stand before it.
_GIVES_A_ROLE = re.compile(
    r"(?<!\w)(?:phối hợp(?: chặt chẽ)?(?: (?:với|cùng(?: với)?))?|có sự phối hợp (?:của|từ)|chủ trì"
    r"|(?:giao|phân công|đề nghị)(?: nhiệm vụ)?(?: cho)?"
    r"|phối hợp (?:với|cùng(?: với)?) (?:[^,]{2,60}(?:,| và)(?: |$)){1,6})\s*$"
)
_HAS_A_ROLE = re.compile(
    r"[^,]{0,50}?\s(?:chủ trì|phối hợp(?! (?:giữa|công tác)(?!\w))"
    r"|(?:là|làm) (?:(?:cơ quan|đơn vị|bộ phận) )?(?:đầu mối|thường trực)|chịu trách nhiệm chính)(?!\w)"
)
_PRINT = (
    r"(?:in đậm|chữ đậm|bôi đậm|gạch chân|gạch dưới|in nghiêng|chữ nghiêng|in hoa|tô màu"
    r"|dấu \(?\*\)?)"
)
_BY_PRINT = re.compile(rf"{_PRINT}.{{0,40}}(?<!\w)chủ trì(?!\w)|(?<!\w)chủ trì(?!\w).{{0,30}}{_PRINT}")
_LONGEST_NOTE = 200  # characters
_NEAR = 300  # characters around a body that may tell its role: a list, and the words before it
_CLAUSES = re.compile(r"[;:()\[\]\n]|\.(?=\s|$)")
_WORD = re.compile(r"\w+")
_CLAUSE_WITH_TIME = re.compile(r"[;\n]|(?<=\)),")
# Not what ends a work that stands before: "…; báo cáo trước 15/3".
_WORK = re.compile(
    rf"[\s,]*(?!(?:hoàn thành|xong|báo cáo|gửi|thực hiện|triển khai|trình)(?!\w)){DUTY_VERBS}", re.IGNORECASE
)
_TIME_WITHIN = re.compile(r"(?:quý|tháng|ngày)\s+(?:\d|[IVX])|(?:hằng|hàng)\s+(?:tuần|tháng|quý|năm)", re.IGNORECASE)
_FEWEST_WORDS = 6
_FIRST_WORDS = 5
_LONGEST_QUOTE = 200  # characters of a work that may be merged with others
_ANY_YEAR = 2000  # two times are alike in each year
_RANKS = ("roman", "capital", "named", "decimal1", "decimal2", "decimal3", "decimal4", "bracket", "small")


def warn_of_unread_assignments(draft: Draft, document: Document, paragraphs: Sequence[Paragraph]) -> None:
    """Adds warnings to the tasks."""
    by_print = next((text for text in document.texts() if len(text) <= _LONGEST_NOTE and _tells_by_print(text)), None)
    for task in draft.tasks:
        doubts = [*_left_in_the_work(task, draft.plan), *_other_than_its_heading(task)]
        if by_print and len(task.lead) > 1:
            doubts.append(f"văn bản ghi “{first_words(by_print, 100)}”; cách in chưa đọc được, cần xem ai chủ trì")
        task.warnings += [with_place(task.place, doubt) for doubt in doubts]
    held: dict[tuple[int, ...], str] = {}
    for tasks, text in (*_rows_of_tasks(draft, document), *_lines_of_tasks(draft, paragraphs)):
        of_tasks = tuple(map(id, tasks))
        if of_tasks not in held:
            held[of_tasks] = _joined(each for task in tasks for each in _fields(task))
        if lost := list(_dropped(held[of_tasks], text, tasks, draft.plan)):
            held[of_tasks] = _joined([held[of_tasks], *lost])
            named = "”, “".join(dict.fromkeys(lost))
            tasks[0].warnings.append(with_place(tasks[0].place, f"“{named}” chưa ghi vào nhiệm vụ nào, cần xem lại"))


def _tells_by_print(text: str) -> bool:
    """ "Đơn vị thực hiện (đơn vị in đậm là đơn vị chủ trì)": the print of a name is not read."""
    return bool(_BY_PRINT.search(folded(text)))


def _left_in_the_work(task: DraftTask, plan: DraftHead) -> Iterator[str]:
    """What the words of a task say of who does it and until when, and its fields do not."""
    clauses = [clause.strip(" ,.-–+•") for clause in _CLAUSES.split(task.content)]
    if unread := [clause for clause in clauses if _assigns(clause, task)]:
        quoted = "”, “".join(first_words(clause, 100) for clause in unread)
        yield f"lời văn “{quoted}” nêu cơ quan chưa ghi là chủ trì hay phối hợp, cần xem lại"
    times = _joined([task.schedule_text, *task.warnings])
    lines = task.content.split("\n")
    at_the_end = [time for line in lines if (time := time_at_the_end(line))]
    days = [*last_days_within(task.content), *at_the_end]
    unread = [day for day in dict.fromkeys(days) if _joined([day]) not in times and not _agrees(day, [task], plan)]
    if unread:
        yield f"lời văn còn ghi thời hạn “{'”, “'.join(unread)}”, chưa lấy; cần xem lại"
    if len(lines) > 1 and (unread or len(at_the_end) > 1):
        works = "”, “".join(map(first_words, lines))
        yield f"có thể gộp nhiều việc, mỗi việc một thời hạn: “{works}”; cần xem lại"
    elif of_others := [clause for clause in _further_clauses(task.content) if _is_of_another(clause, task)]:
        works = "”, “".join(first_words(work.strip(), _LONGEST_QUOTE) for work in of_others)
        yield f"có thể gộp nhiều việc, việc của cơ quan khác: “{works}”; cần xem lại"
    elif len(timed := _with_times_of_their_own(task.content)) > 1:
        works = "”, “".join(first_words(work, _LONGEST_QUOTE) for work in timed)
        yield f"có thể gộp nhiều việc, mỗi việc một thời hạn: “{works}”; cần xem lại"
    elif len(assigned := _with_bodies_of_their_own(task.content)) > 1:
        works = "”, “".join(first_words(work, _LONGEST_QUOTE) for work in assigned)
        yield f"có thể gộp nhiều việc, mỗi việc nêu cơ quan riêng: “{works}”; cần xem lại"


def _with_bodies_of_their_own(content: str) -> list[str]:
    """The lines and sentences of a task that each order an office to act, or name it in brackets."""
    found = [part for line in content.split("\n") for part in BETWEEN_SENTENCES.split(line) if part]
    return [
        part
        for part in found
        if assignment_at_the_end(part) or ((order := order_in(part)) and (order.is_explicit or order.schedule))
    ]


def _further_clauses(content: str) -> list[str]:
    clauses = _CLAUSE_WITH_TIME.split(content)
    return [*clauses[1:], *(part for clause in clauses for part in BETWEEN_SENTENCES.split(clause)[1:])]


def _is_of_another(clause: str, task: DraftTask) -> bool:
    """Whether a clause begins with a body that the task does not name, with words of a work, and a time or an order."""
    clause = clause.strip()
    unread = _bodies_beyond(clause, _who([task]), [task])
    begins = bool(unread) and not unread[0].start()
    is_work = len(clause.split()) > _FEWEST_WORDS
    return begins and is_work and bool(_TIME_WITHIN.search(clause) or order_in(clause))


def _with_times_of_their_own(content: str) -> list[str]:
    """The clauses of a task that each have a time and words of a work besides."""
    first, *others = (clause.strip(" ,.-+•") for clause in _CLAUSE_WITH_TIME.split(content))
    works = [first, *(clause for clause in others if _WORK.match(clause[len(time_at_the_start(clause)) :]))]
    return [clause for clause in works if names_a_time(clause)]


def _other_than_its_heading(task: DraftTask) -> Iterator[str]:
    office = office_of(task.section or "")
    if office and task.lead and _bodies_beyond(office, _who([task]), [task]):
        yield f"tiêu đề ghi “{first_words(office)}”, nhiệm vụ ghi chủ trì là {'; '.join(task.lead)}; cần xem lại"


def _agrees(clause: str, tasks: Sequence[DraftTask], plan: DraftHead) -> bool:
    """Whether the tasks have the same last days in other words: "(hằng quý)" beside "Hàng quý"."""
    year = plan.year or _ANY_YEAR
    held = [each for task in tasks for each in task.milestones]
    held += [each for task in tasks for each in read_schedule(task.schedule_text or "", year, plan.span).milestones]
    known = [_day(each) for each in held]
    days = read_schedule(clause, year, plan.span).milestones
    return all(each.kind != "unspecified" and _day(each) in known for each in days)


def _day(milestone: Milestone) -> dict[str, object]:
    """Without its words, and without the day on which a single deadline's time begins."""
    return milestone.model_dump(exclude={"label", "condition", *(["from_"] if milestone.kind == "deadline" else [])})


def _assigns(clause: str, task: DraftTask) -> bool:
    """Whether it gives a role to a body that the task does not name, or is nothing but bodies."""
    unread = _bodies_beyond(clause, _who([task]), [task])
    is_alone = bool(unread) and not unread[0].start() and len(clause) <= _NEAR and names_only_bodies(clause)
    return is_alone or any(
        _GIVES_A_ROLE.search(folded(clause[max(0, body.start() - _NEAR) : body.start()]))
        or _HAS_A_ROLE.match(folded(clause[body.start() : body.start() + _NEAR]))
        for body in unread
    )


def _bodies_beyond(text: str, held: str, tasks: Sequence[DraftTask]) -> list[re.Match[str]]:
    """The beginnings of names in a text that are not among the words that are held, nor spellings of tasks' bodies."""
    names = {name for task in tasks for name in (*task.lead, *task.support)}
    return [
        found
        for found in _BODY.finditer(text)
        if not _NO_BODY.match(folded(text[found.start() : found.start() + _NEAR]))
        and _joined([found[0]]) not in held
        and not any(begins_with_the_body(text[found.start() : found.start() + _NEAR], name) for name in names)
    ]


def _who(tasks: Sequence[DraftTask]) -> str:
    return _joined(each for task in tasks for each in (*task.lead, *task.support, *task.warnings))


def _joined(texts: Iterable[str | None]) -> str:
    """The words of texts for comparison, the texts apart."""
    return " | ".join(" ".join(_WORD.findall(folded(text))) for text in texts if text)


def _fields(task: DraftTask) -> Iterator[str | None]:
    yield from (task.section, task.content, task.deliverable, task.schedule_text)
    yield from (*task.lead, *task.support, *task.warnings)


def _dropped(held: str, text: str, tasks: Sequence[DraftTask], plan: DraftHead) -> Iterator[str]:
    """The bodies and times of a source text that are in no field of its tasks."""
    yield from (body[0] for body in _bodies_beyond(text, held, tasks))
    times = (re.split(r"[(:]", clause, maxsplit=1)[0].strip() for clause in deadlines_in([text]))
    yield from (time for time in times if _joined([time]) not in held and not _agrees(time, tasks, plan))


def _rows_of_tasks(draft: Draft, document: Document) -> Iterator[tuple[list[DraftTask], str]]:
    by_row: dict[str, list[DraftTask]] = {}
    for task in draft.tasks:
        by_row.setdefault(task.place.partition(", cột")[0], []).append(task)
    for table in document.blocks:
        for row in table.rows if isinstance(table, Table) else ():
            yield from ((by_row[row.place], text) for text in texts_of(row) if text and row.place in by_row)


def _lines_of_tasks(draft: Draft, paragraphs: Sequence[Paragraph]) -> Iterator[tuple[list[DraftTask], str]]:
    """Each line with the tasks that begin in it, or with those of the line above where it is no heading."""
    by_place: dict[str, list[DraftTask]] = {}
    for task in draft.tasks:
        by_place.setdefault(task.place, []).append(task)
    current: list[DraftTask] = []
    rank = 0
    for line in lines_of(paragraphs):
        words = _joined([line.text])
        here = [task for task in by_place.get(line.place, ()) if _beginning(task) in words]
        if here or (line.style and _rank(line.style) <= rank) or closes_document(line.text):
            current, rank = here, _rank(line.style)
        if current:
            yield current, line.text


def _rank(style: str) -> int:
    """The lower, the higher a marker stands in an outline; a line without one belongs to the one above."""
    at = next((at for at, name in enumerate(_RANKS) if style.startswith(name)), len(_RANKS))
    return at if style else len(_RANKS) + 1


def _beginning(task: DraftTask) -> str:
    return " ".join(_WORD.findall(folded(task.content))[:_FIRST_WORDS])
