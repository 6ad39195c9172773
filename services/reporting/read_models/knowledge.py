"""What was known: the announcements remembered, and the evidence of a period as known at a date."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

from services.reporting.domain.evidence import Evidence
from services.reporting.read_models import built, counts, plans, positions, territory
from shared.clock import end_of
from shared.contracts.planning import CommuneRegistered, MessageParked, PlanClosed, PlanIssued, TaskAssigned, TaskEvent
from shared.periods import Period
from shared.tracking import Apply, Heard


def remembering(source: str) -> Apply:
    """How the announcements of a source are remembered, batch by batch, in the transaction that moves its position."""

    def remember(connection: Connection[Any], heard: Sequence[Heard]) -> None:
        built.require(connection)
        if source == "planning":
            _remember_planning(connection, heard)
        else:
            counts.remember(connection, heard)
        positions.remember(connection, source, heard)

    return remember


def _remember_planning(connection: Connection[Any], heard: Sequence[Heard]) -> None:
    plans.remember_tasks(connection, [event for _, event in heard if isinstance(event, TaskAssigned)])
    for position, event in heard:
        match event:
            case CommuneRegistered():
                territory.remember(connection, event)
            case PlanIssued():
                plans.remember_plan(connection, position, event)
            case PlanClosed():
                plans.remember_closing(connection, event)
            case TaskEvent():
                plans.remember_change(connection, position, event)
            case MessageParked():
                counts.remember_parked(connection, "planning", position, event)


class Knowledge:
    """Answers what was known of a province and a period at the end of a day in Viet Nam."""

    def __init__(self, pool: "ConnectionPool[Any]") -> None:
        self._pool = pool

    def of(self, province: str, period: Period, known_at: date) -> Evidence:
        """One snapshot of the tables: what arrives meanwhile is not half in it."""
        known_until, window = end_of(known_at), period.window()
        with self._pool.connection() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            built.require(connection)
            communes = territory.communes_of(connection, province, known_until)
            ids = [commune.commune for commune in communes]
            now = counts.summed(connection, ids, window, known_until)
            return Evidence(
                period=period,
                known_at=known_at,
                communes=communes,
                definitions=counts.definitions(connection, window[1], known_until),
                targets=plans.targets_of(connection, province, window[1], known_until),
                sums=now.sums,
                previous=counts.summed(connection, ids, period.before().window(), known_until).sums,
                readings=now.readings,
                tasks=plans.tasks_of(connection, province, window[1], known_until),
                refused=counts.refused(connection, ids, window, known_until),
                parked=counts.parked(connection, ids, window, known_until),
                positions=positions.positions_of(connection, known_until),
            )

    def commune(self, code: str) -> tuple[str, str] | None:
        """A commune's id and province, by its code."""
        with self._pool.connection() as connection:
            row = connection.execute("SELECT commune, province FROM communes WHERE code = %s", (code,)).fetchone()
        return (row[0], row[1]) if row else None

    def positions(self) -> dict[str, int]:
        """How far each source has been followed."""
        with self._pool.connection() as connection:
            return dict(connection.execute("SELECT source, position FROM tracking").fetchall())
