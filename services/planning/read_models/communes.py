"""The communes that take part."""

import json
from collections.abc import Sequence
from typing import Any, LiteralString, NamedTuple

from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from services.planning.domain.commune import Commune
from shared.event_store import Statement

TABLE: LiteralString = """
CREATE TABLE IF NOT EXISTS communes (
    commune text PRIMARY KEY, code text NOT NULL, name text NOT NULL, province text NOT NULL
);
CREATE INDEX IF NOT EXISTS communes_by_code ON communes (code);
"""


class RegisteredCommune(NamedTuple):
    commune: str
    code: str
    name: str
    province: str


class Communes:
    def __init__(self, pool: "ConnectionPool[Any]") -> None:
        self._pool = pool

    def of(self, province: str | None = None) -> list[RegisteredCommune]:
        """Those of a province, or all, in the order of their codes."""
        return self._asked("WHERE province = coalesce(%s, province)", province)

    def with_code(self, code: str) -> RegisteredCommune | None:
        return next(iter(self._asked("WHERE code = %s", code)), None)

    def code_of(self, commune: str) -> str | None:
        return next((found.code for found in self._asked("WHERE commune = %s", commune)), None)

    def without_plan(self, province: str, regime: str, year: int) -> list[RegisteredCommune]:
        """Those of a province that have no plan of a regime for a year."""
        return self._asked(
            "WHERE province = %s AND NOT EXISTS (SELECT FROM plans"
            " WHERE plans.commune = communes.commune AND regime = %s AND year = %s)",
            province,
            regime,
            year,
        )

    def _asked(self, condition: LiteralString, *parameters: object) -> list[RegisteredCommune]:
        query: LiteralString = f"SELECT commune, code, name, province FROM communes {condition} ORDER BY code"  # noqa: S608
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(RegisteredCommune)) as rows:
            found: list[RegisteredCommune] = rows.execute(query, parameters).fetchall()
            return found

    @staticmethod
    def rows(communes: Sequence[Commune]) -> list[Statement]:
        rows = [{"commune": c.commune, "code": c.code, "name": c.name, "province": c.province} for c in communes]
        insert = (
            "INSERT INTO communes SELECT * FROM jsonb_to_recordset(%s::jsonb)"
            " AS new (commune text, code text, name text, province text)"
        )
        return [(insert, [json.dumps(rows)])]
