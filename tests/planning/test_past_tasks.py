"""Which tasks of past days are kept: by day and communes, at most so many lists."""

from datetime import UTC, date, datetime, timedelta

from services.planning.application import past_tasks
from services.planning.application.past_tasks import PastTasks

DAY = date(2025, 9, 1)


class Reading:
    """An event store without any task; counts what is read from it."""

    def __init__(self):
        self.reads = 0

    def clock(self):
        return datetime(2026, 1, 1, tzinfo=UTC)

    def known_at(self, identities, until):
        self.reads += 1
        return []


def test_lists_without_tasks_are_kept_and_the_oldest_gives_way():
    store = Reading()
    past = PastTasks(store)
    for communes in (("a", "b"), ("b", "a"), ("a",)):
        past.of(communes, [], DAY)
    assert store.reads == 2, "the order of the communes does not count"

    for n in range(past_tasks.MOST_LISTS):
        past.of(["a"], [], DAY - timedelta(days=n))
    past.of(["a", "b"], [], DAY)
    assert store.reads == past_tasks.MOST_LISTS + 2, "it was the oldest, and read again"


def test_a_day_that_is_not_over_is_read_each_time():
    store = Reading()
    for _ in range(2):
        PastTasks(store).of(["a"], [], date(2026, 1, 1))
    assert store.reads == 2
