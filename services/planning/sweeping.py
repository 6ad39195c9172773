"""Many tasks decide, each by itself, in transactions of a bounded size, however many instances have them do so."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.planning.domain.task import Task
from services.planning.read_models import Tasks
from shared.event_store import MOST_EVENTS_IN_ONE_SAVE, EventStore, IntegrityError
from shared.intake import TRIES

SWEPT_AT_ONCE = 300

Load = Callable[[UUID], Task]
Decide = Callable[[Task, datetime], None]


def every_task_decides(store: EventStore, waiting: Sequence[UUID], load: Load, decide: Decide) -> Counter[type[Any]]:
    """How many events of each kind that gave."""
    recorded: Counter[type[Any]] = Counter()
    while waiting:
        looked_at, events = _some_decide(store, waiting, load, decide)
        waiting = waiting[looked_at:]
        recorded.update(events)
    return recorded


def _some_decide(store: EventStore, waiting: Sequence[UUID], load: Load, decide: Decide) -> tuple[int, list[type[Any]]]:
    """The first of the waiting tasks, as many as one transaction takes: how many, and what was recorded."""
    for _ in range(TRIES):
        at = store.clock()
        tasks = _decided((load(identity) for identity in waiting[:SWEPT_AT_ONCE]), decide, at)
        # Rows of those only that change: what another instance said of the others meanwhile must stand.
        changed = [task for task in tasks if task.pending_events]
        events = [type(event) for task in changed for event in task.pending_events]
        try:
            store.commit(*changed, at=at, statements=Tasks.rows(changed))
        except IntegrityError:  # another instance announced some of them, or a commune reported on one
            continue
        return len(tasks), events
    raise TimeoutError(f"{TRIES} times another instance was first")


def _decided(loaded: Iterable[Task], decide: Decide, at: datetime) -> list[Task]:
    tasks: list[Task] = []
    events = 0
    for task in loaded:
        decide(task, at)
        events += len(task.pending_events)
        if events > MOST_EVENTS_IN_ONE_SAVE:
            break
        tasks.append(task)
    return tasks
