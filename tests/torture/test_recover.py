"""A database that was put back to a backup beside a newer NATS: noticed, nothing decided meanwhile, and repaired."""

import asyncio
import json
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from uuid import uuid4

import nats
import psycopg
import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.embedded.stack import Stack
from services.planning.application import Planning
from services.portal.application import Portal
from shared.contracts.planning import CommuneRegistered
from shared.contracts.portal import GrantGiven
from shared.grants import Actor, Scope
from shared.process import open_pool
from tests.announcing import announce, key_of
from tests.journeys.province import Province, in_turn, readings_of, until

DAY = date(2025, 9, 10)


def restart(province, between=lambda: None):
    """Stop everything, and start it again on the same folder."""
    old = province.stack
    old.stop()
    between()
    province.stack = Stack(old.folder, old.env, start_servers=old.start_servers).__enter__()


def backup_of(province):
    return province.stack.folder / "postgres.backup"


def back_up(province):
    subprocess.run(["cp", "-a", province.stack.folder / "postgres", backup_of(province)], check=True)


def put_back(province):
    shutil.rmtree(province.stack.folder / "postgres")
    backup_of(province).rename(province.stack.folder / "postgres")


async def delete_intake(province):
    client = await nats.connect(province.stack.servers.nats_url)
    await client.jetstream().delete_stream("intake")
    await client.close()


def send(province, name, submissions):
    """Services that end meanwhile, because a stream is missing, are started again."""
    with province.sending(in_turn(*(readings_of(each, name, submissions) for each in province.communes))) as stream:
        stream.finish()


def minhbach(province, *arguments):
    settings = province.stack.settings()
    env = {**province.stack.env, "NATS_URL": settings.env["NATS_URL"], "DATABASE_URL": settings.database_url}
    return CliRunner().invoke(app, list(arguments), env=env)


def recover(province, lost):
    """While it waits for the services, those that ended over a deleted stream are started again."""
    with ThreadPoolExecutor(1) as beside:
        recovering = beside.submit(minhbach, province, "recover", "--lost", str(lost))
        until(lambda: [province.stack.supervise(), recovering.done()][1], "the recovery ends", within=240)
        return recovering.result()


def test_a_restored_backup_is_noticed_and_repaired(own_stack, tmp_path):
    with Province.of(own_stack, tmp_path, communes=4, today=DAY) as province:
        try:
            send(province, "before", 2)
            province.wait_until_counted()
            province.wait_until_followed()
            restart(province, lambda: back_up(province))
            before = len(province.ledger.standing)
            send(province, "gone", 1)
            province.wait_until_followed()
            gone = len(province.ledger.standing) - before
            asyncio.run(delete_intake(province))
            until(lambda: province.stack.supervise() and province.stack.provision() == [], "the intake is there again")
            send(province, "lost", 2)
            province.wait_until_counted()
            restart(province, lambda: put_back(province))
            check_noticed(province)
            with province.sending(in_turn(*(readings_of(c, "new", 2) for c in province.communes))) as stream:
                recovered = recover(province, tmp_path / "lost.jsonl")
                stream.finish()
            assert recovered.exit_code == 0, recovered.output
            check_repaired(province, recovered.output, tmp_path / "lost.jsonl")
            total = len(province.ledger.standing)
            until(lambda: province.report(DAY).readings == total - gone, "all but what is listed is counted")
            until(lambda: all(each.ready() for each in province.stack.running), "every service is ready")
            again = minhbach(province, "recover")
            assert "Every event store holds what its stream announced" in again.output
            assert "lost: " not in again.output  # whether the services have read the intake again by then or not
        finally:
            province.stack.stop()


def check_noticed(province):
    behind = {"indicators-1"}
    assert behind <= set(province.stack.behind)
    assert all(not each.ready() for each in province.stack.running if each.name in behind)
    assert "Run: minhbach recover" in (province.stack.folder / "logs/indicators-1.log").read_text()
    [indicators] = [each for each in province.stack.running if each.name in behind]
    assert indicators.metrics()["minhbach_store_behind_stream"] > 0


def check_repaired(province, printed, kept):
    names = {f"submission gone-0 of commune {commune}" for commune in province.communes}
    assert all(name in printed for name in names)
    assert printed.count("lost: submission") == len(names)
    assert "The services have read the intake again" in printed
    lost = [json.loads(line) for line in kept.read_text().splitlines()]
    submissions = [(event["commune"], event["submission_id"]) for event in lost if event["submission_id"]]
    assert sorted(submissions) == [(commune, "gone-0") for commune in sorted(province.communes)]


@pytest.fixture(scope="module")
def three_services(tmp_path_factory, start_servers):
    folder = tmp_path_factory.mktemp("two")
    with Stack(folder, services=("planning", "reporting", "portal"), start_servers=start_servers) as stack:
        yield stack


def recovered(stack, *arguments):
    settings = stack.settings()
    env = {"NATS_URL": settings.env["NATS_URL"], "DATABASE_URL": settings.database_url}
    done = CliRunner().invoke(app, ["recover", *arguments], env=env)
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())  # wrapped for a terminal


def ready(stack):
    """A service ends itself where it finds that its consumer is made anew; whoever runs it starts it again."""
    stack.supervise()
    return all(each.ready() for each in stack.running)


def test_a_database_that_holds_everything_loses_nothing_by_a_recovery(three_services):
    printed = recovered(three_services)
    assert "Every event store holds what its stream announced" in printed
    assert "lost:" not in printed
    until(lambda: ready(three_services), "every service is ready")


def test_a_follower_that_applied_lost_events_is_put_back(three_services, tmp_path):
    """As after a backup of the schema of Planning alone: Reporting knows a commune that Planning does not hold."""
    stack, settings = three_services, three_services.settings("planning")

    def reporting(query):
        with psycopg.connect(**stack.settings("reporting").database("reporting")) as connection:
            return connection.execute(query).fetchall()

    def position():
        return reporting("SELECT max(position) FROM tracking WHERE source = 'planning'")[0][0]

    def communes():
        return {commune for (commune,) in reporting("SELECT commune FROM communes")}

    with open_pool(settings, "planning", size=2) as pool:
        planning = Planning(settings, pool)
        planning.register_communes("51", {"23356", "21025"})
        held = planning.newest_position()
        planning.close()
    until(lambda: ready(stack) and position() == held, "Reporting has applied what Planning holds")
    lost = CommuneRegistered(
        event_id=f"{uuid4()}/1", recorded_at=datetime.now(UTC), commune="lost", code="lost", name="Mất", kind="xã",
        province="51", province_name="Quảng Ngãi", latitude=15, longitude=108, in_force_from=DAY,
    )  # fmt: skip

    async def announce_lost():
        client = await nats.connect(stack.servers.nats_url)
        body = lost.model_dump_json().encode()
        await announce(client.jetstream(), key_of(stack), lost.subject, body, held + 3, held)
        await client.close()

    asyncio.run(announce_lost())
    until(lambda: position() == held + 3 and "lost" in communes(), "Reporting has applied it")
    printed = recovered(stack, "--lost", str(tmp_path / "lost.jsonl"))
    assert "planning: 1 announced events were not in its event store" in printed
    assert "planning: reporting's tables held lost events and are made again" in printed
    assert f"lost: {lost.subject} {lost.event_id} of commune lost" in printed
    assert json.loads((tmp_path / "lost.jsonl").read_text())["event_id"] == lost.event_id
    assert (position(), communes()) == (held, {"23356", "21025"})
    until(lambda: ready(stack), "every service is ready")
    assert "Every event store holds what its stream announced" in recovered(stack)


def test_a_grant_that_the_portal_lost_is_none_after_a_recovery(three_services, tmp_path):
    """As after a backup of the portal's schema alone: Planning remembers a grant that no history holds."""
    stack, settings, operator = three_services, three_services.settings("portal"), Actor("Người vận hành")
    with open_pool(settings, "portal", size=2) as pool:
        portal = Portal(settings, pool)
        portal.open_account("officer", "Trần Bình", operator)
        kept = portal.give("officer", "provincial-officer", Scope(province="51"), operator)
        held = portal.newest_position()
        portal.close()

    def grants():
        with psycopg.connect(**stack.settings("planning").database("planning")) as connection:
            return {grant for (grant,) in connection.execute("SELECT grant_id FROM grants").fetchall()}

    until(lambda: ready(stack) and grants() == {kept}, "Planning knows the grant")
    lost = GrantGiven(
        event_id=f"{uuid4()}/1", recorded_at=datetime.now(UTC), grant="officer.lost", account="officer",
        role="provincial-officer", commune=None, body=None, province="48", in_force_from=DAY, until=None,
        by="Người vận hành", by_account=None,
    )  # fmt: skip

    async def announce_lost():
        client = await nats.connect(stack.servers.nats_url)
        await announce(client.jetstream(), key_of(stack), lost.subject, lost.model_dump_json().encode(), held + 3, held)
        await client.close()

    asyncio.run(announce_lost())
    until(lambda: "officer.lost" in grants(), "Planning has applied it")
    printed = recovered(stack, "--lost", str(tmp_path / "lost.jsonl"))
    assert "portal: 1 announced events were not in its event store" in printed
    until(lambda: ready(stack) and grants() == {kept}, "what the portal holds, and no more")
