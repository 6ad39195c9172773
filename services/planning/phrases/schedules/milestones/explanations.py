"""Times that explain or complete others: "hàng quý (15/3, 15/6, 15/9, 15/12)" is four days, "trước 15/3; 15/6" two."""

from dataclasses import replace

from services.planning.phrases.schedules.grammar.times import Every, Lunar, When
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
