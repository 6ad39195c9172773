"""Reporting, ready to run: minhbach run reporting."""

from services.reporting.application import Reporting
from services.reporting.domain.lifecycle.province_report import Report
from services.reporting.domain.lifecycle.submission import ReportSubmission
from services.reporting.publishers import announce
from services.reporting.questions import QUESTIONS
from services.reporting.subscribers import subscribe
from shared.contracts.reporting import ShowReportingHealth, TraceReportingSubmission
from shared.daily_work import run_daily
from shared.process import Process, open_pool
from shared.settings import Settings


def build(settings: Settings) -> Process:
    pool = open_pool(settings, "reporting")
    reporting = Reporting(settings, pool)
    process = Process(settings, reporting, announce, pool)
    subscribe(process, reporting)
    process.answers(QUESTIONS, ShowReportingHealth, traced=(TraceReportingSubmission, ReportSubmission))
    process.sealer.seals_at_once(Report.Published.TOPIC, Report.Restated.TOPIC)
    process.leads(lambda: run_daily(reporting.remind, settings.clock))
    process.leads(lambda: run_daily(lambda _: reporting.find_overtaken_approvals(), settings.clock))
    return process
