"""Keeps what was known at the end of a day, by the position of its last event: what comes later changes none of it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from threading import Lock
from typing import Generic, TypeVar

from shared.clock import end_of
from shared.record.event_store import EventStore

MOST_ITEMS = 12_000  # the tasks of six days of a province, or of many of its communes alone; some kilobytes each
MOST_LISTS = 500  # those without any item count too

Item = TypeVar("Item")


class PastLists(Generic[Item]):
    """A province's are read from thousands of events; pages of one day ask for them again and again."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, list[Item]] = OrderedDict()

    def of(self, about: Hashable, known_at: date, read: Callable[[int], list[Item]]) -> list[Item]:
        """What `read` returns: it must follow from `about` and from the events up to the position that it is given."""
        position = self._store.position_at(end_of(known_at))
        key = about, position
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = read(position)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > 1 and (len(self._kept) > MOST_LISTS or self._amount > MOST_ITEMS):
                self._kept.popitem(last=False)
        return found

    @property
    def _amount(self) -> int:
        return sum(map(len, self._kept.values()))
