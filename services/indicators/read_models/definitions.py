"""The versions of definitions: one row a version, so that of two revisions of one version only one can be saved."""

from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from services.indicators.domain.definition import Definition
from shared.record.event_store import Statement
from shared.record.pool import reading

TABLES = """
CREATE TABLE IF NOT EXISTS definitions (
    kind text, name text, revision int, definition jsonb NOT NULL, in_force_from date NOT NULL,
    PRIMARY KEY (kind, name, revision)
);
"""


class Definitions:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def names(self, kind: str) -> list[str]:
        with reading(self._pool) as connection:
            rows = connection.execute("SELECT DISTINCT name FROM definitions WHERE kind = %s ORDER BY name", (kind,))
            return [name for (name,) in rows]

    def measures_of(self, indicator: str) -> list[str]:
        """Those of every version of an indicator, by name; empty for an unknown one."""
        with reading(self._pool) as connection:
            rows = connection.execute(
                """
                SELECT DISTINCT jsonb_array_elements_text((definition->'numerator') || (definition->'denominator'))
                FROM definitions WHERE kind = 'indicator' AND name = %s ORDER BY 1
                """,
                (indicator,),
            )
            return [measure for (measure,) in rows]

    @staticmethod
    def insert(definition: Definition) -> Statement:
        """To be run in the transaction of the event that defines the last version."""
        last = definition.versions[-1]
        return (
            "INSERT INTO definitions VALUES (%s, %s, %s, %s, %s)",
            (definition.kind, definition.name, last.revision, Jsonb(last.definition), last.in_force_from),
        )
