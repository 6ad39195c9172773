"""The PDF of a report: its text, fonts and pages; text from outside is never markup."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from services.reporting.domain.content.report_content import ReportContent
from services.reporting.rendering import EditionMark, content_sha256, render
from tests.reporting.example import FORMULA, SCRIPT, example_commune_report, example_report, signable

SPACE = "\u00a0"
MARKUP = '#panic("no") *b* _i_ $x$ ] [ } { #{1+1} @ref <label> `raw` \\ // /* = Heading #read("/etc/passwd")'


pytestmark = pytest.mark.slow  # each writes a PDF


@pytest.fixture(scope="module")
def report() -> ReportContent:
    return signable(example_report())


@pytest.fixture(scope="module")
def small() -> ReportContent:
    """With each kind of content, for what does not depend on how much there is."""
    return signable(example_report(communes=12))


@pytest.fixture(scope="module")
def path(report: ReportContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render(report, ["pdf"], tmp_path_factory.mktemp("pdf"))[0]


@pytest.fixture(scope="module")
def pages(path: Path) -> list[str]:
    return texts(path)


def texts(path: Path) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)]


def flowing(pages: list[str]) -> str:
    """The lines joined, without zero-width spaces in long words."""
    return " ".join(" ".join(pages).replace("\u200b", "").split())


def test_it_begins_with_the_letterhead_and_ends_with_the_signature(pages: list[str]) -> None:
    first = flowing(pages[:1])
    for line in (
        "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
        "Quảng Ngãi, ngày 16 tháng 9 năm 2025",
        "BÁO CÁO Tình hình, kết quả kiểm soát thủ tục hành chính Quý III năm 2025",
        "Kính gửi: Văn phòng Chính phủ.",
    ):
        assert line in first
    signed = next(page for page in pages if "Nơi nhận:" in page)
    assert "TM. ỦY BAN NHÂN DÂN" in signed
    assert "- Lưu: VT, KSTT." in signed


def test_it_is_a4_with_wide_annexes_in_landscape(path: Path, pages: list[str]) -> None:
    sides = [tuple(round(side * 25.4 / 72) for side in page.get_size()) for page in pypdfium2.PdfDocument(path)]
    assert set(sides) == {(210, 297), (297, 210)}
    assert sides[0] == (210, 297)
    form = next(at for at, page in enumerate(pages) if "BIỂU SỐ II.06" in page)
    assert sides[form] == (297, 210)


def test_pages_are_numbered_from_the_second_and_anew_in_each_annex(pages: list[str]) -> None:
    lines = [page.splitlines() for page in pages]
    begins = [0, *(at for at, page in enumerate(lines) if page[0].startswith("Phụ lục"))]
    assert len(begins) == 7
    for begin, end in zip(begins, [*begins[1:], len(lines)], strict=True):
        assert [page[0] for page in lines[begin + 1 : end]] == [str(at) for at in range(2, end - begin + 1)]


def test_it_is_pdf_a_with_embedded_fonts(path: Path) -> None:
    document: Any = pypdfium2.PdfDocument(path)
    fonts = {item.get_font() for page in document for item in page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_TEXT])}
    names = {font.get_base_name().split("+")[-1] for font in fonts}
    assert names <= {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}
    assert all(font.is_embedded for font in fonts)
    assert b"pdfaid:part" in path.read_bytes()


def test_numbers_and_days_are_vietnamese(report: ReportContent, pages: list[str]) -> None:
    everything = flowing(pages)
    rate = f"{report.indicators[0].figure.rate}".replace(".", ",")
    assert f"{rate} %" in everything.replace(SPACE, " ")
    assert f"{report.indicators[0].figure.numerator:,}".replace(",", ".") in everything
    assert "Số liệu biết đến hết ngày 16/9/2025" in everything


def test_it_has_the_hash_and_the_mark_of_its_edition(small: ReportContent, tmp_path: Path) -> None:
    edition = EditionMark(2, date(2025, 9, 20), content_sha256(small), 1, "Xã Ba Tơ đính chính 12 số liệu.")
    (path,) = render(small, ["pdf"], tmp_path, edition)
    everything = flowing(texts(path))
    assert "Bản phát hành lần 2, ngày 20/9/2025, thay thế lần 1. Lý do: Xã Ba Tơ đính chính 12 số liệu." in everything
    assert content_sha256(small) in everything.replace(" ", "")


def test_markup_in_a_name_is_printed_as_text(small: ReportContent, tmp_path: Path) -> None:
    written = replace(small, footnotes=(MARKUP,), not_reported=(MARKUP, SCRIPT, FORMULA))
    (path,) = render(written, ["pdf"], tmp_path)
    everything = flowing(texts(path)).replace(" ", "")
    assert everything.count(MARKUP.replace(" ", "")) == 2
    assert "root:" not in everything


def test_a_name_longer_than_a_page_is_printed_whole(tmp_path: Path) -> None:
    own = example_commune_report()
    task = replace(own.tasks[0], body="Phòng" + "ê" * 4000 + "!")
    (path,) = render(replace(own, tasks=(task,)), ["pdf"], tmp_path)
    assert flowing(texts(path)).count("ê") >= 4000


def test_a_very_long_indicator_name_does_not_fill_every_page(tmp_path: Path) -> None:
    report = example_report(communes=12, indicators=8)
    endless = replace(report.indicators[0], name="Tỷ lệ " + "ê" * 2000)
    (path,) = render(replace(report, indicators=(endless, *report.indicators[1:])), ["pdf"], tmp_path)
    assert len(texts(path)) < 12


def test_vietnamese_diacritics_are_printed_correctly(tmp_path: Path) -> None:
    letters = (
        "ẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ "
        "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ Đđ Ăă Ơơ Ưư Ĭĭ Ŏŏ Ŭŭ Čč Ññ"
    )
    (path,) = render(replace(example_commune_report(), footnotes=(letters,)), ["pdf"], tmp_path)
    assert letters.replace(" ", "") in flowing(texts(path)).replace(" ", "")
