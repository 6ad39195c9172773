"""An instance of Reporting that is killed after the commit of a report and before its receipt: python -m … ."""

import asyncio
import os
import signal
from types import SimpleNamespace

from services.reporting.application import Reporting
from services.reporting.subscribers import SUBMISSIONS, decisions
from shared.messaging.bus import Bus
from shared.messaging.intake.intake import Intake
from shared.messaging.streams import intake_listener
from shared.process import open_pool
from shared.settings import Settings


async def die(*_):
    """Where the receipt would be sent."""
    os.kill(os.getpid(), signal.SIGKILL)


async def take_one():
    settings = Settings.from_env()
    pool = open_pool(settings, "reporting", size=2)
    reporting = Reporting(settings, pool)
    bus = Bus(settings.nats, "reporting")
    await bus.start()
    intake = Intake(reporting, pool, SimpleNamespace(client=SimpleNamespace(publish=die)), decisions(reporting))
    await bus.pull(intake_listener("reporting", *(kind.kind for kind in SUBMISSIONS)), intake.take)


if __name__ == "__main__":
    asyncio.run(take_one())
