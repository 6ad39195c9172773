"""A batch of announcements on top of the running totals: each total read once, written once for a day it changes on."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from psycopg import Connection

from services.reporting.read_models.figures import corrections
from services.reporting.read_models.figures.changes import Changes, changes_of
from services.reporting.read_models.figures.running import (
    Running,
    insert,
    insert_fields,
    latest_of_halves,
    latest_of_places,
    update_halves,
    update_places,
)
from shared.contracts.indicators import SubmissionReceipted
from shared.tracking import Heard

Key = TypeVar("Key", bound=Hashable)


@dataclass
class Rows(Generic[Key]):
    """Where places stand, and the rows to be written: those of a new day, and those of the day that goes on."""

    running: dict[Key, Running]
    inserted: list[tuple[Any, ...]] = field(default_factory=list)
    updated: list[tuple[Any, ...]] = field(default_factory=list)

    def write(self, key: Key, known_on: date) -> None:
        running = self.running[key]
        rows = self.updated if running.known_on == known_on else self.inserted
        rows.append(running.row(key, known_on))  # type: ignore[arg-type]
        running.known_on = known_on


def remember(connection: Connection[Any], heard: Sequence[Heard]) -> None:
    """In the transaction that moves the position. RebuildNeeded where the totals cannot go on from what they are."""
    receipted = [(position, event) for position, event in heard if isinstance(event, SubmissionReceipted)]
    changes = changes_of((event for _, event in receipted), _stocks(connection))
    if changes:
        _add(connection, changes)
        corrections.remember(connection, receipted)


def _add(connection: Connection[Any], changes: Changes) -> None:
    places = {place for today in changes.values() for place in today}
    by_field = Rows(latest_of_places(connection, places))
    totals = Rows(latest_of_halves(connection, {(place.commune, place.half) for place in places}))
    for known_on, today in changes.items():
        for place, change in today.items():
            own = by_field.running[place]
            own.change(change)
            totals.running[place.commune, place.half].follow(change, place, own)
            by_field.write(place, known_on)
        for half in dict.fromkeys((place.commune, place.half) for place in today):
            totals.write(half, known_on)
    insert_fields(connection, {place.field for place in places})
    insert(connection, "field_totals", by_field.inserted)
    insert(connection, "totals", totals.inserted)
    update_places(connection, by_field.updated)
    update_halves(connection, totals.updated)


def _stocks(connection: Connection[Any]) -> set[str]:
    """A measure's kind never changes, and a measure is announced before any count of it."""
    return {measure for (measure,) in connection.execute("SELECT DISTINCT measure FROM measures WHERE kind = 'stock'")}
