"""The file of new keys that an operator downloads: it is part of the page that issued them, and stored nowhere."""

import io
from base64 import b64encode
from collections.abc import Mapping
from typing import NamedTuple
from zipfile import ZipFile, ZipInfo


class KeyFile(NamedTuple):
    """`address` holds the file itself; no request asks for it, so that the server need not keep it.

    `is_another`: in place of one that a first click made a moment before.
    """

    name: str
    address: str
    communes: list[str]
    is_another: bool = False


def key_file(seeds: Mapping[str, bytes], province: str) -> KeyFile:
    """Of one commune its key, as its machine needs it; of several an archive of such files."""
    files = {f"commune-{commune}.nk": seed for commune, seed in seeds.items()}
    if len(files) == 1:
        [(name, content)] = files.items()
    else:
        name, content = f"khoa-{province}.zip", _archive(files)
    address = f"data:application/octet-stream;base64,{b64encode(content).decode()}"
    return KeyFile(name, address, list(seeds))


def _archive(files: Mapping[str, bytes]) -> bytes:
    archived = io.BytesIO()
    with ZipFile(archived, "w") as archive:
        for name, content in files.items():
            entry = ZipInfo(name)
            entry.external_attr = 0o600 << 16  # readable by whoever unpacks it
            archive.writestr(entry, content)
    return archived.getvalue()
