"""The announcements behind a figure's formula and target, and the days on which something behind a figure changed."""

from collections.abc import Sequence
from datetime import date
from typing import LiteralString, NamedTuple

from psycopg import Connection

from services.reporting.domain.drafts.question import Question
from services.reporting.read_models.plans import IN_FORCE
from shared.clock import day_of, end_of
from shared.periods import halves_of


class Source(NamedTuple):
    """`key` is the plan's id; empty for a formula."""

    key: str
    position: int
    recorded_on: date


def formula_source(connection: Connection, indicator: str, version: int) -> Source | None:
    row = connection.execute(
        "SELECT position, known_from FROM indicators WHERE indicator = %s AND version = %s", (indicator, version)
    ).fetchone()
    return Source("", row[0], day_of(row[1])) if row else None


def target_source(connection: Connection, question: Question, indicator: str) -> Source | None:
    """The plan in force at the period's end that sets the target of the question's commune or province."""
    query: LiteralString = f"""
        WITH {IN_FORCE}
        SELECT coalesce(version_of, plan_id), position, known_from FROM in_force JOIN targets USING (plan_id)
        WHERE scope IS NULL AND indicator = %(indicator)s AND commune IS NOT DISTINCT FROM %(commune)s
        ORDER BY position DESC, number LIMIT 1
    """  # noqa: S608  no input
    parameters = {
        "province": question.province,
        "commune": question.commune,
        "day": question.window[1],
        "known": end_of(question.known_at),
        "indicator": indicator,
    }
    row = connection.execute(query, parameters).fetchone()
    return Source(row[0], row[1], day_of(row[2])) if row else None


def changed_on(connection: Connection, communes: Sequence[str], province: str, window: tuple[date, date]) -> list[date]:
    """The days on which counts of communes in a window, their plans, their register or a definition were recorded."""
    rows = connection.execute(
        """
        SELECT known_on FROM field_totals WHERE commune = ANY(%(communes)s) AND half BETWEEN %(first)s AND %(last)s
        UNION SELECT (known_from AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM (
            SELECT known_from FROM indicators
            UNION SELECT known_from FROM plans
                WHERE province = %(province)s AND (commune IS NULL OR commune = ANY(%(communes)s))
            UNION SELECT known_from FROM successions WHERE commune = ANY(%(communes)s)
            UNION SELECT known_from FROM commune_changes WHERE commune = ANY(%(communes)s)
        ) AS rules ORDER BY 1
        """,
        {
            "communes": list(communes),
            "province": province,
            **dict(zip(("first", "last"), halves_of(window), strict=True)),
        },
        prepare=False,
    )
    return [day for (day,) in rows]
