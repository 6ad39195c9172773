"""How each task stands, and the day on which it is next to be announced."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from services.planning.domain.task import Task
from shared.event_store import Statement

TABLE: LiteralString = """
CREATE TABLE IF NOT EXISTS tasks (
    task_id text PRIMARY KEY, uuid uuid NOT NULL, plan_id text NOT NULL, commune text NOT NULL, place int NOT NULL,
    code text, content text NOT NULL, lead text[] NOT NULL, support text[] NOT NULL, schedule_text text,
    deadlines date[] NOT NULL, state text NOT NULL, percent int NOT NULL, completed_on date, next_reminder_on date
);
CREATE INDEX IF NOT EXISTS tasks_by_commune ON tasks (commune);
CREATE INDEX IF NOT EXISTS tasks_by_reminder ON tasks (next_reminder_on) WHERE next_reminder_on IS NOT NULL;
"""
# Two transactions that touch the same tasks in another order would wait for each other until one is killed.
ONE_AT_A_TIME: Statement = ("SELECT pg_advisory_xact_lock(hashtext('minhbach planning tasks'))", ())


class ListedTask(NamedTuple):
    """A task as it stands. `percent` is what was reported last."""

    task_id: str
    plan_id: str
    commune: str
    name: str
    place: int
    code: str | None
    content: str
    lead: list[str]
    support: list[str]
    schedule_text: str | None
    deadlines: list[date]
    state: str
    percent: int
    completed_on: date | None

    def days_late(self, today: date) -> int:
        """Days since the first deadline, 0 when it has not passed or the task is completed."""
        first = min(self.deadlines, default=today)
        return 0 if self.completed_on else max(0, (today - first).days)

    def next_deadline(self, today: date) -> date | None:
        """The first deadline that is still to come, or else the last one."""
        return min((due for due in self.deadlines if due >= today), default=max(self.deadlines, default=None))

    def concerns(self, body: str) -> bool:
        """Whether a body, named in part and in any case, leads or supports it."""
        return any(body.casefold() in named.casefold() for named in (*self.lead, *self.support))


class Tasks:
    def __init__(self, pool: "ConnectionPool[Any]") -> None:
        self._pool = pool

    def all(self, commune: str | None = None) -> list[ListedTask]:
        """Of one commune or of all, in the order of their plans."""
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(ListedTask)) as rows:
            found: list[ListedTask] = rows.execute(
                """
                SELECT task_id, plan_id, commune, name, place, tasks.code, content, lead, support, schedule_text,
                    deadlines, state, percent, completed_on
                FROM tasks JOIN communes USING (commune)
                WHERE commune = coalesce(%s, commune) ORDER BY commune, plan_id, place
                """,
                (commune,),
            ).fetchall()
            return found

    def commune_of(self, task_id: str) -> str | None:
        with self._pool.connection() as connection:
            row = connection.execute("SELECT commune FROM tasks WHERE task_id = %s", (task_id,)).fetchone()
        return row[0] if row else None

    def identities(self, task_ids: Iterable[str]) -> dict[str, UUID]:
        with self._pool.connection() as connection:
            rows = connection.execute(
                "SELECT task_id, uuid FROM tasks WHERE task_id = ANY(%s)", (sorted(set(task_ids)),)
            )
            return dict(rows.fetchall())

    def to_announce(self, today: date) -> list[UUID]:
        """The tasks that have a reminder whose day has come, the longest waiting first."""
        with self._pool.connection() as connection:
            rows = connection.execute(
                "SELECT uuid FROM tasks WHERE next_reminder_on <= %s ORDER BY next_reminder_on, task_id", (today,)
            ).fetchall()
        return [uuid for (uuid,) in rows]

    @staticmethod
    def rows(tasks: Sequence[Task]) -> list[Statement]:
        """How tasks stand now, each new or known before."""
        columns = (
            "task_id text, uuid uuid, plan_id text, commune text, place int, code text, content text, lead text[],"
            " support text[], schedule_text text, deadlines date[], state text, percent int, completed_on date,"
            " next_reminder_on date"
        )
        changed = ", ".join(f"{c} = excluded.{c}" for c in ("state", "percent", "completed_on", "next_reminder_on"))
        upsert = (
            f"INSERT INTO tasks SELECT * FROM jsonb_to_recordset(%s::jsonb) AS new ({columns})"  # noqa: S608  no input
            f" ON CONFLICT (task_id) DO UPDATE SET {changed}"
        )
        return [ONE_AT_A_TIME, (upsert, [json.dumps([_row(task) for task in tasks], default=str)])] if tasks else []


def _row(task: Task) -> dict[str, Any]:
    plain = ("task_id", "plan_id", "commune", "place", "code", "content", "lead", "support", "schedule_text")
    return {name: getattr(task, name) for name in plain} | {
        "uuid": task.id,
        "deadlines": task.deadlines,
        "state": "completed" if task.completed_on else "open",
        "percent": task.percent,
        "completed_on": task.completed_on,
        "next_reminder_on": task.next_reminder_on,
    }
