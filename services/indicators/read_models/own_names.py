"""What each commune's office calls the columns and fields of its files. No figure follows from it: it is no event."""

from collections.abc import Iterable
from typing import LiteralString

from psycopg_pool import ConnectionPool

from services.indicators.readings_file.names.headings import plain
from services.indicators.readings_file.names.own import MOST, KeptNames

# `meaning` is a measure, "" of a column to pass over, or a field; `plain_name` is how names are compared.
TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS own_names (
    commune text NOT NULL, kind text NOT NULL, plain_name text NOT NULL, name text NOT NULL, meaning text NOT NULL,
    account text, kept_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (commune, kind, plain_name)
);
"""
KINDS = ("columns", "fields")


class CommuneNames:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def of(self, commune: str) -> KeptNames:
        found: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
        with self._pool.connection() as connection:
            rows = connection.execute(
                "SELECT kind, name, meaning FROM own_names WHERE commune = %s ORDER BY kept_at DESC LIMIT %s",
                (commune, MOST),
            )
            for kind, name, meaning in rows:
                found[kind][name] = meaning
        return KeptNames(columns=found["columns"], fields=found["fields"])

    def keep(self, commune: str, names: KeptNames, account: str | None) -> None:
        """A name in other letters replaces the one that is there; the others stay."""
        rows = [
            (commune, kind, plain(name), name, meaning, account)
            for kind, each in zip(KINDS, (names.columns, names.fields), strict=True)
            for name, meaning in each.items()
        ]
        with self._pool.connection() as connection, connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO own_names (commune, kind, plain_name, name, meaning, account)"
                " VALUES (%s, %s, %s, %s, %s, %s)"
                " ON CONFLICT (commune, kind, plain_name) DO UPDATE SET name = excluded.name,"
                " meaning = excluded.meaning, account = excluded.account, kept_at = now()",
                rows,
            )

    def forget(self, commune: str, names: Iterable[str]) -> None:
        """In whatever letters they are written."""
        if forgotten := [plain(name) for name in names]:
            with self._pool.connection() as connection:
                connection.execute(
                    "DELETE FROM own_names WHERE commune = %s AND plain_name = ANY(%s)", (commune, forgotten)
                )
