"""What the services' stores hold of a submission: receipts, kept bodies, the event, and who has followed it."""

from collections.abc import Iterator
from typing import Any

import psycopg

import services.indicators.publishers as indicators
import services.planning.publishers as planning
import services.reporting.publishers as reporting
from deploy.why import Settled
from services.indicators.domain.submission import Submission
from services.planning.domain.tasks.submission import ProgressSubmission
from services.reporting.domain.lifecycle.submission import ReportSubmission
from shared.contracts import Receipt
from shared.messaging.announcing.translations import Announce
from shared.messaging.intake.settled import position_of, receipts_of
from shared.messaging.streams import LISTENERS, events_stream
from shared.record.event_store import EventStore
from shared.settings import Settings

SUBMISSIONS: dict[str, tuple[Any, Announce]] = {
    "planning": (ProgressSubmission, planning.announce),
    "indicators": (Submission, indicators.announce),
    "reporting": (ReportSubmission, reporting.announce),
}


def settled_in(settings: Settings, service: str, submission_id: str) -> Iterator[Settled]:
    """Those of a service that takes submissions, in the order in which they were received."""
    with psycopg.connect(**settings.database(service), connect_timeout=5) as connection:  # type: ignore[arg-type]
        receipts = receipts_of(connection, submission_id)
    for receipt, kept in receipts:
        position = _position(settings, service, receipt)
        followed = {each: _followed(settings, each, service) for each in _followers(service)}
        yield Settled(service, receipt, kept, position, followed)


def _followers(service: str) -> list[str]:
    return [listener.service for listener in LISTENERS if listener.stream == events_stream(service)]


def _position(settings: Settings, service: str, receipt: Receipt) -> int:
    submission, announce = SUBMISSIONS[service]
    kind: Any = type("Store", (EventStore,), {"name": service})
    store: EventStore = kind(settings)
    try:
        return position_of(store, submission, receipt, announce)
    finally:
        store.close()


def _followed(settings: Settings, service: str, source: str) -> int:
    with psycopg.connect(**settings.database(service), connect_timeout=5) as connection:  # type: ignore[arg-type]
        row = connection.execute("SELECT position FROM tracking WHERE source = %s", (source,)).fetchone()
    return int(row[0]) if row else 0
