"""The broker accounts of communes: the history of who has one, and the file of them that NATS's configuration includes.

The server's file has public keys only: whoever reads it can sign in as nobody. Which key is issued and which is revoked
the portal decides; the keeper writes it here. An embedded stack also gives its own communes passwords, for addresses
that hold everything in one line.
"""

import fcntl
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from deploy.nats_accounts import commune_account, password_login
from shared.contracts.portal import BrokerKeyEvent, BrokerKeyIssued, BrokerKeyRevoked

HEAD = "# The accounts of communes; `minhbach commune credentials follow` writes this file.\n"
COMMUNE = re.compile(r"[A-Za-z0-9_-]+")
NKEY = "nkey"


class Login(NamedTuple):
    """How a commune signs in: by the NKEY whose public part this is, or by a password of an embedded stack."""

    commune: str
    kind: str
    login: str
    issued_at: datetime
    by: str

    def written(self) -> str:
        return f"nkey: {self.login}" if self.kind == NKEY else password_login(self.commune, json.dumps(self.login))


class CommuneAccounts:
    """A folder with the history, to which lines are added, and `accounts.conf`, which follows from it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._history = folder / "history.jsonl"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One change at a time."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _as_its_folder(self._folder)
        path = self._folder / "lock"
        with path.open("w") as lock:
            _as_its_folder(path)
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def logins(self) -> dict[str, list[Login]]:
        """Those that hold, by commune."""
        found: dict[str, list[Login]] = {}
        for entry in self.entries():
            commune = entry["commune"]
            if entry["act"] == "issued":
                at = datetime.fromisoformat(entry["at"])
                found.setdefault(commune, []).append(Login(commune, entry["kind"], entry["login"], at, entry["by"]))
            else:
                found[commune] = [each for each in found.get(commune, []) if not ends(entry, each.login)]
        return {commune: logins for commune, logins in found.items() if logins}

    def keys(self) -> dict[str, frozenset[str]]:
        """The public keys among them."""
        found = {
            commune: frozenset(each.login for each in logins if each.kind == NKEY)
            for commune, logins in self.logins().items()
        }
        return {commune: keys for commune, keys in found.items() if keys}

    def give(self, passwords: Mapping[str, str], at: datetime, by: str) -> None:
        """A password for each commune. ValueError for an id that would change the configuration."""
        if wrong := [commune for commune in passwords if not COMMUNE.fullmatch(commune)]:
            raise ValueError(f"no id of a commune: {wrong[0]}")
        self._add(
            {"act": "issued", "commune": commune, "kind": "password", "login": login, "at": at.isoformat(), "by": by}
            for commune, login in passwords.items()
        )

    def apply(self, events: Sequence[BrokerKeyEvent]) -> bool:
        """What the portal announced, in its order; what was applied before changes nothing. Whether anything did."""
        known = self.applied()
        fresh = dict.fromkeys(each for each in map(_entry, events) if (each.act, each.login) not in known)
        if fresh:
            self._add(each._asdict() for each in fresh)
        return bool(fresh)

    def applied(self) -> set[tuple[str, str]]:
        """Of each key whether it was issued, and whether it was revoked by itself."""
        return {(entry["act"], entry["login"]) for entry in self.entries() if "login" in entry}

    def write(self) -> None:
        """The file that the server reads, from the history."""
        accounts = (commune_account(commune, map(Login.written, found)) for commune, found in self.logins().items())
        written(self._folder / "accounts.conf", HEAD + "".join(accounts))

    def entries(self) -> list[dict[str, Any]]:
        """The history, in order."""
        if not self._history.exists():
            return []
        return [json.loads(line) for line in self._history.read_text(encoding="utf-8").splitlines()]

    def _add(self, entries: Iterable[dict[str, Any]]) -> None:
        before = self._history.read_text(encoding="utf-8") if self._history.exists() else ""
        written(self._history, before + "".join(f"{json.dumps(entry, ensure_ascii=False)}\n" for entry in entries))
        self.write()


class Entry(NamedTuple):
    """A line of the history, of a key. Earlier versions revoked without a `login`: all of the commune."""

    act: str
    commune: str
    kind: str
    login: str
    at: str
    by: str
    by_account: str | None
    reason: str | None = None


def _entry(event: BrokerKeyEvent) -> Entry:
    of_key = (event.commune, NKEY, event.public_key)
    if isinstance(event, BrokerKeyRevoked):
        return Entry("revoked", *of_key, event.revoked_at.isoformat(), event.by, event.by_account, event.reason)
    assert isinstance(event, BrokerKeyIssued)
    return Entry("issued", *of_key, event.issued_at.isoformat(), event.by, event.by_account)


def ends(revoked: Mapping[str, Any], login: str) -> bool:
    """Whether an entry about the commune of a login ends this one."""
    return bool(revoked.get("login", login) == login)


def written(path: Path, text: str) -> None:
    """Readable by its owner only, who stays the owner of its folder; never seen half written."""
    beside = path.with_name(f"{path.name}.next")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    beside.write_text(text, encoding="utf-8")
    _as_its_folder(beside)
    beside.replace(path)


def _as_its_folder(path: Path) -> None:
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
