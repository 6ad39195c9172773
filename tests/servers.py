"""The servers that tests run on: embedded from the wheels, or containers where asked for and Docker is there."""

import fcntl
import os
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from deploy.embedded import servers as embedded
from deploy.embedded.stack import Stack
from deploy.provision import TIMES_OF_SERVICES

# Nothing waits for the disk, whole pages are not written again, and a login takes no thousands of hashes.
CHEAP = "fsync = off\nfull_page_writes = off\nscram_iterations = 1\n"
# Each stack has keys of its own, and notes what its owner changes once it is provisioned.
OF_EACH_STACK = """
DELETE FROM public.announcement_key; DELETE FROM public.desk_key; DELETE FROM portal.desk_signing_key;
DROP EVENT TRIGGER note_owner_change; DROP EVENT TRIGGER note_owner_drop;
ALTER ROLE postgres PASSWORD {};
"""


class ContainerServers(embedded.Servers):
    """The same two servers in containers, for MINHBACH_TEST_SERVERS=containers."""

    containers: list

    def stop(self):
        for container in self.containers:
            container.stop()


def start_servers(provisioned: Path, folder: Path, *, durable: bool = False) -> embedded.Servers:
    """On a new folder a PostgreSQL as a first provisioning leaves it, which the first who asks makes in `provisioned`.

    `durable`: PostgreSQL waits for the disk at each commit, as it does where the machine may lose its power.
    """
    if os.environ.get("MINHBACH_TEST_SERVERS", "embedded") == "containers":
        return start_containers(folder)
    if not (folder / "postgres").exists():
        with (provisioned.parent / f"{provisioned.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
            if not (provisioned / "postgres").exists():
                provision(provisioned)
        copy_provisioned(provisioned, folder.absolute(), durable)
    return embedded.start(folder)


def provision(folder: Path):
    """Provision once what many stacks begin with: each provisions its copy again, which finds nearly all there."""
    making = folder.with_name(f"{folder.name}.making")
    making.mkdir()
    password = embedded._passwords(making / "secrets")["postgres"]
    embedded._initialise(making / "postgres", password, embedded._unprivileged(making / "postgres"))
    with (making / "postgres/postgresql.conf").open("a") as configuration:
        configuration.write(CHEAP)
    with (
        Stack(making, TIMES_OF_SERVICES, services=()) as stack,
        psycopg.connect(stack.settings().database_url) as owner,
    ):
        owner.execute(sql.SQL(OF_EACH_STACK).format(sql.Literal(password)))
    making.rename(folder)


def copy_provisioned(provisioned: Path, folder: Path, durable: bool):
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", provisioned / "postgres", provisioned / "secrets", folder], check=True)
    configuration = folder / "postgres/postgresql.conf"
    making = f"{provisioned}.making"
    text = configuration.read_text().replace(making, str(folder))
    configuration.write_text(text.removesuffix(CHEAP) if durable else text)


def start_containers(folder: Path) -> embedded.Servers:
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.waiting_utils import wait_for_logs
    from testcontainers.postgres import PostgresContainer

    folder.mkdir(parents=True, exist_ok=True)
    passwords = embedded._passwords(folder / "secrets")
    postgres = PostgresContainer("postgres:18", "postgres", passwords["postgres"], "minhbach", driver=None).start()
    broker = DockerContainer("nats:2.15-alpine").with_command("-js").with_exposed_ports(4222).start()
    wait_for_logs(broker, "Server is ready")
    servers = ContainerServers(
        folder,
        f"nats://{broker.get_container_host_ip()}:{broker.get_exposed_port(4222)}",
        postgres.get_connection_url(driver=None),
        passwords,
        {},
    )
    servers.containers = [postgres, broker]
    return servers
