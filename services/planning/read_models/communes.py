"""The communes that take part or did: what is said of each from which day on, and into whom it went."""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import Any, LiteralString, NamedTuple

from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from services.planning.domain.commune import Commune
from shared.event_store import Statement

# `communes` says of each what was said last. The rows of an earlier version are of communes that came on one day.
TABLE: LiteralString = """
CREATE TABLE IF NOT EXISTS communes (
    commune text PRIMARY KEY, code text NOT NULL, name text NOT NULL, province text NOT NULL
);
ALTER TABLE communes ADD COLUMN IF NOT EXISTS gone_from date;
CREATE INDEX IF NOT EXISTS communes_by_code ON communes (code);
CREATE TABLE IF NOT EXISTS commune_spells (
    commune text, place int, in_force_from date, code text NOT NULL, name text NOT NULL, province text NOT NULL,
    PRIMARY KEY (commune, place)
);
CREATE INDEX IF NOT EXISTS commune_spells_by_code ON commune_spells (code);
INSERT INTO commune_spells SELECT commune, 0, DATE '2025-07-01', code, name, province FROM communes
ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS commune_successions (
    commune text, place int, successor text NOT NULL, in_force_from date NOT NULL, PRIMARY KEY (commune, place)
);
CREATE INDEX IF NOT EXISTS commune_successions_by_successor ON commune_successions (successor);
"""
# What is said on a day of each commune that is not gone by then; of one that is still to come, what is said first.
SAID_ON: LiteralString = """
    SELECT commune, said.code, said.name, said.province, said.in_force_from, gone_from
    FROM communes JOIN LATERAL (
        SELECT *, in_force_from IS NULL OR in_force_from <= %(day)s AS is_there FROM commune_spells
        WHERE commune_spells.commune = communes.commune
        ORDER BY is_there DESC, CASE WHEN in_force_from IS NULL OR in_force_from <= %(day)s THEN -place ELSE place END
        LIMIT 1
    ) AS said USING (commune)
    WHERE (gone_from IS NULL OR gone_from > %(day)s)
"""


class RegisteredCommune(NamedTuple):
    """What is said of it from `in_force_from` on, null where nobody said since when; it is there until `gone_from`."""

    commune: str
    code: str
    name: str
    province: str
    in_force_from: date | None = None
    gone_from: date | None = None

    @classmethod
    def on(cls, day: date, commune: Commune) -> "RegisteredCommune":
        said = commune.on(day)
        return cls(commune.commune, said.code, said.name, said.province, said.in_force_from, commune.gone_from)


class Communes:
    def __init__(self, pool: "ConnectionPool[Any]", today: Callable[[], date]) -> None:
        self._pool = pool
        self._today = today

    def of(self, province: str | None = None, day: date | None = None) -> list[RegisteredCommune]:
        """Those of a province, or all, that are not gone by a day (today), in the order of their codes."""
        return self._asked("AND said.province = coalesce(%(province)s, said.province)", day, province=province)

    def with_code(self, code: str, day: date | None = None, *, but: str | None = None) -> RegisteredCommune | None:
        """Whose code it is on a day (today); on a day before any had it, whose it will be first. `but`: not this one.

        A code may have been another commune's, and may become one.
        """
        found = self._asked(
            "AND commune IN (SELECT commune FROM commune_spells WHERE code = %(code)s)"
            " AND said.code = %(code)s AND commune <> %(but)s",
            day,
            code=code,
            but=but or "",
        )
        return found[0] if code and found else None

    def named(self, said: str, day: date | None = None) -> RegisteredCommune | None:
        """Whose code it is on a day (today), else whose own id, be it gone or not."""
        return self.with_code(said, day) or self._with_id(said)

    def ids(self) -> set[str]:
        """Of all that ever took part."""
        with self._pool.connection() as connection:
            return {commune for (commune,) in connection.execute("SELECT commune FROM communes")}

    def without_plan(self, province: str, regime: str, year: int) -> list[RegisteredCommune]:
        """Those of a province that have no plan of a regime for a year, and whose end is not known."""
        return self._asked(
            "AND said.province = %(province)s AND gone_from IS NULL AND NOT EXISTS (SELECT FROM plans"
            " WHERE plans.commune = communes.commune AND regime = %(regime)s AND year = %(year)s)",
            province=province,
            regime=regime,
            year=year,
        )

    def predecessors_of(self, commune: str) -> list[str]:
        """The ids of those that went into it, as a whole or in part."""
        with self._pool.connection() as connection:
            query = "SELECT commune FROM commune_successions WHERE successor = %s ORDER BY in_force_from, commune"
            return [predecessor for (predecessor,) in connection.execute(query, (commune,))]

    def received_from(self, commune: str) -> date | None:
        """The last day from which another went into it."""
        with self._pool.connection() as connection:
            query = "SELECT max(in_force_from) FROM commune_successions WHERE successor = %s"
            row = connection.execute(query, (commune,)).fetchone()
        return row[0] if row else None

    def alone(self) -> AbstractContextManager[None]:
        """Nobody changes what becomes of a commune meanwhile: each change looks at several."""
        return _alone(self._pool)

    def _with_id(self, commune: str) -> RegisteredCommune | None:
        query = "SELECT commune, code, name, province, NULL::date AS in_force_from, gone_from FROM communes"
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(RegisteredCommune)) as rows:
            found: RegisteredCommune | None = rows.execute(f"{query} WHERE commune = %s", (commune,)).fetchone()
            return found

    def _asked(self, condition: LiteralString, day: date | None = None, **asked: object) -> list[RegisteredCommune]:
        # Of two with one code, the one that is there before the one that is to come.
        order: LiteralString = "ORDER BY said.code, said.is_there DESC, said.in_force_from, commune"
        query: LiteralString = f"{SAID_ON} {condition} {order}"
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(RegisteredCommune)) as rows:
            found: list[RegisteredCommune] = rows.execute(query, {"day": day or self._today(), **asked}).fetchall()
            return found

    @staticmethod
    def rows(communes: Sequence[Commune]) -> list[Statement]:
        """How communes stand now, new or known before."""
        last = [RegisteredCommune(c.commune, *_last(c), None, c.gone_from)._asdict() for c in communes]
        spells = [
            {"commune": c.commune, "place": place, "in_force_from": s.in_force_from, "code": s.code, "name": s.name,
             "province": s.province}
            for c in communes
            for place, s in enumerate(c.spells())
        ]  # fmt: skip
        successions = [
            {"commune": c.commune, "place": place, "successor": successor, "in_force_from": c.gone_from}
            for c in communes
            for place, (successor, _) in enumerate(c.into)
        ]
        return [(UPSERT_COMMUNES, [_json(last)]), (UPSERT_SPELLS, [_json(spells)]), (SUCCESSIONS, [_json(successions)])]


UPSERT_COMMUNES: LiteralString = """
    INSERT INTO communes (commune, code, name, province, gone_from) SELECT * FROM jsonb_to_recordset(%s::jsonb)
    AS new (commune text, code text, name text, province text, gone_from date)
    ON CONFLICT (commune) DO UPDATE SET code = excluded.code, name = excluded.name, province = excluded.province,
        gone_from = excluded.gone_from
"""
UPSERT_SPELLS: LiteralString = """
    INSERT INTO commune_spells SELECT * FROM jsonb_to_recordset(%s::jsonb)
    AS new (commune text, place int, in_force_from date, code text, name text, province text)
    ON CONFLICT (commune, place) DO UPDATE SET in_force_from = excluded.in_force_from, code = excluded.code,
        name = excluded.name, province = excluded.province
"""
SUCCESSIONS: LiteralString = """
    INSERT INTO commune_successions SELECT * FROM jsonb_to_recordset(%s::jsonb)
    AS new (commune text, place int, successor text, in_force_from date) ON CONFLICT DO NOTHING
"""


@contextmanager
def _alone(pool: "ConnectionPool[Any]") -> Any:
    with pool.connection() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('minhbach planning communes'))")
        yield


def _last(commune: Commune) -> tuple[str, str, str]:
    said = commune.spells()[-1]
    return said.code, said.name, said.province


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, default=str)
