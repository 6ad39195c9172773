"""Scores figures and answers by a scorecard: the points of each criterion, and the total out of 100."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from services.reporting.domain.content.report_content import Figure
from services.reporting.domain.content.scores import Scored, ScoredGroup
from services.reporting.domain.scorecards.criterion_points import CriterionPoints, criterion_points
from services.reporting.domain.scorecards.scorecard import (
    HUNDRED,
    NOT_APPLICABLE,
    ZERO,
    Answer,
    Criterion,
    DaysLate,
    Fulfilment,
    PointsForEach,
    Scorecard,
    YesNo,
    rounded,
)
from shared.vietnamese import number


def score(scorecard: Scorecard, figures: Mapping[str, Figure], answers: Mapping[str, Answer]) -> Scored:
    """Score `figures`, by indicator, and `answers`, by a criterion's code. ValueError for an answer that does not fit.

    A missing figure is not zero: its row has no points and is named in the notes, with the range of the final total;
    the total adds up the rows that have points. A rate that counts nothing does not apply, unless the scorecard or the
    indicator gives it a value.
    """
    _check(scorecard, answers)
    found = {c.code: criterion_points(scorecard, c, figures, answers) for c in scorecard.criteria}
    rows = list(found.values())
    lowest, highest = (_total(rows, [getattr(each, end) for each in rows]) for end in ("lowest", "highest"))
    certain = scorecard.class_of(lowest) == scorecard.class_of(highest)
    return Scored(
        scorecard=scorecard.code,
        version=scorecard.version,
        title=scorecard.title,
        source=scorecard.source,
        groups=tuple(_group(group.name, [found[c.code] for c in group.criteria]) for group in scorecard.groups),
        total=_total(rows, [each.row.score or ZERO for each in rows]),
        maximum=HUNDRED if _maximum(rows) else ZERO,
        band=scorecard.class_of(lowest) if certain and _maximum(rows) else None,
        notes=tuple(_notes(rows, lowest, highest, certain)),
    )


def _maximum(rows: Sequence[CriterionPoints]) -> Decimal:
    """The maximum of the criteria that apply, without bonus and penalties."""
    return sum((each.row.maximum for each in rows if each.effect == "criterion"), ZERO)


def _total(rows: Sequence[CriterionPoints], points: Sequence[Decimal]) -> Decimal:
    """Criteria scaled to 100, plus bonus, minus penalties; never below 0 or above 100."""
    maximum = _maximum(rows)
    criteria = sum((p for each, p in zip(rows, points, strict=True) if each.effect == "criterion"), ZERO)
    others = sum((p for each, p in zip(rows, points, strict=True) if each.effect != "criterion"), ZERO)
    if not maximum:
        return ZERO
    return rounded(min(HUNDRED, max(ZERO, criteria * HUNDRED / maximum + others)))


def _group(name: str, rows: Sequence[CriterionPoints]) -> ScoredGroup:
    points = sum((each.row.score or ZERO for each in rows), ZERO)
    return ScoredGroup(name, _maximum(rows), points, tuple(each.row for each in rows))


def _notes(rows: Sequence[CriterionPoints], lowest: Decimal, highest: Decimal, certain: bool) -> list[str]:
    notes = []
    maximum = _maximum(rows)
    if maximum not in (ZERO, HUNDRED):
        reached = sum((each.row.score or ZERO for each in rows if each.effect == "criterion"), ZERO)
        notes.append(f"Điểm được quy đổi về thang điểm 100 từ {number(reached, 2)}/{number(maximum, 2)} điểm.")
    if missing := [each.row.code for each in rows if each.missing]:
        notes.append(
            f"Chưa chấm {number(len(missing))} tiêu chí vì chưa có số liệu: {', '.join(missing)}. Khi đủ số liệu, tổng "
            f"điểm trong khoảng từ {number(lowest, 2)} đến {number(highest, 2)}."
        )
    if not certain:
        notes.append("Chưa xếp loại được vì còn tiêu chí chưa chấm.")
    return notes


def _check(scorecard: Scorecard, answers: Mapping[str, Answer]) -> None:
    criteria = {criterion.code: criterion for criterion in scorecard.criteria}
    for code, answer in answers.items():
        if code not in criteria:
            raise ValueError(f"scorecard {scorecard.code} has no criterion {code}")
        if answer == NOT_APPLICABLE:
            continue
        if criteria[code].indicator:
            raise ValueError(f"criterion {code} is scored from {criteria[code].indicator}, not from an answer")
        if not _fits(criteria[code], answer):
            raise ValueError(f"criterion {code} takes {criteria[code].rule.takes}, not {answer}")


def _fits(criterion: Criterion, answer: Answer) -> bool:
    rule = criterion.rule
    if isinstance(rule, YesNo):
        return isinstance(answer, bool)
    if isinstance(rule, DaysLate):
        return isinstance(answer, Fulfilment)
    if isinstance(rule, PointsForEach) and isinstance(answer, Fulfilment):
        return True
    if isinstance(answer, int):
        return answer >= 0 and not isinstance(answer, bool)
    # is_finite() comes first, because NaN cannot be compared.
    return isinstance(answer, Decimal) and answer.is_finite() and answer >= 0 and not isinstance(rule, PointsForEach)
