"""What a person changed in a draft: the fields of its form, beside the plan file that the form carries."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar, cast

from starlette.datastructures import FormData

from services.planning.wording import REGIMES
from shared.contracts.planning.plan_contents import PlainHead, PlainPlan, PlainTarget, PlainTask
from shared.web.days import day_in

SEPARATORS = re.compile(r"[;\n]")
HEAD = {"ten": "title", "nam": "year", "so": "number", "ngay": "issued_on", "che-do": "regime"}
TEXTS = {"noi-dung": "content", "thoi-han": "schedule_text"}
LISTS = {"chu-tri": "lead", "phoi-hop": "support"}


Part = TypeVar("Part", PlainHead, PlainTask, PlainTarget)


class Mended(NamedTuple):
    """`tasks` are the places, from 0, of those to be read again; `changed`: the form has something new."""

    file: PlainPlan
    tasks: tuple[int, ...]
    changed: bool


def mend(file: PlainPlan, form: FormData) -> Mended:
    """The file with what the form has. What the form does not have stays; a task with a tick at "bo" goes."""
    head = _with(file["plan"], _head(file["plan"], form))
    if head["year"] and head["span"] is None:
        head["span"] = {"from": f"{head['year']}-01-01", "until": f"{head['year']}-12-31"}
    again = file["plan"]["year"] is None and head["year"] is not None  # no quarter had a day without it
    tasks: list[PlainTask] = []
    places: list[int] = []
    for place, task in enumerate(file["tasks"]):
        if _typed(form, f"bo.{place}"):
            continue
        now = _with(task, dict(_task(form, place)))
        if again or now != task:
            places.append(len(tasks))
        tasks.append(now)
    targets = [_with(target, _target(form, place)) for place, target in enumerate(file["indicators"])]
    new: PlainPlan = {**file, "plan": head, "tasks": tasks, "indicators": targets}
    return Mended(new, tuple(places), changed=new != file)


def _with(part: Part, typed: dict[str, Any]) -> Part:
    return cast(Part, {**part, **typed})


def _head(head: PlainHead, form: FormData) -> dict[str, Any]:
    """A year or a day that cannot be read stays as it was."""
    typed: dict[str, Any] = {
        key: text or None for name, key in HEAD.items() if (text := _typed(form, name)) is not None
    }
    year = typed.get("year") or ""
    if "year" in typed:
        typed["year"] = int(year) if re.fullmatch(r"20\d\d", year) else head["year"]
    if typed.get("issued_on"):
        day = day_in(typed["issued_on"])
        typed["issued_on"] = day.isoformat() if day else head["issued_on"]
    if typed.get("regime") not in REGIMES:
        typed.pop("regime", None)
    return typed


def _task(form: FormData, place: int) -> Iterator[tuple[str, Any]]:
    for name, key in TEXTS.items():
        if (text := _typed(form, f"{name}.{place}")) is not None:
            yield key, text or None
    for name, key in LISTS.items():
        if (text := _typed(form, f"{name}.{place}")) is not None:
            yield key, [each.strip() for each in SEPARATORS.split(text) if each.strip()]


def _target(form: FormData, place: int) -> dict[str, Any]:
    typed = _typed(form, f"chi-so.{place}")
    return {} if typed is None else {"indicator": typed or None}


def _typed(form: FormData, name: str) -> str | None:
    value = form.get(name)
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else None
