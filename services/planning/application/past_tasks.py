"""Keeps the tasks as they were at the end of a day that is over: no event that comes later changes them."""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from threading import Lock
from uuid import UUID

from services.planning.domain.tasks.task import Task
from shared.clock import day_of, end_of
from shared.record.event_store import EventStore

MOST_TASKS = 12_000  # of six days of a province, or of many of its communes alone; some kilobytes each
MOST_LISTS = 500  # those without any task count too
# A day is over once whatever was recorded before midnight is committed.
SETTLED_AFTER = timedelta(minutes=10)

Key = tuple[date, tuple[str, ...]]


class PastTasks:
    """A province's are read from thousands of events; pages of one day ask for them again and again."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._lock = Lock()
        self._kept: OrderedDict[Key, list[Task]] = OrderedDict()

    def of(self, communes: Collection[str], identities: Sequence[UUID], known_at: date) -> list[Task]:
        """Those of the identities, all tasks of these communes, that existed then."""
        if known_at >= day_of(self._store.clock() - SETTLED_AFTER):
            return self._read(identities, known_at)
        key = known_at, tuple(sorted(communes))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = self._read(identities, known_at)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > 1 and (len(self._kept) > MOST_LISTS or self._amount > MOST_TASKS):
                self._kept.popitem(last=False)
        return found

    @property
    def _amount(self) -> int:
        return sum(map(len, self._kept.values()))

    def _read(self, identities: Sequence[UUID], known_at: date) -> list[Task]:
        return list(self._store.known_at(identities, end_of(known_at)))
