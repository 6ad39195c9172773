"""What moved since the edition before, as sentences and rows: figures, and the corrections behind them."""

from collections.abc import Iterator, Mapping

from services.reporting.domain.content.report_content import Figure
from services.reporting.domain.content.restatement import (
    Amounts,
    FigureChange,
    MovedFigure,
    ReadingCorrected,
    Restatement,
)
from services.reporting.rendering.text.coverage import NBSP
from shared.vietnamese import MISSING, date_text, number, percent

WHOLE = "Toàn tỉnh"
_CAUSES = 6  # numbers of corrections in a cell; the sheet has all
_LATE = "gửi muộn"
_LATE_MARK = "M"
_COMPUTED = "cách tính"


def title(restated: Restatement) -> str:
    return f"Số liệu thay đổi so với lần công bố {number(restated.replaces)}"


def sentences(restated: Restatement) -> Iterator[str]:
    yield (
        f"{number(len(restated.moved))} số liệu thay đổi so với lần công bố {number(restated.replaces)}, do "
        f"{number(len(restated.corrections))} lần sửa hoặc rút số liệu. Người công bố lại: {restated.by}. "
        f"Lý do: {restated.reason.rstrip(' .')}."
    )
    if restated.late_readings:
        named = f"; {number(len(restated.late))} bản được nêu tên dưới đây" if restated.late else ""
        yield f"Số bản ghi số liệu gửi sau lần công bố trước: {number(restated.late_readings)}{named}."
    old, new = restated.computations
    if old != new:
        yield f"Cách tính đã thay đổi, từ bản {old} sang bản {new}; số liệu có thể khác dù không có lần sửa nào."


def moved_rows(restated: Restatement, limit: int | None = _CAUSES) -> Iterator[tuple[str, str, str, str, str]]:
    """(commune, figure, before, after, numbers of corrections) of each changed figure; at most `limit` numbers."""
    for moved in restated.moved:
        change = moved.change
        causes = _causes(moved.causes, moved.late, limit) or _other_cause(restated)
        name = change.commune_name or WHOLE
        yield name, change.name, counted(change.before), counted(change.after), causes


NUMBERED = "Số trong ngoặc đơn là thứ tự của chỉ tiêu trong bảng kết quả thực hiện chỉ tiêu của báo cáo."


def moved_of_the_whole(restated: Restatement, places: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    """(place in the report's first table, figure, before, after, numbers of corrections) of the province's figures."""
    for moved in restated.moved:
        change = moved.change
        if not change.commune:
            causes = _causes(moved.causes, moved.late, _CAUSES) or _other_cause(restated)
            place = number(places[change.item]) if change.item in places else ""
            yield place, change.name, counted(change.before), counted(change.after), causes


def moved_of_communes(restated: Restatement, places: Mapping[str, int]) -> Iterator[tuple[str, str, str]]:
    """(commune, its changed figures, numbers of corrections) of each commune; `places` are of indicators, by code."""
    by_commune: dict[str, list[MovedFigure]] = {}
    for each in restated.moved:
        if each.change.commune:
            by_commune.setdefault(each.change.commune, []).append(each)
    for commune, moved in by_commune.items():
        causes = sorted({cause for each in moved for cause in each.causes})
        late = sorted({place for each in moved for place in each.late})
        figures = "; ".join(_figure(each.change, places) for each in moved)
        name = moved[0].change.commune_name or commune
        yield name, figures, _causes(tuple(causes), tuple(late), _CAUSES) or _other_cause(restated)


def _figure(change: FigureChange, places: Mapping[str, int]) -> str:
    """A figure with the place of its indicator stays on one line."""
    rates = [_rate(amounts) for amounts in (change.before, change.after)]
    rate = " → ".join(dict.fromkeys(rates)) if all(rates) else ""
    counts = f"{_amounts(change.before)} → {_amounts(change.after)}" + (f" ({rate})" if rate else "")
    place = places.get(change.item)
    return f"({place}) {counts}".replace(" ", NBSP) if place else f"{change.name}: {counts}"


def correction_rows(restated: Restatement) -> Iterator[tuple[str, ...]]:
    """(number, commune, day and field, reading, counts before and after, who, why) of each correction."""
    for place, each in enumerate(restated.corrections, start=1):
        field = f", {restated.name('field', each.field)}" if each.field else ""
        yield (
            number(place),
            restated.name("commune", each.commune),
            f"{date_text(each.observed_on)}{field}",
            each.reading_id,
            _counts(each, restated),
            each.by or MISSING,
            each.reason,
        )


def late_rows(restated: Restatement) -> Iterator[tuple[str, ...]]:
    """(number, commune, day and field, reading, counts, day of recording, submission) of each named late reading."""
    for place, each in enumerate(restated.late, start=1):
        name = f", {restated.name('field', each.field)}" if each.field else ""
        counts = (f"{restated.name('measure', m)}: {number(n)}" for m, n in sorted(each.values.items()))
        yield (
            f"{_LATE_MARK}{number(place)}",
            restated.name("commune", each.commune),
            f"{date_text(each.observed_on)}{name}",
            each.reading_id,
            "; ".join(counts),
            date_text(each.recorded_on),
            each.submission_id,
        )


def counted(amounts: Amounts) -> str:
    """`67/80 (83,8 %)`, a count alone, or a dash for a figure without readings."""
    rate = _rate(amounts)
    return f"{_amounts(amounts)} ({rate})" if rate else _amounts(amounts)


def _amounts(amounts: Amounts) -> str:
    if not amounts or all(amount is None for amount in amounts):
        return MISSING
    return "/".join(number(amount) for amount in amounts)


def _rate(amounts: Amounts) -> str:
    """Of a numerator and a denominator; empty for a count alone, and without a rate."""
    if len(amounts) > 1 and amounts[0] is not None and amounts[-1]:
        return percent(Figure(amounts[0], amounts[-1]).rate)
    return ""


def _counts(each: ReadingCorrected, restated: Restatement) -> str:
    if not each.after:
        return "rút số liệu"
    before = each.before or {}
    return "; ".join(
        f"{restated.name('measure', m)}: {number(before.get(m))} → {number(each.after.get(m))}"
        for m in sorted(each.changed)
    )


def _causes(corrections: tuple[int, ...], late: tuple[int, ...], limit: int | None) -> str:
    """Places of corrections, then of late readings with their mark."""
    return ", ".join(filter(None, (_places(corrections, limit), _places(late, limit, _LATE_MARK))))


def _places(causes: tuple[int, ...], limit: int | None, mark: str = "") -> str:
    shown = causes if limit is None else causes[:limit]
    more = f" … (tổng {number(len(causes))})" if len(causes) > len(shown) else ""
    return ", ".join(mark + number(place) for place in shown) + more


def _other_cause(restated: Restatement) -> str:
    causes = [_LATE] if restated.late_readings else []
    causes += [_COMPUTED] if len(set(restated.computations)) > 1 else []
    return ", ".join(causes) or MISSING
