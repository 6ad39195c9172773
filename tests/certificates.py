"""Certificates made for a test: an authority, and a server on 127.0.0.1 that it vouches for."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificates:
    """`other_ca` is an authority that vouches for nobody here."""

    ca: Path
    other_ca: Path
    certificate: Path
    key: Path


def made_in(folder: Path) -> Certificates:
    ca, other = _authority(folder, "ca"), _authority(folder, "other")
    key, request, certificate = folder / "server.key", folder / "server.csr", folder / "server.pem"
    names = folder / "names"
    names.write_text("subjectAltName=IP:127.0.0.1\n")
    _openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, "-subj", "/CN=127.0.0.1")
    signed_by = "-CA", ca, "-CAkey", ca.with_suffix(".key"), "-CAcreateserial"
    _openssl("x509", "-req", "-in", request, *signed_by, "-days", "2", "-extfile", names, "-out", certificate)
    return Certificates(ca, other, certificate, key)


def _authority(folder: Path, name: str) -> Path:
    certificate = folder / f"{name}.pem"
    key = certificate.with_suffix(".key")
    subject = f"/CN=authority {name}"
    _openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
             "-days", "2", "-subj", subject)  # fmt: skip
    return certificate


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
