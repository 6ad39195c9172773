"""How each report stands, a commune's or the province's own, after its last event."""

from collections.abc import Iterable
from datetime import date
from typing import Any, LiteralString

from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.commune_report_events import OWED
from services.reporting.domain.lifecycle.province_report import PUBLISHED, Report
from services.reporting.domain.lifecycle.reminders import Reminder
from services.reporting.domain.lifecycle.report_status import ReportStatus
from services.reporting.read_models.editions import Altered
from services.reporting.read_models.table_version import require
from shared.record.event_store import Statement
from shared.record.pool import reading

# `commune` is null for the province's own report. `status` holds the other attributes of ReportStatus;
# an earlier version had another name for it.
TABLE: LiteralString = """
CREATE TABLE IF NOT EXISTS reports (
    report_id text PRIMARY KEY, province text NOT NULL, commune text, regime text NOT NULL, period text NOT NULL,
    state text NOT NULL, announced_due_on date, announced_step int, status jsonb NOT NULL
);
DO $$ BEGIN
IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('reports') AND attname = 'said') THEN
    ALTER TABLE reports RENAME COLUMN said TO status;
END IF;
END $$;
CREATE INDEX IF NOT EXISTS reports_of_period ON reports (period, regime, province);
CREATE INDEX IF NOT EXISTS reports_of_commune ON reports (commune);
"""


class Reports:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def of_communes(self, province: str, regime: str, period: str) -> dict[str, ReportStatus]:
        """By commune, in the order of the table; without those that had no reminder and no submission."""
        with reading(self._pool) as connection:
            rows = connection.execute(
                "SELECT commune, state, status FROM reports"
                " WHERE province = %s AND regime = %s AND period = %s AND commune IS NOT NULL",
                (province, regime, period),
            ).fetchall()
        return {commune: _status(commune, state, fields) for commune, state, fields in rows}

    def of_commune(self, commune: str) -> list[tuple[str, str, ReportStatus]]:
        """Regime, period and state of each of a commune's reports, the latest periods first."""
        with reading(self._pool) as connection:
            rows = connection.execute(
                "SELECT regime, period, state, status FROM reports WHERE commune = %s ORDER BY period DESC, regime",
                (commune,),
            ).fetchall()
        return [(regime, period, _status(commune, state, fields)) for regime, period, state, fields in rows]

    def published(self, province: str) -> list[tuple[str, str]]:
        """Regime and period of each published report of a province, the latest periods first."""
        with reading(self._pool) as connection:
            rows = connection.execute(
                "SELECT regime, period FROM reports WHERE province = %s AND commune IS NULL AND state = %s"
                " ORDER BY period DESC, regime",
                (province, PUBLISHED),
            ).fetchall()
        return [(regime, period) for regime, period in rows]

    def settled(self, reminder: Reminder) -> set[tuple[str | None, str]]:
        """(commune, province) of the reports that need no reminder: nothing is owed, or this step was announced."""
        regime, period = reminder.regime.name, reminder.period.name
        with self._pool.connection() as connection:
            require(connection)
            rows = connection.execute(
                "SELECT commune, province FROM reports WHERE regime = %s AND period = %s"
                " AND (state <> ALL(%s) OR (announced_due_on = %s AND announced_step >= %s))",
                (regime, period, list(OWED), reminder.due_on, reminder.step),
            )
            return set(rows.fetchall())


def rows_of(reports: Iterable[CommuneReport | Report]) -> list[Statement]:
    """The rows of these reports, for the transaction that records their events."""
    return [_row(report) for report in reports]


def _row(report: CommuneReport | Report) -> Statement:
    announced = report.announced or (None, None)
    if isinstance(report, Report):
        keys: tuple[str | None, ...] = (report.province, None, report.regime, report.period)
        state, fields = report.state, {"edition": report.edition}
    else:
        own = report.identity
        keys = (own["province"], own["commune"], own["regime"], own["period"])
        state, fields = report.state, _fields(report)
    return (
        "INSERT INTO reports VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (report_id) DO UPDATE SET"
        " state = excluded.state, announced_due_on = excluded.announced_due_on,"
        " announced_step = excluded.announced_step, status = excluded.status",
        (str(report.id), *keys, state, *announced, Jsonb(fields)),
    )


def _fields(report: CommuneReport) -> dict[str, Any]:
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
        "cells": report.cells,
    }


def status_of(report: CommuneReport) -> ReportStatus:
    """As its row holds it."""
    return _status(report.identity["commune"], report.state, _fields(report))


def _status(commune: str, state: str, fields: dict[str, Any]) -> ReportStatus:
    if not {"submitted_on", "due_on"} <= fields.keys():
        raise Altered(f"BẢNG BÁO CÁO ĐÃ BỊ SỬA: dòng của đơn vị {commune} không phải là báo cáo của một đơn vị.")
    days = {name: fields[name] and date.fromisoformat(fields[name]) for name in ("submitted_on", "due_on")}
    return ReportStatus(commune, state, **{**fields, **days})
