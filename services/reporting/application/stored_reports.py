"""Loads a report from the event store, or opens it: opening alone records nothing."""

from datetime import datetime
from typing import cast

from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.province_report import Report
from services.reporting.domain.lifecycle.reminders import Reporter
from services.reporting.domain.regime import Regime
from shared.periods import Period
from shared.record.event_store import AggregateNotFoundError, EventStore


def stored_commune_report(store: EventStore, commune: str, regime: str, period: Period) -> CommuneReport | None:
    try:
        return cast(CommuneReport, store.repository.get(CommuneReport.create_id(commune, regime, period.name)))
    except AggregateNotFoundError:
        return None


def commune_report(
    store: EventStore, reporter: Reporter, regime: Regime, period: Period, at: datetime
) -> CommuneReport:
    assert reporter.commune
    return stored_commune_report(store, reporter.commune, regime.name, period) or CommuneReport.open(
        at,
        province=reporter.province,
        province_name=reporter.province_name,
        commune=reporter.commune,
        regime=regime.name,
        regime_name=regime.title,
        period=period.name,
    )


def stored_report(store: EventStore, province: str, regime: str, period: Period) -> Report | None:
    try:
        return cast(Report, store.repository.get(Report.create_id(province, period.name, regime)))
    except AggregateNotFoundError:
        return None


def province_report(store: EventStore, province: str, regime: Regime, period: Period, at: datetime) -> Report:
    stored = stored_report(store, province, regime.name, period)
    return stored or Report.open(province, period.name, regime.name, regime.title, at)
