"""Looks over a draft for what no reader of one layout sees: names and contents that were cut, lines that were lost."""

import re
from collections.abc import Iterator, Sequence

from services.planning.documents.draft import Draft, DraftTask, with_place
from services.planning.documents.formats.text_cleaning import first_words
from services.planning.phrases.bodies import same_body
from shared.vietnamese import folded, without_marks

_LONGEST_NAME = 14  # words
_TIME_IN_A_NAME = re.compile(r"\d{1,2}/\d{1,2}|\b(?:quý (?:[1-4]|i{1,3}|iv)|tháng \d|trước ngày|hằng tháng|hằng quý)\b")
_ENDS_WITHIN = re.compile(
    r"(?:(?<!\w)(?:của|và|cho|với|về|theo|tại|trong|đến|từ|bằng|hoặc|các|trên|do|để|việc)|[,(-])$"
)
_CUT_TIME = re.compile(
    r"(?:^|(?<!hàng )(?<!hằng )(?<!mỗi )(?<!định kỳ )(?<!cuối )(?<!\w))(?:quý|tháng|trước|trong|trước ngày)$"
)

_MANY_DAYS = 4
_LISTED = re.compile(r"(?:[-+•]|\(?(?:\d{1,2}|[a-zđ])[.)])\s*\S")


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
    if (
        works >= 2
        and len(days) >= 2
        and (len(days) >= works or any(map(_LISTED.match, (task.schedule_text or "").split("\n"))))
    ):
        yield f"nội dung có {works} việc và thời hạn có {len(days)} mốc, cần xem mỗi việc có phải một nhiệm vụ"
