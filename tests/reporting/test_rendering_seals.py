"""The checkpoints that an edition bears: as text in each format, and in a QR code that the verifier reads."""

import re
from datetime import UTC, date, datetime
from zipfile import ZipFile

import pytest
import segno

from services.reporting.audit.proof import verify
from services.reporting.domain.content.versions import SIGNABLE
from services.reporting.read_models.seals import Seal
from services.reporting.rendering import EditionMark, render
from services.reporting.rendering.printed_report import PrintedReport
from shared.seals.checkpoint import Checkpoint
from shared.seals.merkle import leaf_hash
from shared.seals.notes import Signer, signed
from tests.reporting.example import example_report, signable

SIGNER = Signer("minhbach/51", bytes(range(32)))


def sealed(service, size):
    checkpoint = Checkpoint(f"minhbach/51/{service}", size, leaf_hash(service.encode()))
    note = signed(checkpoint.text, SIGNER.named(checkpoint.origin))
    return Seal(service, size, checkpoint.root_text, size + 3, note, datetime(2025, 9, 20, 2, tzinfo=UTC))


SEALS = (sealed("indicators", 24_512), sealed("planning", 1_034), sealed("reporting", 211))
MARK = EditionMark(1, date(2025, 9, 20), "ab" * 32, seals=SEALS)


@pytest.fixture(scope="module")
def report():
    return signable(example_report(communes=4, indicators=4))


@pytest.fixture(scope="module")
def rendered(report, tmp_path_factory):
    html, docx, pdf, xlsx = render(report, ["html", "docx", "pdf", "xlsx"], tmp_path_factory.mktemp("seals"), MARK)
    return html.read_text(encoding="utf-8"), docx, pdf, xlsx


def test_an_edition_is_sealed_for_readers_of_each_format(rendered):
    html, docx, pdf, xlsx = rendered
    for seal in SEALS:
        assert seal.root in html
        assert seal.root in ZipFile(docx).read("word/document.xml").decode()
        assert any(seal.root in ZipFile(xlsx).read(name).decode() for name in ZipFile(xlsx).namelist() if "xml" in name)
    assert "24.512 sự kiện (đến vị trí 24.515), lúc 09:00 ngày 20/9/2025" in html
    assert html.count("<figcaption>Mã QR: mã băm của lần công bố") == 1
    assert "word/media/ma-niem-phong.svg" in ZipFile(docx).namelist()
    assert pdf.read_bytes().startswith(b"%PDF")


def test_the_code_holds_the_hash_and_checkpoints_that_the_verifier_reads(report, tmp_path):
    printed = PrintedReport(report, MARK)
    (tmp_path / "code.txt").write_text(printed.seal_text, encoding="utf-8")
    kept = verify.kept_elsewhere(str(tmp_path / "code.txt"))
    assert [(each.service, each.size, each.root_text) for each in kept] == [seal[:3] for seal in SEALS]
    key = verify.Key("minhbach/51", SIGNER.verifier.public)
    assert all(each.note.signers([key._replace(name=each.origin)]) for each in kept)
    assert printed.seal_text.startswith(f"minhbach-edition 51 {report.period} 1 {'ab' * 32}\n")
    size = segno.make(printed.seal_text, error="l", micro=False).symbol_size(border=4)[0]
    assert (printed.seal_code.width, printed.seal_code.height) == (size, size)
    assert re.match(r'<svg xmlns="http://www.w3.org/2000/svg"', printed.seal_code.svg)


def test_documents_without_checkpoints_and_of_earlier_layouts_have_none(report, tmp_path):
    unsealed = EditionMark(1, date(2025, 9, 20), "ab" * 32)
    assert PrintedReport(report, unsealed).seal_code is None
    assert PrintedReport(report).seal_code is None
    earlier = example_report(communes=2, indicators=2)
    assert earlier.layout < SIGNABLE
    for number, mark in enumerate((MARK, unsealed)):
        render(earlier, ["html", "docx", "xlsx"], tmp_path / str(number), mark)
    for path in (tmp_path / "0").iterdir():
        assert path.read_bytes() == (tmp_path / "1" / path.name).read_bytes()
