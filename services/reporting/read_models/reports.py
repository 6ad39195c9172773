"""How each report stands, a commune's or the province's own, and who still owes one."""

from collections.abc import Sequence
from datetime import date
from typing import Any, LiteralString, NamedTuple

from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from services.reporting.domain.commune_report import CommuneReport
from services.reporting.domain.reminders import Reminder
from services.reporting.domain.report import Report
from services.reporting.read_models import built
from services.reporting.read_models.territory import commune_with, territory_of
from shared.clock import end_of
from shared.event_store import Statement

# `commune` is null for the province's own report. `said` is what a list shows of it.
TABLE: LiteralString = """
CREATE TABLE IF NOT EXISTS reports (
    report_id text PRIMARY KEY, province text NOT NULL, commune text, regime text NOT NULL, period text NOT NULL,
    state text NOT NULL, announced_due_on date, announced_step int, said jsonb NOT NULL
);
CREATE INDEX IF NOT EXISTS reports_of_period ON reports (period, regime, province);
"""
PUBLISHED = "published"


class Standing(NamedTuple):
    """How a commune's report stands."""

    commune: str
    state: str
    submission: int
    submitted_by: str
    submitted_on: date | None
    due_on: date | None
    days_late: int
    content_sha256: str
    stated: dict[str, int]
    reviewed_by: str | None
    reason: str | None


class Reporter(NamedTuple):
    """A commune that reports; `commune` is its id. Of a province's own report, the province alone."""

    commune: str | None
    code: str | None
    name: str | None
    province: str
    province_name: str


class Reports:
    def __init__(self, pool: "ConnectionPool[Any]") -> None:
        self._pool = pool

    def of_communes(self, province: str, regime: str, period: str) -> dict[str, Standing]:
        """By commune; those that nobody was reminded of and that submitted nothing are not in it."""
        with self._pool.connection() as connection:
            rows = connection.execute(
                "SELECT commune, state, said FROM reports"
                " WHERE province = %s AND regime = %s AND period = %s AND commune IS NOT NULL",
                (province, regime, period),
            ).fetchall()
        return {commune: _standing(commune, state, said) for commune, state, said in rows}

    def reporter(self, commune: str, day: date) -> Reporter | None:
        """The commune of that id, with the code, name and province that it has on a day."""
        with self._pool.connection() as connection:
            built.require(connection)
            row = connection.execute(
                "SELECT commune, code, name, province, province_name FROM communes WHERE commune = %s", (commune,)
            ).fetchone()
            changes = connection.execute(
                "SELECT code, name, province, province_name FROM commune_changes"
                " WHERE commune = %s AND in_force_from <= %s ORDER BY in_force_from, position",
                (commune, day),
            ).fetchall()
        if row is None:
            return None
        names = row[1:]
        for change in changes:
            names = tuple(new or old for new, old in zip(change, names, strict=True))
        return Reporter(commune, *names)

    def with_code(self, code: str, day: date) -> Reporter | None:
        """The commune that bears a code, or has this id; of two the one that is not gone."""
        with self._pool.connection() as connection:
            found = commune_with(connection, code)
        return self.reporter(found[0], day) if found else None

    def owing(self, reminder: Reminder) -> list[Reporter]:
        """Whoever owes the report that a reminder is about, and was not told this step yet.

        Not those whom this service did not know by the report's last day, nor communes that are no more on the
        period's.
        """
        last_day = reminder.regime.window(reminder.period)[1]
        with self._pool.connection() as connection:
            built.require(connection)
            known = territory_of(connection, end_of(reminder.due_on)).on(last_day).communes.values()
            quiet = set(connection.execute(_QUIET, _asked(reminder)).fetchall())
        reporters = [Reporter(c.commune, c.code, c.name, c.province, c.province_name) for c in known]
        if reminder.level == "province":
            names = {reporter.province: reporter.province_name for reporter in reporters}
            reporters = [Reporter(None, None, None, province, name) for province, name in names.items()]
        return [reporter for reporter in reporters if (reporter.commune, reporter.province) not in quiet]

    @staticmethod
    def rows(reports: Sequence[CommuneReport | Report]) -> list[Statement]:
        """How they stand now, for the transaction that records it."""
        return [_row(report) for report in reports]


# Who owes nothing any more, or was told this step or a later one of this day.
_QUIET: LiteralString = """
SELECT commune, province FROM reports
WHERE regime = %(regime)s AND period = %(period)s
    AND (state NOT IN ('due', 'returned') OR (announced_due_on = %(due_on)s AND announced_step >= %(step)s))
"""


def _asked(reminder: Reminder) -> dict[str, Any]:
    regime, period = reminder.regime.name, reminder.period.name
    return {"regime": regime, "period": period, "due_on": reminder.due_on, "step": reminder.step}


def _row(report: CommuneReport | Report) -> Statement:
    announced = report.announced or (None, None)
    if isinstance(report, Report):
        whose: tuple[str | None, ...] = (report.province, None, report.regime, report.period)
        state, said = (PUBLISHED if report.editions else "due"), {"edition": report.edition}
    else:
        own = report.whose
        whose = (own["province"], own["commune"], own["regime"], own["period"])
        state, said = report.state, _said(report)
    return (
        "INSERT INTO reports VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (report_id) DO UPDATE SET"
        " state = excluded.state, announced_due_on = excluded.announced_due_on,"
        " announced_step = excluded.announced_step, said = excluded.said",
        (str(report.id), *whose, state, *announced, Jsonb(said)),
    )


def _said(report: CommuneReport) -> dict[str, Any]:
    return {
        "submission": report.submission,
        "submitted_by": report.submitted_by,
        "submitted_on": report.submitted_on and report.submitted_on.isoformat(),
        "due_on": report.due_on and report.due_on.isoformat(),
        "days_late": report.days_late,
        "content_sha256": report.content_sha256,
        "stated": report.stated,
        "reviewed_by": report.reviewed_by,
        "reason": report.reason,
    }


def _standing(commune: str, state: str, said: dict[str, Any]) -> Standing:
    days = {name: said[name] and date.fromisoformat(said[name]) for name in ("submitted_on", "due_on")}
    return Standing(commune, state, **{**said, **days})
