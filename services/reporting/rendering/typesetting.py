"""Runs Typst for PDF and PNG: only our templates and fonts; text from outside is passed as strings, never as markup."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from json import dumps
from pathlib import Path
from struct import unpack_from

import typst

from services.reporting.rendering.charts.drawing import Drawing

_HERE = Path(__file__).parent
_TEMPLATES = _HERE.parent / "templates"
_PIXELS_PER_INCH = 200
UNKNOWN = "□"
SYMBOLS = "✓✔✗✘☐☑☒◆◇★☆⇒⇔♥♦☎✉①②③④⑤⑥⑦⑧⑨⑩"  # in the fonts that Typst brings along
_BY_SEGMENTS = 4  # the format of a cmap subtable
_PICTURES = b"""
#set page(width: auto, height: auto, margin: 0pt)
#for svg in json(bytes(sys.inputs.content)) { page(image(bytes(svg), format: "svg", width: 160mm)) }
"""


def pdf(content: Mapping[str, object], written_on: date) -> bytes:
    """The report as PDF/A-2b, all its fonts inside; `content` is what `report.typ` sets.

    Typst sees the strings in `content` as text and never as markup, and can read no file outside the templates.
    """
    stamp = datetime.combine(written_on, time(), UTC)
    compiler = _compiler((_TEMPLATES / "report.typ").read_bytes(), content)
    return _pages(compiler.compile(format="pdf", pdf_standards="a-2b", timestamp=stamp))[0]


def with_known_characters(content: object) -> object:
    """The same content with □ in place of each character that no font of ours has.

    PDF/A holds no such character: Typst 0.15 refuses the whole report for one, and panics over some scripts.
    """
    match content:
        case str():
            spaced = content.replace("\t", " ")  # a tab is no character of the font, and is refused beside one
            return "".join(one if one.isascii() or ord(one) in _characters() else UNKNOWN for one in spaced)
        case dict():
            return {key: with_known_characters(value) for key, value in content.items()}
        case list():
            return [with_known_characters(value) for value in content]
    return content


def pictures(drawings: Sequence[Drawing]) -> dict[str, bytes]:
    """Each chart as PNG of the width of a page's text, by its name."""
    if not drawings:
        return {}
    compiler = _compiler(_PICTURES, [drawing.svg for drawing in drawings])
    pages = _pages(compiler.compile(format="png", ppi=_PIXELS_PER_INCH))
    return {drawing.name: page for drawing, page in zip(drawings, pages, strict=True)}


def _compiler(source: bytes, content: object) -> typst.Compiler:
    inputs = {"content": dumps(with_known_characters(content), ensure_ascii=False)}
    return typst.Compiler(source, root=_TEMPLATES, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs)


def _pages(compiled: bytes | list[bytes] | None) -> list[bytes]:
    return compiled if isinstance(compiled, list) else [compiled or b""]


@cache
def _fonts() -> typst.Fonts:
    """Only these and Typst's own, whatever the machine has: the same report gives the same bytes everywhere."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[_HERE / "fonts"])


@cache
def _characters() -> frozenset[int]:
    """The code points in all styles of the report's font, the symbols, and the place to break a long word."""
    of_the_font = frozenset.intersection(*map(characters_of, sorted((_HERE / "fonts").glob("*.ttf"))))
    return of_the_font | frozenset(map(ord, SYMBOLS + "\u200b"))


def characters_of(font: Path) -> frozenset[int]:
    """The code points of a TrueType font: the segments of its `cmap` table in format 4, which is that of the BMP."""
    content = font.read_bytes()
    tables = {content[at : at + 4]: unpack_from(">I", content, at + 8)[0] for at in _records(content, 12, 4, 16)}
    cmap = tables[b"cmap"]
    starts = (cmap + unpack_from(">I", content, at + 4)[0] for at in _records(content, cmap + 4, cmap + 2, 8))
    found: set[int] = set()
    for start in starts:
        if unpack_from(">H", content, start)[0] == _BY_SEGMENTS:
            segments = unpack_from(">H", content, start + 6)[0] // 2
            ends = unpack_from(f">{segments}H", content, start + 14)
            begins = unpack_from(f">{segments}H", content, start + 16 + 2 * segments)
            found.update(code for begin, end in zip(begins, ends, strict=True) for code in range(begin, end + 1))
    return frozenset(found - {0xFFFF})


def _records(content: bytes, first: int, count_at: int, size: int) -> range:
    return range(first, first + size * unpack_from(">H", content, count_at)[0], size)
