"""The rules in force for readings, from the tables of communes, plans and definitions."""

from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

from services.indicators.domain.definition_rules import KINDS
from services.indicators.domain.formula import DefinitionVersion, formulas_of
from services.indicators.domain.reading import Ending, PlanSpan, Rules
from shared.regimes import DEFAULT_REGIME
from shared.regimes_file import ReadingWindows


class CurrentRules:
    """Read again whenever Planning's events or the definitions have changed, by whichever instance."""

    def __init__(self, pool: ConnectionPool, windows: ReadingWindows) -> None:
        self._pool = pool
        self._windows = windows
        self._rules = Rules()
        self._state: Any = None

    def load(self) -> Rules:
        with self._pool.connection() as connection:
            state = connection.execute(
                "SELECT (SELECT position FROM tracking WHERE source = 'planning'), (SELECT count(*) FROM definitions)"
            ).fetchone()
            if state != self._state:
                self._rules, self._state = _rules(connection, self._windows), state
        return self._rules


def _rules(connection: Connection, windows: ReadingWindows) -> Rules:
    communes = connection.execute("SELECT commune FROM communes").fetchall()
    spans: dict[str, list[PlanSpan]] = {}
    rows = connection.execute(
        "SELECT commune, span_from, span_until, coalesce(regime, %s) FROM plan_spans", (DEFAULT_REGIME,)
    )
    for commune, start, until, regime in rows:
        spans.setdefault(commune, []).append(PlanSpan(start, until, windows.last_day(regime, until)))
    endings = connection.execute(
        "SELECT ending.commune, gone_from, coalesce(name, successor) FROM commune_endings AS ending"
        " LEFT JOIN communes ON communes.commune = successor"
    ).fetchall()
    versions: dict[str, list[DefinitionVersion]] = {kind: [] for kind in KINDS}
    for kind, *version in connection.execute(
        "SELECT kind, name, revision, definition, in_force_from FROM definitions ORDER BY kind, name, revision"
    ):
        versions[kind].append(DefinitionVersion(*version))
    measures = {version.name: version.definition for version in versions["measure"]}
    return Rules(
        communes=frozenset(commune for (commune,) in communes),
        spans=spans,
        measures={name: definition["name"] for name, definition in measures.items()},
        fields=frozenset(version.name for version in versions["field"]),
        formulas=formulas_of(versions["indicator"], {name: each["kind"] for name, each in measures.items()}),
        endings={commune: Ending(day, successor) for commune, day, successor in endings},
    )
