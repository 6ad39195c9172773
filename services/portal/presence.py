"""Looks whether each service answers, and remembers since when it does or does not."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from shared.clock import Clock
from shared.contracts.indicators import ShowIndicatorsHealth
from shared.contracts.notifications import ShowNotificationsHealth
from shared.contracts.operation import ShowHealth
from shared.contracts.planning import ShowPlanningHealth
from shared.contracts.portal import ShowPortalHealth
from shared.contracts.reporting import ShowReportingHealth
from shared.messaging import question_client
from shared.messaging.bus import Bus
from shared.messaging.question_client import NotAnswered

HEALTH: Mapping[str, type[ShowHealth]] = {
    "planning": ShowPlanningHealth,
    "indicators": ShowIndicatorsHealth,
    "reporting": ShowReportingHealth,
    "notifications": ShowNotificationsHealth,
    "portal": ShowPortalHealth,
}
LOOKED_EVERY = 15.0  # seconds
AWAY = ("nobody", "silent")


class Seen(NamedTuple):
    """Whether a service answers; `since` is when that was seen first, as exactly as it is looked."""

    answers: bool
    since: datetime


NOTHING_SEEN: Mapping[str, Seen] = {}


class Presence:
    """`run` is a task of the process. What was seen is of this process: its start is the first time."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self.seen: dict[str, Seen] = {}

    async def run(self) -> None:
        while True:
            await asyncio.gather(*(self._look(service, kind) for service, kind in HEALTH.items()))
            await asyncio.sleep(LOOKED_EVERY)

    async def _look(self, service: str, kind: type[ShowHealth]) -> None:
        """Without an account there is no more in an answer than that it came."""
        question: ShowHealth = kind(province="0")
        try:
            await question_client.ask(self._bus.client, question)
        except NotAnswered as ended:
            self._saw(service, answers=ended.problem not in AWAY)
        else:
            self._saw(service, answers=True)

    def _saw(self, service: str, *, answers: bool) -> None:
        before = self.seen.get(service)
        if before is None or before.answers != answers:
            self.seen[service] = Seen(answers, self._clock())
