"""Connections of a service to its tables: apart from its process, for commands that need nothing of a broker."""

from psycopg_pool import ConnectionPool

from shared.settings import Settings


def open_pool(settings: Settings, service: str, size: int = 4) -> ConnectionPool:
    """Connections as the service's own role; broken ones are replaced before use."""
    return ConnectionPool(
        kwargs=settings.database(service) | {"connect_timeout": 5},
        min_size=1,
        max_size=size,
        timeout=10,
        check=ConnectionPool.check_connection,
        open=True,
    )
