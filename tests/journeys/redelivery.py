"""How long the broker waits for an answer to a submission before it brings it again, as an operator may set it."""

import asyncio

import nats

from shared.messaging.streams import DESK_LISTENERS, INTAKE_LISTENERS, INTAKE_SUBJECTS

SOONER = 15.0  # seconds, where a service gets a minute: more than a batch takes on a busy machine


def redeliver_sooner(province):
    """What a killed service had taken and not settled comes again after SOONER, on every consumer of submissions."""
    asyncio.run(_tune(province.stack.servers.nats_url))


async def _tune(nats_url):
    client = await nats.connect(nats_url)
    jetstream = client.jetstream()
    for listener in (*INTAKE_LISTENERS, *DESK_LISTENERS, INTAKE_SUBJECTS):
        found = (await jetstream.consumer_info(listener.stream, listener.name)).config
        await jetstream.add_consumer(listener.stream, found.evolve(ack_wait=SOONER))
    await client.close()
