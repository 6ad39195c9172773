"""Reads one block of lines and keys as a task."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.planning.documents.blocks.assignments import (
    deadlines_in,
    names_a_time,
    time_at_the_end,
    time_at_the_start,
)
from services.planning.documents.blocks.headings import TaskKey
from services.planning.documents.blocks.sentences import bodies_by_sentence
from services.planning.documents.draft import DraftTask
from services.planning.documents.line_markers import MarkedLine
from services.planning.phrases.bodies import Bodies, is_generic, read_bodies, same_body
from services.planning.phrases.schedules import read_schedule

NO_LEAD = "chưa nêu đơn vị chủ trì"
OFFICE_DUTY = "nhiệm vụ lấy từ phần tổ chức thực hiện, cần người xem lại"
BY_VALUE = "nhãn trước cơ quan, thời hạn là nhãn lạ; vai trò đọc theo thứ tự và giá trị của chúng, cần xem lại"
BEHIND_HELPERS = "thời hạn lấy từ ngoặc sau cơ quan phối hợp, cần xem lại"
# "Chủ trì: Công an xã (quý I/2026)": nothing but words of a time.
_TIME_BEHIND_BODIES = re.compile(
    r"(?P<bodies>[^()]+?)\s*\((?P<time>(?:(?:hoàn thành|xong|trong|trước|vào|đến|từ|hết|cuối|đầu|cả|chậm nhất"
    r"|thường xuyên|định kỳ|hằng|hàng|ngày|tuần|tháng|quý|năm|và|\d+|[IVX]+)(?!\w)[\s,/.–-]*)+)\)[\s.;]*",
    re.IGNORECASE,
)
_LEADS_WITH_OTHERS = re.compile(r"chủ trì,?\s+phối hợp\s+(?:chặt chẽ\s+)?(?:với|cùng)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class PlanPeriod:
    """The year of schedules without a year, and the span of those without a period."""

    year: int
    span: tuple[date, date] | None


@dataclass(frozen=True)
class TaskBlock:
    """The printed parts of a task: its heading, the section above it, its lines and its keys."""

    heading: str
    line: MarkedLine
    section: str | None
    items: Sequence[MarkedLine | TaskKey]

    @property
    def lines(self) -> list[str]:
        """The content: the heading, the lines, and the requirement where there is a deliverable besides."""
        texts = [self.heading, *(item.text for item in self.items if isinstance(item, MarkedLine))]
        required = [f"Yêu cầu: {value}" for value in self.values("requirement")] if self.values("deliverable") else []
        return [text for text in (*texts, *required) if text]

    @property
    def deliverable(self) -> str | None:
        return _joined(self.values("deliverable") or self.values("requirement"))

    def values(self, *roles: str) -> list[str]:
        return [item.value for item in self.items if isinstance(item, TaskKey) and item.role in roles and item.value]


def task_of(block: TaskBlock, period: PlanPeriod) -> DraftTask:
    """The task with its warnings, each of which begins with the place of the heading."""
    block = _with_the_time_behind_its_bodies(block)
    bodies = _bodies(block)
    task = DraftTask(
        content="\n".join(block.lines),
        place=block.line.place,
        code=block.line.number,
        section=block.section,
        deliverable=block.deliverable,
        lead=list(bodies.lead),
        support=list(bodies.support),
    )
    by_value = any(isinstance(item, TaskKey) and item.by_value for item in block.items)
    warnings = [
        *([BY_VALUE] if by_value else []),
        *(item.doubt for item in block.items if isinstance(item, TaskKey) and item.doubt),
        *_missing(block, task),
        *_doubtful(task),
        *bodies.warnings,
        *_schedule(block, task, period),
    ]
    task.warnings = [sentence_at(task.place, warning) for warning in dict.fromkeys(warnings)]
    return task


def _with_the_time_behind_its_bodies(block: TaskBlock) -> TaskBlock:
    """The time in brackets behind who leads, or in doubt behind who helps, is the task's where it has no other one."""
    found = [(item, time) for item in block.items if isinstance(item, TaskKey) and (time := _time_behind(item))]
    leads = [item for item in block.items if isinstance(item, TaskKey) and item.role in ("lead", "both")]
    if len(found) != 1 or len(leads) > 1 or block.values("schedule") or _located(block):
        return block
    [(key, time)] = found
    bodies = replace(key, value=time["bodies"])
    schedule = replace(key, role="schedule", value=time["time"], doubt=BEHIND_HELPERS if key.role == "support" else "")
    items = [each for item in block.items for each in ((bodies, schedule) if item is key else (item,))]
    return replace(block, items=items)


def _time_behind(key: TaskKey) -> re.Match[str] | None:
    found = _TIME_BEHIND_BODIES.fullmatch(key.value) if key.role in ("lead", "both", "support") else None
    return found if found and names_a_time(f"({found['time']})") else None


def _bodies(block: TaskBlock) -> Bodies:
    if not block.values("lead", "both") and (named := bodies_by_sentence(block.lines, block.values("support"))):
        return named
    parts = [
        read_bodies(value, role)
        for role in ("lead", "both", "support")
        if (value := _joined(block.values(role), ending=""))
    ]
    return Bodies(
        tuple(dict.fromkeys(name for part in parts for name in part.lead)),
        tuple(dict.fromkeys(name for part in parts for name in part.support)),
        tuple(warning for part in parts for warning in part.warnings),
    )


def _missing(block: TaskBlock, task: DraftTask) -> Iterator[str]:
    if not task.lead:
        yield NO_LEAD
    if not task.support and any(map(_LEADS_WITH_OTHERS.search, block.lines)):
        yield "chưa đọc được đơn vị phối hợp trong câu"
    if task.deliverable is None and not block.values("lead", "both"):
        yield "chưa nêu sản phẩm"


def _doubtful(task: DraftTask) -> Iterator[str]:
    if generic := [name for name in task.lead if is_generic(name)]:
        yield f"đơn vị chủ trì ghi chung, chưa nêu tên: {'; '.join(generic)}"
    if in_both := [name for name in task.lead if any(same_body(name, other) for other in task.support)]:
        yield f"đơn vị vừa chủ trì vừa phối hợp: {'; '.join(in_both)}"


def _schedule(block: TaskBlock, task: DraftTask, period: PlanPeriod) -> list[str]:
    """Sets the schedule text and the milestones of the task; returns warnings about them."""
    printed = _joined(block.values("schedule"))
    located = None if printed else _located(block)
    task.schedule_text = printed or located
    reading = read_schedule(task.schedule_text or "", period.year, period.span)
    task.milestones = list(reading.milestones)
    found = [f'không có dòng thời gian; thời hạn lấy từ lời văn: "{located}"'] if located else []
    return [*found, *reading.warnings]


def _located(block: TaskBlock) -> str | None:
    """The time in running text, also at the start of the work."""
    clauses = deadlines_in(block.lines) or list(filter(None, map(time_at_the_end, block.lines)))
    return _joined(clauses or [time_at_the_start(block.heading)])


def _joined(values: Sequence[str], ending: str = ".;,") -> str | None:
    """The values as printed, one per line, without the full stop at the end; an ellipsis stays."""
    text = "\n".join(values).strip()
    if not text.endswith("..."):
        text = text.removesuffix("./").rstrip(ending + " ")
    return text or None


def sentence_at(place: str, warning: str) -> str:
    """A warning as a sentence after its place: "dòng 45: chưa nêu đơn vị chủ trì."."""
    begins_as_sentence = warning[:2].istitle()
    text = warning[0].lower() + warning[1:] if begins_as_sentence else warning
    return f"{place}: {text}" if text[-1] in ".!?…" else f"{place}: {text}."
