"""Where communes are: the province of each from a day on, and its successors, as Planning announces them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from psycopg import Connection
from psycopg_pool import ConnectionPool

from shared.clock import end_of
from shared.contracts.planning import CommuneDivided, CommuneMerged, CommuneMovedToProvince, CommuneRegistered
from shared.grants import Place
from shared.messaging.following.follower import ReceivedEvent
from shared.record.event_store import NO_END
from shared.record.pool import reading

TABLES = """
CREATE TABLE IF NOT EXISTS place_provinces (
    commune text, position bigint, in_force_from date, province text NOT NULL, PRIMARY KEY (commune, position)
);
CREATE TABLE IF NOT EXISTS place_endings (commune text PRIMARY KEY, gone_from date NOT NULL, successor text NOT NULL);
ALTER TABLE place_provinces ADD COLUMN IF NOT EXISTS recorded_at timestamptz;
ALTER TABLE place_endings ADD COLUMN IF NOT EXISTS recorded_at timestamptz;
"""
# A chain of successors ends after so many, whatever the tables hold.
MOST_SUCCESSORS = 50


def set_province(connection: Connection, received: Sequence[ReceivedEvent]) -> None:
    for position, event in received:
        assert isinstance(event, CommuneRegistered | CommuneMovedToProvince)
        # What was registered is so from the beginning: of earlier days nothing else is known.
        moved = isinstance(event, CommuneMovedToProvince)
        connection.execute(
            "INSERT INTO place_provinces VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (
                event.commune,
                position,
                event.in_force_from if moved else None,
                event.province,
                event.recorded_at if moved else None,
            ),
        )


def set_end(connection: Connection, received: Sequence[ReceivedEvent]) -> None:
    """The successor of a divided commune is its main one, which is named first."""
    for _, event in received:
        assert isinstance(event, CommuneMerged | CommuneDivided)
        successor = event.into if isinstance(event, CommuneMerged) else event.into[0].commune
        connection.execute(
            "INSERT INTO place_endings VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (event.commune, event.in_force_from, successor, event.recorded_at),
        )


class CommunePlaces:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def on(self, commune: str, day: date) -> Place:
        """The last successor of a commune by a day, itself while it exists, and the province on that day."""
        return self.on_all([commune], day)[commune]

    def as_known(self, communes: Collection[str], day: date) -> dict[str, Place]:
        """Of each the same, as known at the end of that day: a merger that was recorded later does not count."""
        return self.on_all(communes, day, end_of(day))

    def on_all(self, communes: Collection[str], day: date, known: datetime = NO_END) -> dict[str, Place]:
        """Of each the same, as known before an instant. A row of before there was `recorded_at` counts at any time."""
        with reading(self._pool) as connection:
            rows = connection.execute(
                """
                WITH RECURSIVE chain AS (SELECT origin, origin AS commune, 0 AS place
                    FROM unnest(%(communes)s::text[]) AS origin UNION ALL
                    SELECT origin, successor, place + 1 FROM chain JOIN place_endings USING (commune)
                    WHERE gone_from <= %(day)s AND coalesce(recorded_at < %(known)s, true) AND place < %(most)s)
                SELECT DISTINCT ON (origin) origin, commune,
                    (SELECT province FROM place_provinces WHERE place_provinces.commune = chain.commune
                    AND (in_force_from IS NULL OR in_force_from <= %(day)s)
                    AND coalesce(recorded_at < %(known)s, true)
                    ORDER BY in_force_from DESC NULLS LAST, position DESC LIMIT 1)
                FROM chain ORDER BY origin, place DESC
                """,
                {"communes": list(communes), "day": day, "known": known, "most": MOST_SUCCESSORS},
            ).fetchall()
        return {origin: Place(commune, province) for origin, commune, province in rows}

    def of_province(self, province: str, day: date) -> list[str]:
        """The communes that exist on a day and are in the province then."""
        with reading(self._pool) as connection:
            query = "SELECT DISTINCT commune FROM place_provinces WHERE province = %s"
            ever = [commune for (commune,) in connection.execute(query, (province,))]
        places = self.on_all(ever, day)
        return sorted(each for each in ever if places[each] == Place(each, province))

    def all(self) -> list[str]:
        """Every commune that takes part or ever did."""
        with reading(self._pool) as connection:
            return [commune for (commune,) in connection.execute("SELECT DISTINCT commune FROM place_provinces")]

    def is_known(self, commune: str) -> bool:
        """Whether it takes part or ever did."""
        with reading(self._pool) as connection:
            query = "SELECT EXISTS (SELECT FROM place_provinces WHERE commune = %s)"
            row = connection.execute(query, (commune,)).fetchone()
        return bool(row and row[0])
