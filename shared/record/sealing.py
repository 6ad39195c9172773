"""Seals a service's events: extends the tree by those that are new, and signs and keeps a checkpoint of it.

Events that were sealed before are not read again, but for the last one: what is kept of the tree is bound to the signed
root. Beside each checkpoint stand the position, time and hash of its new events, so that whoever finds another root can
say which event is not the sealed one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from psycopg import Connection

from shared.record.checkpoints import (
    LAST_POSITION,
    LEAF,
    READ_AT_ONCE,
    Sealed,
    keys_of_service,
    micros_of,
    of_tables,
    rows_after,
    split_hashes,
)
from shared.record.protected_tables import altered_tables
from shared.seals.canonical import StoredRow, canonical_line
from shared.seals.checkpoint import Checkpoint, line_after, origin_of
from shared.seals.key_file import SealKey
from shared.seals.merkle import CompactRange, consistency_path, hash_of_leaves, leaf_hash, proof
from shared.seals.notes import signed, verified

# A checkpoint holds at most so many new events: after an import several follow each other.
MOST_NEW_EVENTS = 65_536


class SealRefused(Exception):
    """Nothing is sealed, because what was sealed before is not there any more.

    The message says which, for the operator; `vietnamese` does for everybody else.
    """

    def __init__(self, message: str, vietnamese: str) -> None:
        super().__init__(message)
        self.vietnamese = vietnamese


@dataclass
class Growth:
    """A tree with what it has more than at the checkpoint before, and the position of its last event.

    `note` is the checkpoint before, None at the first one.
    """

    service: str
    tree: CompactRange
    position: int
    note: str | None
    hashes: list[bytes] = field(default_factory=list)
    records: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.before = self.tree.copy()

    def take(self, row: StoredRow) -> None:
        leaf = leaf_hash(canonical_line(self.service, row))
        self.tree.append(leaf)
        self.hashes.append(leaf)
        self.records += LEAF.pack(row.position, micros_of(row.recorded_at), leaf)
        self.position = row.position

    @property
    def proof(self) -> list[bytes]:
        return extension_proof(self.before, self.tree.size, self.hashes)


def seal(connection: Connection, service: str, key: SealKey) -> Sealed | None:
    """Sign and keep a checkpoint of the events that are new; None where there is none.

    At most 65,536 of them: call it again until it gives None. SealRefused where the last checkpoint or its event, or a
    key, is not what this key's holder has sealed, or a table is not as it was made.
    """
    with connection.transaction():
        # One sealer at a time; another one finds less to seal, or nothing.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"minhbach seals {service}",))
        _refuse_altered(connection, service)
        _keep_keys(connection, service, key)
        growth = Growth(service, *_last_tree(connection, service, key))
        while (left := MOST_NEW_EVENTS - len(growth.hashes)) > 0:
            rows = rows_after(connection, service, growth.position, limit=min(READ_AT_ONCE, left))
            for row in rows:
                growth.take(row)
            if not rows:
                break
        return _keep(connection, growth, key) if growth.hashes else None


def _refuse_altered(connection: Connection, service: str) -> None:
    if altered := altered_tables(connection, service):
        raise SealRefused(
            f"the tables of {service} are not as they were made: {'; '.join(each.text for each in altered)}",
            f"Không niêm phong sổ {service}: {'; '.join(each.sentence for each in altered)}.",
        )


def _keep(connection: Connection, growth: Growth, key: SealKey) -> Sealed:
    service, tree, root = growth.service, growth.tree, growth.tree.root()
    origin = origin_of(key.signer.name, service)
    text = Checkpoint(origin, tree.size, root).text + (line_after(growth.note) if growth.note else "")
    note = signed(text, key.signer.named(origin))
    shown = growth.proof
    query = of_tables(
        "INSERT INTO {checkpoints} (size, position, root, note, compact_range, proof, leaves)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING sealed_at",
        service,
    )
    kept = (b"".join(tree.hashes), b"".join(shown), bytes(growth.records))
    row = connection.execute(query, (tree.size, growth.position, root, note, *kept)).fetchone()
    assert row
    return Sealed(service, tree.size, growth.position, root, note, tuple(shown), growth.before.size, row[0])


def extension_proof(before: CompactRange, size: int, new: Sequence[bytes]) -> list[bytes]:
    """The proof that a tree of `size` leaves extends an older one, from the hashes of the leaves that it has more."""
    if not before.size:
        return []
    known, of_new = before.subtrees(), hash_of_leaves(new)
    return proof(
        consistency_path(before.size, size),
        lambda start, end: known[start, end] if start < before.size else of_new(start - before.size, end - before.size),
    )


def _keep_keys(connection: Connection, service: str, key: SealKey) -> None:
    known = keys_of_service(connection, service)
    wanted = list(zip(map(str, key.verifiers), ("", *key.rotations), strict=True))
    if wanted[: len(known)] != known:
        raise SealRefused(
            f"the keys in {service}.seal_keys are not those of the key file and the keys before it",
            f"Không niêm phong sổ {service}: các khóa đã lưu không phải là khóa trong tệp và các khóa trước đó.",
        )
    for number, (verifier, rotation) in enumerate(wanted[len(known) :], len(known)):
        connection.execute(of_tables("INSERT INTO {keys} VALUES (%s, %s, %s)", service), (number, verifier, rotation))


def _last_tree(connection: Connection, service: str, key: SealKey) -> tuple[CompactRange, int, str | None]:
    """The tree of the last checkpoint, the position of its last event, and its note, once they are what was sealed."""
    query = of_tables(
        "SELECT size, position, note, compact_range, substr(leaves, length(leaves) - %s) FROM {checkpoints}"
        " ORDER BY size DESC LIMIT 1",
        service,
    )
    row = connection.execute(query, (LEAF.size - 1,)).fetchone()
    if row is None:
        return CompactRange(), -LAST_POSITION, None
    size, position, note, hashes, last = row
    origin = origin_of(key.signer.name, service)
    try:
        text, _ = verified(note, [each.named(origin) for each in key.verifiers])
        tree = CompactRange(size, split_hashes(hashes))
    except ValueError as wrong:
        raise SealRefused(
            f"the checkpoint of {size} events of {service} is not one of this key: {wrong}",
            f"Không niêm phong sổ {service}: niêm phong của {size} sự kiện không phải do khóa này ký.",
        ) from None
    if Checkpoint.read(text) != Checkpoint(origin, size, tree.root()):
        raise SealRefused(
            f"the checkpoint of {size} events of {service} was altered",
            f"Không niêm phong sổ {service}: niêm phong của {size} sự kiện đã bị sửa.",
        )
    stored = rows_after(connection, service, position - 1, position)
    if not stored or LEAF.unpack(last)[2] != leaf_hash(canonical_line(service, stored[0])):
        raise SealRefused(
            f"event {position} of {service}, the last that was sealed, is gone or altered",
            f"Không niêm phong sổ {service}: sự kiện {position}, đã niêm phong sau cùng, đã mất hoặc bị sửa.",
        )
    return tree, position, note
