"""Bitemporal sums: observed in a window, known at the end of a day."""

from hypothesis import given, settings

from tests.reporting.histories import WINDOWS, histories, known_days, naive_known_at, replay_known_at


@given(histories())
@settings(deadline=None)
def test_sums_known_on_a_day_include_only_events_recorded_by_its_end(facts):
    for day in known_days(facts):
        for window in WINDOWS:
            assert replay_known_at(facts, day, window) == naive_known_at(facts, day, window)
