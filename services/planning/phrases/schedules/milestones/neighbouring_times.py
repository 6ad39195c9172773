"""Times that complete each other: a day with its period, "hàng quý (15/3, 15/6, 15/9, 15/12)", "trước 15/3; 15/6"."""

from dataclasses import replace

from services.planning.phrases.schedules.grammar.bounded_times import yearly_on
from services.planning.phrases.schedules.grammar.kinds_of_time import (
    Every,
    How,
    Lunar,
    Moment,
    OnDay,
    Time,
    Unsupported,
    When,
)
from services.planning.phrases.schedules.milestones.sentences import Group, Item, Items, Run, WordsBetween
from services.planning.phrases.schedules.text.words import Words

_IN_A_YEAR = {"month": 12, "quarter": 4, "half-year": 2}


def without_explained_frequencies(items: Items) -> Items:
    """A frequency beside as many days, months or quarters as it has in a year: only those are due."""
    done: Items = []
    for at, item in enumerate(items):
        often = _IN_A_YEAR.get(item.time.every, 0) if isinstance(item.time, Every) and item.time.on is None else 0
        behind = often > 0 and _dated(items[at + 1 : at + often + 2]) == often
        if behind:
            items[at + 1] = replace(items[at + 1], mark=item.mark)
        elif not (often and item.mark == "(" and _dated(items[:at][::-1][: often + 1]) == often):
            done.append(item)
    return done


def _dated(items: Items) -> int:
    """How many of the first items are days, months or quarters of a year."""
    is_dated = [
        isinstance(item.time, When) and item.time.last is not None and item.time.unit in ("day", "month", "quarter")
        for item in items
    ]
    return (*is_dated, False).index(False)


def with_bounds_of_lists(items: Items) -> Items:
    """ "Trước ngày 15/3; 15/6; 15/9/2025": each day of the list has the word before its first one."""
    done: Items = []
    for item in items:
        done.append(_bounded_like(done[-1], item) if done else item)
    return done


def share_bounds(words: Words, runs: list[Run]) -> None:
    """ "Trước 20/6 đối với 6 tháng, 20/12 đối với cả năm": a day behind which its report stands is one before."""
    for place in range(2, len(runs) - 1):
        before, between, run, after = runs[place - 2 : place + 2]
        if not (isinstance(run, Group) and isinstance(before, Group)):
            continue
        behind = [one.start for one in (between, after) if isinstance(one, WordsBetween) and one.before != ","]
        if len(behind) == 2 and all(words[at] == "đối" or words[at - 1] == "(" for at in behind):
            run.items[0] = _bounded_like(before.items[-1], run.items[0])


def _bounded_like(before: Item, item: Item) -> Item:
    first, time = before.time, item.time
    is_bounded = isinstance(first, When) and first.how == "before" and first.unit == "day"
    if is_bounded and isinstance(time, When) and time.how == "" and time.unit == "day":
        return replace(item, time=replace(time, how="before"))
    return item


def without_lunar_explanations(items: Items) -> Items:
    """ "07/4/2025 (tức 10/3 âm lịch)", in either order: the solar day is due."""
    done: Items = []
    for item in items:
        last = done[-1] if done else None
        time, other = item.time, last.time if last else None
        explains = last is not None and item.mark in ("", "(")
        if explains and isinstance(time, Lunar) and isinstance(other, When) and other.unit == "day":
            continue
        if last and explains and isinstance(other, Lunar) and isinstance(time, When) and time.unit == "day":
            time = replace(time, how="before") if other.is_before and time.how == "" else time
            done[-1] = replace(item, time=time, start=last.start, mark=last.mark)
        else:
            done.append(item)
    return done


def with_each_frequency_once(items: Items) -> Items:
    """ "Hàng tháng (ngày cuối tháng)"."""
    done: Items = []
    for item in items:
        time, last = item.time, done[-1].time if done else None
        again = isinstance(last, Every) and isinstance(time, Every) and last.every == time.every and time.on is None
        if not again or item.mark != "(":
            done.append(item)
    return done


def days_of_periods(items: Items) -> Items:
    """Gives a day without a month to the period or month beside it: the one before it, else the one after it."""
    if not any(isinstance(each.time, OnDay) for each in items):
        return items
    before, behind = _periods_beside(items), _periods_beside(items[::-1])[::-1]
    done: Items = []
    taken: set[int] = set()
    days: dict[int, OnDay] = {}
    for item, *beside in zip(items, before, behind, strict=True):
        if not isinstance(item.time, OnDay):
            done.append(item)
            continue
        period = next((each for each in beside if each and _is_of(item.time, each)), None)
        taken |= {id(period)} if period else set()
        done.append(_dated_in_its_period(item, period))
        days[id(done[-1])] = item.time
    return _of_the_whole_list([each for each in done if id(each) not in taken], days)


def _of_the_whole_list(items: Items, days: dict[int, OnDay]) -> Items:
    """ "Trước ngày 25 hàng tháng, quý", "hàng tháng, quý trước ngày 25": the periods of a list share the day."""
    done: Items = []
    dated: Every | None = None
    for item in items:
        if id(item) in days:
            dated = _dated_in(item.time)
        elif item.mark not in (",", "và"):
            dated = None
        done.append(_with_day(item, dated))
    dated = None
    for place in range(len(items) - 1, 0, -1):
        if day := days.get(id(items[place])):
            behind = day.every is None and items[place].mark in ("", "(")
            dated = _dated_in(items[place].time) if behind else None
        done[place - 1] = _with_day(done[place - 1], dated)
        own = _dated_in(done[place - 1].time)
        dated = dated if dated and own and own.on == dated.on else None
    return done


def _with_day(item: Item, dated: Every | None) -> Item:
    """A period longer than a week that has no day gets the day of its list."""
    time = item.time
    if dated is None or not isinstance(time, Every) or time.on is not None or time.every == "week":
        return item
    return replace(item, time=replace(time, on=dated.on, before=dated.before))


def _dated_in(time: Time) -> Every | None:
    return time if isinstance(time, Every) and time.on is not None else None


def _periods_beside(items: Items) -> list[Item | None]:
    """For each item, the last period without a day so far."""
    last: Item | None = None
    beside: list[Item | None] = []
    for item in items:
        time = item.time
        often = isinstance(time, Every) and time.on is None and time.every != "week"
        last = item if often or (isinstance(time, When) and _is_a_month(time)) else last
        beside.append(last)
    return beside


def _is_of(day: OnDay, period: Item) -> bool:
    """ "Hàng quý, ngày 15 của tháng cuối quý" names its period twice."""
    return day.every is None or (isinstance(period.time, Every) and day.every == period.time.every)


def _is_a_month(when: When) -> bool:
    return when.how in ("", "in", "by", "before") and when.last is not None and when.last.unit == "month"


def _dated_in_its_period(item: Item, beside: Item | None) -> Item:
    day = item.time
    assert isinstance(day, OnDay)
    other = beside.time if beside else None
    if isinstance(other, When) and other.last is not None and day.every is None:
        point = other.last.last[0], day.day
        how: How = "before" if day.before else "by"
        return replace(item, time=When(how, replace(other.last, unit="day", first=point, last=point, point=True)))
    every = day.every or (other.every if isinstance(other, Every) else None)
    notes = day.notes + (other.notes if isinstance(other, Every) else ())
    if every is None:
        return replace(item, time=Unsupported("Chỉ ghi ngày, không ghi tháng hay kỳ nào."))
    if not 1 <= day.day <= 31:
        return replace(item, time=When("by", Moment("day", (99, 99), (99, 99))))
    number = day.day - day.before
    before = day.before and number > 0
    span = item.span or (beside.span if beside else None)
    return replace(item, time=Every(every, on=str(number) if number else None, notes=notes, before=before), span=span)


def days_of_every_year(items: Items, plan_year: int) -> Items:
    """ "Hàng năm, trước ngày 15/11": the day is one of every year."""
    items = _without_names_of_periods(items)
    yearly = next((each for each in items if _is_yearly(each)), None)
    if yearly is None or not any(_is_of_any_year(each) for each in items):
        return items
    return [_of_each_year(each, plan_year) if _is_of_any_year(each) else each for each in items if each is not yearly]


def _without_names_of_periods(items: Items) -> Items:
    """ "6 tháng trước ngày 15/6, năm trước ngày 15/12": the period only names the report of the day after it."""
    done: Items = []
    for item in items:
        last = done[-1] if done else None
        named = last and isinstance(last.time, Every) and last.time.bare and last.time.every in ("half-year", "year")
        if last and named and item.mark in ("", ":", "(") and _is_of_any_year(item) and _unit(item) == "day":
            done[-1] = replace(item, start=last.start, mark=last.mark)
        else:
            done.append(item)
    return done


def _is_of_any_year(item: Item) -> bool:
    return isinstance(item.time, When) and item.time.yearless and not _whole_year(item.time) and _unit(item) != "months"


def _unit(item: Item) -> str | None:
    return item.time.unit if isinstance(item.time, When) else None


def _is_yearly(item: Item) -> bool:
    return isinstance(item.time, Every) and item.time.every == "year" and item.time.on is None and not item.time.bare


def _whole_year(when: When) -> bool:
    return when.how == "between" or (when.last is not None and when.last.unit == "year" and not when.last.point)


def _of_each_year(item: Item, plan_year: int) -> Item:
    when = item.time
    assert isinstance(when, When)
    assert when.last is not None
    return replace(item, time=yearly_on(when.how, when.last, plan_year))
