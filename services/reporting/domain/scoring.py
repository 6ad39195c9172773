"""What a scorecard gives for figures and answers: the points of each criterion, and the total out of a hundred."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from services.reporting.domain.criterion_points import Given, given
from services.reporting.domain.form import Scored, ScoredGroup
from services.reporting.domain.quarterly_report import Figure
from services.reporting.domain.scorecard import (
    HUNDRED,
    NOT_APPLICABLE,
    ZERO,
    Answer,
    Counted,
    Criterion,
    DaysLate,
    Delivery,
    Scorecard,
    YesNo,
    rounded,
)
from shared.vietnamese import number


def score(scorecard: Scorecard, figures: Mapping[str, Figure], answers: Mapping[str, Answer]) -> Scored:
    """`figures` by indicator, `answers` by a criterion's code. ValueError, one sentence, for an answer that is none.

    What is missing is not zero: such a row has no points and is named in the notes, with how far the total can still
    rise or fall; the total counts what is there. A rate with nothing to count, which neither the scorecard nor the
    indicator gives a value, does not apply.
    """
    _check(scorecard, answers)
    found = {c.code: given(scorecard, c, figures, answers) for c in scorecard.criteria}
    every = list(found.values())
    lowest, highest = (_total(every, [getattr(g, end) for g in every]) for end in ("lowest", "highest"))
    certain = scorecard.class_of(lowest) == scorecard.class_of(highest)
    return Scored(
        scorecard=scorecard.code,
        version=scorecard.version,
        title=scorecard.title,
        source=scorecard.source,
        groups=tuple(_group(group.name, [found[c.code] for c in group.criteria]) for group in scorecard.groups),
        total=_total(every, [g.row.score or ZERO for g in every]),
        maximum=HUNDRED if _maximum(every) else ZERO,
        band=scorecard.class_of(lowest) if certain and _maximum(every) else None,
        notes=tuple(_notes(every, lowest, highest, certain)),
    )


def _maximum(every: Sequence[Given]) -> Decimal:
    """Of the criteria that apply."""
    return sum((g.row.maximum for g in every if g.effect == "criterion"), ZERO)


def _total(every: Sequence[Given], points: Sequence[Decimal]) -> Decimal:
    """Out of a hundred: criteria in proportion to their maximum, then bonus and penalties, never outside."""
    maximum = _maximum(every)
    criteria = sum((p for g, p in zip(every, points, strict=True) if g.effect == "criterion"), ZERO)
    others = sum((p for g, p in zip(every, points, strict=True) if g.effect != "criterion"), ZERO)
    if not maximum:
        return ZERO
    return rounded(min(HUNDRED, max(ZERO, criteria * HUNDRED / maximum + others)))


def _group(name: str, every: Sequence[Given]) -> ScoredGroup:
    points = sum((g.row.score or ZERO for g in every), ZERO)
    return ScoredGroup(name, _maximum(every), points, tuple(g.row for g in every))


def _notes(every: Sequence[Given], lowest: Decimal, highest: Decimal, certain: bool) -> list[str]:
    notes = []
    maximum = _maximum(every)
    if maximum not in (ZERO, HUNDRED):
        reached = sum((g.row.score or ZERO for g in every if g.effect == "criterion"), ZERO)
        notes.append(f"Điểm được quy đổi về thang điểm 100 từ {number(reached, 2)}/{number(maximum, 2)} điểm.")
    if missing := [g.row.code for g in every if g.missing]:
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
        return isinstance(answer, Delivery)
    if isinstance(rule, Counted) and isinstance(answer, Delivery):
        return True
    if isinstance(answer, int):
        return answer >= 0 and not isinstance(answer, bool)
    # NaN is asked for first: it cannot be compared.
    return isinstance(answer, Decimal) and answer.is_finite() and answer >= 0 and not isinstance(rule, Counted)
