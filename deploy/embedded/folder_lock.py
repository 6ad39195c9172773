"""Lets one stack at a time use a folder: a second one is refused before it opens anything there."""

import fcntl
import os
from pathlib import Path

_held: dict[Path, int] = {}


class StackRunning(RuntimeError):
    """Another stack uses the folder; the message names its processes."""


class FolderLock:
    """Held until it is released, and by the servers that inherit it: one that outlives its stack still uses the folder.

    StackRunning where another process holds it.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, path = folder.absolute(), folder / "lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise StackRunning(
                f"a stack runs in {folder} already (processes {_processes(folder)}); stop it first"
            ) from None
        _held[self._folder] = descriptor
        path.write_text(f"{os.getpid()}\n")

    def release(self) -> None:
        """Once; a stack may be stopped twice."""
        if (descriptor := _held.pop(self._folder, None)) is not None:
            os.close(descriptor)


def lock_of(folder: Path) -> tuple[int, ...]:
    """The descriptor that the servers of a folder inherit."""
    return (_held[folder.absolute()],) if folder.absolute() in _held else ()


def _processes(folder: Path) -> str:
    """Those that are alive, of the stack and its servers."""
    files = [folder / "lock", folder / "nats/pid", folder / "postgres/postmaster.pid"]
    pids = [file.read_text().split()[0] for file in files if file.exists() and file.read_text().split()]
    return ", ".join(pid for pid in pids if Path(f"/proc/{pid}").exists()) or "unknown"
