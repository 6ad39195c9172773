"""Reporting, ready to run: minhbach run reporting."""

from services.reporting.application import KINDS, Reporting
from services.reporting.publishers import announce
from services.reporting.read_models import HEARD_OF_INDICATORS, HEARD_OF_PLANNING, remembering
from services.reporting.reminding import remind_for_ever
from services.reporting.subscribers import subscribe
from shared.intake import Intake
from shared.process import Process, open_pool
from shared.settings import Settings
from shared.tracking import Follower


def build(settings: Settings) -> Process:
    pool = open_pool(settings, "reporting")
    reporting = Reporting(settings, pool)
    process = Process(settings, reporting, announce, pool)
    subscribe(
        process,
        Intake(reporting, pool, process.bus, KINDS, reporting.settle),
        planning=Follower(pool, "planning", HEARD_OF_PLANNING, remembering("planning")),
        indicators=Follower(pool, "indicators", HEARD_OF_INDICATORS, remembering("indicators")),
    )
    process.leads(lambda: remind_for_ever(reporting, settings.clock))
    return process
