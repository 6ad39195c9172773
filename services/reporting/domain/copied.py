"""Returns of one period that are equal: found by what they say, so that nobody compares every pair."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import asin, cos, radians, sin, sqrt

from services.reporting.domain.quarterly_report import CommuneLine
from services.reporting.domain.review_rules import Measures, Return, Thresholds
from shared.vietnamese import NO_BREAK_SPACE, collation_key, number

_EARTH_KM = 6371
_NAMED = 3  # so many are named, the nearest first


def equal_to_others(
    returns: Sequence[Return], measures: Measures, thresholds: Thresholds
) -> Mapping[str, tuple[str, ...]]:
    """The sentence by commune, for those whose counts are all equal to another's."""
    alike: dict[frozenset[tuple[str, str, int]], list[CommuneLine]] = defaultdict(list)
    for each in returns:
        alike[measures.compared(each.counts)].append(each.line)
    found: dict[str, tuple[str, ...]] = {}
    for compared, lines in alike.items():
        telling = measures.telling(compared)
        if len(lines) < 2 or telling < min(thresholds.neighbour, thresholds.equal):
            continue
        reach = None if telling >= thresholds.equal else thresholds.neighbour_km
        for line in lines:
            if others := _others(line, lines, reach):
                found[line.commune] = (_sentence(len(compared), others),)
    return found


def _others(line: CommuneLine, lines: Sequence[CommuneLine], reach: int | None) -> list[tuple[float | None, str]]:
    """Distance in kilometres and name, the nearest first; within reach, where only neighbours count."""
    others = [(kilometres(line, other), other.name) for other in lines if other.commune != line.commune]
    near = [(km, name) for km, name in others if reach is None or (km is not None and km <= reach)]
    return sorted(near, key=lambda other: (other[0] is None, other[0] or 0, collation_key(other[1])))


def _sentence(counts: int, others: Sequence[tuple[float | None, str]]) -> str:
    named = [
        name if km is None else f"{name} (cách {number(round(km))}{NO_BREAK_SPACE}km)" for km, name in others[:_NAMED]
    ]
    more = f" và {number(len(others) - _NAMED)} đơn vị khác" if len(others) > _NAMED else ""
    return f"Toàn bộ {number(counts)} số liệu khác 0 trùng với {', '.join(named)}{more}."


def kilometres(one: CommuneLine, other: CommuneLine) -> float | None:
    """From centre to centre over a round earth; None where coordinates are missing."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    south, north = radians(one.latitude), radians(other.latitude)
    across = sin(radians(other.longitude - one.longitude) / 2) ** 2 * cos(south) * cos(north)
    return 2 * _EARTH_KM * asin(min(1, sqrt(sin((north - south) / 2) ** 2 + across)))
