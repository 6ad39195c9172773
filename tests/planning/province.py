"""Test pieces: communes with a plan, submissions and receipts, recorded events. All tests share one database."""

import asyncio
import json
from contextlib import contextmanager
from datetime import UTC, date, datetime
from types import SimpleNamespace

import nats
from nats.aio.msg import Msg
from typer.testing import CliRunner

from services.planning.application import Planning
from services.planning.plan_file import PlanFile
from services.planning.register import communes_of
from services.planning.subscribers import decisions
from shared.clock import move
from shared.contracts import Receipt
from shared.messaging.intake.intake import Intake
from shared.process import open_pool

DUE = date(2025, 9, 30)
OF_HANOI = iter(communes_of("01"))  # a commune for each test that needs only one


@contextmanager
def opened(stack, clock, **env):
    env = {"NATS_URL": stack.servers.nats_url, **env}  # it sends as communes do, too
    settings = stack.settings("planning", MINHBACH_CLOCK_FILE=str(clock), **env)
    with open_pool(settings, "planning") as pool:
        planning = Planning(settings, pool)
        yield SimpleNamespace(planning=planning, pool=pool, settings=settings)
        planning.close()


def ran(app, *arguments):
    """A command at a terminal; tables are at most 80 columns wide."""
    answer = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    assert "--json" in arguments or all(len(line) <= 80 for line in answer.stdout.splitlines())
    return answer


def duty(content="Rà soát TTHC", *due, milestones=(), **more):
    days = tuple({"kind": "deadline", "due": day} for day in due)
    return {"content": content, "lead": ("Phòng Kinh tế",), "milestones": days + tuple(milestones)} | more


def plan_of(commune, *tasks, province=None, title="Kế hoạch", **head):
    """A plan file; without a commune that of a province."""
    span = {"from_": date(2025, 1, 1), "until": date(2025, 12, 31)}
    own = {"commune": commune, "province": province, "title": title, "regime": "tthc-control", "year": 2025}
    return PlanFile.model_validate({"plan": own | {"span": span} | head, "tasks": tasks})


def with_a_plan(planning, *tasks, **head):
    """The code of a commune that has this plan in force."""
    entry = next(OF_HANOI)
    planning.register([entry], date(2025, 7, 1))
    planning.issue_plan(plan_of(entry.code, *tasks, **head))
    return entry.code


def on(clock, day):
    """It is eight in the morning of a day."""
    move(clock, datetime(day.year, day.month, day.day, 1, tzinfo=UTC))


def events_of(planning, *communes):
    return [
        recorded
        for recorded in planning.events_after(0, 100_000)
        if getattr(recorded.event, "commune", None) in communes
    ]


def of_type(events, kind):
    return [recorded.event for recorded in events if isinstance(recorded.event, kind)]


def recorded(planning, commune, kind):
    return of_type(events_of(planning, commune), kind)


def submitted(client, commune, submission_id, body):
    subject = f"intake.{commune}.progress.{submission_id}"
    delivered = "$JS.ACK.intake.province.1.1.1.1757808000000000000.0"  # the first time, with nothing behind it
    return Msg(_client=client, subject=subject, reply=delivered, data=body.encode())


def receipts_of(here, commune, *batches):
    """Batches of (submission id, body) as intake takes them, and the receipts that it sends, in order."""

    async def taken():
        client = await nats.connect(here.settings.nats_url)
        receipts = await client.subscribe(f"receipt.{commune}.*")
        await client.flush()
        intake = Intake(here.planning, here.pool, SimpleNamespace(client=client), decisions(here.planning))
        answers = []
        for batch in batches:
            await intake.take([submitted(client, commune, *one) for one in batch])
            answers += [Receipt.model_validate_json((await receipts.next_msg(5)).data) for _ in batch]
        await client.close()
        return answers

    return asyncio.run(taken())


def steps(*items):
    """A submission of steps, each a task's id, a step, and its other fields as JSON."""
    body = ",".join(
        f'{{"task_id": "{task_id}", "step": "{step}", "by": "Phòng Kinh tế", {rest}}}' for task_id, step, rest in items
    )
    return f'{{"steps": [{body}]}}'


def sent(here, commune, *steps, submission_id="s1"):
    """The receipt of one submission of steps, each as its words."""
    whole = [{"by": "Phòng Kinh tế", **step} for step in steps]
    (receipt,) = receipts_of(here, commune, [(submission_id, json.dumps({"steps": whole}, default=str))])
    return receipt


def task_of(planning, commune):
    return planning.tasks.all(commune)[0].task_id
