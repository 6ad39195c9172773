"""Writes and shows the sections of a province's report that a person writes."""

from collections.abc import Mapping
from datetime import date, datetime

from services.reporting.application.stored_reports import province_report
from services.reporting.data_files.rulebook import Rulebook
from services.reporting.domain.content.narrative import RecordedSection, refusal_to_write
from services.reporting.domain.lifecycle.province_report import Report
from services.reporting.domain.refusal import Refusal
from shared.clock import end_of
from shared.periods import Period
from shared.printable import printable
from shared.record.event_store import NO_END, EventStore
from shared.regimes import DEFAULT_REGIME


class Narratives:
    def __init__(self, store: EventStore, rulebook: Rulebook) -> None:
        self._store = store
        self._rulebook = rulebook

    def written_now(
        self,
        province: str,
        period: Period,
        texts: Mapping[str, str],
        at: datetime,
        *,
        by: str,
        regime: str,
        account: str | None = None,
    ) -> tuple[Report, int, Refusal | None]:
        """Write sections of a province's report, by section; an empty text takes a section's text away.

        The report, which the caller commits with its row, the number of sections that changed, and the first refusal.
        Where one section breaks a rule none is written.
        """
        in_force = self._rulebook.regime(regime, period)
        cleaned = {section: printable(text).strip() for section, text in texts.items()}
        wrong = {section: text for section, text in cleaned.items() if refusal_to_write(section, text, by)}
        report = province_report(self._store, province, in_force, period, at)
        before = len(report.written)
        tried = [
            report.write(section, text, at, by=by, account=account) for section, text in (wrong or cleaned).items()
        ]
        return report, len(report.written) - before, next(filter(None, tried), None)

    def written(
        self, province: str, period: Period, *, regime: str = DEFAULT_REGIME, known_at: date | None = None
    ) -> list[RecordedSection]:
        """Every text that was written for the report, in the order in which they were; the last of a section holds.

        `known_at`: as known at the end of that day.
        """
        identity = Report.create_id(province, period.name, regime)
        known = self._store.known_at([identity], end_of(known_at) if known_at else NO_END)
        return [section for report in known for section in report.written]
