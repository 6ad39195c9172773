"""The filters of a list of tasks in its address, the tasks behind each choice counted, and views by role."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from starlette.requests import Request

from services.planning.wording import ATTENTION, DUE, SOON, STATES
from shared.body_names import same_body
from shared.calendar.named_days import named_days
from shared.contracts.planning import TaskRow
from shared.grants import Role
from shared.vietnamese import collation_key, has_words

BODY, STATE, WITHIN, NEEDS, TEXT = "co-quan", "tinh-trang", "han", "can", "tim"
CHOICES: Mapping[str, Mapping[str, str]] = {STATE: STATES, WITHIN: DUE, NEEDS: ATTENTION}
Chosen = Mapping[str, str]

LATE: Chosen = {NEEDS: "cham"}
EXTENSIONS: Chosen = {NEEDS: "cho-gia-han"}
TO_ACCEPT: Chosen = {NEEDS: "cho-duyet"}
FOLLOWED: Chosen = {NEEDS: "theo-doi"}
WITHOUT_DAY: Chosen = {NEEDS: "chua-co-han"}
NEW: Chosen = {STATE: "assigned"}
RETURNED: Chosen = {STATE: "returned"}
THIS_WEEK: Chosen = {WITHIN: "tuan-nay"}
THIS_MONTH: Chosen = {WITHIN: "thang-nay"}
# What a role looks at each day, first on the page; each is a link.
VIEWS: Mapping[Role, Sequence[Chosen]] = {
    "chair": (LATE, EXTENSIONS, TO_ACCEPT, THIS_WEEK, WITHOUT_DAY, FOLLOWED),
    "clerk": (LATE, TO_ACCEPT, THIS_WEEK, EXTENSIONS, WITHOUT_DAY, FOLLOWED),
    "office": (LATE, NEW, RETURNED, THIS_WEEK, THIS_MONTH, FOLLOWED),
    "provincial-officer": (LATE, EXTENSIONS, TO_ACCEPT, THIS_MONTH, WITHOUT_DAY, FOLLOWED),
    "auditor": (LATE, EXTENSIONS, TO_ACCEPT, THIS_MONTH, WITHOUT_DAY),
}


class Choice(NamedTuple):
    """A value that a part of the filter may have, and how many tasks it would keep."""

    value: str
    title: str
    tasks: int


class View(NamedTuple):
    title: str
    chosen: Chosen
    tasks: int


def chosen_in(request: Request) -> dict[str, str]:
    """The filter of the address; what it does not know is left out."""
    given = {name: request.query_params.get(name, "") for name in (BODY, TEXT, *CHOICES)}
    return {
        name: value.strip()[:200]
        for name, value in given.items()
        if value.strip() and value in CHOICES.get(name, (value,))
    }


def kept(tasks: Iterable[TaskRow], chosen: Chosen, today: date) -> list[TaskRow]:
    return [task for task in tasks if all(KEEPS[name](task, value, today) for name, value in chosen.items())]


def facets(tasks: Sequence[TaskRow], chosen: Chosen, today: date) -> dict[str, list[Choice]]:
    """The choices of each part of the filter, with the rest of the filter as it is."""
    found = {}
    tasks = kept(tasks, {name: value for name, value in chosen.items() if name == TEXT}, today)
    chosen = {name: value for name, value in chosen.items() if name != TEXT}
    for name in (WITHIN, STATE, BODY):
        others = kept(tasks, {key: value for key, value in chosen.items() if key != name}, today)
        titles = CHOICES.get(name) or {body: body for body in bodies_of(tasks)}
        counted = [Choice(value, title, len(kept(others, {name: value}, today))) for value, title in titles.items()]
        found[name] = [each for each in counted if each.tasks or each.value == chosen.get(name)]
    return found


def views(tasks: Sequence[TaskRow], roles: Iterable[Role], today: date) -> list[View]:
    """The ready-made views of these roles, each once."""
    every = [chosen for role in roles for chosen in VIEWS.get(role, ())]
    unique = {tuple(chosen.items()): chosen for chosen in every}.values()
    return [View(_title(chosen), chosen, len(kept(tasks, chosen, today))) for chosen in unique]


def bodies_of(tasks: Iterable[TaskRow]) -> list[str]:
    return sorted({body for task in tasks for body in (*task.lead, *task.support)}, key=collation_key)


def needs(task: TaskRow) -> list[str]:
    """Why a task needs somebody's attention."""
    found = {
        "cham": task.days_late > 0,
        "cho-gia-han": task.extension_request is not None,
        "cho-duyet": task.state == "done" and not task.closed,
        "chua-co-han": bool(task.unresolved),
        "theo-doi": task.followed,
    }
    return [name for name, holds in found.items() if holds]


def _of_body(task: TaskRow, body: str, today: date) -> bool:
    return any(same_body(named, body) for named in (*task.lead, *task.support))


def _has_text(task: TaskRow, text: str, today: date) -> bool:
    """In what the task is, who does it, its number or its commune; as `ListedTask.has_words`."""
    return has_words(" ".join((task.code or "", task.content, *task.lead, *task.support, task.name)), text)


def _due_within(task: TaskRow, words: str, today: date) -> bool:
    if words == SOON:
        return task.is_due_soon(today)
    days = named_days(words, today)
    assert days, "a choice of the page"
    return task.is_open and any(days[0] <= due <= days[1] for due in task.deadlines)


def _title(chosen: Chosen) -> str:
    [(name, value)] = chosen.items()
    title = "chưa nhận việc" if chosen == NEW else CHOICES[name][value]
    return f"đến hạn {title}" if name == WITHIN else title


KEEPS: Mapping[str, Callable[[TaskRow, str, date], bool]] = {
    BODY: _of_body,
    TEXT: _has_text,
    STATE: lambda task, state, _: task.state == state,
    WITHIN: _due_within,
    NEEDS: lambda task, reason, _: reason in needs(task),
}
