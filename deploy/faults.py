"""Faults that an operator can mend, each as one sentence instead of a traceback."""

import nats.errors
import psycopg
import psycopg_pool
from eventsourcing.persistence import PersistenceError
from eventsourcing.persistence import ProgrammingError as StoreNotMade

from deploy.embedded.folder_lock import StackRunning
from deploy.embedded.forks import NotForked
from deploy.embedded.nats_server import NoBinary
from deploy.embedded.servers import ServerFailed
from deploy.unprivileged import CannotLeaveRoot
from services.reporting.read_models.table_version import RebuildNeeded
from shared.messaging.stream_provision import NotProvisioned
from shared.record.event_store import ClockDiffers
from shared.settings import SettingsError

NOT_PROVISIONED = "The database is not provisioned ({}); run: minhbach provision"
SENTENCES: dict[type[Exception], str] = {
    SettingsError: "{}",
    ServerFailed: "{}",
    NoBinary: "{}",
    StackRunning: "{}",
    NotForked: "{}",
    CannotLeaveRoot: "{}",
    NotProvisioned: "{}",
    RebuildNeeded: "{}",
    ClockDiffers: "{}",
    nats.errors.Error: "NATS does not answer: {}",
    psycopg.errors.UndefinedTable: NOT_PROVISIONED,
    psycopg.errors.InvalidSchemaName: NOT_PROVISIONED,
    psycopg.errors.UndefinedObject: NOT_PROVISIONED,
    StoreNotMade: NOT_PROVISIONED,
    psycopg_pool.PoolTimeout: "PostgreSQL does not answer: {}",
    psycopg.Error: "PostgreSQL says no: {}",
    PersistenceError: "PostgreSQL does not answer: {}",
    ConnectionError: "A server does not answer: {}",
}
FAULTS = tuple(SENTENCES)


def sentence(fault: Exception) -> str:
    """The fault in one line."""
    form = next(form for kind, form in SENTENCES.items() if isinstance(fault, kind))
    return form.format(" ".join(str(fault).split()) or type(fault).__name__)
