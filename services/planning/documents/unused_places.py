"""Looks for what a document prints and its draft does not hold: a body, a time, a share or a numbered line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from services.planning.documents.blocks.assignments import deadlines_in, time_at_the_end
from services.planning.documents.blocks.headings import is_about_purpose, is_about_the_past, is_letterhead
from services.planning.documents.document import Document, Paragraph, Table
from services.planning.documents.draft import Draft, with_place
from services.planning.documents.formats.text_cleaning import first_words
from services.planning.documents.line_markers import MarkedLine, closes_document, is_in_capitals, lines_of
from services.planning.documents.tables.cell_contents import code_of, is_body, is_mark, is_schedule, texts_of
from services.planning.documents.tables.columns.header_words import role_of
from shared.vietnamese import folded

_WORD = re.compile(r"\w+")
_BESIDE = 3  # words that stand side by side in the draft as well
_LOST = 4  # words of a numbered line or a cell that are nowhere in the draft
_STRAY = 7  # words of a line on a page of a PDF that are nowhere in the draft
_LOCAL = 10  # words: a shorter cell must be held by the task of its own row
_ABOVE_ALL = re.compile(r"roman|capital|named .*")
_NAMES_OF_KEYS = frozenset(
    folded(
        "cơ quan đơn vị bộ phận chủ trì phối hợp thực hiện với và cùng các hoàn thành xong thời gian thời hạn tiến độ "
        "hạn sản phẩm kết quả giao phân công trách nhiệm nhiệm vụ nội dung công việc ngày trước trong vào yêu cầu"
    ).split()
)
_SHARE = re.compile(r"\d\s*%")
_BODY = re.compile(
    r"\b(phòng (kinh tế|văn hoá|tư pháp|nội vụ|tài chính)|văn phòng|vp hđnd|trung tâm phục vụ|ttpvhcc|công an|"
    r"trạm y tế|công chức|chủ trì)\b"
)
_FORMAL = re.compile(
    r"(?:-\s*)?(?:căn cứ|thực hiện (?:kế hoạch|quyết định|nghị quyết|công văn|chỉ thị|thông báo)|xét|theo)\b"
)


@dataclass
class _Held:
    """Texts of the draft: the words side by side in all of it, and all words of each place."""

    beside: set[tuple[str, ...]] = field(default_factory=set)
    at: dict[str, set[str]] = field(default_factory=dict)

    def add(self, place: str, texts: Iterable[str | None]) -> None:
        own = self.at.setdefault(_row_of(place), set())
        for text in texts:
            words = _words(text or "")
            self.beside |= {tuple(words[at : at + _BESIDE]) for at in range(len(words))}
            own.update(words)


def warn_of_unused_places(draft: Draft, document: Document, paragraphs: Sequence[Paragraph]) -> None:
    """Adds one warning for each place that holds something for a plan, and no part of the draft holds it."""
    held = _held(draft)
    texts: dict[str, list[str]] = {}
    for place, text in (*_unused_paragraphs(paragraphs, held), *_unused_rows(document, draft, held)):
        texts.setdefault(place, []).append(first_words(text, 120))
    for place, lost in texts.items():
        quoted = f"“{lost[0]}”" if len(lost) == 1 else f"{len(lost)} dòng chưa đọc, từ “{lost[0]}” đến “{lost[-1]}”"
        sentence = with_place(place, f"chưa dùng: {quoted}; cần xem có phải nhiệm vụ, cơ quan, thời hạn")
        task = next((one for one in draft.tasks if one.place == place and place.count(",")), None)
        (task.warnings if task else draft.warnings).append(sentence)


def _row_of(place: str) -> str:
    return place.partition(", cột")[0]


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text))


def _held(draft: Draft) -> _Held:
    held = _Held()
    for task in draft.tasks:
        printed = (task.code, task.section, task.content, task.deliverable, task.schedule_text)
        held.add(task.place, [*printed, *task.lead, *task.support, *task.warnings])
    for target in draft.indicators:
        held.add(
            target.place, [target.code, target.name, target.unit, target.target_text, target.scope, *target.owners]
        )
    for warning in draft.warnings:
        held.add(warning.partition(": ")[0], [warning])
    head = draft.plan
    held.add("", [head.title, head.commune_name, head.number, *head.based_on, *head.cites])
    return held


def _lost_words(text: str, held: _Held, own: set[str]) -> list[str]:
    """The longest stretch of words that the draft holds neither with their neighbours nor at their own place."""
    words = _words(text)
    kept = [word in own for word in words]
    for at in range(len(words)):
        if tuple(words[at : at + _BESIDE]) in held.beside:
            kept[at : at + _BESIDE] = [True] * len(words[at : at + _BESIDE])
    best: list[str] = []
    run: list[str] = []
    for word, is_kept in zip(words, kept, strict=True):
        if word in _NAMES_OF_KEYS:
            continue  # neither lost nor kept: a key has no place of its own in a draft
        run = [] if is_kept else [*run, word]
        best = max(best, run, key=len)
    return best


def _unused_paragraphs(paragraphs: Sequence[Paragraph], held: _Held) -> Iterator[tuple[str, str]]:
    begun = idle_above = idle_here = False  # in a section that gives no tasks: by its roman heading, by its number
    for line in lines_of(paragraphs):
        is_formal = bool(_FORMAL.match(folded(line.text)))
        if closes_document(line.text):
            idle_above = True
        elif _ABOVE_ALL.fullmatch(line.style) or (is_in_capitals(line.text) and not is_letterhead(line.text)):
            idle_above, idle_here = _gives_no_tasks(line.text), False
        elif line.style == "decimal1":
            idle_here = _gives_no_tasks(line.text)
        begun = begun or (bool(line.style) and not is_formal)
        if not (begun or _SHARE.search(line.text)) or is_formal or is_letterhead(line.text):
            continue
        lost = _lost_words(line.text, held, held.at.get(line.place, set()) if line.place.count("đoạn") else set())
        if _is_a_loss(line, lost, idle=idle_above or idle_here):
            yield line.place, line.text


def _gives_no_tasks(heading: str) -> bool:
    return is_about_the_past(heading) or is_about_purpose(heading)


def _is_a_loss(line: MarkedLine, lost: Sequence[str], *, idle: bool) -> bool:
    if len(lost) < _LOST or (len(lost) < len(_words(line.text)) // 4):
        return False
    if idle:
        return bool(line.style) and _names_a_time(line.text)
    if line.place.startswith("trang ") and not line.style and len(lost) >= _STRAY:
        return True  # the cells of a table that was not seen as one
    rest = " ".join(lost)
    return bool(_names_a_time(line.text) or _BODY.search(rest) or _SHARE.search(line.text))


def _names_a_time(text: str) -> bool:
    return bool(deadlines_in([text]) or time_at_the_end(text))


def _unused_rows(document: Document, draft: Draft, held: _Held) -> Iterator[tuple[str, str]]:
    """A row's short cells must be held by a task at its place, or by the tasks around it; longer ones by any."""
    places = {_row_of(task.place) for task in draft.tasks}
    for table in document.blocks:
        if not isinstance(table, Table):
            continue
        rows = [row for row in table.rows if any(texts_of(row))]
        if not any(row.place in places for row in rows):
            rows = []  # read as paragraphs, as targets, or not at all: with a warning of its own
        own = [held.at.get(row.place, set()) for row in rows]
        for row, near in zip(rows, _around(own), strict=True):
            texts = [text for text in texts_of(row) if text and not code_of(text) and not is_mark(text)]
            lost = [text for text in texts if _is_a_lost_cell(text, held, near)]
            is_heading = len(texts) == 1 and not _tells_who_or_when(texts[0])
            if lost and not is_heading and not closes_document(lost[0]):
                yield row.place, " | ".join(lost)


def _around(own: Sequence[set[str]]) -> Iterator[set[str]]:
    """For each row the words of its own tasks; without one, those of the rows above and below that have tasks."""
    below: list[set[str]] = [set()] * len(own)
    for at in range(len(own) - 2, -1, -1):
        below[at] = own[at + 1] or below[at + 1]
    above: set[str] = set().union(*own)  # a header may name any office
    for words, next_words in zip(own, below, strict=True):
        yield words or above | next_words
        above = words or above


def _is_a_lost_cell(text: str, held: _Held, near: set[str]) -> bool:
    words = _words(text)
    if role_of(text) != "other":
        return False
    if len(words) <= _LOCAL and _tells_who_or_when(text):
        return len(set(words) - near) > 1
    return len(_lost_words(text, held, near)) >= _LOST


def _tells_who_or_when(text: str) -> bool:
    return is_body(text) or is_schedule(text)
