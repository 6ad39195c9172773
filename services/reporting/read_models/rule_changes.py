"""The announcements between two positions that change how counts become figures: formulas, communes, targets."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import class_row


class FormulaChange(NamedTuple):
    indicator: str
    version: int
    in_force_from: date
    source: str
    position: int
    known_from: datetime


class TerritoryChange(NamedTuple):
    """`kind`: merged, divided, renamed or moved; `others` are the successors."""

    kind: str
    commune: str
    others: list[str]
    in_force_from: date
    position: int
    known_from: datetime


class PlanChange(NamedTuple):
    """A plan issued or amended; `commune` is None for the province's own."""

    plan_id: str
    commune: str | None
    indicators: list[str]
    in_force_from: date | None
    position: int
    known_from: datetime


def formula_changes(connection: Connection, versions: Mapping[str, int]) -> list[FormulaChange]:
    """These versions of indicators, in order."""
    with connection.cursor(row_factory=class_row(FormulaChange)) as cursor:
        return cursor.execute(
            "SELECT indicator, version, in_force_from, coalesce(source, '') AS source, position, known_from"
            " FROM indicators JOIN unnest(%s::text[], %s::int[]) AS wanted (indicator, version)"
            " USING (indicator, version) ORDER BY position",
            (list(versions), list(versions.values())),
        ).fetchall()


def territory_changes(connection: Connection, positions: tuple[int, int]) -> list[TerritoryChange]:
    """From after the first position up to the second, in order."""
    with connection.cursor(row_factory=class_row(TerritoryChange)) as cursor:
        return cursor.execute(
            """
            SELECT CASE WHEN count(*) > 1 THEN 'divided' ELSE 'merged' END AS kind, commune,
                array_agg(successor ORDER BY place) AS others, in_force_from, position, known_from
            FROM successions WHERE position > %(after)s AND position <= %(until)s
            GROUP BY commune, in_force_from, position, known_from
            UNION ALL
            SELECT CASE WHEN province IS NULL THEN 'renamed' ELSE 'moved' END, commune, '{}', in_force_from, position,
                known_from
            FROM commune_changes WHERE position > %(after)s AND position <= %(until)s
            ORDER BY position
            """,
            {"after": positions[0], "until": positions[1]},
        ).fetchall()


def plan_changes(connection: Connection, province: str, positions: tuple[int, int]) -> list[PlanChange]:
    """From after the first position up to the second, in order."""
    with connection.cursor(row_factory=class_row(PlanChange)) as cursor:
        return cursor.execute(
            "SELECT coalesce(version_of, plan_id) AS plan_id, commune, array_agg(DISTINCT indicator) AS indicators,"
            " in_force_from, position, known_from FROM plans JOIN targets USING (plan_id)"
            " WHERE province = %s AND position > %s AND position <= %s"
            " GROUP BY plan_id, version_of, commune, in_force_from, position, known_from ORDER BY position",
            (province, *positions),
        ).fetchall()


def recorded_days(connection: Connection, source: str, positions: tuple[int, int]) -> list[tuple[int, date]]:
    """The last position of each day, from the day of the first position to that of the second, in order."""
    rows = connection.execute(
        "SELECT position, known_on FROM known_positions WHERE source = %s AND position >= %s ORDER BY position",
        (source, positions[0]),
    )
    return [(position, known_on) for position, known_on in rows]
