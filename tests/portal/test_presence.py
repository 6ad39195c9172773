"""Since when services answer: looked at by a portal, and remembered by the next one, on a real database."""

import asyncio
from datetime import timedelta

import pytest

from services.portal import presence
from services.portal.presence import HEALTH, Presence
from shared.messaging.questions.question_client import NotAnswered
from shared.process import open_pool


class Looking:
    """A portal's presence whose services are `away`, at a time that the test sets."""

    def __init__(self, pool, monkeypatch):
        self.pool, self.away, self.now = pool, set(), None
        monkeypatch.setattr(presence.question_client, "ask", self.ask)

    async def ask(self, _, question):
        if type(question) in self.away:
            raise NotAnswered("nobody", "Dịch vụ đang không chạy.")

    def started(self, now, *away):
        """What a portal knows that was started anew and looked once at each service."""
        self.now, self.away = now, {HEALTH[service] for service in away}
        bus = type("Bus", (), {"client": None})()
        looking = Presence(bus, lambda: self.now, self.pool)

        asyncio.run(looking.look())
        return looking.seen


@pytest.fixture
def looking(stack, monkeypatch):
    with open_pool(stack.settings("portal"), "portal", size=2) as pool, pool.connection() as connection:
        connection.execute("DELETE FROM presence")
        connection.commit()
        yield Looking(pool, monkeypatch)


def test_a_restarted_portal_knows_since_when_services_answer_and_do_not(looking, door):
    first = door.now
    seen = looking.started(first, "reporting")
    assert (seen["reporting"].answers, seen["planning"].answers) == (False, True)
    soon = looking.started(first + timedelta(minutes=2), "reporting")
    assert {service: each.since for service, each in soon.items()} == dict.fromkeys(HEALTH, first)
    back = looking.started(first + timedelta(minutes=3))
    assert back["reporting"] == (True, first + timedelta(minutes=3))
    assert back["planning"] == (True, first)


def test_a_service_counts_anew_after_a_time_in_which_nobody_looked(looking, door):
    first, later = door.now, door.now + timedelta(days=60)
    looking.started(first, "reporting")
    seen = looking.started(later, "reporting")
    assert (seen["planning"], seen["reporting"]) == ((True, later), (False, later))
