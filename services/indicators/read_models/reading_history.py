"""The readings of a commune as they are listed and shown: what counts, what was corrected, withdrawn or refused."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, LiteralString

from psycopg.rows import dict_row
from psycopg.types.json import set_json_loads
from psycopg_pool import ConnectionPool
from pydantic_core import from_json

from services.indicators.domain.usual import MOST_READINGS, PERIOD, usual_of
from shared.clock import end_of
from shared.contracts.indicators import ListedReadings, ListReadings, ReadingVersion, UsualRange
from shared.record.checkpoints import of_tables
from shared.record.pool import reading
from shared.seals.canonical import StoredRow, canonical_line
from shared.seals.merkle import leaf_hash

# Every version with the values before it, and every refusal, as known until an instant (or null). All versions of a
# reading have its day and its field: those that are not asked for are not read.
HISTORY: LiteralString = """
    WITH known AS (SELECT max(notification_id) AS position FROM indicators_events
        WHERE %(known_until)s::timestamptz IS NULL OR recorded_at < %(known_until)s),
    versions AS (SELECT reading_id, CASE WHEN counts = '{}' THEN 'withdrawn' WHEN version = 1 THEN 'recorded'
            ELSE 'corrected' END AS state, version, observed_on, field, counts AS "values",
            coalesce(lag(counts) OVER (PARTITION BY reading_id ORDER BY version), '{}') AS before,
            submission_id, recorded_at, reason, acted_by AS by, by_account, NULL AS rule, NULL AS sentence,
            notification_id, notification_id AS position, 0 AS place
        FROM readings JOIN indicators_events ON originator_id = event AND originator_version = 1
        WHERE commune = %(commune)s AND (%(reading_id)s::text IS NULL OR reading_id = %(reading_id)s)
            AND observed_on BETWEEN coalesce(%(observed_from)s::date, '-infinity')
                AND coalesce(%(observed_until)s::date, 'infinity')
            AND (%(field)s::text IS NULL OR field = %(field)s)
            AND notification_id <= (SELECT position FROM known)),
    refusals AS (SELECT item AS reading_id, 'refused' AS state, version, observed_on, field,
            coalesce(counts, '{}') AS "values", '{}'::jsonb AS before,
            submission_id, recorded_at, reason, acted_by AS by, by_account, rule, sentence, notification_id,
            notification_id AS position, place
        FROM refused_readings JOIN indicators_events ON originator_id = event AND originator_version = 1
        WHERE commune = %(commune)s AND (%(reading_id)s::text IS NULL OR item = %(reading_id)s)
            AND notification_id <= (SELECT position FROM known))
"""
LISTED: LiteralString = """
    , last AS (SELECT DISTINCT ON (reading_id) * FROM versions ORDER BY reading_id, version DESC),
    found AS (SELECT * FROM (SELECT * FROM last UNION ALL SELECT * FROM refusals) AS every
        WHERE (%(observed_from)s::date IS NULL OR observed_on >= %(observed_from)s)
            AND (%(observed_until)s::date IS NULL OR observed_on <= %(observed_until)s)
            AND (%(field)s::text IS NULL OR field = %(field)s)
            AND (%(state)s::text IS NULL OR state = %(state)s)
            AND (%(measures)s::text[] IS NULL OR jsonb_exists_any("values" || before, %(measures)s))
            AND (%(usual)s::jsonb IS NULL OR rule IS NULL AND EXISTS (SELECT 1
                FROM (SELECT %(usual)s::jsonb -> coalesce(every.field, '') AS ranges OFFSET 0) AS of_field,
                    jsonb_each("values") AS counted (measure, count)
                WHERE count::numeric NOT BETWEEN (ranges -> measure -> 0)::numeric
                    AND (ranges -> measure -> 1)::numeric)))
    SELECT *, count(*) OVER () AS total FROM found
    ORDER BY observed_on NULLS LAST, reading_id, notification_id, place OFFSET %(skip)s LIMIT %(most)s
"""
# What counts of some days: the last readings of each field.
COUNTS: LiteralString = """
    WITH known AS (SELECT max(notification_id) AS position FROM indicators_events
        WHERE %(known_until)s::timestamptz IS NULL OR recorded_at < %(known_until)s),
    last AS (SELECT DISTINCT ON (reading_id) reading_id, field, observed_on, counts
        FROM readings
        WHERE commune = %(commune)s AND observed_on BETWEEN %(first)s AND %(last)s
            AND (%(field)s::text IS NULL OR field = %(field)s)
            AND (%(known_until)s::timestamptz IS NULL OR EXISTS (SELECT FROM indicators_events
                WHERE originator_id = event AND originator_version = 1
                    AND notification_id <= (SELECT position FROM known)))
        ORDER BY reading_id, version DESC),
    recent AS (SELECT field, counts, row_number() OVER (PARTITION BY field
            ORDER BY observed_on DESC, reading_id) AS place
        FROM last WHERE counts <> '{}')
    SELECT field, counts FROM recent WHERE place <= %(most)s
"""
TITLES: LiteralString = """
    SELECT DISTINCT ON (kind, name) kind, name, definition ->> 'name'
    FROM definitions WHERE kind IN ('field', 'measure') ORDER BY kind, name, revision DESC
"""
CHANGED_ON: LiteralString = """
    SELECT DISTINCT (recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM (
        SELECT event, observed_on, field FROM readings WHERE commune = %(commune)s
        UNION ALL SELECT event, observed_on, field FROM refused_readings WHERE commune = %(commune)s
    ) AS every JOIN indicators_events ON originator_id = event AND originator_version = 1
    WHERE observed_on BETWEEN %(first)s AND %(last)s AND (%(field)s::text IS NULL OR field = %(field)s) ORDER BY 1
"""
SHOWN: LiteralString = " SELECT * FROM (SELECT * FROM versions UNION ALL SELECT * FROM refusals) AS every"
IN_ORDER: LiteralString = " ORDER BY notification_id, version, place"


class ReadingHistories:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def listed(
        self, question: ListReadings, measures: Sequence[str] | None, usual: Sequence[UsualRange] | None = None
    ) -> ListedReadings:
        """The readings that match; `measures`: only those that hold one of these; `usual`: only those that have a count
        outside of these ranges.
        """
        ranges = None if usual is None else json.dumps(_by_field(usual))
        filters = question.model_dump(include={"observed_from", "observed_until", "field", "state", "skip", "most"})
        rows = self._rows(
            HISTORY + LISTED,
            {
                **_of(question.commune, None, question.known_at),
                **filters,
                "measures": measures and list(measures),
                "usual": ranges,
            },
        )
        readings = self._versions(rows, leaves=question.leaves)
        named = self._rows("SELECT name FROM communes WHERE commune = %(commune)s", {"commune": question.commune})
        name = named[0]["name"] if named else None
        return ListedReadings(total=rows[0]["total"] if rows else 0, readings=readings, name=name)

    def usual(self, question: ListReadings, last: date) -> list[UsualRange]:
        """By field and measure, from the counts of the months up to a day; of the question's field, as known then."""
        days = {
            "first": max(last, date.min + PERIOD) - PERIOD,
            "last": last,
            "field": question.field,
            "most": MOST_READINGS,
        }
        with reading(self._pool) as connection, connection.cursor() as cursor:
            set_json_loads(from_json, cursor)  # half of the time of Python's own reader
            rows = cursor.execute(COUNTS, {**_of(question.commune, None, question.known_at), **days}).fetchall()
            titles = {(kind, name): title for kind, name, title in cursor.execute(TITLES)}
        return list(_usual_ranges(rows, titles))

    def changed_on(self, commune: str, first: date, last: date, field: str | None) -> tuple[date, ...]:
        """The days on which a reading of some days was recorded, corrected, withdrawn or refused."""
        parameters = {"commune": commune, "first": first, "last": last, "field": field}
        with reading(self._pool) as connection:
            return tuple(day for (day,) in connection.execute(CHANGED_ON, parameters).fetchall())

    def of(self, commune: str, reading_id: str, known_at: date | None) -> tuple[ReadingVersion, ...]:
        """Every version of a reading and every refusal under its id, in the order in which they were recorded."""
        rows = self._rows(HISTORY + SHOWN + IN_ORDER, _of(commune, reading_id, known_at))
        return self._versions(rows, leaves=True)

    def _versions(self, rows: Sequence[dict[str, Any]], *, leaves: bool) -> tuple[ReadingVersion, ...]:
        hashes = self._leaves({row["position"] for row in rows}) if leaves else {}
        return tuple(ReadingVersion.model_validate(row | {"leaf": hashes.get(row["position"])}) for row in rows)

    def _leaves(self, positions: set[int]) -> dict[int, str]:
        """By position the hash of the event's leaf in the sealed tree."""
        query = of_tables("SELECT {row} FROM {events} WHERE notification_id = ANY(%s)", "indicators")
        with reading(self._pool) as connection, connection.cursor(binary=True) as cursor:
            events = [StoredRow(*row) for row in cursor.execute(query, (list(positions),)).fetchall()]
        return {event.position: leaf_hash(canonical_line("indicators", event)).hex() for event in events}

    def _rows(self, query: LiteralString, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        with reading(self._pool) as connection, connection.cursor(row_factory=dict_row) as rows:
            found: list[dict[str, Any]] = rows.execute(query, parameters).fetchall()
            return found


def _usual_ranges(
    readings: Iterable[tuple[str | None, Mapping[str, int]]], titles: Mapping[tuple[str, str], str]
) -> Iterator[UsualRange]:
    """From the counts by measure of readings of each field; in the order of fields and measures, without one last."""
    alike: dict[tuple[str | None, tuple[str, ...]], list[Iterable[int]]] = {}
    for field, counts in readings:
        alike.setdefault((field, tuple(counts)), []).append(counts.values())
    counted: dict[tuple[str | None, str], list[int]] = {}
    for (field, measures), rows in alike.items():
        for measure, own in zip(measures, zip(*rows, strict=True), strict=True):
            counted.setdefault((field, measure), []).extend(own)
    for field, measure in sorted(counted, key=lambda each: (each[0] is None, *each)):
        if usual := usual_of(counted[field, measure]):
            named = titles.get(("field", field or "")), titles.get(("measure", measure)) or measure
            yield UsualRange(
                field=field, measure=measure, name=": ".join(filter(None, named)), least=usual.least, most=usual.most,
                sentence=usual.sentence,
            )  # fmt: skip


def _by_field(usual: Sequence[UsualRange]) -> dict[str, dict[str, tuple[int, int]]]:
    """By field ("" without one) and measure the least and the most: a count finds its own range at once."""
    ranges: dict[str, dict[str, tuple[int, int]]] = {}
    for each in usual:
        ranges.setdefault(each.field or "", {})[each.measure] = each.least, each.most
    return ranges


def _of(commune: str, reading_id: str | None, known_at: date | None) -> dict[str, str | datetime | None]:
    until = end_of(known_at) if known_at else None
    every = {"observed_from": None, "observed_until": None, "field": None}
    return {"commune": commune, "reading_id": reading_id, "known_until": until, **every}
