"""The whole system on one machine: embedded servers, provisioned, and each service as a process that is kept alive."""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy import embedded
from deploy.provision import provision
from shared.process import EXIT_NOT_PROVISIONED
from shared.settings import Settings
from shared.streams import SERVICES

READY_WITHIN = 60.0
RESTARTED_AFTER = 1.0


@dataclass
class Instance:
    """One process of a service. `port` is where its health and metrics are."""

    service: str
    number: int
    port: int
    process: "subprocess.Popen[bytes]"
    restarts: int = 0

    @property
    def name(self) -> str:
        return f"{self.service}-{self.number}"

    def ready(self) -> bool:
        url = f"http://127.0.0.1:{self.port}/health/ready"
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
        return False


@dataclass
class Stack:
    """Started by `with Stack(folder) as stack:`; stopping leaves the folder to go on from."""

    folder: Path
    env: Mapping[str, str] = field(default_factory=dict)
    services: Iterable[str] = SERVICES
    instances: int = 1
    start_servers: Callable[[Path], embedded.Servers] = embedded.start
    running: list[Instance] = field(default_factory=list)

    def __enter__(self) -> "Stack":
        self.servers = self.start_servers(self.folder)
        try:
            self.provision()
            self._remember_urls()
            for number in range(1, self.instances + 1):
                for service in self.services:
                    self.running.append(self.spawn(service, number))
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def provision(self) -> list[str]:
        return asyncio.run(provision(Settings.from_env(self._env(None))))

    def settings(self, service: str | None = None, **env: str) -> Settings:
        """As one of the services, or as the operator who owns the database."""
        return Settings.from_env({**self._env(service), **env})

    def spawn(self, service: str, number: int) -> Instance:
        port = embedded.free_port()
        logs = self.folder / "logs"
        logs.mkdir(exist_ok=True)
        with (logs / f"{service}-{number}.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603  our own command
                [sys.executable, "-m", "deploy.run_service", service],
                env={**os.environ, **self._env(service), "MINHBACH_HTTP_PORT": str(port)},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        return Instance(service, number, port, process)

    def wait_until_ready(self) -> None:
        """ServerFailed when a service ends or does not become ready within a minute."""
        deadline = time.monotonic() + READY_WITHIN
        for instance in self.running:
            while not instance.ready():
                if instance.process.poll() is not None or time.monotonic() > deadline:
                    raise embedded.ServerFailed(
                        f"{instance.name} did not become ready; see {self.folder}/logs/{instance.name}.log"
                    )
                time.sleep(0.05)

    def supervise(self) -> list[str]:
        """Start again what has ended, servers first; the names of those. Call it now and then."""
        servers = [name for name, process in self.servers.processes.items() if process.poll() is not None]
        for name in servers:
            self.servers.restart(name)
        ended = [instance for instance in self.running if instance.process.poll() is not None]
        if any(instance.process.returncode == EXIT_NOT_PROVISIONED for instance in ended):
            self.provision()
        for instance in ended:
            again = self.spawn(instance.service, instance.number)
            again.restarts = instance.restarts + 1
            self.running[self.running.index(instance)] = again
        return [*servers, *(instance.name for instance in ended)]

    def stop(self) -> None:
        for instance in self.running:
            instance.process.terminate()
        for instance in self.running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                instance.process.wait(10)
            if instance.process.poll() is None:
                instance.process.kill()
                instance.process.wait()
        self.servers.stop()
        (self.folder / "stack.env").unlink(missing_ok=True)

    def _env(self, service: str | None) -> dict[str, str]:
        passwords = {f"MINHBACH_{role.upper()}_PASSWORD": self.servers.passwords[role] for role in embedded.ROLES}
        url = self.servers.database_url_of(service) if service else self.servers.database_url
        return {**self.env, "NATS_URL": self.servers.nats_url, "DATABASE_URL": url, **({} if service else passwords)}

    def _remember_urls(self) -> None:
        """For the commands of whoever owns the folder: they find the running stack by it."""
        path = self.folder / "stack.env"
        path.touch(mode=0o600)
        known = {**self.env, "NATS_URL": self.servers.nats_url, "DATABASE_URL": self.servers.database_url}
        path.write_text("".join(f"{name}={value}\n" for name, value in known.items()))
