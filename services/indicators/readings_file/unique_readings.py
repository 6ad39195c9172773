"""Collects the readings of one file: equal rows count once, rows that contradict each other are refused."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from services.indicators.readings_file.doubts.doubtful_days import DoubtfulDays
from services.indicators.readings_file.doubts.one_sided import one_sided
from services.indicators.readings_file.doubts.placed_reading import PlacedReading
from services.indicators.readings_file.doubts.totals import counted_twice
from services.indicators.readings_file.entries import Entry, derived_id, reading_of
from services.indicators.readings_file.findings import Findings, RefusedRow, several
from services.indicators.readings_file.names.known import Names
from shared.contracts.indicators import Reading

MAX_READINGS = 100_000
ENTRIES_BETWEEN_CALLS = 1_000
# Rows under one id that contradict each other are all refused, so that past some it does not matter which are alike.
COMPARED = 8


# In place of a field, so that a total is refused again until somebody has decided.
TOTAL = "(tổng các lĩnh vực?)"


class UniqueReadings:
    """The readings found so far by id, and the rows that are none."""

    def __init__(self, names: Names, *, in_a_sheet: bool) -> None:
        self._names = names
        self._found: dict[str, list[PlacedReading]] = {}
        self._refused: list[tuple[int, RefusedRow]] = []
        self._days = DoubtfulDays(in_a_sheet=in_a_sheet)
        self._counted_twice: Mapping[int, str] = {}
        self._totals: list[tuple[int, Entry, date]] = []
        self._repeated = 0

    def add(self, order: int, entry: Entry) -> None:
        day = entry.observed_on.raw if entry.observed_on else None
        doubts = self._days.observe(day, entry.place)
        reading = reading_of(entry, self._names)
        if entry.is_total and isinstance(reading, Reading):
            self._totals.append((order, entry, reading.observed_on))
            return
        if not isinstance(reading, Reading):
            self._refused.append((order, RefusedRow(entry.place, reading, entry.texts)))
            return
        alike = self._found.setdefault(reading.reading_id, [])
        if any(found.reading == reading for found in alike[:COMPARED]):
            self._repeated += 1
        else:
            alike.append(PlacedReading(order, entry.place, reading, doubts))

    def readings(self) -> list[Reading]:
        return [alike[0].reading for alike in self._found.values() if not self._why_not(alike, alike[0])]

    def refused(self) -> list[RefusedRow]:
        """In the order of the file."""
        late = [
            (found.order, RefusedRow(found.place, (reason,), self._texts_of(found)))
            for alike in self._found.values()
            for found in alike
            if (reason := self._why_not(alike, found))
        ]
        return [row for _, row in sorted([*self._refused, *late], key=lambda refused: refused[0])]

    def row_of(self, reading_id: str) -> RefusedRow | None:
        """The place and the texts of a reading that is in the file once."""
        found = self._found.get(reading_id, [])
        return RefusedRow(found[0].place, (), self._texts_of(found[0])) if len(found) == 1 else None

    def finish(self, findings: Findings) -> None:
        """After the last entry: what the rows say about each other."""
        self._settle_totals(findings)
        certain = [alike[0] for alike in self._found.values() if not self._why_not(alike, alike[0])]
        self._counted_twice = counted_twice(certain, findings)
        one_sided([one for one in certain if one.order not in self._counted_twice], findings)
        if self._repeated:
            findings.note(f"{self._repeated} bản ghi lặp lại y nguyên bản ghi khác, chỉ tính một lần")

    def _settle_totals(self, findings: Findings) -> None:
        """A row that calls itself a total is passed over where its day has fields; else the day may have no other."""
        days = {alike[0].reading.observed_on for alike in self._found.values() if alike[0].reading.field}
        passed = [entry.place for _, entry, day in self._totals if day in days]
        if passed:
            findings.note(f"{len(passed)} hàng tổng của ngày có số liệu theo lĩnh vực, không tính: {several(passed)}")
        for order, entry, day in self._totals:
            if day not in days:
                reason = "là hàng tổng mà ngày này không có lĩnh vực nào; nếu là số liệu chung, hãy để trống ô lĩnh vực"
                self._refused.append((order, RefusedRow(entry.place, (reason,), entry.texts)))

    def _why_not(self, alike: list[PlacedReading], found: PlacedReading) -> str | None:
        if len(alike) > 1:
            other = next(other.place for other in alike if other is not found)
            return f"cùng mã số liệu “{found.reading.reading_id}” với {other} nhưng khác nội dung; hãy gộp hoặc sửa mã"
        return self._days.reason(found.doubts) or self._counted_twice.get(found.order)

    def _texts_of(self, found: PlacedReading) -> dict[str, str]:
        """An id made of day and field is left out: with a corrected day it is another.

        A day or field that was refused for what the other rows say is marked: alone, the row would be accepted.
        """
        reading = found.reading
        written = found.doubts.written if self._days.reason(found.doubts) else ""
        own = reading.reading_id != derived_id(reading.observed_on, reading.field)
        return {
            **({"reading_id": reading.reading_id} if own else {}),
            "observed_on": written or reading.observed_on.isoformat(),
            "field": reading.field or (TOTAL if found.order in self._counted_twice else ""),
            **{measure: str(count) for measure, count in reading.values.items()},
        }


def unique_readings(
    entries: Iterable[Entry],
    findings: Findings,
    progress: Callable[[int], None],
    *,
    in_a_sheet: bool = False,
    names: Names | None = None,
) -> UniqueReadings:
    """All readings of a file; `progress` is called now and then with the number of entries read."""
    unique = UniqueReadings(names or Names(), in_a_sheet=in_a_sheet)
    for order, entry in enumerate(entries, 1):
        if order > MAX_READINGS:
            findings.add("có hơn 100.000 bản ghi; hãy chia thành nhiều tệp", entry.place)
            break
        unique.add(order, entry)
        if order % ENTRIES_BETWEEN_CALLS == 0:
            progress(order)
    unique.finish(findings)
    return unique
