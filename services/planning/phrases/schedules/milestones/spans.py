"""Combines a time with the time, event or part beside it: "thường xuyên trong năm 2025", "Quý III (trước 15/9)"."""

from dataclasses import replace

from services.planning.phrases.schedules.grammar.times import After, Always, Every, When
from services.planning.phrases.schedules.milestones.sentences import Item, Items


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
