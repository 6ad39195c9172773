"""Tasks of a plan that has no others: what "Tổ chức thực hiện" charges each office with, where a time is named."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from services.planning.documents.blocks.deeds import DEEDS
from services.planning.documents.blocks.headings import Heading
from services.planning.documents.blocks.markers import Line
from services.planning.documents.blocks.outline import outline
from services.planning.documents.blocks.sections import is_general, section_of
from services.planning.documents.blocks.tasks import NO_LEAD, Block, Period, deadlines_in, task_of, told
from services.planning.documents.document import Paragraph
from services.planning.documents.draft import DraftTask
from services.planning.phrases.bodies import Bodies, read_bodies
from shared.vietnamese import folded

_ORGANISATION = re.compile(r"(?:tổ chức thực hiện|trách nhiệm thực hiện|phân công (?:trách nhiệm|thực hiện))")
_LONGEST_NAME = 80
_CHARGED = re.compile(r"^(?:giao|đề nghị|yêu cầu)\s+(?:cho\s+)?", re.IGNORECASE)
_DUTY = re.compile(rf"\s*(?::|(?<!\w){DEEDS})", re.IGNORECASE)
_WITH = re.compile(r"phối hợp (?:với|cùng)\s+(?P<whom>[^.;:]+)", re.IGNORECASE)
_LOOKED_AT = "nhiệm vụ lấy từ phần tổ chức thực hiện, cần người xem lại"


def read_duties(paragraphs: Sequence[Paragraph], year: int, span: tuple[date, date] | None) -> list[DraftTask]:
    """One task for each sentence or bullet with a deadline or a period below the name of an office, and for each
    bullet that begins with an office in a list where most do.

    For a document without any other task: a person should look at each, and a warning says so.
    """
    period = Period(year, span)
    return [task for heading in outline(paragraphs).everything_below() for task in _of(heading, period)]


def _of(heading: Heading, period: Period) -> Iterator[DraftTask]:
    if _charges_an_office(heading):
        for duty in _with_a_time(heading):
            line = Line(duty.text, duty.place, number=heading.line.number)
            yield _task(Block(duty.text, line, section_of(heading), ()), _office(heading.text), period)
    elif not is_general(heading):
        for duty, office in _offices_charged(heading):
            yield _task(Block(duty.text, duty, section_of(heading, within=True), ()), office, period)


def _charges_an_office(heading: Heading) -> bool:
    """A numbered heading below "Tổ chức thực hiện", or one anywhere that is the name of an office and no more."""
    if heading.line.number is None or heading.parent is None or heading.is_keyed:
        return False
    return bool(_ORGANISATION.match(folded(heading.parent.text))) or _is_an_office(heading.text.rstrip(":. "))


def _is_an_office(name: str) -> bool:
    bodies = read_bodies(name, "lead")
    return bool(name) and len(name) <= _LONGEST_NAME and len(bodies.lead) == 1 and not bodies.warnings


def _with_a_time(heading: Heading) -> Iterator[Line]:
    """The bullets that name a time; of an office without bullets, its own sentence."""
    lines = [item for item in heading.items if isinstance(item, Line)]
    return (line for line in lines or [Line(heading.text, heading.line.place)] if deadlines_in([line.text]))


def _offices_charged(heading: Heading) -> list[tuple[Line, str]]:
    """The lines that begin with an office and go on with what it does, where at least half, and two, are such."""
    lines = [item for item in heading.items if isinstance(item, Line)]
    charged = [
        (line, office) for line in lines if (office := _office(line.text)) != line.text and _is_an_office(office)
    ]
    return charged if len(charged) >= 2 and 2 * len(charged) >= len(lines) else []


def _task(block: Block, office: str, period: Period) -> DraftTask:
    task = task_of(block, period)
    task.lead = list(read_bodies(office, "lead").lead)
    task.support = _support(block.heading)
    task.warnings = [warning for warning in task.warnings if not (task.lead and NO_LEAD in warning)]
    task.warnings.insert(0, told(task.place, _LOOKED_AT))
    return task


def _office(text: str) -> str:
    charged = _CHARGED.sub("", text)
    duty = _DUTY.search(charged)
    return charged[: duty.start()].rstrip(" ,") if duty else charged


def _support(text: str) -> list[str]:
    """Those named after "phối hợp với", up to what is done; none where they are not all known."""
    found = _WITH.search(text)
    bodies = read_bodies(_office(found["whom"]), "support") if found else Bodies()
    return [] if bodies.warnings else list(bodies.support)
