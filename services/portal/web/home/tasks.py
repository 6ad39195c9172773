"""Tasks of a commune or of one body of it: late, due soon, returned, and what waits for the chair."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from services.portal.web.home.sections import Looking, Section, Thing, late, until
from shared.contracts.planning import ListTasks, TaskRow
from shared.vietnamese import date_text
from shared.web.site import ask
from shared.web.visitor import visitor_of

TITLE, FOLLOWED = "Nhiệm vụ", "Việc tôi theo dõi"
SOON = timedelta(days=14)


async def of_body(looking: Looking) -> list[Section]:
    tasks, path = await _tasks(looking)
    returned = [task for task in tasks if task.state == "returned"]
    return [
        Section.of(
            "Kết quả bị trả lại", _open(returned, looking.today), f"{path}?tinh-trang=returned",
            "Không có kết quả nào bị trả lại.",
        ),
        *_dues([task for task in tasks if task.state != "returned"], looking.today, path),
        *_followed(tasks, looking.today, path),
    ]  # fmt: skip


async def of_chair(looking: Looking) -> list[Section]:
    """What is late comes first: a chair knows it in ten seconds."""
    tasks, path = await _tasks(looking)
    done = [task for task in tasks if task.state == "done" and not task.closed]
    overdue, soon = _dues(tasks, looking.today, path)
    return [
        overdue,
        Section.of(
            "Chờ chấp nhận", (_thing(task, _completed(task)) for task in done), f"{path}?can=cho-duyet",
            "Không có kết quả nào chờ chấp nhận.",
        ),
        Section.of("Xin gia hạn", _extensions(tasks), f"{path}?can=cho-gia-han", "Không có đề nghị gia hạn nào."),
        soon,
        *_followed(tasks, looking.today, path),
    ]  # fmt: skip


async def _tasks(looking: Looking) -> tuple[list[TaskRow], str]:
    """With those of communes that went into this one."""
    question = ListTasks(
        commune=looking.place, body=looking.scope.body, known_at=looking.known_at,
        actor=visitor_of(looking.request).account,
    )  # fmt: skip
    answer = (await ask(looking.request, question)).answer
    looking.changed_on.update(answer.changed_on)
    former = (ask(looking.request, question.model_copy(update={"commune": each.commune})) for each in answer.former)
    others = [task for each in await asyncio.gather(*former) for task in each.answer.tasks]
    return [*answer.tasks, *others], f"/nhiem-vu/{looking.place}"


def _followed(tasks: list[TaskRow], today: date, path: str) -> list[Section]:
    """None where the account follows none."""
    followed = [task for task in tasks if task.followed]
    return [Section.of(FOLLOWED, _open(followed, today), f"{path}?can=theo-doi", "")] if followed else []


def _dues(tasks: list[TaskRow], today: date, path: str) -> tuple[Section, Section]:
    """Those that are late, and those that are due soon; the most urgent first."""
    owed = sorted((task for task in tasks if task.is_open and task.deadlines), key=lambda task: task.deadlines[0])
    overdue = [task for task in owed if task.days_late > 0]
    soon = [task for task in owed if not task.days_late and task.deadlines[0] <= today + SOON]
    return (
        Section.of("Nhiệm vụ quá hạn", _open(overdue, today), f"{path}?can=cham", "Không có nhiệm vụ nào quá hạn."),
        Section.of(
            "Nhiệm vụ sắp đến hạn", _open(soon, today), path, "Không có nhiệm vụ nào đến hạn trong 14 ngày tới."
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
    note = f"{note}; {task.name}, đơn vị cũ" if task.successor else note
    return Thing(
        f"{code}{task.content.splitlines()[0]}", f"/nhiem-vu/{task.commune}/{task.task_id}", note, tag, urgency
    )


def _completed(task: TaskRow) -> str:
    return f"{_lead(task)}, xong ngày {date_text(task.completed_on)}"


def _lead(task: TaskRow) -> str:
    return "; ".join(task.lead)
