"""Labels: which words name the thing that is due at which times, and its name as a plan file writes it."""

from dataclasses import replace

from services.planning.phrases.bodies import begins_with_a_body
from services.planning.phrases.schedules.grammar.kinds_of_time import Every, OnDay, Reference, Regularly, Time, When
from services.planning.phrases.schedules.milestones.neighbouring_times import share_bounds
from services.planning.phrases.schedules.milestones.sentences import Group, Run, WordsBetween, is_idle
from services.planning.phrases.schedules.text.words import Phrases, Words

_MARKS = (",", ".", ":", "-", "/", "+", "&", "•", ";", "…", '"', "'", "\n")
_OPENING = Phrases(("và", "hoặc", "rồi", "thì", "đối với", "sẽ", "là", "để", "đồng thời", "sau đó", *_MARKS))
_CLOSING = (
    *(("hoàn", "thành"), ("hoàn", "tất"), ("dự", "kiến"), ("chậm", "nhất"), ("và",), ("hoặc",), ("vào",), ("trong",)),
    *(("là",), ("phải",), ("cần",), ("xong",), ("ngay",), ("gồm",), ("về",)),
    *((mark,) for mark in _MARKS),
)
_BY_LAST = {phrase[-1]: phrase for phrase in _CLOSING}


def with_labels(words: Words, runs: list[Run]) -> tuple[list[Group], list[WordsBetween]]:
    """The groups with their labels, and the words that label none of them."""
    runs = _without_references(_without_regularly(_periods_in_names(words, runs)))
    share_bounds(words, runs)
    left: list[WordsBetween] = []
    for place, run in enumerate(runs):
        if isinstance(run, WordsBetween):
            _label_neighbour(runs, place, run, left)
    return [run for run in runs if isinstance(run, Group)], left


def _label_neighbour(runs: list[Run], place: int, run: WordsBetween, left: list[WordsBetween]) -> None:
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
        _label_one_of_two(before, run, after, follows=isinstance(runs[-1], WordsBetween))


def _label_one_of_two(before: Group, run: WordsBetween, after: Group, *, follows: bool) -> None:
    """`follows`: words come after the last time, as they do where each time comes before its label."""
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
    """ "Báo cáo quý I trước ngày 15/3": the quarter is the report's, as is the year in "Quý IV báo cáo năm 2025"."""
    done: list[Run] = []
    for run in runs:
        name = done[-1] if done else None
        if isinstance(run, Group) and isinstance(name, WordsBetween) and not name.after:
            before = done[-2] if len(done) > 1 else None
            before = before if len(done) == 2 or name.before == "(" or words[name.start] == "đối" else None
            while run.items and _is_in_name(words, run, name, before):
                _take_into_name(name, run)
                name.after = run.items[0].mark if run.items else ""
        if isinstance(run, WordsBetween) and isinstance(name, WordsBetween):
            name.end, name.after = run.end, run.after
            name.inside += [run.start - 1] if run.before else []
            name.inside += run.inside
        elif not isinstance(run, Group) or run.items:
            done.append(run)
    return done


def _take_into_name(name: WordsBetween, run: Group) -> None:
    """The period in a name is that of a day without one: "Báo cáo tháng trước ngày 20"."""
    period = run.items.pop(0)
    name.end = period.end
    day = run.items[0].time if run.items else None
    if isinstance(day, OnDay) and day.every is None and isinstance(period.time, Every):
        run.items[0] = replace(run.items[0], time=replace(day, every=period.time.every))


def _is_in_name(words: Words, run: Group, name: WordsBetween, before: Run | None) -> bool:
    period = run.items[0].time
    by_a_day = isinstance(before, Group) and isinstance(before.items[-1].time, When)
    if by_a_day and words.follows(name.start, "đối", "với") and not run.items[0].mark and not _is_a_day(period):
        return True
    if run.items[0].mark or not _is_bare(period):
        return False
    if len(run.items) > 1 and not (by_a_day and name.before == "("):
        following = run.items[1]
        listed = any(_is_bare(each.time) for each in run.items[2:])  # "quý I trước 15/3, quý II trước 15/6"
        return following.mark in ("", ":") and _is_bounded(following.time, period) and not listed
    year = isinstance(period, When) and period.last is not None and period.last.unit == "year"
    return by_a_day and not name.inside and (year or not _is_bare(before.items[-1].time))  # type: ignore[union-attr]  # by_a_day says so


def _is_a_day(time: Time) -> bool:
    return isinstance(time, When) and time.unit == "day"


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
    """ "Hàng quý báo cáo theo quy định": the words label the period; the rule adds nothing."""
    done: list[Run] = []
    for run in runs:
        between = done[-1] if done else None
        if isinstance(run, Group) and isinstance(between, WordsBetween) and len(done) > 1:
            reference = len(run.items) == 1 and isinstance(run.items[0].time, Reference) and not run.items[0].mark
            if reference and len(done) == 2 and not between.before and not between.inside:
                continue
        done.append(run)
    return done


def _without_regularly(runs: list[Run]) -> list[Run]:
    """ "Định kỳ báo cáo hàng tháng", "hàng quý báo cáo trước ngày 15": the period or its day comes after the words."""
    done: list[Run] = []
    for place, run in enumerate(runs):
        following = runs[place + 2] if place + 2 < len(runs) else None
        between = runs[place + 1] if place + 1 < len(runs) else None
        if isinstance(run, Group) and isinstance(between, WordsBetween) and isinstance(following, Group):
            _join_period_and_day(run, between, following)
        if not isinstance(run, Group) or run.items:
            done.append(run)
    return done


def _join_period_and_day(run: Group, between: WordsBetween, following: Group) -> None:
    last, first = run.items[-1], following.items[0]
    has_a_time = isinstance(first.time, (Every, When, OnDay, Reference)) and not between.before
    if isinstance(last.time, Every) and _is_day_of(first.time, last.time):
        following.items[:1] = [last, replace(first, mark=",")]
    elif not isinstance(last.time, Regularly) or not has_a_time:
        return
    elif isinstance(first.time, Reference):
        between.start = last.start
    between.before = last.mark
    run.items.pop()


def _is_day_of(time: Time, period: Every) -> bool:
    if period.on is not None:
        return False
    if isinstance(time, OnDay):
        return time.every in (None, period.every)
    by_a_day = isinstance(time, When) and time.how in ("by", "before") and time.yearless
    return by_a_day and period.every == "year"


def label_of(words: Words, start: int, end: int) -> str | None:
    """The label as a plan file writes it: "ban hành kế hoạch" for "Ban hành kế hoạch" at the beginning of a cell."""
    printed = printed_label(words, start, end)
    return _in_small(printed) if printed else None


def _in_small(label: str) -> str:
    """Writes the first letter small, unless the word is an abbreviation (TTHC) or begins the name of a body."""
    first = label.split(" ", 1)[0]
    ordinary = len(first) > 1 and first[0].isupper() and not any(letter.isupper() for letter in first[1:])
    return label[0].lower() + label[1:] if ordinary and not begins_with_a_body(label) else label


def printed_label(words: Words, start: int, end: int) -> str | None:
    """The label as printed; None where the words name nothing that is due ("hoàn thành")."""
    start, end = _trimmed(words, start, end)
    while start < end and words[start] == "(" and words.closing.get(start, end) >= end - 1:
        start, end = start + 1, end - (words.closing.get(start) == end - 1)
    return words.text(start, end) if start < end and not is_idle(words, start, end) else None


def _trimmed(words: Words, start: int, end: int) -> tuple[int, int]:
    while start < end and (past := _OPENING.past(words, start)) > start:
        start = past
    while end > start and (closing := _BY_LAST.get(words[end - 1])) and words.follows(end - len(closing), *closing):
        end -= len(closing)
    return start, max(start, end)
