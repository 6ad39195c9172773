"""Finds the approved reports whose figures changed since their submission, and records each change once."""

import logging
from collections.abc import Sequence
from datetime import date, datetime

from psycopg_pool import ConnectionPool

from services.reporting.application.drafts import Drafts
from services.reporting.application.stored_reports import stored_commune_report
from services.reporting.domain.content.differences import figure_changes, figures_sha256
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.content.restatement import FigureChange, ReadingCorrected
from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.commune_report_events import (
    APPROVED,
    OvertakingCorrection,
    OvertakingFields,
)
from services.reporting.domain.refusal import NothingKnown
from services.reporting.domain.regime import Regime
from services.reporting.read_models.corrections import Corrections
from services.reporting.read_models.editions import Altered, Contents
from services.reporting.read_models.recounts import ApprovedReport, Recounted, Recounts
from services.reporting.rendering.canonical_json import read_report
from services.reporting.rendering.text.restated import counted
from shared.clock import day_of
from shared.periods import Period, halves_of
from shared.record.event_store import EventStore

MOST_NAMED = 10  # figures, and corrections: a mail names them
COMPARED_AT_ONCE = 50  # reports in one transaction, some ten milliseconds each

log = logging.getLogger(__name__)


class OvertakenApprovals:
    def __init__(self, store: EventStore, pool: ConnectionPool, drafts: Drafts) -> None:
        self._store = store
        self._recounts = Recounts(pool)
        self._corrections = Corrections(pool)
        self._contents = Contents(pool)
        self._drafts = drafts

    def find(self) -> int:
        """Compare the approved reports of all counts that changed since the last time; the number of those compared.

        After a crash, or by another instance, they are compared again, which records nothing twice.
        """
        number = 0
        while recounted := self._recounts.not_compared():
            reports = [each for each in recounted.approved if self._counts(each, recounted)]
            for start in range(0, len(reports), COMPARED_AT_ONCE):
                self._compare_all(reports[start : start + COMPARED_AT_ONCE])
            self._recounts.compared(recounted.position)
            number += len(reports)
        return number

    def compare(self, report: CommuneReport, at: datetime) -> None:
        """Record that an approved report's figures changed; of another report, or where that is recorded, nothing."""
        if report.state != APPROVED:
            return
        try:
            submitted = read_report(self._contents.of(report.content_sha256))
            now = self._drafted(report, at)
        except (Altered, NothingKnown) as unknown:  # whoever reads the report is refused with the same sentence
            log.error("the approval of %s %s cannot be compared: %s", report.identity["commune"], report.id, unknown)
            return
        report.overtake(at, **self._fields(report, submitted, now))

    def _compare_all(self, reports: Sequence[ApprovedReport]) -> None:
        def attempt(at: datetime) -> None:
            stored = [
                stored_commune_report(self._store, each.commune, each.regime, Period.parse(each.period))
                for each in reports
            ]
            known = [report for report in stored if report]
            for report in known:
                self.compare(report, at)
            self._store.commit(*(report for report in known if report.pending_events), at=at)

        self._store.decide(attempt)

    def _counts(self, report: ApprovedReport, recounted: Recounted) -> bool:
        """Whether a changed half month is of the report's period, or of the quarter before, its opening balance."""
        try:
            first, last = halves_of(self._window(report.regime, Period.parse(report.period)))
        except NothingKnown:  # the regime is not among the data files any more
            return False
        return any(first <= half <= last for half in recounted.halves)

    def _window(self, regime: str, period: Period) -> tuple[date, date]:
        """With the quarter before."""
        in_force: Regime = self._drafts.rulebook.regime(regime, period)
        return in_force.window(period.quarter_before())[0], in_force.window(period)[1]

    def _drafted(self, report: CommuneReport, at: datetime) -> ReportContent:
        own, period = report.identity, Period.parse(report.identity["period"])
        regime = self._drafts.rulebook.regime(own["regime"], period)
        return self._drafts.drafted(regime, own["province"], period, day_of(at), own["commune"])

    def _fields(self, report: CommuneReport, submitted: ReportContent, now: ReportContent) -> OvertakingFields:
        last = report.overtaken
        since = last.position if last else submitted.positions.get("indicators", 0)
        window = self._window(report.identity["regime"], Period.parse(report.identity["period"]))
        corrections = self._corrections.since(since, now, window)
        moved = [change for change in figure_changes(submitted, now) if change.commune]
        withdrawn = sum(not each.after and each.observed_on >= now.counted_from for each in corrections)
        return {
            "position": now.positions.get("indicators", 0),
            "figures_sha256": figures_sha256(now, report.explanations, report.stated),
            "readings": now.readings,
            "moved": len(moved),
            "figures": [_in_words(change) for change in moved[:MOST_NAMED]],
            "corrected": len(corrections),
            "corrections": [_correction(each) for each in corrections[:MOST_NAMED]],
            "late_readings": max(0, now.readings - (last.readings if last else submitted.readings) + withdrawn),
        }


def _in_words(change: FigureChange) -> str:
    return f"{change.name}: {counted(change.before)} → {counted(change.after)}"


def _correction(each: ReadingCorrected) -> OvertakingCorrection:
    return {
        "reading_id": each.reading_id,
        "observed_on": each.observed_on,
        "withdrawn": not each.after,
        "by": each.by,
        "reason": each.reason,
    }
