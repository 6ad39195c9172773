"""What a reviewer should look at before approving: figures that were copied, that jumped, or do not add up."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from services.reporting.domain.copied import equal_to_others
from services.reporting.domain.form import ReviewWarning
from services.reporting.domain.form_design import Counts
from services.reporting.domain.quarterly_report import CommuneLine, Figure, IndicatorLine
from services.reporting.domain.review_rules import Measures, Return, Thresholds
from shared.vietnamese import number, percent

STANDARD = Thresholds()


def review(
    returns: Sequence[Return], measures: Measures, thresholds: Thresholds = STANDARD
) -> tuple[ReviewWarning, ...]:
    """In the order of the returns; of each the rules `repeated`, `equal`, `jump` and `stated-total`, in this order.

    All returns of a province are given together, since one is held against the others.
    """
    equal = equal_to_others(returns, measures, thresholds)
    return tuple(
        ReviewWarning(rule, each.line.commune, each.line.name, sentence)
        for each in returns
        for rule, sentences in (
            ("repeated", _repeated(each, measures, thresholds)),
            ("equal", equal.get(each.line.commune, ())),
            ("jump", _jumps(each.line, thresholds)),
            ("stated-total", _stated(each, measures)),
        )
        for sentence in sentences
    )


def _repeated(each: Return, measures: Measures, thresholds: Thresholds) -> Iterator[str]:
    compared = measures.compared(each.counts)
    if measures.telling(compared) >= thresholds.repeated and compared == measures.compared(each.previous):
        yield f"Toàn bộ {number(len(compared))} số liệu khác 0 trùng với kỳ trước, chỉ khác ngày."


def _jumps(line: CommuneLine, thresholds: Thresholds) -> Iterator[str]:
    for indicator in line.indicators:
        now, then = _rate(indicator.figure, thresholds), _rate(indicator.previous, thresholds)
        if now is not None and then is not None and abs(now - then) > thresholds.jump:
            yield _jump(indicator, now, then)


def _rate(figure: Figure, thresholds: Thresholds) -> Decimal | None:
    """Of few files every rate jumps."""
    return figure.exact_rate if (figure.denominator or 0) >= thresholds.jump_denominator else None


def _jump(indicator: IndicatorLine, now: Decimal, then: Decimal) -> str:
    moved, to = ("tăng", "lên") if now > then else ("giảm", "xuống")
    return (
        f"{indicator.name} {moved} {number(abs(now - then), 1)} điểm phần trăm so với kỳ trước: từ {percent(then)} "
        f"({_counted(indicator.previous)}) {to} {percent(now)} ({_counted(indicator.figure)})."
    )


def _counted(figure: Figure) -> str:
    return f"{number(figure.numerator)}/{number(figure.denominator)}"


def _stated(each: Return, measures: Measures) -> Iterator[str]:
    """Totals on the signed paper against the days; a level against the last one that was told."""
    recorded = _by_measure(each.counts)
    for measure, stated in each.stated.items():
        if recorded.get(measure) == stated:
            continue
        said = f"“{measures.names.get(measure, measure)}” trên bản đã ký là {number(stated)}"
        if measure not in recorded:
            yield f"Tổng số {said}, nhưng chưa có số liệu của ngày nào."
            continue
        found = "số cuối kỳ đã nhập" if measure in measures.stocks else "tổng các ngày đã nhập"
        difference = number(abs(stated - recorded[measure]))
        yield f"Tổng số {said}, khác {found} là {number(recorded[measure])} (chênh lệch {difference})."


def _by_measure(counts: Counts) -> Mapping[str, int]:
    sums: dict[str, int] = {}
    for (measure, _), count in counts.items():
        sums[measure] = sums.get(measure, 0) + count
    return sums
