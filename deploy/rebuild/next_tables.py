"""Reporting's tables of tomorrow: the same statements fill them as fill the living ones, in a schema of their own."""

from hashlib import sha256
from types import TracebackType

import psycopg
from psycopg import sql

from deploy.provision import OWNER
from deploy.rebuild.sources import Batch
from services.reporting.read_models import DERIVED, HEARD_OF_INDICATORS, HEARD_OF_PLANNING, built, remembering
from shared import tracking
from shared.settings import Settings

SCHEMA = "reporting_next"
HEARD = {
    "planning": {event.subject for event in HEARD_OF_PLANNING},
    "indicators": {event.subject for event in HEARD_OF_INDICATORS},
}
# Made for this version and these tables; what another version began is of no use.
MADE_FOR = f"version {built.VERSION}, {sha256(DERIVED.encode()).hexdigest()[:16]}"


class NextTables:
    """Made or found half full: `with NextTables(settings) as tables:`. Each batch is committed with its position."""

    def __init__(self, settings: Settings) -> None:
        self._connection = psycopg.connect(settings.database_url, connect_timeout=5, autocommit=True)

    def __enter__(self) -> "NextTables":
        with self._connection.transaction():
            self._make()
        self._connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
        self._connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(SCHEMA)))
        # What a crash of the server takes away is a batch with its position: it is applied again.
        self._connection.execute("SET synchronous_commit TO off")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    def names(self) -> list[str]:
        """The tables that are to take the place of the living ones."""
        rows = self._connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (SCHEMA,))
        return sorted(table for (table,) in rows if table not in ("tracking", "read_model_version"))

    def position(self, source: str) -> int:
        row = self._connection.execute("SELECT position FROM tracking WHERE source = %s", (source,)).fetchone()
        return int(row[0]) if row else 0

    def apply(self, source: str, batch: Batch) -> None:
        heard = [one for one in batch.heard if one.event.subject in HEARD[source]]
        with self._connection.transaction():
            remembering(source)(self._connection, heard)
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
            for statements in (tracking.TABLES, built.TABLES, DERIVED):
                connection.execute(statements)
