"""Rebuilds Reporting's tables from the event stores in a schema of their own, then puts them in place of the old ones.

An operator runs it after a change of the read models, or when the tables differ from the stores. The service runs
meanwhile. Interrupted at any moment, it continues where it stopped.
"""

import gc
from collections.abc import Callable

import psycopg

from deploy.rebuild.next_tables import NextTables
from deploy.rebuild.sources import SOURCES, Source
from deploy.rebuild.swap import swap
from shared.settings import Settings

__all__ = ["SOURCES", "RebuildRunning", "rebuild"]

# Called with a source, the position reached in it, and the last position of its store.
Progress = Callable[[str, int, int], None]
NEARLY_THERE = 1000


class RebuildRunning(RuntimeError):
    """Another rebuild runs."""


def rebuild(settings: Settings, progress: Progress = lambda *_: None) -> dict[str, int]:
    """The positions up to which the new tables are made, by source. DATABASE_URL must be the owner's."""
    with psycopg.connect(settings.database_url, connect_timeout=5, autocommit=True) as alone:
        try:
            # Waits a moment: PostgreSQL takes a while to notice that a rebuild which held the lock has ended.
            alone.execute("SET lock_timeout = '5s'")
            alone.execute("SELECT pg_advisory_lock(hashtext('minhbach report rebuild'))")
        except psycopg.errors.LockNotAvailable:
            raise RebuildRunning("A rebuild runs already; it goes on by itself.") from None
        sources = [Source(settings, name) for name in SOURCES]
        try:
            with NextTables(settings) as tables:
                return _rebuild(settings, sources, tables, progress)
        finally:
            for source in sources:
                source.close()


def _rebuild(settings: Settings, sources: list[Source], tables: NextTables, progress: Progress) -> dict[str, int]:
    def catch_up() -> int:
        """The number of positions that were applied."""
        return sum(_follow(source, tables, progress) for source in sources)

    # Looking for cycles among millions of short-lived events takes half the time, and there are none.
    gc.disable()
    try:
        while catch_up() > NEARLY_THERE:
            continue
    finally:
        gc.enable()
    tables.gather_statistics()
    return swap(settings, tables, catch_up)


def _follow(source: Source, tables: NextTables, progress: Progress) -> int:
    """Apply a store's events from the tables' position to the store's last one."""
    position, last = tables.position(source.name), source.last()
    start = position
    for batch in source.batches(position, last):
        tables.apply(source.name, batch)
        position = batch.position
        progress(source.name, position, last)
    return position - start
