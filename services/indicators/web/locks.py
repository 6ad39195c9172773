"""What a clerk should know of a week's days before typing: days that are closed, reports that were handed in."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request

from shared.contracts.indicators import ClosedDay
from shared.contracts.reporting import ListReports, ReportRow
from shared.messaging.questions.question_client import NotAnswered
from shared.periods import Period
from shared.refusal_rules import FUTURE
from shared.regimes import DEFAULT_REGIME
from shared.vietnamese import mid_sentence
from shared.web.site import KNOWN_AT, ask
from shared.web.visitor import visitor_of

PATIENCE = 2.0  # seconds
HANDED_IN = {"submitted": "đã nộp, chờ duyệt", "approved": "đã duyệt"}


class HandedIn(NamedTuple):
    """A report that was submitted or approved, and the days of the page that it counts."""

    name: str
    state: str
    path: str
    days: frozenset[date]


async def handed_in(request: Request, days: Iterable[date], known_at: date | None = None) -> list[HandedIn]:
    """Of the commune, those that count one of these days; none while Reporting does not answer: entry waits for it
    no longer than PATIENCE. `known_at`: as known at the end of a day, which their links keep.
    """
    commune = request.path_params["commune"]
    try:
        question = ListReports(commune=commune, known_at=known_at, actor=visitor_of(request).account)
        async with asyncio.timeout(PATIENCE):
            rows = (await ask(request, question)).answer.reports
    except (NotAnswered, TimeoutError):
        return []
    counted = ((row, frozenset(day for day in days if _counts(row, day))) for row in rows if row.state in HANDED_IN)
    return [
        HandedIn(_name(row), HANDED_IN[row.state], _path(row, known_at), of_report)
        for row, of_report in counted
        if of_report
    ]


def locked(closed: Iterable[ClosedDay]) -> Mapping[date, str]:
    """By the day why nothing is taken; a day that is still to come has its own sign."""
    return {each.observed_on: each.sentence for each in closed if each.rule != FUTURE}


def _counts(row: ReportRow, day: date) -> bool:
    first, last = row.counted_from, row.counted_until
    return first is not None and last is not None and first <= day <= last


def _name(row: ReportRow) -> str:
    title = "" if row.regime == DEFAULT_REGIME else f" ({mid_sentence(row.regime_title or row.regime)})"
    return f"báo cáo {mid_sentence(Period.parse(row.period).vietnamese)}{title}"


def _path(row: ReportRow, known_at: date | None) -> str:
    kept = {} if row.regime == DEFAULT_REGIME else {"che-do": row.regime}
    kept |= {KNOWN_AT: known_at.isoformat()} if known_at else {}
    return f"/bao-cao/{row.commune}/{row.period}" + (f"?{urlencode(kept)}" if kept else "")
