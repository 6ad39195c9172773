"""The plans of communes with their targets, each since when it was known."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import LiteralString

from psycopg import Connection
from psycopg.types.json import Jsonb

from services.reporting.domain.content.report_content import Target
from services.reporting.domain.drafts.evidence import PlanTarget
from shared.contracts.planning import PlanAmended, PlanClosed, PlanIssued, TargetSet

TABLES = """
CREATE TABLE IF NOT EXISTS plans (
    plan_id text PRIMARY KEY, commune text, province text NOT NULL, span_from date NOT NULL, span_until date NOT NULL,
    position bigint NOT NULL, known_from timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS targets (
    plan_id text, number int, indicator text NOT NULL, target jsonb, target_text text NOT NULL,
    PRIMARY KEY (plan_id, number)
);
CREATE TABLE IF NOT EXISTS plan_closings (
    plan_id text PRIMARY KEY, closed_on date NOT NULL, known_from timestamptz NOT NULL
);
ALTER TABLE plans ADD COLUMN IF NOT EXISTS version_of text;
ALTER TABLE targets ADD COLUMN IF NOT EXISTS scope text;
ALTER TABLE targets ADD COLUMN IF NOT EXISTS fields text[];
ALTER TABLE plans ADD COLUMN IF NOT EXISTS in_force_from date;
"""
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


def remember_plans(connection: Connection, received: Sequence[tuple[int, PlanIssued]]) -> None:
    for position, event in received:
        _remember_plan(connection, position, event, event.plan_id, version_of=None, in_force_from=None)


def remember_versions(connection: Connection, received: Sequence[tuple[int, PlanAmended]]) -> None:
    """A version of a plan is in force from the day of its amendment on."""
    for position, event in received:
        own_id = f"{event.plan_id}/{event.version}"
        _remember_plan(connection, position, event, own_id, version_of=event.plan_id, in_force_from=event.amended_on)


def remember_closings(connection: Connection, received: Sequence[tuple[int, PlanClosed]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO plan_closings VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [(event.plan_id, event.closed_on, event.recorded_at) for _, event in received],
        )


def _remember_plan(
    connection: Connection,
    position: int,
    event: PlanIssued,
    plan_id: str,
    *,
    version_of: str | None,
    in_force_from: date | None,
) -> None:
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
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO targets VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [_target_row(plan_id, number, each) for number, each in enumerate(event.targets) if each.indicator],
        )


def _target_row(plan_id: str, number: int, target: TargetSet) -> tuple[object, ...]:
    bounds = target.target and Jsonb(target.target.model_dump(mode="json"))
    fields = list(target.field or ())
    # A target that names fields holds for a part, also where the plan has no words for it.
    scope = target.scope or ", ".join(fields) or None
    return (plan_id, number, target.indicator, bounds, target.target_text, scope, fields)


def targets_of(connection: Connection, province: str, day: date, known_until: datetime) -> list[PlanTarget]:
    """The targets in force on a day: of several plans for one commune, those of the one issued or amended last."""
    query: LiteralString = f"""
        WITH {IN_FORCE}
        SELECT DISTINCT ON (commune, indicator) commune, indicator, target, target_text
        FROM in_force JOIN targets USING (plan_id) WHERE scope IS NULL
        ORDER BY commune, indicator, position DESC, number
    """  # noqa: S608  no input
    rows = connection.execute(query, {"province": province, "day": day, "known": known_until})
    return [PlanTarget(commune, indicator, target_from(bounds), text) for commune, indicator, bounds, text in rows]


def scoped_targets_of(connection: Connection, province: str, day: date, known_until: datetime) -> list[PlanTarget]:
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
    if bounds is None:
        return None
    given = {name: Decimal(n) for name, n in bounds.items() if n is not None and name != "change"}
    return Target(**given, change=bounds.get("change"))
