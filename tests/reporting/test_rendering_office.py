"""The Word document and the workbook as LibreOffice, the software of the offices, prints them."""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from services.reporting.rendering import render
from tests.reporting.example import SCRIPT, example_commune_report, example_report, signable, written

FONTS = Path(__file__).parents[2] / "services/reporting/rendering/fonts"
A4 = (210, 297)
GROWING = range(4, 36, 4)  # sentences
pytestmark = pytest.mark.slow  # LibreOffice, the only program here that breaks the pages of a DOCX, takes seconds
FONT_CONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>{fonts}</dir><cachedir>{cache}</cachedir>
<alias binding="same"><family>Times New Roman</family><prefer><family>Tinos</family></prefer></alias>
</fontconfig>"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The documents as LibreOffice prints them, in one start. CI has it; a machine without it skips.

    By their suffix; and reports of growing length, by their length.
    """
    office = shutil.which("soffice")
    if office is None:
        missing = "LibreOffice is not here: apt-get install libreoffice-writer libreoffice-calc"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    folder = tmp_path_factory.mktemp("office")
    (document,) = render(signable(example_report()), ["docx"], folder)
    (workbook,) = render(signable(example_report(communes=12)), ["xlsx"], folder)  # of 70 pages, not of 440
    paths = {"docx": document, "xlsx": workbook.rename(folder / "workbook.xlsx")}
    paths |= {str(length): short_report(length, folder) for length in GROWING}
    convert(office, *paths.values(), folder=folder / "pdf")
    return {name: pypdfium2.PdfDocument(folder / "pdf" / f"{path.stem}.pdf") for name, path in paths.items()}


def short_report(length: int, folder: Path) -> Path:
    own = signable(example_commune_report())
    small = replace(own, indicators=own.indicators[:2], scoped=(), forms=(), scores=(), footnotes=())
    sentence = "Công tác cải cách hành chính được triển khai đồng bộ trên địa bàn, người dân hài lòng hơn. "
    report = replace(small, narrative=(written("proposals", sentence * length),))
    (path,) = render(report, ["docx"], folder)
    return path.rename(folder / f"{length}.docx")


def convert(office: str, *paths: Path, folder: Path) -> None:
    folder.mkdir()
    fonts = folder / "fonts.conf"
    fonts.write_text(FONT_CONFIG.format(fonts=FONTS, cache=folder / "cache"))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *paths],
        check=True,
        timeout=300,
        capture_output=True,
        env=os.environ | {"FONTCONFIG_FILE": str(fonts), "HOME": str(folder)},
    )


def text(page: Any) -> str:
    return str(page.get_textpage().get_text_range())


def size(page: Any) -> tuple[int, int]:
    return round(page.get_width() * 25.4 / 72), round(page.get_height() * 25.4 / 72)


def test_the_first_page_has_the_letterhead_and_no_number(opened: dict[str, Any]) -> None:
    first = text(opened["docx"][0])
    assert size(opened["docx"][0]) == A4
    assert first.splitlines()[0].startswith("ỦY BAN NHÂN DÂN")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in first
    assert "Quảng Ngãi, ngày 16 tháng 9 năm 2025" in first


def test_pages_are_numbered_from_the_second_and_anew_in_each_annex(opened: dict[str, Any]) -> None:
    pages = [text(page).splitlines() for page in opened["docx"]]
    begins = [0, *(at for at, page in enumerate(pages) if page[0].startswith("Phụ lục"))]
    assert len(begins) == 7
    for begin, end in zip(begins, [*begins[1:], len(pages)], strict=True):
        assert [page[0] for page in pages[begin + 1 : end]] == [str(at) for at in range(2, end - begin + 1)]


def test_wide_annexes_are_in_landscape(opened: dict[str, Any]) -> None:
    sides = {text(page).splitlines()[1]: size(page) for page in opened["docx"] if text(page).startswith("Phụ lục")}
    assert sides["BIỂU SỐ II.06: TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH"] == A4[::-1]
    assert sides["TỶ LỆ THỰC HIỆN CHỈ TIÊU CỦA CÁC XÃ, PHƯỜNG, ĐẶC KHU"] == A4[::-1]
    assert sides["BIỂU ĐỒ, XẾP HẠNG VÀ BẢN ĐỒ CÁC XÃ, PHƯỜNG, ĐẶC KHU"] == A4


def test_the_signature_is_on_one_page(opened: dict[str, Any]) -> None:
    (signed,) = [text(page) for page in opened["docx"] if "Nơi nhận:" in text(page)]
    assert "Trên đây là báo cáo" in signed, "and never alone"
    for line in ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "- Như trên;", "- Lưu: VT, KSTT."):
        assert line in signed


def test_the_signature_is_never_alone_on_a_page(opened: dict[str, Any]) -> None:
    """Reports of growing length: of one of them the signature would be the first thing on a page."""
    for length in GROWING:
        (signed,) = [text(page) for page in opened[str(length)] if "Nơi nhận:" in text(page)]
        assert "Trên đây là báo cáo" in signed, length


def test_a_page_of_the_workbook_repeats_the_heading_of_its_sheet(opened: dict[str, Any]) -> None:
    pages = [text(page) for page in opened["xlsx"]]
    form = next(page for page in pages if "Lĩnh vực giải quyết" in page)
    assert "Số lượng hồ sơ tiếp nhận" in form
    assert "(13)" in form
    by_commune = [page for page in pages if "Mã xã" in page]
    assert len(by_commune) > 20
    assert any(SCRIPT in " ".join(page.split()) for page in by_commune)
