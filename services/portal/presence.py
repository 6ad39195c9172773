"""Looks whether each service answers, and remembers since when it does or does not."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from services.portal.read_models.presence import KeptPresence, Seen
from shared.clock import Clock
from shared.contracts.indicators import ShowIndicatorsHealth
from shared.contracts.notifications import ShowNotificationsHealth
from shared.contracts.operation import ShowHealth
from shared.contracts.planning import ShowPlanningHealth
from shared.contracts.portal import ShowPortalHealth
from shared.contracts.reporting import ShowReportingHealth
from shared.messaging.bus import Bus
from shared.messaging.questions import question_client
from shared.messaging.questions.question_client import NotAnswered

HEALTH: Mapping[str, type[ShowHealth]] = {
    "planning": ShowPlanningHealth,
    "indicators": ShowIndicatorsHealth,
    "reporting": ShowReportingHealth,
    "notifications": ShowNotificationsHealth,
    "portal": ShowPortalHealth,
}
LOOKED_EVERY = 15.0  # seconds
KEPT_EVERY = timedelta(minutes=1)  # where nothing changed
UNSEEN = timedelta(minutes=3)  # how a service was in a longer time in which no portal looked is not known
AWAY = ("nobody", "silent")
NOTHING_SEEN: Mapping[str, Seen] = {}

log = logging.getLogger(__name__)


class Presence:
    """`run` is a task of the process. It begins with what was seen before the portal was restarted."""

    def __init__(self, bus: Bus, clock: Clock, pool: ConnectionPool) -> None:
        self._bus = bus
        self._clock = clock
        self._kept = KeptPresence(pool)
        self._kept_at: datetime | None = None
        self.seen: dict[str, Seen] = {}

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOKED_EVERY)

    async def look(self) -> None:
        """Once at each service."""
        if self._kept_at is None:
            await self._with_database(self._begin)
        before = dict(self.seen)
        await asyncio.gather(*(self._look(service, kind) for service, kind in HEALTH.items()))
        if self._kept_at is None or self.seen != before or self._clock() - self._kept_at >= KEPT_EVERY:
            await self._with_database(self._keep)

    def _begin(self) -> None:
        kept = self._kept.of(self._clock() - UNSEEN)
        self.seen.update({service: each for service, each in kept.items() if service in HEALTH})

    def _keep(self) -> None:
        now = self._clock()
        self._kept.keep(self.seen.items(), now)
        self._kept_at = now

    async def _with_database(self, step: Callable[[], None]) -> None:
        """Without the database what is seen is shown all the same, and kept later."""
        try:
            await asyncio.to_thread(step)
        except (psycopg.Error, PoolTimeout) as fault:
            log.warning("what was seen of the services is not kept: %s", fault)

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
