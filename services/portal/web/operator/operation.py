"""The operator's pages of the services: how they work, what was parked or refused, and where a submission is."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.portal.presence import HEALTH
from services.portal.read_models.presence import Seen
from services.portal.web.names import names_in
from services.portal.web.operator.advice import (
    KINDS,
    NOT_GRANTED,
    PARKED,
    REFUSED,
    SERVICES,
    STREAMS,
    Advice,
    advice_on,
    lasting,
    named,
    rule_text,
)
from services.portal.web.operator.scope import operator_of, provinces_of
from services.portal.web.operator.tracing import id_in, traced
from shared import refusal_rules
from shared.contracts import Answered, Question
from shared.contracts.operation import ServiceHealth, SettledSubmission
from shared.messaging.questions.question_client import NotAnswered
from shared.web.site import Link, ask, render
from shared.web.visitor import visitor_of

OPERATION, SUBMISSION = "/van-hanh", "/van-hanh/bai-gui"
MOST_SHOWN = 20


class ServiceRow(NamedTuple):
    """A service, since when it does or does not answer, and how it works where it does."""

    service: str
    seen: Seen | None
    health: ServiceHealth | None
    problem: str
    advice: tuple[Advice, ...] = ()


class OperationPages:
    links = (Link("Vận hành", OPERATION, ("operator",)),)

    def __init__(self, seen: Mapping[str, Seen]) -> None:
        self._seen = seen
        self.routes = [
            Route(OPERATION, self.page),
            Route(f"{OPERATION}.json", self.as_json),
            Route(SUBMISSION, self.submission),
            Route(f"{SUBMISSION}.json", self.submission_as_json),
        ]

    async def page(self, request: Request) -> Response:
        province = province_in(request)
        rows = await self._rows(request, province)
        names = await names_in(request, [province])
        problems = sorted(
            ((row.service, each) for row in rows if row.health for each in row.health.problems),
            key=lambda pair: pair[1].recorded_at, reverse=True,
        )  # fmt: skip
        healths = [row.health for row in rows if row.health]
        return render(
            request, "portal/operation.html", province=province, provinces=own_provinces(request), rows=rows,
            names=names, titles=SERVICES, streams=STREAMS, lasting=lasting, named=named, rule_text=rule_text,
            todo=_todo,
            parked=sum(each.parked for each in healths), refused=sum(each.refused for each in healths),
            since=min((each.since for each in healths), default=None), problems=problems[:MOST_SHOWN],
        )  # fmt: skip

    async def as_json(self, request: Request) -> Response:
        rows = await self._rows(request, province_in(request))
        return JSONResponse(
            {
                row.service: {
                    "answers": row.health is not None,
                    "seen": row.seen and {"answers": row.seen.answers, "since": row.seen.since.isoformat()},
                    "problem": row.problem or None,
                    "health": row.health and row.health.model_dump(mode="json"),
                }
                for row in rows
            }
        )

    async def submission(self, request: Request) -> Response:
        province, wanted = province_in(request), request.query_params.get("ma", "").strip()
        errors = {"ma": "Mã bài gửi không có dấu cách, dấu chấm hay dấu sao."} if wanted and not id_in(wanted) else {}
        trace = await traced(request, province, id_in(wanted)) if wanted and not errors else None
        return render(
            request, "portal/submission.html", 422 if errors else 200,
            province=province, wanted=wanted, errors=errors, trace=trace, names=await names_in(request, [province]),
            titles=SERVICES, streams=STREAMS, kinds=KINDS, rule_text=rule_text, named=named, todo=_todo,
        )  # fmt: skip

    async def submission_as_json(self, request: Request) -> Response:
        province, wanted = province_in(request), id_in(request.query_params.get("ma", "").strip())
        if not wanted:
            raise HTTPException(404)
        return JSONResponse((await traced(request, province, wanted)).fields())

    async def _rows(self, request: Request, province: str) -> list[ServiceRow]:
        found = await healths_of(request, province)
        return [
            ServiceRow(service, self._seen.get(service), None, str(answered))
            if isinstance(answered, NotAnswered)
            else ServiceRow(
                service, self._seen.get(service), answered.answer, "", tuple(advice_on(service, answered.answer))
            )
            for service, answered in found.items()
        ]


async def healths_of(request: Request, province: str) -> dict[str, Answered[ServiceHealth] | NotAnswered]:
    actor = visitor_of(request).account
    questions = [kind(province=province, most=MOST_SHOWN, actor=actor) for kind in HEALTH.values()]
    return dict(zip(HEALTH, await asyncio.gather(*(answer_of(request, each) for each in questions)), strict=True))


async def answer_of(request: Request, question: Question[Any]) -> Any:
    """The answer, or why there is none: one service that is away hides no other."""
    try:
        return await ask(request, question)
    except NotAnswered as unanswered:
        return unanswered


def own_provinces(request: Request) -> list[str]:
    return sorted(provinces_of(operator_of(request)))


def province_in(request: Request) -> str:
    """The one that the address names, or else the first of the operator's."""
    found = own_provinces(request)
    wanted = request.query_params.get("tinh", found[0])
    if wanted not in found:
        raise HTTPException(403)
    return wanted


def _todo(each: SettledSubmission) -> str:
    if each.parked:
        return PARKED
    return NOT_GRANTED if [broken.rule for broken in each.refused] == [refusal_rules.NOT_GRANTED] else REFUSED
