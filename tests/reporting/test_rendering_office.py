"""What LibreOffice, which the offices have, makes of the Word document and of the workbook."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from services.reporting.rendering import render
from tests.reporting.example import SCRIPT, example_report

FONTS = Path(__file__).parents[2] / "services/reporting/rendering/fonts"
A4 = (210, 297)
FONT_CONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>{fonts}</dir><cachedir>{cache}</cachedir>
<alias binding="same"><family>Times New Roman</family><prefer><family>Tinos</family></prefer></alias>
</fontconfig>"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The documents as LibreOffice prints them. CI has it; a machine without it is told what it misses."""
    office = shutil.which("soffice")
    if office is None:
        missing = "LibreOffice is not here: apt-get install libreoffice-writer libreoffice-calc"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    folder = tmp_path_factory.mktemp("office")
    written = {path.suffix[1:]: path for path in render(example_report(), ["docx", "xlsx"], folder)}
    return {name: pypdfium2.PdfDocument(converted(office, path, folder / name)) for name, path in written.items()}


def converted(office: str, path: Path, folder: Path) -> Path:
    folder.mkdir()
    fonts = folder / "fonts.conf"
    fonts.write_text(FONT_CONFIG.format(fonts=FONTS, cache=folder / "cache"))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, path],
        check=True,
        timeout=300,
        capture_output=True,
        env=os.environ | {"FONTCONFIG_FILE": str(fonts), "HOME": str(folder)},
    )
    return folder / f"{path.stem}.pdf"


def text(page: Any) -> str:
    return str(page.get_textpage().get_text_range())


def size(page: Any) -> tuple[int, int]:
    return round(page.get_width() * 25.4 / 72), round(page.get_height() * 25.4 / 72)


def test_a_letterhead_is_on_the_first_page_which_has_no_number(opened: dict[str, Any]) -> None:
    first = text(opened["docx"][0])
    assert size(opened["docx"][0]) == A4
    assert first.splitlines()[0].startswith("ỦY BAN NHÂN DÂN")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in first
    assert "Quảng Ngãi, ngày 16 tháng 9 năm 2025" in first


def test_pages_are_numbered_from_the_second_and_annexes_begin_anew(opened: dict[str, Any]) -> None:
    pages = [text(page).splitlines() for page in opened["docx"]]
    begins = [0, *(at for at, page in enumerate(pages) if page[0].startswith("Phụ lục"))]
    assert len(begins) == 4
    for begin, end in zip(begins, [*begins[1:], len(pages)], strict=True):
        assert [page[0] for page in pages[begin + 1 : end]] == [str(at) for at in range(2, end - begin + 1)]


def test_wide_annexes_lie_on_their_side(opened: dict[str, Any]) -> None:
    sides = {text(page).splitlines()[1]: size(page) for page in opened["docx"] if text(page).startswith("Phụ lục")}
    assert sides["BIỂU SỐ II.06: TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH"] == A4[::-1]
    assert sides["TỶ LỆ THỰC HIỆN CHỈ TIÊU CỦA CÁC XÃ, PHƯỜNG, ĐẶC KHU"] == A4[::-1]
    assert sides["XẾP HẠNG VÀ BẢN ĐỒ CÁC XÃ, PHƯỜNG, ĐẶC KHU"] == A4


def test_the_signature_stands_whole_on_one_page(opened: dict[str, Any]) -> None:
    (signed,) = [text(page) for page in opened["docx"] if "Nơi nhận:" in text(page)]
    for line in ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "- Như trên;", "- Lưu: VT, KSTT."):
        assert line in signed


def test_a_page_of_the_workbook_repeats_the_heading_of_its_sheet(opened: dict[str, Any]) -> None:
    pages = [text(page) for page in opened["xlsx"]]
    form = next(page for page in pages if "Lĩnh vực giải quyết" in page)
    assert "Số lượng hồ sơ tiếp nhận" in form
    assert "(13)" in form
    by_commune = [page for page in pages if "Mã xã" in page]
    assert len(by_commune) > 20
    assert any(SCRIPT in " ".join(page.split()) for page in by_commune)
