"""The version of the program that made Reporting's tables; nobody reads or writes tables of another version."""

from collections.abc import Sequence
from typing import LiteralString

from psycopg import Connection

from shared.messaging.following.follower import ReceivedEvent

# One more whenever the read models change so that older tables have to be made again from the event stores.
VERSION = 5
# Tables that already hold rows but no version are older than the first version.
TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS read_model_version (version int NOT NULL);
INSERT INTO read_model_version
    SELECT CASE WHEN EXISTS (SELECT FROM tracking WHERE position > 0) THEN 1 ELSE 5 END
    WHERE NOT EXISTS (SELECT FROM read_model_version);
"""


class RebuildNeeded(RuntimeError):
    """The tables cannot answer as they are; the message names the command to run."""


def require(connection: Connection) -> None:
    """The first statement of every transaction on the tables. RebuildNeeded when another version made them.

    A lock and not only a query: the end of a rebuild waits for running transactions, and they for its end. It comes
    before the transaction's snapshot, so that nobody reads half of the old tables and half of the new ones.
    """
    both = connection.execute(
        "LOCK TABLE read_model_version IN ACCESS SHARE MODE; SELECT version FROM read_model_version", prepare=False
    )
    both.nextset()
    row = both.fetchone()
    if row is None or row[0] != VERSION:
        raise RebuildNeeded(
            "Reporting's tables were made by another version and are to be made again from the event stores;"
            " run: minhbach report rebuild"
        )


def require_for_batch(connection: Connection, _: Sequence[ReceivedEvent]) -> None:
    """Before a batch of received events is applied."""
    require(connection)
