"""The readings behind a province's figure as they count at a position, from the stored events: what counts of each now.

A commune's figure shows every act on every reading (`reading_facts`); of a province there are too many to show.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.sql import SQL
from pydantic_core import from_json

from services.reporting.audit.explaining.reading_facts import FOUND_IN, WantedReadings, day_of_reading, parameters_of
from services.reporting.audit.stored_events import UNREADABLE, UnreadableEvent

# In no order: a version tells which event of a reading is later. OFFSET 0 has each event looked up: the planner, which
# cannot know how many readings hold a measure, would read the whole history for them.
RECEIPTS = SQL("""
    SELECT receipt.notification_id, receipt.state
    FROM (SELECT DISTINCT event FROM indicators.readings WHERE {found} ORDER BY event) AS found
    CROSS JOIN LATERAL (
        SELECT notification_id, state FROM indicators.indicators_events
        WHERE originator_id = found.event AND notification_id <= %s OFFSET 0
    ) AS receipt
""").format(found=SQL(FOUND_IN))


class StandingReading(NamedTuple):
    """`values` are those of the wanted measures, none of a withdrawn reading."""

    commune: str
    field_id: str
    observed_on: date
    values: Mapping[str, int]
    corrections: int
    withdrawn: bool


def standing_readings_of(connection: Connection, wanted: WantedReadings, until: int) -> list[StandingReading]:
    """Those that hold or held one of the measures, in no order; from the events up to a position of Indicators."""
    if not wanted.measures:
        return []
    held: dict[tuple[str, str], dict[str, Any]] = {}
    withdrawn: dict[tuple[str, str], int] = {}
    holds = _holds(wanted)
    with connection.cursor(binary=True) as cursor:
        for position, state in cursor.execute(RECEIPTS, (*parameters_of(wanted), until), prepare=False):
            try:
                receipt = from_json(state)
            except UNREADABLE as fault:
                raise UnreadableEvent("indicators", position) from fault
            commune = receipt["commune"]
            for each in (*receipt["recorded"], *receipt["corrected"]):
                if holds(each):
                    key = commune, each["reading_id"]
                    known = held.get(key)
                    if known is None or known["version"] < each["version"]:
                        held[key] = each
            for each in receipt["withdrawn"]:
                withdrawn[commune, each["reading_id"]] = each["version"]
    measures = frozenset(wanted.measures)
    return [_standing(key[0], last, withdrawn.get(key), measures) for key, last in held.items()]


def _holds(wanted: WantedReadings) -> Callable[[Mapping[str, Any]], bool]:
    """Whether a version of a reading is of these days and fields, with one of the measures."""
    start, until = (day.isoformat() for day in wanted.window)
    measures, fields = frozenset(wanted.measures), wanted.fields

    def holds(reading: Mapping[str, Any]) -> bool:
        return (
            start <= reading["observed_on"] <= until
            and not measures.isdisjoint(reading["values"])
            and (fields is None or (reading["field"] or "") in fields)
        )

    return holds


def _standing(commune: str, last: dict[str, Any], withdrawn: int | None, measures: frozenset[str]) -> StandingReading:
    """Each correction is one version more, and so is the withdrawal, after which nothing follows."""
    values = {measure: count for measure, count in last["values"].items() if measure in measures}
    corrections = last["version"] - 1 if withdrawn is None else withdrawn - 2
    return StandingReading(
        commune,
        last["field"] or "",
        day_of_reading(last["observed_on"]),
        values if withdrawn is None else {},
        corrections,
        withdrawn is not None,
    )
