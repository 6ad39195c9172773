#!/usr/bin/env python3
"""Kiểm tra một bản xuất của Minh Bạch mà không cần chương trình, máy chủ hay mạng: chỉ cần Python 3.11.

    python3 verify.py [THƯ MỤC] [--checkpoint NIÊM PHONG]… [--key KHÓA]… [--witness KHÓA]… [--json]

NIÊM PHONG là tệp đã cất ở nơi khác, thư mục của bên làm chứng, hoặc gõ lại từ báo cáo in: indicators:1234:MÃ GỐC.
KHÓA là khóa công khai đã ghi ở nơi khác: của bên niêm phong, hoặc của bên làm chứng.
Mã thoát: 0 là đúng, 1 là có sai khác, 2 là dùng sai.

Verifies an export: that all events up to the sealed size are there, in order, none altered; that each edition was
computed from exactly these; and that the history extends checkpoints that were kept elsewhere, and that witnesses
signed. Standard library only.
"""

import argparse
import gzip
import hashlib
import io
import json
import re
import sys
import zlib
from array import array
from base64 import b64decode, b64encode
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:  # slower, and the same answers
    Ed25519PublicKey = None  # type: ignore[assignment,misc]

SERVICES = {
    "planning": "kế hoạch",
    "indicators": "chỉ tiêu",
    "reporting": "báo cáo",
    "notifications": "thông báo",
    "portal": "cổng",
}
SEGMENT_LEVEL = 16
SEGMENT = 1 << SEGMENT_LEVEL  # events of a file: each but the last is one perfect subtree
MOST_COMPARED = 400  # differing events that are compared with each other, to tell moved ones
MOST_DIFFERENCES = 10_000
MOST_PRINTED = 40
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EMPTY_ROOT = hashlib.sha256(b"").digest()
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017  as Python 3.11 and older have it
HEAD = re.compile(
    rb'(\{"minhbach":"event/1","service":"[a-z]+","position":)(-?\d+)(,"recorded_at":")([^"]*)(".*)', re.DOTALL
)
FILE = re.compile(r"(events|sealed)-(\d+)-(\d+)\.jsonl\.gz")
CHECKPOINT = re.compile(r"(\S+)\n(\d+)\n(\S+)\n(?:[^\n]+\n)*")
PREVIOUS = re.compile(r"^previous (\d+) (\S+)$", re.MULTILINE)
PUBLISHED = (b'"topic":"reporting.report-published"', b'"topic":"reporting.report-restated"')


class Unreadable(Exception):
    """A file of the export, or an option, cannot be read; the message is the sentence."""


@dataclass(frozen=True)
class Finding:
    """A difference: its kind, where it is, and the sentence."""

    kind: str
    service: str
    position: int | None
    sentence: str


# --- Ed25519, RFC 8032 ------------------------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, x·y = T/Z


def _add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(factor: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = _add(total, point)
        point, factor = _add(point, point), factor >> 1
    return total


def _decoded(encoded: bytes) -> Point | None:
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = _decoded((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signature_holds(public: bytes, message: bytes, signature: bytes, *, plain: bool = Ed25519PublicKey is None) -> bool:
    """Whether an Ed25519 signature is one of a message; `plain` computes it here, without `cryptography`."""
    if len(public) != 32 or len(signature) != 64:
        return False
    if not plain:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True
    key, first = _decoded(public), _decoded(signature[:32])
    factor = int.from_bytes(signature[32:], "little")
    if key is None or first is None or BASE is None or factor >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    one, other = _times(factor, BASE), _add(first, _times(challenge, key))
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


# --- Notes and checkpoints, C2SP --------------------------------------------------------------------------------------


ED25519, COSIGNATURE = b"\x01", b"\x04"  # kinds of keys


class Key(NamedTuple):
    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        return self._id(ED25519)

    @property
    def cosigner_id(self) -> bytes:
        return self._id(COSIGNATURE)

    def _id(self, kind: bytes) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + kind + self.public).digest()[:4]

    @property
    def text(self) -> str:
        encoded = b64encode(ED25519 + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"


def read_key(text: str, kinds: Sequence[bytes] = (ED25519,)) -> Key:
    """Of a sealer; of a witness also in the form that C2SP has for cosigners."""
    try:
        name, key_id, encoded = text.strip().split("+", 2)
        decoded = b64decode(encoded, validate=True)
    except ValueError:
        raise Unreadable(f"“{text[:100]}” không phải là khóa công khai.") from None
    key = Key(name, decoded[1:])
    known = key.cosigner_id if decoded[:1] == COSIGNATURE else key.key_id
    if decoded[:1] not in kinds or len(key.public) != 32 or known.hex() != key_id:
        raise Unreadable(f"“{text[:100]}” không phải là khóa công khai.")
    return key


class Note(NamedTuple):
    text: str
    signatures: dict[tuple[str, bytes], bytes]

    def signers(self, keys: Iterable[Key]) -> list[Key]:
        """Which of these keys signed the note."""
        return [
            key
            for key in keys
            if (signature := self.signatures.get((key.name, key.key_id)))
            and signature_holds(key.public, self.text.encode(), signature)
        ]

    def cosigned_at(self, witness: Key) -> int | None:
        """When a witness signed the note (C2SP tlog-cosignature): seconds since 1970, 0 where it does not hold."""
        signature = self.signatures.get((witness.name, witness.cosigner_id))
        if signature is None:
            return None
        seconds = int.from_bytes(signature[:8], "big")
        message = b"cosignature/v1\ntime %d\n" % seconds + self.text.encode()
        return seconds if signature_holds(witness.public, message, signature[8:]) else 0


def read_note(note: str) -> Note:
    text, separator, lines = note.rpartition("\n\n")
    signatures = {}
    try:
        for line in lines.splitlines():
            mark, name, encoded = line.split(" ")
            decoded = b64decode(encoded, validate=True)
            signatures[name, decoded[:4]] = decoded[4:]
            if mark != "—":
                raise ValueError(mark)
    except ValueError:
        separator = ""
    if not separator or not signatures:
        raise Unreadable("Có một bản ký không đọc được.")
    return Note(text + "\n", signatures)


class Checkpoint(NamedTuple):
    service: str
    origin: str
    size: int
    root: bytes
    note: Note | None = None

    @property
    def root_text(self) -> str:
        return b64encode(self.root).decode()

    @property
    def previous(self) -> tuple[int, str] | None:
        """Size of the checkpoint before, and hash of its text; None of the first one, and of those of older sealers."""
        named = PREVIOUS.search(self.note.text) if self.note else None
        return (int(named[1]), named[2]) if named else None

    @property
    def text_hash(self) -> str:
        return b64encode(hashlib.sha256(self.note.text.encode() if self.note else b"").digest()).decode()


def read_checkpoint(note: str) -> Checkpoint:
    read = read_note(note)
    found = CHECKPOINT.fullmatch(read.text)
    if not found:
        raise Unreadable("Có một niêm phong không đọc được.")
    return Checkpoint(found[1].rpartition("/")[2], found[1], int(found[2]), read_root(found[3]), read)


def read_root(text: str) -> bytes:
    """A root in base64, or in hex; copied from a report it has a place to break the line in it."""
    text = re.sub(r"[\s\u200b]", "", text)
    try:
        root = bytes.fromhex(text) if len(text) == 64 else b64decode(text, validate=True)
    except ValueError:
        root = b""
    if len(root) != 32:
        raise Unreadable(f"“{text[:100]}” không phải là mã gốc của một niêm phong.")
    return root


def kept_elsewhere(given: str) -> list[Checkpoint]:
    """The checkpoints of an option: of a witness's folder, of a file, or as typed from a report."""
    path = Path(given)
    if path.is_dir():
        files = sorted([*path.rglob("*.note"), *path.rglob("*.jsonl")])
        return [each for file in files for each in _of_file(file)]
    if path.is_file():
        return _of_file(path)
    parts = re.split(r"[:\s]+", given.strip(), maxsplit=2)
    if len(parts) != 3 or parts[0] not in SERVICES or not parts[1].replace(".", "").isdigit():
        raise Unreadable(f"“{given[:100]}” không phải là tệp, thư mục, hay niêm phong dạng indicators:1234:MÃ GỐC.")
    return [Checkpoint(parts[0], "", int(parts[1].replace(".", "")), read_root(parts[2]))]


def _of_file(path: Path) -> list[Checkpoint]:
    """One note; or notes in JSON, as a list or in lines; or the text of the QR code of an edition."""
    text = path.read_text(encoding="utf-8")
    try:
        if text.startswith("["):
            return [read_checkpoint(row["note"]) for row in json.loads(text)]
        if text.startswith("{"):
            return [read_checkpoint(json.loads(line)["note"]) for line in text.splitlines()]
    except (ValueError, KeyError, TypeError):
        raise Unreadable(f"Tệp {path} không đọc được.") from None
    notes = text.split("\n---\n")
    return [read_checkpoint(note) for note in (notes[1:] if text.startswith("minhbach-edition ") else notes)]


# --- The Merkle tree, RFC 9162 ----------------------------------------------------------------------------------------


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def levels_of(leaves: list[bytes]) -> list[list[bytes]]:
    """The leaves, and each level of perfect subtrees above them."""
    levels, sha256 = [leaves], hashlib.sha256
    while len(levels[-1]) > 1:
        below = iter(levels[-1])
        levels.append([sha256(b"\x01" + left + right).digest() for left, right in zip(below, below, strict=False)])
    return levels


class GrowingTree:
    """A tree without its leaves, one leaf after the other."""

    def __init__(self) -> None:
        self.size = 0
        self.hashes: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        size, node = self.size, leaf
        while size & 1:
            node, size = node_hash(self.hashes.pop(), node), size >> 1
        self.hashes.append(node)
        self.size += 1


def compact_range(levels: Sequence[Sequence[bytes]], size: int) -> list[bytes]:
    """The roots of the perfect subtrees of the first `size` leaves, the largest first."""
    return [levels[bit][(size >> bit + 1) << 1] for bit in reversed(range(size.bit_length())) if size >> bit & 1]


def root_of(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def inclusion_root(leaf: bytes, index: int, size: int, hashes: Sequence[bytes]) -> bytes:
    """The root that a leaf and its inclusion proof give."""
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        path.append(index >= middle)
        start, end = (middle, end) if index >= middle else (start, middle)
    node = leaf
    if len(path) != len(hashes):
        return b""
    for is_right, sibling in zip(reversed(path), hashes, strict=True):
        node = node_hash(sibling, node) if is_right else node_hash(node, sibling)
    return node


# --- The files of a history -------------------------------------------------------------------------------------------


class Segment(NamedTuple):
    """A file of events, read: positions as 64-bit numbers, and the tree of its events at the sizes asked for."""

    size: int
    positions: bytes
    ranges: dict[int, list[bytes]]
    published: list[tuple[int, bytes]]
    problems: list[tuple[str, int | None, str]]
    last_time: bytes = b""  # at which its last event was recorded


def read_segment(path: str, service: str, sizes: Sequence[int]) -> Segment:
    """`sizes` count within the file; the last one that there is, is always among the ranges."""
    prefix = f'{{"minhbach":"event/1","service":"{service}","position":'.encode()
    start, sha256 = len(prefix), hashlib.sha256
    leaves: list[bytes] = []
    positions, last, line = array("q"), -(2**63), b""
    published: list[tuple[int, bytes]] = []
    problems: list[tuple[str, int | None, str]] = []
    is_reporting = service == "reporting"
    try:
        with gzip.open(path) as file:
            for line in io.BufferedReader(file, 1 << 20):
                leaves.append(sha256(b"\x00" + line[:-1]).digest())
                if not line.startswith(prefix):
                    raise ValueError
                position = int(line[start : line.index(b",", start)])
                if position <= last:
                    problems.append(("order", position, f"sự kiện ở vị trí {position} không đúng thứ tự"))
                last = position
                positions.append(position)
                if is_reporting and any(topic in line[:400] for topic in PUBLISHED):
                    published.append((len(leaves) - 1, line[:-1]))
    except (OSError, EOFError, zlib.error, ValueError, OverflowError):
        problems.append(("unreadable", None, f"tệp {Path(path).name} hỏng sau dòng {len(leaves)}"))
    levels = levels_of(leaves)
    ranges = {size: compact_range(levels, size) for size in {*sizes, len(leaves)} if size <= len(leaves)}
    head = HEAD.match(line)
    return Segment(
        len(leaves), positions.tobytes(), ranges, published, problems[:MOST_PRINTED], head[4] if head else b""
    )


@dataclass
class History:
    """A service's events of the export, and what was found in them."""

    folder: Path
    service: str
    checkpoints: list[tuple[Checkpoint, dict[str, Any]]] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    positions: "array[int]" = field(default_factory=lambda: array("q"))
    roots: dict[int, bytes] = field(default_factory=dict)
    published: list[tuple[int, bytes]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    last_time: str = ""

    @property
    def name(self) -> str:
        return SERVICES.get(self.service, self.service)

    def found(self, kind: str, position: int | None, sentence: str) -> None:
        self.findings.append(Finding(kind, self.service, position, f"Sổ {self.name}: {sentence}."))

    def position_at(self, size: int) -> int | None:
        """Of the last of the first `size` events."""
        return self.positions[size - 1] if 0 < size <= len(self.positions) else None

    def files(self, kind: str) -> list[Path]:
        return sorted(path for path in self.folder.glob(f"{kind}-*.jsonl.gz") if FILE.fullmatch(path.name))

    def lines(self, kind: str) -> Iterator[bytes]:
        for path in self.files(kind):
            try:
                with gzip.open(path) as file:
                    for line in file:
                        yield line.rstrip(b"\n")
            except (OSError, EOFError, zlib.error):
                return


def json_lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        if all(isinstance(row, dict) for row in rows):
            return rows
        raise ValueError
    except (ValueError, OSError):
        raise Unreadable(f"Tệp {path.name} của {path.parent.name} không đọc được.") from None


def read_history(folder: Path, service: str, outside: Sequence[Checkpoint], pool: ProcessPoolExecutor) -> History:
    """Everything that is in the files: keys, checkpoints, and the roots at each size that a checkpoint has."""
    history = History(folder / service, service)
    try:
        history.keys = _keys(history)
        for row in json_lines(history.folder / "checkpoints.jsonl"):
            history.checkpoints.append((read_checkpoint(row["note"]), row))
    except Unreadable as wrong:
        history.found("unreadable", None, str(wrong).rstrip("."))
    except (KeyError, TypeError, AttributeError, IndexError):
        history.found("unreadable", None, "các khóa hoặc niêm phong không đọc được")
    sizes = {checkpoint.size for checkpoint, _ in history.checkpoints} | {checkpoint.size for checkpoint in outside}
    files = history.files("events")
    starts = [number * SEGMENT for number in range(len(files))]
    wanted = [[size - start for size in sizes if start < size <= start + SEGMENT] for start in starts]
    tops: list[list[bytes]] = [[]]
    for path, start, segment in zip(
        files, starts, pool.map(read_segment, map(str, files), [service] * len(files), wanted), strict=True
    ):
        _take(history, path, start, segment, tops)
    return history


def _take(history: History, path: Path, start: int, segment: Segment, tops: list[list[bytes]]) -> None:
    """`tops` are the levels above the files: the files' roots, and so on."""
    named = FILE.fullmatch(path.name)
    assert named
    if start != len(history.positions) or int(named[2]) != start + 1:
        history.found("unreadable", None, f"thiếu tệp trước {path.name}")
    if len(tops[0]) == start >> SEGMENT_LEVEL:  # else a file before is not whole: there is no root from there on
        above = compact_range(tops, len(tops[0]))
        for size, hashes in segment.ranges.items():
            history.roots[start + size] = root_of([*above, *hashes])
    read = array("q")
    read.frombytes(segment.positions)
    if read and history.positions and read[0] <= history.positions[-1]:
        history.found("order", read[0], f"{path.name} không nối tiếp tệp trước")
    history.positions.extend(read)
    history.last_time = segment.last_time.decode(errors="replace")
    history.published += [(start + index, line) for index, line in segment.published]
    for kind, position, sentence in segment.problems:
        history.found(kind, position, sentence)
    if segment.size == SEGMENT:
        node = segment.ranges[SEGMENT][0]
        for level in range(64):
            if level == len(tops):
                tops.append([])
            tops[level].append(node)
            if len(tops[level]) % 2:
                break
            node = node_hash(tops[level][-2], tops[level][-1])


def _keys(history: History) -> list[Key]:
    """The keys in their order; each but the first follows by a note that the one before and it have signed."""
    keys: list[Key] = []
    for row in json_lines(history.folder / "keys.jsonl"):
        key = read_key(row["verifier_key"])
        if keys:
            note = read_note(row["rotation"])
            lines = note.text.split("\n")
            if lines[1:3] != [keys[-1].text, key.text] or len(note.signers([keys[-1], key])) != 2:
                raise Unreadable(f"Khóa {key.text} không được khóa trước đó ký")
        keys.append(key)
    return keys


# --- What is checked --------------------------------------------------------------------------------------------------


def check(history: History, outside: Sequence[Checkpoint], trusted: Sequence[Key]) -> None:
    """Fill the findings of a history."""
    _check_keys(history, outside, trusted)
    _check_chain(history)
    good = 0
    for checkpoint, row in history.checkpoints:
        position = row.get("position")
        claimed = (checkpoint.service, checkpoint.size, checkpoint.root_text)
        if claimed != (history.service, row.get("size"), row.get("root")):
            history.found("checkpoint", position, f"niêm phong của {dots(checkpoint.size)} sự kiện bị sửa")
        if history.roots.get(checkpoint.size) != checkpoint.root:
            _compare(history, good, checkpoint, position)
            break
        good = checkpoint.size
    else:
        if len(history.positions) > good:
            first = history.positions[good]
            history.found("inserted", first, f"có sự kiện không được niêm phong, từ vị trí {first}")
    for each in outside:
        _check_outside(history, each, outside)


def _check_chain(history: History) -> None:
    """Each checkpoint names the one before, so that the signature of the last one is one of all."""
    before = None
    for checkpoint, _ in history.checkpoints:
        named = checkpoint.previous
        if named and named != (before and (before.size, before.text_hash)):
            sentence = f"niêm phong của {dots(named[0])} sự kiện, trước niêm phong của {dots(checkpoint.size)} sự kiện,"
            history.found("checkpoint", history.position_at(named[0]), f"{sentence} bị xóa hoặc bị sửa")
        before = checkpoint


def _check_keys(history: History, outside: Sequence[Checkpoint], trusted: Sequence[Key]) -> None:
    if not history.checkpoints:
        if history.positions or any(each.size for each in outside):
            history.found("missing", None, "không có niêm phong nào trong bản xuất")
        return
    last, row = history.checkpoints[-1]
    place = row.get("position")
    if trusted and not set(trusted) & set(history.keys):
        history.found("key", place, "khóa đã bị thay: khóa ghi ở nơi khác không có trong các khóa của bản xuất")
    # The newest is enough: without `cryptography` a signature takes a hundredth of a second, and there are thousands.
    newest = max((each for each in outside if each.note), key=lambda each: each.size, default=None)
    if newest and not _is_signed(history, newest):
        kept = f"niêm phong {dots(newest.size)} sự kiện cất ở nơi khác"
        history.found("key", place, f"khóa đã bị thay: {kept} không do các khóa của bản xuất ký")
    if not _is_signed(history, last):
        _name_unsigned(history)


def _is_signed(history: History, checkpoint: Checkpoint) -> bool:
    keys = [Key(checkpoint.origin, key.public) for key in history.keys]
    return checkpoint.note is not None and bool(checkpoint.note.signers(keys))


def _name_unsigned(history: History) -> None:
    """The first checkpoint without a signature that holds, where all after it have none either."""
    first, last = 0, len(history.checkpoints) - 1
    while first < last:
        middle = (first + last) // 2
        if _is_signed(history, history.checkpoints[middle][0]):
            first = middle + 1
        else:
            last = middle
    checkpoint, row = history.checkpoints[last]
    sentence = f"niêm phong của {dots(checkpoint.size)} sự kiện, đến vị trí {row.get('position')}, không có chữ ký đúng"
    history.found("signature", row.get("position"), sentence)


def _check_outside(history: History, kept: Checkpoint, outside: Sequence[Checkpoint]) -> None:
    total = len(history.positions)
    if kept.size > total:
        last = history.position_at(total)
        history.found(
            "shorter", last,
            f"niêm phong cất ở nơi khác có {dots(kept.size)} sự kiện, bản xuất chỉ còn {dots(total)},"
            f" đến vị trí {last if last is not None else '–'}",
        )  # fmt: skip
    elif kept.size and history.roots.get(kept.size) != kept.root:
        agreed = max((o.size for o in outside if o.size < kept.size and history.roots.get(o.size) == o.root), default=0)
        first = history.position_at(agreed + 1)
        history.found(
            "other-history", first,
            f"không nối tiếp niêm phong {dots(kept.size)} sự kiện cất ở nơi khác; khác trong khoảng vị trí"
            f" {first} đến {history.position_at(kept.size)}",
        )  # fmt: skip


class Sealed(NamedTuple):
    """An event as it was sealed: its position, its time in microseconds since 1970, and its hash."""

    position: int
    micros: int
    leaf: bytes

    @property
    def recorded_at(self) -> str:
        moment = EPOCH + timedelta(microseconds=self.micros)
        return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _compare(history: History, good: int, checkpoint: Checkpoint, position: int | None) -> None:
    """Name the events that are not the sealed ones, where what is kept of each sealed event has the signed root."""
    before = len(history.findings)
    size = _genuine(history)
    if size >= checkpoint.size:
        _name_differences(history, size)
    if len(history.findings) == before:
        first = history.position_at(good + 1)
        history.found(
            "altered", first,
            f"các sự kiện không phải là những sự kiện đã niêm phong; khác trong khoảng vị trí {first} đến {position}",
        )  # fmt: skip


def _sealed(history: History) -> Iterator[Sealed]:
    """What is kept of each sealed event, up to a line that cannot be read."""
    try:
        for row in map(json.loads, history.lines("sealed")):
            yield Sealed(int(row["position"]), int(row["recorded_at"]), bytes.fromhex(row["leaf"]))
    except (ValueError, KeyError, TypeError):
        return


def _genuine(history: History) -> int:
    """How many of what is kept of sealed events are proved by a checkpoint with its signature."""
    checkpoints = {checkpoint.size: checkpoint for checkpoint, _ in history.checkpoints}
    tree, proved = GrowingTree(), [0]
    for sealed in _sealed(history):
        tree.append(sealed.leaf)
        if (found := checkpoints.get(tree.size)) and found.root == root_of(tree.hashes):
            proved.append(tree.size)
    return next((size for size in reversed(proved) if not size or _is_signed(history, checkpoints[size])), 0)


def _events(history: History) -> Iterator[tuple[int, bytes]]:
    for line in history.lines("events"):
        if parts := HEAD.fullmatch(line):
            yield int(parts[2]), line


def _name_differences(history: History, size: int) -> None:
    lost: dict[int, Sealed] = {}
    strange: list[tuple[int, bytes]] = []
    waiting, events = islice(_sealed(history), size), _events(history)
    was, now = next(waiting, None), next(events, None)
    while was and len(lost) + len(strange) < MOST_DIFFERENCES:
        if now and now[0] == was.position:
            if was.leaf != leaf_of(now[1]):
                lost[was.position] = was
                strange.append(now)
            was, now = next(waiting, None), next(events, None)
        elif now and now[0] < was.position:
            strange.append(now)
            now = next(events, None)
        else:
            lost[was.position] = was
            was = next(waiting, None)
    _name(history, lost, strange)


def leaf_of(line: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + line).digest()


def _name(history: History, lost: dict[int, Sealed], strange: list[tuple[int, bytes]]) -> None:
    candidates = list(lost.values())[:MOST_COMPARED]
    for position, line in strange[:MOST_COMPARED]:
        origin = next((each for each in candidates if _is_sealed_as(line, each)), None)
        if origin is None and position in lost:
            history.found("altered", position, f"sự kiện ở vị trí {position} bị sửa nội dung")
            del lost[position]
        elif origin is None:
            history.found("inserted", position, f"sự kiện ở vị trí {position} được chèn vào sau khi niêm phong")
        elif origin.position == position:
            now = HEAD.fullmatch(line)[4].decode()  # type: ignore[index]
            history.found(
                "time",
                position,
                f"sự kiện ở vị trí {position} bị sửa thời điểm ghi từ {origin.recorded_at} thành {now}",
            )
            del lost[position]
        else:
            history.found("moved", position, f"sự kiện ở vị trí {origin.position} bị chuyển sang vị trí {position}")
            lost.pop(origin.position, None)
    rest = {position for position, _ in strange[MOST_COMPARED:]}
    for position in lost:
        if position not in rest:
            history.found("missing", position, f"sự kiện ở vị trí {position} bị xóa")
    for position in sorted(rest):
        history.found("altered", position, f"sự kiện ở vị trí {position} bị sửa hoặc chèn vào")


def _is_sealed_as(line: bytes, sealed: Sealed) -> bool:
    """Whether an event, with the position and maybe the time of a sealed one, is that one."""
    parts = HEAD.fullmatch(line)
    if parts is None:
        return False
    start, _, between, time, rest = parts.groups()
    return any(
        leaf_of(start + str(sealed.position).encode() + between + at + rest) == sealed.leaf
        for at in (time, sealed.recorded_at.encode())
    )


# --- Witnesses --------------------------------------------------------------------------------------------------------


def check_witness(history: History, outside: Sequence[Checkpoint], witness: Key) -> str | None:
    """Of the newest checkpoint that bears a witness's signature; a sentence where it holds and the history has it."""
    own = [(checkpoint, row.get("position")) for checkpoint, row in history.checkpoints]
    given = [(each, history.position_at(each.size)) for each in outside if each.service == history.service]
    signed = [
        (checkpoint, position, seconds)
        for checkpoint, position in (*own, *given)
        if checkpoint.note and (seconds := checkpoint.note.cosigned_at(witness)) is not None
    ]
    if not signed:
        history.found("witness", None, f"không niêm phong nào có chữ ký của bên làm chứng {witness.name}")
        return None
    checkpoint, position, seconds = max(signed, key=lambda each: (each[0].size, each[2]))
    if not seconds:
        sentence = f"chữ ký của bên làm chứng {witness.name} trên niêm phong {dots(checkpoint.size)} sự kiện không đúng"
        history.found("witness", position, sentence)
        return None
    at = (EPOCH + timedelta(seconds=seconds, hours=7)).strftime("%H:%M ngày %d/%m/%Y")
    return f"Sổ {history.name}: {witness.name} đã làm chứng {dots(checkpoint.size)} sự kiện lúc {at}, giờ Việt Nam."


# --- Editions ---------------------------------------------------------------------------------------------------------


def check_editions(folder: Path, histories: dict[str, History]) -> list[str]:
    """A sentence for each edition that is as it was published."""
    reporting = histories.get("reporting")
    if reporting is None:
        return []
    try:
        proofs: dict[Any, dict[str, Any]] = {
            row.get("position"): row for row in json_lines(folder / "reporting/proofs.jsonl")
        }
    except Unreadable as wrong:
        proofs = {}
        reporting.found("unreadable", None, str(wrong).rstrip("."))
    return [
        sentence
        for index, line in reporting.published
        if (sentence := _edition(folder, histories, reporting, (index, line), proofs))
    ]


def _edition(
    folder: Path, histories: dict[str, History], reporting: History, event: tuple[int, bytes], proofs: dict[Any, Any]
) -> str | None:
    index, line = event
    position = reporting.positions[index]
    try:
        stored = json.loads(line)
        state = stored["state"]
        published = Edition(
            str(stored["originator_id"]), int(state["edition"]), str(state["period"]), str(state["province"]),
            str(state["content_sha256"]), {str(name): int(until) for name, until in state["positions"].items()},
        )  # fmt: skip
        problem = published.problem(folder, histories)
        proof = proofs.get(position)
        if proof and not problem and _wrong_proof(reporting, index, line, proof):
            problem = f"bằng chứng của {published.name} không đúng"
    except (ValueError, KeyError, TypeError, AttributeError):
        problem = f"sự kiện công bố ở vị trí {position} không đọc được"
    if problem:
        reporting.found("edition", position, problem)
        return None
    return f"{published.name[0].upper()}{published.name[1:]}: đúng nội dung đã công bố; {published.basis(histories)}."


class Edition(NamedTuple):
    """What the event of a publication has of it."""

    report_id: str
    number: int
    period: str
    province: str
    sha256: str
    positions: dict[str, int]

    @property
    def name(self) -> str:
        return f"lần công bố {self.number} của kỳ {self.period}, tỉnh {self.province}"

    def problem(self, folder: Path, histories: dict[str, History]) -> str | None:
        path = folder / "reporting/editions" / f"{self.report_id}-{self.number}.json"
        if not UUID.fullmatch(self.report_id) or not path.is_file():
            return f"thiếu nội dung của {self.name}"
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != self.sha256:
            return f"nội dung của {self.name} không phải là nội dung đã công bố"
        if json.loads(content).get("positions") != self.positions:
            return f"{self.name} ghi các vị trí khác với sự kiện công bố"
        for service, until in self.positions.items():
            last = histories[service].positions[-1:] if service in histories else []
            if until and (not last or last[0] < until):
                return (
                    f"{self.name} tính đến vị trí {until} của sổ {SERVICES.get(service, service)}, bản xuất không có đủ"
                )
        return None

    def basis(self, histories: dict[str, History]) -> str:
        parts = [
            f"{dots(bisect_right(histories[service].positions, until))} sự kiện đầu của sổ"
            f" {SERVICES.get(service, service)} (đến vị trí {until})"
            for service, until in sorted(self.positions.items())
            if service in histories
        ]
        listed = ", ".join(parts[:-1]) + (" và " if parts[1:] else "") + "".join(parts[-1:])
        return f"tính từ đúng {listed}"


def _wrong_proof(reporting: History, index: int, line: bytes, proof: dict[str, Any]) -> bool:
    size, hashes = int(proof["size"]), [bytes.fromhex(each) for each in proof["proof"]]
    return inclusion_root(leaf_of(line), index, size, hashes) != reporting.roots.get(size)


# --- The command ------------------------------------------------------------------------------------------------------


def dots(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def verify(
    folder: Path, outside: Sequence[Checkpoint], trusted: Sequence[Key], witnesses: Sequence[Key] = ()
) -> dict[str, Any]:
    """All that the command prints: a sentence for each history and edition that is right, and the findings."""
    # A witness keeps one checkpoint in two files; one with its signatures counts before one that was typed.
    given = outside
    ordered = sorted(outside, key=lambda each: (each.service, each.size, each.note is not None))
    outside = list({(each.service, each.size, each.root): each for each in ordered}.values())
    described = _described(folder)
    exported = {path.parent.name for path in folder.glob("*/*.jsonl*") if path.parent.name in SERVICES}
    services = sorted(exported | described.keys() | {each.service for each in outside})
    histories: dict[str, History] = {}
    with ProcessPoolExecutor() as pool:
        for service in services:
            kept = [each for each in outside if each.service == service]
            histories[service] = read_history(folder, service, kept, pool)
            check(histories[service], kept, trusted)
            _check_described(histories[service], described.get(service))
    editions = check_editions(folder, histories)
    seen = [
        sentence
        for history in histories.values()
        if history.checkpoints
        for witness in witnesses
        if (sentence := check_witness(history, given, witness))
    ]
    right = [sentence for history in histories.values() for sentence in _sentences(history, outside)]
    if absent := [name for service, name in SERVICES.items() if service not in histories]:
        right.append(f"Bản xuất không có sổ: {', '.join(absent)}.")
    findings = [finding for history in histories.values() for finding in history.findings]
    return {"right": right + seen + editions, "findings": findings, "histories": histories}


def _described(folder: Path) -> dict[str, tuple[int, str]]:
    """Size and root of each history that the export says it has: numbers and roots alone, for they are printed."""
    try:
        histories = json.loads((folder / "export.json").read_text(encoding="utf-8"))["histories"]
        described = {service: (int(row["events"]), str(row["root"])) for service, row in histories.items()}
        known = all(b64encode(read_root(root)).decode() == root for _, root in described.values())
    except (ValueError, KeyError, TypeError, AttributeError, Unreadable):
        known = False
    if not known or not described.keys() <= SERVICES.keys():
        raise Unreadable("Tệp export.json của bản xuất không đọc được.")
    return described


def _check_described(history: History, described: tuple[int, str] | None) -> None:
    last = history.checkpoints[-1][0] if history.checkpoints else None
    if described and described != (last and (last.size, last.root_text)):
        kind, size = ("shorter", dots(last.size)) if last else ("missing", "0")
        sentence = (
            f"export.json ghi {described[0]} sự kiện với mã gốc {described[1]}, niêm phong cuối có {size} sự kiện"
        )
        history.found(kind, last and history.position_at(last.size), sentence)


def _sentences(history: History, outside: Sequence[Checkpoint]) -> Iterator[str]:
    if history.findings or not history.checkpoints:
        return
    last = history.checkpoints[-1][0]
    yield (
        f"Sổ {history.name}: đủ {dots(last.size)} sự kiện{_until(history)}, đúng thứ tự, không sự kiện nào bị sửa;"
        f" mã gốc {last.root_text}."
    )
    for each in outside:
        if each.service == history.service:
            yield f"Sổ {history.name}: nối tiếp đúng niêm phong {dots(each.size)} sự kiện cất ở nơi khác."


def _until(history: History) -> str:
    """Until when the history goes: what came after it is not proved."""
    try:
        at = datetime.fromisoformat(history.last_time) + timedelta(hours=7)
    except (ValueError, OverflowError):
        return ""
    return f" đến {at.strftime('%H:%M ngày %d/%m/%Y')}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify.py", description="Kiểm tra một bản xuất của Minh Bạch.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent, help="thư mục của bản xuất")
    parser.add_argument("--checkpoint", action="append", default=[], help="niêm phong cất ở nơi khác")
    parser.add_argument("--key", action="append", default=[], help="khóa công khai ghi ở nơi khác")
    parser.add_argument("--witness", action="append", default=[], help="khóa công khai của bên làm chứng")
    parser.add_argument("--json", action="store_true", dest="as_json", help="in JSON cho chương trình khác")
    chosen = parser.parse_args(arguments)
    try:
        if not (chosen.folder / "export.json").is_file():
            raise Unreadable(f"{chosen.folder} không phải là thư mục của một bản xuất.")
        outside = [each for given in chosen.checkpoint for each in kept_elsewhere(given)]
        trusted = [read_key(given) for given in chosen.key]
        witnesses = [read_key(given, (ED25519, COSIGNATURE)) for given in chosen.witness]
        result = verify(chosen.folder, outside, trusted, witnesses)
    except (Unreadable, OSError, UnicodeDecodeError) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    _print(result, outside, trusted, as_json=chosen.as_json)
    return 1 if result["findings"] else 0


def _print(result: dict[str, Any], outside: Sequence[Checkpoint], trusted: Sequence[Key], *, as_json: bool) -> None:
    findings: list[Finding] = result["findings"]
    if as_json:
        found = [
            {"kind": f.kind, "service": f.service, "position": f.position, "sentence": f.sentence} for f in findings
        ]
        sizes = {name: len(history.positions) for name, history in result["histories"].items()}
        print(json.dumps({"right": result["right"], "sizes": sizes, "findings": found}, ensure_ascii=False, indent=2))
        return
    for sentence in result["right"]:
        print(sentence)
    if not outside and not trusted:
        print("Chưa đối chiếu với niêm phong hay khóa nào cất ở nơi khác (--checkpoint, --key).")
    for finding in findings[:MOST_PRINTED]:
        print(f"SAI: {finding.sentence}", file=sys.stderr)
    if len(findings) > MOST_PRINTED:
        print(f"… và {dots(len(findings) - MOST_PRINTED)} sai khác nữa (--json có đủ).", file=sys.stderr)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot show Vietnamese shows question marks
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.exit(main())
