"""Two states of a report as an answer: what moved, by commune and by cause, with the first of the events."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from services.reporting.application import Reporting
from services.reporting.audit.causes import causes_of
from services.reporting.domain.content.comparison import Comparison, State
from services.reporting.domain.refusal import NothingKnown
from services.reporting.rendering.text import comparison
from services.reporting.rendering.text.comparison import Moved
from shared.contracts.reporting import (
    CauseKind,
    ComparedFigure,
    ComparedReports,
    ComparedUnit,
    OfComparison,
    ReportState,
)
from shared.periods import Period

MOST_FIGURES, MOST_CAUSES = 1_000, 2_000


class Place(NamedTuple):
    """The report that is compared: a commune's (our own id), or a province's."""

    province: str
    commune: str | None
    period: Period


def compared(reporting: Reporting, question: OfComparison, place: Place, today: date) -> ComparedReports:
    """NothingKnown for states that are not two, or in the wrong order, and for an edition that is not there."""
    before, after = _states(question, today)
    found = reporting.changes_between(
        place.province,
        place.period,
        before,
        after,
        regime=question.regime,
        commune=place.commune,
        forms=question.forms,
    )
    if (found.before.known_at, found.before.edition or 0) > (found.after.known_at, found.after.edition or 0):
        raise NothingKnown("Trạng thái thứ nhất phải có trước trạng thái thứ hai.")
    moved = comparison.moved_of(found)
    shown = moved[:MOST_FIGURES]
    places = sorted({place for each in shown for place in each.causes})
    return ComparedReports(
        province=place.province,
        commune=place.commune,
        period=place.period.name,
        regime=question.regime,
        before=_state(found.before),
        after=_state(found.after),
        units=tuple(_units(moved)),
        kinds=tuple(_kinds(found)),
        figures=tuple(map(_figure, shown)),
        figures_in_all=len(moved),
        causes=causes_of(found, places[:MOST_CAUSES]),
        causes_in_all=len(found.causes),
    )


def _states(question: OfComparison, today: date) -> tuple[date | int, date | int]:
    before, after = question.since_edition or question.since, question.until_edition or question.until or today
    if before is None:
        raise NothingKnown("Hãy chọn ngày hoặc lần công bố để so sánh.")
    if type(before) is type(after) and before >= after:  # type: ignore[operator]
        raise NothingKnown("Trạng thái thứ nhất phải có trước trạng thái thứ hai.")
    return before, after


def _state(state: State) -> ReportState:
    return ReportState(edition=state.edition, known_at=state.known_at, readings=state.readings)


def _units(moved: Iterable[Moved]) -> Iterable[ComparedUnit]:
    counted = Counter((comparison.unit_of(each), comparison.unit_name(each)) for each in moved)
    return (ComparedUnit(commune=commune, unit=unit, moved=n) for (commune, unit), n in counted.items())


def _kinds(found: Comparison) -> Iterable[CauseKind]:
    for kind, (events, figures) in found.by_kind.items():
        yield CauseKind(kind=kind, name=comparison.KINDS[kind], events=events, moved=figures)


def _figure(moved: Moved) -> ComparedFigure:
    name, before, after = comparison.moved_parts(moved)
    item = comparison.item_of(moved)
    return ComparedFigure(
        commune=comparison.unit_of(moved),
        unit=comparison.unit_name(moved),
        item=item,
        name=name,
        before=before,
        after=after,
        is_target=comparison.is_target(moved),
        causes=moved.causes,
    )
