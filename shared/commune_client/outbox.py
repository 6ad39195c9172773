"""A commune's own copy of what it sends: kept in files until the receipt is here, whatever is interrupted."""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import quote, unquote

from shared.clock import VIETNAM

SENT_LATER, REFUSED = ".json", ".refused"

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _sync(folder: Path) -> None:
        """Windows writes the names of files by itself."""
else:
    import fcntl

    def _sync(folder: Path) -> None:
        opened = os.open(folder, os.O_RDONLY)
        os.fsync(opened)
        os.close(opened)

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Kept(NamedTuple):
    """A submission without a receipt yet."""

    kind: str
    submission_id: str
    body: bytes


class Entry(NamedTuple):
    """A file of an outbox. `server` is the broker that it was kept for, None where an earlier version kept it."""

    path: Path
    commune: str
    kind: str
    submission_id: str
    server: str | None
    kept_ns: int  # since 1970

    @property
    def kept_at(self) -> datetime:
        return datetime.fromtimestamp(self.kept_ns / 10**9, VIETNAM)

    @property
    def refused(self) -> bool:
        """Whether no broker will ever take it."""
        return self.path.suffix == REFUSED


class Outbox:
    """A folder a commune, with a file a submission: `<kind>.<submission id>.<server>.json`.

    What was kept for one province's broker is never sent to another's.
    """

    def __init__(self, folder: Path, server: str) -> None:
        self._folder = folder
        self._server = server
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @classmethod
    def of(cls, commune: str, server: str, env: Mapping[str, str] = os.environ) -> "Outbox":
        """MINHBACH_OUTBOX names the folder of all outboxes; otherwise it is in the user's state folder."""
        return cls(commune_folder(commune, env), server)

    @property
    def folder(self) -> Path:
        return self._folder

    def keep(self, *submissions: Kept) -> None:
        """On the disk when this returns, also after a power cut."""
        for kept in submissions:
            path = self._path(kept)
            beside = path.with_suffix(".next")
            with beside.open("wb") as file:
                file.write(kept.body)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        _sync(self._folder)

    def waiting(self) -> list[Entry]:
        """What is to be sent to this server, in the order in which it was accepted."""
        own = [entry for entry in _entries(self._folder) if entry.server in (self._server, None) and not entry.refused]
        return sorted(own, key=lambda entry: (entry.kept_ns, entry.path.name))

    def elsewhere(self) -> int:
        """How many wait for another server."""
        return sum(e.server not in (self._server, None) and not e.refused for e in _entries(self._folder))

    def take_over(self) -> None:
        """From now on everything that waits is for this server: the province's broker has another address."""
        for entry in _entries(self._folder):
            if entry.server != self._server and not entry.refused:
                entry.path.replace(self._path(Kept(entry.kind, entry.submission_id, b"")))

    def set_aside(self, entry: Entry) -> Path:
        """What can never be sent holds up no other; it stays in the folder for whoever can mend it. Returns where."""
        aside = entry.path.with_suffix(REFUSED)
        entry.path.replace(aside)
        return aside

    @contextmanager
    def locked(self, within: float) -> Iterator[bool]:
        """One process sends at a time. False where another one still does after `within` seconds.

        The lock ends with the process, however that ends.
        """
        with (self._folder / "lock").open("ab") as file:
            deadline = time.monotonic() + within
            while True:
                try:
                    _lock(file)
                except OSError:
                    if time.monotonic() > deadline:
                        yield False
                        return
                    time.sleep(0.1)
                else:
                    break
            yield True

    def _path(self, kept: Kept) -> Path:
        return self._folder / f"{kept.kind}.{kept.submission_id}.{quote(self._server, safe='')}{SENT_LATER}"


def all_entries(env: Mapping[str, str] = os.environ) -> list[Entry]:
    """What waits or was set aside, of all communes and for all servers."""
    root = _root(env)
    return [entry for folder in sorted(root.glob("*/")) for entry in _entries(folder)] if root.is_dir() else []


def commune_folder(commune: str, env: Mapping[str, str] = os.environ) -> Path:
    """The folder of a commune on this machine: its outbox, and its settings beside it."""
    return _root(env) / commune


def _root(env: Mapping[str, str]) -> Path:
    state = env.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")
    return Path(env.get("MINHBACH_OUTBOX") or f"{state}/minhbach/outbox")


def _entries(folder: Path) -> list[Entry]:
    entries = []
    for path in sorted(folder.iterdir()):
        kind, submission_id, server = [*path.stem.split(".", 2), "", ""][:3]
        with suppress(FileNotFoundError):  # another process has its receipt now
            if path.suffix in (SENT_LATER, REFUSED) and submission_id:
                kept_ns = path.stat().st_mtime_ns
                entries.append(Entry(path, folder.name, kind, submission_id, unquote(server) or None, kept_ns))
    return entries
