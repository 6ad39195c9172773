"""The causes of a comparison as answers to questions hold them, in words."""

from collections.abc import Iterable

from services.reporting.domain.content import comparison
from services.reporting.domain.content.comparison import Comparison
from services.reporting.rendering.text.comparison import cause_text
from shared.contracts.reporting import Cause

OF_READINGS = (comparison.LATE, comparison.CORRECTED, comparison.WITHDRAWN)


def causes_of(found: Comparison, places: Iterable[int]) -> tuple[Cause, ...]:
    """Those at these places, from 1."""
    return tuple(_cause(found, place) for place in places)


def _cause(found: Comparison, place: int) -> Cause:
    cause = found.causes[place - 1]
    return Cause(
        place=place,
        kind=cause.kind,
        text=cause_text(cause, found),
        commune=cause.commune,
        reading=cause.subject if cause.kind in OF_READINGS else None,
        service=cause.service,
        position=cause.position,
        recorded_on=cause.recorded_on,
        day=cause.day,
        submission_id=cause.submission_id,
        reason=cause.reason,
        by=cause.by,
        count=cause.count,
    )
