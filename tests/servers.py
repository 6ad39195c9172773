"""The servers that tests run on: embedded from the wheels, or containers where asked for and Docker is there."""

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from deploy.embedded import servers as embedded
from deploy.embedded.stack import Stack

# Nothing waits for the disk, whole pages are not written again, and a login takes no thousands of hashes.
CHEAP = "fsync = off\nfull_page_writes = off\nscram_iterations = 1\n"
CONFIGURATION = "postgres/postgresql.conf"
SERVERS_FILES = ("postgres", "secrets", "nats", "nats-users")  # of the folder of a stack


class ContainerServers(embedded.Servers):
    """The same two servers in containers, for MINHBACH_TEST_SERVERS=containers."""

    containers: list

    def stop(self):
        for container in self.containers:
            container.stop()


def start_servers(folder: Path, *, durable: bool = False) -> embedded.Servers:
    """`durable`: PostgreSQL waits for the disk at each commit, as it does where the machine may lose its power."""
    if os.environ.get("MINHBACH_TEST_SERVERS", "embedded") == "containers":
        return start_containers(folder)
    if not (folder / "postgres").exists():
        copy_provisioned(folder.absolute(), durable)
    return embedded.start(folder)


def copy_provisioned(folder: Path, durable: bool):
    """Give a new folder the files of servers that were provisioned, which takes longer than to copy them."""
    made = provisioned()
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", *(made / name for name in SERVERS_FILES), folder], check=True)
    configuration = folder / CONFIGURATION
    configuration.write_text(configuration.read_text().replace(str(made), str(folder)) + ("" if durable else CHEAP))


@functools.cache
def provisioned() -> Path:
    """The folder of a stack without services that was started and stopped; once in a process."""
    folder = Path(tempfile.mkdtemp(prefix="minhbach-provisioned-"))
    password = embedded._passwords(folder / "secrets")["postgres"]
    embedded._initialise(folder / "postgres", password, embedded._unprivileged(folder / "postgres"))
    configuration = folder / CONFIGURATION
    durable = configuration.read_text()
    configuration.write_text(durable + CHEAP)
    with Stack(folder, services=()):
        pass
    configuration.write_text(durable)
    return folder


def forget_provisioned():
    if provisioned.cache_info().currsize:
        shutil.rmtree(provisioned())
        provisioned.cache_clear()


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
