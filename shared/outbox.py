"""A commune's own copy of what it sends: kept in files until the receipt is here, whatever is interrupted."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple


class Kept(NamedTuple):
    """A submission without a receipt yet."""

    kind: str
    submission_id: str
    body: bytes


class Outbox:
    """A folder with a file a submission, `<kind>.<submission id>.json`; one folder a commune."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @classmethod
    def of(cls, commune: str, env: Mapping[str, str] = os.environ) -> "Outbox":
        """MINHBACH_OUTBOX says where; otherwise the user's state folder."""
        state = env.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")
        return cls(Path(env.get("MINHBACH_OUTBOX") or f"{state}/minhbach/outbox") / commune)

    def keep(self, kept: Kept) -> None:
        beside = self._path(kept).with_suffix(".next")
        with beside.open("wb") as file:
            file.write(kept.body)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path(kept))

    def waiting(self) -> Iterator[Kept]:
        for path in sorted(self._folder.glob("*.json")):
            kind, submission_id, _ = path.name.split(".")
            yield Kept(kind, submission_id, path.read_bytes())

    def drop(self, kept: Kept) -> None:
        """Only with the receipt in hand."""
        self._path(kept).unlink(missing_ok=True)

    def set_aside(self, kept: Kept) -> Path:
        """What can never be sent holds up no push; it stays in the folder for whoever can mend it. Returns where."""
        aside = self._path(kept).with_suffix(".refused")
        self._path(kept).replace(aside)
        return aside

    def _path(self, kept: Kept) -> Path:
        return self._folder / f"{kept.kind}.{kept.submission_id}.json"
