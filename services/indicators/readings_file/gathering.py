"""Gathers the readings of one file: what says the same twice is one, what contradicts another is refused with it."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from services.indicators.readings_file.days import DayOrder
from services.indicators.readings_file.entries import Entry, derived_id, judged
from services.indicators.readings_file.errors import Findings, RefusedRow
from shared.contracts.indicators import Reading

MAX_READINGS = 100_000
TOLD_EVERY = 1_000
# Rows under one id that contradict each other are all refused, so that past some it does not matter which are alike.
COMPARED = 8


class Found(NamedTuple):
    """A reading and where it stands. `either`: its day as written, if the month might stand first; else empty."""

    order: int
    place: str
    reading: Reading
    either: str


class Gathered:
    """The readings found so far by id, and the rows that are none."""

    def __init__(self) -> None:
        self._found: dict[str, list[Found]] = {}
        self._refused: list[tuple[int, RefusedRow]] = []
        self._days = DayOrder()
        self._repeated = 0

    def add(self, order: int, entry: Entry) -> None:
        day = entry.observed_on.raw if entry.observed_on else None
        either = str(day) if self._days.hear(day, entry.place) else ""
        reading = judged(entry)
        if not isinstance(reading, Reading):
            self._refused.append((order, RefusedRow(entry.place, reading, entry.said)))
            return
        alike = self._found.setdefault(reading.reading_id, [])
        if any(found.reading == reading for found in alike[:COMPARED]):
            self._repeated += 1
        else:
            alike.append(Found(order, entry.place, reading, either))

    def readings(self) -> list[Reading]:
        return [alike[0].reading for alike in self._found.values() if not self._why_not(alike, alike[0])]

    def refused(self) -> list[RefusedRow]:
        """In the order of the file."""
        late = [
            (found.order, RefusedRow(found.place, (reason,), _said(found)))
            for alike in self._found.values()
            for found in alike
            if (reason := self._why_not(alike, found))
        ]
        return [row for _, row in sorted([*self._refused, *late], key=lambda refused: refused[0])]

    def tell(self, findings: Findings) -> None:
        if self._repeated:
            findings.note(f"{self._repeated} bản ghi lặp lại y nguyên bản ghi khác, chỉ tính một lần")

    def _why_not(self, alike: list[Found], found: Found) -> str | None:
        if len(alike) > 1:
            other = next(other.place for other in alike if other is not found)
            return f"cùng mã số liệu “{found.reading.reading_id}” với {other} nhưng khác nội dung; hãy gộp hoặc sửa mã"
        if found.either and self._days.in_doubt:
            return f"{self._days.month_first} viết tháng trước ngày nên không rõ ngày ở đây; hãy ghi như 2025-09-14"
        return None


def gather(entries: Iterable[Entry], findings: Findings, told: Callable[[int], None]) -> Gathered:
    """All of a file's readings; `told` hears now and then how many entries were read."""
    gathered = Gathered()
    for order, entry in enumerate(entries, 1):
        if order > MAX_READINGS:
            findings.add("có hơn 100.000 bản ghi; hãy chia thành nhiều tệp", entry.place)
            break
        gathered.add(order, entry)
        if order % TOLD_EVERY == 0:
            told(order)
    gathered.tell(findings)
    return gathered


def _said(found: Found) -> dict[str, str]:
    """An id made of day and field is left out: with the day mended it is another."""
    reading = found.reading
    own = reading.reading_id != derived_id(reading.observed_on, reading.field)
    return {
        **({"reading_id": reading.reading_id} if own else {}),
        "observed_on": found.either or reading.observed_on.isoformat(),
        "field": reading.field or "",
        **{measure: str(count) for measure, count in reading.values.items()},
    }
