"""An instance of Reporting that is killed after the commit of a report and before its receipt: python -m … ."""

import asyncio
import os
import signal
from types import SimpleNamespace

from services.reporting.application import KINDS, Reporting
from shared.bus import Bus
from shared.intake import Intake
from shared.process import open_pool
from shared.settings import Settings
from shared.streams import takes_in


async def die(*_):
    """Where the receipt would be sent."""
    os.kill(os.getpid(), signal.SIGKILL)


async def take_one():
    settings = Settings.from_env()
    pool = open_pool(settings, "reporting", size=2)
    reporting = Reporting(settings, pool)
    bus = Bus(settings.nats_url, "dying")
    await bus.start()
    intake = Intake(reporting, pool, SimpleNamespace(client=SimpleNamespace(publish=die)), KINDS, reporting.settle)
    await bus.pull(takes_in("reporting", *(kind.kind for kind in KINDS)), intake.take)


if __name__ == "__main__":
    asyncio.run(take_one())
