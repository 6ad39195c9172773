"""The refused readings and the parked messages, each since when it was known."""

from collections.abc import Sequence
from datetime import date, datetime

from psycopg import Connection

from services.reporting.domain.drafts.evidence import refusal_day
from shared.clock import day_of
from shared.contracts.indicators import MessageParked, SubmissionReceipted
from shared.contracts.planning import MessageParked as ParkedByPlanning
from shared.messaging.following.follower import Apply

TABLES = """
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


def remember_refusals(connection: Connection, received: Sequence[tuple[int, SubmissionReceipted]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO refusals VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                (
                    position,
                    number,
                    event.commune,
                    refused.rule,
                    refusal_day(refused.observed_on, day_of(event.recorded_at)),
                    event.recorded_at,
                )
                for position, event in received
                for number, refused in enumerate(event.refused)
            ],
        )


def remember_parked(source: str) -> Apply:
    """The parked messages of a source."""

    def remember(connection: Connection, received: Sequence[tuple[int, MessageParked | ParkedByPlanning]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO parked_messages VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [
                    (source, position, event.commune, day_of(event.recorded_at), event.recorded_at)
                    for position, event in received
                ],
            )

    return remember


def refused(
    connection: Connection, communes: list[str], window: tuple[date, date], known_until: datetime
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
    connection: Connection, communes: list[str], window: tuple[date, date], known_until: datetime
) -> dict[str, int]:
    """How many messages nobody could read, by commune."""
    rows = connection.execute(
        "SELECT commune, count(*) FROM parked_messages"
        " WHERE day BETWEEN %s AND %s AND known_from < %s AND commune = ANY(%s) GROUP BY commune",
        (*window, known_until, communes),
    )
    return dict(rows.fetchall())
