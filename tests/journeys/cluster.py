"""PostgreSQL and three nodes of NATS on this machine, each of which may be killed and is started again."""

import asyncio
import json
import secrets
import time
from pathlib import Path

from nats.errors import Error as NatsError

from deploy.embedded import servers as embedded
from deploy.embedded.nats_server import SHARED_SETTINGS, EmbeddedNats
from deploy.nats_accounts import KEEPER, OPERATOR, RELOADER, accounts
from shared.commune_client.broker import ACCOUNT
from shared.messaging.connection import connect
from shared.messaging.streams import SERVICES
from shared.settings import NatsServers

NODES = ("nats-1", "nats-2", "nats-3")
ELECTED_WITHIN = 60.0  # seconds


class ClusterServers(embedded.Servers):
    """`nats_url` names the three nodes."""

    users: dict
    ports: list

    def nats_url_of(self, user):
        return ",".join(f"nats://{user}:{self.users[user]}@127.0.0.1:{port}" for port in self.ports)

    def commune_urls(self, communes):
        return {commune: self.nats_url_of(f"{ACCOUNT}{commune}") for commune in communes}

    def restart(self, name):
        if name not in NODES:
            return super().restart(name)
        self.processes[name] = self.run_node(name, self.processes[name].args)
        return None

    def run_node(self, name, command):
        with (self.folder / f"{name}.log").open("ab") as log:
            return embedded._run(command, log, **embedded._unprivileged(self.folder / name))


def cluster_of(communes):
    """A function that starts the servers on a folder, with an account for each of the communes."""

    def start(folder):
        folder = folder.absolute()
        folder.mkdir(parents=True, exist_ok=True)
        passwords = embedded._passwords(folder / "secrets")
        servers = ClusterServers(folder, "", "", passwords, {})
        names = [OPERATOR, RELOADER, KEEPER, *SERVICES, *(f"{ACCOUNT}{commune}" for commune in communes)]
        servers.users = {user: secrets.token_urlsafe(12) for user in names}
        servers.ports = [embedded.free_port() for _ in NODES]
        routes = [embedded.free_port() for _ in NODES]
        try:
            for name, port, route in zip(NODES, servers.ports, routes, strict=True):
                command = _configured(folder / name, servers.users, port, route, routes)
                servers.processes[name] = servers.run_node(name, command)
            servers.database_url = embedded._start_postgres(folder, servers.processes, passwords["postgres"])
            servers.nats_url = servers.nats_url_of(OPERATOR)
            until_elected(servers.nats_url)
        except BaseException:
            servers.stop()
            raise
        return servers

    return start


def _configured(folder: Path, users, port, route, routes):
    """The command that starts a node."""
    embedded._unprivileged(folder)
    quoted = {user: json.dumps(password) for user, password in users.items()}
    communes = {user.removeprefix(ACCOUNT): text for user, text in quoted.items() if user.startswith(ACCOUNT)}
    others = ", ".join(f'"nats://127.0.0.1:{each}"' for each in routes)
    cluster = f'cluster {{ name: "minhbach", listen: "127.0.0.1:{route}", routes: [{others}] }}\n'
    text = f'server_name: "{folder.name}"\n{cluster}{SHARED_SETTINGS.read_text()}{accounts(quoted, communes)}'
    configuration = folder / "nats.conf"
    configuration.write_text(text)
    configuration.chmod(0o644)
    binary = EmbeddedNats(folder, port).command()[0]
    return [binary, "-c", str(configuration), "-a", "127.0.0.1", "-p", str(port), "-sd", str(folder)]


def until_elected(url):
    """Until the three nodes have a leader of their streams."""

    async def request():
        client = await connect(NatsServers.from_env({"NATS_URL": url}), connect_timeout=2, max_reconnect_attempts=60)
        try:
            await client.jetstream().account_info()
        finally:
            await client.close()

    deadline = time.monotonic() + ELECTED_WITHIN
    while True:
        try:
            return asyncio.run(request())
        except (NatsError, TimeoutError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


async def copies(url):
    """By stream, whether each of its three copies is up to date."""
    client = await connect(NatsServers.from_env({"NATS_URL": url}), connect_timeout=2, max_reconnect_attempts=10)
    try:
        infos = await client.jetstream().streams_info()
    finally:
        await client.close()
    return {
        info.config.name: [replica.current for replica in info.cluster.replicas or []] == [True, True]
        and bool(info.cluster.leader)
        for info in infos
    }
