"""Compares what the read models hold for a report with a replay of the event stores."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from services.reporting.audit.replay import Replayed
from services.reporting.domain.content.restatement import ReadingCorrected, ReadingLate
from services.reporting.domain.drafts.evidence import Evidence, PlanTarget, Reported
from services.reporting.domain.drafts.pairing import FieldCounts
from services.reporting.domain.lifecycle.report_status import ReportStatus

VIETNAMESE = {
    "sum": "tổng",
    "sum of the period before": "tổng của kỳ trước",
    "count by field": "số theo lĩnh vực",
    "readings together": "số liệu cùng bản của",
    "readings together of the period before": "số liệu cùng bản kỳ trước của",
    "opening balance": "số dư đầu kỳ",
    "readings of": "số bản số liệu của",
    "refused by": "số liệu bị từ chối theo",
    "parked": "bản tin không đọc được của",
    "target": "mục tiêu",
    "target of a part": "mục tiêu của một phần",
    "definition": "định nghĩa",
    "field": "lĩnh vực",
    "commune": "đơn vị",
    "map": "bản đồ",
    "tasks": "nhiệm vụ",
    "measure": "tên của số đo",
    "level": "loại của số đo",
    "order": "thứ tự của",
    "correction": "lần đính chính, rút số liệu của",
    "late reading": "số liệu gửi muộn của",
    "position": "vị trí sổ sự kiện của",
    "report": "báo cáo của",
}


class EvidenceDifference(NamedTuple):
    """One item that the read models and the event stores do not agree on; None where one of them has none."""

    kind: str
    key: Any
    read: Any
    replayed: Any

    @property
    def text(self) -> str:
        """For programs."""
        return f"{self.kind} {self.key}: read models {self.read}, event stores {self.replayed}"

    @property
    def sentence(self) -> str:
        """For the auditor."""
        return f"{VIETNAMESE[self.kind]} {self.key}: trong bảng {self.read}, trong kho sự kiện {self.replayed}"


def compare(read: Evidence, again: Evidence) -> list[EvidenceDifference]:
    pairs: dict[str, tuple[dict[Any, Any], dict[Any, Any]]] = {
        "sum": (dict(read.sums), dict(again.sums)),
        "sum of the period before": (dict(read.previous), dict(again.previous)),
        "count by field": (dict(read.fields), dict(again.fields)),
        "opening balance": (dict(read.opening), dict(again.opening)),
        "readings of": (dict(read.readings), dict(again.readings)),
        "refused by": (dict(read.refused), dict(again.refused)),
        "parked": (dict(read.parked), dict(again.parked)),
        "target": (_by_key(read.targets), _by_key(again.targets)),
        "target of a part": (_by_key(read.scoped_targets), _by_key(again.scoped_targets)),
        "definition": ({d.indicator: d for d in read.definitions}, {d.indicator: d for d in again.definitions}),
        "field": (dict(read.field_names), dict(again.field_names)),
        "commune": ({c.commune: c for c in read.communes}, {c.commune: c for c in again.communes}),
        "map": ({"version": read.map_version}, {"version": again.map_version}),
        "tasks": (dict(Counter(read.tasks)), dict(Counter(again.tasks))),
        "measure": (dict(read.measure_names), dict(again.measure_names)),
        "level": (dict.fromkeys(read.stocks, "stock"), dict.fromkeys(again.stocks, "stock")),
        "order": (_order(read), _order(again)),
    }
    found = [difference for kind, (one, other) in pairs.items() for difference in _differences(kind, one, other)]
    together = "readings together"
    found += _reported_differences(together, read.reported, again.reported)
    return found + _reported_differences(
        f"{together} of the period before", read.reported_before, again.reported_before
    )


def _reported_differences(kind: str, read: Reported, again: Reported) -> list[EvidenceDifference]:
    """One commune after the other: each is computed when it is asked for."""
    return [
        difference
        for commune in sorted(read.keys() | again.keys())
        for difference in _differences(kind, *(_by_place(commune, of.get(commune, ())) for of in (read, again)))
    ]


def compare_events(
    kind: str,
    read: Iterable[tuple[str, Sequence[ReadingCorrected] | Sequence[ReadingLate]]],
    communes: Iterable[str],
    again: Callable[[str], Iterable[ReadingCorrected] | Iterable[ReadingLate]],
) -> Iterator[EvidenceDifference]:
    """`read` are those of one commune after the other, `again` those of a commune in the event store."""
    left = set(communes)
    for commune, events in read:
        left.discard(commune)
        yield from _differences(kind, _by_event(events), _by_event(again(commune)))
    for commune in sorted(left):
        yield from _differences(kind, {}, _by_event(again(commune)))


def compare_positions(read: Evidence, again: Replayed) -> list[EvidenceDifference]:
    """The tables name the last announced event, which is not always the last event of the store."""
    return [
        EvidenceDifference("position", service, read.positions.get(service), last)
        for service, last in again.evidence.positions.items()
        if not again.last_read.get(service, 0) <= read.positions.get(service, 0) <= last
    ]


def compare_reports(read: Mapping[str, ReportStatus], stored: Mapping[str, ReportStatus]) -> list[EvidenceDifference]:
    """How the communes' reports stand, by commune."""
    return list(_differences("report", read, stored))


def _differences(kind: str, one: Mapping[Any, Any], other: Mapping[Any, Any]) -> Iterator[EvidenceDifference]:
    for key in sorted(one.keys() | other.keys(), key=str):
        if one.get(key) != other.get(key):
            yield EvidenceDifference(kind, key, one.get(key), other.get(key))


def _order(evidence: Evidence) -> dict[str, list[Any]]:
    """In which reports print them."""
    return {
        "definitions": [definition.indicator for definition in evidence.definitions],
        "fields": list(evidence.field_names),
        "targets of parts": list(_by_key(evidence.scoped_targets)),
    }


def _by_event(events: Iterable[ReadingCorrected] | Iterable[ReadingLate]) -> dict[tuple[str, int, str], object]:
    return {(each.commune, each.position, each.reading_id): each for each in events}


def _by_place(commune: str, places: Iterable[FieldCounts]) -> dict[Any, Any]:
    """A place that has no readings any more says as much as one that never had any."""
    return {
        (commune, place.half, place.field): (list(place.flows), list(place.levels), place.readings)
        for place in places
        if place.flows or place.levels or place.readings
    }


def _by_key(targets: Iterable[PlanTarget]) -> dict[Any, Any]:
    return {(t.commune, t.indicator, t.scope, t.fields): t for t in targets}
