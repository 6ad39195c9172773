"""Adds up counts by measure."""

from collections.abc import Iterable

from services.reporting.domain.drafts.formula import Counts


def sums_of(counts: Iterable[Counts]) -> dict[str, int]:
    """Added up by columns where they have the same measures in the same order: most of a report's counts do."""
    alike: dict[tuple[str, ...], list[Iterable[int]]] = {}
    for each in counts:
        alike.setdefault(tuple(each), []).append(each.values())
    total: dict[str, int] = {}
    for measures, rows in alike.items():
        add(total, dict(zip(measures, map(sum, zip(*rows, strict=True)), strict=True)))
    return total


def add(total: dict[str, int], counts: Counts) -> None:
    for measure, count in counts.items():
        total[measure] = total.get(measure, 0) + count
