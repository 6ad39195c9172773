"""Reads what a plan lets each office do: in a list of their duties, and by the numbers of works."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from services.planning.documents.blocks.assignments import DUTY_VERBS, names_a_time, names_only_bodies
from services.planning.documents.blocks.headings import Heading, TaskKey
from services.planning.documents.blocks.keys import KeyRole
from services.planning.documents.blocks.office_sections import is_one_work, lists_below_offices
from services.planning.documents.blocks.offices import (
    are_works,
    is_a_work,
    is_about_organisation,
    office_of,
    without_order,
)
from services.planning.documents.blocks.orders import supporters_in
from services.planning.documents.blocks.outline import outline
from services.planning.documents.blocks.sentences import bodies_by_sentence, dated_assignment
from services.planning.documents.blocks.tasks import NO_LEAD, OFFICE_DUTY, PlanPeriod, TaskBlock, sentence_at, task_of
from services.planning.documents.document import Paragraph
from services.planning.documents.draft import DraftTask
from services.planning.documents.line_markers import MarkedLine
from services.planning.phrases.bodies import read_bodies

_LONGEST_NAME = 80
_DUTY = re.compile(rf"\s*(?::|(?<!\w){DUTY_VERBS})", re.IGNORECASE)
_N = r"\d{1,3}(?:\.\d{1,2}){0,2}(?!\d|\.\d)"
_NUMBER_LIST = rf"{_N}(?:(?:\s*[,;–-]\s*|\s+(?:và|đến)\s+)(?:số\s+)?{_N})*"
# "nhiệm vụ 6 tháng" is no number of a work.
_DUTY_BY_NUMBER = re.compile(
    r"(?P<role>chủ trì|phối hợp)(?!\w)[^.;:\d]{0,60}?(?:nhiệm vụ|công việc|nội dung|việc)\s+(?P<named>số\s+)?"
    rf"(?P<numbers>{_NUMBER_LIST})(?!\d|\s*(?:/|%|(?:tháng|năm|quý|lần|ngày|tuần)\b))"
    r"(?(named)|(?:(?<=\.\d)|(?<=\.\d\d)|(?=\s*(?:[.;)]|$|(?:mục|phần|nêu|ở|tại)\b))))",
    re.IGNORECASE,
)
_STEP = re.compile(rf"({_N})(?:\s*[–-]\s*|\s+đến\s+)(?:số\s+)?({_N})|({_N})")
_OFFICE_WITH_DUTIES = re.compile(r"([^:.;]{3,120}?)(?:\s*:\s*|,?\s+(?=chủ trì|phối hợp))", re.IGNORECASE)
_FEWEST = 2


def read_office_duties(paragraphs: Sequence[Paragraph], year: int, span: tuple[date, date] | None) -> list[DraftTask]:
    """One task for each sentence or bullet with a deadline or a period below the name of an office, and for each
    bullet that begins with an office in a list where most do. Where most bullets below offices are such, the others
    are tasks too, but for the duties of every office. Each has a warning that a person should check it.
    """
    period = PlanPeriod(year, span)
    headings = [heading for heading in outline(paragraphs).everything_below() if heading.is_of_plan]
    offices = [heading for heading in headings if _names_an_office(heading)]
    among_works = are_works([(line.text, names_a_time(line.text)) for one in offices for line in _bullets(one)])
    return [task for heading in headings for task in _tasks_of(heading, period, among_works=among_works)]


def _tasks_of(heading: Heading, period: PlanPeriod, *, among_works: bool) -> Iterator[DraftTask]:
    if _names_an_office(heading):
        for duty in _works(heading, among_works=among_works):
            line = MarkedLine(duty.text, duty.place, number=heading.line.number)
            yield _task(TaskBlock(duty.text, line, heading.section(), ()), _office(heading.text), period)
        return
    for duty, office in _lines_below_offices(heading) or _lines_of_offices(heading):
        if not heading.is_general or (is_about_organisation(heading) and names_a_time(duty.text)):
            yield _task(TaskBlock(duty.text, duty, heading.section(of_parts=True), ()), office, period)


def _names_an_office(heading: Heading) -> bool:
    """Whether it is a numbered heading below "Tổ chức thực hiện", or one anywhere that only names an office."""
    if heading.line.number is None or heading.parent is None or heading.names_body_or_time:
        return False
    return is_about_organisation(heading.parent) or _is_an_office(heading.text.rstrip(":. "))


def _is_an_office(name: str) -> bool:
    bodies = read_bodies(name, "lead")
    return bool(name) and len(name) <= _LONGEST_NAME and len(bodies.lead) == 1 and not bodies.warnings


def _bullets(office: Heading) -> list[MarkedLine]:
    """The lines and headings below it; a paragraph behind its bullets is of all offices."""
    lines = [item for item in office.items if isinstance(item, MarkedLine)]
    lines = [line for line in lines if line.style or not lines[0].style]
    below = [child for child in office.everything_below() if not child.children]
    return [*lines, *(MarkedLine(child.text, child.line.place, child.line.style) for child in below)]


def _works(office: Heading, *, among_works: bool) -> list[MarkedLine]:
    """The bullets that are works; the heading itself where there are no bullets, and it names a time."""
    bullets = _bullets(office)
    if not bullets and names_a_time(office.text):
        return [MarkedLine(office.text, office.line.place)]
    first = bullets[0].style if bullets else ""
    return [
        line
        for line in bullets
        if is_a_work(line.text, among_works=among_works and line.style == first and bool(first))
    ]


def _lines_of_offices(heading: Heading) -> list[tuple[MarkedLine, str]]:
    """The lines that begin with an office and a verb, where at least half of the lines, and two, are such."""
    lines = [item for item in heading.items if isinstance(item, MarkedLine)]
    found = [(line, office) for line in lines if (office := _office(line.text)) != line.text and _is_an_office(office)]
    return found if len(found) >= 2 and 2 * len(found) >= len(lines) else []


def _lines_below_offices(heading: Heading) -> list[tuple[MarkedLine, str]]:
    """The lines with a time below one that only names an office: "- Phòng Kinh tế:", then "+ Rà soát (quý II)".

    None where each line has its own office.
    """
    groups = [(office, below) for office, below in lists_below_offices(heading.items) if office]
    if all(is_one_work(office, below) for office, below in groups):
        return []
    lines = [(item, office) for office, below in groups for item in below if isinstance(item, MarkedLine)]
    return [(line, office_of(office.text) or "") for line, office in lines if names_a_time(line.text)]


def _task(block: TaskBlock, office: str, period: PlanPeriod) -> DraftTask:
    task = task_of(block, period)
    task.lead = list(read_bodies(office, "lead").lead)
    task.support = list(read_bodies(supporters_in(block.heading), "support").support)
    task.warnings = [warning for warning in task.warnings if not (task.lead and NO_LEAD in warning)]
    task.warnings.insert(0, sentence_at(task.place, OFFICE_DUTY))
    return task


def _office(text: str) -> str:
    text = without_order(text)
    duty = _DUTY.search(text)
    return text[: duty.start()].rstrip(" ,") if duty else text


def add_duties_by_number(root: Heading) -> dict[int, list[str]]:
    """Adds keys to the numbered works that name no such body; none where a number is that of two works.

    Returns warnings without their place, by the `id` of the heading of each work.
    """
    headings = root.everything_below()
    by_heading = {id(heading): list(_duties_by_number(heading)) for heading in headings}
    works: dict[str, list[Heading]] = {}
    for heading in headings:
        if heading.line.style.startswith("decimal") and not heading.is_general and not by_heading[id(heading)]:
            works.setdefault((heading.line.number or "").lstrip("0"), []).append(heading)
    duties = [each for heading in headings for each in by_heading[id(heading)] if each[2] in works]
    if len(duties) < _FEWEST or any(len(works[number]) > 1 for _, _, number in duties):
        return {}
    for heading in headings:
        heading.assigns_by_number = any(number in works for _, _, number in by_heading[id(heading)])
    warnings: dict[int, list[str]] = {}
    offices: dict[tuple[str, KeyRole], list[str]] = {}
    for office, role, number in duties:
        offices.setdefault((number, role), []).append(office)
    named = {(number, role) for number, role in offices if _names_its_bodies(works[number][0], role)}
    for (number, role), names in offices.items():
        work, kind = works[number][0], "chủ trì" if role == "lead" else "phối hợp"
        listed = "; ".join(dict.fromkeys(names))
        if (number, role) in named:
            warning = f"phần phân công ghi {kind} nhiệm vụ số {number} là {listed}; chưa lấy vì nhiệm vụ đã nêu cơ quan"
        else:
            warning = f"cơ quan {kind} “{listed}” lấy từ phần phân công theo số {number}, cần xem lại"
            work.items.append(TaskKey(role, "\n".join(dict.fromkeys(names)), work.line.place, work.line.style))
        warnings.setdefault(id(work), []).append(warning)
    return warnings


def _names_its_bodies(work: Heading, role: KeyRole) -> bool:
    """Whether a work names its bodies of this role itself, by a key or in its sentence."""
    if any(key.role in (role, "both") for key in work.keys):
        return True
    lines = [work.text, *(item.text for item in work.items if isinstance(item, MarkedLine))]
    by_sentence = bodies_by_sentence(lines, [])
    return bool(
        dated_assignment(work.text) or (by_sentence and (by_sentence.lead if role == "lead" else by_sentence.support))
    )


def _duties_by_number(heading: Heading) -> Iterator[tuple[str, KeyRole, str]]:
    """The office, its role and the number of each work that a heading, or a line below it, names."""
    above = heading.text if names_only_bodies(heading.text) else ""
    for text in (heading.text, *(item.text for item in heading.items if isinstance(item, MarkedLine))):
        begins = _OFFICE_WITH_DUTIES.match(text)
        office = begins[1] if begins and names_only_bodies(begins[1]) else above
        if not office or text == above:
            continue
        for duty in _DUTY_BY_NUMBER.finditer(text, begins.end(1) if begins and office != above else 0):
            role: KeyRole = "lead" if duty["role"].lower() == "chủ trì" else "support"
            for first, last, alone in _STEP.findall(duty["numbers"]):
                yield from ((office, role, number) for number in _numbers(first or alone, last or alone))


def _numbers(first: str, last: str) -> Iterator[str]:
    """ "1.2" to "1.4" are 1.2, 1.3 and 1.4; of two that do not count on, only both."""
    (above, _, begin), (other, _, end) = first.rpartition("."), last.rpartition(".")
    if above != other or int(end) < int(begin):
        yield from dict.fromkeys((first, last))
        return
    yield from (f"{above}.{n}" if above else str(n) for n in range(int(begin), int(end) + 1))
