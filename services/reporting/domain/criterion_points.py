"""What one criterion gives: its points, or between which points they will lie while something is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.reporting.domain.form import ScoredRow
from services.reporting.domain.quarterly_report import Figure
from services.reporting.domain.scorecard import (
    HUNDRED,
    NOT_APPLICABLE,
    ZERO,
    Answer,
    Criterion,
    Delivery,
    Scorecard,
    Value,
    rounded,
)

MISSING = "Chưa có số liệu"


@dataclass(frozen=True)
class Given:
    """The row to print, and between which points it will lie once everything is known."""

    row: ScoredRow
    effect: str
    lowest: Decimal
    highest: Decimal

    @property
    def missing(self) -> bool:
        return self.lowest != self.highest


def given(
    scorecard: Scorecard, criterion: Criterion, figures: Mapping[str, Figure], answers: Mapping[str, Answer]
) -> Given:
    figure = figures.get(criterion.indicator or "")
    value = _value(criterion, figure, answers.get(criterion.code))
    rate = figure.exact_rate if figure else None
    if value is None:
        return _missing(criterion)
    if value == NOT_APPLICABLE:
        return _not_applicable(scorecard, criterion)
    assert isinstance(value, Value)
    points = rounded(criterion.rule.points(value, criterion.maximum))
    return _exactly(criterion, points, rate=rate if rate is None else rounded(value.number))


def _value(criterion: Criterion, figure: Figure | None, answer: Answer | None) -> Value | str | None:
    """None where nothing is known, NOT_APPLICABLE where there is nothing to know."""
    if answer == NOT_APPLICABLE:
        return NOT_APPLICABLE
    if criterion.indicator is None:
        if isinstance(answer, Delivery):
            return Value(Decimal(answer.days_late))
        return None if answer is None else Value(Decimal(answer))
    if figure is None or figure.numerator is None or figure.denominator is None:
        return None
    if figure.denominator:
        return Value(Decimal(figure.numerator) * 100, Decimal(figure.denominator))
    known = {"zero": Value(ZERO), "full": Value(HUNDRED)}
    return known.get(criterion.zero_denominator or figure.zero_denominator, NOT_APPLICABLE)


def _exactly(criterion: Criterion, points: Decimal, rate: Decimal | None = None, note: str = "") -> Given:
    signed = ZERO - points if criterion.effect == "penalty" else points  # -points would be printed as -0
    maximum = ZERO if criterion.effect == "penalty" else criterion.maximum
    return Given(
        ScoredRow(criterion.code, criterion.name, maximum, signed, rate, note), criterion.effect, signed, signed
    )


def _not_applicable(scorecard: Scorecard, criterion: Criterion) -> Given:
    if scorecard.not_applicable == "full" and criterion.effect == "criterion":
        return _exactly(criterion, criterion.maximum, note="Không áp dụng, tính đủ điểm")
    row = ScoredRow(criterion.code, criterion.name, ZERO, None, None, "Không áp dụng")
    return Given(row, criterion.effect, ZERO, ZERO)


def _missing(criterion: Criterion) -> Given:
    penalty = criterion.effect == "penalty"
    row = ScoredRow(criterion.code, criterion.name, ZERO if penalty else criterion.maximum, None, None, MISSING)
    lowest, highest = (-criterion.maximum, ZERO) if penalty else (ZERO, criterion.maximum)
    return Given(row, criterion.effect, lowest, highest)
