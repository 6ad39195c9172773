"""Matches the tasks of an amended plan with those of the version before by their text, not by position or number."""

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from shared.vietnamese import folded

LEAST_ALIKE = 0.6  # of the words, counted twice over both; below it they are two tasks


class Described(NamedTuple):
    """The texts by which a task is matched; `more` are those beside its content.

    `task_id` is set where a file names the task that it continues. `withdrawn` are tasks that an earlier amendment
    dropped: the same words take them up again, similar words do not.
    """

    content: str
    code: str | None = None
    task_id: str | None = None
    more: tuple[str, ...] = ()
    withdrawn: bool = False


class Pair(NamedTuple):
    """Places in the two lists, from 0; `alike` is 1.0 for the same words."""

    old: int
    new: int
    alike: float


def pairs(old: Sequence[Described], new: Sequence[Described]) -> list[Pair]:
    """One to one, in the order of the new ones: named by id, else the same content, else the most alike.

    Where several have the same content, their other texts decide, then the printed code, and at last their order.
    """
    matching = _Matching(old, new)
    for key in _KEYS:
        matching.pair_equal(key)
    matching.pair_alike()
    return sorted(matching.found, key=lambda pair: pair.new)


Key = Callable[[Described], Hashable]
_KEYS: tuple[Key, ...] = (
    lambda task: task.task_id,
    lambda task: (task.content, task.more, task.code),
    lambda task: (task.content, task.more),
    lambda task: (task.content, task.code),
    lambda task: task.content,
)


class _Matching:
    """The pairs found, and the places that have none yet; texts are folded."""

    def __init__(self, old: Sequence[Described], new: Sequence[Described]) -> None:
        self.old, self.new = [_folded(task) for task in old], [_folded(task) for task in new]
        # Of two that are equal, the one that is not withdrawn continues.
        self.left_old = dict.fromkeys(sorted(range(len(old)), key=lambda n: old[n].withdrawn))
        self.left_new = dict.fromkeys(range(len(new)))
        self.found: list[Pair] = []

    def pair_equal(self, key: Key) -> None:
        equal: dict[Hashable, deque[int]] = {}
        for n in self.left_old:
            equal.setdefault(key(self.old[n]), deque()).append(n)
        for n in list(self.left_new):
            mine = key(self.new[n])
            if mine is not None and equal.get(mine):
                self._pair(Pair(equal[mine].popleft(), n, 1.0))

    def pair_alike(self) -> None:
        for pair in sorted(self._alike(), key=self._rank):
            if pair.old in self.left_old and pair.new in self.left_new:
                self._pair(pair)

    def _pair(self, pair: Pair) -> None:
        self.found.append(pair)
        del self.left_old[pair.old], self.left_new[pair.new]

    def _alike(self) -> Iterator[Pair]:
        """Without those that name a task: the plan before did not have it."""
        before = [n for n in self.left_old if not self.old[n].withdrawn]
        after = [n for n in self.left_new if not self.new[n].task_id]
        words = _Words((self.old[n].content for n in before), (self.new[n].content for n in after))
        theirs = list(zip(before, words.old, strict=True))
        for n, (mine, many) in zip(after, words.new, strict=True):
            for o, (bits, number) in theirs:
                # Shared words of many tasks: an `and` of bits, since 999 tasks make a million pairs.
                share = 2 * (mine & bits).bit_count() / max(1, many + number)
                if share >= LEAST_ALIKE:
                    yield Pair(o, n, share)

    def _rank(self, pair: Pair) -> tuple[object, ...]:
        """By their texts; the position decides between equal texts only."""
        old, new = self.old[pair.old], self.new[pair.new]
        return -pair.alike, old.more != new.more, old.code != new.code, old.content, new.content, pair.old, pair.new


class _Words:
    """Each text as bits, one for each word that it shares with the other side, and the number of all its words.

    A word that occurs twice is two: the first and the second of its kind.
    """

    def __init__(self, old: Iterable[str], new: Iterable[str]) -> None:
        before, after = ([list(_numbered(text)) for text in texts] for texts in (old, new))
        shared = {word for words in before for word in words} & {word for words in after for word in words}
        bit = {word: 1 << n for n, word in enumerate(shared)}
        self.old, self.new = (
            [(sum(bit.get(word, 0) for word in words), len(words)) for words in side] for side in (before, after)
        )


def _numbered(text: str) -> Iterator[tuple[str, int]]:
    seen: Counter[str] = Counter()
    for word in text.split():
        seen[word] += 1
        yield word, seen[word]


def _folded(task: Described) -> Described:
    return task._replace(content=folded(task.content), more=tuple(folded(text) for text in task.more))
