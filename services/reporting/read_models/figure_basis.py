"""What the figures of a period rest on, as positions: whoever keeps figures sees with these that they still hold."""

from collections.abc import Hashable
from typing import LiteralString

from psycopg import Connection

# The tables that rules come from have rows added and none changed. A rebuild makes other tables, with other oids.
RULES: LiteralString = """
    SELECT (SELECT count(*) FROM communes), (SELECT max(position) FROM successions),
        (SELECT max(position) FROM commune_changes), (SELECT max(position) FROM plans),
        (SELECT count(*) FROM plan_closings), (SELECT max(position) FROM indicators),
        (SELECT max(position) FROM fields), (SELECT count(*) FROM measures), 'field_totals'::regclass::oid::bigint
"""


def rules_known(connection: Connection) -> Hashable:
    """Equal as long as no definition, plan, commune or succession became known."""
    return connection.execute(RULES).fetchone()


def counts_known(connection: Connection, halves: tuple[int, int]) -> dict[str, int]:
    """By commune the position of the last change of its counts in these half months, both inclusive."""
    rows = connection.execute(
        "SELECT commune, max(position) FROM recounts WHERE half BETWEEN %s AND %s GROUP BY commune", halves
    )
    return dict(rows.fetchall())
