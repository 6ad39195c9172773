"""Which lists of past days are kept: by the last event of the day and what they are about, at most so many."""

from datetime import date, timedelta
from types import SimpleNamespace

from services.planning.application import past_lists
from services.planning.application.past_lists import PastLists
from shared.clock import end_of

DAY = date(2025, 9, 1)


class Reading:
    """Lists without anything in them; counts how often one is read."""

    def __init__(self):
        self.ahead = self.reads = self.recorded = 0
        self.lists = PastLists(SimpleNamespace(position_at=lambda until: self.ahead + (until - end_of(DAY)).days))

    def of(self, about, day):
        return self.lists.of(about, day, self._read)

    def _read(self, position):
        """Something is recorded meanwhile."""
        self.reads += 1
        self.ahead += self.recorded
        return [position] if self.recorded else []


def test_lists_without_anything_are_kept_and_the_oldest_gives_way():
    past = Reading()
    for about in ("both", "both", "one"):
        past.of(about, DAY)
    assert past.reads == 2

    for n in range(past_lists.MOST_LISTS):
        past.of("one", DAY - timedelta(days=n))
    past.of("both", DAY)
    assert past.reads == past_lists.MOST_LISTS + 2, "it was the oldest, and read again"


def test_a_day_of_which_more_was_recorded_is_read_again():
    past = Reading()
    past.of("one", DAY)
    past.ahead = 1
    past.of("one", DAY)
    assert past.reads == 2


def test_an_event_recorded_while_a_list_is_read_is_not_in_it_nor_in_that_of_the_day_before():
    past = Reading()
    past.recorded = 1
    assert past.of("one", DAY) == [0]
    past.recorded = 0
    past.ahead = 0
    assert past.of("one", DAY) == [0], "the same position: the day before, on which nothing else was recorded"
