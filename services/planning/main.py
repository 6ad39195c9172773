"""Planning, ready to run: minhbach run planning."""

import asyncio
import logging

from services.planning.application import Planning
from services.planning.domain.tasks.submission import ProgressSubmission
from services.planning.publishers import announce
from services.planning.questions import QUESTIONS
from services.planning.subscribers import subscribe
from shared.contracts.planning import ShowPlanningHealth, TracePlanningSubmission
from shared.daily_work import run_daily
from shared.process import Process, open_pool
from shared.settings import Settings

log = logging.getLogger(__name__)


def build(settings: Settings) -> Process:
    pool = open_pool(settings, "planning")
    planning = Planning(settings, pool)
    if not planning.evidence_files.are_scanned:
        log.warning("planning scans no evidence file for viruses: MINHBACH_CLAMD names no daemon")
    process = Process(settings, planning, announce, pool)
    subscribe(process, planning)
    process.answers(QUESTIONS, ShowPlanningHealth, traced=(TracePlanningSubmission, ProgressSubmission))
    process.leads(lambda: _sweep_deadlines(planning))
    return process


async def _sweep_deadlines(planning: Planning) -> None:
    await asyncio.to_thread(planning.refresh)
    await run_daily(planning.sweep, planning.clock)
