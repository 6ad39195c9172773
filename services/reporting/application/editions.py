"""Publishes the province's report as an edition, and restates it after changes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from services.reporting.application.changes import Changes
from services.reporting.application.drafts import Drafts
from services.reporting.application.published_editions import PublishedEdition, PublishedEditions
from services.reporting.application.reviews import Reviews
from services.reporting.application.stored_reports import province_report
from services.reporting.domain.content.edition_changes import (
    EditionChanges,
    headline,
    headline_of_changes,
    restated,
)
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.drafts.evidence import Evidence
from services.reporting.domain.lifecycle.province_report import Report, UnapprovedCommune
from services.reporting.domain.lifecycle.province_report_events import EditionFields
from services.reporting.domain.refusal import Refusal
from services.reporting.domain.regime import Regime
from services.reporting.read_models.editions import keep, keep_edition
from services.reporting.read_models.reports import rows_of
from services.reporting.rendering.canonical_json import canonical_json
from shared.periods import Period
from shared.record.event_store import EventStore, Statement
from shared.regimes import DEFAULT_REGIME


class DecidedEdition(NamedTuple):
    """A decision about the province's report, with the statements for the transaction of its events."""

    report: Report
    refusal: Refusal | None
    statements: list[Statement]


class Editions:
    def __init__(
        self,
        store: EventStore,
        drafts: Drafts,
        reviews: Reviews,
        published: PublishedEditions,
        changes: Changes,
    ) -> None:
        self._store = store
        self._drafts = drafts
        self._reviews = reviews
        self._published = published
        self._compared = changes

    def publication(
        self,
        province: str,
        period: Period,
        known_at: date,
        *,
        by: str,
        account: str | None = None,
        incomplete: bool = False,
        regime: str = DEFAULT_REGIME,
    ) -> Callable[[datetime], DecidedEdition]:
        """Compose the report now; the decision, which the caller commits, may be taken again."""
        in_force = self._drafts.rulebook.regime(regime, period)
        content, missing, _ = self._content(in_force, province, period, known_at)
        kept = canonical_json(content)

        def decide(at: datetime) -> DecidedEdition:
            report = province_report(self._store, province, in_force, period, at)
            refusal = report.publish(
                sha256(kept).hexdigest(),
                at,
                incomplete=incomplete,
                unapproved=missing,
                by=by,
                account=account,
                **_edition_fields(content, headline(content)),
            )
            return DecidedEdition(report, refusal, _statements(report, kept))

        return decide

    def restatement(
        self,
        province: str,
        period: Period,
        known_at: date,
        *,
        by: str,
        reason: str,
        account: str | None = None,
        regime: str = DEFAULT_REGIME,
    ) -> Callable[[datetime], DecidedEdition]:
        """As `publication`, of another edition."""
        in_force = self._drafts.rulebook.regime(regime, period)
        draft, _, evidence = self._content(in_force, province, period, known_at)

        def decide(at: datetime) -> DecidedEdition:
            report = province_report(self._store, province, in_force, period, at)
            changes, content = self._changes(report, draft, evidence, by=by, reason=reason)
            kept = canonical_json(content)
            refusal = report.restate(
                sha256(kept).hexdigest(),
                at,
                moved=len(changes.figures),
                rewritten=self._is_rewritten(report, content),
                corrections=len(changes.corrections),
                changes_sha256=changes.sha256,
                unapproved=list(content.unapproved or ()),
                by=by,
                account=account,
                reason=reason,
                **_edition_fields(content, headline_of_changes(changes.figures, content)),
            )
            return DecidedEdition(report, refusal, _statements(report, kept, changes))

        return decide

    def draft(self, province: str, period: Period, known_at: date, *, regime: str = DEFAULT_REGIME) -> ReportContent:
        """The report as it would be published of a day, with the names of the communes that are not approved."""
        return self._content(self._drafts.rulebook.regime(regime, period), province, period, known_at)[0]

    def changes_since(
        self,
        province: str,
        period: Period,
        known_at: date,
        edition: int | None = None,
        *,
        regime: str = DEFAULT_REGIME,
    ) -> tuple[PublishedEdition, EditionChanges, ReportContent]:
        """What a restatement would list if it were published of a day: an edition, what moved since, and the draft.

        Nothing is recorded. The last edition when no number is given; NothingKnown where there is none.
        """
        in_force = self._drafts.rulebook.regime(regime, period)
        before = self._published.edition(province, period, edition, regime=regime)
        draft, _, evidence = self._content(in_force, province, period, known_at)
        return before, self._compared.since(before.report, draft, evidence), draft

    def _content(
        self, regime: Regime, province: str, period: Period, known_at: date
    ) -> tuple[ReportContent, Sequence[UnapprovedCommune], Evidence]:
        """The province's report, which names the communes whose own report is not approved; these, and the evidence."""
        content, figures, evidence = self._drafts.drafted_with_figures(regime, province, period, known_at)
        missing = self._reviews.unapproved(content, regime, figures)
        if missing is None:
            return content, (), evidence
        return replace(content, unapproved=tuple(each.name for each in missing)), missing, evidence

    def _changes(
        self, report: Report, draft: ReportContent, evidence: Evidence, *, by: str, reason: str
    ) -> tuple[EditionChanges, ReportContent]:
        """The changes since the last edition, and the draft with an annex of them."""
        last = self._published.of(report)
        if last is None:
            return EditionChanges((), (), (0, draft.readings)), draft
        changes = self._compared.since(last.report, draft, evidence)
        causes = evidence.causes(changes.corrections, changes.late)
        return changes, restated(last.report, draft, causes, replaces=last.number, by=by, reason=reason)

    def _is_rewritten(self, report: Report, content: ReportContent) -> bool:
        last = self._published.of(report)
        return last is not None and last.report.narrative != content.narrative


def _statements(report: Report, content: bytes, changes: EditionChanges | None = None) -> list[Statement]:
    """With the bytes of a new edition, in the same transaction."""
    statements = rows_of([report])
    if any(isinstance(event, Report.Published | Report.Restated) for event in report.pending_events):
        statements += [keep(content), keep_edition(str(report.id), report.edition, content)]
        statements += [keep(changes.canonical())] if changes else []
    return statements


def _edition_fields(content: ReportContent, sentences: list[str]) -> EditionFields:
    return {
        "province_name": content.province_name,
        "known_at": content.known_at,
        "positions": dict(content.positions),
        "headline": sentences,
        "definitions": content.definitions,
        "map_day": content.map_day,
        "pins": dict(content.pins),
    }
