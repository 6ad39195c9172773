"""Reminds communes and provinces of the reports they owe, each step once, in transactions of a bounded size."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from psycopg_pool import ConnectionPool

from services.reporting.application.stored_reports import commune_report, province_report
from services.reporting.data_files.rulebook import Rulebook
from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.province_report import Report
from services.reporting.domain.lifecycle.reminders import (
    DueReport,
    Reminder,
    Reporter,
    due_around,
    reminders,
    reporters,
)
from services.reporting.read_models.reports import Reports, rows_of
from services.reporting.read_models.territory import Communes
from shared.calendar.set_calendar import SetCalendar
from shared.clock import end_of
from shared.record.event_store import EventStore
from shared.settings import SettingsError

REMINDED_AT_ONCE = 300


class Reminders:
    def __init__(
        self,
        store: EventStore,
        pool: ConnectionPool,
        env: Mapping[str, str],
        rulebook: Rulebook,
        calendar: SetCalendar,
    ) -> None:
        self._store = store
        self._communes = Communes(pool)
        self._reports = Reports(pool)
        self._rulebook = rulebook
        self._calendar = calendar
        self._reports_from = _day_reports_begin(env)

    def due_around(self, day: date) -> list[DueReport]:
        """For each regime and level the reports due last before a day and those due next."""
        return due_around(self._rulebook.regimes, day, self._calendar.known_on(day))

    def remind(self, today: date) -> int:
        """Record the reminders of a day that were not recorded before; their number. Safe with several instances."""
        calendar = self._calendar.known_on(today)
        come = reminders(self._rulebook.regimes, today, calendar, self._reports_from)
        return sum(self._remind_all(reminder, today) for reminder in come)

    def _remind_all(self, reminder: Reminder, today: date) -> int:
        owing = self._owing(reminder)
        return sum(
            self._remind_some(reminder, owing[start : start + REMINDED_AT_ONCE], today)
            for start in range(0, len(owing), REMINDED_AT_ONCE)
        )

    def _owing(self, reminder: Reminder) -> list[Reporter]:
        """Those who were known by the report's day, exist on the period's last day, and were not reminded yet."""
        last_day = reminder.regime.window(reminder.period)[1]
        communes = self._communes.all_on(last_day, end_of(reminder.due_on))
        quiet = self._reports.settled(reminder)
        found = reporters(reminder.level, communes)
        return [reporter for reporter in found if (reporter.commune, reporter.province) not in quiet]

    def _remind_some(self, reminder: Reminder, owing: Sequence[Reporter], today: date) -> int:
        def attempt(at: datetime) -> int:
            reports = [self._reminded(reminder, reporter, today, at) for reporter in owing]
            # Only those that change: another instance may have changed the others meanwhile.
            changed = [report for report in reports if report.pending_events]
            self._store.commit(*changed, at=at, statements=rows_of(changed))
            return len(changed)

        return self._store.decide(attempt)

    def _reminded(self, reminder: Reminder, reporter: Reporter, today: date, at: datetime) -> CommuneReport | Report:
        if reporter.commune is None:
            own = province_report(self._store, reporter.province, reminder.regime, reminder.period, at)
            own.remind(reminder, reporter.province_name, today, at)
            return own
        report = commune_report(self._store, reporter, reminder.regime, reminder.period, at)
        report.remind(reminder, today, at)
        return report


def _day_reports_begin(env: Mapping[str, str]) -> date:
    """The setting MINHBACH_REPORTS_FROM: no reminders of periods that ended before this day."""
    text = env.get("MINHBACH_REPORTS_FROM")
    try:
        return date.fromisoformat(text) if text else date.min
    except ValueError:
        raise SettingsError(f'MINHBACH_REPORTS_FROM is "{text}"; it must be a day such as 2025-09-16') from None
