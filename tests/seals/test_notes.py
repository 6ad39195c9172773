"""Signed notes, checkpoints and keys, with the vectors of C2SP where it gives some."""

from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.seals.checkpoint import Checkpoint
from shared.seals.key_file import SealKey, key_of, keys_of, read_key, write_key
from shared.seals.merkle import EMPTY_ROOT
from shared.seals.notes import COSIGNATURE, Signer, VerifierKey, WrongNote, cosigned, signed, text_of, verified
from shared.settings import SettingsError

# The public example of the package note of Go, from which C2SP took the form.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# The example of C2SP tlog-checkpoint.
CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
ROOT = EMPTY_ROOT
TEXT = Checkpoint("minhbach/51/planning", 7, ROOT).text


@pytest.fixture
def signer():
    return Signer.new("minhbach/51/planning")


def test_the_example_of_go_is_verified():
    name, key_id, encoded = GO_KEY.split("+", 2)
    key = VerifierKey(name, b64decode(encoded)[1:])
    assert key.key_id.hex() == key_id
    assert verified(GO_NOTE, [key]) == (text_of(GO_NOTE), [key])
    with pytest.raises(WrongNote, match="does not hold"):
        verified(GO_NOTE.replace("answer", "question"), [key])


def test_the_example_of_a_checkpoint_is_read_and_written_as_it_was():
    checkpoint = Checkpoint.read(CHECKPOINT)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.text == CHECKPOINT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4d\n",
        "a b\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        CHECKPOINT.removesuffix("\n"),
    ],
)
def test_no_other_text_is_a_checkpoint(text):
    with pytest.raises(WrongNote):
        Checkpoint.read(text)


def test_a_note_is_verified_by_its_key_and_by_no_other(signer):
    note, other = signed(TEXT, signer), Signer.new(signer.name)
    assert verified(note, [other.verifier, signer.verifier]) == (TEXT, [signer.verifier])
    with pytest.raises(WrongNote, match="signed by no known key"):
        verified(note, [other.verifier])
    with pytest.raises(WrongNote, match="does not hold"):
        verified(note.replace("\n7\n", "\n8\n"), [signer.verifier])


def test_a_signature_of_an_unknown_key_does_no_harm_and_a_wrong_one_of_a_known_key_does(signer):
    other = Signer.new("elsewhere")
    note = signed(TEXT, signer, other)
    assert verified(note, [signer.verifier]) == (TEXT, [signer.verifier])
    forged = signed(TEXT, signer) + other.line("another text\n")
    with pytest.raises(WrongNote, match="elsewhere"):
        verified(forged, [signer.verifier, other.verifier])


@given(st.text(max_size=200))
def test_any_text_is_a_note_or_refused(text):
    for note in (text, f"{TEXT}\n{text}", f"{text}\n\n— a AAAA\n"):
        try:
            text_of(note)
        except WrongNote:
            continue


def test_a_witness_signs_the_time_and_the_whole_checkpoint(signer):
    witness = Signer.new("office.example/witness")
    note = signed(TEXT, signer) + witness.cosignature(TEXT, 1679315147)
    key = VerifierKey(witness.name, witness.verifier.public, COSIGNATURE)
    assert cosigned(CHECKPOINT.encode(), 1679315147) == b"cosignature/v1\ntime 1679315147\n" + CHECKPOINT.encode()
    assert verified(note, [key]) == (TEXT, [key])
    assert VerifierKey.read(str(key)) == key
    with pytest.raises(WrongNote):  # no signature of a log
        verified(note, [witness.verifier])


@pytest.mark.parametrize("text", ["", "a+b", "minhbach+00000000+AQ==", "a+b+c+d", "Ệ+00000000+AAAA"])
def test_no_other_text_is_a_verifier_key(text):
    with pytest.raises(WrongNote):
        VerifierKey.read(text)


def test_a_verifier_key_is_read_as_it_is_written(signer):
    assert VerifierKey.read(str(signer.verifier)) == signer.verifier


def test_a_key_is_followed_by_another_that_both_sign(tmp_path):
    first = SealKey(Signer.new("minhbach/51"))
    third = first.followed_by(Signer.new("minhbach/51")).followed_by(Signer.new("minhbach/51"))
    write_key(tmp_path / "key", third)
    again = read_key(tmp_path / "key")
    assert again == third
    assert again.verifiers[0] == first.verifier
    assert len(again.verifiers) == 3
    assert again.verifiers[-1] == again.verifier
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        write_key(tmp_path / "key", first)


def test_a_rotation_that_one_key_did_not_sign_is_refused():
    first, thief = SealKey(Signer.new("minhbach/51")), Signer.new("minhbach/51")
    honest = first.followed_by(Signer.new("minhbach/51")).rotations[0]
    text = text_of(first.followed_by(thief).rotations[0])
    with pytest.raises(WrongNote, match="both keys"):
        keys_of([signed(text, thief)])
    with pytest.raises(WrongNote, match="does not follow"):
        keys_of([honest, first.followed_by(thief).rotations[0]])
    with pytest.raises(WrongNote):
        keys_of(["no note"])


def test_a_file_that_is_no_key_is_a_sentence(tmp_path):
    assert key_of(None) is None
    (tmp_path / "wrong").write_bytes(b"\xff\n%\n")
    for path in (tmp_path / "missing", tmp_path / "wrong", tmp_path):
        with pytest.raises(SettingsError, match="MINHBACH_SEAL_KEY"):
            key_of(str(path))
