"""The tasks of a commune: what is late, what is due soon, who leads it; on a day that the page's address carries."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.planning.wording import STATES
from shared.body_names import names_body
from shared.calendar.named_days import named_days
from shared.contracts import Answered
from shared.contracts.planning import TASK_READERS, ListedTasks, ListTasks, TaskRow
from shared.vietnamese import collation_key
from shared.web.communes import choose_commune
from shared.web.days import known_at
from shared.web.site import ask, render
from shared.web.visitor import visitor_of

DUE = {"tuan-nay": "tuần này", "thang-nay": "tháng này", "thang-sau": "tháng sau", "quy-nay": "quý này"}
# What needs somebody, first on the page; each is a link.
ATTENTION = {
    "cham": "đang chậm",
    "cho-gia-han": "xin gia hạn",
    "cho-duyet": "chờ chấp nhận",
    "chua-co-han": "chưa có hạn",
}


class Filter(NamedTuple):
    """As the address has it; what it does not know is left out."""

    body: str
    state: str
    due: str
    attention: str

    @classmethod
    def of(cls, request: Request) -> "Filter":
        given = request.query_params
        return cls(
            given.get("co-quan", "")[:200],
            _known(given.get("tinh-trang", ""), STATES),
            _known(given.get("han", ""), DUE),
            _known(given.get("can", ""), ATTENTION),
        )

    def keeps(self, task: TaskRow, today: date) -> bool:
        days = named_days(self.due, today) if self.due else None
        return (
            (not self.body or any(names_body(named, self.body) for named in (*task.lead, *task.support)))
            and (not self.state or task.state == self.state)
            and (not self.attention or self.attention in needs(task))
            and (days is None or (task.is_open and any(days[0] <= due <= days[1] for due in task.deadlines)))
        )


def needs(task: TaskRow) -> list[str]:
    """Why a task needs somebody's attention."""
    found = {
        "cham": task.days_late > 0,
        "cho-gia-han": task.extension_request is not None,
        "cho-duyet": task.state == "done" and not task.closed,
        "chua-co-han": bool(task.unresolved),
    }
    return [name for name, holds in found.items() if holds]


async def choose(request: Request) -> Response:
    return await choose_commune(request, TASK_READERS, "Nhiệm vụ", "/nhiem-vu")


async def listed(request: Request) -> Response:
    answered = await asked(request)
    today, tasks = answered.answer.today, answered.answer.tasks
    chosen = Filter.of(request)
    kept = sorted((task for task in tasks if chosen.keeps(task, today)), key=_urgency)
    return render(
        request,
        "planning/tasks.html",
        commune=request.path_params["commune"],
        name=tasks[0].name if tasks else "",
        today=today,
        known_at=known_at(request),
        chosen=chosen,
        tasks=[task for task in kept if task.state != "withdrawn"],
        withdrawn=[task for task in kept if task.state == "withdrawn"],
        total=len(tasks),
        attention=[(key, title, count) for key, title, count in _attention(tasks)],
        bodies=sorted({body for task in tasks for body in (*task.lead, *task.support)}, key=collation_key),
        states=STATES,
        due=DUE,
    )


async def as_json(request: Request) -> Response:
    return JSONResponse((await asked(request)).model_dump(mode="json"))


async def asked(request: Request) -> Answered[ListedTasks]:
    commune = request.path_params["commune"]
    question = ListTasks(
        commune=commune, actor=visitor_of(request).account, body=own_body(request, commune), known_at=known_at(request)
    )
    return await ask(request, question)


def own_body(request: Request, commune: str) -> str | None:
    """The body that a visitor speaks for who has no role but that of an office there; None for all others."""
    visitor = visitor_of(request)
    if visitor.has_role("provincial-officer", "auditor"):
        return None
    there = [grant for grant in visitor.grants if grant.scope.commune == commune]
    if any(grant.role != "office" for grant in there):
        return None
    return next((grant.scope.body for grant in there), None)


def _urgency(task: TaskRow) -> tuple[int, date, int]:
    """The latest first, then what is due next, then what owes nothing, in the order of the plan."""
    return -task.days_late, min(task.deadlines, default=date.max), task.place


def _attention(tasks: Iterable[TaskRow]) -> list[tuple[str, str, int]]:
    counts = Counter(reason for task in tasks for reason in needs(task))
    return [(key, title, counts[key]) for key, title in ATTENTION.items()]


def _known(value: str, values: Iterable[str]) -> str:
    return value if value in values else ""
