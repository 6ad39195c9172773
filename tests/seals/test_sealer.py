"""The sealer of a service: every minute what is new, and at once where an edition is published."""

import asyncio
from contextlib import asynccontextmanager

import nats
import pytest

from shared.messaging.announcing import sealer
from shared.messaging.announcing.sealer import Sealer
from shared.process import open_pool

PUBLISHED = "reporting.report-published"


class Counted(Sealer):
    """Counts how often it looked for an urgent event."""

    looks = 0

    def _is_urgent(self):
        self.looks += 1
        return super()._is_urgent()


@asynccontextmanager
async def sealing(history, service, *urgent):
    """The sealer of a service at work, on the servers' own NATS."""
    client = await nats.connect(history.settings.nats_url)
    with open_pool(history.settings, service, size=2) as pool:
        works = Counted(service, pool, history.key, b"announced")
        works.seals_at_once(*urgent)
        task = asyncio.create_task(works.run(client))
        try:
            yield works
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await client.close()


async def until(holds):
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110  the sealer tells nobody
            await asyncio.sleep(0.05)


def sizes(history, service="indicators"):
    return [each.size for each in history.checkpoints(service)]


@pytest.fixture(autouse=True)
def looks_often(monkeypatch):
    assert sealer.SEALED_EVERY == 60
    monkeypatch.setattr(sealer, "LOOKED_AT_EVERY", 0.05)


def test_new_events_are_sealed_when_their_time_is_over(history, monkeypatch):
    monkeypatch.setattr(sealer, "SEALED_EVERY", 0.2)

    async def run():
        async with sealing(history, "indicators"):
            for size in (2, 3, 7):
                await asyncio.to_thread(history.add, size - (sizes(history) or [0])[-1])
                await until(lambda size=size: (sizes(history) or [0])[-1] == size)

    asyncio.run(run())


def test_before_its_time_is_over_all_services_seal_where_an_edition_is_published(history, monkeypatch):
    monkeypatch.setattr(sealer, "SEALED_EVERY", 3600)
    history.add(1)

    async def run():
        async with sealing(history, "indicators"), sealing(history, "reporting", PUBLISHED) as calling:
            await until(lambda: sizes(history) == [1])
            await asyncio.to_thread(history.add, 2)
            looked = calling.looks  # as often as the other, which is not asked for anything urgent
            await until(lambda: calling.looks > looked + 3)
            assert sizes(history) == [1]
            await asyncio.to_thread(history.publish, "2025-Q3", {"indicators": history.positions()[-1]})
            await until(lambda: sizes(history) == [1, 3])
            assert len(sizes(history, "reporting")) == 1

    asyncio.run(run())
