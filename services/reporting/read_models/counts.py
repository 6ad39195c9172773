"""What is counted and what was refused, each since when; the sums themselves are figures'."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from psycopg import Connection

from services.reporting.domain.evidence import Definition
from services.reporting.read_models import figures
from services.reporting.read_models.figures import Summed, by_field, corrections_between, summed
from shared.clock import day_of
from shared.contracts import Event, Refused
from shared.contracts.indicators import (
    IndicatorDefined,
    MeasureDefined,
    MessageParked,
    SubmissionReceipted,
)
from shared.contracts.planning import MessageParked as ParkedByPlanning
from shared.tracking import Heard

__all__ = [
    "HEARD",
    "TABLES",
    "Summed",
    "by_field",
    "corrections_between",
    "definitions",
    "parked",
    "refused",
    "remember",
    "remember_parked",
    "summed",
]

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
CREATE TABLE IF NOT EXISTS refusals (
    position bigint, number int, commune text NOT NULL, rule text NOT NULL, day date NOT NULL,
    known_from timestamptz NOT NULL, PRIMARY KEY (position, number)
);
CREATE INDEX IF NOT EXISTS refusals_day ON refusals (day);
CREATE TABLE IF NOT EXISTS parked_messages (
    source text, position bigint, commune text NOT NULL, day date NOT NULL, known_from timestamptz NOT NULL,
    PRIMARY KEY (source, position)
);
CREATE INDEX IF NOT EXISTS parked_messages_day ON parked_messages (day);
"""
HEARD: tuple[type[Event], ...] = (MeasureDefined, IndicatorDefined, SubmissionReceipted, MessageParked)


def remember(connection: Connection[Any], heard: Sequence[Heard]) -> None:
    for position, event in heard:
        match event:
            case SubmissionReceipted(refused=refused) if refused:
                _remember_refusals(connection, position, event)
            case MessageParked():
                remember_parked(connection, "indicators", position, event)
            case MeasureDefined():
                _remember_measure(connection, event)
            case IndicatorDefined():
                _remember_indicator(connection, position, event)
    figures.remember(connection, heard)


def remember_parked(
    connection: Connection[Any], source: str, position: int, event: MessageParked | ParkedByPlanning
) -> None:
    row = (source, position, event.commune, day_of(event.recorded_at), event.recorded_at)
    connection.execute("INSERT INTO parked_messages VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING", row)


def _remember_refusals(connection: Connection[Any], position: int, event: SubmissionReceipted) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO refusals VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                (
                    position,
                    number,
                    event.commune,
                    refused.rule,
                    refusal_day(refused, event.recorded_at),
                    event.recorded_at,
                )
                for number, refused in enumerate(event.refused)
            ],
        )


def refusal_day(refused: Refused, recorded_at: datetime) -> date:
    """The day a refusal is reported under: the reading's own, unless that lies ahead or is not known."""
    arrived = day_of(recorded_at)
    return min(refused.observed_on or arrived, arrived)


def _remember_measure(connection: Connection[Any], event: MeasureDefined) -> None:
    connection.execute(
        "INSERT INTO measures VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (event.measure, event.version, event.kind, event.in_force_from, event.recorded_at),
    )


def _remember_indicator(connection: Connection[Any], position: int, event: IndicatorDefined) -> None:
    connection.execute(
        "INSERT INTO indicators VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
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
        ),
    )


def definitions(connection: Connection[Any], day: date, known_until: datetime) -> list[Definition]:
    """The version of each indicator in force on a day, in the order in which they were first defined."""
    rows = connection.execute(
        """
        SELECT indicator, version, name, numerator, denominator, zero_denominator, in_force_from FROM (
            SELECT DISTINCT ON (indicator) *, min(position) OVER (PARTITION BY indicator) AS first
            FROM indicators WHERE in_force_from <= %s AND known_from < %s
            ORDER BY indicator, in_force_from DESC, version DESC
        ) AS in_force ORDER BY first
        """,
        (day, known_until),
    )
    return [Definition(i, v, n, tuple(over), tuple(under), z, f) for i, v, n, over, under, z, f in rows]


def refused(
    connection: Connection[Any], communes: list[str], window: tuple[date, date], known_until: datetime
) -> dict[tuple[str, str], int]:
    """How many readings were refused, by (commune, rule); also those of communes that nobody registered."""
    rows = connection.execute(
        """
        SELECT commune, rule, count(*) FROM refusals WHERE day BETWEEN %s AND %s AND known_from < %s
        AND (commune = ANY(%s) OR NOT EXISTS (SELECT FROM communes WHERE communes.commune = refusals.commune))
        GROUP BY commune, rule
        """,
        (*window, known_until, communes),
    )
    return {(commune, rule): count for commune, rule, count in rows}


def parked(
    connection: Connection[Any], communes: list[str], window: tuple[date, date], known_until: datetime
) -> dict[str, int]:
    """How many messages nobody could read, by commune."""
    rows = connection.execute(
        "SELECT commune, count(*) FROM parked_messages"
        " WHERE day BETWEEN %s AND %s AND known_from < %s AND commune = ANY(%s) GROUP BY commune",
        (*window, known_until, communes),
    )
    return dict(rows.fetchall())
