"""Which targets are set and how each task stands, since when."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from services.reporting.domain.evidence import PlanTarget, Task
from services.reporting.domain.quarterly_report import Target
from shared.contracts import Event
from shared.contracts.planning import MessageParked, PlanIssued, TargetSet, TaskAssigned, TaskCompleted, TaskReopened

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
"""
HEARD: tuple[type[Event], ...] = (PlanIssued, TaskAssigned, TaskCompleted, TaskReopened, MessageParked)


def remember_plan(connection: Connection[Any], position: int, event: PlanIssued) -> None:
    connection.execute(
        "INSERT INTO plans VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (
            event.plan_id,
            event.commune,
            event.province,
            event.span_from,
            event.span_until,
            position,
            event.recorded_at,
        ),
    )
    for number, target in enumerate(event.targets):
        if target.indicator and not target.scope:
            _remember_target(connection, event.plan_id, number, target)


def _remember_target(connection: Connection[Any], plan_id: str, number: int, target: TargetSet) -> None:
    bounds = target.target and Jsonb(target.target.model_dump(mode="json"))
    connection.execute(
        "INSERT INTO targets VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (plan_id, number, target.indicator, bounds, target.target_text),
    )


def remember_tasks(connection: Connection[Any], events: Sequence[TaskAssigned]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO tasks VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [(e.task_id, e.plan_id, e.commune, list(e.lead), list(e.deadlines), e.recorded_at) for e in events],
        )


def remember_change(connection: Connection[Any], position: int, event: TaskCompleted | TaskReopened) -> None:
    connection.execute(
        "INSERT INTO task_changes VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (event.task_id, position, isinstance(event, TaskCompleted), event.recorded_at),
    )


def targets_of(connection: Connection[Any], province: str, day: date, known_until: datetime) -> list[PlanTarget]:
    """The targets in force on a day: of several plans for one commune, the one issued last."""
    rows = connection.execute(
        """
        SELECT DISTINCT ON (commune, indicator) commune, indicator, target, target_text
        FROM plans JOIN targets USING (plan_id)
        WHERE province = %s AND %s BETWEEN span_from AND span_until AND known_from < %s
        ORDER BY commune, indicator, position DESC, number
        """,
        (province, day, known_until),
    )
    return [PlanTarget(commune, indicator, target_from(bounds), text) for commune, indicator, bounds, text in rows]


def target_from(bounds: dict[str, str | None] | None) -> Target | None:
    return None if bounds is None else Target(**{name: Decimal(n) for name, n in bounds.items() if n is not None})


def tasks_of(connection: Connection[Any], province: str, known_until: datetime) -> list[Task]:
    rows = connection.execute(
        """
        SELECT tasks.commune, lead, deadlines, coalesce(latest.done, false)
        FROM tasks JOIN communes USING (commune) LEFT JOIN LATERAL (
            SELECT done FROM task_changes
            WHERE task_changes.task_id = tasks.task_id AND task_changes.known_from < %(known)s
            ORDER BY position DESC LIMIT 1
        ) latest ON true
        WHERE communes.province = %(province)s AND tasks.known_from < %(known)s
        """,
        {"province": province, "known": known_until},
    )
    return [Task(commune, tuple(lead), tuple(deadlines), done) for commune, lead, deadlines, done in rows]
