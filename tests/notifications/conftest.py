"""Fixtures: one empty Notifications on the session's PostgreSQL, and mail servers that answer as a test sets."""

import asyncio

import psycopg
import pytest
from aiosmtpd.controller import Controller

from deploy.embedded.servers import free_port
from services.notifications.application import Notifications
from shared.process import open_pool
from tests.notifications.scene import Scene


@pytest.fixture
def scene(stack):
    with psycopg.connect(stack.settings().database_url) as connection:
        connection.execute("TRUNCATE notifications.outbox, notifications.settled, notifications.communes,"
                           " notifications.kept, notifications.reminders, notifications.commune_changes,"
                           " notifications.followers, notifications.accounts, notifications.grants")  # fmt: skip
    settings = stack.settings("notifications")
    pool = open_pool(settings, "notifications")
    notifications = Notifications(settings, pool)
    yield Scene(settings, notifications, pool)
    notifications.close()
    pool.close()


class Answering:
    """Keeps what it accepts; `answers` by recipient are given before, one after the other."""

    def __init__(self, **answers):
        self.answers = {recipient: list(codes) for recipient, codes in answers.items()}
        self.accepted = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        waiting = self.answers.get(address.partition(".")[0].replace("-", "_"))
        if waiting:
            answer = waiting.pop(0)
            if answer == "silence":
                await asyncio.sleep(60)
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.accepted.append(envelope.rcpt_tos[0])
        return "250 OK"


@pytest.fixture
def mail_server():
    """Makes a mail server that gives the answers asked for: `server, url = mail_server(phong_kinh_te=["550 no"])`."""
    controllers = []

    def make(**answers):
        answering = Answering(**answers)
        controller = Controller(answering, hostname="127.0.0.1", port=free_port())
        controller.start()
        controllers.append(controller)
        return answering, f"smtp://127.0.0.1:{controller.port}"

    yield make
    for controller in controllers:
        controller.stop()
