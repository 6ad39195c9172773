"""Adds up counts by measure."""

from collections.abc import Iterable

from services.reporting.domain.drafts.formula import Counts


def sums_of(counts: Iterable[Counts]) -> dict[str, int]:
    """Added up by columns where they have the same measures in the same order: most of a report's counts do."""
    alike: dict[tuple[str, ...], list[Iterable[int]]] = {}
    for each in counts:
        alike.setdefault(tuple(each), []).append(each.values())
    sums = [dict(zip(measures, map(sum, zip(*rows, strict=True)), strict=True)) for measures, rows in alike.items()]
    total = sums[0] if sums else {}
    for more in sums[1:]:
        add(total, more)
    return total


def add(total: dict[str, int], counts: Counts) -> None:
    for measure, count in counts.items():
        total[measure] = total.get(measure, 0) + count
