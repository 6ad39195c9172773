"""An export of the sealed histories, verified by its own program with nothing but Python."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.reporting.audit.proof import event_files, verify
from services.reporting.audit.proof.export import NothingSealed, export
from shared.seals.notes import Signer, signed

ROOT = Path(__file__).parents[2]


def exported(history, folder, until=None):
    return export(history.settings, folder, until, lambda *_: None)


def verified(folder, *words):
    """Exit code, and the JSON of the verifier, in this process."""
    kept = [checkpoint for given in words for checkpoint in verify.kept_elsewhere(given)]
    return verify.verify(folder, kept, [])


def findings(folder, *words):
    return [(found.kind, found.service, found.position) for found in verified(folder, *words)["findings"]]


@pytest.fixture(scope="module")
def undamaged(unaltered, tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    exported(unaltered, folder)
    return folder


@pytest.fixture
def folder(undamaged, tmp_path):
    return shutil.copytree(undamaged, tmp_path, dirs_exist_ok=True)


def test_an_export_is_verified_by_python_alone(unaltered, tmp_path):
    """Without the packages of the project, and without its folder."""
    summary = exported(unaltered, tmp_path)
    assert [(each.service, each.size) for each in summary.last] == [("indicators", 12), ("reporting", 2)]
    first = unaltered.checkpoints()[0]
    command = [sys.executable, "-I", "-S", "verify.py", "--json", "--key", str(unaltered.key.verifier)]
    command += ["--checkpoint", f"indicators:{first.size}:{first.root_text}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    answer = json.loads(done.stdout)
    assert (done.returncode, done.stderr, answer["findings"]) == (0, "", [])
    assert answer["sizes"] == {"indicators": 12, "reporting": 2}
    assert any("nối tiếp đúng niêm phong 4 sự kiện" in sentence for sentence in answer["right"])
    assert any(
        "tính từ đúng 9 sự kiện đầu của sổ chỉ tiêu" in sentence and "2025-Q3" in sentence
        for sentence in answer["right"]
    )


def test_files_of_events_are_json_lines(unaltered, undamaged):
    (path,) = (undamaged / "indicators").glob("events-*")
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    assert [row["position"] for row in rows] == unaltered.positions()
    assert rows[0]["state"]["definition"] == {"name": "Đất"}


@pytest.fixture
def small_files(monkeypatch):
    for module, name, value in (
        (event_files, "EVENTS_OF_A_FILE", 4),
        (verify, "SEGMENT_LEVEL", 2),
        (verify, "SEGMENT", 4),
    ):
        monkeypatch.setattr(module, name, value)


@pytest.mark.parametrize("more", range(6))
def test_a_history_of_several_files_is_verified(published, tmp_path, small_files, more):
    published.add(more)
    published.seal()
    exported(published, tmp_path)
    assert len(list((tmp_path / "indicators").glob("events-*"))) == (12 + more + 3) // 4
    roots = [f"indicators:{each.size}:{each.root_text}" for each in published.checkpoints()]
    assert findings(tmp_path, *roots) == []


def test_an_interrupted_export_goes_on_and_a_complete_one_is_written_anew(published, tmp_path, small_files):
    def interrupt(service, *_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(published.settings, tmp_path, None, interrupt)
    (first,) = (tmp_path / "indicators").glob("events-*")
    written = first.stat().st_mtime_ns
    exported(published, tmp_path)
    assert first.stat().st_mtime_ns == written
    assert findings(tmp_path) == []
    position = published.positions()[0]
    published.alter(f"UPDATE indicators.indicators_events SET state = '{{}}' WHERE notification_id = {position}")
    exported(published, tmp_path)
    assert findings(tmp_path) == [("altered", "indicators", position)]


KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from services.reporting.audit.proof import event_files
from services.reporting.audit.proof.export import export
from shared.settings import Settings

def lines(*asked, written=event_files._lines):
    for number, line in enumerate(written(*asked), start=1):
        if number == 3 and done:
            os.kill(os.getpid(), signal.SIGKILL)
        yield line

done = []
event_files.EVENTS_OF_A_FILE, event_files.LINES_AT_ONCE, event_files._lines = 4, 1, lines
export(Settings.from_env(), Path(sys.argv[1]), None, lambda *wrote: done.append(wrote))
"""


def test_an_export_that_is_killed_while_it_writes_a_file_goes_on(unaltered, tmp_path, small_files):
    settings = unaltered.settings
    env = os.environ | {"DATABASE_URL": settings.database_url, "NATS_URL": settings.nats_url}
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], env=env, cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    (first, torn) = sorted((tmp_path / "indicators").glob("events-*"))
    assert (first.suffix, torn.suffix) == (".gz", ".part")
    written = first.stat().st_mtime_ns
    exported(unaltered, tmp_path)
    assert first.stat().st_mtime_ns == written
    assert findings(tmp_path) == []
    assert not list(tmp_path.rglob("*.part"))


def test_an_export_of_a_past_day_ends_with_its_last_checkpoint(history, tmp_path):
    for day in (10, 11, 12):
        history.add(2, datetime(2025, 9, day, 5, tzinfo=UTC))
        history.seal()
    with pytest.raises(NothingSealed):
        exported(history, tmp_path, date(2025, 9, 9))
    assert exported(history, tmp_path, date(2025, 9, 11)).last[0].size == 4
    assert findings(tmp_path) == []


def test_an_edition_on_events_that_are_not_sealed_yet_is_named(history, tmp_path):
    history.add(3)
    history.seal()
    history.add(1)
    history.publish("2025-Q3", {"indicators": history.positions()[-1]})
    history.seal("reporting")
    assert exported(history, tmp_path).unsealed == ["2025-Q3 lần 1"]
    assert [kind for kind, _, _ in findings(tmp_path)] == ["edition"]


@pytest.mark.parametrize(
    "damage", [b"", b"not gzip", gzip.compress(b"no event\n")], ids=["empty", "not gzip", "not events"]
)
def test_a_damaged_file_is_named(folder, damage):
    (path,) = (folder / "indicators").glob("events-*")
    path.write_bytes(damage)
    assert ("unreadable" if damage else "missing") in {kind for kind, _, _ in findings(folder)}


def test_whatever_a_file_holds_the_verifier_answers(folder):
    for path in ("indicators/checkpoints.jsonl", "indicators/keys.jsonl", "reporting/proofs.jsonl"):
        before = (folder / path).read_bytes()
        for damage in (b"[]\n", b"{}\n", b'{"note": 1}\n', b"\xff", b'{"verifier_key": "x", "note": "y"}\n'):
            (folder / path).write_bytes(damage)
            done = subprocess.run([sys.executable, folder / "verify.py"], capture_output=True, text=True, check=False)
            assert done.returncode in ((0, 1) if "proofs" in path else (1, 2)), (path, damage)
            assert "Traceback" not in done.stderr, (path, damage)
        (folder / path).write_bytes(before)


def test_a_root_copied_from_a_printed_report_is_read(unaltered):
    """It breaks there in the middle, at a character that nobody sees."""
    first = unaltered.checkpoints()[0]
    copied = f"indicators:4:{first.root_text[:20]}\u200b{first.root_text[20:]}"
    (kept,) = verify.kept_elsewhere(copied)
    assert kept.root == first.root


@pytest.mark.parametrize("words", [["x"], ["planning:1"], ["planning:x:y"], ["nowhere:1:2"]])
def test_a_checkpoint_that_cannot_be_read_is_wrong_use(undamaged, capsys, words):
    assert verify.main([str(undamaged), "--checkpoint", *words]) == 2
    assert verify.main([str(undamaged / "elsewhere")]) == 2
    assert verify.main([str(undamaged), "--key", "x"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_signatures_are_verified_without_cryptography_as_with_it():
    for number in range(8):
        signer = Signer.new("minhbach/51")
        message = f"text {number}\n".encode()
        note = verify.read_note(signed(message.decode(), signer))
        (signature,) = note.signatures.values()
        public = signer.verifier.public
        for changed in (
            signature,
            signature[:-1] + bytes([signature[-1] ^ 1]),
            bytes([signature[0] ^ 1]) + signature[1:],
        ):
            answers = {verify.signature_holds(public, message, changed, plain=plain) for plain in (True, False)}
            assert answers == {changed == signature}
        assert not verify.signature_holds(public, b"other", signature, plain=True)
        assert not verify.signature_holds(bytes(32), message, signature, plain=True)


# RFC 8032, 7.1: the third test.
PUBLIC = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
SIGNATURE = (
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
)


def test_the_vector_of_the_rfc_holds():
    assert verify.signature_holds(bytes.fromhex(PUBLIC), b"\xaf\x82", bytes.fromhex(SIGNATURE), plain=True)
    assert not verify.signature_holds(bytes.fromhex(PUBLIC), b"\xaf\x83", bytes.fromhex(SIGNATURE), plain=True)
