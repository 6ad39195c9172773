"""What the services' stores hold of a submission: receipts, kept bodies, the event, and who has followed it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg

from deploy.why import Settled
from services.indicators.domain.submission import Submission
from services.planning.domain.tasks.submission import ProgressSubmission
from services.reporting.domain.lifecycle.submission import ReportSubmission
from shared.contracts import Receipt
from shared.messaging.streams import LISTENERS, events_stream
from shared.record.event_store import EventStore
from shared.settings import Settings

EVER = datetime(9999, 12, 31, tzinfo=UTC)
SUBMISSIONS: dict[str, Any] = {
    "planning": ProgressSubmission,
    "indicators": Submission,
    "reporting": ReportSubmission,
}


def settled_in(settings: Settings, service: str, submission_id: str) -> Iterator[Settled]:
    """Those of a service that takes submissions, in the order in which they were received."""
    for receipt, kept in _receipts(settings, service, submission_id):
        position = _position(settings, service, SUBMISSIONS[service], receipt)
        followed = {each: _followed(settings, each, service) for each in _followers(service)}
        yield Settled(service, receipt, kept, position, followed)


def _followers(service: str) -> list[str]:
    return [listener.service for listener in LISTENERS if listener.stream == events_stream(service)]


def _receipts(settings: Settings, service: str, submission_id: str) -> list[tuple[Receipt, bool]]:
    query = """
        SELECT receipt, EXISTS (SELECT FROM parked WHERE parked.commune = inbox.commune
            AND parked.submission_id = inbox.submission_id)
        FROM inbox WHERE submission_id = %s ORDER BY received_at
    """
    with psycopg.connect(**settings.database(service), connect_timeout=5) as connection:  # type: ignore[arg-type]
        rows = connection.execute(query, (submission_id,)).fetchall()
    return [(Receipt.model_validate_json(receipt), kept) for receipt, kept in rows]


def _position(settings: Settings, service: str, submission: Any, receipt: Receipt) -> int:
    """0 for one that was parked: it changes nothing that others follow."""
    if receipt.parked:
        return 0
    kind: Any = type("Store", (EventStore,), {"name": service})
    store: EventStore = kind(settings)
    try:
        identity = submission.create_id(receipt.commune, receipt.submission_id)
        return store.last_position([identity], submission.Receipted.TOPIC, EVER)
    finally:
        store.close()


def _followed(settings: Settings, service: str, source: str) -> int:
    with psycopg.connect(**settings.database(service), connect_timeout=5) as connection:  # type: ignore[arg-type]
        row = connection.execute("SELECT position FROM tracking WHERE source = %s", (source,)).fetchone()
    return int(row[0]) if row else 0
