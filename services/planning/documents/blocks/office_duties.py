"""Reads the duties of offices below "Tổ chức thực hiện" as tasks, for a plan that has no other tasks."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from services.planning.documents.blocks.assignments import DUTY_VERBS, deadlines_in, time_at_the_end
from services.planning.documents.blocks.headings import Heading
from services.planning.documents.blocks.orders import supporters_in
from services.planning.documents.blocks.outline import outline
from services.planning.documents.blocks.tasks import NO_LEAD, PlanPeriod, TaskBlock, sentence_at, task_of
from services.planning.documents.document import Paragraph
from services.planning.documents.draft import DraftTask
from services.planning.documents.line_markers import MarkedLine
from services.planning.phrases.bodies import read_bodies
from shared.vietnamese import folded

_ORGANISATION = re.compile(r"(?:tổ chức thực hiện|trách nhiệm thực hiện|phân công (?:trách nhiệm|thực hiện))")
_LONGEST_NAME = 80
_ORDER = re.compile(r"^(?:giao|đề nghị|yêu cầu)\s+(?:cho\s+)?", re.IGNORECASE)
_DUTY = re.compile(rf"\s*(?::|(?<!\w){DUTY_VERBS})", re.IGNORECASE)
_CHECK = "nhiệm vụ lấy từ phần tổ chức thực hiện, cần người xem lại"


def read_office_duties(paragraphs: Sequence[Paragraph], year: int, span: tuple[date, date] | None) -> list[DraftTask]:
    """One task for each sentence or bullet with a deadline or a period below the name of an office, and for each
    bullet that begins with an office in a list where most do. Each has a warning that a person should check it.
    """
    period = PlanPeriod(year, span)
    return [task for heading in outline(paragraphs).everything_below() for task in _tasks_of(heading, period)]


def _tasks_of(heading: Heading, period: PlanPeriod) -> Iterator[DraftTask]:
    if _names_an_office(heading):
        for duty in _with_a_time(heading):
            line = MarkedLine(duty.text, duty.place, number=heading.line.number)
            yield _task(TaskBlock(duty.text, line, heading.section(), ()), _office(heading.text), period)
    elif not heading.is_general:
        for duty, office in _lines_of_offices(heading):
            yield _task(TaskBlock(duty.text, duty, heading.section(of_parts=True), ()), office, period)


def _names_an_office(heading: Heading) -> bool:
    """Whether it is a numbered heading below "Tổ chức thực hiện", or one anywhere that only names an office."""
    if heading.line.number is None or heading.parent is None or heading.names_body_or_time:
        return False
    return bool(_ORGANISATION.match(folded(heading.parent.text))) or _is_an_office(heading.text.rstrip(":. "))


def _is_an_office(name: str) -> bool:
    bodies = read_bodies(name, "lead")
    return bool(name) and len(name) <= _LONGEST_NAME and len(bodies.lead) == 1 and not bodies.warnings


def _with_a_time(heading: Heading) -> Iterator[MarkedLine]:
    """The bullets with a deadline or a period; the heading itself where there are no bullets."""
    lines = [item for item in heading.items if isinstance(item, MarkedLine)]
    lines = lines or [MarkedLine(heading.text, heading.line.place)]
    return (line for line in lines if deadlines_in([line.text]) or time_at_the_end(line.text))


def _lines_of_offices(heading: Heading) -> list[tuple[MarkedLine, str]]:
    """The lines that begin with an office and a verb, where at least half of the lines, and two, are such."""
    lines = [item for item in heading.items if isinstance(item, MarkedLine)]
    found = [(line, office) for line in lines if (office := _office(line.text)) != line.text and _is_an_office(office)]
    return found if len(found) >= 2 and 2 * len(found) >= len(lines) else []


def _task(block: TaskBlock, office: str, period: PlanPeriod) -> DraftTask:
    task = task_of(block, period)
    task.lead = list(read_bodies(office, "lead").lead)
    task.support = list(read_bodies(supporters_in(block.heading), "support").support)
    task.warnings = [warning for warning in task.warnings if not (task.lead and NO_LEAD in warning)]
    task.warnings.insert(0, sentence_at(task.place, _CHECK))
    return task


def _office(text: str) -> str:
    text = _ORDER.sub("", text)
    duty = _DUTY.search(text)
    return text[: duty.start()].rstrip(" ,") if duty else text
