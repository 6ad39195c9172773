"""Writes milestones in Vietnamese words that `read_schedule` reads as the same milestones."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from services.planning.plan_file import AfterEvent, Continuous, Deadline, Milestone, OnDemand, Recurring
from shared.periods import ROMAN
from shared.vietnamese import date_text

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_EVERY = {
    "week": "hàng tuần",
    "month": "hàng tháng",
    "quarter": "hàng quý",
    "half-year": "6 tháng một lần",
    "year": "hàng năm",
}
_LATEST = "chậm nhất "
_ONE_DAY = timedelta(days=1)
_LEAP_YEAR = 2024  # so that 02-29 is a day
_LAST_MONTH = {"quarter": "quý", "half-year": "6 tháng", "year": "năm"}


def schedule_in_words(milestones: Sequence[Milestone]) -> str:
    """For example "ban hành kế hoạch: quý I năm 2025; báo cáo: ngày 15 hàng tháng trong năm 2025"."""
    return "; ".join(map(_after_another, milestones, [None, *milestones]))


def _after_another(milestone: Milestone, before: Milestone | None) -> str:
    """ "Chậm nhất" behind a time that is longer would be read as its end."""
    words = _milestone(milestone)
    is_within = (
        isinstance(milestone, Deadline)
        and isinstance(before, Deadline)
        and before.from_ is not None
        and before.from_ <= milestone.due < before.due
    )
    return words.removeprefix(_LATEST) if is_within else words


def _milestone(milestone: Milestone) -> str:
    label = getattr(milestone, "label", None)
    return f"{label}: {_time(milestone)}" if label else _time(milestone)


def _time(milestone: Milestone) -> str:
    if isinstance(milestone, Recurring | Continuous):
        often = _frequency(milestone) if isinstance(milestone, Recurring) else "thường xuyên"
        return f"{often} {_within(milestone.from_, milestone.until)}"
    if isinstance(milestone, Deadline):
        return _deadline(milestone)
    if isinstance(milestone, AfterEvent):
        return _after(milestone)
    if isinstance(milestone, OnDemand):
        return "đột xuất"
    return milestone.text or "chưa ghi thời hạn"


def _after(milestone: AfterEvent) -> str:
    working = " làm việc" if milestone.working_days else ""
    days = "" if milestone.days is None else f"{milestone.days} ngày{working} "
    return f"{days}sau khi {milestone.event}"


def _deadline(deadline: Deadline) -> str:
    words = _before(deadline) if deadline.before else _last_day(deadline.from_, deadline.due)
    return f"{words} ({deadline.condition})" if deadline.condition else words


def _before(deadline: Deadline) -> str:
    begun = f"từ ngày {date_text(deadline.from_)} đến " if deadline.from_ else ""
    return f"{begun}trước ngày {date_text(deadline.due + _ONE_DAY)}"


def _last_day(first: date | None, due: date) -> str:
    return (_period(first, due) or _from_to(first, due)) if first else f"{_LATEST}ngày {date_text(due)}"


def _period(first: date, last: date) -> str | None:
    """The year, quarter or month from `first` to `last`."""
    whole = first.day == 1 and first.year == last.year and last.day == monthrange(last.year, last.month)[1]
    months = last.month - first.month + 1 if whole else 0
    if months == 12:
        return f"trong năm {first.year}"
    if months == 3 and first.month % 3 == 1:
        return f"quý {ROMAN[first.month // 3]} năm {first.year}"
    return f"tháng {first.month}/{first.year}" if months == 1 else None


def _within(first: date, until: date) -> str:
    year = _period(first, until)
    return year if year and year.startswith("trong") else _from_to(first, until)


def _from_to(first: date, last: date) -> str:
    return f"từ ngày {date_text(first)} đến ngày {date_text(last)}"


def _frequency(recurring: Recurring) -> str:
    every, on = recurring.every, recurring.on
    if on is None:
        return _EVERY[every]
    if every == "week":
        return f"{_WEEKDAYS[int(on) - 1]} hàng tuần"
    if "-" in on:
        day = date.fromisoformat(f"{_LEAP_YEAR}-{on}") + recurring.before * _ONE_DAY
        day_words = f"ngày {day.day}/{day.month} hàng năm"
    else:
        number = int(on) + recurring.before
        day_words = f"ngày {number} " + ("hàng tháng" if every == "month" else f"của tháng cuối {_LAST_MONTH[every]}")
    return f"trước {day_words}" if recurring.before else day_words
