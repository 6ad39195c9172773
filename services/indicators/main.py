"""Indicators, ready to run: minhbach run indicators."""

from services.indicators.application import KINDS, Indicators
from services.indicators.publishers import announce
from services.indicators.read_models import HEARD, remember
from services.indicators.subscribers import subscribe
from shared.intake import Intake
from shared.process import Process, open_pool
from shared.settings import Settings
from shared.tracking import Follower


def build(settings: Settings) -> Process:
    pool = open_pool(settings, "indicators")
    indicators = Indicators(settings, pool)
    process = Process(settings, indicators, announce, pool)
    intake = Intake(indicators, pool, process.bus, KINDS, indicators.settle)
    subscribe(process, intake, Follower(pool, "planning", HEARD, remember))
    return process
