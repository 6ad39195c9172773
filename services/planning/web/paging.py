"""The pages of a list of tasks, by `trang` of its address."""

from collections.abc import Sequence
from typing import NamedTuple

from starlette.requests import Request

from shared.contracts.planning import TaskRow

PAGE, ON_A_PAGE = "trang", 50


class Paged(NamedTuple):
    tasks: Sequence[TaskRow]
    page: int
    pages: int


def page_in(request: Request) -> int:
    """1 where the address names none, or nonsense."""
    page = request.query_params.get(PAGE, "")
    return int(page) if page.isdecimal() and len(page) < 5 and int(page) else 1


def pages_of(tasks: int) -> int:
    return max(-(-tasks // ON_A_PAGE), 1)


def paged(request: Request, found: Sequence[TaskRow]) -> Paged:
    """The tasks of the page, and of how many; the last one where the address names a later one."""
    pages = pages_of(len(found))
    page = min(page_in(request), pages)
    return Paged(found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], page, pages)
