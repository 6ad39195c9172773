"""Has files scanned for viruses by clamd, the daemon of ClamAV, which listens where MINHBACH_CLAMD says."""

import socket
import struct
from collections.abc import Mapping

from shared.settings import SettingsError

SETTING = "MINHBACH_CLAMD"
NONE = "none"
CHUNK = 128 * 1024
CONNECTS_WITHIN = 3.0  # seconds
ANSWERS_WITHIN = 20.0  # seconds
CLEAN, FOUND = "stream: OK", " FOUND"


class NotScanned(Exception):
    """There is no verdict: clamd is away, slow, or gave up. It may pass."""


class VirusScanner:
    """`place` is host:port, or the path of a local socket."""

    def __init__(self, place: str) -> None:
        host, _, port = place.rpartition(":")
        self._path = place if place.startswith("/") else None
        if self._path is None and not (host and port.isdigit() and int(port) < 65536):
            raise SettingsError(f'{SETTING} is "{place}"; it must be host:port, or the path of a local socket')
        self._address = (host.strip("[]"), int(port) if self._path is None else 0)

    @classmethod
    def of(cls, env: Mapping[str, str]) -> "VirusScanner | None":
        """None where no daemon is named: nothing is scanned."""
        place = env.get(SETTING) or NONE
        return None if place == NONE else cls(place)

    def virus_in(self, content: bytes) -> str | None:
        """The name of what clamd found; None of a clean file. NotScanned without a verdict."""
        try:
            with self._connected() as connection:
                verdict = _scanned(connection, content)
        except OSError as away:
            raise NotScanned(f"clamd: {away or type(away).__name__}") from away
        if verdict == CLEAN:
            return None
        if verdict.endswith(FOUND):
            return verdict.removesuffix(FOUND).removeprefix("stream: ")
        raise NotScanned(f"clamd: {verdict!r}")

    def _connected(self) -> socket.socket:
        if self._path is None:
            connection = socket.create_connection(self._address, timeout=CONNECTS_WITHIN)
        else:
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(CONNECTS_WITHIN)
            connection.connect(self._path)
        connection.settimeout(ANSWERS_WITHIN)
        return connection


def _scanned(connection: socket.socket, content: bytes) -> str:
    """The command INSTREAM of clamd(8): chunks, each after its length, an empty one at the end, then the verdict."""
    connection.sendall(b"zINSTREAM\0")
    for start in range(0, len(content), CHUNK):
        chunk = content[start : start + CHUNK]
        connection.sendall(struct.pack("!I", len(chunk)) + chunk)
    connection.sendall(struct.pack("!I", 0))
    with connection.makefile("rb") as answer:
        return answer.read(1000).rstrip(b"\0").decode(errors="replace")
