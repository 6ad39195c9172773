"""What Indicators remembers: who takes part, which plans run, what is defined, and how each reading stands."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from services.indicators.domain.catalogue import Definition
from services.indicators.domain.definition_rules import KINDS
from services.indicators.domain.in_force import Said, formulas_of
from services.indicators.domain.reading import Ending, Rules, Standing
from shared.contracts import Event
from shared.contracts.planning import CommuneDivided, CommuneMerged, CommuneRegistered, CommuneRenamed, PlanIssued
from shared.event_store import Statement
from shared.tracking import Heard
from shared.vietnamese import mid_sentence

TABLES = """
CREATE TABLE IF NOT EXISTS communes (commune text PRIMARY KEY);
ALTER TABLE communes ADD COLUMN IF NOT EXISTS name text;
CREATE TABLE IF NOT EXISTS commune_endings (
    commune text PRIMARY KEY, gone_from date NOT NULL, successor text NOT NULL
);
CREATE TABLE IF NOT EXISTS plan_spans (plan_id text PRIMARY KEY, commune text, span_from date, span_until date);
CREATE TABLE IF NOT EXISTS definitions (
    kind text, name text, revision int, definition jsonb NOT NULL, in_force_from date NOT NULL,
    PRIMARY KEY (kind, name, revision)
);
CREATE TABLE IF NOT EXISTS readings (
    commune text, reading_id text, version int, observed_on date NOT NULL, field text, counts jsonb NOT NULL,
    PRIMARY KEY (commune, reading_id, version)
);
"""

HEARD: tuple[type[Event], ...] = (CommuneRegistered, CommuneMerged, CommuneDivided, CommuneRenamed, PlanIssued)


def remember(connection: Connection[Any], heard: Sequence[Heard]) -> None:
    for _, event in heard:
        match event:
            case CommuneRegistered(commune=commune, name=name) | CommuneRenamed(commune=commune, name=name):
                connection.execute(
                    "INSERT INTO communes VALUES (%s, %s) ON CONFLICT (commune) DO UPDATE SET name = excluded.name",
                    (commune, name),
                )
            case CommuneMerged(into=successor):
                _remember_ending(connection, event, successor)
            case CommuneDivided(into=parts):
                _remember_ending(connection, event, parts[0].commune)
            case PlanIssued(plan_id=plan_id, commune=commune, span_from=start, span_until=until):
                connection.execute(
                    "INSERT INTO plan_spans VALUES (%s, %s, %s, %s) ON CONFLICT (plan_id) DO UPDATE"
                    " SET span_from = excluded.span_from, span_until = excluded.span_until",
                    (plan_id, commune, start, until),
                )


def _remember_ending(connection: Connection[Any], event: CommuneMerged | CommuneDivided, successor: str) -> None:
    connection.execute(
        "INSERT INTO commune_endings VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (event.commune, event.in_force_from, successor),
    )


class Judging:
    """The rules in force, read again whenever what they are made of has changed, by whichever instance."""

    def __init__(self, pool: "ConnectionPool[Any]") -> None:
        self._pool = pool
        self._rules = Rules()
        self._made_of: Any = None

    def rules(self) -> Rules:
        with self._pool.connection() as connection:
            made_of = connection.execute(
                "SELECT (SELECT position FROM tracking WHERE source = 'planning'), (SELECT count(*) FROM definitions)"
            ).fetchone()
            if made_of != self._made_of:
                self._rules, self._made_of = _rules(connection), made_of
        return self._rules


def _rules(connection: Connection[Any]) -> Rules:
    communes = connection.execute("SELECT commune FROM communes").fetchall()
    spans: dict[str, list[tuple[date, date]]] = {}
    for commune, start, until in connection.execute("SELECT commune, span_from, span_until FROM plan_spans"):
        spans.setdefault(commune, []).append((start, until))
    endings = connection.execute(
        "SELECT ending.commune, gone_from, coalesce(name, successor) FROM commune_endings AS ending"
        " LEFT JOIN communes ON communes.commune = successor"
    ).fetchall()
    said: dict[str, list[Said]] = {kind: [] for kind in KINDS}
    for kind, *version in connection.execute(
        "SELECT kind, name, revision, definition, in_force_from FROM definitions ORDER BY kind, name, revision"
    ):
        said[kind].append(Said(*version))
    measures = {name: what for name, _, what, _ in said["measure"]}
    return Rules(
        communes=frozenset(commune for (commune,) in communes),
        spans=spans,
        measures={name: what["name"] for name, what in measures.items()},
        fields=frozenset(name for name, *_ in said["field"]),
        formulas=formulas_of(said["indicator"], {name: what["kind"] for name, what in measures.items()}),
        endings={commune: Ending(day, mid_sentence(successor)) for commune, day, successor in endings},
    )


class Definitions:
    """Which definitions there are: one row a version, so that two revisions of one version cannot both be first."""

    def __init__(self, pool: "ConnectionPool[Any]") -> None:
        self._pool = pool

    def names(self, kind: str) -> list[str]:
        with self._pool.connection() as connection:
            rows = connection.execute("SELECT DISTINCT name FROM definitions WHERE kind = %s ORDER BY name", (kind,))
            return [name for (name,) in rows]

    @staticmethod
    def row(defined: Definition) -> Statement:
        """To be run in the transaction of the event that defines it."""
        last = defined.versions[-1]
        return (
            "INSERT INTO definitions VALUES (%s, %s, %s, %s, %s)",
            (defined.kind, defined.name, last.revision, Jsonb(last.definition), last.in_force_from),
        )


class Readings:
    """How each reading stands: one row a version, so that two corrections of one version cannot both be first."""

    def __init__(self, pool: "ConnectionPool[Any]") -> None:
        self._pool = pool

    def standing(self, ids: Iterable[tuple[str, str]]) -> dict[str, dict[str, Standing]]:
        """By commune and reading id, for the (commune, reading id) pairs asked."""
        pairs = list(ids)
        with self._pool.connection() as connection:
            rows = connection.execute(
                """
                SELECT DISTINCT ON (commune, reading_id) commune, reading_id, version, observed_on, field, counts
                FROM readings JOIN unnest(%s::text[], %s::text[]) AS asked (commune, reading_id)
                USING (commune, reading_id) ORDER BY commune, reading_id, version DESC
                """,
                ([commune for commune, _ in pairs], [reading_id for _, reading_id in pairs]),
            ).fetchall()
        standing: dict[str, dict[str, Standing]] = {}
        for commune, reading_id, version, observed_on, field, counts in rows:
            standing.setdefault(commune, {})[reading_id] = Standing(version, observed_on, field, counts)
        return standing

    @staticmethod
    def rows(commune: str, changes: Sequence[dict[str, Any]]) -> list[Statement]:
        """To be run in the transaction of the event that holds the changes."""
        if not changes:
            return []
        # One JSON parameter: six arrays cost psycopg three times the time of everything else in a submission.
        return [
            (
                """
                INSERT INTO readings SELECT %s, change.* FROM jsonb_to_recordset(%s::jsonb)
                AS change (reading_id text, version int, observed_on date, field text, "values" jsonb)
                """,
                (commune, json.dumps(changes)),
            )
        ]
