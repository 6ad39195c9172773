"""The servers that tests run on: embedded from the wheels, or containers where asked for and Docker is there."""

import os
from pathlib import Path

from deploy import embedded


class ContainerServers(embedded.Servers):
    """The same two servers in containers, for MINHBACH_TEST_SERVERS=containers."""

    containers: list

    def stop(self):
        for container in self.containers:
            container.stop()


def start_servers(folder: Path) -> embedded.Servers:
    if os.environ.get("MINHBACH_TEST_SERVERS", "embedded") == "containers":
        return start_containers(folder)
    return embedded.start(folder)


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
