"""Reporting, ready to run: minhbach run reporting."""

from services.reporting.application import Reporting
from services.reporting.publishers import announce
from services.reporting.read_models import HEARD_OF_INDICATORS, HEARD_OF_PLANNING, remembering
from services.reporting.subscribers import subscribe
from shared.process import Process, open_pool
from shared.settings import Settings
from shared.tracking import Follower


def build(settings: Settings) -> Process:
    pool = open_pool(settings, "reporting")
    process = Process(settings, Reporting(settings, pool), announce, pool)
    subscribe(
        process,
        planning=Follower(pool, "planning", HEARD_OF_PLANNING, remembering("planning")),
        indicators=Follower(pool, "indicators", HEARD_OF_INDICATORS, remembering("indicators")),
    )
    return process
