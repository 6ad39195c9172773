"""Requests for receipts on a real broker: one commune's flood delays nobody else's answer."""

import asyncio
from typing import Any

from nats.aio.msg import Msg

from shared.messaging.answering import MOST_WAITING
from shared.messaging.bus import Bus
from shared.settings import NatsServers

FLOOD, CALM = "21025", "21028"


async def answered(servers: NatsServers) -> list[bytes]:
    """The answers in their order; the flood's first one is held back until the other commune has its own."""
    bus, calm_has_its_answer = Bus(servers, "indicators"), asyncio.Event()
    answers: list[bytes] = []

    async def answer(message: Msg) -> bytes:
        if message.subject.endswith(FLOOD):
            await calm_has_its_answer.wait()
        return message.data

    async def arrived(message: Msg) -> None:
        answers.append(message.data)

    await bus.start()
    try:
        await bus.answer("receipts.answering.*", "answering", answer)
        inbox = bus.client.new_inbox()
        await bus.client.subscribe(inbox, cb=arrived)
        for number in range(MOST_WAITING + 10):
            await bus.client.publish(f"receipts.answering.{FLOOD}", f"{number}".encode(), reply=inbox)
        async with asyncio.timeout(60):
            asked = await bus.client.request(f"receipts.answering.{CALM}", b"calm", timeout=60)
            answers.append(asked.data)
            calm_has_its_answer.set()
            while len(answers) <= MOST_WAITING:  # noqa: ASYNC110  the broker is asked, nobody tells it
                await asyncio.sleep(0.05)
            last = await bus.client.request(f"receipts.answering.{FLOOD}", b"last", timeout=60)
    finally:
        await bus.stop()
    return [*answers, last.data]


def test_a_flood_of_one_commune_delays_no_answer_of_another_and_has_its_own_in_order(stack: Any) -> None:
    answers = asyncio.run(answered(NatsServers.from_env({"NATS_URL": stack.servers.nats_url})))
    assert answers == [b"calm", *(f"{number}".encode() for number in range(MOST_WAITING)), b"last"]
