"""The table of settled submissions, each id of a commune once, and the room for bodies that could not be read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import LiteralString, NamedTuple

from psycopg.errors import UniqueViolation
from psycopg_pool import ConnectionPool

from shared.contracts import Receipt
from shared.messaging.intake.bodies import Unreadable
from shared.messaging.intake.submissions import Submitted
from shared.record.event_store import IntegrityError, Statement

INBOX_TABLE: LiteralString = """
CREATE TABLE IF NOT EXISTS inbox (
    commune text, submission_id text, sha256 text NOT NULL, receipt text NOT NULL, received_at timestamptz NOT NULL,
    PRIMARY KEY (commune, submission_id)
);
"""
# The beginning of the ids of the desk: others than those of a commune's own submissions, which the commune chooses.
OF_ACCOUNTS: LiteralString = "desk/"
# As texts of JSON: a reason is not made a text of PostgreSQL, which holds less.
PARKED: LiteralString = "coalesce((receipt::json -> 'parked')::text, 'null') <> 'null'"
PROBLEM: LiteralString = f"((receipt::json -> 'refused')::text <> '[]' OR {PARKED})"
OF_MACHINES: LiteralString = f"submission_id NOT LIKE '{OF_ACCOUNTS}%'"
# For an operator's questions: of a year's submissions few were refused, and of each commune only the last is asked for.
INBOX_INDEXES: LiteralString = f"""
CREATE INDEX IF NOT EXISTS inbox_problems ON inbox (received_at) WHERE {PROBLEM};
CREATE INDEX IF NOT EXISTS inbox_of_machines ON inbox (commune, received_at) WHERE {OF_MACHINES};
"""

# Unreadable bodies that a service keeps of one commune: a program that was never right sends some hundred.
MOST_PARKED = 5_000
MOST_PARKED_BYTES = 32 * 1024 * 1024


class Settled(NamedTuple):
    """A submission id that was settled before; `is_parked`: the content that comes now under it is kept already."""

    receipt: str
    sha256: str
    is_parked: bool


class Inbox:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def receipt(self, commune: str, submission_id: str) -> str | None:
        with self._pool.connection() as connection:
            row = connection.execute(
                "SELECT receipt FROM inbox WHERE commune = %s AND submission_id = %s", (commune, submission_id)
            ).fetchone()
        return row[0] if row else None

    def save(self, statements: Sequence[Statement]) -> None:
        """Run statements in one transaction. IntegrityError where another instance was faster."""
        try:
            with self._pool.connection() as connection:
                for statement, parameters in statements:
                    connection.execute(statement.encode(), parameters)
        except UniqueViolation as faster:
            raise IntegrityError(str(faster)) from faster

    def settled(self, submitted: Sequence[Submitted]) -> dict[tuple[str, str], Settled]:
        """Those whose id was settled before, with this content or with another one."""
        with self._pool.connection() as connection:
            rows = connection.execute(
                """
                SELECT requested.commune, requested.submission_id, inbox.receipt, inbox.sha256,
                    parked.sha256 IS NOT NULL
                FROM unnest(%s::text[], %s::text[], %s::text[]) AS requested (commune, submission_id, sha256)
                JOIN inbox USING (commune, submission_id)
                LEFT JOIN parked ON (parked.commune, parked.submission_id, parked.sha256)
                    = (requested.commune, requested.submission_id, requested.sha256)
                """,
                ([s.commune for s in submitted], [s.submission_id for s in submitted], [s.sha256 for s in submitted]),
            ).fetchall()
        return {(commune, submission_id): Settled(*found) for commune, submission_id, *found in rows}

    def with_room(self, submitted: Sequence[Submitted]) -> list[Submitted]:
        """The same submissions; those whose body would be parked beyond the limits of their commune have no room."""
        bodies, sizes = self._parked({each.commune for each in submitted if _is_parked(each)})
        found = []
        for each in submitted:
            if _is_parked(each):
                bodies[each.commune] += 1
                sizes[each.commune] += len(each.body)
                if bodies[each.commune] > MOST_PARKED or sizes[each.commune] > MOST_PARKED_BYTES:
                    found.append(replace(each, has_room=False))
                    continue
            found.append(each)
        return found

    def _parked(self, communes: set[str]) -> tuple[Counter[str], Counter[str]]:
        """How many bodies are parked of each commune, and their bytes."""
        if not communes:
            return Counter(), Counter()
        with self._pool.connection() as connection:
            rows = connection.execute(
                "SELECT commune, count(*), sum(octet_length(body)) FROM parked WHERE commune = ANY(%s) GROUP BY 1",
                (list(communes),),
            ).fetchall()
        return Counter({row[0]: row[1] for row in rows}), Counter({row[0]: int(row[2]) for row in rows})


def _is_parked(submitted: Submitted) -> bool:
    return isinstance(submitted.content, Unreadable) or bool(submitted.malformed)


def keep(receipts: Sequence[Receipt], at: datetime) -> Statement:
    return (
        "INSERT INTO inbox SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])",
        (
            [r.commune for r in receipts],
            [r.submission_id for r in receipts],
            [r.sha256 for r in receipts],
            [r.model_dump_json() for r in receipts],
            [at for _ in receipts],
        ),
    )
