"""How many readings of each commune have a count far from its usual ones: kept, and counted again where one changed."""

import logging
import time
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock, Thread

from services.indicators.domain.submission import Submission
from services.indicators.read_models.reading_history import ReadingHistories
from shared.contracts.indicators import ListReadings
from shared.record.event_store import EventStore, RecordedEvent

MOST_SPANS = 8  # of days that are kept
FEW = 8  # communes that whoever asks may wait for
MOST_CHANGES = 200  # events since the last question; after more of them every commune is counted again

log = logging.getLogger(__name__)


@dataclass
class Span:
    """The numbers of some days, by commune, as of a position; `changed_at` are the positions of their last changes."""

    first: date
    last: date
    position: int
    totals: dict[str, int] = field(default_factory=dict)
    changed_at: dict[str, int] = field(default_factory=dict)
    counting: Thread | None = None

    def catch_up(self, changes: Sequence[RecordedEvent]) -> None:
        """The communes are counted again whose readings, up to the last day, these events change."""
        for each in changes:
            self.position = each.position.number
            if isinstance(each.event, Submission.Receipted) and self._rests_on(each.event):
                self.totals.pop(each.event.commune, None)
                self.changed_at[each.event.commune] = self.position

    def _rests_on(self, event: Submission.Receipted) -> bool:
        changed = (*event.recorded, *event.corrected, *event.withdrawn)
        return any(each["observed_on"] <= self.last.isoformat() for each in changed)


class UnusualCounts:
    """A commune takes some hundredths of a second: it is counted beside the answer, one at a time."""

    def __init__(self, store: EventStore, histories: ReadingHistories) -> None:
        self._store = store
        self._histories = histories
        self._lock = Lock()
        self._counting = Lock()  # a connection at most is taken from what else the service does
        self._spans: OrderedDict[tuple[date, date], Span] = OrderedDict()

    def of(self, communes: Collection[str], first: date, last: date, patience: float) -> dict[str, int]:
        """As known now; the communes that are not counted yet are counted meanwhile.

        So many seconds are waited for a few of them, and none for many, of which most would be missing anyway.
        """
        with self._lock:
            span = self._span(first, last)
            missing = [each for each in communes if each not in span.totals]
            if missing and (span.counting is None or not span.counting.is_alive()):
                span.counting = Thread(target=self._count, args=(span, missing), daemon=True)
                span.counting.start()
        if missing and span.counting and len(missing) <= FEW:
            span.counting.join(patience)
        with self._lock:
            return {each: span.totals[each] for each in communes if each in span.totals}

    def _span(self, first: date, last: date) -> Span:
        """Without the numbers of communes that changed something since; a new one where much changed."""
        span = self._spans.pop((first, last), None)
        changes = self._store.events_after(span.position, MOST_CHANGES) if span else []
        if span is None or len(changes) == MOST_CHANGES:
            span = Span(first, last, self._store.newest_position())
        else:
            span.catch_up(changes)
        self._spans[first, last] = span
        while len(self._spans) > MOST_SPANS:
            self._spans.popitem(last=False)
        return span

    def _count(self, span: Span, communes: Sequence[str]) -> None:
        """Until nobody asks for the span any more. Of many communes with pauses: the pages of others come first."""
        for left, commune in zip(range(len(communes), 0, -1), communes, strict=True):
            started = time.monotonic()
            with self._counting:
                if not self._is_wanted(span):
                    return
                try:
                    self._count_one(span, commune)
                except Exception:  # the next question counts it again
                    log.exception("unusual counts of %s from %s to %s", commune, span.first, span.last)
            if left > FEW:
                time.sleep(time.monotonic() - started)

    def _is_wanted(self, span: Span) -> bool:
        with self._lock:
            return span is self._spans.get((span.first, span.last))

    def _count_one(self, span: Span, commune: str) -> None:
        before = span.position
        total = self._total(commune, span)
        with self._lock:
            if span.changed_at.get(commune, 0) <= before:
                span.totals[commune] = total

    def _total(self, commune: str, span: Span) -> int:
        question = ListReadings(commune=commune, observed_from=span.first, observed_until=span.last, most=1)
        usual = self._histories.usual(question, span.last)
        return self._histories.listed(question, None, usual).total if usual else 0
