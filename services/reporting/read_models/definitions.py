"""The versions of measures, indicators and fields, and which version was in force on a day."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from psycopg import Connection

from services.reporting.domain.drafts.evidence import Definition
from shared.contracts.indicators import FieldDefined, IndicatorDefined, MeasureDefined

TABLES = """
CREATE TABLE IF NOT EXISTS measures (
    measure text, version int, kind text NOT NULL, in_force_from date NOT NULL, known_from timestamptz NOT NULL,
    PRIMARY KEY (measure, version)
);
CREATE TABLE IF NOT EXISTS indicators (
    indicator text, version int, name text NOT NULL, numerator text[] NOT NULL, denominator text[] NOT NULL,
    zero_denominator text NOT NULL, in_force_from date NOT NULL, position bigint NOT NULL,
    known_from timestamptz NOT NULL, PRIMARY KEY (indicator, version)
);
CREATE TABLE IF NOT EXISTS fields (
    field text, version int, name text NOT NULL, in_force_from date NOT NULL, position bigint NOT NULL,
    known_from timestamptz NOT NULL, PRIMARY KEY (field, version)
);
ALTER TABLE measures ADD COLUMN IF NOT EXISTS name text;
ALTER TABLE measures ADD COLUMN IF NOT EXISTS unit text;
ALTER TABLE measures ADD COLUMN IF NOT EXISTS by_field boolean;
ALTER TABLE indicators ADD COLUMN IF NOT EXISTS direction text;
ALTER TABLE indicators ADD COLUMN IF NOT EXISTS source text;
"""


class Measure(NamedTuple):
    """Something counted: `kind` is flow, stock or survey."""

    name: str
    kind: str
    unit: str
    by_field: bool


def remember_fields(connection: Connection, received: Sequence[tuple[int, FieldDefined]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO fields VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [(e.field, e.version, e.name, e.in_force_from, position, e.recorded_at) for position, e in received],
        )


def remember_measures(connection: Connection, received: Sequence[tuple[int, MeasureDefined]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO measures VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                (e.measure, e.version, e.kind, e.in_force_from, e.recorded_at, e.name, e.unit, e.by_field)
                for _, e in received
            ],
        )


def remember_indicators(connection: Connection, received: Sequence[tuple[int, IndicatorDefined]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO indicators VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                (
                    event.indicator,
                    event.version,
                    event.name,
                    list(event.numerator),
                    list(event.denominator),
                    event.zero_denominator,
                    event.in_force_from,
                    position,
                    event.recorded_at,
                    event.direction,
                    event.source,
                )
                for position, event in received
            ],
        )


def definitions(connection: Connection, day: date, known_until: datetime) -> list[Definition]:
    """The version of each indicator in force on a day, in the order in which they were first defined.

    `day` is the period's last day for the formulas of then, and the day of the question for those of now.
    """
    rows = connection.execute(
        """
        SELECT indicator, version, name, numerator, denominator, zero_denominator, in_force_from, direction, source
        FROM (
            SELECT DISTINCT ON (indicator) *, min(position) OVER (PARTITION BY indicator) AS first
            FROM indicators WHERE in_force_from <= %s AND known_from < %s
            ORDER BY indicator, in_force_from DESC, version DESC
        ) AS in_force ORDER BY first
        """,
        (day, known_until),
    )
    return [
        Definition(name, version, title, tuple(over), tuple(under), zero, since, direction or "higher", source or "")
        for name, version, title, over, under, zero, since, direction, source in rows
    ]


def measures(connection: Connection, known_until: datetime) -> dict[str, Measure]:
    """The last version of each, by id; one that an earlier version of Reporting stored has its id for a name."""
    rows = connection.execute(
        "SELECT DISTINCT ON (measure) measure, coalesce(name, measure), kind, coalesce(unit, ''),"
        " coalesce(by_field, false) FROM measures WHERE known_from < %s ORDER BY measure, version DESC",
        (known_until,),
    )
    return {measure: Measure(*fields) for measure, *fields in rows}


def stocks(connection: Connection, known_until: datetime) -> list[str]:
    """The measures of which the latest counts; a measure's kind never changes."""
    return [name for name, measure in measures(connection, known_until).items() if measure.kind == "stock"]


def field_names(connection: Connection, known_until: datetime, day: date) -> dict[str, str]:
    """The name of each field in force on a day, by id, in the order of their first definition."""
    rows = connection.execute(
        """
        SELECT field, name FROM (
            SELECT DISTINCT ON (field) field, name, min(position) OVER (PARTITION BY field) AS first
            FROM fields WHERE known_from < %s AND in_force_from <= %s
            ORDER BY field, in_force_from DESC, version DESC
        ) AS in_force ORDER BY first
        """,
        (known_until, day),
    )
    return dict(rows.fetchall())
