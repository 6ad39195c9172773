"""Reporting's tables made again from the event stores, beside the living ones, and put in their place.

A person runs it: after a change of what is remembered, or when the tables are not what the stores say. The service goes
on meanwhile. Ended at any moment and started again, it goes on from where it was.
"""

import gc
from collections.abc import Callable

import psycopg

from deploy.rebuild.next_tables import NextTables
from deploy.rebuild.sources import SOURCES, Source
from deploy.rebuild.swap import swap
from shared.settings import Settings

__all__ = ["SOURCES", "RebuildRunning", "rebuild"]

# Told by source: the position reached, and the store's last one.
Progress = Callable[[str, int, int], None]
NEARLY_THERE = 1000


class RebuildRunning(RuntimeError):
    """Somebody rebuilds already."""


def rebuild(settings: Settings, progress: Progress = lambda *_: None) -> dict[str, int]:
    """The positions up to which the new tables are made, by source. DATABASE_URL must be the owner's."""
    with psycopg.connect(settings.database_url, connect_timeout=5, autocommit=True) as alone:
        held = alone.execute("SELECT pg_try_advisory_lock(hashtext('minhbach report rebuild'))").fetchone()
        if held != (True,):
            raise RebuildRunning("A rebuild runs already; it goes on by itself.")
        sources = [Source(settings, name) for name in SOURCES]
        try:
            with NextTables(settings) as tables:
                return _rebuild(settings, sources, tables, progress)
        finally:
            for source in sources:
                source.close()


def _rebuild(settings: Settings, sources: list[Source], tables: NextTables, progress: Progress) -> dict[str, int]:
    def catch_up() -> int:
        """How much it was."""
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
    """Apply a store's events from where the tables are to where the store ends now."""
    position, last = tables.position(source.name), source.last()
    start = position
    for batch in source.batches(position, last):
        tables.apply(source.name, batch)
        position = batch.position
        progress(source.name, position, last)
    return position - start
