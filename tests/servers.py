"""The servers that tests run on: embedded from the wheels, or containers where asked for and Docker is there."""

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from deploy.embedded import servers as embedded

# Nothing waits for the disk, whole pages are not written again, and a login takes no thousands of hashes.
CHEAP = ("fsync = off", "full_page_writes = off", "scram_iterations = 1")


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
        copy_initialised(folder.absolute(), durable)
    return embedded.start(folder)


def copy_initialised(folder: Path, durable: bool):
    """Give a new folder PostgreSQL's files as initdb makes them, which takes longer than to copy them."""
    made = initialised()
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", made / "postgres", made / "secrets", folder], check=True)
    configuration = folder / "postgres/postgresql.conf"
    cheap = "" if durable else "".join(f"{setting}\n" for setting in CHEAP)
    configuration.write_text(configuration.read_text().replace(str(made), str(folder)) + cheap)


@functools.cache
def initialised() -> Path:
    """What `embedded.start` does with a new folder before it starts PostgreSQL; once in a process."""
    folder = Path(tempfile.mkdtemp(prefix="minhbach-initialised-"))
    password = embedded._passwords(folder / "secrets")["postgres"]
    embedded._initialise(folder / "postgres", password, embedded._unprivileged(folder / "postgres"))
    return folder


def forget_initialised():
    if initialised.cache_info().currsize:
        shutil.rmtree(initialised())
        initialised.cache_clear()


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
