"""What the portal makes with the first request that needs it: once, and again after a fault."""

import asyncio

import pytest

from services.portal.api.made_once import MadeOnce


def test_whoever_needs_it_at_once_gets_the_same_and_after_a_fault_it_is_made_again():
    faults = [MemoryError("none is left")]

    def make():
        if faults:
            raise faults.pop()
        return object()

    async def test():
        once = MadeOnce(make)
        first = await asyncio.gather(once.get(), once.get(), return_exceptions=True)
        assert [type(each) for each in first] == [MemoryError] * 2
        one, other = await asyncio.gather(once.get(), once.get())
        assert one is other is await once.get()

    asyncio.run(test())


def test_who_goes_away_ends_it_for_nobody():
    async def test():
        once = MadeOnce(object)
        gone = asyncio.ensure_future(once.get())
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        assert await once.get() is await once.get()

    asyncio.run(test())
