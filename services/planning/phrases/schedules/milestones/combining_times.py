"""Combines the times of one group, so that one item is left for each milestone.

Combines a time with the time, event or part beside it: "thường xuyên trong năm 2025", "Quý III (trước 15/9)".
"""

from collections.abc import Callable
from dataclasses import replace

from services.planning.phrases.schedules.grammar.kinds_of_time import (
    LAST,
    After,
    Always,
    Every,
    Moment,
    OnDay,
    OnRequest,
    Reference,
    Regularly,
    Time,
    Unsupported,
    When,
)
from services.planning.phrases.schedules.milestones.neighbouring_times import (
    days_of_every_year,
    days_of_periods,
    with_bounds_of_lists,
    with_each_frequency_once,
    without_explained_frequencies,
    without_lunar_explanations,
)
from services.planning.phrases.schedules.milestones.sentences import Item, Items

_PARTS = {"half-year": Moment("half-year", (1, 1), (6, LAST)), "year": Moment("year", (1, 1), (12, LAST), whole=True)}


def with_spans(items: Items) -> Items:
    """ "Thường xuyên trong năm 2025": a continuous or recurring time gets the span that is named beside it."""
    done: Items = []
    spanning: When | None = None
    for item in items:
        last = done[-1] if done else None
        if last and _goes_on(last) and not last.span and isinstance(item.time, When) and _is_a_span(item):
            for place in range(len(done) - 1, -1, -1):
                if not _goes_on(done[place]) or done[place].span:
                    break
                done[place] = replace(done[place], span=item.time)
        elif last and _goes_on(item) and isinstance(last.time, When) and _leads(last.time, item):
            spanning = last.time
            done[-1] = replace(item, span=last.time, start=last.start, mark=last.mark)
        else:
            done.append(replace(item, span=spanning) if _goes_on(item) and spanning and item.span is None else item)
    return done


def _goes_on(item: Item) -> bool:
    return isinstance(item.time, (Always, Every))


def _is_a_span(item: Item) -> bool:
    when = item.time
    if not isinstance(when, When) or item.mark in ("và", ";"):
        return False
    if item.mark in (",", ":"):
        year = when.last is not None and when.last.unit in ("year", "half-year")
        return when.stretches and (when.how != "" or year)
    return when.stretches or when.how == "until"


def _leads(when: When, item: Item) -> bool:
    """ "Trong năm 2025, thường xuyên", "Từ ngày 01/7/2025: hàng tuần"; not "9 tháng, năm", nor "quý II, hàng năm"."""
    if not when.stretches or item.mark in ("và", ";"):
        return False
    if not isinstance(item.time, Every) or when.how not in ("", "in") or when.unit == "year":
        return True
    return not (item.time.bare and when.how == "") and item.time.every not in ("half-year", "year")


def with_conditions(items: Items) -> Items:
    """ "Quý I (sau khi tỉnh ban hành Bộ chỉ số)", also in the other order."""
    done: Items = []
    for item in items:
        last = done[-1] if done else None
        if last and isinstance(item.time, After) and isinstance(last.time, When) and item.mark not in ("và", ";"):
            done[-1] = replace(last, time=replace(last.time, condition=(item.start, item.end)))
        elif last and isinstance(last.time, After) and isinstance(item.time, When) and item.mark not in ("và", ";"):
            done[-1] = replace(item, time=replace(item.time, condition=(last.start, last.end)))
        else:
            done.append(item)
    return done


def with_narrower_days(items: Items, plan_year: int) -> Items:
    """ "Quý III/2025 (trước ngày 15/9/2025)" is one deadline: from the first day of the quarter to the day."""
    done: Items = []
    for item in items:
        last = done[-1] if done else None
        if last and item.mark in ("", ",", "(", ":") and (one := _within(last, item, plan_year)):
            done[-1] = replace(last, time=one, end=item.end)
        else:
            done.append(item)
    return done


def _within(outer: Item, inner: Item, plan_year: int) -> When | None:
    if not isinstance(outer.time, When) or not isinstance(inner.time, When):
        return None
    if inner.mark == "(" and (narrower := _narrower(outer.time, inner.time, plan_year)):
        return narrower
    whole, part = outer.time.last, inner.time.last
    if whole is None or part is None or outer.time.how not in ("", "in") or whole.point:
        return None
    if inner.time.how not in ("before", "by") or part.unit != "day":
        return None
    around, day = whole.days(plan_year), part.days(whole.year if whole.year is not None else plan_year)
    if not around or not day or not around[0] < day[1] <= around[1]:
        return None
    return replace(inner.time, first=whole, last=part if part.year is not None else replace(part, year=whole.year))


def _narrower(one: When, other: When, plan_year: int) -> When | None:
    """ "Quý III (tháng 9)", "tháng 6 (6 tháng đầu năm)": the one that lies within the other."""
    stretches = [each for each in (one, other) if each.stretches and each.how in ("", "in") and each.last]
    days = [each.last.days(plan_year) for each in stretches if each.last]
    if len(stretches) < 2 or not days[0] or not days[1]:
        return None
    if days[0][0] <= days[1][0] and days[1][1] <= days[0][1]:
        return other
    return one if days[1][0] <= days[0][0] and days[0][1] <= days[1][1] else None


def combined(items: Items, plan_year: int) -> Items:
    """Applies the rules in their order: a day needs its period before the period can get a span."""
    rules: tuple[Callable[[Items], Items], ...] = (
        _regularly,
        without_lunar_explanations,
        with_bounds_of_lists,
        without_explained_frequencies,
        _parts_of_the_year,
        _half_years,
        days_of_periods,
        lambda each: days_of_every_year(each, plan_year),
        with_spans,
        with_conditions,
        lambda each: with_narrower_days(each, plan_year),
        _references,
        with_each_frequency_once,
        _each_once,
    )
    for rule in rules:
        if len(items) > 1 or rule in (_regularly, days_of_periods):
            items = rule(items)
    return items


def _regularly(items: Items) -> Items:
    """ "Định kỳ" adds nothing to a period; without one it refers to the rule that sets it."""
    has_period = any(isinstance(each.time, (Every, When, OnDay)) for each in items)
    done: Items = []
    for item in items:
        last = done[-1] if done else None
        if isinstance(item.time, Regularly) and has_period:
            continue
        if last and isinstance(last.time, Regularly) and isinstance(item.time, Unsupported) and not item.mark:
            done[-1] = replace(item, start=last.start, mark=last.mark)
            continue
        if last and isinstance(last.time, Regularly) and isinstance(item.time, Reference) and item.mark != "và":
            done[-1] = replace(item, start=last.start, mark=last.mark, regular=True)
        else:
            done.append(item)
    return [
        replace(each, time=Reference(), regular=True) if isinstance(each.time, Regularly) else each for each in done
    ]


def _parts_of_the_year(items: Items) -> Items:
    """ "Quý I, 6 tháng, quý III, năm" names four parts of one year, but "quý, 6 tháng, năm" are three frequencies."""
    often = [each.time for each in items if isinstance(each.time, Every)]
    if not any(_is_a_part(each.time) for each in items) or not all(
        each.bare and each.every in _PARTS for each in often
    ):
        return items
    return [_as_a_part(each) for each in items]


def _as_a_part(item: Item) -> Item:
    return replace(item, time=When("", _PARTS[item.time.every])) if isinstance(item.time, Every) else item


def _is_a_part(time: Time) -> bool:
    if not isinstance(time, When) or time.how != "" or time.last is None:
        return False
    return time.last.unit in ("quarter", "months") and not time.last.point


def _half_years(items: Items) -> Items:
    """ "06 tháng và cuối năm" are the two half-years, but "quý, 6 tháng, năm" are three reports."""
    often = [each for each in items if isinstance(each.time, Every)]
    first, last = items[0], items[-1]
    half = isinstance(first.time, Every) and first.time.every == "half-year" and first.time.on is None
    if half and len(items) == 2 and _is_the_years_end(last):
        return [replace(first, end=last.end)]
    if not any(isinstance(each.time, Every) and each.time.bare for each in often):
        return items
    return [replace(each, time=Every("year", bare=True)) if _is_the_years_end(each) else each for each in items]


def _is_the_years_end(item: Item) -> bool:
    time = item.time
    if isinstance(time, Every):
        return time.every == "year" and time.bare
    if not isinstance(time, When) or time.last is None or time.how not in ("", "in"):
        return False
    return time.last.unit == "year" and time.last.year is None


def _references(items: Items) -> Items:
    """ "Hàng quý theo quy định": a reference to a rule adds nothing to a period."""
    if not any(isinstance(each.time, (When, Every, Always, OnRequest)) for each in items):
        return items
    following = [*items[1:], None]
    return [each for each, after in zip(items, following, strict=True) if not _adds_nothing(each, after, items[0])]


def _adds_nothing(item: Item, after: Item | None, first: Item) -> bool:
    if not isinstance(item.time, Reference) or item.regular:
        return False
    if item is first:
        return after is not None and after.mark in ("", ",") and not isinstance(after.time, (OnRequest, Always))
    return item.mark not in ("và", ";")


def _each_once(items: Items) -> Items:
    done: Items = []
    for item in items:
        last = done[-1] if done else None
        if (
            last
            and isinstance(item.time, (OnRequest, Always))
            and type(item.time) is type(last.time)
            and item.mark != ";"
        ):
            done[-1] = replace(last, span=last.span or item.span)
        else:
            done.append(item)
    return done
