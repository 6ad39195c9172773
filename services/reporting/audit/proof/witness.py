"""A witness in another office: keeps the last checkpoint of each history, and signs only one that extends it.

Its folder holds its own key, the key of each history as it was last seen (`<service>.key`), the last checkpoint with
the witness's signature (`<service>.note`, C2SP tlog-cosignature), and all that it signed before (`<service>.jsonl`).
"""

import json
import os
import time
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.record.checkpoints import Sealed
from shared.seals.checkpoint import Checkpoint
from shared.seals.key_file import SealKey, keys_of, read_key, write_key
from shared.seals.merkle import proves_consistency
from shared.seals.notes import SignatureWrong, Signer, VerifierKey, WrongNote, text_of, verified

NAME = "witness"


@dataclass(frozen=True)
class History:
    """What a source shows of a service's history: the keys that sealed, each with its rotation, and checkpoints."""

    service: str
    keys: Sequence[tuple[str, str]]
    checkpoints: Sequence[Sealed]


@dataclass(frozen=True)
class Verdict:
    """`kind` is `first`, `extends`, `same`, or why the witness refuses: `key`, `signature`, `shorter`, `fork`.

    `size` and `position` are of the checkpoint that was looked at; `kept` is the size that the witness had, and
    `agreed` the last position up to which both are the same, as far as the checkpoints tell.
    """

    service: str
    kind: str
    size: int
    position: int | None
    kept: int
    agreed: int = 0

    @property
    def refused(self) -> bool:
        return self.kind in SENTENCES

    @property
    def sentence(self) -> str:
        position = "–" if self.position is None else self.position
        return SENTENCES[self.kind].format(size=self.size, position=position, kept=self.kept, agreed=self.agreed)


SENTENCES = {
    "key": "khóa đã bị thay: niêm phong {size} sự kiện (vị trí {position}) không do khóa đã biết hay khóa kế tiếp ký",
    "signature": "niêm phong {size} sự kiện (vị trí {position}) không có chữ ký đúng",
    "shorter": "sổ bị lùi lại: đã chứng kiến {kept} sự kiện, nay chỉ còn {size} (đến vị trí {position})",
    "fork": "sổ không nối tiếp {kept} sự kiện đã chứng kiến; khác trong khoảng sau vị trí {agreed} đến {position}",
}


class Witness:
    def __init__(self, folder: Path, name: str = NAME) -> None:
        """`name` is that of its key, which is made when the folder is first used.

        OSError where the folder cannot be used; WrongNote where its key cannot be read, or a key cannot have the name.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        path = folder / "key"
        if not path.exists():
            write_key(path, SealKey(Signer.new(name)))
        self._signer = read_key(path).signer

    @property
    def verifier(self) -> VerifierKey:
        return self._signer.verifier

    def last(self, service: str) -> Checkpoint | None:
        """The last checkpoint that this witness signed."""
        path = self._folder / f"{service}.note"
        return Checkpoint.of_note(path.read_text(encoding="utf-8")) if path.exists() else None

    def observe(self, history: History) -> Verdict:
        """Sign the newest checkpoint where it extends the last one, by the proofs of all checkpoints in between."""
        kept = self.last(history.service)
        seen = history.checkpoints[-1] if history.checkpoints else None
        size = kept.size if kept else 0
        if seen is None:
            return Verdict(history.service, "shorter" if kept else "same", 0, None, size)
        kind = self._kind(history, seen, kept)
        verdict = Verdict(history.service, kind, seen.size, seen.position, size, self._agreed(history))
        if not verdict.refused and kind != "same":
            self._sign(history, seen)
        return verdict

    def _kind(self, history: History, seen: Sealed, kept: Checkpoint | None) -> str:
        if problem := self._signature_problem(history, seen, kept):
            return problem
        if kept is None:
            return "first"
        if seen.size < kept.size:
            return "shorter"
        if not _extends(kept, history.checkpoints):
            return "fork"
        return "same" if seen.size == kept.size else "extends"

    def _signature_problem(self, history: History, seen: Sealed, kept: Checkpoint | None) -> str | None:
        try:
            keys = _keys(history, self._known_key(history.service))
            origin = Checkpoint.of_note(seen.note).origin
            text, _ = verified(seen.note, [key.named(origin) for key in keys])
        except SignatureWrong:
            return "signature"
        except WrongNote:
            return "key"
        is_other = Checkpoint.read(text) != Checkpoint(origin, seen.size, seen.root)
        return "signature" if is_other or (kept and origin != kept.origin) else None

    def _agreed(self, history: History) -> int:
        signed = {(each.size, each.root) for each in self._signed(history.service)}
        return max((each.position for each in history.checkpoints if (each.size, each.root) in signed), default=0)

    def _signed(self, service: str) -> list[Checkpoint]:
        path = self._folder / f"{service}.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [Checkpoint.of_note(json.loads(line)["note"]) for line in lines]

    def _known_key(self, service: str) -> str | None:
        path = self._folder / f"{service}.key"
        return path.read_text(encoding="utf-8").strip() if path.exists() else None

    def _sign(self, history: History, seen: Sealed) -> None:
        """The note is written last: without it the rest counts for nothing."""
        note = seen.note + self._signer.cosignature(text_of(seen.note), int(time.time()))
        _replace(self._folder / f"{history.service}.key", f"{history.keys[-1][0]}\n")
        with (self._folder / f"{history.service}.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps({"note": note}, ensure_ascii=False) + "\n")
        _replace(self._folder / f"{history.service}.note", note)


def _keys(history: History, known: str | None) -> list[VerifierKey]:
    """All keys of a history. WrongNote where they do not follow each other, or the known one is not among them."""
    keys = [VerifierKey.read(key) for key, _ in history.keys]
    rotations = [rotation for _, rotation in history.keys[1:]]
    if not keys or (rotations and keys_of(rotations) != keys) or (len(keys) > 1 and not rotations):
        raise WrongNote("the keys do not follow each other")
    if known is not None and VerifierKey.read(known) not in keys:
        raise WrongNote(f"{known} is none of the keys")
    return keys


def _extends(kept: Checkpoint, checkpoints: Sequence[Sealed]) -> bool:
    """Whether the proofs of consecutive checkpoints lead from the kept one to the last one."""
    size, root = kept.size, kept.root
    if any(each.size == size and each.root != root for each in checkpoints):
        return False
    for each in checkpoints:
        if each.size <= size:
            continue
        if each.previous_size != size or not proves_consistency(size, root, each.size, each.root, each.proof):
            return False
        size, root = each.size, each.root
    return size == checkpoints[-1].size


def _replace(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def exported_history(folder: Path, service: str) -> History:
    """A service's history as an export shows it. WrongNote where its files cannot be read."""
    try:
        keys = [(row["verifier_key"], row["rotation"]) for row in _rows(folder / service / "keys.jsonl")]
        checkpoints = [
            Sealed(
                service, row["size"], row["position"], b64decode(row["root"]), row["note"],
                tuple(map(bytes.fromhex, row["proof"])), row["previous_size"], datetime.fromisoformat(row["sealed_at"]),
            )
            for row in _rows(folder / service / "checkpoints.jsonl")
        ]  # fmt: skip
    except (ValueError, KeyError, TypeError) as wrong:
        raise WrongNote(f"{service}: {wrong}") from None
    return History(service, keys, checkpoints)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
