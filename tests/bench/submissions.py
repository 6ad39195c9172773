"""Reports that communes submit in the same minute: seconds until each has its receipt, and beside them a flood."""

import asyncio
import time

import nats

from deploy.embedded.stack import Stack
from services.planning.register import communes_of
from shared.commune_client.sender import Sender
from shared.contracts.indicators import RecordReadings
from shared.contracts.reporting import SubmitReport

PERIOD = "2025-Q3"
# A hundred communes once, and four times as many reports: linear where it takes four times as long.
REPORTS = (100, 400)
FLOOD_BODIES, FLOOD_BYTES = 300, 1_000_000


def reports(stack: Stack, province: str) -> dict[str, object]:
    """Seconds until all reports have their receipts, by their number."""
    codes = [entry.code for entry in communes_of(province)]
    return {f"reports_settled_s_of_{number}": asyncio.run(_reports(stack, codes, number)) for number in REPORTS}


async def _reports(stack: Stack, codes: list[str], number: int) -> float:
    client = await nats.connect(stack.servers.nats_url)
    async with Sender(client) as sender:
        started = time.perf_counter()
        await asyncio.gather(
            *(
                sender.send(codes[n % len(codes)], f"bench-{number}-{n}", SubmitReport(period=PERIOD, by=f"Người {n}"))
                for n in range(number)
            )
        )
        seconds = time.perf_counter() - started
    await client.close()
    return round(seconds, 1)


def flood(stack: Stack, province: str, calm: RecordReadings) -> dict[str, float]:
    """Seconds to one commune's receipt: alone, and behind the flood of another one; megabytes of the flood."""
    flooding, other = [entry.code for entry in communes_of(province)][:2]
    return asyncio.run(_flood(stack, flooding, other, calm))


async def _flood(stack: Stack, flooding: str, other: str, calm: RecordReadings) -> dict[str, float]:
    client = await nats.connect(stack.servers.nats_url, pending_size=1 << 30)
    seconds = []
    async with Sender(client, other) as sender:
        for name, bodies in (("alone", 0), ("behind", FLOOD_BODIES)):
            for n in range(bodies):
                await client.publish(f"intake.{flooding}.readings.flood-{n}", b"\xff" * FLOOD_BYTES)
            await client.flush(60)
            started = time.perf_counter()
            await sender.send(other, f"flood-{name}", calm)
            seconds.append(time.perf_counter() - started)
    await client.close()
    return {
        "receipt_s_alone": round(seconds[0], 2),
        "receipt_s_behind_a_flood": round(seconds[1], 2),
        "flood_mb": FLOOD_BODIES * FLOOD_BYTES / 10**6,
    }
