"""Opens a service for a command and closes it again; a fault or a refusal ends the command with one sentence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from shared.cli import fail
from shared.garbage_collection import search_less
from shared.other_process import ProcessEnded
from shared.settings import Settings, SettingsError

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg_pool import ConnectionPool


class Closable(Protocol):
    """An application of a service."""

    def close(self) -> None: ...


Opened = TypeVar("Opened", bound=Closable)


@contextmanager
def opened(
    service: str,
    build: "Callable[[Settings, ConnectionPool], Opened]",
    *refusals: type[Exception],
    role: str | None = None,
) -> Iterator[Opened]:
    """The service's application, with connections under its own role or `role`, for as long as the block runs.

    Exit code 2 for a setting that is missing or wrong; 1 where PostgreSQL does not answer, where the database is not
    provisioned, and for each of `refusals`, whose message is the sentence (or whose `sentences` are).
    """
    with faults_in_sentences(refusals):
        settings = replace(Settings.from_env(), role=role)
        with _pool(settings, service) as pool:
            application = build(settings, pool)
            search_less()
            try:
                yield application
            finally:
                application.close()


@contextmanager
def opened_pool(service: str) -> "Iterator[ConnectionPool]":
    """The same for a command that only asks the service's tables."""
    with faults_in_sentences(()), _pool(Settings.from_env(), service) as pool:
        yield pool


@contextmanager
def connected(service: str, *refusals: type[Exception], role: str | None = None) -> "Iterator[Connection]":
    """One connection for a command that works with a service's tables itself; under `role` as in `opened`."""
    import psycopg

    with faults_in_sentences(refusals):
        settings = replace(Settings.from_env(), role=role)
        with psycopg.connect(**settings.database(service), connect_timeout=5) as connection:  # type: ignore[arg-type]
            yield connection


@contextmanager
def _pool(settings: Settings, service: str) -> "Iterator[ConnectionPool]":
    import psycopg

    from shared.record.pool import open_pool

    # A pool would go on trying, and report each attempt on standard error.
    parameters: dict[str, Any] = {**settings.database(service), "connect_timeout": 5}
    psycopg.connect(**parameters).close()
    with open_pool(settings, service, size=2) as pool:
        yield pool


@contextmanager
def faults_in_sentences(refusals: tuple[type[Exception], ...]) -> Iterator[None]:
    """For commands that open connections themselves; exit codes as in `opened`."""
    import psycopg
    from eventsourcing.persistence import PersistenceError
    from eventsourcing.persistence import ProgrammingError as StoreNotMade
    from psycopg.errors import InvalidSchemaName, UndefinedObject, UndefinedTable

    try:
        yield
    except SettingsError as wrong:
        fail(wrong.vietnamese, 2)
    except refusals as refused:
        fail(getattr(refused, "sentences", "") or getattr(refused, "vietnamese", str(refused)))
    except (UndefinedTable, InvalidSchemaName, UndefinedObject, StoreNotMade):
        fail("Cơ sở dữ liệu chưa được chuẩn bị; hãy chạy: minhbach provision")
    except (psycopg.OperationalError, PersistenceError, TimeoutError) as fault:
        fail(f"PostgreSQL không trả lời: {' '.join(str(fault).split()) or type(fault).__name__}")
    except ProcessEnded:
        fail("Một tiến trình của lệnh đã bị dừng giữa chừng, có thể vì máy hết bộ nhớ; hãy chạy lại lệnh.")
    except psycopg.Error as fault:
        fail(f"PostgreSQL từ chối: {' '.join(str(fault).split())}")
