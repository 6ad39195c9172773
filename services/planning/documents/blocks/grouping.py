"""The lines and keys below one heading, parted into those of one task each."""

from collections.abc import Iterator, Sequence

from services.planning.documents.blocks.headings import Keyed
from services.planning.documents.blocks.markers import Line


def groups_of(items: Sequence[Line | Keyed]) -> list[list[Line | Keyed]]:
    """Lines with their keys: another group begins where keys that were given come again after other lines."""
    groups: list[list[Line | Keyed]] = [[]]
    for run in _runs(items):
        given = {item.role for item in groups[-1] if isinstance(item, Keyed)}
        if given & {item.role for item in run if isinstance(item, Keyed)} & {"lead", "both", "schedule"}:
            groups.append([])
        groups[-1] += run
    return groups


def _runs(items: Sequence[Line | Keyed]) -> Iterator[list[Line | Keyed]]:
    """Lines and the keys that follow them; the next line after a key begins another run."""
    run: list[Line | Keyed] = []
    for item in items:
        if run and isinstance(item, Line) and isinstance(run[-1], Keyed):
            yield run
            run = []
        run.append(item)
    if run:
        yield run
