"""Reads paragraphs into tasks and targets: decides which headings are tasks, and splits those that hold several.

Moves keys to the tasks that they apply to: shared by several tasks, or printed below the last part of one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from services.planning.documents.blocks.duties import add_duties_by_number
from services.planning.documents.blocks.headings import LABEL, Heading, TaskKey
from services.planning.documents.blocks.office_sections import add_tasks_of_office_sections
from services.planning.documents.blocks.outline import outline
from services.planning.documents.blocks.targets import merged_targets, section_targets, task_targets
from services.planning.documents.blocks.task_lists import add_tasks_below_shared_keys, add_tasks_of_dated_sections
from services.planning.documents.blocks.tasks import PlanPeriod, TaskBlock, sentence_at, task_of
from services.planning.documents.blocks.trailing_assignments import add_trailing_assignments
from services.planning.documents.document import Paragraph
from services.planning.documents.draft import DraftTarget, DraftTask
from services.planning.documents.formats.text_cleaning import first_words
from services.planning.documents.line_markers import MarkedLine
from shared.vietnamese import folded

_PART = re.compile(r"(?:nội dung|nhiệm vụ|công việc)(?: (?:thực hiện|cụ thể|công việc|nhiệm vụ|chính|chủ yếu))*(?::|$)")


def copy_shared_keys(root: Heading) -> None:
    """Copies keys that apply to several tasks to the tasks of the same kind above that have none of their own.

    Such a key, and those after it: "Thời gian thực hiện các nhiệm vụ trên: …".
    """
    for heading in root.everything_below():
        at = next((at for at, item in enumerate(heading.items) if isinstance(item, TaskKey) and item.shared), None)
        if at is None or heading.parent is None:
            continue
        shared = [item for item in heading.items[at:] if isinstance(item, TaskKey)]
        for other in _tasks_above(heading, heading.parent):
            roles = {_shared_role(key) for key in other.keys}
            other.items += [replace(key) for key in shared if _shared_role(key) not in roles]


def _shared_role(key: TaskKey) -> str:
    """ "Cơ quan thực hiện" names the leading body, as "Cơ quan chủ trì" does."""
    return "lead" if key.role == "both" else key.role


def _tasks_above(heading: Heading, parent: Heading) -> list[Heading]:
    place = next(at for at, child in enumerate(parent.children) if child is heading)
    return [other for other in parent.children[:place] if other.line.style == heading.line.style]


def move_keys_up(root: Heading) -> None:
    """Gives keys of the last numbered part of a task to the whole task, where only that part has keys.

    Likewise the keys beside a part that is only called "Nội dung".
    """
    everything = root.everything_below()
    of_tasks = {heading.line.style for heading in everything if _is_task_before_others(heading)}
    for heading in everything:
        if (
            heading.line.style.startswith("decimal")
            and heading.children
            and (_PART.match(folded(heading.children[0].text)) or _only_the_last_has_keys(heading, of_tasks))
        ):
            turn_parts_into_lines(heading)


def _only_the_last_has_keys(heading: Heading, of_tasks: set[str]) -> bool:
    *others, last = heading.children
    return (
        bool(others)
        and last.names_body_or_time
        and last.line.style not in of_tasks
        and not heading.names_body_or_time
        and not any(other.names_body_or_time or other.children for other in others)
    )


def _is_task_before_others(heading: Heading) -> bool:
    return heading.names_body_or_time and heading.parent is not None and heading.parent.children[-1] is not heading


def turn_parts_into_lines(heading: Heading) -> None:
    """Turns the numbered parts of a task into lines of it, unless one of them is a task."""
    below = heading.everything_below()
    if not below or (heading.names_body_or_time and any(part.names_body_or_time for part in below)):
        return
    keys = [item for item in heading.items if isinstance(item, TaskKey)]
    lines: list[MarkedLine | TaskKey] = [item for item in heading.items if isinstance(item, MarkedLine)]
    for part in below:
        lines.append(MarkedLine(part.text, part.line.place, part.line.style, part.line.number))
        lines += part.items
        part.items = []
    heading.children = []
    heading.items = [*lines, *keys]


_FEWEST_WITH_KEYS = 4  # tasks with keys of their own for each without
_BODIES = ("lead", "both", "support")
_BEHIND_ALL = "cơ quan lấy từ dòng chung ở cuối danh sách, cần xem lại"
_UNUSUAL = "cơ quan, thời hạn lấy từ lời văn, trong khi các nhiệm vụ khác ghi thành mục riêng; cần xem lại"


@dataclass
class BlocksRead:
    """`warnings` are about the document; those about a task are in the task. All begin with a place."""

    tasks: list[DraftTask] = field(default_factory=list)
    indicators: list[DraftTarget] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_blocks(paragraphs: Sequence[Paragraph], year: int, span: tuple[date, date] | None) -> BlocksRead:
    """The tasks written as headings with keys below them, in the order of the document, and the targets in prose."""
    root = outline(paragraphs)
    add_tasks_of_dated_sections(root)
    add_tasks_below_shared_keys(root)
    add_tasks_of_office_sections(root)
    by_number = add_duties_by_number(root)
    add_trailing_assignments(root)
    copy_shared_keys(root)
    move_keys_up(root)
    read = BlocksRead()
    targets = []
    headings = root.everything_below()
    among_tasks = _among_tasks(headings)
    sections = {_kind(heading) for heading in headings if heading.names_body_or_time and _holds_several(heading)}
    read_as_tasks: set[int] = set()
    from_prose: list[DraftTask] = []
    for heading in headings:
        blocks = _blocks_of(heading, among_tasks=id(heading) in among_tasks, is_section=_kind(heading) in sections)
        for block in blocks:
            read_as_tasks.add(id(heading))
            task = task_of(block, PlanPeriod(year, span))
            task.warnings += [sentence_at(task.place, doubt) for doubt in by_number.get(id(heading), ())]
            read.tasks.append(task)
            if any(isinstance(item, TaskKey) and item.from_prose for item in block.items):
                from_prose.append(task)
            targets += task_targets(block, task, year, read.warnings)
    if _FEWEST_WITH_KEYS * len(from_prose) <= len(read.tasks):
        for task in from_prose:
            task.warnings.append(sentence_at(task.place, _UNUSUAL))
    read.warnings += _left_out(headings, read_as_tasks)
    read.indicators = merged_targets([*section_targets(root, year, read.warnings), *targets], read.warnings)
    return read


def _left_out(headings: Sequence[Heading], read_as_tasks: set[int]) -> Iterator[str]:
    """A warning for each numbered heading beside tasks that is none, nor above one."""
    kinds = {_kind(heading) for heading in headings if id(heading) in read_as_tasks}
    for heading in headings:
        within = (heading, *heading.everything_below())
        if heading.line.number is None or heading.is_general or _kind(heading) not in kinds:
            continue
        if not any(id(one) in read_as_tasks for one in within):
            name = f"số {heading.line.number} “{first_words(heading.text)}”"
            yield sentence_at(heading.line.place, f"{name} không nêu ai làm, bao giờ xong; không tính là nhiệm vụ")


def _blocks_of(heading: Heading, *, among_tasks: bool, is_section: bool) -> Iterator[TaskBlock]:
    if heading.names_body_or_time:
        turn_parts_into_lines(heading)
        yield from _split(heading, is_section=is_section)
    elif among_tasks and _is_task_without_keys(heading):
        turn_parts_into_lines(heading)
        yield TaskBlock(heading.text, heading.line, heading.section(), heading.items)


def _among_tasks(headings: Sequence[Heading]) -> set[int]:
    """The `id` of each heading of a kind of which at least half, and two, have keys."""
    beside: dict[tuple[int, str], list[Heading]] = {}
    for heading in headings:
        beside.setdefault(_kind(heading), []).append(heading)
    return {
        id(heading)
        for alike in beside.values()
        if (keyed := sum(one.names_body_or_time for one in alike)) >= 2 and 2 * keyed >= len(alike)
        for heading in alike
    }


def _is_task_without_keys(heading: Heading) -> bool:
    """Whether it is a numbered block, such as one about reporting, and neither a general section nor above tasks."""
    if heading.line.number is None or heading.is_general:
        return False
    return not any(below.names_body_or_time for below in heading.everything_below())


def _kind(heading: Heading) -> tuple[int, str]:
    """The same for all headings with this parent and this marker."""
    return id(heading.parent), heading.line.style


def _holds_several(heading: Heading) -> bool:
    groups = _groups(heading.items)
    return len(groups) > 1 and isinstance(groups[0][0], MarkedLine)


def _split(heading: Heading, *, is_section: bool) -> Iterator[TaskBlock]:
    """One block, or one for each group of lines and keys; `is_section`: a heading of its kind has several groups."""
    groups = _groups(heading.items)
    if len(groups) == 1 and not (is_section and isinstance(groups[0][0], MarkedLine)):
        yield TaskBlock(heading.text, heading.line, heading.section(), heading.items)
        return
    for group in groups:
        first = group[0]
        if isinstance(first, TaskKey):
            yield TaskBlock(heading.text, heading.line, heading.section(), group)
        else:
            yield TaskBlock(first.text, first, heading.section(of_parts=True), group[1:])


def _groups(items: Sequence[MarkedLine | TaskKey]) -> list[list[MarkedLine | TaskKey]]:
    """Lines with their keys: another group begins where a key is repeated after further lines."""
    groups: list[list[MarkedLine | TaskKey]] = [[]]
    works = _styles_of_works(items)
    for run in _runs(items, works):
        is_a_work = isinstance(run[0], MarkedLine) and run[0].style in works
        is_repeated = bool(_roles(groups[-1]) & _roles(run) & {"lead", "schedule"})
        if groups[-1] and (is_a_work or is_repeated or _is_a_work_without_keys(run, groups)):
            groups.append([])
        groups[-1] += run
    return _with_bodies_behind_all(groups) if works else groups


def _with_bodies_behind_all(groups: list[list[MarkedLine | TaskKey]]) -> list[list[MarkedLine | TaskKey]]:
    """ "Chủ trì: …" in a paragraph of its own, behind bullets of which none names who does it, is of all of them."""
    *others, last = groups
    places = {item.place for item in last if isinstance(item, MarkedLine)}
    behind = [item for item in last if isinstance(item, TaskKey) and item.role in _BODIES and item.place not in places]
    named = sum(isinstance(item, TaskKey) and item.role in _BODIES for group in groups for item in group)
    if not others or not behind or named > len(behind) or isinstance(others[0][0], TaskKey):
        return groups
    shared = [replace(key, doubt=_BEHIND_ALL) for key in behind]
    of_the_last = [item for item in last if item not in behind]
    return [[*group, *shared] for group in (*others, of_the_last)]


def _styles_of_works(items: Sequence[MarkedLine | TaskKey]) -> set[str]:
    """The markers of bullets of which two, or more, have keys in their own paragraph: each such bullet is a work."""
    keyed = [
        line.style
        for line, key in pairwise(items)
        if isinstance(line, MarkedLine) and isinstance(key, TaskKey) and line.style and line.place == key.place
    ]
    return {style for style in keyed if keyed.count(style) > 1 and not items[0].place.startswith("trang ")}


def _is_a_remark(line: MarkedLine, following: MarkedLine | TaskKey | None) -> bool:
    """ "- Đối tượng: cán bộ." without a key of its own: it is about the work beside it."""
    has_key = isinstance(following, TaskKey) and (following.place == line.place or following.role == "schedule")
    return not has_key and bool(LABEL.match(line.text))


def _is_a_work_without_keys(
    run: Sequence[MarkedLine | TaskKey], groups: Sequence[Sequence[MarkedLine | TaskKey]]
) -> bool:
    """Whether it is one more bullet below works that each name their bodies in their own sentence."""
    first = run[0]
    if not isinstance(first, MarkedLine) or not first.style or _roles(run):
        return False
    alike = [group for group in groups if group and isinstance(group[0], MarkedLine) and group[0].style == first.style]
    by_prose = [group for group in alike if any(isinstance(item, TaskKey) and item.from_prose for item in group)]
    return len(by_prose) >= 2 and len(alike) == len(groups)


def _roles(items: Sequence[MarkedLine | TaskKey]) -> set[str]:
    return {"lead" if item.role == "both" else item.role for item in items if isinstance(item, TaskKey)}


def _runs(items: Sequence[MarkedLine | TaskKey], works: set[str]) -> Iterator[list[MarkedLine | TaskKey]]:
    """Lines and the keys that follow them; the next line after a key, and each work, begins another run.

    A remark stands in the run of the work above it, or else of the one below; there is none where works have labels.
    """
    have_labels = any(
        isinstance(line, MarkedLine) and isinstance(key, TaskKey) and line.style in works and LABEL.match(line.text)
        for line, key in pairwise(items)
    )
    remarks: list[MarkedLine] = []
    run: list[MarkedLine | TaskKey] = []
    for item, following in zip(items, [*items[1:], None], strict=True):
        is_a_work = isinstance(item, MarkedLine) and item.style in works
        if isinstance(item, MarkedLine) and is_a_work and not have_labels and _is_a_remark(item, following):
            (run or remarks).append(item)
            continue
        if run and isinstance(item, MarkedLine) and (isinstance(run[-1], TaskKey) or is_a_work):
            yield run
            run = []
        run.append(item)
        if remarks:
            run += remarks
            remarks = []
    if run or remarks:
        yield run or [*remarks]
