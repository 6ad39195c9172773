"""Where two computations of the same evidence differ."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from services.reporting.domain.evidence import Evidence, PlanTarget


def compare(read: Evidence, again: Evidence) -> list[str]:
    """A sentence for each difference; none when both rest on the same."""
    differences: list[str] = []
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
    }
    for what, (one, other) in pairs.items():
        differences += [
            f"{what} {key}: read models {one.get(key)}, event stores {other.get(key)}"
            for key in sorted(one.keys() | other.keys(), key=str)
            if one.get(key) != other.get(key)
        ]
    return differences


def _by_key(targets: Iterable[PlanTarget]) -> dict[Any, Any]:
    return {(t.commune, t.indicator, t.scope, t.fields): t for t in targets}
