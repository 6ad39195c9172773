"""On which day who works on a task was reminded of which of its deadlines: once a day, whatever is announced."""

from collections.abc import Sequence
from typing import Any, TypeVar

from psycopg import Connection

from services.notifications.domain.telling import counted_on
from shared.contracts import Event
from shared.contracts.planning import DeadlineApproaching

Announced = TypeVar("Announced", bound=Event)

TABLES = """
CREATE TABLE IF NOT EXISTS reminders (
    task_id text, obligation text, due_on date, counted_on date, event_id text NOT NULL,
    PRIMARY KEY (task_id, obligation, due_on, counted_on)
);
CREATE INDEX IF NOT EXISTS reminders_by_event ON reminders (event_id);
"""


def without_repeated(connection: Connection[Any], events: Sequence[Announced]) -> list[Announced]:
    """Without those that say of the same deadline, on the same day, what another one has said.

    After an outage Planning announces all steps before a deadline that nobody looked at, each with the days that are
    really left: who hears the first has heard them all. Heard again, the first is still the first.
    """
    steps = [event for event in events if isinstance(event, DeadlineApproaching)]
    if not steps:
        return list(events)
    first = _first_of_their_day(connection, steps)
    return [event for event in events if not isinstance(event, DeadlineApproaching) or event.event_id in first]


def _first_of_their_day(connection: Connection[Any], steps: Sequence[DeadlineApproaching]) -> set[str]:
    connection.execute(
        "INSERT INTO reminders SELECT * FROM unnest(%s::text[], %s::text[], %s::date[], %s::date[], %s::text[])"
        " ON CONFLICT DO NOTHING",
        (
            [step.task_id for step in steps],
            [step.obligation or "" for step in steps],
            [step.due_on for step in steps],
            [counted_on(step.due_on, step.days_left) for step in steps],
            [step.event_id for step in steps],
        ),
    )
    rows = connection.execute(
        "SELECT event_id FROM reminders WHERE event_id = ANY(%s)", ([step.event_id for step in steps],)
    )
    return {event_id for (event_id,) in rows}
