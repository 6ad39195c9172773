"""Whoever owes a report is reminded, each step once, in transactions of a bounded size, however many instances look."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from services.reporting.domain.commune_report import CommuneReport
from services.reporting.domain.report import Report
from services.reporting.read_models.reports import Reporter, Reports
from shared.clock import Clock, day_of
from shared.event_store import EventStore, IntegrityError
from shared.intake import TRIES
from shared.settings import SettingsError

if TYPE_CHECKING:
    from services.reporting.application import Reporting

REMINDED_AT_ONCE = 300
EVERY = 60.0  # seconds, for the communes registered and the reports returned since
POLLED_EVERY = 0.2  # a demonstration moves the clock several days in a second

Remind = Callable[[Reporter, datetime], CommuneReport | Report]

log = logging.getLogger(__name__)


async def remind_for_ever(reporting: "Reporting", clock: Clock, every: float = EVERY) -> None:
    """Until cancelled. Days on which nobody looked need no catching up: today says what of them is still worth it."""
    looked_on, looked_at = None, 0.0
    while True:
        try:
            today = day_of(clock())
            if today != looked_on or time.monotonic() - looked_at > every:
                said = await asyncio.to_thread(reporting.remind, today)
                looked_on, looked_at = today, time.monotonic()
                log.debug("%s: %s reminders of reports", today, said)
        except Exception:  # it may pass (the database is away): the same day again
            log.exception("reminders of reports")
            await asyncio.sleep(1)
        await asyncio.sleep(POLLED_EVERY)


def remind_all(store: EventStore, owing: Sequence[Reporter], remind: Remind) -> int:
    """How many were reminded."""
    return sum(
        _remind_some(store, owing[start : start + REMINDED_AT_ONCE], remind)
        for start in range(0, len(owing), REMINDED_AT_ONCE)
    )


def _remind_some(store: EventStore, owing: Sequence[Reporter], remind: Remind) -> int:
    for _ in range(TRIES):
        at = store.clock()
        reports = [remind(reporter, at) for reporter in owing]
        # Of those only that change: what another instance said of the others meanwhile must stand.
        changed = [report for report in reports if report.pending_events]
        try:
            store.commit(*changed, at=at, statements=Reports.rows(changed))
        except IntegrityError:  # another instance reminded some of them, or a commune submitted
            continue
        return len(changed)
    raise TimeoutError(f"{TRIES} times another instance was first")


def day_reports_begin(env: Mapping[str, str]) -> date:
    """The setting MINHBACH_REPORTS_FROM: nobody is reminded of periods that ended before this day."""
    text = env.get("MINHBACH_REPORTS_FROM")
    try:
        return date.fromisoformat(text) if text else date.min
    except ValueError:
        raise SettingsError(f'MINHBACH_REPORTS_FROM is "{text}"; it must be a day such as 2025-09-16') from None
