"""Two dates: what was observed in a window, as it was known at the end of a day."""

from hypothesis import given, settings

from tests.reporting.histories import WINDOWS, histories, known_days, naive_known_at, replay_known_at


@given(histories())
@settings(deadline=None)
def test_the_sums_known_at_a_day_follow_from_what_was_recorded_before_its_end(facts):
    for day in known_days(facts):
        for window in WINDOWS:
            assert replay_known_at(facts, day, window) == naive_known_at(facts, day, window)
