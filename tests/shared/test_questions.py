"""Questions through a real NATS: each has one answer, and a commune asks about itself only."""

import asyncio
import contextlib
import threading
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import ClassVar

import pytest
import typer
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as Silent

from shared.cli.answers import answered
from shared.commune_client.broker import Broker
from shared.contracts import CommuneQuestion, Message, ProvinceQuestion
from shared.contracts.portal import AccountClosed, AccountOpened, GrantGiven, GrantWithdrawn
from shared.grants import Place
from shared.messaging.announcing.announced import Announced
from shared.messaging.connection import connect
from shared.messaging.following.follower import Follower
from shared.messaging.following.grants import PORTAL, Grants
from shared.messaging.questions import questions
from shared.messaging.questions.question_client import NotAnswered, ask, read_answer
from shared.messaging.questions.questions import NoAnswer, Questions
from shared.process import open_pool
from shared.settings import NatsServers

ONE, OTHER = "21025", "21028"
TODAY = date(2025, 9, 16)


class Counted(Message):
    count: int
    filler: str = ""


class Count(CommuneQuestion[Counted]):
    subject: ClassVar[str] = "indicators.query.count.v1"
    roles = ("clerk", "provincial-officer")

    size: int = 0


class Published(ProvinceQuestion[Counted]):
    """What communes of the province may know, and nobody of another one."""

    subject: ClassVar[str] = "indicators.query.published.v1"
    roles = ("clerk", "provincial-officer")


class OfProvince(ProvinceQuestion[Counted]):
    subject: ClassVar[str] = "indicators.query.of-province.v1"
    roles = ("provincial-officer",)


class Unknown(CommuneQuestion[Counted]):
    subject: ClassVar[str] = "indicators.query.unknown.v1"


def count(application, question):
    if question.size < 0:
        raise NoAnswer("Không đếm được.")
    return Counted(count=application[question.commune], filler="x" * question.size)


@asynccontextmanager
async def answering(stack, functions=None, *, is_ready=True, grants=None):
    """An instance that answers, as the user that a service has, and a function that connects a commune."""
    servers = NatsServers.from_env({"NATS_URL": stack.servers.nats_url_of("indicators")})
    service = await connect(servers, "indicators")
    clients = [service]

    async def commune(name=ONE, **options):
        [url] = stack.servers.commune_urls([name]).values()
        clients.append(await connect(NatsServers.from_env({"NATS_URL": url}), **options))
        return clients[-1]

    counts, positions = {ONE: 3, OTHER: 4}, {"indicators": 7}
    answers = Questions(counts, functions or {Count: count}, lambda: positions, lambda: is_ready, grants)
    await answers.answer(service, "indicators")
    await service.flush()
    try:
        yield commune
    finally:
        for client in clients:
            await client.close()


def problem(stack, question, *, functions=None, is_ready=True, subject_of=ONE):
    """How a question ends that has no answer: the problem and the sentence."""

    async def run():
        async with answering(stack, functions, is_ready=is_ready) as commune:
            with pytest.raises(NotAnswered) as ended:
                await ask(await commune(), question, subject_of)
            return ended.value.problem, str(ended.value)

    return asyncio.run(run())


def test_a_commune_gets_the_answer_and_its_positions(stack):
    async def run():
        async with answering(stack) as commune:
            return await ask(await commune(), Count(commune=ONE), ONE)

    found = asyncio.run(run())
    assert (found.answer, found.positions) == (Counted(count=3), {"indicators": 7})


def test_each_question_has_one_answer_however_many_instances_run(stack):
    async def run():
        async with answering(stack) as commune, answering(stack):
            client = await commune()
            inbox = await client.subscribe(client.new_inbox())
            await client.publish(f"{Count.subject}.commune.{ONE}", Count(commune=ONE).model_dump_json().encode(),
                                 reply=inbox.subject)  # fmt: skip
            first = await inbox.next_msg(10)
            await ask(client, Count(commune=ONE), ONE)
            return first, inbox.pending_msgs

    first, more = asyncio.run(run())
    assert read_answer(Count(commune=ONE), first.data).answer.count == 3
    assert more == 0


def test_a_question_about_another_commune_is_refused(stack):
    assert problem(stack, Count(commune=OTHER)) == (
        "not-granted",
        "Đơn vị chỉ được hỏi về chính mình và đơn vị đã nhập vào mình.",
    )


@pytest.mark.parametrize("asker", [f"commune.{OTHER}", "portal", f"commune.{OTHER}.x"])
def test_a_commune_cannot_ask_as_another_or_as_the_portal(stack, asker):
    """The broker refuses the subject, and nobody gets a question."""
    asked = []

    async def run():
        errors = []

        async def note(error):
            errors.append(str(error))

        async with answering(stack, {Count: lambda _, question: asked.append(question)}) as commune:
            client = await commune(error_cb=note)
            with pytest.raises((Silent, NoRespondersError)):
                await client.request(f"{Count.subject}.{asker}", Count(commune=OTHER).model_dump_json().encode(), 0.3)
            return errors

    assert "permissions violation" in asyncio.run(run())[0].lower()
    assert asked == []


def test_an_answer_goes_to_the_account_that_asked_whatever_reply_subject_it_names(stack):
    """Neither to another commune, which waits on the same inbox, nor as a question of it."""

    async def run():
        async with answering(stack) as commune:
            one, other = await commune(ONE), await commune(OTHER)
            waiting = await other.subscribe("_INBOX.same")
            own = await one.subscribe("_INBOX.same")
            await other.flush()
            body = Count(commune=ONE).model_dump_json().encode()
            await one.publish(f"{Count.subject}.commune.{ONE}", body, reply="_INBOX.same")
            await one.publish(f"{Count.subject}.commune.{ONE}", body, reply=f"{Count.subject}.commune.{OTHER}")
            first = await own.next_msg(10)
            await ask(other, Count(commune=OTHER), OTHER)
            return first.data, waiting.pending_msgs

    first, elsewhere = asyncio.run(run())
    assert read_answer(Count(commune=ONE), first).answer.count == 3
    assert elsewhere == 0


def test_a_question_without_an_answer_gets_one_sentence(stack, monkeypatch):
    monkeypatch.setattr(questions, "LARGEST_ANSWER", 1000)

    def defect(*_):
        raise ZeroDivisionError

    assert problem(stack, Count(commune=ONE, size=1000))[0] == "too-large"
    assert problem(stack, Count(commune=ONE, size=-1)) == ("refused", "Không đếm được.")
    assert problem(stack, Unknown(commune=ONE))[0] == "unknown-question"
    assert problem(stack, Count(commune=ONE), is_ready=False)[0] == "not-ready"
    assert problem(stack, Count(commune=ONE), functions={Count: defect})[0] == "failed"


def test_a_question_to_a_service_that_does_not_run_ends_at_once(stack):
    class Elsewhere(CommuneQuestion[Counted]):
        subject = "reporting.query.count.v1"

    assert problem(stack, Elsewhere(commune=ONE))[0] == "nobody"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"\xff", b'{"commune": "21025", "more": 1}', b'{"commune": "21025", "commune": "21028"}',
     b'{"commune": 1}', b"[" * 1000, b'{"commune": "' + b"x" * 70_000 + b'"}'],
)  # fmt: skip
def test_a_question_that_cannot_be_read_is_answered(body):
    with pytest.raises(NoAnswer, match="Máy chủ của tỉnh không đọc được câu hỏi") as refused:
        questions.read_question(Count, body)
    assert (refused.value.unanswered.problem, len(refused.value.unanswered.sentence) < 300) == ("unreadable", True)


def test_each_account_of_the_portal_waits_for_its_own_answers_only():
    asked = questions.Asked.on(f"{Count.subject}.portal")
    askers = {questions.asker_of(asked, Count(commune=ONE, actor=actor).model_dump_json().encode())
              for actor in ("clerk", "officer", "clerk")}  # fmt: skip
    assert len(askers) == 2
    assert questions.asker_of(asked, b"{") not in askers
    assert questions.asker_of(questions.Asked.on(f"{Count.subject}.commune.{ONE}"), b"{") not in askers


def test_too_many_questions_of_one_commune_are_refused(stack, monkeypatch):
    monkeypatch.setattr(questions, "MOST_WAITING", 2)
    held = threading.Event()

    async def run():
        def wait(application, question):
            held.wait(10)
            return count(application, question)

        async with answering(stack, {Count: wait}) as commune:
            one = await commune()
            asked = [asyncio.create_task(ask(one, Count(commune=ONE), ONE)) for _ in range(4)]
            done, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            refused = {each.exception().problem for each in done}
            held.set()
            ended = await asyncio.gather(*asked, return_exceptions=True)
            return refused, sorted(type(each).__name__ for each in ended)

    refused, ended = asyncio.run(run())
    assert refused == {"busy"}
    assert ended == ["Answered[Counted]", "Answered[Counted]", "NotAnswered", "NotAnswered"]


def test_a_question_is_repeated_while_a_service_restarts(stack, monkeypatch):
    monkeypatch.setattr("shared.cli.answers.ASKED_AGAIN_AFTER", 0.01)
    [url] = stack.servers.commune_urls([ONE]).values()
    refusals = [questions.BUSY, questions.NOT_READY]

    def refuse_at_first(application, question):
        if refusals:
            raise refusals.pop()
        return count(application, question)

    async def run():
        async with answering(stack, {Count: refuse_at_first}):
            return await asyncio.to_thread(answered, Broker.from_env({"NATS_URL": url}), Count(commune=ONE))

    assert asyncio.run(run()).answer.count == 3
    assert refusals == []


def test_a_command_gets_the_answer_or_ends_with_one_sentence(stack, capsys):
    [url] = stack.servers.commune_urls([ONE]).values()
    broker = Broker.from_env({"NATS_URL": url})

    async def run(question, commune=ONE):
        async with answering(stack):
            return await asyncio.to_thread(answered, replace(broker, commune=commune), question)

    assert asyncio.run(run(Count(commune=ONE))).answer.count == 3
    for question, commune, sentence in (
        (Count(commune=ONE, size=-1), ONE, "Không đếm được."),
        (Count(commune=OTHER), ONE, "Đơn vị chỉ được hỏi về chính mình và đơn vị đã nhập vào mình."),
        (Count(commune=OTHER), OTHER, f"Tài khoản trong NATS_URL không được hỏi về đơn vị {OTHER}."),
    ):
        with pytest.raises(typer.Exit):
            asyncio.run(run(question, commune))
        assert capsys.readouterr().err == f"{sentence}\n"


@pytest.fixture(scope="module")
def grants(stack):
    """What Indicators remembers of accounts, from the portal's announcements, each of which comes twice."""
    at = datetime(2025, 9, 16, tzinfo=UTC)
    by = {"recorded_at": at, "by": "Trần Thị Bình", "by_account": None}
    days = {"in_force_from": TODAY, "until": None}
    nowhere = {"commune": None, "body": None, "province": None}

    def opened(account, until=None):
        return AccountOpened(event_id=f"{account}/1", account=account, name="Nguyễn Văn A", until=until, **by)

    def given(account, number, role, **fields):
        fields = {**nowhere, **days, **fields}
        return GrantGiven(event_id=f"{account}/{number}", account=account, grant=f"{account}.{number}", role=role,
                          **fields, **by)  # fmt: skip

    events = [
        *(opened(each) for each in ("clerk", "office", "officer", "elsewhere", "auditor", "gone", "closed")),
        opened("ended", TODAY - timedelta(days=1)),
        given("clerk", 1, "clerk", commune=ONE),
        given("office", 1, "office", commune=ONE, body="Văn phòng"),
        given("officer", 1, "provincial-officer", province="51"),
        given("elsewhere", 1, "provincial-officer", province="48"),
        given("auditor", 1, "auditor", province="51"),
        *(given(each, 1, "clerk", commune=ONE) for each in ("gone", "closed", "ended")),
        given("late", 1, "clerk", commune=ONE),  # an account that was never announced
        GrantWithdrawn(event_id="gone/2", account="gone", grant="gone.1", reason="thay người", **by),
        AccountClosed(event_id="closed/2", account="closed", reason="nghỉ hưu", **by),
    ]
    coming = [Announced(n, n - 1, e.subject, e.model_dump_json().encode()) for n, e in enumerate(events, start=1)]
    with open_pool(stack.settings("indicators"), "indicators", size=1) as pool:
        with pool.connection() as connection:
            connection.execute("DELETE FROM tracking WHERE source = 'portal'")
        follower = Follower(pool, "portal", PORTAL)
        follower.apply(coming[:4])
        follower.apply(coming)
        provinces = {ONE: "51", OTHER: "48"}
        yield Grants(
            pool, lambda communes, _: {each: Place(each, provinces.get(each)) for each in communes}, lambda: TODAY
        )
        with pool.connection() as connection:
            connection.execute("DELETE FROM tracking WHERE source = 'portal'")


@pytest.mark.parametrize(
    ("actor", "communes"),
    [("clerk", {ONE}), ("officer", {ONE}), ("elsewhere", {OTHER}), *((actor, set()) for actor in
     ("office", "auditor", "gone", "closed", "ended", "late", "unknown", None))],
)  # fmt: skip
def test_an_account_gets_answers_only_where_it_has_a_grant(stack, grants, actor, communes):
    """Checked by the service that answers, whatever the portal lets through."""

    async def answers(client):
        for commune in (ONE, OTHER):
            try:
                yield commune, (await ask(client, Count(commune=commune, actor=actor))).answer
            except NotAnswered as refused:
                yield commune, str(refused)

    async def run():
        servers = NatsServers.from_env({"NATS_URL": stack.servers.nats_url_of("portal")})
        async with answering(stack, grants=grants):
            client = await connect(servers, "portal")
            try:
                return {commune: answer async for commune, answer in answers(client)}
            finally:
                await client.close()

    found = asyncio.run(run())
    assert {commune for commune, answer in found.items() if isinstance(answer, Counted)} == communes
    assert {answer for answer in found.values() if not isinstance(answer, Counted)} <= {
        "Tài khoản chưa được giao quyền xem nội dung này."
    }


OF_PROVINCE = {Published: lambda *_: Counted(count=1), OfProvince: lambda *_: Counted(count=2)}


@pytest.mark.parametrize(
    ("actor", "answers"),
    [("clerk", {"51": 1}), ("officer", {"51": 3}), ("elsewhere", {"48": 3}), *((actor, {}) for actor in
     ("office", "gone", "closed", "ended", "unknown", None))],
)  # fmt: skip
def test_questions_about_a_province_need_a_grant_in_it(stack, grants, actor, answers):
    """The sum of the answers to both questions, by province."""

    async def run():
        servers = NatsServers.from_env({"NATS_URL": stack.servers.nats_url_of("portal")})
        found = {}
        async with answering(stack, OF_PROVINCE, grants=grants):
            client = await connect(servers, "portal")
            for province, kind in product(("51", "48"), OF_PROVINCE):
                with contextlib.suppress(NotAnswered):
                    answer = (await ask(client, kind(province=province, actor=actor))).answer
                    found[province] = found.get(province, 0) + answer.count
            await client.close()
        return found

    assert asyncio.run(run()) == answers


def test_a_commune_gets_answers_about_its_own_province_as_its_clerks_do(stack, grants):
    async def run():
        async with answering(stack, OF_PROVINCE, grants=grants) as commune:
            client = await commune()
            answers = [(await ask(client, Published(province="51"), ONE)).answer.count]
            for question in (Published(province="48"), OfProvince(province="51")):
                with pytest.raises(NotAnswered) as refused:
                    await ask(client, question, ONE)
                answers.append(refused.value.problem)
            return answers

    assert asyncio.run(run()) == [1, "not-granted", "not-granted"]


@pytest.mark.parametrize(("day", "answers"), [(TODAY - timedelta(days=1), {ONE: 3}), (TODAY, {ONE: 3, OTHER: 4})])
def test_a_successor_may_put_questions_about_a_merged_commune_from_that_day_on(stack, day, answers):
    """A merged commune asks about itself as before, and about its successor never."""

    def places(communes, on):
        return {each: Place(ONE if on >= TODAY else each, "51") for each in communes}

    async def answers_of(client, asker):
        for commune in (ONE, OTHER):
            with contextlib.suppress(NotAnswered):
                yield commune, (await ask(client, Count(commune=commune), asker)).answer.count

    async def run():
        async with answering(stack, grants=Grants(None, places, lambda: day)) as commune:
            return [
                {asked: count async for asked, count in answers_of(await commune(asker), asker)}
                for asker in (ONE, OTHER)
            ]

    assert asyncio.run(run()) == [answers, {OTHER: 4}]
