"""The tasks of plans and their changes, each since when it was known."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import LiteralString

from psycopg import Connection

from services.reporting.domain.drafts.evidence import KnownTask
from services.reporting.read_models.plans import IN_FORCE
from shared.contracts.planning import (
    ObligationFulfilled,
    TaskAssigned,
    TaskCompleted,
    TaskEvent,
    TaskExtended,
    TaskReopened,
    TaskRescheduled,
    TaskResolved,
    TaskReturned,
    TaskRevised,
    TaskWithdrawn,
)

TABLES = """
CREATE TABLE IF NOT EXISTS tasks (
    task_id text PRIMARY KEY, plan_id text NOT NULL, commune text NOT NULL, lead text[] NOT NULL,
    deadlines date[] NOT NULL, known_from timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS task_changes (
    task_id text, position bigint, done boolean NOT NULL, known_from timestamptz NOT NULL,
    PRIMARY KEY (task_id, position)
);
ALTER TABLE task_changes ADD COLUMN IF NOT EXISTS lead text[];
ALTER TABLE task_changes ADD COLUMN IF NOT EXISTS deadlines date[];
ALTER TABLE task_changes ADD COLUMN IF NOT EXISTS withdrawn boolean NOT NULL DEFAULT false;
"""
# Announcements with the open deadlines of a task after them.
RESCHEDULING = (ObligationFulfilled, TaskExtended, TaskResolved, TaskRescheduled, TaskRevised)


def remember_tasks(connection: Connection, received: Sequence[tuple[int, TaskAssigned]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO tasks VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [(e.task_id, e.plan_id, e.commune, list(e.lead), list(e.deadlines), e.recorded_at) for _, e in received],
        )


def remember_task_changes(connection: Connection, received: Sequence[tuple[int, TaskEvent]]) -> None:
    """How a task stands after each announcement: as before, but for what the announcement changes."""
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO task_changes (task_id, position, known_from, done, lead, deadlines, withdrawn)
            SELECT tasks.task_id, %(position)s, %(known_from)s, coalesce(%(done)s, before.done, false),
                coalesce(%(lead)s, before.lead, tasks.lead), coalesce(%(deadlines)s, before.deadlines, tasks.deadlines),
                coalesce(%(withdrawn)s, before.withdrawn, false)
            FROM tasks LEFT JOIN LATERAL (
                SELECT * FROM task_changes WHERE task_changes.task_id = tasks.task_id AND position < %(position)s
                ORDER BY position DESC LIMIT 1
            ) before ON true
            WHERE tasks.task_id = %(task_id)s
            ON CONFLICT DO NOTHING
            """,
            [_change(position, event) for position, event in received],
        )


def _change(position: int, event: TaskEvent) -> dict[str, object]:
    return {
        "task_id": event.task_id,
        "position": position,
        "known_from": event.recorded_at,
        "done": _done(event),
        "lead": list(event.lead) if isinstance(event, TaskRevised) else None,
        "deadlines": list(event.deadlines) if isinstance(event, RESCHEDULING) else None,
        "withdrawn": _withdrawn(event),
    }


def _done(event: TaskEvent) -> bool | None:
    if isinstance(event, TaskCompleted):
        return True
    # Withdrawn too: assigned again, the task is to be done again.
    return False if isinstance(event, TaskReopened | TaskReturned | TaskWithdrawn) else None


def _withdrawn(event: TaskEvent) -> bool | None:
    if isinstance(event, TaskWithdrawn):
        return True
    return False if isinstance(event, TaskRevised) else None


def tasks_of(connection: Connection, province: str, day: date, known_until: datetime) -> list[KnownTask]:
    """The tasks of the plans in force on a day as known before an instant, without withdrawn ones."""
    query: LiteralString = f"""
        WITH {IN_FORCE}
        SELECT tasks.commune, coalesce(latest.lead, tasks.lead), coalesce(latest.deadlines, tasks.deadlines),
            coalesce(latest.done, false)
        FROM tasks JOIN in_force ON tasks.plan_id = coalesce(version_of, in_force.plan_id) LEFT JOIN LATERAL (
            SELECT * FROM task_changes
            WHERE task_changes.task_id = tasks.task_id AND task_changes.known_from < %(known)s
            ORDER BY position DESC LIMIT 1
        ) latest ON true
        WHERE tasks.known_from < %(known)s AND NOT coalesce(latest.withdrawn, false)
    """  # noqa: S608  no input
    rows = connection.execute(query, {"province": province, "day": day, "known": known_until})
    return [KnownTask(commune, tuple(lead), tuple(deadlines), done) for commune, lead, deadlines, done in rows]
