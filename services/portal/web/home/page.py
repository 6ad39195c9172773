"""The first page: what an account owes and decides at each of its places; each part is its own service's answer."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.portal.application import Portal
from services.portal.web.home import province, readings, reports, tasks
from services.portal.web.home.sections import Looking, Section, Source
from services.portal.web.names import named_scope, names_in
from shared.clock import day_of
from shared.grants import Grant, Role, Scope
from shared.messaging.questions.question_client import NotAnswered
from shared.web.days import as_known, known_at
from shared.web.site import render
from shared.web.visitor import visitor_of

REPORTS = Source(reports.TITLE, reports.reports)
SOURCES: Mapping[Role, tuple[Source, ...]] = {
    "clerk": (REPORTS, Source(readings.TITLE, readings.readings)),
    "office": (Source(tasks.TITLE, tasks.of_body),),
    "chair": (Source(tasks.TITLE, tasks.of_chair), REPORTS),
    "provincial-officer": (Source(province.REPORTS, province.reports), Source(province.TASKS, province.tasks)),
    "auditor": (Source(province.EDITIONS, province.editions),),
    "operator": (Source(province.NOTICES, province.notices), Source(province.GRANTS, province.grants)),
}
MOST_PLACES = 5


class Place(NamedTuple):
    """`todo` are the parts with things in them or without an answer, `done` the sentences of those that are empty."""

    name: str
    todo: list[Section]
    done: list[str]


class Found(NamedTuple):
    """`shown` are the places with their work, `others` the names of those beyond `MOST_PLACES`.

    `changed_on` are the days of changes; `unnamed`: names could not be read now, and codes stand in their place.
    """

    shown: list[Place]
    others: list[str]
    changed_on: set[date]
    unnamed: bool


class Home:
    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    async def page(self, request: Request) -> Response:
        found = await self._places(request)
        return render(
            request, "portal/home.html", today=day_of(self._portal.clock()), places=found.shown, others=found.others,
            unnamed=found.unnamed, known_at=known_at(request), as_known=as_known(request, sorted(found.changed_on)),
        )  # fmt: skip

    async def as_json(self, request: Request) -> Response:
        found = await self._places(request)
        day = known_at(request)
        return JSONResponse(
            {
                "today": day_of(self._portal.clock()).isoformat(),
                "known_at": day and day.isoformat(),
                "changed_on": [each.isoformat() for each in sorted(found.changed_on)],
                "places": [_fields(place) for place in found.shown],
                "others": found.others,
            }
        )

    async def _places(self, request: Request) -> Found:
        grants, changed_on = visitor_of(request).grants, set[date]()
        looking = [await asyncio.to_thread(self._looking, request, grant, changed_on) for grant in grants]
        work: dict[Scope, dict[Source, Looking]] = {}
        for (one, _), grant in zip(looking, grants, strict=True):
            sources = work.setdefault(one.scope, {})
            sources.update({source: one for source in SOURCES[grant.role] if source not in sources})
        chosen = list(work.items())[:MOST_PLACES]
        provinces = {province for _, province in looking if province}
        answers = asyncio.gather(*(_answered(source, one) for _, sources in chosen for source, one in sources.items()))
        names = await names_in(request, provinces)
        found = iter(await answers)
        places = [
            _place(_title(scope, names), [section for _ in sources for section in next(found)])
            for scope, sources in chosen
        ]
        others = [_title(scope, names) for scope in list(work)[MOST_PLACES:]]
        return Found(places, others, changed_on, unnamed=not provinces.issubset(names))

    def _looking(self, request: Request, grant: Grant, changed_on: set[date]) -> tuple[Looking, str | None]:
        """A merged commune's grant is about its successor; beside it the province in which it holds."""
        now, known = day_of(self._portal.clock()), known_at(request)
        when = known or now, known, changed_on
        if grant.scope.commune is None:
            return Looking(request, grant.scope, grant.scope.province or "", *when), grant.scope.province
        place = self._portal.places.on(grant.scope.commune, now)
        scope = replace(grant.scope, commune=place.commune)
        return Looking(request, scope, place.commune, *when), place.province


async def _answered(source: Source, looking: Looking) -> list[Section]:
    try:
        return await source.sections(looking)
    except NotAnswered as unanswered:
        return [Section(source.title, problem=str(unanswered))]


def _place(name: str, sections: list[Section]) -> Place:
    todo = [section for section in sections if section.things or section.problem]
    return Place(name, todo, [section.empty for section in sections if section not in todo])


def _fields(place: Place) -> dict[str, Any]:
    todo = [{**section._asdict(), "things": [thing._asdict() for thing in section.things]} for section in place.todo]
    return {"name": place.name, "todo": todo, "done": place.done}


def _title(scope: Scope, names: Mapping[str, str]) -> str:
    name = named_scope(scope, names)
    return name[:1].upper() + name[1:]
