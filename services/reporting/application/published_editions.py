"""Shows an edition as it was published, from its stored bytes, which are verified against their hash."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from psycopg_pool import ConnectionPool

from services.reporting.application.stored_reports import stored_report
from services.reporting.domain.content.edition_changes import EditionChanges
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.lifecycle.province_report import Report
from services.reporting.domain.refusal import NothingKnown
from services.reporting.read_models.editions import Contents
from services.reporting.read_models.reports import Reports
from services.reporting.read_models.seals import Seal, Seals
from services.reporting.rendering.answers import overview_of
from services.reporting.rendering.canonical_json import read_changes, read_report
from services.reporting.rendering.text.sources import EditionMark
from shared.clock import day_of
from shared.contracts.reporting import ProvinceOverview
from shared.periods import Period
from shared.record.event_store import EventStore
from shared.regimes import DEFAULT_REGIME


@dataclass(frozen=True)
class PublishedEdition:
    """One edition as it was published; `content` are the bytes of which `content_sha256` was taken.

    `changes` since the edition before: None for the first. `position` is that of its publication.
    """

    number: int
    last: int
    content_sha256: str
    content: bytes
    report: ReportContent
    published_at: datetime
    by: str
    reason: str
    changes: EditionChanges | None
    seals: tuple[Seal, ...] = ()
    position: int | None = None
    by_account: str | None = None

    @property
    def overview(self) -> ProvinceOverview:
        """As a page shows it, with its drawings."""
        return _overview_of(self.content)

    @property
    def mark(self) -> EditionMark:
        """The mark that its documents bear."""
        replaced = self.number - 1 or None
        published_on, reason = day_of(self.published_at), self.reason or None
        return EditionMark(self.number, published_on, self.content_sha256, replaced, reason, self.seals)


class PublishedEditions:
    def __init__(self, store: EventStore, pool: ConnectionPool) -> None:
        self._store = store
        self._contents = Contents(pool)
        self._reports = Reports(pool)
        self._seals = Seals(pool)

    def edition(
        self, province: str, period: Period, number: int | None = None, *, regime: str = DEFAULT_REGIME
    ) -> PublishedEdition:
        """An edition as it was published, the last one when no number is given.

        NothingKnown where there is none; Altered where the stored content is not the published one.
        """
        report = stored_report(self._store, province, regime, period)
        found = report and self.of(report, number)
        if not found:
            which = f"lần {number}" if number else "lần nào"
            raise NothingKnown(
                f"Báo cáo {period.vietnamese} của tỉnh {province}, chế độ “{regime}”, chưa được công bố {which}."
            )
        return found

    def listed(self, province: str, regime: str | None = None, period: str | None = None) -> list[Report]:
        """The published reports of a province, the latest periods first."""
        found = [
            stored_report(self._store, province, of_regime, Period.parse(of_period))
            for of_regime, of_period in self._reports.published(province)
            if regime in (None, of_regime) and period in (None, of_period)
        ]
        return [report for report in found if report]

    def of(self, report: Report, number: int | None = None) -> PublishedEdition | None:
        """An edition of a report; None where there is none."""
        if not report.editions or not 1 <= (number or 1) <= report.edition:
            return None
        recorded = report.editions[(number or report.edition) - 1]
        content = self._contents.of_edition(str(report.id), recorded.number, recorded.content_sha256)
        changes, read = recorded.changes_sha256, _report_of(content)
        return PublishedEdition(
            number=recorded.number,
            last=report.edition,
            content_sha256=recorded.content_sha256,
            content=content,
            report=read,
            published_at=recorded.at,
            by=recorded.by,
            reason=recorded.reason,
            changes=read_changes(self._contents.of(changes)) if changes else None,
            seals=tuple(self._seals.of_edition(str(report.id), recorded.number, read.positions)),
            position=self._seals.publication(str(report.id), recorded.number),
            by_account=recorded.by_account,
        )


# Verified bytes never change: whoever opens an edition again need not read them again. Some megabytes each.
@lru_cache(maxsize=8)
def _report_of(content: bytes) -> ReportContent:
    return read_report(content)


@lru_cache(maxsize=8)
def _overview_of(content: bytes) -> ProvinceOverview:
    return overview_of(_report_of(content))
