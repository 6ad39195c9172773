"""An NKEY and a credentials file log in to a real server, through both connections of a process."""

import asyncio
import base64
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.embedded.servers import free_port
from shared.messaging.bus import Bus
from shared.settings import NatsServers

nkeys = pytest.importorskip("nkeys", reason="the environment is older than requirements-dev.lock: make setup")
NATS_SERVER = Path(sys.executable).parent / "nats-server"
NO_LIMITS = {"subs": -1, "data": -1, "payload": -1}
OF_ACCOUNT = {**NO_LIMITS, "imports": -1, "exports": -1, "wildcards": True, "conn": -1, "leaf": -1}


def key(kind):
    return nkeys.from_seed(nkeys.encode_seed(os.urandom(32), kind))


def public(pair):
    return pair.public_key.decode()


def token(issuer, subject, kind, **claims):
    """A JWT as NATS signs them."""
    body = {"jti": "x", "iat": int(time.time()), "iss": public(issuer), "name": kind, "sub": public(subject)}
    body["nats"] = {"type": kind, "version": 2, **claims}
    signed = ".".join(_encoded(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ed25519-nkey"}, body))
    return f"{signed}.{_encoded(issuer.sign(signed.encode()))}"


def _encoded(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture
def server(tmp_path, start_servers):
    started = []

    def start(configuration):
        port = free_port()
        path = tmp_path / "nats.conf"
        path.write_text(f"port: {port}\nhost: 127.0.0.1\n{configuration}")
        with (tmp_path / "nats.log").open("ab") as log:
            started.append(subprocess.Popen([NATS_SERVER, "-c", path], stderr=log))
        return f"nats://127.0.0.1:{port}"

    yield start
    for process in started:
        process.terminate()
        process.wait(10)


def connects(**env):
    async def run():
        bus = Bus(NatsServers.from_env(env), "indicators")
        await asyncio.wait_for(bus.start(), 60)
        await bus.broker.start()
        answers = await bus.broker.ping(5), bus.client.is_connected
        await bus.stop()  # first, as in a process: a connection that closes otherwise ends it
        await bus.broker.stop()
        return answers

    return asyncio.run(run()) == (True, True)


def test_the_seed_of_an_nkey_logs_in(server, tmp_path):
    user = key(nkeys.PREFIX_BYTE_USER)
    (tmp_path / "seed").write_bytes(user.seed)
    url = server(f"authorization {{ users: [{{ nkey: {public(user)} }}] }}")
    assert connects(NATS_URL=url, NATS_NKEY=str(tmp_path / "seed"))


def test_a_credentials_file_logs_in(server, tmp_path):
    operator, account = key(nkeys.PREFIX_BYTE_OPERATOR), key(nkeys.PREFIX_BYTE_ACCOUNT)
    user = key(nkeys.PREFIX_BYTE_USER)
    of_account = token(operator, account, "account", limits=OF_ACCOUNT)
    url = server(
        f"operator: {token(operator, operator, 'operator')}\nresolver: MEMORY\n"
        f"resolver_preload: {{ {public(account)}: {of_account} }}\n"
    )
    (tmp_path / "user.creds").write_text(
        f"-----BEGIN NATS USER JWT-----\n{token(account, user, 'user', **NO_LIMITS)}\n------END NATS USER JWT------\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{user.seed.decode()}\n------END USER NKEY SEED------\n"
    )
    assert connects(NATS_URL=url, NATS_CREDENTIALS=str(tmp_path / "user.creds"))
