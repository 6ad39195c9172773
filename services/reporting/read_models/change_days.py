"""The days on which something behind the figures of communes was recorded, kept until more is recorded."""

from collections import OrderedDict
from collections.abc import Collection, Hashable
from datetime import date
from threading import Lock

from psycopg import Connection

from services.reporting.read_models.figure_basis import counts_known, rules_known
from services.reporting.read_models.figure_sources import changed_on
from shared.periods import halves_of

MOST = 500  # lists of days, some kilobytes each


class ChangeDays:
    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, tuple[Hashable, list[date]]] = OrderedDict()

    def of(
        self, connection: Connection, communes: Collection[str], province: str, window: tuple[date, date]
    ) -> list[date]:
        """As `changed_on`. A province's are looked for in tens of thousands of rows."""
        asked = sorted(communes)
        key = (*asked, province, window)
        counts = counts_known(connection, halves_of(window))
        # Read before the days: they may rest on more than these positions, never on less.
        basis = rules_known(connection), tuple(map(counts.get, asked))
        with self._lock:
            kept = self._kept.get(key)
        if kept and kept[0] == basis:
            return kept[1]
        found = changed_on(connection, asked, province, window)
        with self._lock:
            self._kept[key] = basis, found
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return found
