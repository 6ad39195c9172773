"""Running counts of a half month: after any readings, corrections and withdrawals they equal a replay."""

import json
from datetime import date

from hypothesis import given, settings

from services.reporting.domain.drafts.pairing import DayGroup, FieldCounts, LevelDay
from services.reporting.domain.drafts.places import Places
from services.reporting.read_models.figures.changes import changes_of
from services.reporting.read_models.figures.questions import WindowCounts
from services.reporting.read_models.figures.running import Running
from shared.contracts.indicators import SubmissionReceipted
from shared.periods import halves_of
from tests.reporting.histories import KINDS, WINDOWS, histories, known_days, naive_by_field, replay_of, reported_of

STOCKS = frozenset(measure for measure, kind in KINDS.items() if kind == "stock")


def counted(facts, window):
    """As the tables hold it, in JSON and back."""
    running = {}
    for today in changes_of(e for _, e in facts if isinstance(e, SubmissionReceipted)).values():
        for place, change in today.items():
            running.setdefault(place, Running(STOCKS)).change(change)
    first, last = halves_of(window)
    reported = {}
    for place in sorted(running, key=lambda place: (place.half, place.commune, place.field)):
        *_, readings, flows, levels = running[place].row(place, window[1])
        assert readings == sum(known[0] for sets in running[place].days.values() for known in sets.values())
        groups = [DayGroup(mask, tuple(sets)) for mask, *sets in json.loads(flows)]
        latest = [LevelDay(day, tuple(sets)) for day, *sets in json.loads(levels)]
        if first <= place.half <= last and (groups or latest):
            reported.setdefault(place.commune, []).append(
                FieldCounts(place.half, place.field, groups, latest, readings)
            )
    return {commune: Places(counts) for commune, counts in reported.items()}


@given(histories())
@settings(deadline=None)
def test_running_counts_equal_a_replay(facts):
    day = known_days(facts)[-1]
    for window in WINDOWS:
        reported = counted(facts, window)
        assert reported == reported_of(replay_of(facts, day, window), window)
        assert WindowCounts(reported, {}).by_field == naive_by_field(facts, day, window)


def test_counts_recorded_while_the_clock_was_ahead_are_known_with_those_that_follow():
    def receipted(number, day):
        reading = {"reading_id": number, "version": 1, "observed_on": "2025-07-01", "field": "land", "values": {"x": 1}}
        return SubmissionReceipted(
            event_id=number, recorded_at=f"{day}T03:00:00Z", commune="c1", submission_id=number, recorded=[reading]
        )

    days = ("2025-09-09", "2027-01-01", "2027-01-02", "2025-09-10", "2025-09-11")
    changes = changes_of(receipted(str(number), day) for number, day in enumerate(days))
    readings = {day: [change.days["1"]["x"][0] for change in today.values()] for day, today in changes.items()}
    assert readings == {date(2025, 9, 9): [1], date(2025, 9, 10): [3], date(2025, 9, 11): [1]}
