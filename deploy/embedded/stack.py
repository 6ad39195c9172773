"""The whole system on one machine: embedded servers, provisioned, and each service as a process that is kept alive."""

import asyncio
import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from deploy.credentials.take_over import take_over_keys
from deploy.embedded.folder_lock import FolderLock
from deploy.embedded.forks import IMPORTED_LATE, Forked, ForkServer
from deploy.embedded.full_disk import FullDiskWatch
from deploy.embedded.nats_server import EmbeddedNats
from deploy.embedded.servers import ROLES, ServerFailed, Servers, free_port, make_user, start
from deploy.nats_accounts import KEEPER
from deploy.provision import provision
from deploy.unprivileged import USER, open_path
from services.portal.sign_in.portal_key import write_portal_key
from shared.messaging.streams import SERVICES
from shared.process import EXIT_NOT_PROVISIONED, READY, RUN_RECOVER
from shared.seals.key_file import SealKey, write_key
from shared.seals.notes import Signer
from shared.settings import Settings

READY_WITHIN = 60.0
RUN_SERVICE = "deploy.run_service"
RUN_KEEPER = "deploy.credentials.keeper"
FAULT = f" CRITICAL {RUN_SERVICE}: "  # the last line of a service that could not start
FORKS = ForkServer(RUN_SERVICE, *(f"services.{service}.main" for service in SERVICES), *IMPORTED_LATE)


@dataclass
class Instance:
    """One process of a service. `port` is where its health and metrics are."""

    service: str
    number: int
    port: int
    process: Forked
    restarts: int = 0

    @property
    def name(self) -> str:
        return f"{self.service}-{self.number}"

    def ready(self) -> bool:
        return self.readiness() == READY

    def readiness(self) -> str:
        """What the service answers: READY, or what it waits for; nothing where it does not answer."""
        with contextlib.suppress(OSError):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5) as answer:
                    return str(answer.read().decode())
            except urllib.error.HTTPError as answer:
                return answer.read().decode()
        return ""

    def metrics(self) -> dict[str, float]:
        """Each number by its name and labels; none where the service does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            return {}
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}


@dataclass
class Stack:
    """Started by `with Stack(folder) as stack:`. Stopping keeps the folder, from which it can be started again."""

    folder: Path
    env: Mapping[str, str] = field(default_factory=dict)
    services: Iterable[str] = SERVICES
    instances: int = 1
    portal_port: int = 0  # any free one; then the portal keeps it
    start_servers: Callable[[Path], Servers] = start
    running: list[Instance] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    keeper: Forked | None = None
    _disk: FullDiskWatch = field(default_factory=FullDiskWatch)

    def __enter__(self) -> "Stack":
        self._lock = FolderLock(self.folder)
        try:
            if self.services:
                FORKS.start()  # it imports while the servers start
            self.servers = self.start_servers(self.folder)
        except BaseException:
            self._lock.release()
            raise
        try:
            self.portal_port = self.portal_port or free_port()
            self.provision()
            self._remember_urls()
            self._make_readable()
            self._make_key(self.seal_key, self._write_seal_key)
            self._make_key(self.portal_key, write_portal_key)
            if self.servers.broker and "portal" in self.services:
                take_over_keys(self.settings("portal"), self.servers.broker.communes)
                self.keeper = self._spawn_keeper(self.servers.broker)
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

    def addresses(self) -> list[tuple[str, str]]:
        """Name and address of each server and each instance, without passwords, which are in stack.env."""
        nats, database = urlsplit(self.servers.nats_url), urlsplit(self.servers.database_url)
        servers = [
            *([("pages", self.public_url)] if "portal" in self.services else []),
            ("nats", f"nats://{nats.hostname}:{nats.port}"),
            ("postgres", f"postgresql://{database.hostname}:{database.port}{database.path}"),
            ("accounts", str(self.folder / "stack.env")),
        ]
        pages = [(f"{each.name} health", f"http://127.0.0.1:{each.port}/health/ready") for each in self.running]
        metrics = [(f"{each.name} metrics", f"http://127.0.0.1:{each.port}/metrics") for each in self.running]
        return [*servers, *(one for both in zip(pages, metrics, strict=True) for one in both)]

    def provision(self) -> list[str]:
        return asyncio.run(provision(Settings.from_env(self._env(None))))

    def settings(self, service: str | None = None, **env: str) -> Settings:
        """Settings of a service, or of the operator who owns the database."""
        return Settings.from_env({**self._env(service), **env})

    def _make_readable(self) -> None:
        """Where root starts the stack, its services run as another user, who has to reach the program and the clock."""
        if os.geteuid() == 0:
            make_user(USER)
            clock = self.env.get("MINHBACH_CLOCK_FILE")
            for path in (__file__, os.__file__, sys.prefix, sys.executable, *filter(None, [clock])):
                open_path(Path(path))

    @property
    def seal_key(self) -> Path:
        """The private key of the services' seals, which only their user reads."""
        return self.folder.absolute() / "seal/key"

    @property
    def portal_key(self) -> Path:
        """The key with which the portal encrypts, which only its user reads."""
        return self.folder.absolute() / "portal/key"

    @property
    def public_url(self) -> str:
        """Where people see the portal: by this name of this machine, since a passkey belongs to no number."""
        return self.env.get("MINHBACH_PUBLIC_URL") or f"http://localhost:{self.portal_port}"

    @staticmethod
    def _write_seal_key(path: Path) -> None:
        write_key(path, SealKey(Signer.new(f"minhbach/{secrets.token_hex(4)}")))

    def _make_key(self, key: Path, write: Callable[[Path], None]) -> None:
        if key.exists():
            return
        key.parent.mkdir(mode=0o700, exist_ok=True)
        write(key)
        if os.geteuid() == 0:
            for path in (key.parent, key):
                shutil.chown(path, USER)
            open_path(key)

    def spawn(self, service: str, number: int) -> Instance:
        port = self.portal_port if (service, number) == ("portal", 1) else free_port()
        env = {**self._env(service), "MINHBACH_HTTP_PORT": str(port)}
        return Instance(service, number, port, self._fork(f"{service}-{number}", env, RUN_SERVICE, service))

    def _spawn_keeper(self, broker: EmbeddedNats) -> Forked:
        """Beside the broker: the portal has no right to the accounts of communes there."""
        env = {**self.servers.commune_settings(), "NATS_URL": broker.url_of(KEEPER)}
        return self._fork(KEEPER, env, RUN_KEEPER)

    def _fork(self, name: str, env: Mapping[str, str], module: str, *arguments: str) -> Forked:
        logs = self.folder / "logs"
        logs.mkdir(exist_ok=True)
        with (logs / f"{name}.log").open("ab") as log, Path(os.devnull).open("rb") as nothing:
            return FORKS.fork(
                module, *arguments, name=name, env={**os.environ, **env}, stdin=nothing, stdout=log, stderr=log
            )

    def wait_until_ready(self) -> None:
        """ServerFailed when a service ends or does not become ready within a minute.

        One that waits for `minhbach recover` is not waited for, and named in `behind`.
        """
        deadline = time.monotonic() + READY_WITHIN
        for instance in self.running:
            # Whatever answers at the port of one that has ended is of another stack.
            while (ended := instance.process.poll() is not None) or (answer := instance.readiness()) != READY:
                if not ended and RUN_RECOVER in answer:  # it runs, so that the operator can repair it
                    self.behind.append(instance.name)
                    break
                if ended or time.monotonic() > deadline:
                    log = self.folder / "logs" / f"{instance.name}.log"
                    fault = fault_in(log) if ended else ""
                    raise ServerFailed(f"{instance.name} did not become ready{fault}; see {log}")
                time.sleep(0.05)

    def supervise(self) -> list[str]:
        """Restart servers and services that have ended, and return their names. To be called regularly."""
        servers = [name for name, process in self.servers.processes.items() if process.poll() is not None]
        if self.servers.broker and "nats" not in servers and self._disk.needs_restart(self.servers.broker):
            self.servers.processes["nats"].terminate()
            self.servers.processes["nats"].wait()
            servers.append("nats")
        for name in servers:
            self.servers.restart(name)
        ended = [instance for instance in self.running if instance.process.poll() is not None]
        if any(instance.process.returncode == EXIT_NOT_PROVISIONED for instance in ended):
            self.provision()
        for instance in ended:
            again = self.spawn(instance.service, instance.number)
            again.restarts = instance.restarts + 1
            self.running[self.running.index(instance)] = again
        if self.servers.broker and self.keeper and self.keeper.poll() is not None:
            self.keeper = self._spawn_keeper(self.servers.broker)
            servers.append(KEEPER)
        return [*servers, *(instance.name for instance in ended)]

    def stop(self) -> None:
        processes = [*(instance.process for instance in self.running), *([self.keeper] if self.keeper else [])]
        for process in processes:
            process.terminate()
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            if process.poll() is None:
                process.kill()
                process.wait()
        self.servers.stop()
        (self.folder / "stack.env").unlink(missing_ok=True)
        self._lock.release()

    def _env(self, service: str | None) -> dict[str, str]:
        passwords = {f"MINHBACH_{role.upper()}_PASSWORD": self.servers.passwords[role] for role in ROLES}
        url = self.servers.database_url_of(service) if service else self.servers.database_url
        nats_url = self.servers.nats_url_of(service) if service in SERVICES else self.servers.nats_url
        sealing = {"MINHBACH_SEAL_KEY": str(self.seal_key)} if self.seal_key.exists() else {}
        pages = {"MINHBACH_PUBLIC_URL": self.public_url, "MINHBACH_PORTAL_KEY": str(self.portal_key)}
        keys = {**sealing, **(pages if service == "portal" else {})}
        return {**keys, **self.env, "NATS_URL": nats_url, "DATABASE_URL": url, **({} if service else passwords)}

    def _remember_urls(self) -> None:
        """Write the file by which commands in this folder find the running stack."""
        path = self.folder / "stack.env"
        path.touch(mode=0o600)
        known = {
            "MINHBACH_SEAL_KEY": str(self.seal_key),
            "MINHBACH_PUBLIC_URL": self.public_url,
            **self.env,
            "NATS_URL": self.servers.nats_url,
            "DATABASE_URL": self.servers.database_url,
            **self.servers.commune_settings(),
        }
        path.write_text("".join(f"{name}={value}\n" for name, value in known.items()))


def fault_in(log: Path) -> str:
    """The fault that a service's log ends with, behind a colon; nothing where it ends otherwise."""
    _, found, last = log.read_text(encoding="utf-8", errors="replace").strip().rpartition(FAULT)
    return f": {last}" if found and "\n" not in last else ""
