"""TLS to PostgreSQL and NATS, with certificates made here: what the settings ask for holds in every connection."""

import asyncio
import contextlib
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from nats.errors import Error as NatsError

from deploy.embedded.servers import free_port
from services.indicators.application import Indicators
from services.indicators.domain.definition import Definition
from shared.messaging.bus import Bus
from shared.messaging.connection import connect
from shared.process import open_pool
from shared.record.leadership import Leadership
from shared.settings import NatsServers, SettingsError
from tests import certificates
from tests.tls_front import TlsFront

NOON = datetime(2025, 9, 10, 5, tzinfo=UTC)
NATS_SERVER = Path(sys.executable).parent / "nats-server"


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    return certificates.made_in(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def front(stack, pair):
    address = urlsplit(stack.servers.database_url)
    with TlsFront(pair, address.hostname, address.port) as front:
        yield front


def settings(stack, parameters, port=None):
    url = stack.settings("indicators").database_url
    url = url.replace(f":{urlsplit(url).port}/", f":{port}/") if port else url
    return stack.settings("indicators", DATABASE_URL=f"{url}?{parameters}")


def commit(store, name):
    store.commit(Definition.define("field", name, {"name": "x"}, date(2025, 1, 1), NOON), at=NOON)


def test_every_connection_to_postgresql_is_encrypted_and_checked(stack, pair, front):
    found = settings(stack, f"sslmode=verify-full&sslrootcert={pair.ca}&target_session_attrs=read-write", front.port)
    with open_pool(found, "indicators", size=1) as pool:
        store = Indicators(found, pool)
        commit(store, "encrypted")
        assert [event.event.name for event in store.events_after(store.newest_position() - 1, 1)] == ["encrypted"]
        store.close()
        with pool.connection() as connection:
            connection.execute("SELECT 1")
    assert asyncio.run(_leads(found))
    assert front.encrypted >= 3, "the pool's, the event store's, the lease's"
    assert front.plain == 0


async def _leads(found):
    """Until the lease is held."""
    leadership = Leadership(found, "indicators")
    held = asyncio.Event()

    async def work():
        held.set()
        await asyncio.Event().wait()

    leading = asyncio.ensure_future(leadership.lead(work))
    await asyncio.wait_for(held.wait(), 60)
    leading.cancel()
    return leadership is not None


@pytest.mark.parametrize("parameters", ["sslmode=require", "sslmode=verify-full&sslrootcert={ca}"])
def test_a_postgresql_without_tls_is_refused_by_the_event_store_too(stack, pair, parameters):
    found = settings(stack, parameters.format(ca=pair.ca))
    plain = stack.settings("indicators")
    with open_pool(plain, "indicators", size=1) as pool:
        with pytest.raises(Exception, match=r"SSL|timeout|connection"):
            commit(Indicators(found, pool), "in the clear")
        store = Indicators(plain, pool)
        assert "in the clear" not in [getattr(e.event, "name", "") for e in store.events_after(0, 10_000)]
        store.close()


def test_a_postgresql_of_another_authority_is_refused(stack, pair, front):
    found = settings(stack, f"sslmode=verify-full&sslrootcert={pair.other_ca}", front.port)
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        psycopg.connect(**found.database("indicators"))


@contextlib.contextmanager
def nats_server(folder, *lines):
    port = free_port()
    configuration = folder / f"nats-{port}.conf"
    users = "authorization { users: [{ user: indicators, password: secret }] }\n"
    configuration.write_text(f"port: {port}\nhost: 127.0.0.1\n{users}" + "".join(f"{line}\n" for line in lines))
    with (folder / "nats.log").open("ab") as log:
        process = subprocess.Popen([NATS_SERVER, "-c", configuration], stderr=log)
    try:
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def knocks(**env):
    """Whether a message comes back over a connection with these settings."""

    async def run():
        client = await connect(NatsServers.from_env(env), allow_reconnect=False, connect_timeout=5)
        subscription = await client.subscribe("x")
        await client.publish("x", b"1")
        answer = await subscription.next_msg(5)
        await client.close()
        return answer.data == b"1"

    deadline = time.monotonic() + 60
    while True:
        try:
            return asyncio.run(run())
        except OSError as starting:  # nobody listens yet; a refused certificate is an OSError too
            if time.monotonic() > deadline or not isinstance(starting, ConnectionRefusedError):
                raise


@pytest.fixture
def encrypted(tmp_path, pair, start_servers):
    with nats_server(tmp_path, f"tls {{ cert_file: {pair.certificate}, key_file: {pair.key} }}") as address:
        yield address


def test_nats_is_encrypted_and_checked_against_the_authority(encrypted, pair):
    assert knocks(NATS_URL=f"tls://indicators:secret@{encrypted}", NATS_CA=str(pair.ca))
    assert knocks(NATS_URL=f"nats://indicators:secret@{encrypted}", NATS_CA=str(pair.ca))


def test_a_nats_of_another_authority_is_refused(encrypted, pair):
    for env in ({"NATS_CA": str(pair.other_ca)}, {}):
        with pytest.raises((NatsError, OSError), match=r"certificate|verify"):
            knocks(NATS_URL=f"tls://indicators:secret@{encrypted}", **env)


def test_a_nats_without_tls_never_gets_the_password(tmp_path, pair, start_servers):
    with nats_server(tmp_path) as address:
        assert knocks(NATS_URL=f"nats://indicators:secret@{address}")
        for env in (
            {"NATS_URL": f"tls://indicators:secret@{address}"},
            {"NATS_URL": f"nats://indicators:secret@{address}", "NATS_CA": str(pair.ca)},
        ):
            with pytest.raises(NatsError, match="offers no TLS"):
                knocks(**env)


def test_a_file_that_is_not_there_or_no_certificate_is_a_sentence(tmp_path):
    for name in ("NATS_CA", "NATS_CREDENTIALS", "NATS_NKEY"):
        with pytest.raises(SettingsError, match="there is no such file"):
            NatsServers.from_env({"NATS_URL": "nats://x:1", name: str(tmp_path / "nothing")})
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(SettingsError, match="NATS_CA holds no certificate"):
        knocks(NATS_URL="nats://127.0.0.1:1", NATS_CA=str(tmp_path / "ca.pem"))


def test_several_servers_are_one_account():
    found = NatsServers.from_env({"NATS_URL": "nats://planning:p%40ss@b:2, nats://planning:p%40ss@a:1"})
    assert (found.urls, found.user, found.password, found.hosts) == (
        ("nats://b:2", "nats://a:1"), "planning", "p@ss", "a:1,b:2",
    )  # fmt: skip


def test_both_connections_of_a_process_have_the_settings(encrypted, pair):
    env = {"NATS_URL": f"tls://indicators:secret@{encrypted}", "NATS_CA": str(pair.ca)}

    async def run():
        bus = Bus(NatsServers.from_env(env), "indicators")
        await bus.start()
        await bus.broker.start()
        answers = await bus.broker.ping(5), bus.client.is_connected
        await bus.stop()  # first, as in a process: a connection that closes otherwise ends it
        await bus.broker.stop()
        return answers

    assert knocks(**env)
    assert asyncio.run(run()) == (True, True)
