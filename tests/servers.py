"""The servers that tests run on: embedded from the wheels, or containers where asked for and Docker is there."""

import fcntl
import functools
import os
import subprocess
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


def start_servers(folder: Path, *, copied_from: Path, durable: bool = False) -> embedded.Servers:
    """`copied_from`: for a new folder the files are copied from that one, which is made where it does not exist.

    `durable`: PostgreSQL waits for the disk at each commit, as it does where the machine may lose its power.
    """
    if os.environ.get("MINHBACH_TEST_SERVERS", "embedded") == "containers":
        return start_containers(folder)
    if not (folder / "postgres").exists():
        copy_provisioned(copied_from, folder.absolute(), durable)
    return embedded.start(folder)


def copy_provisioned(made: Path, folder: Path, durable: bool):
    """Give a new folder the files of servers that were provisioned, which takes longer than to copy them."""
    make_provisioned(made)
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", *(made / name for name in SERVERS_FILES), folder], check=True)
    configuration = folder / CONFIGURATION
    configuration.write_text(configuration.read_text().replace(str(made), str(folder)) + ("" if durable else CHEAP))


@functools.cache
def make_provisioned(folder: Path):
    """The files of a stack without services that was started and stopped: one process makes them for all."""
    folder.mkdir(exist_ok=True)
    with (folder / "made").open("a") as made:
        fcntl.flock(made, fcntl.LOCK_EX)
        if os.fstat(made.fileno()).st_size:
            return
        password = embedded._passwords(folder / "secrets")["postgres"]
        embedded._initialise(folder / "postgres", password, embedded._unprivileged(folder / "postgres"))
        configuration = folder / CONFIGURATION
        durable = configuration.read_text()
        configuration.write_text(durable + CHEAP)
        with Stack(folder, services=()):
            pass
        configuration.write_text(durable)
        made.write("whole")


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
