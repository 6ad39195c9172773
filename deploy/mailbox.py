"""A real mail server on loopback that keeps what it receives as files: for a demonstration, and for tests.

It runs in a process of its own, so that thousands of mails do not slow down the caller.
"""

import argparse
import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any

import uvloop
from aiosmtpd.smtp import SMTP

STARTED_WITHIN = 15.0
FILE_NAME = re.compile(r"[^A-Za-z0-9.-]+")


class Mailbox:
    """`start()`, give `url` as SMTP_URL, look at `messages()`, `stop()`; the files stay. Starts again on its port."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder.absolute()
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Known before `start()` when a port was given, after it otherwise."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process, "the mailbox was not started"
        return self._process.pid

    def start(self) -> "Mailbox":
        self.folder.mkdir(parents=True, exist_ok=True)
        with socket.socket() as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(("127.0.0.1", self.port))
            listening.listen(100)
            self.port = listening.getsockname()[1]
            # The open socket is handed over: nobody can take the port in between, and mails may be sent at once.
            self._process = subprocess.Popen(  # noqa: S603  our own command
                [sys.executable, "-m", "deploy.mailbox", str(self.folder), "--socket", str(listening.fileno())],
                pass_fds=[listening.fileno()],
                stdin=subprocess.PIPE,  # closed when this process ends, however it ends: then the mailbox ends too
                cwd=Path(__file__).parents[1],
                start_new_session=True,
            )
        self._wait()
        return self

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
            assert self._process.stdin
            self._process.stdin.close()
            self._process = None

    def files(self) -> list[Path]:
        """What was received, in the order in which it was."""
        return sorted(self.folder.glob("*.eml"))

    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in self.files()]

    def count(self) -> int:
        return sum(entry.name.endswith(".eml") for entry in os.scandir(self.folder)) if self.folder.exists() else 0

    def message_ids(self) -> list[str]:
        """One for each mail received; a mail that was sent twice has the same twice."""
        return [_header(path, b"message-id") for path in self.files()]

    def _wait(self) -> None:
        assert self._process
        deadline = time.monotonic() + STARTED_WITHIN
        while self._process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.settimeout(STARTED_WITHIN)
                if connection.recv(3) == b"220":
                    return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"no mail server started for {self.folder}")

    def __enter__(self) -> "Mailbox":
        return self.start()

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()


class Keeping:
    """Writes each mail to a file of its own before it is accepted: `000001-recipient.eml`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = max((int(path.name[:6]) for path in folder.glob("[0-9]*.eml")), default=0)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name for it
        self._number += 1
        recipient = FILE_NAME.sub("_", envelope.rcpt_tos[0].partition("@")[0])[:100]
        path = self._folder / f"{self._number:06}-{recipient}.eml"
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(envelope.content)
        unfinished.rename(path)
        return "250 kept"


def _header(path: Path, name: bytes) -> str:
    with path.open("rb") as file:
        for line in file:
            if line.lower().startswith(name + b":"):
                return line.partition(b":")[2].strip().decode()
            if not line.strip():
                break
    return ""


async def serve(folder: Path, listening: socket.socket) -> None:
    """Until a signal ends it, or standard input does."""
    loop = asyncio.get_running_loop()
    keeping = Keeping(folder)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    loop.add_reader(sys.stdin.fileno(), ended.set)
    server = await loop.create_server(lambda: SMTP(keeping, hostname="mailbox", loop=loop), sock=listening)
    await ended.wait()
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--socket", type=int, required=True, help="the number of an open listening socket")
    given = parser.parse_args()
    with socket.socket(fileno=given.socket) as listening:
        listening.setblocking(False)
        uvloop.run(serve(given.folder, listening))


if __name__ == "__main__":
    main()
