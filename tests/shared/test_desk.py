"""The desk on real NATS and PostgreSQL: accounts act through the portal alone, each act once, and only with a grant."""

import asyncio
import contextlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from nats.js.errors import APIError
from psycopg.errors import InsufficientPrivilege

from services.indicators.application import Indicators
from services.indicators.publishers import announce as announce_definition
from services.indicators.subscribers import decisions
from services.planning.application import Planning
from services.planning.publishers import announce
from services.planning.subscribers import decisions as planning_decisions
from services.portal import desk as portal_desk
from services.portal.desk import DeskSender
from services.reporting.application import Reporting
from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.publishers import announce as announce_report
from services.reporting.subscribers import decisions as reporting_decisions
from shared.clock import move
from shared.commune_client.sender import IdUsedBefore, NotConfirmed
from shared.contracts import Command, DeskMessage, Receipt
from shared.contracts.indicators import DefineIndicators, Reading, RecordReadings
from shared.contracts.planning import (
    AmendPlan,
    ClosePlan,
    DivideCommune,
    DividedPart,
    EstablishCommune,
    IssuePlan,
    MergeCommune,
    MoveCommune,
    RegisterCommunes,
    RenameCommune,
    ReportProgress,
)
from shared.contracts.reporting import ApproveReport, WriteNarrative
from shared.grants import Actor, Grant, Place, Scope
from shared.messaging.bus import Bus
from shared.messaging.connection import connect
from shared.messaging.following.grants import Grants
from shared.messaging.intake.desk import Desk, completed
from shared.messaging.intake.desk_signature import SIGNATURE, Signing, Verifying
from shared.messaging.intake.submissions import Outcome
from shared.messaging.streams import COMMUNE_COMMANDS, DESK_DOOR, desk_listener
from shared.process import open_pool
from shared.settings import NatsServers

ONE, OTHER = "21025", "21028"
DAY = date(2025, 9, 10)
CONSUMER = "desk", "indicators-desk"
ANNOUNCE = {"indicators": announce_definition, "planning": announce, "reporting": announce_report}


@dataclass
class Service:
    """A desk of a service in this process, under the service's own users."""

    stack: Any
    name: str
    store: Any
    pool: Any
    decisions: Any
    kinds: tuple[str, ...]

    @contextlib.asynccontextmanager
    async def open(self, *, pulls=True):
        """The desk takes what comes; a connection of the portal sends."""
        bus = Bus(NatsServers.from_env({"NATS_URL": self.stack.servers.nats_url_of(self.name)}), self.name)
        await bus.start()
        grants = Grants(
            self.pool,
            lambda communes, _: {each: Place(each, "51") for each in communes},
            lambda: datetime.now(UTC).date(),
        )
        desk = Desk(self.store, self.pool, bus, self.decisions, grants, announce=ANNOUNCE[self.name])
        await bus.answer(f"{DESK_DOOR.receipts}.{self.name}.*", self.name, desk.receipt_requested)
        listener = desk_listener(self.name, *self.kinds)
        taking = asyncio.ensure_future(bus.pull(listener, desk.take) if pulls else asyncio.Event().wait())
        try:
            yield desk
        finally:
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)
            await bus.stop()


@contextlib.asynccontextmanager
async def portal_of(stack):
    client = await connect(NatsServers.from_env({"NATS_URL": stack.servers.nats_url_of("portal")}), "portal")
    try:
        with open_pool(stack.settings("portal"), "portal", size=1) as pool:
            signing = Signing(pool)
        async with DeskSender(client, signing) as sender:
            yield SimpleNamespace(sender=sender, client=client)
    finally:
        await client.close()


def remember(pool, *grants):
    """As if the portal had announced these grants."""
    with pool.connection() as connection:
        for grant in grants:
            row = (grant.account, f"Tên của {grant.account}")
            connection.execute("INSERT INTO accounts VALUES (%s, %s, NULL, false) ON CONFLICT DO NOTHING", row)
            connection.execute(
                "INSERT INTO grants VALUES (%s, %s, %s, %s, %s, %s, %s, NULL, false) ON CONFLICT DO NOTHING",
                (grant.grant, grant.account, grant.role, *vars(grant.scope).values(), grant.in_force_from),
            )


@pytest.fixture(scope="module")
def indicators(stack):
    settings = stack.settings("indicators")
    with open_pool(settings, "indicators", size=3) as pool:
        store = Indicators(settings, pool)
        measure = {"name": "Số đo của bàn", "kind": "flow", "unit": "hồ sơ", "by_field": False}
        store.define("measure", "desk-measure", measure, date(2025, 1, 1))
        with pool.connection() as connection:
            connection.execute("INSERT INTO communes VALUES (%s, 'Phường Một') ON CONFLICT DO NOTHING", (ONE,))
        remember(pool, Grant("desk-clerk.1", "desk-clerk", "clerk", Scope(ONE), DAY),
                 Grant("desk-chair.1", "desk-chair", "chair", Scope(ONE), DAY))  # fmt: skip
        remember(pool, Grant("desk-definer.1", "desk-definer", "provincial-officer", Scope(province="51"), DAY))
        kinds = ("readings", "corrections", "withdrawals", "definitions")
        yield Service(stack, "indicators", store, pool, decisions(store), kinds)
        store.close()


@pytest.fixture(autouse=True)
def waits_longer(monkeypatch):
    """The machine is slow."""
    monkeypatch.setattr(portal_desk, "CONFIRMED_WITHIN", 60.0)


def readings(value=1, reading_id=None):
    one = Reading(reading_id=reading_id or f"d-{uuid4().hex}", observed_on=DAY, values={"desk-measure": value})
    return RecordReadings(readings=(one,))


def sent(service, *submissions):
    """The receipts of (scope, id, actor, submission), sent in order."""

    async def run():
        async with portal_of(service.stack) as portal, service.open():
            return [await portal.sender.send(*each) for each in submissions]

    return asyncio.run(run())


def test_a_click_is_recorded_once_and_its_receipt_has_the_position(indicators):
    submission_id, content = uuid4().hex, readings()
    first, again = sent(indicators, *[(ONE, submission_id, "desk-clerk", content)] * 2)
    assert again == first
    assert (first.accepted, first.refused, first.actor) == (1, (), "desk-clerk")
    assert first.position == indicators.store.position_of(first.event_id)
    [event] = indicators.store.events_after(first.position - 1, 1)
    assert (event.event.commune, event.event.submission_id) == (ONE, f"desk/{submission_id}")


def test_another_content_under_the_same_id_does_not_count(indicators):
    submission_id = uuid4().hex
    sent(indicators, (ONE, submission_id, "desk-clerk", readings()))
    with pytest.raises(IdUsedBefore):
        sent(indicators, (ONE, submission_id, "desk-clerk", readings()))


@pytest.mark.parametrize(
    ("scope", "actor"),
    [(OTHER, "desk-clerk"), (ONE, "desk-chair"), (ONE, "nobody"), ("province-51", "desk-clerk")],
)
def test_an_account_without_the_grant_is_refused_by_the_service_itself(indicators, scope, actor):
    submission_id, content = uuid4().hex, readings()
    before = indicators.store.newest_position()
    first, again = sent(indicators, *[(scope, submission_id, actor, content)] * 2)
    assert again == first
    assert [(each.rule, actor in each.sentence) for each in first.refused] == [("not-granted", True)]
    assert (first.accepted, first.position, indicators.store.newest_position()) == (0, None, before)


def test_a_receipt_that_the_portal_missed_comes_with_the_same_click_again(indicators, monkeypatch):
    """The portal is killed after it sent, before any service decided: nothing is lost, nothing counts twice."""
    monkeypatch.setattr(portal_desk, "CONFIRMED_WITHIN", 0.3)
    submission_id, content = uuid4().hex, readings()

    async def click():
        async with portal_of(indicators.stack) as portal:
            with pytest.raises(NotConfirmed):
                await portal.sender.send(ONE, submission_id, "desk-clerk", content)

    asyncio.run(click())
    monkeypatch.setattr(portal_desk, "CONFIRMED_WITHIN", 20.0)
    first, again = sent(indicators, *[(ONE, submission_id, "desk-clerk", content)] * 2)
    assert again == first
    assert first.accepted == 1


@pytest.mark.parametrize("body", [b"", b"{}", b'{"actor": "desk-clerk"}', b'{"actor": 1, "submission": {}}', b"\xff"])
def test_a_body_without_an_actor_is_parked(indicators, body):
    async def run():
        async with portal_of(indicators.stack) as portal, indicators.open():
            return await portal.sender._sender.send_raw(ONE, "readings", uuid4().hex, body)

    receipt = asyncio.run(run())
    assert (receipt.accepted, receipt.parked) == (0, "no actor with a submission")


@pytest.mark.parametrize("user", ["commune", "operator", "indicators", "reporting", "planning", "notifications"])
def test_nobody_but_the_portal_publishes_on_the_desk(stack, user):
    """A commune that could would approve itself."""
    urls = {"commune": lambda: stack.servers.commune_urls([ONE])[ONE], "operator": lambda: stack.servers.nats_url}
    url = urls[user]() if user in urls else stack.servers.nats_url_of(user)
    errors = []

    async def note(error):
        errors.append(str(error).lower())

    async def run():
        client = await connect(NatsServers.from_env({"NATS_URL": url}), user if user not in urls else None,
                               error_cb=note)  # fmt: skip
        try:
            subject = DESK_DOOR.submission(ONE, "approve", f"forged-{user}")
            await client.publish(subject, b'{"actor": "desk-clerk", "submission": {}}')
            if user == "commune":  # behind the import of its own subjects a reply stays in the commune's account
                await client.publish(f"intake.{ONE}.readings.{uuid4().hex}", b"{}", reply=subject)
            await client.flush()
            await client.flush()
        finally:
            await client.close()
        operator = await connect(NatsServers.from_env({"NATS_URL": stack.servers.nats_url}))
        try:
            await operator.jetstream().get_last_msg("desk", subject)
        except APIError as missing:
            return missing.code
        finally:
            await operator.close()

    assert asyncio.run(run()) == 404
    assert any("permissions violation" in error and "desk" in error for error in errors)


def test_one_account_that_floods_does_not_delay_another(indicators, monkeypatch):
    """Both write for one commune: the second account's click is decided after one of the flood, and not after all."""
    remember(indicators.pool, Grant("desk-other.1", "desk-other", "clerk", Scope(ONE), DAY))

    accounts = ["desk-clerk"] * 60 + ["desk-other"]

    async def scenario():
        async with portal_of(indicators.stack) as portal, indicators.open(pulls=False) as desk:
            clicks = []
            for number, account in enumerate(accounts, start=1):
                send = portal.sender.send(ONE, uuid4().hex, account, readings())
                clicks.append(asyncio.create_task(send))
                async with asyncio.timeout(60):
                    while (await desk._bus.client.jetstream().consumer_info(*CONSUMER)).num_pending < number:
                        pass
            consumer = await desk._bus.client.jetstream().pull_subscribe_bind(CONSUMER[1], CONSUMER[0])
            messages = []
            while len(messages) < len(accounts):
                messages += await consumer.fetch(len(accounts) - len(messages), timeout=60)
            await desk.take(messages)
            *flood, calm = await asyncio.gather(*clicks)
            return calm, flood

    monkeypatch.setattr(portal_desk, "CONFIRMED_WITHIN", 120.0)
    calm, flood = asyncio.run(scenario())
    assert calm.accepted == 1
    assert sum(each.position < calm.position for each in flood) <= 1


def test_a_kind_that_the_service_does_not_know_is_answered(indicators):
    """Of a portal that is newer than the service; the portal itself sends none that no service takes."""
    older = replace(indicators, decisions=replace(indicators.decisions, of_accounts={}))
    request = DefineIndicators.model_validate(
        {"definitions": [{"kind": "measure", "name": "x", "definition": {}, "in_force_from": "2025-01-01"}]}
    )
    [receipt] = sent(older, ("province-51", uuid4().hex, "desk-definer", request))
    assert receipt.parked == 'this service takes no "definitions" of an account'

    class Unknown(Command):
        kind = "nothing"

    with pytest.raises(ValueError, match='no service takes "nothing" of an account'):
        sent(indicators, (ONE, uuid4().hex, "desk-clerk", Unknown()))


async def stored_on_desk(stack, subject):
    operator = await connect(NatsServers.from_env({"NATS_URL": stack.servers.nats_url}))
    try:
        return await operator.jetstream().get_last_msg("desk", subject)
    finally:
        await operator.close()


def test_a_message_that_a_stolen_password_of_the_operator_places_counts_for_nothing(indicators):
    """The stream answers a request for a message with the message, on a subject of the desk."""
    stack, submission_id = indicators.stack, uuid4().hex
    subject = DESK_DOOR.submission(ONE, "readings", submission_id)
    forged = readings().model_dump(mode="json", exclude_none=True)
    body = DeskMessage(actor="desk-clerk", submission=forged).model_dump_json().encode()

    async def place():
        thief = await connect(NatsServers.from_env({"NATS_URL": stack.servers.nats_url}))
        try:
            jetstream = thief.jetstream(timeout=60)
            await jetstream.add_stream(name="placing", subjects=["placing"], allow_direct=True)
            await jetstream.publish("placing", body)
            await thief.publish("$JS.API.DIRECT.GET.placing.placing", reply=subject)
            await jetstream.delete_stream("placing")
            return await stored_on_desk(stack, subject)
        finally:
            await thief.close()

    async def scenario():
        placed = await place()
        before = indicators.store.newest_position()
        async with indicators.open() as desk, portal_of(stack) as portal:
            after = await portal.sender.send(ONE, uuid4().hex, "desk-clerk", readings())
            assert desk.forged.collect()[0].samples[0].value == 1
        return placed.data, before, after.position

    data, before, after = asyncio.run(scenario())
    assert data == body
    assert after == before + 1


def test_a_signature_is_of_one_subject_and_one_body(stack):
    with open_pool(stack.settings("portal"), "portal", size=1) as pool:
        headers = Signing(pool).headers("desk.a.readings.1", b"{}")
    with open_pool(stack.settings("reporting"), "reporting", size=1) as pool:
        holds = Verifying(pool).holds
        with pytest.raises(InsufficientPrivilege):
            Signing(pool)
    assert holds("desk.a.readings.1", headers, b"{}")
    for subject, given, body in [
        ("desk.b.readings.1", headers, b"{}"),
        ("desk.a.readings.1", headers, b"{ }"),
        ("desk.a.readings.1", None, b"{}"),
        ("desk.a.readings.1", {SIGNATURE: "00"}, b"{}"),
        ("desk.a.readings.1", {SIGNATURE: "x"}, b"{}"),
        ("desk.a.readings.1", {SIGNATURE: "00" * 64}, b"{}"),
    ]:
        assert not holds(subject, given, body)


def test_the_province_approves_through_the_desk(stack, tmp_path):
    """Of a report that was never submitted there is nothing to approve; that is an answer with its receipt."""
    clock = tmp_path / "clock"  # other tests of this store count what was recorded by days of 2025
    move(clock, datetime(2025, 9, 10, 8, tzinfo=UTC))
    settings = stack.settings("reporting", MINHBACH_CLOCK_FILE=str(clock))
    with open_pool(settings, "reporting", size=3) as pool:
        store = Reporting(settings, pool)
        remember(pool, Grant("desk-officer.1", "desk-officer", "provincial-officer", Scope(province="51"), DAY))
        kinds = ("report", "return", "approve", "narrative")
        service = Service(stack, "reporting", store, pool, reporting_decisions(store), kinds)
        request = ApproveReport(period="2025-Q3", submission=1)
        submission_id = uuid4().hex
        first, again = sent(service, *[(ONE, submission_id, "desk-officer", request)] * 2)
        [refused] = sent(service, (ONE, uuid4().hex, "desk-clerk", request))
        text = WriteNarrative(period="2031-Q3", sections={"assessment": uuid4().hex})
        [written] = sent(service, ("province-51", uuid4().hex, "desk-officer", text))
        [event] = store.events_after(store.position_of(written.event_id) - 1, 1)
        store.close()
    assert again == first
    assert [each.rule for each in first.refused] == ["not-submitted"]
    assert [each.rule for each in refused.refused] == ["not-granted"]
    assert (event.event.by, event.event.by_account) == ("Tên của desk-officer", "desk-officer")
    assert (written.accepted, written.position) == (1, None), (
        "no other service ever comes to an event that is not announced"
    )


def test_a_receipt_names_the_last_event_that_is_announced():
    """To its position others come; the refusal after it is announced to nobody."""
    at = datetime(2025, 9, 16, tzinfo=UTC)
    actor, identity = Actor("Trần Bình", "tran-binh"), dict.fromkeys(("province", "province_name", "commune"), "51")
    report = CommuneReport.open(at, **identity, regime="reform", regime_name="x", period="2025-Q3")
    opened = Receipt(submission_id="1", commune="51", kind="x", sha256="", recorded_at=at, accepted=1)

    def event_of():
        receipt = completed(Outcome([report], [], opened), actor, announce_report, at).receipt
        return receipt.event_id.partition("/")[2]

    assert event_of() == "1", "the last of all, where none is announced"
    report.ask_for(DAY, at, by="Trần Bình")
    assert event_of() == "2"
    report.approve(at, by="Trần Bình")
    assert event_of() == "2"
    assert len(report.pending_events) == 3


def test_the_province_defines_through_the_desk(indicators):
    def definitions(**changes):
        parts = {"name": "Số đo mới", "kind": "flow", "unit": "hồ sơ", "by_field": False, **changes}
        one = {"kind": "measure", "name": f"desk-{name}", "definition": parts, "in_force_from": "2025-01-01"}
        return DefineIndicators.model_validate({"definitions": [one]})

    name = uuid4().hex
    new, same, wrong, refused = sent(
        indicators,
        ("province-51", uuid4().hex, "desk-definer", definitions()),
        ("province-51", uuid4().hex, "desk-definer", definitions()),
        ("province-51", uuid4().hex, "desk-definer", definitions(kind="nothing")),
        ("province-51", uuid4().hex, "desk-clerk", definitions()),
    )
    assert [(each.accepted, each.duplicates) for each in (new, same, wrong)] == [(1, 0), (0, 1), (0, 0)]
    assert [each.rule for each in (*wrong.refused, *refused.refused)] == ["definition", "not-granted"]
    recorded = indicators.store.events_after(new.position - 1, 1)[0]
    assert (recorded.event.by, recorded.event.by_account) == ("Tên của desk-definer", "desk-definer")
    assert announce_definition(recorded).by_account == "desk-definer"


def test_planning_takes_registers_and_steps_through_the_desk(stack):
    settings = stack.settings("planning")
    with open_pool(settings, "planning", size=3) as pool:
        store = Planning(settings, pool)
        remember(pool, Grant("desk-registrar.1", "desk-registrar", "provincial-officer", Scope(province="51"), DAY))
        service = Service(stack, "planning", store, pool, planning_decisions(store), ("progress", "register"))
        request = RegisterCommunes(codes=("21211",))
        first, other, refused = sent(
            service,
            ("province-51", uuid4().hex, "desk-registrar", request),
            ("province-51", uuid4().hex, "desk-registrar", request),
            ("province-48", uuid4().hex, "desk-registrar", request),
        )
        remember(pool, Grant("desk-office.1", "desk-office", "office", Scope("21211", "Văn phòng"), DAY),
                 Grant("desk-chair.1", "desk-chair", "chair", Scope("21211"), DAY))  # fmt: skip
        office, chair, body = "desk-office", "desk-chair", "Văn phòng"
        attempts = (
            (office, "body", "VĂN PHÒNG"),
            (office, "body", "Phòng Kinh tế"),
            (office, "chair", body),
            (chair, "chair", "Ai đó"),
            (chair, "body", body),
        )
        receipts = sent(service, *(("21211", uuid4().hex, actor, step(role, by)) for actor, role, by in attempts))
        known = store.communes.ids()
        store.close()
    assert "21211" in known
    assert (first.accepted + first.duplicates, other.duplicates) == (1, 1)
    assert [each.rule for each in refused.refused] == ["not-granted"]
    assert [refused.rule for receipt in receipts for refused in receipt.refused] == [
        "unknown-task", "not-granted", "not-granted", "unknown-task", "not-granted",
    ]  # fmt: skip


def test_the_province_changes_communes_through_the_desk(stack):
    """Each once, with the account in its event and its announcement; a refusal is in the receipt."""
    settings = stack.settings("planning")
    with open_pool(settings, "planning", size=3) as pool:
        store = Planning(settings, pool)
        a, b, c, d = communes = ["21115", "21124", "21127", "21136"]
        store.register_communes("51", communes)
        remember(pool, Grant("desk-mapper.1", "desk-mapper", "provincial-officer", Scope(province="51"), DAY))
        service = Service(stack, "planning", store, pool, planning_decisions(store), COMMUNE_COMMANDS)
        act = {"in_force_from": date(2031, 7, 1), "source": "01/NQ-HĐND"}
        halves = tuple(DividedPart(commune=each, share="50%") for each in (c, d))
        clicks = [
            ("province-51", EstablishCommune(code="51999", name="Xã Mới", in_force_from=act["in_force_from"])),
            (a, MergeCommune(into=c, **act)),
            (b, DivideCommune(into=halves, **act)),
            (c, RenameCommune(name="Phường Khác", **act)),
            (d, MoveCommune(province="48", **act)),
        ]
        first = sent(service, *((scope, uuid4().hex, "desk-mapper", command) for scope, command in clicks))
        again = sent(service, *((scope, uuid4().hex, "desk-mapper", command) for scope, command in clicks))
        wrong, of_clerk = sent(
            service,
            (c, uuid4().hex, "desk-mapper", MergeCommune(into="no-such", **act)),
            (c, uuid4().hex, "desk-clerk", MergeCommune(into=d, **act)),
        )
        recorded = [store.events_after(receipt.position - 1, 1)[0] for receipt in first]
        store.close()
    assert [(each.accepted, each.duplicates) for each in first] == [(1, 0)] * 5
    assert [(each.accepted, each.duplicates) for each in again] == [(0, 1)] * 5
    assert [(each.event.by, each.event.by_account) for each in recorded] == [("Tên của desk-mapper", "desk-mapper")] * 5
    assert {announce(each).by_account for each in recorded} == {"desk-mapper"}
    assert [each.rule for each in (*wrong.refused, *of_clerk.refused)] == ["no-such-commune", "not-granted"]


PLAN = """\
plan:
  commune: '{commune}'
  province: '51'
  title: Kế hoạch của bàn
  regime: reform
  year: 2033
  span: {{from: 2033-01-01, until: 2033-12-31}}
  issued_on: 2025-07-01
tasks:
  - content: {content}
    lead: [Văn phòng]
    milestones: [{{kind: deadline, due: 2033-12-31}}]
"""


def test_a_chair_issues_amends_and_closes_the_plan_of_the_own_commune_through_the_desk(stack):
    """Each once, with the account in its event; a file of another commune, or with errors, is refused in sentences."""
    settings, commune = stack.settings("planning"), "21211"
    with open_pool(settings, "planning", size=3) as pool:
        store = Planning(settings, pool)
        store.register_communes("51", [commune])
        remember(pool, Grant("plan-chair.1", "plan-chair", "chair", Scope(commune), DAY))
        kinds = ("progress", "register", "issue-plan", "amend-plan", "close-plan")
        service = Service(stack, "planning", store, pool, planning_decisions(store), kinds)

        def file(content, of=commune):
            return PLAN.format(commune=of, content=content)

        def click(submission, scope=commune):
            return scope, uuid4().hex, "plan-chair", submission

        issued, again, other, wrong, standard = sent(
            service,
            click(IssuePlan(file=file("Việc một"))),
            click(IssuePlan(file=file("Việc một"))),
            click(IssuePlan(file=file("Việc một", "21025"))),
            click(IssuePlan(file="plan: {")),
            click(IssuePlan(file=file("Việc một")), "province-51"),
        )
        plan = next(each for each in store.plans.all() if each.year == 2033)
        amended, closed, closed_again, unknown = sent(
            service,
            click(AmendPlan(file=file("Việc hai"), reason="Nghị quyết mới")),
            click(ClosePlan(plan_id=plan.plan_id, reason="hết năm")),
            click(ClosePlan(plan_id=plan.plan_id, reason="hết năm")),
            click(ClosePlan(plan_id="p-0", reason="hết năm")),
        )
        done = [store.events_after(receipt.position - 1, 1)[0].event for receipt in (issued, amended, closed)]
        store.close()
    receipts = (issued, again, amended, closed, closed_again)
    assert [(each.accepted, each.duplicates) for each in receipts] == [(1, 0), (0, 1), (1, 0), (1, 0), (0, 1)]
    assert [(event.by, event.by_account) for event in done] == [("Tên của plan-chair", "plan-chair")] * 3
    rules = [[each.rule for each in receipt.refused] for receipt in (other, wrong, standard, unknown)]
    assert rules == [["other-commune"], ["plan-file"], ["not-granted"], ["unknown-plan"]]


def step(role, by):
    return ReportProgress.model_validate({"steps": [{"task_id": "t-0", "step": "acknowledge", "role": role, "by": by}]})
