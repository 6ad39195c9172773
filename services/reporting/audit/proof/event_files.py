"""Writes a service's sealed events as files of 65,536 lines each; a file that is complete is not written again."""

import gzip
import json
import os
import re
from binascii import hexlify
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

from isal.isal_zlib import compressobj
from psycopg import Connection

from shared.record.checkpoints import leaves_of, lines_after

EVENTS_OF_A_FILE = 65_536  # a power of two: each file but the last is one perfect subtree
FILE = re.compile(r"(events|sealed)-\d+-\d+\.jsonl\.(gz|(\d+\.)?part)")
POSITION = re.compile(rb'\{"minhbach":"event/1","service":"[a-z]+","position":(-?\d+),')
LINES_AT_ONCE = 500  # from PostgreSQL, and packed
LEVEL = 1  # of isal's: smaller files than 0 in the same time
GZIP = 31  # zlib's number for a file with gzip's header

Wrote = Callable[[int], object]


def write_events(connection: Connection, service: str, folder: Path, size: int, wrote: Wrote) -> None:
    """The first `size` events, one canonical line each. `wrote` is called with the number of events of each file."""
    position = -(2**62)
    for first in range(0, size, EVENTS_OF_A_FILE):
        last = min(first + EVENTS_OF_A_FILE, size)
        path = folder / _name("events", first, last)
        if path.exists():
            position = _last_position(path)
        else:
            position = _position_of(_write(path, _lines(connection, service, position, last - first)))
        wrote(last - first)
    _remove_others(folder, "events", size)


def write_sealed(connection: Connection, service: str, folder: Path, size: int) -> None:
    """Position, time (microseconds since 1970) and hash of each event as it was sealed, for whoever finds another."""
    for first in range(0, size, EVENTS_OF_A_FILE):
        last = min(first + EVENTS_OF_A_FILE, size)
        path = folder / _name("sealed", first, last)
        if not path.exists():
            _write(path, _sealed_lines(connection, service, first, last))
    _remove_others(folder, "sealed", size)


def _lines(connection: Connection, service: str, position: int, count: int) -> Iterator[bytes]:
    """Some lines at once, without the end of the last one."""
    while count:
        text, found, position = lines_after(connection, service, position, min(LINES_AT_ONCE, count))
        if not found:
            return
        count -= found
        yield text


def _sealed_lines(connection: Connection, service: str, first: int, last: int) -> Iterator[bytes]:
    leaves = leaves_of(connection, service, last, after=first)
    while some := list(islice(leaves, LINES_AT_ONCE)):
        yield b"\n".join(
            b'{"position":%d,"recorded_at":%d,"leaf":"%s"}' % (position, micros, hexlify(leaf))
            for position, micros, leaf in some
        )


def _name(kind: str, first: int, last: int) -> str:
    return f"{kind}-{first + 1:010}-{last:010}.jsonl.gz"


def _write(path: Path, texts: Iterable[bytes]) -> bytes:
    """Never seen half written, whoever else writes them. Returns the last line.

    It is packed in a thread of its own, on another core than that of PostgreSQL, which makes the next lines meanwhile.
    """
    part, text, packing = path.with_suffix(f".{os.getpid()}.part"), b"", None
    packed = compressobj(LEVEL, wbits=GZIP)
    with part.open("wb") as file, ThreadPoolExecutor(1) as thread:
        for text in texts:
            if packing:
                file.write(packing.result())
            packing = thread.submit(packed.compress, text + b"\n")
        if packing:
            file.write(packing.result())
        file.write(packed.flush())
    if (parent := parent_process()) and not parent.is_alive():
        raise InterruptedError(f"{path} is not needed: the process that asked for it has ended")
    part.replace(path)
    return text.rpartition(b"\n")[2]


def _last_position(path: Path) -> int:
    last = b""
    with gzip.open(path) as file:
        for line in file:
            last = line
    return _position_of(last)


def _position_of(line: bytes) -> int:
    found = POSITION.match(line)
    return int(found[1]) if found else -(2**62)


def _remove_others(folder: Path, kind: str, size: int) -> None:
    """Files of an earlier export that ended elsewhere, and what an interrupted one left."""
    wanted = {_name(kind, first, min(first + EVENTS_OF_A_FILE, size)) for first in range(0, size, EVENTS_OF_A_FILE)}
    remove_files(folder, wanted, kind)


def remove_files(folder: Path, wanted: Collection[str] = (), kind: str = "*") -> None:
    """Those of events and of sealed events, except the wanted ones."""
    for path in folder.glob(f"{kind}-*"):
        if path.name not in wanted and FILE.match(path.name):
            path.unlink()


def write_json_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    part = path.with_suffix(".part")
    part.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    part.replace(path)
