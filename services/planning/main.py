"""Planning, ready to run: minhbach run planning."""

from services.planning.application import KINDS, Planning
from services.planning.deadlines import sweep_for_ever
from services.planning.publishers import announce
from services.planning.subscribers import subscribe
from shared.intake import Intake
from shared.process import Process, open_pool
from shared.settings import Settings


def build(settings: Settings) -> Process:
    pool = open_pool(settings, "planning")
    planning = Planning(settings, pool)
    process = Process(settings, planning, announce, pool)
    intake = Intake(planning, pool, process.bus, KINDS, planning.settle)
    subscribe(process, intake)
    process.leads(lambda: sweep_for_ever(planning, settings.clock))
    return process
