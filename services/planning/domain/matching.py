"""Which task of an amended plan is which of the plan before: by what they say, never by where or as what they stand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shared.vietnamese import folded

LEAST_ALIKE = 0.6  # of the words, counted twice over both; below it they are two tasks


class Described(NamedTuple):
    """A task as it is told apart. `task_id` is set where a file names the task that it goes on with."""

    content: str
    code: str | None = None
    task_id: str | None = None


@dataclass(frozen=True)
class Pair:
    """Places in the two lists, from 0; `alike` is 1.0 for the same words."""

    old: int
    new: int
    alike: float


def pairs(old: Sequence[Described], new: Sequence[Described]) -> list[Pair]:
    """One to one, in the order of the new ones: named by id, else the same words, else the most alike.

    Where several are equally alike, the same printed code decides, and then the order in which they stand.
    """
    found: list[Pair] = []
    for candidates in (_named, _same, _alike):
        left_old = [n for n in range(len(old)) if all(n != pair.old for pair in found)]
        left_new = [n for n in range(len(new)) if all(n != pair.new for pair in found)]
        found += _one_to_one(candidates(old, left_old, new, left_new), old, new)
    return sorted(found, key=lambda pair: pair.new)


def _named(old: Sequence[Described], left_old: list[int], new: Sequence[Described], left_new: list[int]) -> list[Pair]:
    by_id = {old[n].task_id: n for n in left_old if old[n].task_id}
    return [Pair(by_id[new[n].task_id], n, 1.0) for n in left_new if new[n].task_id in by_id]


def _same(old: Sequence[Described], left_old: list[int], new: Sequence[Described], left_new: list[int]) -> list[Pair]:
    by_words: dict[str, list[int]] = {}
    for n in left_old:
        by_words.setdefault(folded(old[n].content), []).append(n)
    return [Pair(o, n, 1.0) for n in left_new for o in by_words.get(folded(new[n].content), [])]


def _alike(old: Sequence[Described], left_old: list[int], new: Sequence[Described], left_new: list[int]) -> list[Pair]:
    words = {n: Counter(folded(old[n].content).split()) for n in left_old}
    candidates = []
    for n in left_new:
        if new[n].task_id:  # it goes on with a task that this plan does not have
            continue
        mine = Counter(folded(new[n].content).split())
        for o, theirs in words.items():
            share = 2 * (mine & theirs).total() / max(1, mine.total() + theirs.total())
            if share >= LEAST_ALIKE:
                candidates.append(Pair(o, n, share))
    return candidates


def _one_to_one(candidates: list[Pair], old: Sequence[Described], new: Sequence[Described]) -> list[Pair]:
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    chosen = []
    for pair in sorted(candidates, key=lambda p: (-p.alike, old[p.old].code != new[p.new].code, p.old, p.new)):
        if pair.old not in taken_old and pair.new not in taken_new:
            chosen.append(pair)
            taken_old.add(pair.old)
            taken_new.add(pair.new)
    return chosen
