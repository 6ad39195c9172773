"""How each task stands, and the day on which it is next to be announced."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from services.planning.domain.obligation import Obligation
from services.planning.domain.step import DONE, OPEN
from services.planning.domain.task import Task
from shared.calendar import Roll
from shared.event_store import Statement
from shared.vietnamese import folded

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
CREATE INDEX IF NOT EXISTS tasks_by_commune ON tasks (commune);
CREATE INDEX IF NOT EXISTS tasks_by_plan ON tasks (plan_id);
CREATE INDEX IF NOT EXISTS tasks_by_reminder ON tasks (next_reminder_on) WHERE next_reminder_on IS NOT NULL;
"""
# Two transactions that touch the same tasks in another order would wait for each other until one is killed.
ONE_AT_A_TIME: Statement = ("SELECT pg_advisory_xact_lock(hashtext('minhbach planning tasks'))", ())
COLUMNS: LiteralString = (
    "task_id text, uuid uuid, plan_id text, commune text, place int, code text, content text, lead text[],"
    " support text[], schedule_text text, deadlines date[], state text, percent int, completed_on date,"
    " next_reminder_on date, obligations jsonb, roll text, closed boolean"
)


class ListedTask(NamedTuple):
    """A task as it stands. `percent` is what was reported last; `deadlines` are the due days that are open."""

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
    obligations: list[dict[str, Any]] | None
    closed: bool

    @property
    def is_open(self) -> bool:
        return self.state in OPEN and not self.closed

    @property
    def is_done(self) -> bool:
        return self.state in DONE

    @property
    def unresolved(self) -> list[Obligation]:
        """What is due on a day that nobody has named yet."""
        owed = [Obligation.from_stored(said) for said in self.obligations or ()]
        return [each for each in owed if each.unresolved and self.is_open]

    def as_it_stood(self, task: Task) -> "ListedTask":
        """The same task at another time."""
        row = _row(task)
        return self._replace(**{name: row[name] for name in self._fields if name in row})

    def days_late(self, today: date) -> int:
        """Days since the first open deadline, 0 when it has not passed or the task is not open."""
        first = min(self.deadlines, default=today)
        return max(0, (today - first).days) if self.is_open else 0

    @property
    def first_deadline(self) -> date | None:
        """The first that is open: that from which a late task is late, else the next to come."""
        return min(self.deadlines, default=None)

    def due_before(self, day: date) -> bool:
        return self.is_open and any(due < day for due in self.deadlines)

    def concerns(self, body: str) -> bool:
        """Whether a body, named in part and however it is spelled, leads or supports it."""
        return any(folded(body) in folded(named) for named in (*self.lead, *self.support))


class Tasks:
    def __init__(self, pool: "ConnectionPool[Any]") -> None:
        self.pool = pool

    def all(self, commune: str | None = None) -> list[ListedTask]:
        """Of one commune or of all, in the order of their plans."""
        with self.pool.connection() as connection, connection.cursor(row_factory=class_row(ListedTask)) as rows:
            found: list[ListedTask] = rows.execute(
                """
                SELECT task_id, plan_id, commune, name, place, tasks.code, content, lead, support, schedule_text,
                    deadlines, state, percent, completed_on, obligations, closed
                FROM tasks JOIN communes USING (commune)
                WHERE commune = coalesce(%s, commune) ORDER BY commune, plan_id, place, task_id
                """,
                (commune,),
            ).fetchall()
            return found

    def commune_of(self, task_id: str) -> str | None:
        with self.pool.connection() as connection:
            row = connection.execute("SELECT commune FROM tasks WHERE task_id = %s", (task_id,)).fetchone()
        return row[0] if row else None

    def identities(self, task_ids: Iterable[str]) -> dict[str, UUID]:
        with self.pool.connection() as connection:
            rows = connection.execute(
                "SELECT task_id, uuid FROM tasks WHERE task_id = ANY(%s)", (sorted(set(task_ids)),)
            )
            return dict(rows.fetchall())

    def of_plan(self, plan_id: str) -> list[UUID]:
        """All tasks that a plan ever assigned, in the order in which it asks them."""
        return self._found("WHERE plan_id = %s ORDER BY place, task_id", plan_id)

    def outdated(self) -> list[UUID]:
        """Those whose row an earlier version wrote."""
        return self._found("WHERE obligations IS NULL ORDER BY task_id")

    def due_days(self, today: date) -> list[tuple[date, date, Roll]]:
        """Nominal and due days of what is open and not long past, with the rule between them, each once."""
        with self.pool.connection() as connection:
            rows = connection.execute(
                """
                SELECT DISTINCT (said->>'nominal')::date, (said->>'due')::date, roll
                FROM tasks, jsonb_array_elements(obligations) said
                WHERE NOT closed AND state = ANY(%s) AND said->>'state' = 'open' AND said->>'due' IS NOT NULL
                    AND greatest((said->>'due')::date, (said->>'nominal')::date + 31) >= %s
                """,
                (list(OPEN), today),
            )
            return list(rows.fetchall())

    def due_on(self, nominal: Sequence[date]) -> list[UUID]:
        """Open tasks that owe something on one of these nominal days."""
        return self._found(
            "WHERE NOT closed AND state = ANY(%s) AND EXISTS (SELECT FROM jsonb_array_elements(obligations) said"
            " WHERE said->>'state' = 'open' AND said->>'nominal' = ANY(%s)) ORDER BY task_id",
            list(OPEN),
            [day.isoformat() for day in nominal],
        )

    def _found(self, condition: LiteralString, *parameters: object) -> list[UUID]:
        with self.pool.connection() as connection:
            rows = connection.execute(f"SELECT uuid FROM tasks {condition}", parameters).fetchall()  # noqa: S608  no input
        return [uuid for (uuid,) in rows]

    def to_announce(self, today: date) -> list[UUID]:
        """The tasks that have a reminder whose day has come, the longest waiting first."""
        return self._found("WHERE next_reminder_on <= %s ORDER BY next_reminder_on, task_id", today)

    @staticmethod
    def rows(tasks: Sequence[Task], *, alone: bool = False) -> list[Statement]:
        """How tasks stand now, each new or known before. `alone`: the caller holds the lock of ONE_AT_A_TIME."""
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
    plain = ("task_id", "plan_id", "commune", "place", "code", "content", "lead", "support", "schedule_text")
    more = ("deadlines", "state", "percent", "completed_on", "next_reminder_on", "roll", "closed")
    obligations = [each.stored() for each in task.obligations]
    return {name: getattr(task, name) for name in (*plain, *more)} | {"uuid": task.id, "obligations": obligations}
