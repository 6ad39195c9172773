"""The API's description: made once, however many ask for it at once while it is made."""

import asyncio

import httpx

from services.portal.api.application import described


def test_all_who_ask_at_once_get_the_same_description():
    async def asked():
        transport = httpx.ASGITransport(described())
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await asyncio.gather(*(client.get("/openapi.json") for _ in range(4)))

    answers = asyncio.run(asked())
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.content for answer in answers}) == 1
