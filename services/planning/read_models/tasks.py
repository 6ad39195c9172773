"""The tasks: state, obligations and the day of the next reminder of each, kept in the transaction of its events."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from services.planning.domain.tasks.listed_task import ListedTask
from services.planning.domain.tasks.obligation import MOST_DAYS_MOVED, OWED
from services.planning.domain.tasks.state import OPEN
from services.planning.domain.tasks.task import Task
from shared.calendar import Roll
from shared.record.event_store import Statement
from shared.record.pool import reading

# Obligations are null in rows that an earlier version wrote, until `outdated` has found them.
TABLE: LiteralString = """
CREATE TABLE IF NOT EXISTS tasks (
    task_id text PRIMARY KEY, uuid uuid NOT NULL, plan_id text NOT NULL, commune text NOT NULL, place int NOT NULL,
    code text, content text NOT NULL, lead text[] NOT NULL, support text[] NOT NULL, schedule_text text,
    deadlines date[] NOT NULL, state text NOT NULL, percent int NOT NULL, completed_on date, next_reminder_on date
);
ALTER TABLE tasks ADD COLUMN IF NOT EXISTS obligations jsonb;
ALTER TABLE tasks ADD COLUMN IF NOT EXISTS roll text NOT NULL DEFAULT 'none';
ALTER TABLE tasks ADD COLUMN IF NOT EXISTS closed boolean NOT NULL DEFAULT false;
ALTER TABLE tasks ADD COLUMN IF NOT EXISTS withdrawn_on date;
ALTER TABLE tasks ADD COLUMN IF NOT EXISTS extension_request jsonb;
ALTER TABLE tasks ADD COLUMN IF NOT EXISTS followers text[] NOT NULL DEFAULT '{}';
CREATE INDEX IF NOT EXISTS tasks_by_commune ON tasks (commune);
CREATE INDEX IF NOT EXISTS tasks_by_plan ON tasks (plan_id);
CREATE INDEX IF NOT EXISTS tasks_by_reminder ON tasks (next_reminder_on) WHERE next_reminder_on IS NOT NULL;
"""
# Two transactions that touch the same tasks in another order would wait for each other until one is killed.
ONE_AT_A_TIME: Statement = ("SELECT pg_advisory_xact_lock(hashtext('minhbach planning tasks'))", ())
COLUMNS: LiteralString = (
    "task_id text, uuid uuid, plan_id text, commune text, place int, code text, content text, lead text[],"
    " support text[], schedule_text text, deadlines date[], state text, percent int, completed_on date,"
    " next_reminder_on date, obligations jsonb, roll text, closed boolean, withdrawn_on date, extension_request jsonb,"
    " followers text[]"
)


class Tasks:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def all(self, *communes: str, late_on: date | None = None, followed: Set[str] | None = None) -> list[ListedTask]:
        """Of these communes, or of all, in the order of their plans.

        `late_on`: those that have `days_late` on a day; `followed`: those of one of these followings.
        """
        with reading(self._pool) as connection, connection.cursor(row_factory=class_row(ListedTask)) as rows:
            found: list[ListedTask] = rows.execute(
                """
                SELECT task_id, plan_id, commune, name, place, tasks.code, content, lead, support, schedule_text,
                    deadlines, state, percent, completed_on, obligations, closed, withdrawn_on, extension_request,
                    followers
                FROM tasks JOIN communes USING (commune)
                WHERE commune = ANY(coalesce(%(communes)s, ARRAY[commune]))
                    AND (%(late_on)s::date IS NULL
                        OR state = ANY(%(open)s) AND NOT closed AND %(late_on)s > ANY(deadlines))
                    AND (%(followed)s::text[] IS NULL OR followers && %(followed)s)
                ORDER BY commune, plan_id, place, task_id
                """,
                {
                    "communes": list(communes) or None,
                    "late_on": late_on,
                    "open": list(OPEN),
                    "followed": None if followed is None else list(followed),
                },
            ).fetchall()
            return [task.in_one_state() for task in found]

    def changed_on(self, tasks: Iterable[ListedTask]) -> tuple[date, ...]:
        """The days on which something of these tasks was recorded."""
        with reading(self._pool) as connection:
            rows = connection.execute(
                """
                SELECT DISTINCT (recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                FROM tasks JOIN planning_events ON originator_id = uuid WHERE task_id = ANY(%s) ORDER BY 1
                """,
                ([task.task_id for task in tasks],),
            ).fetchall()
        return tuple(day for (day,) in rows)

    def commune_of(self, task_id: str) -> str | None:
        with reading(self._pool) as connection:
            row = connection.execute("SELECT commune FROM tasks WHERE task_id = %s", (task_id,)).fetchone()
        return row[0] if row else None

    def identities(self, task_ids: Iterable[str]) -> dict[str, UUID]:
        with reading(self._pool) as connection:
            rows = connection.execute(
                "SELECT task_id, uuid FROM tasks WHERE task_id = ANY(%s)", (sorted(set(task_ids)),)
            )
            return dict(rows.fetchall())

    def of_plan(self, plan_id: str) -> list[UUID]:
        """All tasks that a plan ever assigned, in the order of the plan."""
        return self._found("WHERE plan_id = %s ORDER BY place, task_id", plan_id)

    def outdated(self) -> list[UUID]:
        """Those whose row an earlier version of this program wrote."""
        return self._found("WHERE obligations IS NULL ORDER BY task_id")

    @staticmethod
    def as_known(tasks: Iterable[Task], listed: Mapping[str, ListedTask]) -> list[ListedTask]:
        """Tasks as they were at another time, by id the rows of today; in the order of their plans."""
        known = [_listed(task, listed[task.task_id]) for task in tasks]
        return sorted(known, key=lambda task: (task.commune, task.plan_id, task.place, task.task_id))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock of ONE_AT_A_TIME: no other transaction changes a task meanwhile."""
        with self._pool.connection() as connection:
            connection.execute(ONE_AT_A_TIME[0].encode())
            yield

    def write(self, tasks: Sequence[Task]) -> None:
        """Write the rows of tasks; the caller holds the lock of `alone`."""
        with self._pool.connection() as connection:
            for statement, parameters in self.rows(tasks, alone=True):
                connection.execute(statement.encode(), parameters)

    def due_days(self, today: date) -> list[tuple[date, date, Roll]]:
        """Nominal and due days of open obligations that are not long past, with their rule for days off, each once."""
        with reading(self._pool) as connection:
            rows = connection.execute(
                """
                SELECT DISTINCT (owed->>'nominal')::date, (owed->>'due')::date, roll
                FROM tasks, jsonb_array_elements(obligations) owed
                WHERE NOT closed AND state = ANY(%s) AND owed->>'state' = %s AND owed->>'due' IS NOT NULL
                    AND greatest((owed->>'due')::date, (owed->>'nominal')::date + %s) >= %s
                """,
                (list(OPEN), OWED, MOST_DAYS_MOVED, today),
            )
            return list(rows.fetchall())

    def due_on(self, nominal: Sequence[date]) -> list[UUID]:
        """Open tasks that owe something on one of these nominal days."""
        return self._found(
            "WHERE NOT closed AND state = ANY(%s) AND EXISTS (SELECT FROM jsonb_array_elements(obligations) owed"
            " WHERE owed->>'state' = %s AND owed->>'nominal' = ANY(%s)) ORDER BY task_id",
            list(OPEN),
            OWED,
            [day.isoformat() for day in nominal],
        )

    def _found(self, condition: LiteralString, *parameters: object) -> list[UUID]:
        with reading(self._pool) as connection:
            rows = connection.execute(f"SELECT uuid FROM tasks {condition}", parameters).fetchall()  # noqa: S608  no input
        return [uuid for (uuid,) in rows]

    def to_announce(self, today: date) -> list[UUID]:
        """The tasks that have a reminder whose day has come, the longest waiting first."""
        return self._found("WHERE next_reminder_on <= %s ORDER BY next_reminder_on, task_id", today)

    @staticmethod
    def rows(tasks: Sequence[Task], *, alone: bool = False) -> list[Statement]:
        """The rows of tasks, each new or known before. `alone`: the caller holds the lock of ONE_AT_A_TIME."""
        names = [column.split()[0] for column in COLUMNS.split(", ")]
        changed = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
        upsert = (
            f"INSERT INTO tasks ({', '.join(names)}) SELECT * FROM jsonb_to_recordset(%s::jsonb) AS new ({COLUMNS})"  # noqa: S608  no input
            f" ON CONFLICT (task_id) DO UPDATE SET {changed}"
        )
        if not tasks:
            return []
        statement = (upsert, [json.dumps([_row(task) for task in tasks], default=str)])
        return [statement] if alone else [ONE_AT_A_TIME, statement]


def _row(task: Task) -> dict[str, Any]:
    defined, own = vars(task.definition), ("task_id", "plan_id", "commune", "roll")
    state = ("deadlines", "state", "percent", "completed_on", "next_reminder_on", "closed", "withdrawn_on", "followers")
    return {
        **{name: defined[name] for name in ("place", "code", "content", "lead", "support", "schedule_text")},
        **{name: getattr(task, name) for name in (*own, *state)},
        "uuid": task.id,
        "obligations": [each.stored() for each in task.obligations],
        "extension_request": task.extension_request.listed() if task.extension_request else None,
    }


def _listed(task: Task, listed: ListedTask) -> ListedTask:
    row = _row(task)
    return listed._replace(**{name: row[name] for name in ListedTask._fields if name in row}).in_one_state()
