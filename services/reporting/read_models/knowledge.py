"""What was known: the announcements remembered, and the evidence of a period as known at a date."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

from services.reporting.domain.evidence import Evidence, Question
from services.reporting.read_models import built, definitions, figures, plans, positions, refusals, territory
from shared.clock import end_of
from shared.contracts.planning import (
    CommuneEvent,
    CommuneRegistered,
    MessageParked,
    PlanClosed,
    PlanIssued,
    TaskAssigned,
    TaskEvent,
)
from shared.tracking import Apply, Heard


def remembering(source: str) -> Apply:
    """How the announcements of a source are remembered, batch by batch, in the transaction that moves its position."""

    def remember(connection: Connection[Any], heard: Sequence[Heard]) -> None:
        built.require(connection)
        if source == "planning":
            _remember_planning(connection, heard)
        else:
            definitions.remember(connection, heard)
            figures.remember(connection, heard)
            refusals.remember(connection, heard)
        positions.remember(connection, source, heard)

    return remember


def _remember_planning(connection: Connection[Any], heard: Sequence[Heard]) -> None:
    plans.remember_tasks(connection, [event for _, event in heard if isinstance(event, TaskAssigned)])
    for position, event in heard:
        match event:
            case CommuneRegistered():
                territory.remember(connection, event)
            case CommuneEvent():
                territory.remember_change(connection, position, event)
            case PlanIssued():
                plans.remember_plan(connection, position, event)
            case PlanClosed():
                plans.remember_closing(connection, event)
            case TaskEvent():
                plans.remember_change(connection, position, event)
            case MessageParked():
                refusals.remember_parked(connection, "planning", position, event)


class Knowledge:
    """Answers what was known of a province and a period at the end of a day in Viet Nam."""

    def __init__(self, pool: "ConnectionPool[Any]") -> None:
        self._pool = pool

    def of(self, question: Question) -> Evidence:
        """One snapshot of the tables: what arrives meanwhile is not half in it."""
        province, day, known_until = question.province, question.window[1], end_of(question.known_at)
        with self._pool.connection() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            built.require(connection)
            shown = territory.territory_of(connection, known_until).on(question.shown_on)
            ids = question.told_by(shown)
            now = figures.summed(connection, ids, question.window, known_until)
            return Evidence(
                question=question,
                map=shown,
                definitions=definitions.definitions(connection, question.defined_on, known_until),
                targets=plans.targets_of(connection, province, day, known_until),
                sums=now.sums,
                previous=figures.summed(connection, ids, question.window_before, known_until).sums,
                readings=now.readings,
                tasks=plans.tasks_of(connection, province, day, known_until),
                refused=refusals.refused(connection, ids, question.window, known_until),
                parked=refusals.parked(connection, ids, question.window, known_until),
                positions=positions.positions_of(connection, known_until),
                stocks=frozenset(definitions.stocks(connection, known_until)),
                **(_by_field(connection, question, ids, known_until) if question.by_field else {}),
            )

    def commune(self, code: str) -> tuple[str, str] | None:
        """A commune's id and province, by its code or its own id; of two with one code the one that is not gone."""
        with self._pool.connection() as connection:
            return territory.commune_with(connection, code)

    def positions(self) -> dict[str, int]:
        """How far each source has been followed."""
        with self._pool.connection() as connection:
            return dict(connection.execute("SELECT source, position FROM tracking").fetchall())


def _by_field(connection: Connection[Any], question: Question, ids: list[str], known_until: datetime) -> dict[str, Any]:
    day = question.window[1]
    return {
        "fields": figures.by_field(connection, ids, question.window, known_until),
        "opening": figures.by_field(connection, ids, question.opening_window, known_until),
        "scoped_targets": plans.scoped_targets_of(connection, question.province, day, known_until),
        "field_names": definitions.field_names(connection, known_until, day),
        "measure_names": {m: said.name for m, said in definitions.measures(connection, known_until).items()},
    }
