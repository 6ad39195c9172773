"""The plans in force."""

from collections.abc import Iterable
from datetime import date
from typing import LiteralString, NamedTuple

from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from services.planning.domain.plans.plan import Plan
from services.planning.domain.tasks.state import DONE, WITHDRAWN
from shared.record.event_store import Statement
from shared.record.pool import reading

TABLE: LiteralString = """
CREATE TABLE IF NOT EXISTS plans (
    plan_id text PRIMARY KEY, commune text, province text NOT NULL, regime text NOT NULL, year int NOT NULL,
    title text NOT NULL, issued_on date NOT NULL, standard_plan_id text
);
ALTER TABLE plans ADD COLUMN IF NOT EXISTS version int NOT NULL DEFAULT 1;
ALTER TABLE plans ADD COLUMN IF NOT EXISTS closed_on date;
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
    version: int
    closed_on: date | None
    tasks: int
    completed: int


class Plans:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def all(self) -> list[IssuedPlan]:
        return self._found("true")

    def of(self, commune: str | None, province: str | None = None) -> list[IssuedPlan]:
        """Those of a commune, and the standard plans of a province."""
        return self._found(
            "plans.commune = %(commune)s OR plans.commune IS NULL AND plans.province = %(province)s",
            commune=commune,
            province=province,
        )

    def in_province(self, province: str) -> list[IssuedPlan]:
        return self._found("plans.province = %(province)s", province=province)

    def with_id(self, plan_id: str) -> IssuedPlan | None:
        return next(iter(self._found("plan_id = %(plan_id)s", plan_id=plan_id)), None)

    def _found(self, condition: LiteralString, **parameters: str | None) -> list[IssuedPlan]:
        with reading(self._pool) as connection, connection.cursor(row_factory=class_row(IssuedPlan)) as rows:
            found: list[IssuedPlan] = rows.execute(
                f"""
                SELECT plan_id, plans.commune, name, plans.province, regime, year, title, issued_on, standard_plan_id,
                    version, closed_on, count(task_id) FILTER (WHERE state <> %(withdrawn)s) AS tasks,
                    count(task_id) FILTER (WHERE state = ANY(%(done)s)) AS completed
                FROM plans LEFT JOIN communes USING (commune) LEFT JOIN tasks USING (plan_id)
                WHERE {condition}
                GROUP BY plan_id, name ORDER BY province, plans.commune NULLS FIRST, year, regime
                """,  # noqa: S608  no input
                {"withdrawn": WITHDRAWN, "done": list(DONE), **parameters},
            ).fetchall()
            return found

    def changed_on(self, plans: Iterable[IssuedPlan]) -> tuple[date, ...]:
        """The days on which something of these plans was recorded."""
        identities = [Plan.create_id(each.commune, each.province, each.regime, each.year) for each in plans]
        with reading(self._pool) as connection:
            rows = connection.execute(
                "SELECT DISTINCT (recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM planning_events"
                " WHERE originator_id = ANY(%s) ORDER BY 1",
                (identities,),
            ).fetchall()
        return tuple(day for (day,) in rows)

    def made_from(self, standard_plan_id: str) -> list[str | None]:
        """The communes whose plans were made from a standard plan."""
        with reading(self._pool) as connection:
            query = "SELECT commune FROM plans WHERE standard_plan_id = %s ORDER BY commune"
            return [commune for (commune,) in connection.execute(query, (standard_plan_id,))]

    @staticmethod
    def row(plan: Plan) -> Statement:
        """The row of a plan, new or known before."""
        return (
            "INSERT INTO plans VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (plan_id) DO UPDATE"
            " SET title = excluded.title, version = excluded.version, closed_on = excluded.closed_on",
            (
                plan.plan_id,
                plan.commune,
                plan.province,
                plan.regime,
                plan.year,
                plan.title,
                plan.issued_on,
                plan.standard_plan_id,
                plan.version_in_force,
                plan.closed_on,
            ),
        )
