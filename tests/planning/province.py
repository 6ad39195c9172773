"""Communes that have a plan, what they send, and what became of it. All tests share one database."""

import asyncio
import json
from contextlib import contextmanager
from datetime import UTC, date, datetime
from types import SimpleNamespace

import nats
from nats.aio.msg import Msg

from services.planning.application import KINDS, Planning
from services.planning.plan_file import PlanFile
from services.planning.register import communes_of
from shared.clock import move
from shared.contracts import Receipt
from shared.intake import Intake
from shared.process import open_pool

DUE = date(2025, 9, 30)
OF_HANOI = iter(communes_of("01"))  # a commune for each test that needs only one


@contextmanager
def opened(stack, clock, **env):
    settings = stack.settings("planning", MINHBACH_CLOCK_FILE=str(clock), **env)
    with open_pool(settings, "planning") as pool:
        planning = Planning(settings, pool)
        yield SimpleNamespace(planning=planning, pool=pool, settings=settings)
        planning.close()


def duty(content="Rà soát TTHC", *due, milestones=(), **more):
    days = tuple({"kind": "deadline", "due": day} for day in due)
    return {"content": content, "lead": ("Phòng Kinh tế",), "milestones": days + tuple(milestones)} | more


def plan_of(commune, *tasks, province=None, title="Kế hoạch", **head):
    """A plan file; without a commune that of a province."""
    span = {"from_": date(2025, 1, 1), "until": date(2025, 12, 31)}
    said = {"commune": commune, "province": province, "title": title, "regime": "tthc-control", "year": 2025}
    return PlanFile.model_validate({"plan": said | {"span": span} | head, "tasks": tasks})


def with_a_plan(planning, *tasks, **head):
    """The code of a commune that has this plan in force."""
    entry = next(OF_HANOI)
    planning.register([entry], date(2025, 7, 1))
    planning.issue_plan(plan_of(entry.code, *tasks, **head))
    return entry.code


def on(clock, day):
    """It is eight in the morning of a day."""
    move(clock, datetime(day.year, day.month, day.day, 1, tzinfo=UTC))


def facts_of(planning, *communes):
    return [fact for fact in planning.facts_after(0, 100_000) if getattr(fact.event, "commune", None) in communes]


def of_type(facts, kind):
    return [fact.event for fact in facts if isinstance(fact.event, kind)]


def recorded(planning, commune, kind):
    return of_type(facts_of(planning, commune), kind)


def submitted(client, commune, submission_id, body):
    subject = f"intake.{commune}.progress.{submission_id}"
    return Msg(_client=client, subject=subject, reply=client.new_inbox(), data=body.encode())


def receipts_of(here, commune, *batches):
    """Batches of (submission id, body) as intake takes them, and the receipts that it sends, in order."""

    async def taken():
        client = await nats.connect(here.settings.nats_url)
        receipts = await client.subscribe(f"receipt.{commune}.*")
        await client.flush()
        intake = Intake(here.planning, here.pool, SimpleNamespace(client=client), KINDS, here.planning.settle)
        answers = []
        for batch in batches:
            await intake.take([submitted(client, commune, *one) for one in batch])
            answers += [Receipt.model_validate_json((await receipts.next_msg(5)).data) for _ in batch]
        await client.close()
        return answers

    return asyncio.run(taken())


def steps(*said):
    """A submission of steps, each a task's id, a step, and what else it says as JSON."""
    body = ",".join(
        f'{{"task_id": "{task_id}", "step": "{step}", "by": "Phòng Kinh tế", {rest}}}' for task_id, step, rest in said
    )
    return f'{{"steps": [{body}]}}'


def sent(here, commune, *said, submission_id="s1"):
    """The receipt of one submission of steps, each as its words."""
    whole = [{"by": "Phòng Kinh tế", **step} for step in said]
    (receipt,) = receipts_of(here, commune, [(submission_id, json.dumps({"steps": whole}, default=str))])
    return receipt


def task_of(planning, commune):
    return planning.tasks.all(commune)[0].task_id
