"""The days whose counts are in no rate, because the other side of the formula was not reported."""

from datetime import date

from services.reporting.domain.drafts.evidence import Evidence
from services.reporting.domain.drafts.formula import Formula
from services.reporting.domain.drafts.pairing import DAYS_OF_A_HALF, ReportedCounts


def days_left_out(evidence: Evidence) -> tuple[date, ...]:
    """Of all communes that sent the counts, in order; of evidence with one definition."""
    (definition,) = evidence.definitions
    formula = Formula(definition.numerator, definition.denominator, evidence.stocks)
    first = min((place.half for places in evidence.reported.values() for place in places), default=0)
    days = set[date]()
    for places in evidence.reported.values():
        mask = ReportedCounts(places, first).paired(formula, evidence.question.computation).incomplete
        days |= {_day(first, bit) for bit in range(mask.bit_length()) if mask >> bit & 1}
    return tuple(sorted(days))


def _day(first: int, bit: int) -> date:
    """The day of a bit of a mask that begins with the half month `first` (`periods.half_of` counts them)."""
    half, day = divmod(bit, DAYS_OF_A_HALF)
    year, rest = divmod(first + half - 2, 24)
    return date(year, rest // 2 + 1, day + 1)
