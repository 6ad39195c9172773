"""A commune that fills its share of the intake makes room; what others sent stays."""

import asyncio
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from shared.messaging.bus import Bus
from shared.messaging.intake.intake_subjects import SHARE, HeldBytes, IntakeSubjects
from shared.messaging.streams import INTAKE, INTAKE_SUBJECTS
from shared.settings import NatsServers
from tests.shared.intake_limit import limited

KILOBYTE = 1024


async def communes_left(
    servers: NatsServers, sent: list[tuple[str, int]], share_bytes: int, *, in_headers: bool = False
) -> set[str]:
    """The communes that still have something in the stream, once the subjects of all that was sent were looked at."""
    bus = Bus(servers, "indicators")
    await bus.start()
    jetstream = bus.client.jetstream()
    nothing: Any = SimpleNamespace()
    try:
        await jetstream.purge_stream(INTAKE)
        async with limited(bus.client, int(share_bytes / SHARE)), asyncio.timeout(30):
            for number, (commune, size) in enumerate(sent):
                subject, filler = f"intake.{commune}.readings.share-{number}", "x" * size
                headers = {"Nats-Msg-Size": "0", "x": filler} if in_headers else None
                await jetstream.publish(subject, b"" if in_headers else filler.encode(), headers=headers)
            pulling = asyncio.create_task(bus.pull(INTAKE_SUBJECTS, IntakeSubjects(nothing, bus).take))
            while await waiting(jetstream):  # noqa: ASYNC110  the consumer is asked, nobody tells it
                await asyncio.sleep(0.05)
            pulling.cancel()
            await asyncio.gather(pulling, return_exceptions=True)
        info = await jetstream.stream_info(INTAKE, subjects_filter="intake.>")
        await jetstream.purge_stream(INTAKE)
        return {subject.split(".")[1] for subject in info.state.subjects or {}} & {commune for commune, _ in sent}
    finally:
        await bus.stop()


async def waiting(jetstream: Any) -> int:
    info = await jetstream.consumer_info(INTAKE, INTAKE_SUBJECTS.name)
    return int(info.num_pending + info.num_ack_pending)


@pytest.mark.parametrize(
    ("sizes", "left"), [([100, 100, 100], {"share", "calm"}), ([100, 100, 100, 100], {"calm"})], ids=["within", "over"]
)
@pytest.mark.parametrize(("in_headers", "unit"), [(False, KILOBYTE), (True, KILOBYTE // 2)], ids=["bodies", "headers"])
def test_a_communes_share_of_the_intake_is_bounded(
    stack: Any, sizes: list[int], left: set[str], in_headers: bool, unit: int
) -> None:
    """Whatever fills it; NATS takes headers of 64 kB, and the body's size that the sender states is not believed."""
    servers = NatsServers.from_env({"NATS_URL": stack.servers.nats_url})
    sent = [("share", size * unit) for size in sizes] + [("calm", unit)]
    assert asyncio.run(communes_left(servers, sent, 350 * unit, in_headers=in_headers)) == left


def test_submissions_that_aged_out_of_the_stream_take_no_share_any_more() -> None:
    held = HeldBytes()
    held.add("a", date(2026, 1, 1), 300)
    held.add("a", date(2026, 1, 31), 20)
    held.add("b", date(2026, 1, 31), 5)
    assert (held.of("a"), held.of("b"), held.of("c")) == (320, 5, 0)

    held.forget_before(date(2026, 1, 2))
    assert (held.of("a"), held.of("b")) == (20, 5)

    held.forget("a")
    assert (held.of("a"), held.of("b")) == (0, 5)
