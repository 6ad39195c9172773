"""Scores one criterion: its points, or the range of its points while its figure or answer is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.reporting.domain.content.report_content import Figure
from services.reporting.domain.content.scores import ScoredRow
from services.reporting.domain.scorecards.scorecard import (
    HUNDRED,
    NOT_APPLICABLE,
    ZERO,
    Answer,
    Criterion,
    Fulfilment,
    Ratio,
    Scorecard,
    rounded,
)

MISSING = "Chưa có số liệu"


@dataclass(frozen=True)
class CriterionPoints:
    """The row to print, with the lowest and highest points that it can still get."""

    row: ScoredRow
    effect: str
    lowest: Decimal
    highest: Decimal

    @property
    def missing(self) -> bool:
        return self.lowest != self.highest


def criterion_points(
    scorecard: Scorecard, criterion: Criterion, figures: Mapping[str, Figure], answers: Mapping[str, Answer]
) -> CriterionPoints:
    figure = figures.get(criterion.indicator or "")
    value = _value(criterion, figure, answers.get(criterion.code))
    rate = figure.exact_rate if figure else None
    if value is None:
        return _missing(criterion)
    if value == NOT_APPLICABLE:
        return _not_applicable(scorecard, criterion)
    assert isinstance(value, Ratio)
    points = rounded(criterion.rule.points(value, criterion.maximum))
    return _exactly(criterion, points, rate=rate if rate is None else rounded(value.number))


def _value(criterion: Criterion, figure: Figure | None, answer: Answer | None) -> Ratio | str | None:
    """None where the figure or answer is missing, NOT_APPLICABLE where the criterion does not apply."""
    if answer == NOT_APPLICABLE:
        return NOT_APPLICABLE
    if criterion.indicator is None:
        if isinstance(answer, Fulfilment):
            return Ratio(Decimal(answer.days_late))
        return None if answer is None else Ratio(Decimal(answer))
    if figure is None or figure.numerator is None or figure.denominator is None:
        return None
    if figure.denominator:
        return Ratio(Decimal(figure.numerator) * 100, Decimal(figure.denominator))
    known = {"zero": Ratio(ZERO), "full": Ratio(HUNDRED)}
    return known.get(criterion.zero_denominator or figure.zero_denominator, NOT_APPLICABLE)


def _exactly(criterion: Criterion, points: Decimal, rate: Decimal | None = None, note: str = "") -> CriterionPoints:
    signed = ZERO - points if criterion.effect == "penalty" else points  # -points would be printed as -0
    maximum = ZERO if criterion.effect == "penalty" else criterion.maximum
    return CriterionPoints(
        ScoredRow(criterion.code, criterion.name, maximum, signed, rate, note), criterion.effect, signed, signed
    )


def _not_applicable(scorecard: Scorecard, criterion: Criterion) -> CriterionPoints:
    if scorecard.not_applicable == "full" and criterion.effect == "criterion":
        return _exactly(criterion, criterion.maximum, note="Không áp dụng, tính đủ điểm")
    row = ScoredRow(criterion.code, criterion.name, ZERO, None, None, "Không áp dụng")
    return CriterionPoints(row, criterion.effect, ZERO, ZERO)


def _missing(criterion: Criterion) -> CriterionPoints:
    penalty = criterion.effect == "penalty"
    row = ScoredRow(criterion.code, criterion.name, ZERO if penalty else criterion.maximum, None, None, MISSING)
    lowest, highest = (-criterion.maximum, ZERO) if penalty else (ZERO, criterion.maximum)
    return CriterionPoints(row, criterion.effect, lowest, highest)
