"""Which announcement was the first of a day to remind of a task's deadline."""

from collections.abc import Sequence

from psycopg import Connection

from services.notifications.domain.recipients import counted_on
from shared.contracts.planning import DeadlineApproaching

TABLES = """
CREATE TABLE IF NOT EXISTS reminders (
    task_id text, obligation text, due_on date, counted_on date, event_id text NOT NULL,
    PRIMARY KEY (task_id, obligation, due_on, counted_on)
);
CREATE INDEX IF NOT EXISTS reminders_by_event ON reminders (event_id);
"""


def first_of_day(connection: Connection, steps: Sequence[DeadlineApproaching]) -> set[str]:
    """The ids of those events that were the first of their day for their deadline; received again, they still are."""
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
