"""Indicators, ready to run: minhbach run indicators."""

from services.indicators.application import Indicators
from services.indicators.domain.submission import Submission
from services.indicators.publishers import announce
from services.indicators.questions import QUESTIONS
from services.indicators.subscribers import subscribe
from shared.contracts.indicators import ShowIndicatorsHealth, TraceIndicatorsSubmission
from shared.process import Process, open_pool
from shared.settings import Settings


def build(settings: Settings) -> Process:
    pool = open_pool(settings, "indicators")
    indicators = Indicators(settings, pool)
    process = Process(settings, indicators, announce, pool)
    subscribe(process, indicators)
    process.answers(QUESTIONS, ShowIndicatorsHealth, traced=(TraceIndicatorsSubmission, Submission))
    return process
