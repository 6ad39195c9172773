"""The new tables of Reporting in a schema of their own, filled by the same functions as those in use."""

from hashlib import sha256
from types import TracebackType

import psycopg
from psycopg import sql

from deploy.provision import OWNER
from deploy.rebuild.sources import Batch
from services.reporting.read_models import DERIVED, table_version
from services.reporting.subscribers import SUBSCRIPTIONS
from shared.messaging.following import follower
from shared.settings import Settings

SCHEMA = "reporting_next"
# Made for this version and these tables; what another version began cannot be used.
MADE_FOR = f"version {table_version.VERSION}, {sha256(DERIVED.encode()).hexdigest()[:16]}"


class NextTables:
    """Created, or found as an interrupted rebuild left them. Each batch is committed with its position."""

    def __init__(self, settings: Settings) -> None:
        self._connection = psycopg.connect(settings.database_url, connect_timeout=5, autocommit=True)

    def __enter__(self) -> "NextTables":
        with self._connection.transaction():
            self._make()
        self._connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
        self._connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(SCHEMA)))
        # A crash of the server may lose a batch together with its position: it is applied again.
        self._connection.execute("SET synchronous_commit TO off")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    def names(self) -> list[str]:
        """The tables that will replace those in use."""
        rows = self._connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (SCHEMA,))
        return sorted(table for (table,) in rows if table not in ("tracking", "read_model_version"))

    def position(self, source: str) -> int:
        row = self._connection.execute("SELECT position FROM tracking WHERE source = %s", (source,)).fetchone()
        return int(row[0]) if row else 0

    def apply(self, source: str, batch: Batch) -> None:
        with self._connection.transaction():
            SUBSCRIPTIONS[source].apply(self._connection, batch.events)
            self._connection.execute(
                "INSERT INTO tracking VALUES (%s, %s) ON CONFLICT (source) DO UPDATE SET position = excluded.position",
                (source, batch.position),
            )

    def gather_statistics(self) -> None:
        for table in self.names():
            self._connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))

    def _make(self) -> None:
        connection, schema = self._connection, sql.Identifier(SCHEMA)
        found = connection.execute("SELECT obj_description(to_regnamespace(%s))", (SCHEMA,)).fetchone()
        if found != (MADE_FOR,):
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
            connection.execute(sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(schema, sql.Identifier(OWNER)))
            connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(schema, sql.Literal(MADE_FOR)))
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
            connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(schema))
            for statements in (follower.TABLES, table_version.TABLES, DERIVED):
                connection.execute(statements)
