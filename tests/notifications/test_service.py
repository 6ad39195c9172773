"""The service as a process: from what Planning announces on the broker to mails, and to what it announces itself."""

import asyncio
import json
import signal

import nats
from typer.testing import CliRunner

from deploy.mailbox import Mailbox
from services.notifications.cli import notice_app
from shared.streams import events_stream
from tests.notifications import announcements as announced
from tests.notifications.waiting import until


async def _announce(url, service, events):
    client = await nats.connect(url)
    jetstream = client.jetstream()
    for position, event in enumerate(events, start=1):
        headers = {"x-position": str(position), "x-previous": str(position - 1)}
        await jetstream.publish(event.subject, event.model_dump_json().encode(), headers=headers)
    assert (await jetstream.stream_info(events_stream(service))).state.messages == len(events)
    await client.close()


async def _announced_by(url, service):
    client = await nats.connect(url)
    state = (await client.jetstream().stream_info(events_stream(service))).state
    await client.close()
    return state.messages


def test_two_instances_of_which_one_is_killed_tell_everyone_once(own_stack, tmp_path, monkeypatch):
    with (
        Mailbox(tmp_path / "mails") as mailbox,
        own_stack(services=("notifications",), instances=2, env={"SMTP_URL": mailbox.url}) as stack,
    ):
        tasks = [announced.task_assigned() for _ in range(400)]
        url = stack.servers.nats_url
        asyncio.run(_announce(url, "planning", [announced.commune_registered(), *tasks]))
        until(lambda: mailbox.count() > 100)
        stack.running[0].process.send_signal(signal.SIGKILL)

        until(lambda: len(set(mailbox.message_ids())) == 800, within=60)
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
        }
        last = stack.running[1].process
        last.terminate()
        assert last.wait(30) in (0, -signal.SIGTERM)


def test_a_command_without_servers_says_so(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("NATS_URL", raising=False)

    told = CliRunner().invoke(notice_app, ["list"])

    assert told.exit_code == 2
    assert "minhbach up" in told.output
