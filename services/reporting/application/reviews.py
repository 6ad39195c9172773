"""The province's review of the communes' reports: list and show them with later changes, return or approve them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import cast

from psycopg_pool import ConnectionPool

from services.reporting.application.current_figures import CurrentFigures
from services.reporting.application.drafts import Drafts, Figures
from services.reporting.application.overtaken_approvals import OvertakenApprovals
from services.reporting.application.stored_reports import commune_report, stored_commune_report
from services.reporting.domain.content.differences import count_changed_figures, figure_changes, figures_of
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.content.restatement import FigureChange
from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.commune_report_events import APPROVED, RETURNED, SUBMITTED
from services.reporting.domain.lifecycle.province_report import UnapprovedCommune
from services.reporting.domain.lifecycle.reminders import Reporter
from services.reporting.domain.lifecycle.report_status import (
    ListedReport,
    ReportStatus,
    list_reports,
    unapproved,
)
from services.reporting.domain.refusal import NothingKnown, Refusal, ReportRefused
from services.reporting.domain.regime import Regime
from services.reporting.read_models.editions import Contents
from services.reporting.read_models.reporters import Reporters
from services.reporting.read_models.reports import Reports, status_of
from services.reporting.read_models.territory import Communes
from services.reporting.rendering.canonical_json import read_report
from shared.clock import day_of, end_of
from shared.grants import Actor
from shared.periods import Period
from shared.printable import printable
from shared.record.event_store import EventStore
from shared.regimes import DEFAULT_REGIME


class Reviews:
    def __init__(
        self,
        store: EventStore,
        pool: ConnectionPool,
        drafts: Drafts,
        current: CurrentFigures,
        overtaken: OvertakenApprovals,
    ) -> None:
        self._store = store
        self._communes = Communes(pool)
        self._reports = Reports(pool)
        self._contents = Contents(pool)
        self._reporters = Reporters(pool)
        self._drafts = drafts
        self._current = current
        self._overtaken = overtaken

    def reminded(
        self, commune: str, period: Period, regime_name: str, at: datetime, *, by: Actor, note: str
    ) -> tuple[CommuneReport, Refusal | None]:
        """Decide whether the commune with this id is asked for its report; the caller commits it, with its row.

        ReportRefused where it owes none.
        """
        regime, calendar = self._drafts.rulebook.regime(regime_name, period), self._drafts.calendar
        due_on = regime.due_on(period, "commune", calendar.known_on(day_of(at)))
        if due_on is None:
            raise ReportRefused(f"Chế độ “{regime.title}” không yêu cầu cấp xã báo cáo {period.vietnamese}.")
        place = self._communes.on_day(commune, regime.window(period)[1])
        if place is None:
            raise ReportRefused(f"Đơn vị có mã {commune} chưa đăng ký tham gia.")
        reporter = Reporter(place.commune, place.province, place.province_name)
        report = commune_report(self._store, reporter, regime, period, at)
        return report, report.ask_for(due_on, at, by=printable(by.name), account=by.account, note=printable(note))

    def submitted(
        self, code: str, period: Period, *, regime: str = DEFAULT_REGIME, known_at: date | None = None
    ) -> tuple[CommuneReport, ReportContent, bytes]:
        """A commune's report as it was submitted last, with the bytes of which its hash was taken.

        NothingKnown where there is none; Altered where the stored content is not the submitted one.
        """
        report = self._stored(code, period, regime, known_at)
        if report is None or not report.submission:
            raise NothingKnown(f"Đơn vị có mã {code} chưa nộp báo cáo {period.vietnamese} theo chế độ “{regime}”.")
        content = self._contents.of(report.content_sha256)
        return report, read_report(content), content

    def changed_since_submission(
        self,
        code: str,
        period: Period,
        submitted: ReportContent,
        *,
        regime: str = DEFAULT_REGIME,
        known_at: date | None = None,
        now: ReportContent | None = None,
    ) -> list[FigureChange]:
        """The figures of a commune's submitted report that have changed since, the cells of its forms included.

        `now` is its draft, where one is made already.
        """
        if now is None:
            in_force, day = self._drafts.rulebook.regime(regime, period), known_at or day_of(self._store.clock())
            now = self._drafts.drafted(in_force, submitted.province, period, day, code)
        return [change for change in figure_changes(submitted, now) if change.commune]

    def warnings_about(self, code: str, period: Period, *, regime: str = DEFAULT_REGIME) -> list[str]:
        """The reviewer's warnings about a commune's report, which compare it with its neighbours' figures too."""
        found = self._communes.registered(code)
        if found is None:
            return []
        commune, province = found
        report = self._drafts.report(province, period, day_of(self._store.clock()), regime=regime)
        return [warning.sentence for warning in report.warnings if warning.commune == commune]

    def listed(
        self, province: str, period: Period, *, regime: str = DEFAULT_REGIME, known_at: date | None = None
    ) -> list[ListedReport]:
        """How each report stands today, or stood as known at the end of a day.

        With the number of its figures that had changed since it was submitted; see `list_reports`.
        """
        in_force, today = self._drafts.rulebook.regime(regime, period), day_of(self._store.clock())
        day = known_at or today
        if known_at:
            lines, figures, _ = self._drafts.figures_of_communes(in_force, province, period, day)
        else:
            current = self._current.of(in_force, province, period, today)
            lines, figures = current.lines, current.figures
        statuses = self._statuses(province, period, regime, known_at)
        changed = self._changed(statuses.values(), figures, (SUBMITTED, RETURNED, APPROVED))
        return list_reports(lines.values(), statuses, changed, self._due_on(in_force, period, day), day)

    def listed_of_commune(
        self,
        commune: str,
        province: str,
        period: Period,
        draft: ReportContent,
        *,
        regime: str = DEFAULT_REGIME,
        known_at: date | None = None,
    ) -> list[ListedReport]:
        """The same of the commune with this id, from its draft of that day."""
        in_force, day = self._drafts.rulebook.regime(regime, period), known_at or day_of(self._store.clock())
        statuses = self._statuses(province, period, regime, known_at, commune)
        changed = self._changed(statuses.values(), {commune: figures_of(draft)}, (SUBMITTED, RETURNED, APPROVED))
        return list_reports(draft.communes, statuses, changed, self._due_on(in_force, period, day), day)

    def listed_briefly(
        self, province: str, period: Period, *, regime: str = DEFAULT_REGIME, known_at: date | None = None
    ) -> list[ListedReport]:
        """The same without any figure: an approved report is outdated since its figures changed once after that."""
        in_force, day = self._drafts.rulebook.regime(regime, period), known_at or day_of(self._store.clock())
        lines = self._reporters.lines(province, in_force.window(period), day)
        statuses = self._statuses(province, period, regime, known_at)
        approved = [commune for commune, status in statuses.items() if status.state == APPROVED]
        identities = [CommuneReport.create_id(commune, regime, period.name) for commune in approved]
        known = self._store.known_at(identities, end_of(day))
        overtaken = {report.identity["commune"]: 1 for report in known if report.overtaken}
        return list_reports(lines, statuses, overtaken, self._due_on(in_force, period, day), day)

    def drafted_windows(
        self, commune: str, windows: Collection[tuple[date, date]], known_at: date
    ) -> set[tuple[date, date]]:
        """Those whose report, of which nothing is submitted, is a draft as in the lists of a period; others are due."""
        return self._reporters.windows_reported(commune, windows, known_at)

    def changed_on(self, province: str, period: Period, *, regime: str, figures: bool) -> list[date]:
        """The days on which a commune's report, or with `figures` what these rest on, was recorded."""
        in_force = self._drafts.rulebook.regime(regime, period)
        communes = self._reports.of_communes(province, regime, period.name)
        identities = [CommuneReport.create_id(commune, regime, period.name) for commune in communes]
        days = self._reporters.reports_changed_on(identities)
        if figures:
            days |= self._reporters.figures_changed_on(province, in_force.window(period))
        return sorted(days)

    def commune_changed_on(self, commune: str) -> list[date]:
        """The days on which any report of the commune with this id was recorded."""
        known = self._reports.of_commune(commune)
        identities = [CommuneReport.create_id(commune, regime, period) for regime, period, _ in known]
        return sorted(self._reporters.reports_changed_on(identities))

    def of_commune(self, commune: str, known_at: date | None = None) -> list[tuple[str, str, ReportStatus]]:
        """Regime, period and state of each report of the commune with this id, the latest periods first."""
        found = self._reports.of_commune(commune)
        if known_at is None:
            return found
        identities = [CommuneReport.create_id(commune, regime, period) for regime, period, _ in found]
        known = self._store.known_at(identities, end_of(known_at))
        then = {(each.identity["regime"], each.identity["period"]): status_of(each) for each in known}
        return [(regime, period, then[regime, period]) for regime, period, _ in found if (regime, period) in then]

    def _statuses(
        self, province: str, period: Period, regime: str, known_at: date | None, commune: str | None = None
    ) -> dict[str, ReportStatus]:
        """By commune, or of one, as the table has them now, or from the events that were known at the end of a day."""
        found = self._reports.of_communes(province, regime, period.name)
        found = {each: status for each, status in found.items() if commune in (None, each)}
        if known_at is None:
            return found
        identities = [CommuneReport.create_id(commune, regime, period.name) for commune in found]
        return {
            each.identity["commune"]: status_of(each) for each in self._store.known_at(identities, end_of(known_at))
        }

    def _due_on(self, regime: Regime, period: Period, day: date) -> date | None:
        return regime.due_on(period, "commune", self._drafts.calendar.known_on(day))

    def stated(self, commune: str, period: Period, known_at: date, regime: str) -> Mapping[str, int]:
        """The totals on paper of a commune's submitted report, by measure, as known at the end of a day."""
        identity = CommuneReport.create_id(commune, regime, period.name)
        position = self._store.last_position([identity], CommuneReport.Submitted.TOPIC, end_of(known_at))
        report = next(self._store.at_position([identity], position), None)
        return report.stated if isinstance(report, CommuneReport) else {}

    def unapproved(self, content: ReportContent, regime: Regime, figures: Figures) -> list[UnapprovedCommune] | None:
        """The communes whose own report is not approved as in `content`; None where communes do not report.

        `figures` are those of all communes today.
        """
        if "commune" not in regime.deadlines:
            return None
        statuses = self._reports.of_communes(content.province, regime.name, content.period)
        now = {line.commune: figures for line in content.communes}
        return unapproved(content.communes, statuses, self._changed(statuses.values(), now, (APPROVED,)))

    def _changed(
        self, statuses: Iterable[ReportStatus], now: Mapping[str, Figures], states: tuple[str, ...]
    ) -> dict[str, int]:
        """The number of submitted figures that differ today, by commune, for the reports in these states."""
        digests = {status.commune: status.content_sha256 for status in statuses if status.state in states}
        contents = self._contents.all_of(list(digests.values()))
        return {
            commune: count_changed_figures(_submitted_figures(contents[digest]), now.get(commune, {}), commune)
            for commune, digest in digests.items()
        }

    def review(
        self, report: CommuneReport, at: datetime, review: Callable[[CommuneReport, datetime], Refusal | None]
    ) -> Refusal | None:
        """Decide about a report; the caller commits it, with its row."""
        refusal = review(report, at)
        self._overtaken.compare(report, at)  # the figures may have changed before the approval
        return refusal

    def statuses(
        self, communes: Iterable[str], province: str, period: Period, regime: str
    ) -> tuple[dict[str, ReportStatus], dict[str, ReportStatus]]:
        """How the reports stand today, by commune: as the table has it, and after the stored events."""
        found = (self.stored(commune, period, regime) for commune in communes)
        stored = {report.identity["commune"]: status_of(report) for report in found if report}
        return self._reports.of_communes(province, regime, period.name), stored

    def stored(self, commune: str, period: Period, regime: str) -> CommuneReport | None:
        """The report of the commune with this id."""
        return stored_commune_report(self._store, commune, regime, period)

    def _stored(self, code: str, period: Period, regime: str, known_at: date | None) -> CommuneReport | None:
        found = self._communes.registered(code)
        if found is None:
            raise ReportRefused(f"Đơn vị có mã {code} chưa đăng ký tham gia.")
        if known_at is None:
            return stored_commune_report(self._store, found[0], regime, period)
        identity = CommuneReport.create_id(found[0], regime, period.name)
        return cast("CommuneReport | None", next(self._store.known_at([identity], end_of(known_at)), None))


@lru_cache(maxsize=500)  # some ten kilobytes each
def _submitted_figures(content: bytes) -> Figures:
    """Of the bytes that were submitted, which the next list of the same reports need not read again."""
    return figures_of(read_report(content))
