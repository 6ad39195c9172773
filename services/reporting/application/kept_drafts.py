"""Keeps the last drafts of provinces that were asked for, until something is recorded on which they rest."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date, timedelta
from threading import Lock
from typing import Any, TypeVar, Unpack

from services.reporting.application.drafts import Drafts, Figures, Options
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.regime import Regime
from services.reporting.read_models import Knowledge
from shared.clock import day_of, end_of
from shared.periods import Period
from shared.record.event_store import EventStore

MOST = 12  # some megabytes each
# A day is over once whatever was recorded before midnight is committed.
SETTLED_AFTER = timedelta(minutes=10)

Result = TypeVar("Result")


class KeptDrafts:
    def __init__(self, store: EventStore, knowledge: Knowledge, drafts: Drafts) -> None:
        self._store = store
        self._knowledge = knowledge
        self._drafts = drafts
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def report(
        self, province: str, period: Period, known_at: date, commune: str | None = None, **options: Unpack[Options]
    ) -> ReportContent:
        """As Drafts.report; `options` without answers to scorecards."""
        key = ("report", province, period, commune, *sorted(options.items(), key=lambda each: each[0]))
        return self._once(key, known_at, lambda: self._drafts.report(province, period, known_at, commune, **options))

    def with_figures(
        self, regime: Regime, province: str, period: Period, known_at: date
    ) -> tuple[ReportContent, Figures]:
        """As Drafts.drafted_with_figures, without the evidence."""
        key = ("figures", province, period, regime.name)
        return self._once(
            key, known_at, lambda: self._drafts.drafted_with_figures(regime, province, period, known_at)[:2]
        )

    def _once(self, key: Hashable, known_at: date, compute: Callable[[], Result]) -> Result:
        """Positions are read first: a draft may hold more than its key says, never less."""
        whole = (key, known_at, self._basis(known_at))
        with self._lock:
            if whole in self._kept:
                self._kept.move_to_end(whole)
                found: Result = self._kept[whole]
                return found
        made = compute()
        with self._lock:
            self._kept[whole] = made
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return made

    def _basis(self, known_at: date) -> Hashable:
        """The positions on which a draft rests: of a day that is over those of its end, which nothing later moves."""
        is_over = known_at < day_of(self._store.clock() - SETTLED_AFTER)
        own = None if is_over else self._store.newest_position()
        calendar = self._drafts.calendar.known_on(known_at).version
        return calendar, own, tuple(self._knowledge.positions_at(end_of(known_at)).items())
