"""One block of lines and keys, understood as a task."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.planning.documents.blocks.charges import charged_by_sentence
from services.planning.documents.blocks.headings import Keyed
from services.planning.documents.blocks.markers import Line, bare
from services.planning.documents.draft import DraftTask
from services.planning.phrases.bodies import Bodies, is_generic, read_bodies, same_body
from services.planning.phrases.schedules import read_schedule

_DEADLINE = re.compile(
    r"(?:chậm nhất|muộn nhất|(?:hoàn thành|xong|gửi|báo cáo|trình)\s+(?:xong\s+)?(?:trước|trong)\b"
    r"|trước\s+(?:ngày\s+)?\d|định kỳ,?\s*\(?\s*(?:hằng|hàng)\s+(?:tuần|tháng|quý|năm)"
    r"|(?:hằng|hàng)\s+(?:tuần|tháng|quý)\b)"
    r"[^;\n]*?(?=[;\n]|\.(?:\s|/|$)|$)"
    r"|(?:(?<=, )thường xuyên|(?:trong|vào)\s+(?:tháng|quý)\s+[\dIVX]+(?:\s*/\s*\d{4}|\s+năm\s+\d{4})?)(?=[\s.;/]*$)",
    re.IGNORECASE,
)
NO_LEAD = "chưa nêu đơn vị chủ trì"


@dataclass(frozen=True)
class Period:
    """What a schedule without a year, or without a period, is read by."""

    year: int
    span: tuple[date, date] | None


@dataclass(frozen=True)
class Block:
    """A task as it is printed: its heading, the section above it, its lines and its keys."""

    heading: str
    line: Line
    section: str | None
    items: Sequence[Line | Keyed]

    @property
    def lines(self) -> list[str]:
        """The content: the heading and the lines, and what is required where a product is named besides."""
        texts = [self.heading, *(item.text for item in self.items if isinstance(item, Line))]
        required = [f"Yêu cầu: {value}" for value in self.values("requirement")] if self.values("deliverable") else []
        return [text for text in (*texts, *required) if text]

    @property
    def deliverable(self) -> str | None:
        return _joined(self.values("deliverable") or self.values("requirement"))

    def values(self, *roles: str) -> list[str]:
        return [item.value for item in self.items if isinstance(item, Keyed) and item.role in roles and item.value]


def task_of(block: Block, period: Period) -> DraftTask:
    """The task with its warnings, each of which begins with the place of the heading."""
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
    warnings = [*_missing(block, task), *_doubtful(task), *bodies.warnings, *_schedule(block, task, period)]
    task.warnings = [told(task.place, warning) for warning in dict.fromkeys(warnings)]
    return task


def _bodies(block: Block) -> Bodies:
    if not block.values("lead", "both") and (charged := charged_by_sentence(block.lines, block.values("support"))):
        return charged
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


def _missing(block: Block, task: DraftTask) -> Iterator[str]:
    if not task.lead:
        yield NO_LEAD
    if task.deliverable is None and not block.values("lead", "both"):
        yield "chưa nêu sản phẩm"


def _doubtful(task: DraftTask) -> Iterator[str]:
    if generic := [name for name in task.lead if is_generic(name)]:
        yield f"đơn vị chủ trì ghi chung, chưa nêu tên: {'; '.join(generic)}"
    if twice := [name for name in task.lead if any(same_body(name, other) for other in task.support)]:
        yield f"đơn vị vừa chủ trì vừa phối hợp: {'; '.join(twice)}"


def _schedule(block: Block, task: DraftTask, period: Period) -> list[str]:
    """Sets what the task has of a schedule; tells what is doubtful about it."""
    printed = _joined(block.values("schedule"))
    located = None if printed else _joined(deadlines_in(block.lines))
    task.schedule_text = printed or located
    reading = read_schedule(task.schedule_text or "", period.year, period.span)
    task.milestones = list(reading.milestones)
    found = [f'không có dòng thời gian; thời hạn lấy từ lời văn: "{located}"'] if located else []
    return [*found, *reading.warnings]


def deadlines_in(lines: Iterable[str]) -> list[str]:
    """Clauses of running text that say until when or how often."""
    return [clause for line in lines for found in _DEADLINE.finditer(line) if (clause := bare(found[0]))]


def _joined(values: Sequence[str], ending: str = ".;,") -> str | None:
    """The values as printed, one per line, without the stop at the end; an ellipsis stays."""
    text = "\n".join(values).strip()
    if not text.endswith("..."):
        text = text.removesuffix("./").rstrip(ending + " ")
    return text or None


def told(place: str, warning: str) -> str:
    """A warning as a sentence that begins with the place: "dòng 45: chưa nêu đơn vị chủ trì."."""
    begins_as_sentence = warning[:2].istitle()
    text = warning[0].lower() + warning[1:] if begins_as_sentence else warning
    return f"{place}: {text}" if text[-1] in ".!?…" else f"{place}: {text}."
