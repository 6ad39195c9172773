"""The plans in force."""

from datetime import date
from typing import Any, LiteralString, NamedTuple

from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from services.planning.domain.plan import Plan
from shared.event_store import Statement

TABLE: LiteralString = """
CREATE TABLE IF NOT EXISTS plans (
    plan_id text PRIMARY KEY, commune text, province text NOT NULL, regime text NOT NULL, year int NOT NULL,
    title text NOT NULL, issued_on date NOT NULL, standard_plan_id text
);
"""


class IssuedPlan(NamedTuple):
    """`name` is the commune's, None for the standard plan of a province."""

    plan_id: str
    commune: str | None
    name: str | None
    province: str
    regime: str
    year: int
    title: str
    issued_on: date
    standard_plan_id: str | None
    tasks: int
    completed: int

    @property
    def done(self) -> str:
        return f"{self.completed} of {self.tasks}" if self.commune else "–"


class Plans:
    def __init__(self, pool: "ConnectionPool[Any]") -> None:
        self._pool = pool

    def all(self) -> list[IssuedPlan]:
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(IssuedPlan)) as rows:
            found: list[IssuedPlan] = rows.execute(
                """
                SELECT plan_id, plans.commune, name, plans.province, regime, year, title, issued_on, standard_plan_id,
                    count(task_id) AS tasks, count(task_id) FILTER (WHERE state = 'completed') AS completed
                FROM plans LEFT JOIN communes USING (commune) LEFT JOIN tasks USING (plan_id)
                GROUP BY plan_id, name ORDER BY province, plans.commune NULLS FIRST, year, regime
                """
            ).fetchall()
            return found

    @staticmethod
    def row(plan: Plan) -> Statement:
        return (
            "INSERT INTO plans VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                plan.plan_id,
                plan.commune,
                plan.province,
                plan.regime,
                plan.year,
                plan.title,
                plan.issued_on,
                plan.standard_plan_id,
            ),
        )
