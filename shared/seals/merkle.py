"""The Merkle tree of RFC 9162, section 2.1: hashes, the compact range of a growing tree, and both kinds of proof.

A proof is a list of subtrees, each a range of leaves: which ones depends on sizes alone, so that their hashes can come
from leaves in memory, from a file, or from a compact range.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
# More levels than any history will have; a proof that is longer is no proof.
MOST_LEVELS = 64

Range = tuple[int, int]  # the first leaf, and the one after the last
HashOf = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two that is smaller than a size of two or more: how many leaves the left subtree has."""
    return 1 << (size - 1).bit_length() - 1


class CompactRange:
    """A growing tree without its leaves: the roots of its perfect subtrees, the largest first."""

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        """ValueError where the hashes are not as many as a tree of that size has perfect subtrees."""
        self.size = size
        self.hashes = list(hashes)
        if size < 0 or len(self.hashes) != size.bit_count() or any(len(h) != HASH_BYTES for h in self.hashes):
            raise ValueError(f"{len(self.hashes)} hashes are no compact range of {size} leaves")

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        size, node = self.size, leaf
        while size & 1:
            node = sha256(b"\x01" + self.hashes.pop() + node).digest()
            size >>= 1
        self.hashes.append(node)
        self.size += 1

    def root(self) -> bytes:
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def copy(self) -> "CompactRange":
        return CompactRange(self.size, self.hashes)

    def subtrees(self) -> dict[Range, bytes]:
        """The hashes by the leaves that each covers."""
        found, start = {}, 0
        for level, node in zip(_levels(self.size), self.hashes, strict=True):
            found[start, start + (1 << level)] = node
            start += 1 << level
        return found


def _levels(size: int) -> list[int]:
    return [level for level in reversed(range(size.bit_length())) if size >> level & 1]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over hashes of leaves."""
    tree = CompactRange()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def hash_of_leaves(leaves: Sequence[bytes]) -> HashOf:
    """The hash of any range of these leaves, given by their hashes."""
    return lambda start, end: root_of(leaves[start:end])


def hash_of_tree(leaves: Sequence[bytes]) -> HashOf:
    """The same for the ranges of proofs only, each at once: every subtree is hashed once, before the first question."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = iter(levels[-1])
        levels.append([node_hash(left, right) for left, right in zip(below, below, strict=False)])

    def hash_of(start: int, end: int) -> bytes:
        size = end - start
        if size & (size - 1) == 0:
            return levels[size.bit_length() - 1][start // size]
        middle = start + split(size)
        return node_hash(hash_of(start, middle), hash_of(middle, end))

    return hash_of


def inclusion_path(index: int, size: int) -> list[Range]:
    """The subtrees of the proof that the leaf at an index, from 0, is in a tree; the lowest first."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_path(old: int, size: int) -> list[Range]:
    """The subtrees of the proof that a tree's first leaves are all the leaves of an older one; the lowest first."""
    if not 0 < old <= size:
        raise ValueError(f"a tree of {size} cannot extend one of {old}")
    path: list[Range] = []
    start, end, is_whole = 0, size, True  # whether the older tree is the subtree at which we are, from its first leaf
    while end != old:
        middle = start + split(end - start)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start, is_whole = middle, False
    return ([] if is_whole else [(start, end)]) + path[::-1]


def proof(path: Iterable[Range], hash_of: HashOf) -> list[bytes]:
    return [hash_of(start, end) for start, end in path]


def proves_inclusion(leaf: bytes, index: int, size: int, root: bytes, hashes: Sequence[bytes]) -> bool:
    """Whether a proof shows that the leaf with this hash is in the tree with this root. RFC 9162, 2.1.3.2."""
    if not 0 <= index < size or len(hashes) > MOST_LEVELS:
        return False
    path = inclusion_path(index, size)
    if len(path) != len(hashes):
        return False
    node = leaf
    for (start, _), sibling in zip(path, hashes, strict=True):
        node = node_hash(sibling, node) if start < index else node_hash(node, sibling)
    return node == root


def proves_consistency(old: int, old_root: bytes, size: int, root: bytes, hashes: Sequence[bytes]) -> bool:
    """Whether a proof shows that the tree with `root` extends the one with `old_root`. RFC 9162, 2.1.4.2.

    Every tree extends the empty one, and a tree of the same size only where it is the same; neither needs a proof.
    """
    if old == 0:
        return old_root == EMPTY_ROOT and not hashes
    if not 0 < old <= size or len(hashes) > MOST_LEVELS:
        return False
    path = consistency_path(old, size)
    if len(path) != len(hashes):
        return False
    if path and path[0][1] == old:  # the older tree ends within a subtree, whose hash both roots are built upon
        node = was = hashes[0]
        rest = list(zip(path, hashes, strict=True))[1:]
    else:
        node = was = old_root
        rest = list(zip(path, hashes, strict=True))
    for (start, _), sibling in rest:
        if start < old:
            node, was = node_hash(sibling, node), node_hash(sibling, was)
        else:
            node = node_hash(node, sibling)
    return was == old_root and node == root
