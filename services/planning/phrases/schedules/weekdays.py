"""Days of the week and times of day: "thứ Sáu hàng tuần", "từ thứ 2 đến thứ 6 hàng tuần", "17h30 ngày"."""

from services.planning.phrases.schedules.periods import AND, OF_EACH
from services.planning.phrases.schedules.times import Always, Every, Found
from services.planning.phrases.schedules.words import Words

_DAYS = {"hai": 1, "ba": 2, "tư": 3, "năm": 4, "sáu": 5, "bảy": 6, "bẩy": 6}


def weekday_at(words: Words, place: int) -> tuple[int, int] | None:
    """Monday is 1; and the place after it."""
    if words.follows(place, "chủ", "nhật") or words[place] == "cn":
        return 7, place + 1 + (words[place] == "chủ")
    if words[place] != "thứ":
        return None
    number = words.number(place + 1) - 1
    day = number if 1 <= number <= 6 else _DAYS.get(words[place + 1], 0)
    return (day, place + 2) if day else None


def weekly_at(words: Words, place: int) -> Found | None:
    """ "Thứ Sáu hàng tuần", "thứ Hai và thứ Năm hàng tuần", "từ thứ 2 đến thứ 6 hàng tuần"."""
    before = words[place] == "trước"
    named = place + before + (words[place] == "từ")
    clock = past_clock(words, named)
    found = weekday_at(words, clock + (words[clock] == "ngày"))
    if found is None:
        return None
    to = found[1] + (words[found[1]] in ("đến", "-"))
    last = weekday_at(words, to) if to > found[1] else None
    weekly = _past_weekly(words, last[1] if last else found[1])
    if weekly is None:
        return None
    if last:
        return Found(Always(), place, weekly)
    day = found[0] - (before and clock == named)
    listed = weekday_at(words, AND.past(words, found[1])) is not None
    return Found(Every("week", on=str(day or 7)), place, found[1] if listed else weekly)


def _past_weekly(words: Words, place: int) -> int | None:
    """The place after "hàng tuần", before which other days of the week may stand."""
    for _ in range(7):
        weekly = OF_EACH.past(words, place)
        if weekly > place and words[weekly] == "tuần":
            return weekly + 1
        following = weekday_at(words, AND.past(words, place))
        if following is None:
            return None
        place = following[1]
    return None


def past_clock(words: Words, place: int) -> int:
    """ "17 giờ 00 phút", "17h30", "17:00"; the same place where there is none."""
    if not 1 <= words.digits(place) <= 2:
        return place
    end = place + 1
    if words[end] not in ("giờ", "h", "g") and not (words[end] == ":" and words.digits(end + 1) == 2):
        return place
    end += 1
    end += 1 <= words.digits(end) <= 2
    end += words[end] in ("phút", "h", "p", "'", "’")
    end += words[end] in (",", "-")
    return end if words[end] == "ngày" or words.digits(end) or weekday_at(words, end) else place
