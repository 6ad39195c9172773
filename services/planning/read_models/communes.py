"""The communes that take part or did: code, name and province of each from a day on, and its successors."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, LiteralString, NamedTuple

from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from services.planning.domain.communes.commune import Commune
from shared.grants import Place
from shared.record.event_store import Statement
from shared.record.pool import reading

# `communes` holds the last attributes of each. Its rows of an earlier version are of communes registered on one day.
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
# The attributes on a day of each commune that is not gone by then; of one that is still to come, the first ones.
ON_DAY: LiteralString = """
    SELECT commune, spell.code, spell.name, spell.province, spell.in_force_from, gone_from
    FROM communes JOIN LATERAL (
        SELECT *, in_force_from IS NULL OR in_force_from <= %(day)s AS is_there FROM commune_spells
        WHERE commune_spells.commune = communes.commune
        ORDER BY is_there DESC, CASE WHEN in_force_from IS NULL OR in_force_from <= %(day)s THEN -place ELSE place END
        LIMIT 1
    ) AS spell USING (commune)
    WHERE (gone_from IS NULL OR gone_from > %(day)s)
"""


class RegisteredCommune(NamedTuple):
    """Its attributes from `in_force_from` on, null where the day is unknown; it exists until `gone_from`."""

    commune: str
    code: str
    name: str
    province: str
    in_force_from: date | None = None
    gone_from: date | None = None

    @classmethod
    def on(cls, day: date, commune: Commune) -> "RegisteredCommune":
        spell = commune.on(day)
        return cls(commune.commune, spell.code, spell.name, spell.province, spell.in_force_from, commune.gone_from)


class Communes:
    def __init__(self, pool: ConnectionPool, today: Callable[[], date]) -> None:
        self._pool = pool
        self._today = today

    def of(self, province: str | None = None, day: date | None = None) -> list[RegisteredCommune]:
        """Those of a province, or all, that are not gone by a day (today), in the order of their codes."""
        return self._on_day("AND spell.province = coalesce(%(province)s, spell.province)", day, province=province)

    def with_code(self, code: str, day: date | None = None, *, but: str | None = None) -> RegisteredCommune | None:
        """The commune with a code on a day (today); before any had it, the first that will. `but`: not this one.

        A code may have been another commune's, and may become one.
        """
        found = self._on_day(
            "AND commune IN (SELECT commune FROM commune_spells WHERE code = %(code)s)"
            " AND spell.code = %(code)s AND commune <> %(but)s",
            day,
            code=code,
            but=but or "",
        )
        return found[0] if code and found else None

    def named(self, name: str, day: date | None = None) -> RegisteredCommune | None:
        """The commune with a code on a day (today), else with that id, be it gone or not."""
        return self.with_code(name, day) or self.with_id(name)

    def place(self, commune: str, day: date) -> Place:
        """Its last successor by a day, itself while it exists, and the province of that one on the day."""
        return self.places([commune], day)[commune]

    def places(self, communes: Collection[str], day: date) -> dict[str, Place]:
        """The same of each."""
        with reading(self._pool) as connection:
            rows = connection.execute(
                """
                WITH RECURSIVE chain AS (SELECT origin, origin AS commune, 0 AS step
                    FROM unnest(%(communes)s::text[]) AS origin UNION ALL
                    SELECT origin, successor, step + 1 FROM chain JOIN commune_successions USING (commune)
                    WHERE place = 0 AND in_force_from <= %(day)s AND step < 50)
                SELECT DISTINCT ON (origin) origin, commune,
                    (SELECT province FROM commune_spells WHERE commune_spells.commune = chain.commune
                    ORDER BY coalesce(in_force_from <= %(day)s, true) DESC,
                        CASE WHEN coalesce(in_force_from <= %(day)s, true) THEN -place ELSE place END LIMIT 1)
                FROM chain ORDER BY origin, step DESC
                """,
                {"communes": list(communes), "day": day},
            ).fetchall()
        return {origin: Place(commune, province) for origin, commune, province in rows}

    def heirs(self, day: date) -> dict[str, RegisteredCommune]:
        """By commune that is gone by a day and has tasks: its last successor by then."""
        with reading(self._pool) as connection:
            rows = connection.execute(
                """
                WITH RECURSIVE chain AS (SELECT commune AS former, commune, 0 AS step FROM communes
                    WHERE gone_from <= %(day)s AND EXISTS (SELECT FROM tasks WHERE tasks.commune = communes.commune)
                    UNION ALL SELECT former, successor, step + 1 FROM chain JOIN commune_successions USING (commune)
                    WHERE place = 0 AND in_force_from <= %(day)s AND step < 50)
                SELECT DISTINCT ON (former) former, commune, code, name, province
                FROM chain JOIN communes USING (commune) ORDER BY former, step DESC
                """,
                {"day": day},
            )
            return {former: RegisteredCommune(*successor) for former, *successor in rows}

    def names(self) -> dict[str, str]:
        """The last name of each that ever took part."""
        with reading(self._pool) as connection:
            return dict(connection.execute("SELECT commune, name FROM communes").fetchall())

    def ids(self, province: str | None = None) -> set[str]:
        """Of all that ever took part, in a province or anywhere."""
        query = "SELECT DISTINCT commune FROM commune_spells WHERE province = coalesce(%s, province)"
        with reading(self._pool) as connection:
            return {commune for (commune,) in connection.execute(query, (province,))}

    def without_plan(self, province: str, regime: str, year: int) -> list[RegisteredCommune]:
        """Those of a province that have no plan of a regime for a year, and whose end is not known."""
        return self._on_day(
            "AND spell.province = %(province)s AND gone_from IS NULL AND NOT EXISTS (SELECT FROM plans"
            " WHERE plans.commune = communes.commune AND regime = %(regime)s AND year = %(year)s)",
            province=province,
            regime=regime,
            year=year,
        )

    def predecessors_of(self, commune: str) -> list[str]:
        """The ids of those that went into it, as a whole or in part."""
        with reading(self._pool) as connection:
            query = "SELECT commune FROM commune_successions WHERE successor = %s ORDER BY in_force_from, commune"
            return [predecessor for (predecessor,) in connection.execute(query, (commune,))]

    def received_from(self, commune: str) -> date | None:
        """The last day from which another went into it."""
        with reading(self._pool) as connection:
            query = "SELECT max(in_force_from) FROM commune_successions WHERE successor = %s"
            row = connection.execute(query, (commune,)).fetchone()
        return row[0] if row else None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold a lock against other changes of communes: each change looks at several communes."""
        with self._pool.connection() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('minhbach planning communes'))")
            yield

    def with_id(self, commune: str) -> RegisteredCommune | None:
        query = "SELECT commune, code, name, province, NULL::date AS in_force_from, gone_from FROM communes"
        with reading(self._pool) as connection, connection.cursor(row_factory=class_row(RegisteredCommune)) as rows:
            found: RegisteredCommune | None = rows.execute(f"{query} WHERE commune = %s", (commune,)).fetchone()
            return found

    def _on_day(
        self, condition: LiteralString, day: date | None = None, **parameters: object
    ) -> list[RegisteredCommune]:
        # Of two with one code, the one that is there before the one that is to come.
        order: LiteralString = "ORDER BY spell.code, spell.is_there DESC, spell.in_force_from, commune"
        query: LiteralString = f"{ON_DAY} {condition} {order}"
        with reading(self._pool) as connection, connection.cursor(row_factory=class_row(RegisteredCommune)) as rows:
            found: list[RegisteredCommune] = rows.execute(query, {"day": day or self._today(), **parameters}).fetchall()
            return found

    @staticmethod
    def rows(communes: Sequence[Commune]) -> list[Statement]:
        """The rows of communes, new or known before."""
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


def _last(commune: Commune) -> tuple[str, str, str]:
    last = commune.spells()[-1]
    return last.code, last.name, last.province


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, default=str)
