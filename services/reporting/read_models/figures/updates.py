"""Adds a batch of announcements to the running counts: each place is read once, and written once for each day."""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from services.reporting.read_models.figures.changes import DailyChanges, changes_of
from services.reporting.read_models.figures.running import (
    delete_from,
    insert,
    insert_fields,
    latest_of_places,
    replace_days,
    update,
)
from shared.contracts.indicators import SubmissionReceipted


def remember_figures(connection: Connection, received: Sequence[tuple[int, SubmissionReceipted]]) -> None:
    """In the transaction that moves the position. RebuildNeeded where an announcement lacks the counts of before."""
    changes = changes_of(event for _, event in received)
    if changes:
        _add(connection, changes, _stocks(connection))


def _add(connection: Connection, changes: DailyChanges, stocks: frozenset[str]) -> None:
    places = {place for today in changes.values() for place in today}
    running = latest_of_places(connection, places, stocks)
    known = [place for place, own in running.items() if own.known_on]
    inserted: list[tuple[Any, ...]] = []
    updated: list[tuple[Any, ...]] = []
    set_back: list[tuple[Any, ...]] = []
    for known_on, today in changes.items():
        for place, change in today.items():
            own = running[place]
            own.change(change)
            if own.known_on and own.known_on > known_on:  # the clock was ahead: the counts of then are known now
                set_back.append((*place, known_on))
            rows = updated if own.known_on == known_on else inserted
            rows.append(own.row(place, known_on))
            own.known_on = known_on
    insert_fields(connection, {place.field for place in places})
    delete_from(connection, set_back)
    insert(connection, inserted)
    update(connection, updated)
    replace_days(connection, running, known)


def _stocks(connection: Connection) -> frozenset[str]:
    """A measure's kind never changes, and a measure is announced before any count of it."""
    rows = connection.execute("SELECT DISTINCT measure FROM measures WHERE kind = 'stock'")
    return frozenset(measure for (measure,) in rows)
