"""Planning as a command uses it: opened, and closed again, with every fault as one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg

from services.planning.domain.refused import PlanRefused
from shared.cli import fail
from shared.settings import Settings, SettingsError

if TYPE_CHECKING:
    from services.planning.application import Planning


@contextmanager
def opened() -> "Iterator[Planning]":
    """Ends the command where the rules, the settings or the database say no."""
    from eventsourcing.persistence import PersistenceError

    from services.planning.application import Planning
    from shared.process import open_pool

    settings, database = _settings()
    try:
        # A pool would go on trying, and tell of every try on standard error.
        psycopg.connect(**database, connect_timeout=5).close()
        with open_pool(settings, "planning", size=2) as pool:
            planning = Planning(settings, pool)
            try:
                yield planning
            finally:
                planning.close()
    except SettingsError as wrong:
        fail(str(wrong), 2)
    except PlanRefused as refused:
        fail(str(refused))
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName, psycopg.errors.UndefinedObject):
        fail("the database is not provisioned; run: minhbach provision")
    except (psycopg.Error, PersistenceError, TimeoutError) as fault:
        fail(f"PostgreSQL does not answer: {' '.join(str(fault).split()) or type(fault).__name__}")


def nats_url() -> str:
    return _settings()[0].nats_url


def _settings() -> tuple[Settings, dict[str, Any]]:
    """With the parameters of the database."""
    try:
        settings = Settings.from_env()
        return settings, {**settings.database("planning")}
    except SettingsError as missing:
        fail(str(missing), 2)
