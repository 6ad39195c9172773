"""Whether Reporting's tables were made by this version of the program; where they were not, nothing is read in them."""

from typing import Any, LiteralString

from psycopg import Connection

# One more whenever what is remembered changes so that tables of before have to be made again from the event stores.
VERSION = 2
# Tables that hold something already, and do not say by which version, are from before there was a version.
TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS read_model_version (version int NOT NULL);
INSERT INTO read_model_version
    SELECT CASE WHEN EXISTS (SELECT FROM tracking WHERE position > 0) THEN 1 ELSE 2 END
    WHERE NOT EXISTS (SELECT FROM read_model_version);
"""


class RebuildNeeded(RuntimeError):
    """The tables cannot answer as they are; the message tells the operator what to run."""


def require(connection: Connection[Any]) -> None:
    """The first statement of whoever reads or writes the tables. RebuildNeeded when another version made them.

    A lock and not only a question: the end of a rebuild waits for those who are at it, and they for its end. It comes
    before the transaction's snapshot, so that nobody reads half of the old tables and half of the new ones.
    """
    connection.execute("LOCK TABLE read_model_version IN ACCESS SHARE MODE")
    row = connection.execute("SELECT version FROM read_model_version").fetchone()
    if row is None or row[0] != VERSION:
        raise RebuildNeeded(
            "Reporting's tables were made by another version and are to be made again from the event stores;"
            " run: minhbach report rebuild"
        )
