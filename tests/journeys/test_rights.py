"""Each cell of docs/rights.md on running services: nobody may do more than it says, and nobody less."""

import asyncio
import contextlib
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

import shared.contracts.indicators
import shared.contracts.notifications
import shared.contracts.planning
import shared.contracts.portal
import shared.contracts.reporting  # noqa: F401  the classes of all owners are looked for below
from services.planning.application import Planning
from services.portal import desk
from services.portal.desk import DeskSender
from shared.clock import day_of
from shared.commune_client.sender import NotConfirmed, Sender
from shared.contracts import Command, OwnQuestion, ProvinceQuestion, Question, Submission
from shared.contracts.planning import DivideCommune, MergeCommune
from shared.grants import SCOPE_OF, Scope
from shared.messaging.connection import connect
from shared.messaging.following.grants import PROVINCE
from shared.messaging.questions.question_client import NOBODY, SILENT, NotAnswered, ask
from shared.messaging.questions.questions import NO_GRANT, OTHER_COMMUNE, OTHER_PROVINCE
from shared.messaging.streams import DESK_OWNERS, OWNERS
from shared.process import open_pool
from shared.settings import NatsServers
from tests.journeys.rights import ALLOWED, BODY, BY, ONE, WITHOUT, rows, started, targets

MERGED, MERGED_LATER, SUCCESSOR = "21034", "21040", "21061"
STEPS = {
    "body": "of a body",
    "one-stop-centre": "of the one-stop-centre",
    "chair": "of the chair",
    "provincial-office": "of the province",
}
# Beside commune, province and body: a value for whatever a message must have, by its name.
FIELDS = {
    "code": "0", "name": "x", "in_force_from": "2100-01-01", "source": "1/NQ", "province": "99",
    "file": "{", "plan_id": "p-0", "indicator": "online-files", "edition": 1, "format": "csv", "content": "",
    "reading_id": "r-1", "task_id": "t-0", "period": "2025-Q3", "reason": "sai", "submission": 1, "by": "Lê Văn Tám",
    "readings": [{"reading_id": "r-1", "observed_on": "2025-09-01", "values": {"x": 1}}],
    "corrections": [{"reading_id": "r-1", "observed_on": "2025-09-01", "values": {"x": 1}, "reason": "sai"}],
    "withdrawals": [{"reading_id": "r-1", "reason": "sai"}],
    "sections": {"assessment": "Đạt."}, "submission_id": "s-1",
    "observed_from": "2025-06-15", "observed_until": "2025-09-14",
    "upload": "u-1", "sha256": "0" * 64, "size": 0,
    "definitions": [{"kind": "measure", "name": "x", "definition": {}, "in_force_from": "2025-01-01"}],
}  # fmt: skip
NOT_GRANTED = "not-granted"


def kinds(base):
    """The messages below a class that are sent or asked."""
    for each in base.__subclasses__():
        if {"subject", "kind"} & set(each.__dict__):
            yield each
        yield from kinds(each)


def of_tests(message):
    return not message.__module__.startswith("shared.contracts")


QUESTIONS = {each.subject: each for each in kinds(Question) if not issubclass(each, OwnQuestion) and not of_tests(each)}
SENT = {each.kind: each for each in kinds(Submission) if each is not Command and not of_tests(each)}


ROWS = rows("Question") | rows("What is sent")


def test_every_question_and_command_is_in_the_tables():
    steps = {f"progress {of}" for of in STEPS.values()}
    assert set(ROWS) == {*QUESTIONS, *(SENT.keys() - {"progress"}), *steps}
    assert set(SENT) == set(DESK_OWNERS) | set(OWNERS)
    assert {role for cells in ROWS.values() for role in cells} == {"about", *SCOPE_OF, "machine"}


def message_of(name, target, *, body=None):
    """An example of what a row is about, for a target."""
    kind = QUESTIONS.get(name) or SENT[name.split()[0]]
    given = {
        field: FIELDS[field] for field, each in kind.model_fields.items() if each.is_required() and field in FIELDS
    }
    if issubclass(kind, Question):
        given["province" if issubclass(kind, ProvinceQuestion) else "commune"] = target
    if kind in (MergeCommune, DivideCommune):
        given["into"] = "no-such" if kind is MergeCommune else [{"commune": "no-such"}, {"commune": "nor-this"}]
    if "body" in kind.model_fields and body:
        given["body"] = body
    if name.startswith("progress"):
        [role] = [role for role, of in STEPS.items() if name.endswith(of)]
        given = {"steps": [{"task_id": "t-0", "step": "acknowledge", "role": role, "by": BODY}]}
    return kind.model_validate(given)


@pytest.fixture(scope="module")
def running(tmp_path_factory, start_servers):
    """All services, two provinces, and an account of each role and of each way to have none."""
    with started(tmp_path_factory.mktemp("rights"), start_servers, MERGED, MERGED_LATER, SUCCESSOR) as running:
        asyncio.run(follow(running))
        yield running


async def follow(running):
    """Until every service knows what was granted last."""
    async with client_of(running) as client:
        for question in ("indicators.query.readings.v1", "planning.query.tasks.v1", "reporting.query.reports.v1",
                         "notifications.query.notices.v1"):  # fmt: skip
            async with asyncio.timeout(90):
                while not await may_ask(client, message_of(question, ONE), "last"):  # noqa: ASYNC110  a process does it
                    await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def client_of(running, *, machine=False):
    url = running.machine_url if machine else running.stack.servers.nats_url_of("portal")
    client = await connect(NatsServers.from_env({"NATS_URL": url}), None if machine else "portal")
    try:
        yield client
    finally:
        await client.close()


async def may_ask(client, question, actor=None, commune=None):
    """Whether the service answers, be it that there is no such thing."""
    refusals = {str(each) for each in (NO_GRANT, OTHER_COMMUNE, OTHER_PROVINCE)}
    for _ in range(100):
        try:
            await ask(client, question.model_copy(update={"actor": actor}), commune)
        except NotAnswered as ended:
            if ended.problem in ("silent", "nobody", "busy", "not-ready"):  # the machine is slow: once more
                await asyncio.sleep(0.2)
                continue
            return str(ended) not in refusals
        return True
    raise AssertionError(f"no answer to {question.subject}")


async def may_send(sender, target, about, submission, actor):
    scope = f"{PROVINCE}{target}" if about == "province" else target
    receipt = await sender.send(scope, uuid4().hex, actor, submission)
    return NOT_GRANTED not in [each.rule for each in receipt.refused]


@pytest.mark.parametrize("name", sorted(ROWS))
def test_each_role_may_do_so_much_and_no_more(running, name, monkeypatch):
    monkeypatch.setattr(desk, "CONFIRMED_WITHIN", 60.0)
    cells = dict(ROWS[name])
    about, machine = cells.pop("about"), cells.pop("machine")
    tried = {(role, place): place in ALLOWED[cell] for role, cell in cells.items() for place in targets(about)}
    tried |= {(account, "own"): False for account in WITHOUT}
    tried |= {("machine", place): place in ALLOWED[machine] for place in targets(about)}

    async def attempt(role, place, client, sender, own):
        target = targets(about)[place]
        message = message_of(name, target, body=BODY if role == "office" else None)
        if name in QUESTIONS:
            if role == "machine":
                return await may_ask(own, message, commune=ONE)
            return await may_ask(client, message, role)
        if role != "machine":
            return await may_send(sender, target, about, message, role)
        if place != "own":  # the broker refuses the subject: tests/test_credentials.py
            return False
        async with Sender(own, ONE) as to_intake:
            return (await to_intake.send(ONE, uuid4().hex, message)).parked is None

    async def scenario():
        async with (
            client_of(running) as client,
            client_of(running, machine=True) as own,
            DeskSender(client, running.signing) as sender,
        ):
            return {(role, place): await attempt(role, place, client, sender, own) for role, place in tried}

    assert asyncio.run(scenario()) == tried


EVERY_OWNER = ("indicators.query.readings.v1", "planning.query.tasks.v1", "reporting.query.reports.v1")


async def may_ask_all(client, commune, account):
    return [await may_ask(client, message_of(question, commune), account) for question in EVERY_OWNER]


async def until_all(client, commune, account, *, allowed):
    """Wait until every service that decides knows it."""
    async with asyncio.timeout(90):
        while await may_ask_all(client, commune, account) != [allowed] * len(EVERY_OWNER):  # noqa: ASYNC110  as above
            await asyncio.sleep(0.1)


def test_a_grant_that_is_withdrawn_in_the_middle_ends_at_every_service(running, monkeypatch):
    monkeypatch.setattr(desk, "CONFIRMED_WITHIN", 60.0)
    running.portal.open_account("leaving", "Người chuyển công tác", BY)
    grant = running.portal.give("leaving", "clerk", Scope(ONE), BY)

    async def scenario():
        async with client_of(running) as client, DeskSender(client, running.signing) as sender:
            await until_all(client, ONE, "leaving", allowed=True)
            before = await may_send(sender, ONE, "commune", message_of("readings", ONE), "leaving")
            await asyncio.to_thread(running.portal.withdraw, grant, "chuyển công tác", BY)
            await until_all(client, ONE, "leaving", allowed=False)
            return before, await may_send(sender, ONE, "commune", message_of("readings", ONE), "leaving")

    assert asyncio.run(scenario()) == (True, False)


def test_a_commune_that_is_merged_hands_its_scope_to_its_successor_from_that_day_on(running):
    today = day_of(running.portal.clock())
    for account, commune in (("of-merged", MERGED), ("of-later", MERGED_LATER), ("of-successor", SUCCESSOR)):
        running.portal.open_account(account, "Người của xã cũ", BY)
        running.portal.give(account, "clerk", Scope(commune), BY)
    settings = running.stack.settings("planning")

    async def scenario():
        async with client_of(running) as client:
            await until_all(client, SUCCESSOR, "of-successor", allowed=True)
            before = await may_ask_all(client, SUCCESSOR, "of-merged")
            with open_pool(settings, "planning") as pool:
                planning = Planning(settings, pool)
                planning.succession.merge(MERGED_LATER, SUCCESSOR, today + timedelta(days=2), "1/NQ")
                planning.succession.merge(MERGED, SUCCESSOR, today, "2/NQ")
                planning.close()
            await until_all(client, SUCCESSOR, "of-merged", allowed=True)
            until_its_day = await may_ask_all(client, SUCCESSOR, "of-later")
            return before, until_its_day, await may_ask_all(client, MERGED, "of-successor")

    before, until_its_day, of_predecessor = asyncio.run(scenario())
    assert (before, until_its_day, of_predecessor) == ([False] * 3, [False] * 3, [True] * 3)


def test_a_click_before_the_receipt_of_which_the_portal_is_killed_counts_once(running, monkeypatch):
    monkeypatch.setattr(desk, "CONFIRMED_WITHIN", 60.0)
    click, content = uuid4().hex, message_of("readings", ONE)

    async def sent_and_killed():
        async with client_of(running) as client:
            sender = DeskSender(client, running.signing)  # which listens to no receipt
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(sender.send(ONE, click, "clerk", content), 0.5)

    async def again():
        async with client_of(running) as client, DeskSender(client, running.signing) as sender:
            return [await sender.send(ONE, click, "clerk", content) for _ in range(2)]

    asyncio.run(sent_and_killed())
    first, second = asyncio.run(again())
    assert first == second
    with psycopg.connect(**running.stack.settings("indicators").database("indicators")) as connection:
        query = "SELECT count(*) FROM inbox WHERE submission_id LIKE %s"
        assert connection.execute(query, (f"%{click}",)).fetchone() == (1,)


def test_a_service_that_is_away_is_named_and_takes_the_click_when_it_is_back(running, monkeypatch):
    """Last: the service ends, and is started again as the stack does it."""
    monkeypatch.setattr(desk, "CONFIRMED_WITHIN", 1.0)
    click, content = uuid4().hex, message_of("approve", ONE)
    [reporting] = [each for each in running.stack.running if each.service == "reporting"]
    reporting.process.kill()
    reporting.process.wait()

    async def scenario():
        async with client_of(running) as client, DeskSender(client, running.signing) as sender:
            with pytest.raises(NotAnswered) as ended:
                await ask(client, message_of("reporting.query.reports.v1", ONE).model_copy(update={"actor": "clerk"}))
            with pytest.raises(NotConfirmed):
                await sender.send(ONE, click, "provincial-officer", content)
            await asyncio.to_thread(running.stack.supervise)
            monkeypatch.setattr(desk, "CONFIRMED_WITHIN", 90.0)
            receipt = await sender.send(ONE, click, "provincial-officer", content)
            return ended.value, receipt

    ended, receipt = asyncio.run(scenario())
    assert ended.problem in ("nobody", "silent")
    assert str(ended) in (NOBODY, SILENT)
    assert [each.rule for each in receipt.refused] == ["not-submitted"]
