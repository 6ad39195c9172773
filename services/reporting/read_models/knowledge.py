"""The evidence for a report as known at the end of a day, from one snapshot of the tables."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Literal
from psycopg_pool import ConnectionPool

from services.reporting.domain.content.versions import FIRST
from services.reporting.domain.drafts.completion import communes_with_opening_flows
from services.reporting.domain.drafts.evidence import Evidence, FieldSums
from services.reporting.domain.drafts.question import Question
from services.reporting.domain.forms.form import Form
from services.reporting.domain.territory.territory_map import TerritoryMap
from services.reporting.read_models import definitions, figures, plans, positions, refusals, tasks, territory
from services.reporting.read_models.figures import KeptHalves, WindowCounts
from services.reporting.read_models.table_version import require
from shared.clock import end_of

Result = TypeVar("Result")


class Knowledge:
    """Answers questions about a province and a period, as known at the end of a day in Viet Nam."""

    def __init__(self, pool: ConnectionPool, halves: KeptHalves | None = None) -> None:
        """`halves`: where many questions are answered; an audit has none, and reads all counts for each."""
        self._pool = pool
        self._halves = halves

    def of(self, question: Question) -> Evidence:
        """In one snapshot: events that arrive meanwhile are not in it, not even in part."""
        with self.snapshot() as snapshot:
            return snapshot.of(question)

    def of_figures(self, question: Question, *, before: bool) -> Evidence:
        """What figures are computed from: no tasks, refusals or parked messages; `before`: with the window before."""
        with self.snapshot() as snapshot:
            return snapshot.of_figures(question, before=before)

    def of_figures_and_cells(self, question: Question, forms: Sequence[Form]) -> Evidence:
        """As `of_figures`; in less time, for the counts of these forms without their checks."""
        with self.snapshot() as snapshot:
            return snapshot.of_figures_and_cells(question, forms)

    @contextmanager
    def snapshot(self) -> "Iterator[Snapshot]":
        """One state of the tables for many questions; those about communes of one province share what they can."""
        with self._pool.connection() as connection, connection.transaction():
            yield _begun(connection, self._halves)

    @contextmanager
    def same_snapshot(self, name: str) -> "Iterator[Snapshot]":
        """The one with a name (`Snapshot.name`), over a connection of its own, for another process."""
        parameters = self._pool.kwargs
        assert isinstance(parameters, dict)
        with psycopg.connect(**parameters) as connection, connection.transaction():
            yield _begun(connection, self._halves, name)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """For what reports do not print; the functions of this room read it."""
        with self._pool.connection() as connection:
            require(connection)
            yield connection

    def positions_at(self, known_until: datetime) -> dict[str, int]:
        """The last position of each source that was recorded before the end of a day."""
        with self.connection() as connection:
            return positions.positions_of(connection, known_until)

    def positions(self) -> dict[str, int]:
        """How far each source has been followed."""
        with self._pool.connection() as connection:
            return dict(connection.execute("SELECT source, position FROM tracking").fetchall())


def _begun(connection: Connection, halves: KeptHalves | None, name: str | None = None) -> "Snapshot":
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    if name:
        connection.execute(SQL("SET TRANSACTION SNAPSHOT {}").format(Literal(name)))
    # Between two questions a report is computed, on a busy machine for longer than the minute of the server.
    connection.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
    require(connection)
    return Snapshot(connection, halves)


class Snapshot:
    """Answers questions from one state of the tables; what does not depend on a commune is read once."""

    def __init__(self, connection: Connection, halves: KeptHalves | None = None) -> None:
        self._connection = connection
        self._halves = halves
        self._read: dict[tuple[Any, ...], Any] = {}

    @property
    def name(self) -> str:
        """By which another connection sees the same state, as long as this one does."""
        row = self._connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row
        return str(row[0])

    def of(self, question: Question, *, by_commune: bool = False) -> Evidence:
        """`by_commune`: in little memory; what was reported together is read as long as this snapshot is open."""
        figures = self.of_figures(question, before=True, by_commune=by_commune)
        known_until, day = end_of(question.known_at), question.window[1]
        asked = self._connection, question.source_communes(figures.map), question.window, known_until
        return replace(
            figures,
            tasks=self._once(tasks.tasks_of, question.province, day, known_until),
            refused=refusals.refused(*asked),
            parked=refusals.parked(*asked),
        )

    def of_figures(
        self,
        question: Question,
        *,
        before: bool,
        by_commune: bool = False,
        measures: frozenset[str] | None = None,
    ) -> Evidence:
        """As in `Knowledge`; with `measures` for figures of these alone, in a part of the time."""
        outline = self.outline(question)
        ids = question.source_communes(outline.map)

        def counts(window: tuple[date, date], known_until: datetime) -> WindowCounts:
            of = self._connection, ids, window, known_until
            found = figures.counts_by_commune(*of) if by_commune else figures.counts_in(*of, self._halves)
            return found if measures is None else found.of(measures)

        now, earlier, carried = _counts(counts, question, before=before)
        return replace(
            outline,
            sums=now.sums,
            previous=earlier.sums if question.computation == FIRST else {},
            reported=now.reported,
            reported_before=earlier.reported,
            readings=now.readings,
            fields=now.by_field if question.by_field else {},
            opening=carried.by_field if carried else {},
        )

    def of_figures_and_cells(self, question: Question, forms: Sequence[Form]) -> Evidence:
        """As in `Knowledge`. Of the quarter before the levels, and the flows of communes whose forms need them."""
        outline, known_until = self.outline(question), end_of(question.known_at)
        ids, cells = question.source_communes(outline.map), frozenset[str]().union(*(form.measures for form in forms))
        levels_alone = self._halves is None and all(form.carried <= outline.stocks for form in forms)

        def opening(communes: list[str], *, flows: bool) -> FieldSums:
            window = question.opening_window
            found = figures.counts_in(self._connection, communes, window, known_until, self._halves, flows=flows)
            return replace(found, measures=cells).by_field

        now = figures.counts_in(self._connection, ids, question.window, known_until, self._halves)
        evidence = replace(
            outline,
            sums=now.sums,
            reported=now.reported,
            readings=now.readings,
            fields={key: count for key, count in now.by_field.items() if key[1] in cells},
            opening=opening(ids, flows=not levels_alone) if forms else {},
        )
        with_flows = communes_with_opening_flows(evidence, forms) if levels_alone else ()
        if with_flows:
            more = opening(sorted(outline.map.sources_of(with_flows)), flows=True)
            evidence = replace(evidence, opening={**evidence.opening, **more})
        return evidence

    def outline(self, question: Question) -> Evidence:
        """What figures are computed from, without any count: the map, definitions, targets and positions."""
        province, day, known_until = question.province, question.window[1], end_of(question.known_at)
        return Evidence(
            question=question,
            map=self._once(_map_of, known_until, question.shown_on),
            definitions=self._once(definitions.definitions, question.defined_on, known_until),
            targets=self._once(plans.targets_of, province, day, known_until),
            sums={},
            previous={},
            readings={},
            tasks=[],
            refused={},
            parked={},
            positions=self._once(positions.positions_of, known_until),
            stocks=frozenset(self._once(definitions.stocks, known_until)),
            **(self._by_field(question, known_until) if question.by_field else {}),
        )

    def _by_field(self, question: Question, known_until: datetime) -> dict[str, Any]:
        day = question.window[1]
        return {
            "scoped_targets": self._once(plans.scoped_targets_of, question.province, day, known_until),
            "field_names": self._once(definitions.field_names, known_until, day),
            "measure_names": {
                name: measure.name for name, measure in self._once(definitions.measures, known_until).items()
            },
        }

    def _once(self, read: Callable[..., Result], *parameters: Hashable) -> Result:
        key = (read, *parameters)
        if key not in self._read:
            self._read[key] = read(self._connection, *parameters)
        result: Result = self._read[key]
        return result


def _map_of(connection: Connection, known_until: datetime, day: date) -> TerritoryMap:
    return TerritoryMap(territory.territory_of(connection, known_until), day)


def _counts(
    read: Callable[[tuple[date, date], datetime], WindowCounts], question: Question, *, before: bool
) -> tuple[WindowCounts, WindowCounts, WindowCounts | None]:
    """Of the window, the one before, and the quarter before: of a quarter the last two are the same."""
    wanted = {question.window} | ({question.window_before} if before else set())
    if question.by_field:
        wanted.add(question.opening_window)
    known_until = end_of(question.known_at)
    found = {window: read(window, known_until) for window in wanted}
    earlier = found[question.window_before] if before else WindowCounts({}, {})
    return found[question.window], earlier, found[question.opening_window] if question.by_field else None
