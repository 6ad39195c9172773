"""A clerk's readings: working days without any, and those that were refused and not mended since."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from services.portal.web.home.sections import Looking, Section, Thing
from shared.calendar import Calendar
from shared.contracts.indicators import MOST_READINGS, ListReadings, ReadingVersion
from shared.contracts.planning import ListPlans
from shared.vietnamese import date_text
from shared.web.site import ask
from shared.web.visitor import visitor_of

LOOKED_BACK = timedelta(days=30)
TITLE = "Số liệu chưa có và bị từ chối"


async def readings(looking: Looking) -> list[Section]:
    actor, commune = visitor_of(looking.request).account, looking.place
    plans = (
        await ask(looking.request, ListPlans(commune=commune, known_at=looking.known_at, actor=actor))
    ).answer.plans
    begun = min((plan.issued_on for plan in plans if plan.commune and not plan.closed_on), default=None)
    first = max(looking.today - LOOKED_BACK, begun or looking.today)
    known: list[ReadingVersion] = []
    total = 1
    while len(known) < total:
        question = ListReadings(
            commune=commune, observed_from=first, observed_until=looking.today, skip=len(known),
            known_at=looking.known_at, actor=actor,
        )  # fmt: skip
        found = (await ask(looking.request, question)).answer
        looking.changed_on.update(found.changed_on)
        known, total = [*known, *found.readings], found.total if len(found.readings) == MOST_READINGS else 0
    path, missing = f"/so-lieu/{commune}", _missing(known, first, looking.today)
    return [
        Section.of("Số liệu bị từ chối", _refused(known, path), path, "Không có số liệu nào bị từ chối."),
        Section.of(
            "Ngày làm việc chưa có số liệu",
            _weeks(missing, path),
            path,
            "Mọi ngày làm việc trong 30 ngày qua đã có số liệu." if begun else "Đơn vị chưa có kế hoạch nào.",
        )._replace(amount=len(missing)),
    ]


def _missing(known: Iterable[ReadingVersion], first: date, today: date) -> list[date]:
    """The working days before today without a reading that counts; what a decision moved is in Planning's calendar."""
    counted = {each.observed_on for each in known if each.state in ("recorded", "corrected")}
    days = (first + timedelta(days=number) for number in range((today - first).days))
    calendar = Calendar()
    return [day for day in days if day not in counted and calendar.is_working_day(day)]


def _weeks(days: Iterable[date], path: str) -> Iterator[Thing]:
    """One thing a week, the last week first: a week is one page of entry."""
    for monday, missing in groupby(reversed(list(days)), _monday):
        found = sorted(missing)
        words = ", ".join(date_text(day) for day in found)
        yield Thing(f"Tuần từ {date_text(monday)}: {len(found)} ngày", f"{path}?tuan={monday.isoformat()}", words)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _refused(known: list[ReadingVersion], path: str) -> Iterator[Thing]:
    """The newest first, once a reading; what counts since then under its id, or for its day and field, mends it."""
    counts_since: dict[object, datetime] = {}
    for each in known:
        if each.state != "refused":
            for key in _keys(each):
                counts_since[key] = max(each.recorded_at, counts_since.get(key, each.recorded_at))
    shown = set()
    for each in sorted(known, key=lambda each: each.recorded_at, reverse=True):
        mended = any(key in counts_since and counts_since[key] >= each.recorded_at for key in _keys(each))
        if each.state == "refused" and each.reading_id not in shown and not mended:
            shown.add(each.reading_id)
            day = f"Ngày {date_text(each.observed_on)}" if each.observed_on else "Số liệu"
            reading = f"{path}/ma/{each.reading_id}"
            yield Thing(f"{day}, mã {each.reading_id}", reading, each.sentence or "", "từ chối", "bad")


def _keys(reading: ReadingVersion) -> tuple[object, object]:
    return reading.reading_id, (reading.observed_on, reading.field)
