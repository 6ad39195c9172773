"""Timestamps of an authority that is made here with openssl, over HTTP as RFC 3161 has it."""

import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from services.reporting.audit.proof.timestamps import NotStamped, stamped

NOTE = "minhbach/51/indicators\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— minhbach/51/indicators AAAA\n"
CONFIGURATION = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[extensions]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
"""

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")


def openssl(folder, *words):
    return subprocess.run(["openssl", *words], cwd=folder, capture_output=True, check=True).stdout


def certified(folder, name):
    """A root certificate, and the key and certificate of a timestamping authority that it signed."""
    new = ("-newkey", "rsa:2048", "-nodes", "-subj")
    openssl(folder, "req", "-x509", *new, f"/CN={name} root", "-keyout", "root.key", "-out", "root.pem", "-days", "2")
    openssl(folder, "req", *new, f"/CN={name}", "-keyout", "tsa.key", "-out", "tsa.csr")
    (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder))
    (folder / "serial").write_text("01\n")
    signing = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "2")
    openssl(
        folder, "x509", "-req", "-in", "tsa.csr", *signing, "-extfile", "tsa.cnf", "-extensions", "extensions",
        "-out", "tsa.pem",
    )  # fmt: skip
    return (folder / "root.pem").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """URL, and the root certificate."""
    folder = tmp_path_factory.mktemp("authority")
    root = certified(folder, "here")

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            (folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            signer = ("-signer", "tsa.pem", "-inkey", "tsa.key")
            openssl(folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", *signer, "-out", "answer")
            self.send_response(200)
            self.end_headers()
            self.wfile.write((folder / "answer").read_bytes() if self.path == "/" else b"nonsense")

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", root
    server.shutdown()


def test_an_answer_is_verified_here_and_by_openssl(authority, tmp_path):
    url, root = authority
    (tmp_path / "answer.tsr").write_bytes(stamped(NOTE, url, root))
    (tmp_path / "root.pem").write_bytes(root)
    (tmp_path / "note").write_bytes(NOTE.encode())
    words = ("ts", "-verify", "-in", "answer.tsr", "-CAfile", "root.pem", "-data")
    openssl(tmp_path, *words, "note")
    (tmp_path / "other").write_bytes(NOTE.replace("7", "8").encode())
    with pytest.raises(subprocess.CalledProcessError):
        openssl(tmp_path, *words, "other")


def test_an_answer_of_another_authority_or_none_is_refused(authority, tmp_path):
    url, root = authority
    with pytest.raises(NotStamped, match="không đúng"):
        stamped(NOTE, url, certified(tmp_path, "elsewhere"))
    with pytest.raises(NotStamped, match="không đúng"):
        stamped(NOTE, f"{url}nonsense", root)
    with pytest.raises(NotStamped, match="không đúng"):
        stamped(NOTE, url, b"no certificate")
    with pytest.raises(NotStamped, match="không trả lời"):
        stamped(NOTE, "http://127.0.0.1:1/", root)
    with pytest.raises(NotStamped, match="địa chỉ"):
        stamped(NOTE, "file:///etc/passwd", root)
