"""Which words label which times, and what of them is the name of what is due."""

from dataclasses import replace

from services.planning.phrases.schedules.sentences import Between, Group, Run
from services.planning.phrases.schedules.times import Every, OnDay, Reference, Regularly, Time, When
from services.planning.phrases.schedules.words import Words


def labelled(words: Words, runs: list[Run]) -> tuple[list[Group], list[Between]]:
    """The groups with their labels, and the words that belong to none."""
    runs = _without_references(_without_regularly(_periods_in_names(words, runs)))
    left: list[Between] = []
    for place, run in enumerate(runs):
        if isinstance(run, Between):
            _give(runs, place, run, left)
    return [run for run in runs if isinstance(run, Group)], left


def _give(runs: list[Run], place: int, run: Between, left: list[Between]) -> None:
    before = runs[place - 1] if place else None
    after = runs[place + 1] if place + 1 < len(runs) else None
    whole = run.start, run.end
    if isinstance(after, Group) and not (isinstance(before, Group) and before.label is None):
        if not (isinstance(before, Group) and run.after and not run.before):
            after.label = whole
    elif isinstance(before, Group) and not isinstance(after, Group):
        if before.label is None:
            before.label = whole
        elif run.before:
            left.append(run)
    elif isinstance(before, Group) and isinstance(after, Group):
        _give_one_of_two(before, run, after, follows=isinstance(runs[-1], Between))


def _give_one_of_two(before: Group, run: Between, after: Group, *, follows: bool) -> None:
    """`follows`: words stand behind the last time, as they do where each time comes before its label."""
    if run.before == ":" or (run.after and not run.before and run.after != ":"):
        before.label = run.start, run.end
    elif run.after == ":" or (run.before and not run.after):
        after.label = run.start, run.end
    elif run.inside and not run.before:
        before.label, after.label = (run.start, run.inside[0]), (run.inside[0] + 1, run.end)
    elif follows:
        before.label = run.start, run.end
    else:
        after.label = run.start, run.end


def _periods_in_names(words: Words, runs: list[Run]) -> list[Run]:
    """ "Báo cáo quý I trước ngày 15/3": the quarter is the report's; "Quý IV báo cáo năm 2025": so is the year."""
    done: list[Run] = []
    for run in runs:
        name = done[-1] if done else None
        if isinstance(run, Group) and isinstance(name, Between) and not name.after:
            before = done[-2] if len(done) > 1 else None
            while run.items and _is_in_name(run, name, before if len(done) == 2 or name.before == "(" else None):
                _take_into_name(name, run)
                name.after = run.items[0].mark if run.items else ""
        if isinstance(run, Between) and isinstance(name, Between):
            name.end, name.after = run.end, run.after
            name.inside += [run.start - 1] if run.before else []
            name.inside += run.inside
        elif not isinstance(run, Group) or run.items:
            done.append(run)
    return done


def _take_into_name(name: Between, run: Group) -> None:
    """The period in a name tells of which one a day is: "Báo cáo tháng trước ngày 20"."""
    period = run.items.pop(0)
    name.end = period.end
    day = run.items[0].time if run.items else None
    if isinstance(day, OnDay) and day.every is None and isinstance(period.time, Every):
        run.items[0] = replace(run.items[0], time=replace(day, every=period.time.every))


def _is_in_name(run: Group, name: Between, before: Run | None) -> bool:
    period = run.items[0].time
    if run.items[0].mark or not _is_bare(period):
        return False
    by_a_day = isinstance(before, Group) and isinstance(before.items[-1].time, When)
    if len(run.items) > 1 and not (by_a_day and name.before == "("):
        following = run.items[1]
        listed = any(_is_bare(each.time) for each in run.items[2:])  # "quý I trước 15/3, quý II trước 15/6"
        return following.mark in ("", ":") and _is_bounded(following.time, period) and not listed
    year = isinstance(period, When) and period.last is not None and period.last.unit == "year"
    return by_a_day and not name.inside and (year or not _is_bare(before.items[-1].time))  # type: ignore[union-attr]  # by_a_day says so


def _is_bare(time: Time) -> bool:
    if isinstance(time, Every):
        return time.bare
    return isinstance(time, When) and time.how == "" and time.last is not None and not time.last.point


def _is_bounded(time: Time, period: Time) -> bool:
    if isinstance(time, OnDay):
        return True
    if not isinstance(time, When) or time.last is None:
        return False
    if time.how in ("by", "before", "until", "in", "between") or time.last.unit == "day":
        return True
    years = isinstance(period, When) and period.last is not None and period.last.unit == "year"
    return years and time.last.unit != "year"


def _without_references(runs: list[Run]) -> list[Run]:
    """ "Hàng quý báo cáo theo quy định": the words label the period, and the rule adds nothing."""
    done: list[Run] = []
    for run in runs:
        between = done[-1] if done else None
        if isinstance(run, Group) and isinstance(between, Between) and len(done) > 1:
            reference = len(run.items) == 1 and isinstance(run.items[0].time, Reference) and not run.items[0].mark
            if reference and len(done) == 2 and not between.before and not between.inside:
                continue
        done.append(run)
    return done


def _without_regularly(runs: list[Run]) -> list[Run]:
    """ "Định kỳ báo cáo hàng tháng", "hàng quý báo cáo trước ngày 15": the period or its day comes behind the words."""
    done: list[Run] = []
    for place, run in enumerate(runs):
        following = runs[place + 2] if place + 2 < len(runs) else None
        between = runs[place + 1] if place + 1 < len(runs) else None
        if isinstance(run, Group) and isinstance(between, Between) and isinstance(following, Group):
            _move(run, between, following)
        if not isinstance(run, Group) or run.items:
            done.append(run)
    return done


def _move(run: Group, between: Between, following: Group) -> None:
    last, first = run.items[-1], following.items[0]
    told = isinstance(first.time, (Every, When, OnDay, Reference)) and not between.before
    if isinstance(last.time, Every) and _is_its_day(first.time, last.time):
        following.items[:1] = [last, replace(first, mark=",")]
    elif not isinstance(last.time, Regularly) or not told:
        return
    elif isinstance(first.time, Reference):
        between.start = last.start
    between.before = last.mark
    run.items.pop()


def _is_its_day(time: Time, period: Every) -> bool:
    if period.on is not None:
        return False
    if isinstance(time, OnDay):
        return time.every in (None, period.every)
    by_a_day = isinstance(time, When) and time.how in ("by", "before") and time.yearless
    return by_a_day and period.every == "year"
