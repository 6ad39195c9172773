"""Combines the times of one group, so that one item is left for each milestone."""

from collections.abc import Callable
from dataclasses import replace

from services.planning.phrases.schedules.grammar.times import (
    LAST,
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
from services.planning.phrases.schedules.milestones.explanations import (
    with_bounds_of_lists,
    with_each_frequency_once,
    without_explained_frequencies,
    without_lunar_explanations,
)
from services.planning.phrases.schedules.milestones.period_days import days_of_every_year, days_of_periods
from services.planning.phrases.schedules.milestones.sentences import Item, Items
from services.planning.phrases.schedules.milestones.spans import with_conditions, with_narrower_days, with_spans

_PARTS = {"half-year": Moment("half-year", (1, 1), (6, LAST)), "year": Moment("year", (1, 1), (12, LAST), whole=True)}


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
