"""Tasks of a commune or of one body of it: late, due soon, returned, and what waits for the chair."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from services.portal.web.home.sections import Looking, Section, Thing, late, until
from shared.contracts.planning import DUE_SOON, ListTasks, TaskRow
from shared.vietnamese import date_text, mid_sentence
from shared.web.site import ask
from shared.web.visitor import visitor_of

TITLE, FOLLOWED = "Nhiệm vụ", "Việc tôi theo dõi"


class OfCommune(NamedTuple):
    """The tasks of a commune, and where they are listed; `former` is the name of one that went into the visitor's."""

    tasks: list[TaskRow]
    path: str
    today: date
    former: str = ""


Sections = Sequence[Section | None]


async def of_body(looking: Looking) -> list[Section]:
    return _by_commune([_of_body(each) for each in await _asked(looking)])


def _of_body(of: OfCommune) -> Sections:
    returned = [task for task in of.tasks if task.state == "returned"]
    return [
        _section(
            of, "Kết quả bị trả lại", _open(returned, of.today), "tinh-trang=returned",
            "Không có kết quả nào bị trả lại.",
        ),
        *_dues(of),
        _followed(of),
    ]  # fmt: skip


async def of_chair(looking: Looking) -> list[Section]:
    """What is late comes first: a chair knows it in ten seconds."""
    return _by_commune([_of_chair(each) for each in await _asked(looking)])


def _of_chair(of: OfCommune) -> Sections:
    done = [task for task in of.tasks if task.state == "done" and not task.closed]
    waiting = (_thing(task, _completed(task)) for task in done)
    overdue, soon = _dues(of)
    return [
        overdue,
        _section(of, "Chờ chấp nhận", waiting, "can=cho-duyet", "Không có kết quả nào chờ chấp nhận."),
        _section(of, "Xin gia hạn", _extensions(of.tasks), "can=cho-gia-han", "Không có đề nghị gia hạn nào."),
        soon,
        _followed(of),
    ]


async def _asked(looking: Looking) -> list[OfCommune]:
    """The commune's own tasks, then those of each that went into it, which are listed by themselves."""
    question = ListTasks(
        commune=looking.place, body=looking.scope.body, known_at=looking.known_at,
        actor=visitor_of(looking.request).account,
    )  # fmt: skip
    answer = (await ask(looking.request, question)).answer
    looking.changed_on.update(answer.changed_on)
    former = (ask(looking.request, question.model_copy(update={"commune": each.commune})) for each in answer.former)
    found = zip(answer.former, await asyncio.gather(*former), strict=True)
    return [
        OfCommune([*answer.tasks], f"/nhiem-vu/{looking.place}", looking.today),
        *(OfCommune([*each.answer.tasks], f"/nhiem-vu/{old.commune}", looking.today, old.name) for old, each in found),
    ]


def _by_commune(found: Iterable[Sections]) -> list[Section]:
    """Beside each section of the commune those of former ones that have something in them, and lead to their own lists.

    Where only these have something, the commune's own is left out: its sentence says that there is nothing.
    """
    rows = [[section for section in row if section] for row in zip(*found, strict=True)]
    return [each for row in rows for each in ([full for full in row if full.amount] or row[:1])]


def _section(of: OfCommune, title: str, things: Iterable[Thing], query: str, empty: str) -> Section:
    where = f" ở {mid_sentence(of.former)} (đơn vị cũ)" if of.former else ""
    return Section.of(f"{title}{where}", things, f"{of.path}?{query}", empty)


def _followed(of: OfCommune) -> Section | None:
    """None where the account follows none."""
    followed = [task for task in of.tasks if task.followed]
    return _section(of, FOLLOWED, _open(followed, of.today), "can=theo-doi", "") if followed else None


def _dues(of: OfCommune) -> tuple[Section, Section]:
    """Those that are late, and those that are due soon; the most urgent first."""
    owed = sorted((task for task in of.tasks if task.is_open and task.deadlines), key=lambda task: task.deadlines[0])
    overdue = [task for task in owed if task.days_late > 0]
    soon = [task for task in owed if task.is_due_soon(of.today)]
    return (
        _section(of, "Nhiệm vụ quá hạn", _open(overdue, of.today), "can=cham", "Không có nhiệm vụ nào quá hạn."),
        _section(
            of,
            "Nhiệm vụ sắp đến hạn",
            _open(soon, of.today),
            "han=14-ngay",
            f"Không có nhiệm vụ nào đến hạn trong {DUE_SOON.days} ngày tới.",
        ),
    )


def _open(tasks: Iterable[TaskRow], today: date) -> Iterator[Thing]:
    for task in tasks:
        due = min(task.deadlines, default=None)
        tag = late(task.days_late) if task.days_late else until(due, today) if due else ("chưa có hạn", "")
        yield _thing(task, _lead(task), *tag)


def _extensions(tasks: Iterable[TaskRow]) -> Iterator[Thing]:
    for task in tasks:
        if request := task.extension_request:
            yield _thing(task, f"{request.by} xin đến {date_text(request.due_on)}: {request.reason}")


def _thing(task: TaskRow, note: str, tag: str = "", urgency: str = "") -> Thing:
    code = f"{task.code.rstrip('.')}. " if task.code else ""
    return Thing(
        f"{code}{task.content.splitlines()[0]}", f"/nhiem-vu/{task.commune}/{task.task_id}", note, tag, urgency
    )


def _completed(task: TaskRow) -> str:
    return f"{_lead(task)}, xong ngày {date_text(task.completed_on)}"


def _lead(task: TaskRow) -> str:
    return "; ".join(task.lead)
