"""Where a submission is: asked of each service that takes some, and put together by the rules of `minhbach why`."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from services.portal.presence import HEALTH
from services.portal.web.operator.advice import WHERE, named
from shared.contracts import Question
from shared.contracts.indicators import TraceIndicatorsSubmission
from shared.contracts.operation import HeldSubmission, SettledSubmission, TraceSubmission
from shared.contracts.planning import TracePlanningSubmission
from shared.contracts.reporting import TraceReportingSubmission
from shared.messaging.questions.question_client import NotAnswered
from shared.messaging.streams import LISTENERS, events_stream
from shared.tracing import SUBMISSION_ID, Decided, Where, where
from shared.web.site import ask
from shared.web.visitor import visitor_of

TRACED: Mapping[str, type[TraceSubmission]] = {
    "planning": TracePlanningSubmission,
    "indicators": TraceIndicatorsSubmission,
    "reporting": TraceReportingSubmission,
}


@dataclass(frozen=True)
class Found:
    """What a service decided, and what it comes to."""

    service: str
    settled: SettledSubmission
    decided: Decided


@dataclass(frozen=True)
class Trace:
    """`away` are the services that could not be asked: what they know is not in it."""

    submission_id: str
    held: list[tuple[str, HeldSubmission]]
    settled: list[Found]
    away: list[str]

    @property
    def where(self) -> Where:
        last = self.settled[-1].decided if self.settled else None
        return where(last, [False] * len(self.held), [])

    @property
    def verdict(self) -> tuple[str, str]:
        """How urgent it is, and the sentence."""
        urgency, sentence = WHERE[self.where]
        last = self.settled[-1] if self.settled else None
        service = last.service if last else self.held[0][0] if self.held else ""
        awaited = ", ".join(map(named, last.decided.awaited)) if last else ""
        text = sentence.format(service=named(service), awaited=awaited)
        return urgency, text[:1].upper() + text[1:]

    def fields(self) -> dict[str, Any]:
        return {
            "submission_id": self.submission_id,
            "where": self.where,
            "held": [each.model_dump(mode="json") | {"service": service} for service, each in self.held],
            "settled": [
                each.settled.model_dump(mode="json") | {"service": each.service, "counted_by": each.decided.counted_by}
                for each in self.settled
            ],
            "away": self.away,
        }


def id_in(text: str) -> str:
    """ "" for what can be the id of no submission."""
    return text if SUBMISSION_ID.fullmatch(text) else ""


async def traced(request: Request, province: str, submission_id: str) -> Trace:
    actor = visitor_of(request).account
    questions: dict[str, Question[Any]] = {
        service: kind(province=province, submission_id=submission_id, actor=actor) for service, kind in TRACED.items()
    }
    for service in HEALTH.keys() - TRACED.keys():  # how far they follow the others
        questions[service] = HEALTH[service](province=province, most=1, actor=actor)
    answers = await asyncio.gather(*(_answered(request, each) for each in questions.values()))
    found = {service: each for service, each in zip(questions, answers, strict=True) if each is not None}
    positions = {service: answered.positions for service, answered in found.items()}
    traces = {service: found[service].answer for service in TRACED if service in found}
    decided = [
        Found(service, each, Decided(each.accepted, each.parked, each.position, _followed(service, positions)))
        for service, trace in traces.items()
        for each in trace.settled
    ]
    settled = {(each.settled.commune, each.settled.kind) for each in decided}
    return Trace(
        submission_id,
        [
            (service, each)
            for service, trace in traces.items()
            for each in trace.held
            if (each.commune, each.kind) not in settled
        ],
        sorted(decided, key=lambda each: each.settled.recorded_at),
        [service for service in TRACED if service not in found],
    )


async def _answered(request: Request, question: Question[Any]) -> Any:
    try:
        return await ask(request, question)
    except NotAnswered:
        return None


def _followed(service: str, positions: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Of those that follow a service and answer, the position up to which they do."""
    followers = [each.service for each in LISTENERS if each.stream == events_stream(service)]
    return {each: positions[each].get(service, 0) for each in followers if each in positions}
