"""What Reporting does when asked."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any, cast

from psycopg_pool import ConnectionPool

from services.reporting.asking import NothingKnown
from services.reporting.domain.commune_report import CommuneReport
from services.reporting.domain.moves import Move, moved
from services.reporting.domain.quarterly_report import QuarterlyReport
from services.reporting.domain.refusal import Refusal, ReportRefused
from services.reporting.domain.regime import Regime
from services.reporting.domain.reminders import reminders
from services.reporting.domain.report import FIRST_REGIME, Report, Unapproved
from services.reporting.domain.submission import UnreadableMessage
from services.reporting.drafting import Drafts
from services.reporting.publishing import Edition, Listed, edition_of, list_reports, pinned, unapproved_in
from services.reporting.read_models.corrections import Corrections
from services.reporting.read_models.editions import Contents, keep, keep_edition
from services.reporting.read_models.reports import Reporter, Reports
from services.reporting.reminding import day_reports_begin, remind_all
from services.reporting.rendering.canonical import canonical_json
from services.reporting.rendering.stored import read_report
from services.reporting.restating import Changes, headline, headline_of
from services.reporting.submitting import Judging, settled
from shared.clock import day_of
from shared.contracts import Submission
from shared.contracts.reporting import SubmitReport
from shared.event_store import AggregateNotFoundError, IntegrityError
from shared.intake import TRIES, Outcome, Submitted, Unreadable, parked
from shared.periods import Period
from shared.settings import Settings

KINDS: tuple[type[Submission], ...] = (SubmitReport,)
# A report takes its figures from the tables, so a batch of intake is settled bit by bit: what is left comes again.
SETTLED_AT_ONCE = 40


class Reporting(Drafts):
    """Decides what becomes of reports; what a report says is in `Drafts`."""

    name = "reporting"  # eventsourcing 9.5 names a class that does not say so itself after the class

    def __init__(self, settings: Settings, pool: "ConnectionPool[Any]") -> None:
        super().__init__(settings, pool)
        self.reports = Reports(pool)
        self.contents = Contents(pool)
        self._corrections = Corrections(pool)
        self._reports_from = day_reports_begin(settings.env)

    def settle(self, submissions: Sequence[Submitted], at: datetime) -> list[Outcome]:
        """Decide a batch of submitted reports, as many as can be in one go. Each sees what those before did."""
        judging = Judging(self, at)
        return [
            parked(UnreadableMessage, submitted, submitted.content, at)
            if isinstance(submitted.content, Unreadable)
            else settled(submitted, judging.verdict(submitted), at)
            for submitted in submissions[:SETTLED_AT_ONCE]
        ]

    def return_report(self, code: str, period: Period, *, by: str, reason: str, regime: str = FIRST_REGIME) -> None:
        """Send a commune's report back to it. ReportRefused, once the refusal is recorded."""
        self._review(code, period, regime, lambda report, at: report.send_back(at, by=by, reason=reason))

    def approve_report(
        self, code: str, period: Period, *, by: str, submission: int | None = None, regime: str = FIRST_REGIME
    ) -> None:
        """Approve a commune's report as it was submitted last. ReportRefused, once the refusal is recorded."""
        self._review(code, period, regime, lambda report, at: report.approve(at, by=by, submission=submission))

    def publish_report(
        self,
        province: str,
        period: Period,
        known_at: date,
        *,
        by: str = "",
        incomplete: bool = False,
        regime: str = FIRST_REGIME,
    ) -> tuple[int, str]:
        """Publish the province's report as known at a day; the edition and its content's hash.

        ReportRefused, once that is recorded, where it was published otherwise, or not all communes' reports are
        approved and it is not said to be `incomplete`.
        """
        in_force = self.rulebook.regime(regime, period)
        content, missing = self._for_edition(in_force, province, period, known_at)
        kept = canonical_json(content)
        digest = sha256(kept).hexdigest()
        for _ in range(TRIES):
            at = self.clock()
            report = self._report(province, period, in_force, at)
            refusal = report.publish(
                digest,
                at,
                incomplete=incomplete,
                unapproved=missing,
                by=by,
                headline=headline(content),
                **pinned(content),
            )
            if self._published(report, kept, at):
                _or_refused(refusal)
                return report.edition, digest
        raise TimeoutError(f"{TRIES} times another instance was first")

    def restate_report(
        self, province: str, period: Period, known_at: date, *, by: str, reason: str, regime: str = FIRST_REGIME
    ) -> Edition:
        """Publish another edition, which says what moved since the last one, by what, by whom and why.

        ReportRefused where nothing moved, or the rules do not allow it.
        """
        in_force = self.rulebook.regime(regime, period)
        content, _ = self._for_edition(in_force, province, period, known_at)
        kept = canonical_json(content)
        for _ in range(TRIES):
            at = self.clock()
            report = self._report(province, period, in_force, at)
            changes = self._changes(report, content)
            refusal = report.restate(
                sha256(kept).hexdigest(),
                at,
                moved=len(changes.moves),
                corrections=len(changes.corrections),
                changes_sha256=changes.sha256,
                unapproved=list(content.unapproved or ()),
                headline=headline_of(changes.moves, content),
                by=by,
                reason=reason,
                **pinned(content),
            )
            if self._published(report, kept, at, changes):
                _or_refused(refusal)
                return self.edition(province, period, regime=regime)
        raise TimeoutError(f"{TRIES} times another instance was first")

    def edition(
        self, province: str, period: Period, number: int | None = None, *, regime: str = FIRST_REGIME
    ) -> Edition:
        """An edition as it was published, the last one when no number is given.

        NothingKnown where there is none; Altered where what is kept is not what was published.
        """
        try:
            report = cast(Report, self.repository.get(Report.create_id(province, period.name, regime)))
        except AggregateNotFoundError:
            report = None
        found = report and edition_of(report, number, self.contents)
        if not found:
            which = f"edition {number}" if number else "edition"
            raise NothingKnown(f"There is no {which} of {period.name}, province {province}, regime {regime}.")
        return found

    def submitted(
        self, code: str, period: Period, *, regime: str = FIRST_REGIME
    ) -> tuple[CommuneReport, QuarterlyReport, bytes]:
        """A commune's report as it was submitted last, with the bytes that its hash is of. Raises as `edition`."""
        report = self._of_commune(code, regime, period)
        if report is None or not report.submission:
            raise NothingKnown(f"Commune {code} has submitted no report of {period.name} in the regime {regime}.")
        content = self.contents.of(report.content_sha256)
        return report, read_report(content), content

    def changed_since_submission(
        self, code: str, period: Period, submitted: QuarterlyReport, *, regime: str = FIRST_REGIME
    ) -> list[Move]:
        """The figures of a commune's submitted report that are others today, its forms' cells included."""
        now = self.drafted(self.rulebook.regime(regime, period), submitted.province, period, day_of(self.clock()), code)
        return [move for move in moved(submitted, now) if move.commune]

    def warnings_about(self, code: str, period: Period, *, regime: str = FIRST_REGIME) -> list[str]:
        """What whoever reviews a commune's report should look at, its neighbours' figures beside its own."""
        found = self.knowledge.commune(code)
        if found is None:
            return []
        report = self.report(found[1], period, day_of(self.clock()), regime=regime)
        return [warning.sentence for warning in report.warnings if warning.commune == found[0]]

    def listed(self, province: str, period: Period, *, regime: str = FIRST_REGIME) -> list[Listed]:
        """How each commune's report stands today, and what changed since. NothingKnown as in `report`."""
        in_force, today = self.rulebook.regime(regime, period), day_of(self.clock())
        content, figures = self.drafted_with_figures(in_force, province, period, today)
        due_on = in_force.due_on(period, "commune", self.calendar.known_on(today))
        return list_reports(content, due_on, today, self.reports, self.contents, figures=figures)

    def remind(self, today: date) -> int:
        """Remind whoever owes a report, each step once, however many look and whenever they did before; how many."""
        calendar, told = self.calendar.known_on(today), 0
        for reminder in reminders(self.rulebook.regimes, self.rulebook.in_force, today, calendar, self._reports_from):

            def remind(reporter: Reporter, at: datetime, reminder: Any = reminder) -> CommuneReport | Report:
                if reporter.commune is None:
                    own = self._report(reporter.province, reminder.period, reminder.regime, at)
                    own.remind(reminder, reporter.province_name, today, at)
                    return own
                report = self.commune_report(reporter, reminder.regime, reminder.period, at)
                report.remind(reminder, today, at)
                return report

            told += remind_all(self, self.reports.owing(reminder), remind)
        return told

    def commune_report(self, reporter: Reporter, regime: Regime, period: Period, at: datetime) -> CommuneReport:
        """As it stands, or opened now: nothing is recorded by that."""
        assert reporter.commune
        try:
            identity = CommuneReport.create_id(reporter.commune, regime.name, period.name)
            return cast(CommuneReport, self.repository.get(identity))
        except AggregateNotFoundError:
            return CommuneReport.open(
                at,
                province=reporter.province,
                province_name=reporter.province_name,
                commune=reporter.commune,
                regime=regime.name,
                regime_name=regime.title,
                period=period.name,
            )

    def _review(
        self, code: str, period: Period, regime: str, decide: Callable[[CommuneReport, datetime], Refusal | None]
    ) -> None:
        for _ in range(TRIES):
            report, at = self._of_commune(code, regime, period), self.clock()
            if report is None:
                raise ReportRefused(f"Đơn vị có mã {code} chưa nộp báo cáo {period.vietnamese}.")
            refusal = decide(report, at)
            try:
                self.commit(report, at=at, statements=Reports.rows([report]))
            except IntegrityError:  # somebody else was faster: decide again on what is there now
                continue
            return _or_refused(refusal)
        raise TimeoutError(f"{TRIES} times another instance was first")

    def _for_edition(
        self, regime: Regime, province: str, period: Period, known_at: date
    ) -> tuple[QuarterlyReport, Sequence[Unapproved]]:
        """The province's report, and the communes whose own is not approved as it says; the report names them."""
        content, figures = self.drafted_with_figures(regime, province, period, known_at)
        missing = unapproved_in(content, regime, self.reports, self.contents, figures)
        if missing is None:
            return content, ()
        return replace(content, unapproved=tuple(each.name for each in missing)), missing

    def _published(self, report: Report, content: bytes, at: datetime, changes: Changes | None = None) -> bool:
        """False when another instance was first. What is published is kept with it, word for word."""
        statements = Reports.rows([report])
        if any(isinstance(event, Report.Published | Report.Restated) for event in report.pending_events):
            statements += [keep(content), keep_edition(str(report.id), report.edition, content)]
            statements += [keep(changes.canonical())] if changes else []
        try:
            self.commit(report, at=at, statements=statements)
        except IntegrityError:
            return False
        return True

    def _changes(self, report: Report, content: QuarterlyReport) -> Changes:
        last = edition_of(report, None, self.contents)
        if last is None:
            return Changes((), (), (0, content.readings))
        return Changes(
            moved(last.report, content),
            self._corrections.between(last.report, content),
            (last.report.readings, content.readings),
        )

    def _of_commune(self, code: str, regime: str, period: Period) -> CommuneReport | None:
        reporter = self.reports.with_code(code, period.window()[1])
        if reporter is None or reporter.commune is None:
            raise ReportRefused(f"Đơn vị có mã {code} chưa đăng ký tham gia.")
        identity = CommuneReport.create_id(reporter.commune, regime, period.name)
        try:
            return cast(CommuneReport, self.repository.get(identity))
        except AggregateNotFoundError:
            return None

    def _report(self, province: str, period: Period, regime: Regime, at: datetime) -> Report:
        try:
            return cast(Report, self.repository.get(Report.create_id(province, period.name, regime.name)))
        except AggregateNotFoundError:
            return Report.open(province, period.name, regime.name, regime.title, at)


def _or_refused(refusal: Refusal | None) -> None:
    if refusal:
        raise ReportRefused(refusal.sentence)
