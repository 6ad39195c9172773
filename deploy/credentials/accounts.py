"""The broker accounts of communes: the history of who has one, and the file of them that NATS's configuration includes.

The server's file has public keys only: whoever reads it can sign in as nobody. An embedded stack also gives its own
communes passwords, for addresses that hold everything in one line.
"""

import fcntl
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from deploy.nats_accounts import commune_account, password_login

HEAD = "# The accounts of communes that were issued; `minhbach commune credentials` writes this file.\n"
SEED_BYTES = 32
COMMUNE = re.compile(r"[A-Za-z0-9_-]+")


class Login(NamedTuple):
    """How a commune signs in: by the NKEY whose public part this is, or by a password of an embedded stack."""

    commune: str
    kind: str
    login: str
    issued_at: datetime
    by: str

    def written(self) -> str:
        return f"nkey: {self.login}" if self.kind == "nkey" else password_login(self.commune, json.dumps(self.login))


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
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def logins(self) -> dict[str, list[Login]]:
        """Those that hold, by commune."""
        found: dict[str, list[Login]] = {}
        for entry in self._entries():
            commune = entry["commune"]
            if entry["act"] == "issued":
                at = datetime.fromisoformat(entry["at"])
                found.setdefault(commune, []).append(Login(commune, entry["kind"], entry["login"], at, entry["by"]))
            else:
                found.pop(commune, None)
        return found

    def issue(self, logins: Mapping[str, str], kind: str, at: datetime, by: str) -> None:
        """Add a login for each commune. ValueError for an id that would change the configuration."""
        if wrong := [commune for commune in logins if not COMMUNE.fullmatch(commune)]:
            raise ValueError(f"no id of a commune: {wrong[0]}")
        self._add(
            {"act": "issued", "commune": commune, "kind": kind, "login": login, "at": at.isoformat(), "by": by}
            for commune, login in logins.items()
        )

    def revoke(self, communes: Iterable[str], at: datetime, by: str, reason: str) -> None:
        """End every login of these communes."""
        self._add(
            {"act": "revoked", "commune": commune, "at": at.isoformat(), "by": by, "reason": reason}
            for commune in communes
        )

    def write(self) -> None:
        """The file that the server reads, from the history."""
        accounts = (commune_account(commune, map(Login.written, found)) for commune, found in self.logins().items())
        written(self._folder / "accounts.conf", HEAD + "".join(accounts))

    def _entries(self) -> list[dict[str, Any]]:
        if not self._history.exists():
            return []
        return [json.loads(line) for line in self._history.read_text(encoding="utf-8").splitlines()]

    def _add(self, entries: Iterable[dict[str, Any]]) -> None:
        before = self._history.read_text(encoding="utf-8") if self._history.exists() else ""
        written(self._history, before + "".join(f"{json.dumps(entry, ensure_ascii=False)}\n" for entry in entries))
        self.write()


def new_key() -> tuple[str, bytes]:
    """The public key and the seed of a new user."""
    import nkeys  # type: ignore[import-untyped]  # here: it would slow down the start of every stack

    seed = nkeys.encode_seed(os.urandom(SEED_BYTES), nkeys.PREFIX_BYTE_USER)
    return nkeys.from_seed(bytearray(seed)).public_key.decode(), bytes(seed)


def write_seeds(folder: Path, seeds: Mapping[str, bytes]) -> dict[str, Path]:
    """A file for each commune, readable by its owner only. FileExistsError for one that is there; then none is made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made: dict[str, Path] = {}
    try:
        for commune, seed in seeds.items():
            path = folder / f"commune-{commune}.nk"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                made[commune] = path
                file.write(seed)
    except BaseException:
        remove_seeds(made)
        raise
    return made


def remove_seeds(made: Mapping[str, Path]) -> None:
    for path in made.values():
        with suppress(OSError):
            path.unlink()


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
