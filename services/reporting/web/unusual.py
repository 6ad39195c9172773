"""How many readings of each commune are far from its usual ones, for the review board; Indicators counts them."""

from starlette.requests import Request

from shared.contracts.indicators import CountUnusualReadings, UnusualReadings
from shared.contracts.reporting import ListedReports
from shared.messaging.questions.question_client import NotAnswered
from shared.web.days import known_at
from shared.web.site import ask
from shared.web.visitor import visitor_of


async def unusual_readings(request: Request, listed: ListedReports) -> UnusualReadings | None:
    """Of the days that the reports count, as known now; None on a page of a past day, and where no answer comes."""
    counted = next(((row.counted_from, row.counted_until) for row in listed.reports), (None, None))
    if known_at(request) or not (counted[0] and counted[1]):
        return None
    question = CountUnusualReadings(
        province=request.path_params["province"], actor=visitor_of(request).account, observed_from=counted[0],
        observed_until=counted[1],
    )  # fmt: skip
    try:
        return (await ask(request, question)).answer
    except NotAnswered:
        return None
