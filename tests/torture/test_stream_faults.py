"""Foreign and lost messages on the event streams, and a follower that stands still, with all services running."""

import asyncio
import os
import signal
import time
from datetime import date, timedelta
from functools import partial

import nats
import psycopg
import pytest

from deploy.embedded.stack import Stack
from shared.contracts.indicators import Reading, RecordReadings
from tests.journeys.province import FIRST_DAY, Province, in_turn, readings_of, until

DAY = date(2025, 9, 10)
RECEIPTED = "indicators.event.submission-receipted.v1"


@pytest.fixture(scope="module")
def province(tmp_path_factory, start_servers):
    """What each test breaks it sees mended before it ends; no two send under the same names."""
    folder = tmp_path_factory.mktemp("faults")
    make_stack = partial(Stack, folder / "stack", start_servers=partial(start_servers, durable=True))
    with Province.of(make_stack, folder, communes=4, today=DAY) as province:
        yield province


def instance(province, service):
    return next(each for each in province.stack.running if each.service == service)


def log_of(province, service):
    return (province.stack.folder / f"logs/{service}-1.log").read_text()


def publish(province, *messages):
    async def all_of():
        client = await nats.connect(province.stack.servers.nats_url)
        for subject, body, headers in messages:
            await client.jetstream().publish(subject, body, headers=headers)
        await client.close()

    asyncio.run(all_of())


def forged(position, previous, **more):
    return {"x-position": str(position), "x-previous": str(previous), **more}


def test_foreign_messages_are_set_aside_and_everything_else_is_counted(province):
    province.send(*readings_of(province.communes[0], "a", 2))
    province.wait_until_counted()
    [(last,)] = province.ask("indicators", "SELECT max(notification_id) FROM indicators_events")
    reading = (
        b'{"reading_id":"forged-1","version":1,"observed_on":"2025-07-02","field":"land","values":{"files-received":9}}'
    )
    body = (
        b'{"event_id":"x/1","recorded_at":"2025-09-10T01:00:00Z","commune":"%s","submission_id":"forged","recorded":[%s]}'
        % (province.communes[0].encode(), reading)
    )
    publish(
        province,
        ("indicators.event.hello.v1", b"{}", None),
        (RECEIPTED, b"\xff\x00{", {"x-position": "\u00e9", "x-previous": "-1"}),
        (RECEIPTED, body, forged(last + 1, last)),
        (RECEIPTED, body, forged(last + 1_000_000, last)),
        (
            RECEIPTED,
            body,
            forged(last + 1, last, **{"x-signature": "0" * 64, "Nats-Msg-Id": f"indicators-events-{last + 1}"}),
        ),
        ("planning.event.commune-registered.v1", b"{}", forged(10**9, 0)),
        ("reporting.event.report-due.v1", b"{}", None),
    )
    province.send(*in_turn(*(readings_of(commune, "b", 3) for commune in province.communes)))
    province.wait_until_counted()
    province.wait_until_followed()
    assert province.ask("reporting", "SELECT count(*) FROM set_aside WHERE source = 'indicators'") == [(5,)]
    assert province.ask("notifications", "SELECT body FROM set_aside WHERE source = 'reporting'") == [(b"{}",)]
    assert (body,) in province.ask("notifications", "SELECT body FROM set_aside WHERE source = 'indicators'")
    assert instance(province, "reporting").metrics()['minhbach_messages_set_aside_total{source="indicators"}'] == 5
    assert "is set aside" in log_of(province, "reporting")
    # Of a stream on which nothing else happens the foreign message is noticed when its relay looks at it.
    until(lambda: all(each.ready() for each in province.stack.running), "every service is ready")
    assert not any(each.restarts for each in province.stack.running)
    assert province.report(DAY).readings == len(province.ledger.standing)


def test_messages_lost_in_the_middle_of_a_stream_are_filled_in_from_the_store(province):
    """Several files in the stream, one byte flipped in the first, while Reporting is behind."""
    reporting = instance(province, "reporting")
    os.kill(reporting.process.pid, signal.SIGSTOP)
    for commune in province.communes[:3]:
        province.send(*large(commune, "large", 30))
    servers = province.stack.servers
    servers.processes["nats"].terminate()
    servers.processes["nats"].wait()
    files = province.stack.folder / "nats/jetstream"
    [folder] = files.glob("*/streams/indicators-events/msgs")
    flip(min(folder.glob("*.blk"), key=lambda file: int(file.stem)), b'"submission_id":"large-10"')
    for index in folder.glob("index.db"):
        index.unlink()
    province.stack.supervise()
    os.kill(reporting.process.pid, signal.SIGCONT)
    province.send(*in_turn(*(readings_of(commune, "c", 2) for commune in province.communes)))
    province.wait_until_counted()
    until(
        lambda: instance(province, "indicators").metrics()["minhbach_stream_missing_messages"] > 0,
        "the loss is measured",
    )
    assert instance(province, "reporting").metrics()['minhbach_announcements_fetched_total{source="indicators"}'] > 0
    assert "indicators was asked for what its stream did not bring" in log_of(province, "reporting")
    assert "lost" in log_of(province, "indicators")
    until(lambda: all(each.ready() for each in province.stack.running), "every service is ready")


def large(commune, name, submissions):
    for number in range(submissions):
        readings = tuple(
            Reading(
                reading_id=f"{name}-{number}-{n}",
                observed_on=FIRST_DAY + timedelta(days=(n + number) % 80),
                field="land",
                values={"files-received": 5 + n % 7, "files-received-online": 3},
            )
            for n in range(1000)
        )
        yield commune, f"{name}-{number}", RecordReadings(readings=readings)


def flip(file, text):
    content = bytearray(file.read_bytes())
    content[content.rfind(text) + len(text) - 4] ^= 1
    file.write_bytes(content)


def test_a_follower_that_does_not_move_is_not_ready_within_a_minute(province):
    reporting, others = instance(province, "reporting"), [e for e in province.stack.running if e.service != "reporting"]
    with psycopg.connect(province.stack.settings().database_url) as connection:
        connection.execute("SELECT FROM reporting.tracking WHERE source = 'indicators' FOR UPDATE")
        province.send(*readings_of(province.communes[0], "d", 2))
        since = time.monotonic()
        until(
            lambda: instance(province, "reporting").metrics()['minhbach_follower_behind{source="indicators"}'] > 0,
            "it is behind",
        )
        until(lambda: not reporting.ready(), "it is not ready", within=60)
        assert time.monotonic() - since < 60
        assert all(other.ready() for other in others)
    until(reporting.ready, "it is ready again")
    province.wait_until_counted()
