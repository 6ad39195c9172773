"""Writes and shows the sections of a province's report that a person writes."""

from collections.abc import Mapping
from datetime import datetime

from services.reporting.application.stored_reports import province_report, stored_report
from services.reporting.data_files.rulebook import Rulebook
from services.reporting.domain.content.narrative import WrittenSection, refusal_to_write
from services.reporting.domain.refusal import Refusal, raise_if_refused
from services.reporting.read_models.reports import rows_of
from shared.periods import Period
from shared.printable import printable
from shared.record.event_store import EventStore
from shared.regimes import DEFAULT_REGIME


class Narratives:
    def __init__(self, store: EventStore, rulebook: Rulebook) -> None:
        self._store = store
        self._rulebook = rulebook

    def write(
        self, province: str, period: Period, texts: Mapping[str, str], *, by: str, regime: str = DEFAULT_REGIME
    ) -> int:
        """Write sections of a province's report, by section; an empty text takes a section's text away.

        The number of sections that changed. Where one breaks a rule none is written: ReportRefused, once that is
        recorded.
        """
        in_force = self._rulebook.regime(regime, period)
        cleaned = {section: printable(text).strip() for section, text in texts.items()}
        wrong = {section: text for section, text in cleaned.items() if refusal_to_write(section, text, by)}

        def attempt(at: datetime) -> tuple[int, list[Refusal]]:
            report = province_report(self._store, province, in_force, period, at)
            before = len(report.written)
            tried = [report.write(section, text, at, by=by) for section, text in (wrong or cleaned).items()]
            self._store.commit(report, at=at, statements=rows_of([report]))
            return len(report.written) - before, [refusal for refusal in tried if refusal]

        changed, refusals = self._store.decide(attempt)
        raise_if_refused(next(iter(refusals), None))
        return changed

    def written(self, province: str, period: Period, *, regime: str = DEFAULT_REGIME) -> list[WrittenSection]:
        """Every text that was written for the report, in the order in which they were; the last of a section holds."""
        report = stored_report(self._store, province, regime, period)
        return list(report.written) if report else []
