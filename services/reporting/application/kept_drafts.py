"""Keeps the last drafts that were asked for, until something is recorded on which they rest."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable
from datetime import date, timedelta
from threading import Lock
from typing import Any, TypeVar, Unpack

from psycopg_pool import ConnectionPool

from services.reporting.application.drafts import Drafts, Options
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.lifecycle.province_report import Report
from services.reporting.read_models import Knowledge
from services.reporting.read_models.reports import Reports
from services.reporting.rendering.answers import overview_of
from shared.clock import day_of, end_of
from shared.contracts.reporting import ProvinceOverview
from shared.periods import Period
from shared.record.event_store import EventStore
from shared.regimes import DEFAULT_REGIME

MOST = 16  # some megabytes each
# A day is over once whatever was recorded before midnight is committed.
SETTLED_AFTER = timedelta(minutes=10)

Result = TypeVar("Result")


class KeptDrafts:
    def __init__(self, store: EventStore, pool: ConnectionPool, knowledge: Knowledge, drafts: Drafts) -> None:
        self._store = store
        self._reports = Reports(pool)
        self._knowledge = knowledge
        self._drafts = drafts
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        # Whoever comes second waits for what the first makes.
        self._made: defaultdict[Hashable, Lock] = defaultdict(Lock)

    def report(
        self, province: str, period: Period, known_at: date, commune: str | None = None, **options: Unpack[Options]
    ) -> ReportContent:
        """As Drafts.report; `options` without answers to scorecards."""
        regime = options.get("regime", DEFAULT_REGIME)
        key = ("report", commune, *sorted(options.items(), key=lambda each: each[0]))
        return self.once(
            (key, province, period, regime),
            known_at,
            lambda: self._drafts.report(province, period, known_at, commune, **options),
        )

    def overview(self, province: str, period: Period, known_at: date, **options: Unpack[Options]) -> ProvinceOverview:
        """A province's report as a page shows it, with its drawings."""
        regime = options.get("regime", DEFAULT_REGIME)
        key = ("overview", *sorted(options.items(), key=lambda each: each[0]))
        return self.once(
            (key, province, period, regime),
            known_at,
            lambda: overview_of(self.report(province, period, known_at, **options)),
        )

    def once(self, key: tuple[Hashable, str, Period, str], known_at: date, compute: Callable[[], Result]) -> Result:
        """What is made of a draft of this province, period and regime, made once for all that was known at a day.

        Positions are read first: a draft may hold more than its key says, never less.
        """
        whole = (key, known_at, self._basis(*key[1:], known_at))
        with self._lock:
            made = self._made[whole]
        with made:
            try:
                return self._kept_or(whole, compute)
            finally:
                with self._lock:
                    self._made.pop(whole, None)

    def _kept_or(self, whole: Hashable, compute: Callable[[], Result]) -> Result:
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

    def is_over(self, known_at: date) -> bool:
        return known_at < day_of(self._store.clock() - SETTLED_AFTER)

    def _basis(self, province: str, period: Period, regime: str, known_at: date) -> Hashable:
        """The positions on which a draft rests: of a day that is over those of its end, which nothing later moves."""
        written = None if self.is_over(known_at) else self._written(province, period, regime)
        calendar = self._drafts.calendar.known_on(known_at).version
        return calendar, written, tuple(self._knowledge.positions_at(end_of(known_at)).items())

    def _written(self, province: str, period: Period, regime: str) -> Hashable:
        """Which submissions and sections people have written; approving them changes no draft."""
        statuses = self._reports.of_communes(province, regime, period.name).values()
        own = Report.create_id(province, period.name, regime)
        submissions = frozenset((each.commune, each.submission) for each in statuses if each.submission)
        return submissions, self._store.last_position([own], Report.SectionWritten.TOPIC)
