"""The daily sweep of deadlines: moves them to the calendar known today, and announces those whose day has come."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from services.planning.deadline_settings import DeadlineSettings
from services.planning.domain.tasks.task import Task
from services.planning.read_models import Tasks
from shared.calendar import Calendar
from shared.record.event_store import MOST_EVENTS_IN_ONE_SAVE, EventStore

AT_ONCE = 300  # tasks in one transaction

Decide = Callable[[Task, datetime], None]


class Swept(NamedTuple):
    """How many deadlines were announced as approaching and as missed, and how many tasks another calendar moved."""

    approached: int = 0
    missed: int = 0
    rescheduled: int = 0


class DeadlineSweep:
    """Safe with several instances: each task decides, and a transaction that came too late is decided again."""

    def __init__(self, store: EventStore, tasks: Tasks, settings: DeadlineSettings) -> None:
        self._store = store
        self._tasks = tasks
        self._settings = settings

    def run(self, today: date) -> Swept:
        calendar = self._settings.calendar(today)
        rescheduled = self._decide_all(self._misdated(calendar, today), lambda task, at: task.follow(calendar, at))
        waiting = self._tasks.to_announce(today)
        announced = self._decide_all(waiting, lambda task, at: task.announce_deadlines(today, at))
        return Swept(announced[Task.DeadlineApproached], announced[Task.DeadlineMissed], rescheduled[Task.Rescheduled])

    def _misdated(self, calendar: Calendar, today: date) -> list[UUID]:
        """Open tasks with an obligation on a day which the calendar may put elsewhere."""
        days = self._tasks.due_days(today)
        moved = {nominal for nominal, due, roll in days if calendar.effective(nominal, roll) != due}
        return self._tasks.due_on(sorted(moved)) if moved else []

    def _decide_all(self, waiting: Sequence[UUID], decide: Decide) -> Counter[type[Any]]:
        """How many events of each type were recorded, in transactions of a bounded size."""
        recorded: Counter[type[Any]] = Counter()
        while waiting:
            decided, events = self._decide_first(waiting, decide)
            waiting = waiting[decided:]
            recorded.update(events)
        return recorded

    def _decide_first(self, waiting: Sequence[UUID], decide: Decide) -> tuple[int, list[type[Any]]]:
        """The first tasks, as many as one transaction takes: how many they are, and the types of their events."""

        def attempt(at: datetime) -> tuple[int, list[type[Any]]]:
            tasks = self._decided(waiting[:AT_ONCE], decide, at)
            # Rows of those only that change: what another instance wrote of the others meanwhile must stay.
            changed = [task for task in tasks if task.pending_events]
            events = [type(event) for task in changed for event in task.pending_events]
            self._store.commit(*changed, at=at, statements=Tasks.rows(changed))
            return len(tasks), events

        return self._store.decide(attempt)

    def _decided(self, waiting: Sequence[UUID], decide: Decide, at: datetime) -> list[Task]:
        tasks: list[Task] = []
        events = 0
        for identity in waiting:
            task = cast(Task, self._store.repository.get(identity))
            decide(task, at)
            events += len(task.pending_events)
            if events > MOST_EVENTS_IN_ONE_SAVE:
                break
            tasks.append(task)
        return tasks
