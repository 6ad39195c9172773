"""Việc của tôi: who is here, and what is open and late where the account may look."""

import asyncio
from datetime import date, timedelta
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from services.portal.wording import ROLES, scope_text
from shared.clock import Clock, day_of
from shared.contracts.planning import ListedTasks, ListTasks
from shared.messaging.asking import NotAnswered
from shared.vietnamese import MISSING
from shared.web.site import ask, render
from shared.web.visitor import visitor_of

SOON = timedelta(days=7)
MOST_PLACES = 5


class Place(NamedTuple):
    """The tasks of a commune in numbers, or the sentence why there are none."""

    name: str
    problem: str = ""
    open: int = 0
    late: int = 0
    near: int = 0


class Home:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def page(self, request: Request) -> Response:
        visitor = visitor_of(request)
        communes = {
            grant.scope.commune: None
            for grant in visitor.grants
            if grant.scope.commune and not grant.scope.body and grant.role in ListTasks.roles
        }
        places = await asyncio.gather(
            *(_place(request, commune) for commune in list(communes)[:MOST_PLACES] if commune)
        )
        grants = [(ROLES[each.role], scope_text(each.scope), each) for each in visitor.grants]
        return render(request, "portal/home.html", today=day_of(self._clock()), places=places, grants=grants)


async def _place(request: Request, commune: str) -> Place:
    question = ListTasks(commune=commune, actor=visitor_of(request).account)
    try:
        listed = (await ask(request, question)).answer
    except NotAnswered as unanswered:
        return Place(f"Đơn vị {commune}", problem=str(unanswered))
    return _counted(commune, listed)


def _counted(commune: str, listed: ListedTasks) -> Place:
    dues: list[list[date]] = [
        list(task.deadlines) for task in listed.tasks if not (task.closed or task.withdrawn_on or task.completed_on)
    ]
    late = sum(any(due < listed.today for due in each) for each in dues)
    near = sum(any(listed.today <= due <= listed.today + SOON for due in each) for each in dues)
    name = next((task.name for task in listed.tasks), "")
    return Place(name if name not in ("", MISSING) else f"Đơn vị {commune}", "", len(dues), late, near)
