"""Every count of every reading with the interval in which it was known, and the sums that follow from it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from psycopg import Connection

from services.reporting.read_models.definitions import stocks as stocks_known
from shared.clock import day_of
from shared.contracts import Event, Refused
from shared.contracts.indicators import MessageParked, ReplacedReading, SubmissionReceipted
from shared.contracts.planning import MessageParked as ParkedByPlanning
from shared.tracking import Heard

# `is_first` marks one row of each reading, so that readings are counted where counts are summed.
TABLES = """
CREATE TABLE IF NOT EXISTS counts (
    commune text, reading_id text, version int, measure text, field text, observed_on date NOT NULL,
    amount bigint NOT NULL, is_first boolean NOT NULL, known_from timestamptz NOT NULL, known_until timestamptz,
    PRIMARY KEY (commune, reading_id, version, measure)
);
CREATE INDEX IF NOT EXISTS counts_observed_on ON counts (observed_on);
CREATE TABLE IF NOT EXISTS refusals (
    position bigint, number int, commune text NOT NULL, rule text NOT NULL, day date NOT NULL,
    known_from timestamptz NOT NULL, PRIMARY KEY (position, number)
);
CREATE TABLE IF NOT EXISTS parked_messages (
    source text, position bigint, commune text NOT NULL, day date NOT NULL, known_from timestamptz NOT NULL,
    PRIMARY KEY (source, position)
);
"""
HEARD: tuple[type[Event], ...] = (SubmissionReceipted, MessageParked)


class Summed(NamedTuple):
    """Sums by (commune, measure), and how many readings stand by commune."""

    sums: dict[tuple[str, str], int]
    readings: dict[str, int]


def remember(connection: Connection[Any], heard: Sequence[Heard]) -> None:
    receipted = [(position, event) for position, event in heard if isinstance(event, SubmissionReceipted)]
    _insert(connection, [event for _, event in receipted])
    _end(connection, [event for _, event in receipted])
    for position, event in heard:
        match event:
            case SubmissionReceipted(refused=refused) if refused:
                _remember_refusals(connection, position, event)
            case MessageParked():
                remember_parked(connection, "indicators", position, event)


def _insert(connection: Connection[Any], receipted: Sequence[SubmissionReceipted]) -> None:
    with connection.cursor() as cursor, cursor.copy("COPY counts FROM STDIN") as copy:
        for event in receipted:
            at = event.recorded_at
            for reading in (*event.recorded, *event.corrected):
                is_first = True
                for measure, amount in reading.values.items():
                    copy.write_row((
                        event.commune, reading.reading_id, reading.version, measure, reading.field,
                        reading.observed_on, amount, is_first, at, None,
                    ))  # fmt: skip
                    is_first = False


def _end(connection: Connection[Any], receipted: Sequence[SubmissionReceipted]) -> None:
    """What was corrected or withdrawn is no longer known from then on."""
    ended: list[tuple[str, ReplacedReading, datetime]] = [
        (event.commune, reading, event.recorded_at)
        for event in receipted
        for reading in (*event.corrected, *event.withdrawn)
    ]
    if ended:
        connection.execute(
            """
            UPDATE counts SET known_until = ended.at
            FROM unnest(%s::text[], %s::text[], %s::int[], %s::timestamptz[])
                AS ended (commune, reading_id, version, at)
            WHERE counts.commune = ended.commune AND counts.reading_id = ended.reading_id
                AND counts.version = ended.version
            """,
            (
                [commune for commune, _, _ in ended],
                [reading.reading_id for _, reading, _ in ended],
                [reading.version - 1 for _, reading, _ in ended],
                [at for _, _, at in ended],
            ),
        )


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


def summed(
    connection: Connection[Any], communes: list[str], window: tuple[date, date], known_until: datetime
) -> Summed:
    """Flows and surveys summed over a window (both days inclusive); of a stock the latest day's counts.

    One table a statement: a planner that has no statistics yet cannot choose a bad join.
    """
    stocks = stocks_known(connection, known_until)
    known = {
        "communes": communes,
        "start": window[0],
        "until": window[1],
        "known": known_until,
        "stocks": stocks,
    }
    readings: dict[str, int] = {}
    sums: dict[tuple[str, str], int] = {}
    for commune, measure, total, first in connection.execute(FLOWS, known):
        readings[commune] = readings.get(commune, 0) + first
        if measure not in stocks:
            sums[commune, measure] = total
    for commune, measure, total in connection.execute(STOCKS, known) if stocks else ():
        sums[commune, measure] = sums.get((commune, measure), 0) + total
    return Summed(sums, readings)


KNOWN = """
    FROM counts WHERE observed_on BETWEEN %(start)s AND %(until)s AND commune = ANY(%(communes)s)
    AND known_from < %(known)s AND (known_until IS NULL OR known_until >= %(known)s)
"""
FLOWS = f"""
    SELECT commune, measure, sum(amount)::bigint, count(*) FILTER (WHERE is_first) {KNOWN} GROUP BY commune, measure
"""
STOCKS = f"""
    SELECT DISTINCT ON (commune, measure, field) commune, measure, sum(amount)::bigint {KNOWN}
    AND measure = ANY(%(stocks)s)
    GROUP BY commune, measure, field, observed_on ORDER BY commune, measure, field, observed_on DESC
"""


def by_field(
    connection: Connection[Any], communes: list[str], window: tuple[date, date], known_until: datetime
) -> dict[tuple[str, str, str], int]:
    """The same by (commune, measure, field), "" where a measure has none."""
    known = {
        "communes": communes,
        "start": window[0],
        "until": window[1],
        "known": known_until,
        "stocks": stocks_known(connection, known_until),
    }
    flows = connection.execute(
        f"SELECT commune, measure, coalesce(field, ''), sum(amount)::bigint {KNOWN}"
        " AND NOT measure = ANY(%(stocks)s) GROUP BY 1, 2, 3",
        known,
    ).fetchall()
    levels = connection.execute(
        "SELECT DISTINCT ON (commune, measure, field) commune, measure, coalesce(field, ''), sum(amount)::bigint"
        f" {KNOWN} AND measure = ANY(%(stocks)s)"
        " GROUP BY commune, measure, field, observed_on ORDER BY commune, measure, field, observed_on DESC",
        known,
    ).fetchall()
    return {(commune, measure, field): n for commune, measure, field, n in [*flows, *levels]}


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
