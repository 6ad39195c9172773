"""The Merkle tree: known values, laws for every size, and another implementation as an oracle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

from shared.seals.merkle import (
    EMPTY_ROOT,
    CompactRange,
    consistency_path,
    hash_of_leaves,
    hash_of_tree,
    inclusion_path,
    leaf_hash,
    node_hash,
    proof,
    proves_consistency,
    proves_inclusion,
    root_of,
    split,
)

# The inputs and roots that implementations of Certificate Transparency share.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
KNOWN = [leaf_hash(bytes.fromhex(text)) for text in INPUTS]
sizes = st.integers(1, 130)


def leaves(size):
    return [leaf_hash(b"%d" % number) for number in range(size)]


@st.composite
def two_sizes(draw):
    size = draw(sizes)
    return draw(st.integers(1, size)), size


def rfc_root(hashes):
    """The definition of the RFC, as it is written there."""
    if len(hashes) == 1:
        return hashes[0]
    middle = split(len(hashes))
    return node_hash(rfc_root(hashes[:middle]), rfc_root(hashes[middle:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_the_known_ones(size):
    assert root_of(KNOWN[:size]).hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing_as_its_root():
    assert CompactRange().root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_paths_of_the_example_in_the_rfc():
    """RFC 9162, 2.1.5: a tree of seven leaves."""
    assert inclusion_path(0, 7) == [(1, 2), (2, 4), (4, 7)]
    assert inclusion_path(3, 7) == [(2, 3), (0, 2), (4, 7)]
    assert inclusion_path(4, 7) == [(5, 6), (6, 7), (0, 4)]
    assert inclusion_path(6, 7) == [(4, 6), (0, 4)]
    assert consistency_path(3, 7) == [(2, 3), (3, 4), (0, 2), (4, 7)]
    assert consistency_path(4, 7) == [(4, 7)]
    assert consistency_path(6, 7) == [(4, 6), (6, 7), (0, 4)]


@given(sizes)
def test_a_compact_range_has_the_root_of_the_definition(size):
    assert root_of(leaves(size)) == rfc_root(leaves(size))


@given(two_sizes())
def test_a_compact_range_goes_on_from_its_kept_hashes(both):
    old, size = both
    tree = CompactRange()
    for leaf in leaves(old):
        tree.append(leaf)
    again = CompactRange(tree.size, tree.hashes)
    for leaf in leaves(size)[old:]:
        again.append(leaf)
    assert again.root() == root_of(leaves(size))
    assert all(node == root_of(leaves(size)[start:end]) for (start, end), node in again.subtrees().items())


@pytest.mark.parametrize(("size", "hashes"), [(1, []), (0, [EMPTY_ROOT]), (3, [EMPTY_ROOT]), (1, [b"short"]), (-1, [])])
def test_hashes_that_are_no_compact_range_are_refused(size, hashes):
    with pytest.raises(ValueError, match="no compact range"):
        CompactRange(size, hashes)


@given(two_sizes())
def test_an_inclusion_proof_holds_for_its_leaf_and_for_no_other(both):
    index, size = both[0] - 1, both[1]
    hashes = proof(inclusion_path(index, size), hash_of_leaves(leaves(size)))
    root = root_of(leaves(size))
    assert proves_inclusion(leaves(size)[index], index, size, root, hashes)
    assert not proves_inclusion(leaf_hash(b"other"), index, size, root, hashes)
    assert not proves_inclusion(leaves(size)[index], index, size, leaf_hash(b"other"), hashes)
    assert not proves_inclusion(leaves(size)[index], index, size, root, [*hashes, root])
    assert not proves_inclusion(leaves(size)[index], size, size, root, hashes)
    if size > 1:
        assert not proves_inclusion(leaves(size)[index], (index + 1) % size, size, root, hashes)


@given(two_sizes())
def test_each_subtree_of_a_proof_is_looked_up_in_a_tree_that_was_hashed_once(both):
    old, size = both
    looked_up, computed = hash_of_tree(leaves(size)), hash_of_leaves(leaves(size))
    for path in (consistency_path(old, size), inclusion_path(old - 1, size)):
        assert proof(path, looked_up) == proof(path, computed)


@given(two_sizes(), st.data())
def test_a_consistency_proof_holds_for_the_older_tree_and_for_no_other(both, drawn):
    old, size = both
    hashes = proof(consistency_path(old, size), hash_of_leaves(leaves(size)))
    roots = root_of(leaves(old)), root_of(leaves(size))
    assert proves_consistency(old, roots[0], size, roots[1], hashes)
    assert not proves_consistency(old, leaf_hash(b"other"), size, roots[1], hashes)
    assert not proves_consistency(old, roots[0], size, leaf_hash(b"other"), hashes)
    assert not proves_consistency(old, roots[0], size, roots[1], [*hashes, roots[0]])
    assert not proves_consistency(size + 1, roots[0], size, roots[1], hashes)
    if hashes:
        changed = drawn.draw(st.integers(0, len(hashes) - 1))
        hashes[changed] = leaf_hash(b"other")
        assert not proves_consistency(old, roots[0], size, roots[1], hashes)


@given(two_sizes(), st.data())
def test_no_proof_makes_a_changed_history_an_extension(both, drawn):
    old, size = both
    altered = leaves(size)
    altered[drawn.draw(st.integers(0, old - 1))] = leaf_hash(b"altered")
    hashes = proof(consistency_path(old, size), hash_of_leaves(altered))
    assert not proves_consistency(old, root_of(leaves(old)), size, root_of(altered), hashes)


def test_every_tree_extends_the_empty_one_and_only_that():
    assert proves_consistency(0, EMPTY_ROOT, 3, root_of(leaves(3)), [])
    assert not proves_consistency(0, leaf_hash(b""), 3, root_of(leaves(3)), [])
    assert not proves_consistency(0, EMPTY_ROOT, 3, root_of(leaves(3)), [EMPTY_ROOT])


@given(two_sizes())
def test_an_older_compact_range_and_the_new_leaves_are_enough_for_a_consistency_proof(both):
    """What the sealer relies on: it never reads again the events that it sealed before."""
    old, size = both
    before = CompactRange()
    for leaf in leaves(old):
        before.append(leaf)
    known = before.subtrees()
    for start, end in consistency_path(old, size):
        assert start >= old or (start, end) in known


@given(two_sizes())
def test_another_implementation_has_the_same_roots_and_accepts_the_same_proofs(both):
    old, size = both
    tree = InmemoryTree(algorithm="sha256")
    for number in range(size):
        tree.append_entry(b"%d" % number)
    assert tree.get_root() == root_of(leaves(size))
    theirs = tree.prove_inclusion(old, size)
    verify_inclusion(leaves(size)[old - 1], root_of(leaves(size)), theirs)
    verify_consistency(root_of(leaves(old)), root_of(leaves(size)), tree.prove_consistency(old, size))
