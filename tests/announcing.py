"""Announcements as a service's relay would write them, for tests on which that service does not run."""

import psycopg

from shared.messaging.announcing.announced import Announced


def key_of(stack):
    """The key with which the relays of a stack sign."""
    with psycopg.connect(stack.settings().database_url) as connection:
        return bytes(connection.execute("SELECT key FROM public.announcement_key").fetchone()[0])


async def announce(jetstream, key, subject, body, position, previous):
    """Publish one announcement at a position."""
    headers = Announced(position, previous, subject, body).headers(key)
    return await jetstream.publish(subject, body, headers=headers)
