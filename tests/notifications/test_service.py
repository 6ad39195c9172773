"""The service as a process: events on the broker lead to mails, and to announcements of its own."""

import asyncio
import json
import signal

import nats
from typer.testing import CliRunner

from deploy.mailbox import Mailbox
from services.notifications.cli import notice_app
from shared.messaging.streams import events_stream
from tests.announcing import announce, key_of
from tests.notifications import events
from tests.notifications.scene import until


async def _announce(stack, service, announced):
    client = await nats.connect(stack.servers.nats_url)
    key = key_of(stack)
    jetstream = client.jetstream()
    for position, event in enumerate(announced, start=1):
        await announce(jetstream, key, event.subject, event.model_dump_json().encode(), position, position - 1)
    assert (await jetstream.stream_info(events_stream(service))).state.messages == len(announced)
    await client.close()


async def _announced_by(url, service):
    client = await nats.connect(url)
    state = (await client.jetstream().stream_info(events_stream(service))).state
    await client.close()
    return state.messages


def test_two_instances_send_each_mail_once_when_one_is_killed(own_stack, tmp_path, monkeypatch):
    with (
        Mailbox(tmp_path / "mails") as mailbox,
        own_stack(services=("notifications",), instances=2, env={"SMTP_URL": mailbox.url}) as stack,
    ):
        tasks = [events.task_assigned() for _ in range(400)]
        url = stack.servers.nats_url
        asyncio.run(_announce(stack, "planning", [events.commune_registered(), *tasks]))
        until(lambda: mailbox.count() > 100)
        stack.running[0].process.send_signal(signal.SIGKILL)

        until(lambda: len(set(mailbox.message_ids())) == 800, within=120)
        until(lambda: asyncio.run(_announced_by(url, "notifications")) == 800)
        assert len(mailbox.message_ids()) <= 801  # the one mail that the killed instance was at

        monkeypatch.setenv("DATABASE_URL", stack.settings().database_url)
        monkeypatch.setenv("NATS_URL", url)
        listed = CliRunner().invoke(notice_app, ["list", "--json"])
        assert json.loads(listed.stdout) == {
            "waiting": 0,
            "sent": 800,
            "failed": 0,
            "waiting_for_registration": 0,
            "longest_waiting": [],
            "failed_notices": [],
        }
        last = stack.running[1].process
        last.terminate()
        assert last.wait(30) in (0, -signal.SIGTERM)


def test_command_without_servers_ends_with_a_sentence(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("NATS_URL", raising=False)

    answer = CliRunner().invoke(notice_app, ["list"])

    assert answer.exit_code == 2
    assert "minhbach up" in answer.output
