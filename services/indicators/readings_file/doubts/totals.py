"""Finds counts that a file gives twice: the total of a day beside its fields, and one count repeated in each field."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import groupby

from services.indicators.readings_file.doubts.placed_reading import PlacedReading
from services.indicators.readings_file.findings import Findings

MAX_PLACES = 5
PARTS_OF_A_TOTAL = 2  # one row that equals another is chance more often
ANY_FIELD = "*"  # no id


def counted_twice(found: Sequence[PlacedReading], findings: Findings) -> Mapping[int, str]:
    """Why a reading would count a second time, by its order in the file; a note for each that might."""
    reasons: dict[int, str] = {}
    for readings in _by_day(found):
        by_field = [one for one in readings if one.reading.field is not None]
        for one in readings:
            if one.reading.field is None and (shared := _shared(one, by_field)):
                if _is_total(shared, by_field):
                    reasons[one.order] = (
                        f"bằng tổng các lĩnh vực cùng ngày ({_places(by_field)}) nên sẽ được tính hai lần;"
                        " hãy bỏ hàng này, hoặc bỏ các số đo đã có theo lĩnh vực"
                    )
                else:
                    findings.note(
                        f"không ghi lĩnh vực, trong khi {_places(by_field)} cùng ngày có ghi; nếu là hàng tổng thì số"
                        " liệu được tính hai lần",
                        one.place,
                    )
        reasons.update(_repeated(by_field))
    _note_totals_of_months([one for one in found if one.order not in reasons], findings)
    return reasons


def _note_totals_of_months(found: Sequence[PlacedReading], findings: Findings) -> None:
    """A row that equals all other rows of its field in its month, or of all fields: it may be their total."""

    def group(one: PlacedReading) -> tuple[int, int, str | None]:
        return one.reading.observed_on.year, one.reading.observed_on.month, one.reading.field

    sums: dict[tuple[int, int, str | None], tuple[int, dict[str, int]]] = {}
    for one in found:
        year, month, field = group(one)
        for key in {(year, month, field), (year, month, ANY_FIELD)} if field else {(year, month, field)}:
            rows, counts = sums.get(key, (0, {}))
            for measure, count in one.reading.values.items():
                counts[measure] = counts.get(measure, 0) + count
            sums[key] = rows + 1, counts
    for one in found:
        year, month, field = group(one)
        rows, counts = sums[year, month, field]
        parts = {measure: counts[measure] - count for measure, count in one.reading.values.items()}
        kind = "các hàng khác cùng lĩnh vực trong tháng"
        if field is None and (year, month, ANY_FIELD) in sums:
            rows, parts = sums[year, month, ANY_FIELD]
            rows, kind = rows + 1, "các lĩnh vực trong tháng"
        equal = all(parts.get(measure) == count for measure, count in one.reading.values.items())
        if equal and rows > PARTS_OF_A_TOTAL and sum(map(bool, one.reading.values.values())) > 1:
            findings.note(f"bằng tổng {kind}; nếu là hàng tổng thì số liệu được tính hai lần", one.place)


def _by_day(found: Iterable[PlacedReading]) -> Iterator[Sequence[PlacedReading]]:
    """The readings of each day on which some have a field."""

    def day(one: PlacedReading) -> date:
        return one.reading.observed_on

    for _, readings in groupby(sorted(found, key=day), day):
        of_day = list(readings)
        if len(of_day) > 1 and any(one.reading.field is not None for one in of_day):
            yield of_day


def _shared(total: PlacedReading, by_field: Sequence[PlacedReading]) -> dict[str, tuple[int, int]]:
    """The measures that stand in a row without a field and in rows with one: its count, and the sum of theirs."""
    sums: dict[str, int] = {}
    for one in by_field:
        for measure, count in one.reading.values.items():
            sums[measure] = sums.get(measure, 0) + count
    both = {measure: (count, sums[measure]) for measure, count in total.reading.values.items() if measure in sums}
    return both if any(count or total_ for count, total_ in both.values()) else {}


def _is_total(shared: Mapping[str, tuple[int, int]], by_field: Sequence[PlacedReading]) -> bool:
    """Equal in every measure; one equal count beside one field alone may be chance."""
    equal = all(count == total for count, total in shared.values())
    return equal and (len(by_field) > 1 or sum(bool(count) for count, _ in shared.values()) > 1)


def _repeated(by_field: Sequence[PlacedReading]) -> Iterator[tuple[int, str]]:
    """Rows that repeat in each field a count that the catalogue does not count by field."""
    of_measure: dict[str, list[PlacedReading]] = {}
    for one in by_field:
        for measure in one.reading.values:
            of_measure.setdefault(measure, []).append(one)
    for measure, readings in of_measure.items():
        counts = {one.reading.values[measure] for one in readings}
        if len(readings) > 1 and len(counts) == 1 and counts != {0} and measure in _not_by_field():
            reason = (
                f"số đo {measure} không tính theo lĩnh vực mà được lặp lại ở {_places(readings)} nên sẽ được tính nhiều"
                " lần; hãy ghi một lần, ở một hàng không có lĩnh vực"
            )
            yield from ((one.order, reason) for one in readings)


@cache
def _not_by_field() -> frozenset[str]:
    from services.indicators.catalogue import read_catalogue

    entries = (entry for entry in read_catalogue() if entry.kind == "measure")
    return frozenset(entry.name for entry in entries if not entry.definition["by_field"])


def _places(readings: Sequence[PlacedReading]) -> str:
    places = [one.place for one in readings[:MAX_PLACES]]
    return ", ".join(places) + (" …" if len(readings) > MAX_PLACES else "")
