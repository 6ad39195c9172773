"""Which targets are set and how each task stands, since when."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, LiteralString

from psycopg import Connection
from psycopg.types.json import Jsonb

from services.reporting.domain.evidence import PlanTarget, Task
from services.reporting.domain.quarterly_report import Target
from shared.contracts import Event
from shared.contracts.planning import (
    MessageParked,
    ObligationFulfilled,
    PlanAmended,
    PlanClosed,
    PlanIssued,
    TargetSet,
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
CREATE TABLE IF NOT EXISTS plans (
    plan_id text PRIMARY KEY, commune text, province text NOT NULL, span_from date NOT NULL, span_until date NOT NULL,
    position bigint NOT NULL, known_from timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS targets (
    plan_id text, number int, indicator text NOT NULL, target jsonb, target_text text NOT NULL,
    PRIMARY KEY (plan_id, number)
);
CREATE TABLE IF NOT EXISTS tasks (
    task_id text PRIMARY KEY, plan_id text NOT NULL, commune text NOT NULL, lead text[] NOT NULL,
    deadlines date[] NOT NULL, known_from timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS task_changes (
    task_id text, position bigint, done boolean NOT NULL, known_from timestamptz NOT NULL,
    PRIMARY KEY (task_id, position)
);
CREATE TABLE IF NOT EXISTS plan_closings (
    plan_id text PRIMARY KEY, closed_on date NOT NULL, known_from timestamptz NOT NULL
);
ALTER TABLE plans ADD COLUMN IF NOT EXISTS version_of text;
ALTER TABLE targets ADD COLUMN IF NOT EXISTS scope text;
ALTER TABLE targets ADD COLUMN IF NOT EXISTS fields text[];
ALTER TABLE plans ADD COLUMN IF NOT EXISTS in_force_from date;
ALTER TABLE task_changes ADD COLUMN IF NOT EXISTS lead text[];
ALTER TABLE task_changes ADD COLUMN IF NOT EXISTS deadlines date[];
ALTER TABLE task_changes ADD COLUMN IF NOT EXISTS withdrawn boolean NOT NULL DEFAULT false;
"""
MOVES = (ObligationFulfilled, TaskExtended, TaskResolved, TaskRescheduled, TaskRevised)
CHANGES: tuple[type[TaskEvent], ...] = (TaskCompleted, TaskReturned, TaskReopened, TaskWithdrawn, *MOVES)
HEARD: tuple[type[Event], ...] = (PlanIssued, PlanAmended, PlanClosed, TaskAssigned, *CHANGES, MessageParked)


# The plans of a province that span a day and were not closed by then, each in its last version of that day.
IN_FORCE: LiteralString = """
    last_version AS (
        SELECT DISTINCT ON (coalesce(version_of, plan_id)) * FROM plans
        WHERE province = %(province)s AND known_from < %(known)s
            AND (in_force_from IS NULL OR in_force_from <= %(day)s)
        ORDER BY coalesce(version_of, plan_id), position DESC
    ),
    in_force AS (
        SELECT * FROM last_version
        WHERE %(day)s BETWEEN span_from AND span_until AND NOT EXISTS (
            SELECT FROM plan_closings
            WHERE plan_closings.plan_id = coalesce(version_of, last_version.plan_id)
                AND closed_on <= %(day)s AND plan_closings.known_from < %(known)s
        )
    )
"""


def remember_plan(connection: Connection[Any], position: int, event: PlanIssued) -> None:
    """A plan as issued, or a version of it, which asks what it says from the day of its amendment on."""
    plan_id, version_of, in_force_from = event.plan_id, None, None
    if isinstance(event, PlanAmended):
        plan_id, version_of, in_force_from = f"{event.plan_id}/{event.version}", event.plan_id, event.amended_on
    connection.execute(
        "INSERT INTO plans VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (
            plan_id,
            event.commune,
            event.province,
            event.span_from,
            event.span_until,
            position,
            event.recorded_at,
            version_of,
            in_force_from,
        ),
    )
    for number, target in enumerate(event.targets):
        if target.indicator:
            _remember_target(connection, plan_id, number, target)


def remember_closing(connection: Connection[Any], event: PlanClosed) -> None:
    connection.execute(
        "INSERT INTO plan_closings VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (event.plan_id, event.closed_on, event.recorded_at),
    )


def _remember_target(connection: Connection[Any], plan_id: str, number: int, target: TargetSet) -> None:
    bounds = target.target and Jsonb(target.target.model_dump(mode="json"))
    fields = list(target.field or ())
    # What names fields holds for a part, also where the plan has no words for it.
    scope = target.scope or ", ".join(fields) or None
    connection.execute(
        "INSERT INTO targets VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (plan_id, number, target.indicator, bounds, target.target_text, scope, fields),
    )


def remember_tasks(connection: Connection[Any], events: Sequence[TaskAssigned]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO tasks VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [(e.task_id, e.plan_id, e.commune, list(e.lead), list(e.deadlines), e.recorded_at) for e in events],
        )


def remember_change(connection: Connection[Any], position: int, event: TaskEvent) -> None:
    """How a task stands after an announcement: as before, but for what the announcement says."""
    connection.execute(
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
        {
            "task_id": event.task_id,
            "position": position,
            "known_from": event.recorded_at,
            "done": _done(event),
            "lead": list(event.lead) if isinstance(event, TaskRevised) else None,
            "deadlines": list(event.deadlines) if isinstance(event, MOVES) else None,
            "withdrawn": _withdrawn(event),
        },
    )


def _done(event: TaskEvent) -> bool | None:
    if isinstance(event, TaskCompleted):
        return True
    # Withdrawn too: asked again, it is to be done again.
    return False if isinstance(event, TaskReopened | TaskReturned | TaskWithdrawn) else None


def _withdrawn(event: TaskEvent) -> bool | None:
    if isinstance(event, TaskWithdrawn):
        return True
    return False if isinstance(event, TaskRevised) else None


def targets_of(connection: Connection[Any], province: str, day: date, known_until: datetime) -> list[PlanTarget]:
    """The targets in force on a day: of several plans for one commune, those of the one issued or amended last."""
    query: LiteralString = f"""
        WITH {IN_FORCE}
        SELECT DISTINCT ON (commune, indicator) commune, indicator, target, target_text
        FROM in_force JOIN targets USING (plan_id) WHERE scope IS NULL
        ORDER BY commune, indicator, position DESC, number
    """  # noqa: S608  no input
    rows = connection.execute(query, {"province": province, "day": day, "known": known_until})
    return [PlanTarget(commune, indicator, target_from(bounds), text) for commune, indicator, bounds, text in rows]


def scoped_targets_of(connection: Connection[Any], province: str, day: date, known_until: datetime) -> list[PlanTarget]:
    """The same of the targets that hold for a part, one for each commune, indicator and part, in the plan's order."""
    query: LiteralString = f"""
        WITH {IN_FORCE}, scoped AS (
            SELECT DISTINCT ON (commune, indicator, scope, fields)
                commune, indicator, target, target_text, scope, fields, position, number
            FROM in_force JOIN targets USING (plan_id) WHERE scope IS NOT NULL
            ORDER BY commune, indicator, scope, fields, position DESC, number
        )
        SELECT commune, indicator, target, target_text, scope, fields FROM scoped ORDER BY commune, position, number
    """  # noqa: S608  no input
    rows = connection.execute(query, {"province": province, "day": day, "known": known_until})
    return [
        PlanTarget(commune, indicator, target_from(bounds), text, scope, tuple(fields))
        for commune, indicator, bounds, text, scope, fields in rows
    ]


def target_from(bounds: dict[str, str | None] | None) -> Target | None:
    return None if bounds is None else Target(**{name: Decimal(n) for name, n in bounds.items() if n is not None})


def tasks_of(connection: Connection[Any], province: str, day: date, known_until: datetime) -> list[Task]:
    """The tasks of the plans in force on a day, but for those that were withdrawn, as they stood when it was known."""
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
    return [Task(commune, tuple(lead), tuple(deadlines), done) for commune, lead, deadlines, done in rows]
