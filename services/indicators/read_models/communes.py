"""The communes that take part: their latest names, which exist no longer, and the time spans of their plans."""

from collections.abc import Sequence

from psycopg import Connection

from shared.contracts.planning import CommuneDivided, CommuneMerged, CommuneRegistered, CommuneRenamed, PlanIssued
from shared.messaging.following import places
from shared.messaging.following.follower import ReceivedEvent

TABLES = """
CREATE TABLE IF NOT EXISTS communes (commune text PRIMARY KEY);
ALTER TABLE communes ADD COLUMN IF NOT EXISTS name text;
CREATE TABLE IF NOT EXISTS commune_endings (
    commune text PRIMARY KEY, gone_from date NOT NULL, successor text NOT NULL
);
CREATE TABLE IF NOT EXISTS plan_spans (plan_id text PRIMARY KEY, commune text, span_from date, span_until date);
ALTER TABLE plan_spans ADD COLUMN IF NOT EXISTS regime text;
"""
# What Planning announced before this version remembered where communes are is taken once more.
TAKE_AGAIN = """
DO $$ BEGIN IF to_regclass('place_provinces') IS NULL THEN
    UPDATE tracking SET position = 0 WHERE source = 'planning';
END IF; END $$;
"""


def register(connection: Connection, received: Sequence[ReceivedEvent]) -> None:
    set_name(connection, received)
    places.set_province(connection, received)


def set_name(connection: Connection, received: Sequence[ReceivedEvent]) -> None:
    for _, event in received:
        assert isinstance(event, CommuneRegistered | CommuneRenamed)
        connection.execute(
            "INSERT INTO communes VALUES (%s, %s) ON CONFLICT (commune) DO UPDATE SET name = excluded.name",
            (event.commune, event.name),
        )


def set_end(connection: Connection, received: Sequence[ReceivedEvent]) -> None:
    places.set_end(connection, received)
    for _, event in received:
        assert isinstance(event, CommuneMerged | CommuneDivided)
        successor = event.into if isinstance(event, CommuneMerged) else event.into[0].commune  # the main one is first
        connection.execute(
            "INSERT INTO commune_endings VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (event.commune, event.in_force_from, successor),
        )


def set_plan_span(connection: Connection, received: Sequence[ReceivedEvent]) -> None:
    for _, event in received:
        assert isinstance(event, PlanIssued)
        connection.execute(
            "INSERT INTO plan_spans VALUES (%s, %s, %s, %s, %s) ON CONFLICT (plan_id) DO UPDATE"
            " SET span_from = excluded.span_from, span_until = excluded.span_until, regime = excluded.regime",
            (event.plan_id, event.commune, event.span_from, event.span_until, event.regime),
        )
