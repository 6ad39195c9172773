"""Typst as this project uses it: its own templates, the fonts it carries, and what others wrote only ever as data."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from json import dumps
from pathlib import Path

import typst

from services.reporting.rendering.charts.drawing import Drawing

_HERE = Path(__file__).parent
_TEMPLATES = _HERE.parent / "templates"
_PIXELS_PER_INCH = 200
_PICTURES = b"""
#set page(width: auto, height: auto, margin: 0pt)
#for svg in json(bytes(sys.inputs.content)) { page(image(bytes(svg), format: "svg", width: 160mm)) }
"""


def pdf(content: Mapping[str, object], written_on: date) -> bytes:
    """The report as PDF/A-2b, all its fonts inside; `content` is what `quarterly_report.typ` sets.

    Typst sees the strings in `content` as text and never as markup, and can read no file outside the templates.
    """
    stamp = datetime.combine(written_on, time(), UTC)
    compiler = _compiler((_TEMPLATES / "quarterly_report.typ").read_bytes(), content)
    return _pages(compiler.compile(format="pdf", pdf_standards="a-2b", timestamp=stamp))[0]


def pictures(drawings: Sequence[Drawing]) -> dict[str, bytes]:
    """Each chart as PNG of the width of a page's text, by its name."""
    if not drawings:
        return {}
    compiler = _compiler(_PICTURES, [drawing.svg for drawing in drawings])
    pages = _pages(compiler.compile(format="png", ppi=_PIXELS_PER_INCH))
    return {drawing.name: page for drawing, page in zip(drawings, pages, strict=True)}


def _compiler(source: bytes, content: object) -> typst.Compiler:
    inputs = {"content": dumps(content, ensure_ascii=False)}
    return typst.Compiler(source, root=_TEMPLATES, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs)


def _pages(compiled: bytes | list[bytes] | None) -> list[bytes]:
    return compiled if isinstance(compiled, list) else [compiled or b""]


@cache
def _fonts() -> typst.Fonts:
    """Only these and Typst's own, whatever the machine has: the same report gives the same bytes everywhere."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[_HERE / "fonts"])
