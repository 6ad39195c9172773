"""Warnings for a reviewer: counts equal to another period or commune, rates that jumped, totals unlike signed paper."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt

from services.reporting.domain.content.report_content import CommuneLine, Figure, IndicatorLine, ReviewWarning
from services.reporting.domain.content.versions import COMPUTATION, CURRENT, FIRST, MIXED_FIELDS
from services.reporting.domain.forms.form import Counts
from services.reporting.domain.reviewing.review_input import CommuneCounts, Compared, Measures, Thresholds
from shared.vietnamese import NO_BREAK_SPACE, collation_key, number, percent

STANDARD = Thresholds()
_EARTH_KM = 6371
_NAMED = 3  # communes or measures named in a sentence
# Equal counts of fewer fields, or below this, may be chance.
_REPEATED_IN_FIELDS = 3
_NO_CHANCE = 10


def review(
    communes: Sequence[CommuneCounts],
    measures: Measures,
    thresholds: Thresholds = STANDARD,
    *,
    computation: int = CURRENT[COMPUTATION],
) -> tuple[ReviewWarning, ...]:
    """In the order of the communes; for each the rules `repeated`, `equal`, `jump`, `stated-total`, `counted-twice`.

    All communes of a province are given together, because `equal` compares them with each other. `computation`
    is the version that the content pins: the last of these rules is of the second, a part of it of the third.
    """
    equal = equal_to_others(communes, measures, thresholds)
    return tuple(
        ReviewWarning(rule, each.line.commune, each.line.name, sentence)
        for each in communes
        for rule, sentences in (
            ("repeated", _repeated(each, measures, thresholds)),
            ("equal", equal.get(each.line.commune, ())),
            ("jump", _jumps(each.line, thresholds)),
            ("stated-total", _stated(each, measures)),
            ("counted-twice", _counted_twice(each, measures, computation) if computation > FIRST else ()),
        )
        for sentence in sentences
    )


def _repeated(each: CommuneCounts, measures: Measures, thresholds: Thresholds) -> Iterator[str]:
    compared = measures.compared(each.counts)
    if compared == measures.compared(each.previous) and measures.count_significant(compared) >= thresholds.repeated:
        yield f"Toàn bộ {number(len(compared))} số liệu khác 0 trùng với kỳ trước, chỉ khác ngày."


def equal_to_others(
    communes: Sequence[CommuneCounts], measures: Measures, thresholds: Thresholds
) -> Mapping[str, tuple[str, ...]]:
    """A sentence by commune, for those whose counts all equal another's."""
    found: dict[str, tuple[str, ...]] = {}
    for compared, lines in _alike(communes, measures):
        significant = measures.count_significant(compared)
        if len(lines) < 2 or significant < min(thresholds.neighbour, thresholds.equal):
            continue
        reach = None if significant >= thresholds.equal else thresholds.neighbour_km
        for line in lines:
            if others := _others(line, lines, reach):
                found[line.commune] = (_sentence(len(compared), others),)
    return found


def _alike(communes: Sequence[CommuneCounts], measures: Measures) -> Iterator[tuple[Compared, list[CommuneLine]]]:
    """Communes with equal counts. Only those with as many counts and the same total are compared."""
    by_total: dict[tuple[int, int], list[tuple[Compared, list[CommuneLine]]]] = defaultdict(list)
    for each in communes:
        compared = measures.compared(each.counts)
        groups = by_total[len(compared), sum(compared.values())]
        lines = next((lines for counts, lines in groups if counts == compared), None)
        if lines is None:
            groups.append((compared, [each.line]))
        else:
            lines.append(each.line)
    for groups in by_total.values():
        yield from groups


def _others(line: CommuneLine, lines: Sequence[CommuneLine], reach: int | None) -> list[tuple[float | None, str]]:
    """(distance in km, name), the nearest first; only those within `reach` kilometres where it is given."""
    others = [(kilometres(line, other), other.name) for other in lines if other.commune != line.commune]
    near = [(km, name) for km, name in others if reach is None or (km is not None and km <= reach)]
    return sorted(near, key=lambda other: (other[0] is None, other[0] or 0, collation_key(other[1])))


def _sentence(counts: int, others: Sequence[tuple[float | None, str]]) -> str:
    named = [
        name if km is None else f"{name} (cách {number(round(km))}{NO_BREAK_SPACE}km)" for km, name in others[:_NAMED]
    ]
    more = f" và {number(len(others) - _NAMED)} đơn vị khác" if len(others) > _NAMED else ""
    return f"Toàn bộ {number(counts)} số liệu khác 0 trùng với {', '.join(named)}{more}."


def kilometres(one: CommuneLine, other: CommuneLine) -> float | None:
    """The great-circle distance between two centres; None where coordinates are missing."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    south, north = radians(one.latitude), radians(other.latitude)
    across = sin(radians(other.longitude - one.longitude) / 2) ** 2 * cos(south) * cos(north)
    return 2 * _EARTH_KM * asin(min(1, sqrt(sin((north - south) / 2) ** 2 + across)))


def _jumps(line: CommuneLine, thresholds: Thresholds) -> Iterator[str]:
    for indicator in line.indicators:
        if not _may_jump(indicator, thresholds):
            continue
        now, then = _rate(indicator.figure, thresholds), _rate(indicator.previous, thresholds)
        if now is not None and then is not None and abs(now - then) > thresholds.jump:
            yield _jump(indicator, now, then)


def _may_jump(indicator: IndicatorLine, thresholds: Thresholds) -> bool:
    """Without decimals, of which most of the time would be taken: no sooner false than a point below the threshold."""
    now, then = indicator.figure, indicator.previous
    if not (now.numerator and now.denominator and then.numerator and then.denominator):
        return True
    points = abs(now.numerator / now.denominator - then.numerator / then.denominator) * 100
    return points > thresholds.jump - 1


def _rate(figure: Figure, thresholds: Thresholds) -> Decimal | None:
    """None for fewer files than the threshold: small denominators make every rate jump."""
    return figure.exact_rate if (figure.denominator or 0) >= thresholds.jump_denominator else None


def _jump(indicator: IndicatorLine, now: Decimal, then: Decimal) -> str:
    moved, to = ("tăng", "lên") if now > then else ("giảm", "xuống")
    return (
        f"{indicator.name} {moved} {number(abs(now - then), 1)} điểm phần trăm so với kỳ trước: từ {percent(then)} "
        f"({_counted(indicator.previous)}) {to} {percent(now)} ({_counted(indicator.figure)})."
    )


def _counted(figure: Figure) -> str:
    return f"{number(figure.numerator)}/{number(figure.denominator)}"


def _stated(each: CommuneCounts, measures: Measures) -> Iterator[str]:
    """Totals on signed paper compared with the sum of the days; a level compared with the last one recorded."""
    recorded = _by_measure(each.counts) if each.stated else {}
    for measure, stated in each.stated.items():
        if recorded.get(measure) == stated:
            continue
        total = f"“{measures.names.get(measure, measure)}” trên bản đã ký là {number(stated)}"
        if measure not in recorded:
            yield f"Tổng số {total}, nhưng chưa có số liệu của ngày nào."
            continue
        found = "số cuối kỳ đã nhập" if measure in measures.stocks else "tổng các ngày đã nhập"
        difference = number(abs(stated - recorded[measure]))
        yield f"Tổng số {total}, khác {found} là {number(recorded[measure])} (chênh lệch {difference})."


def _by_measure(counts: Counts) -> Mapping[str, int]:
    sums: dict[str, int] = {}
    for (measure, _), count in counts.items():
        sums[measure] = sums.get(measure, 0) + count
    return sums


def _counted_twice(each: CommuneCounts, measures: Measures, computation: int) -> Iterator[str]:
    """A total beside its parts is the same counted twice; so is one count that is repeated in every field."""
    by_field: dict[str, list[int]] = defaultdict(list)
    for (measure, field), count in each.counts.items():
        if field and count:
            by_field[measure].append(count)
    totals = [
        measure
        for measure, counts in by_field.items()
        if len(counts) > 1 and each.counts.get((measure, "")) == sum(counts)
    ]
    mixed = [measure for measure in by_field if each.counts.get((measure, "")) and measure not in totals]
    repeated = [
        measure
        for measure, counts in by_field.items()
        if len(counts) >= _REPEATED_IN_FIELDS and len(set(counts)) == 1 and counts[0] >= _NO_CHANCE
    ]
    if totals:
        yield (
            f"{_named(totals, measures)}: số ghi không theo lĩnh vực bằng đúng tổng các lĩnh vực; có thể hàng tổng đã"
            " được tính thêm một lần."
        )
    if mixed and computation >= MIXED_FIELDS:
        yield (
            f"{_named(mixed, measures)}: có cả số ghi theo lĩnh vực và số không ghi lĩnh vực; nếu số không ghi lĩnh vực"
            " là hàng tổng của một số ngày thì đã được tính thêm một lần."
        )
    if repeated:
        yield (
            f"{_named(repeated, measures)}: mọi lĩnh vực có cùng một số; có thể một số chung đã được ghi lặp lại ở từng"
            " lĩnh vực."
        )


def _named(names: Sequence[str], measures: Measures) -> str:
    shown = ", ".join(f"“{measures.names.get(measure, measure)}”" for measure in sorted(names)[:_NAMED])
    return f"{shown} và {number(len(names) - _NAMED)} số đo khác" if len(names) > _NAMED else shown
