"""Evidence files and a real clamd: nothing with a virus is kept or handed out, and nothing that was not scanned."""

import io
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import zipfile
from base64 import b64decode, b64encode
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from services.planning.questions import QUESTIONS
from services.planning.virus_scanner import NotScanned, VirusScanner
from shared.contracts.planning import SendEvidencePart, ShowEvidence, ShowTask
from shared.messaging.questions.questions import NoAnswer
from shared.settings import SettingsError
from tests.planning.province import DUE, duty, opened, sent, task_of, with_a_plan

CLAMD = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
VIRUS = b"MINHBACH-TEST-VIRUS"  # the only one that the daemon of these tests knows
PDF = b"%PDF-1.7 "
CONFIGURATION = """
DatabaseDirectory {folder}
LocalSocket {folder}/socket
TCPAddr 127.0.0.1
TCPSocket {port}
StreamMaxLength 1M
Foreground yes
"""

needs_clamd = pytest.mark.skipif(
    CLAMD is None and os.environ.get("CI") != "true", reason="no clamd here; on Debian: apt-get install clamav-daemon"
)


@contextmanager
def running_clamd():
    """Its local socket, and host:port. The folder has a short name: a path of a socket has a limit of 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="clamd-") as name, socket.create_server(("127.0.0.1", 0)) as free:
        folder, port = Path(name), free.getsockname()[1]
        free.close()
        (folder / "test.ndb").write_text(f"Minhbach.Test:0:*:{VIRUS.hex()}\n")
        (folder / "clamd.conf").write_text(CONFIGURATION.format(folder=folder, port=port))
        with subprocess.Popen([CLAMD, "-c", folder / "clamd.conf"], stdout=subprocess.DEVNULL) as process:
            try:
                wait_for(process, f"{folder}/socket")
                yield f"{folder}/socket", f"127.0.0.1:{port}"
            finally:
                process.terminate()


def wait_for(process, path):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, "clamd ended"
        try:
            VirusScanner(path).virus_in(b"a")
        except NotScanned:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("clamd does not answer")


@pytest.fixture(scope="module")
def clamd():
    with running_clamd() as places:
        yield places


def infected_office_file():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("word/document.xml", "a" * 1000 + VIRUS.decode() * 3)
    assert VIRUS not in content.getvalue()
    return content.getvalue()


@needs_clamd
@pytest.mark.parametrize("place", [0, 1], ids=["local socket", "host and port"])
def test_a_virus_is_found_also_inside_of_an_office_file(clamd, place):
    scanner = VirusScanner(clamd[place])
    assert scanner.virus_in(PDF + bytes(500_000)) is None
    assert scanner.virus_in(PDF + VIRUS) == "Minhbach.Test.UNOFFICIAL"
    assert scanner.virus_in(infected_office_file()) == "Minhbach.Test.UNOFFICIAL"


@needs_clamd
def test_a_file_that_the_daemon_does_not_read_to_its_end_is_not_clean(clamd):
    with pytest.raises(NotScanned):
        VirusScanner(clamd[0]).virus_in(bytes(4_000_000))


@pytest.mark.parametrize("place", ["clamd", "clamd:", "clamd:x", ":3310", "clamd:99999"])
def test_a_place_that_is_none_ends_the_process_with_a_sentence(place):
    with pytest.raises(SettingsError, match="host:port"):
        VirusScanner.of({"MINHBACH_CLAMD": place})


@pytest.mark.parametrize("verdict", [b"", b"stream: OK and more", b"INSTREAM size limit exceeded. ERROR\0"])
def test_an_answer_that_is_no_verdict_is_not_clean(verdict):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer_once():
            with server.accept()[0] as connection:
                connection.recv(1000)
                connection.sendall(verdict)

        answering = threading.Thread(target=answer_once)
        answering.start()
        with pytest.raises(NotScanned):
            VirusScanner(f"127.0.0.1:{server.getsockname()[1]}").virus_in(PDF)
        answering.join()


@pytest.fixture
def scanning(stack, clock, clamd):
    """Planning with a scanner."""
    with opened(stack, clock, MINHBACH_CLAMD=clamd[0]) as here:
        yield here


def file_named(content):
    return {"sha256": sha256(content).hexdigest(), "name": "Biên bản.pdf"}


def sending(commune, content):
    """The question that sends a file of one part."""
    fields = {"upload": "u-1", "sha256": file_named(content)["sha256"], "size": len(content)}
    return SendEvidencePart(commune=commune, content=b64encode(content), **fields)


def attached(here, commune, content, submission_id):
    step = {"task_id": task_of(here.planning, commune), "step": "attach", "file": file_named(content)}
    return sent(here, commune, step, submission_id=submission_id)


def answered(here, question):
    return QUESTIONS[type(question)](here.planning, question)


def unanswered(here, question):
    with pytest.raises(NoAnswer) as refused:
        answered(here, question)
    return refused.value.unanswered.problem, refused.value.unanswered.sentence


@needs_clamd
@pytest.mark.parametrize("content", [PDF + VIRUS, infected_office_file()], ids=["PDF", "office file"])
def test_a_file_with_a_virus_is_refused_and_nothing_of_it_is_kept(scanning, content):
    commune = with_a_plan(scanning.planning, duty("Báo cáo", DUE))
    problem, sentence = unanswered(scanning, sending(commune, content))
    assert (problem, "mã độc" in sentence) == ("refused", True)
    kept = scanning.planning.evidence
    assert kept.sent(commune, "None.u-1") == kept.content_of(file_named(content)["sha256"]) == b""
    assert [each.rule for each in attached(scanning, commune, content, "early").refused] == ["file-missing"]


@needs_clamd
def test_a_clean_file_is_kept_and_handed_out(scanning):
    content, commune = PDF + b"a clean one", with_a_plan(scanning.planning, duty("Báo cáo", DUE))
    assert answered(scanning, sending(commune, content)).media_type == "application/pdf"
    assert attached(scanning, commune, content, "once").accepted == 1
    task = task_of(scanning.planning, commune)
    assert answered(scanning, ShowTask(commune=commune, task_id=task)).files_scanned
    file = ShowEvidence(commune=commune, task_id=task, sha256=file_named(content)["sha256"])
    assert b64decode(answered(scanning, file).content) == content


def test_without_a_verdict_a_file_is_not_kept_and_may_be_sent_again(stack, clock, tmp_path):
    content = PDF + b"while clamd is away"
    with opened(stack, clock, MINHBACH_CLAMD=f"{tmp_path}/nobody") as here:
        commune = with_a_plan(here.planning, duty("Báo cáo", DUE))
        for _ in range(12):  # more than a commune may have on their way
            problem, sentence = unanswered(here, sending(commune, content))
            assert (problem, "chưa lưu" in sentence) == ("not-ready", True)
        assert here.planning.evidence.content_of(file_named(content)["sha256"]) == b""


@needs_clamd
@pytest.mark.parametrize("content", [PDF + b"before " + VIRUS, PDF + b"before"], ids=["with a virus", "clean"])
def test_a_file_that_was_kept_before_there_was_a_scanner_is_scanned_before_it_is_handed_out(here, scanning, content):
    commune = with_a_plan(here.planning, duty("Báo cáo", DUE))
    answered(here, sending(commune, content))
    assert attached(here, commune, content, "once").accepted == 1
    task = task_of(here.planning, commune)
    assert not answered(here, ShowTask(commune=commune, task_id=task)).files_scanned
    file = ShowEvidence(commune=commune, task_id=task, sha256=file_named(content)["sha256"])
    assert b64decode(answered(here, file).content) == content
    if VIRUS in content:
        assert unanswered(scanning, file)[0] == "refused"
        assert unanswered(scanning, sending(commune, content))[0] == "refused", "also when it is sent again"
    else:
        assert b64decode(answered(scanning, file).content) == content
        assert scanning.planning.evidence.is_scanned(file.sha256)
