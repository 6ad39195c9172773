"""What is measured and what the indicators mean, version after version, and which version was in force when."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from psycopg import Connection

from services.reporting.domain.evidence import Definition
from shared.contracts import Event
from shared.contracts.indicators import FieldDefined, IndicatorDefined, MeasureDefined
from shared.tracking import Heard

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
HEARD: tuple[type[Event], ...] = (FieldDefined, MeasureDefined, IndicatorDefined)


class Measure(NamedTuple):
    """What is counted: `kind` is flow, stock or survey."""

    name: str
    kind: str
    unit: str
    by_field: bool


def remember(connection: Connection[Any], heard: Sequence[Heard]) -> None:
    for position, event in heard:
        match event:
            case FieldDefined():
                _remember_field(connection, position, event)
            case MeasureDefined():
                _remember_measure(connection, event)
            case IndicatorDefined():
                _remember_indicator(connection, position, event)


def _remember_field(connection: Connection[Any], position: int, event: FieldDefined) -> None:
    connection.execute(
        "INSERT INTO fields VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (event.field, event.version, event.name, event.in_force_from, position, event.recorded_at),
    )


def _remember_measure(connection: Connection[Any], event: MeasureDefined) -> None:
    connection.execute(
        "INSERT INTO measures VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (
            event.measure,
            event.version,
            event.kind,
            event.in_force_from,
            event.recorded_at,
            event.name,
            event.unit,
            event.by_field,
        ),
    )


def _remember_indicator(connection: Connection[Any], position: int, event: IndicatorDefined) -> None:
    connection.execute(
        "INSERT INTO indicators VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
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
        ),
    )


def definitions(connection: Connection[Any], day: date, known_until: datetime) -> list[Definition]:
    """The version of each indicator in force on a day, in the order in which they were first defined.

    Figures as they were meant then take the period's last day, as they are meant now the day at which they are known.
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


def measures(connection: Connection[Any], known_until: datetime) -> dict[str, Measure]:
    """By id, as last said; one that was heard of by an earlier version of Reporting has its id for a name."""
    rows = connection.execute(
        "SELECT DISTINCT ON (measure) measure, coalesce(name, measure), kind, coalesce(unit, ''),"
        " coalesce(by_field, false) FROM measures WHERE known_from < %s ORDER BY measure, version DESC",
        (known_until,),
    )
    return {measure: Measure(*said) for measure, *said in rows}


def stocks(connection: Connection[Any], known_until: datetime) -> list[str]:
    """The measures of which the latest counts; a measure's kind never changes."""
    return [measure for measure, said in measures(connection, known_until).items() if said.kind == "stock"]


def field_names(connection: Connection[Any], known_until: datetime, day: date) -> dict[str, str]:
    """What forms print of each field, by id: the name in force on a day, in the order of their first definition."""
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
