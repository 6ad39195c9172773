"""Tasks end, also those that miss a cancellation."""

import asyncio

from shared import cancelling


async def forgetful(times):
    """Misses so many cancellations, as wait_for does."""
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if not times:
                raise
            times -= 1


def test_a_task_that_misses_cancellations_ends_all_the_same(monkeypatch):
    monkeypatch.setattr(cancelling, "TRIED_AGAIN_AFTER", 0.01)

    async def run():
        tasks = [asyncio.create_task(forgetful(times)) for times in (0, 1, 3)]
        await asyncio.sleep(0)
        await cancelling.cancel(tasks)
        assert all(task.cancelled() for task in tasks)

    asyncio.run(run())
