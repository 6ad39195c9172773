"""Finds the horizontal and vertical rules that are drawn on a PDF page, of which its tables are made."""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

MAX_DEPTH = 5
MAX_RULES = 6_000  # a map or a chart has more
MAX_SEGMENTS = 200
THICK = 3.0  # points; a rule is often drawn as a thin filled rectangle
SHORT = 4.0
STRAIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line at a height (or, if it is vertical, at a distance from the left), from `start` to `end`."""

    is_vertical: bool
    at: float
    start: float
    end: float


Point = tuple[float, float]
Turn = Callable[[float, float], Point]


def rules_on(page: pdfium.PdfPage) -> list[Rule] | None:
    """None for a page with more rules than tables have."""
    rules: list[Rule] = []
    turn = _turn_of(page)
    for path in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH], max_depth=MAX_DEPTH):
        rules.extend(_rules_of(path, turn))
        if len(rules) > MAX_RULES:
            return None
    return rules


def _turn_of(page: pdfium.PdfPage) -> Turn:
    """Turns a point of the page's own coordinates, which go up, to ones that go right and down as the page is seen."""
    turns: dict[int, Turn] = {
        0: lambda x, y: (x, -y),
        90: lambda x, y: (y, x),
        180: lambda x, y: (-x, y),
        270: lambda x, y: (-y, -x),
    }
    return turns[page.get_rotation() % 360]


def _rules_of(path: pdfium.PdfObject, turn: Turn) -> Iterator[Rule]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(path, fill, stroke)
    for outline in _outlines(path, turn):
        left, right = min(x for x, _ in outline), max(x for x, _ in outline)
        top, bottom = min(y for _, y in outline), max(y for _, y in outline)
        if right - left <= THICK or bottom - top <= THICK:
            if bottom - top > right - left and bottom - top > SHORT:
                yield Rule(True, (left + right) / 2, top, bottom)
            elif right - left > SHORT:
                yield Rule(False, (top + bottom) / 2, left, right)
        elif stroke.value:  # one that is only filled is a shade behind the text
            yield from _sides(outline)


def _sides(outline: list[Point]) -> Iterator[Rule]:
    for (x, y), (other_x, other_y) in pairwise(outline):
        if abs(x - other_x) <= STRAIGHT and abs(y - other_y) > SHORT:
            yield Rule(True, x, min(y, other_y), max(y, other_y))
        elif abs(y - other_y) <= STRAIGHT and abs(x - other_x) > SHORT:
            yield Rule(False, y, min(x, other_x), max(x, other_x))


def _outlines(path: pdfium.PdfObject, turn: Turn) -> Iterator[list[Point]]:
    """Each line of points that is drawn in one go, as it is seen."""
    matrix, around = path.get_matrix(), path.container
    while around is not None:
        matrix, around = matrix.multiply(around.get_matrix()), around.container
    outline: list[Point] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(min(pdfium_c.FPDFPath_CountSegments(path), MAX_SEGMENTS)):
        segment = pdfium_c.FPDFPath_GetPathSegment(path, number)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            if len(outline) > 1:
                yield outline
            outline = []
        outline.append(turn(*matrix.on_point(x.value, y.value)))
        if pdfium_c.FPDFPathSegment_GetClose(segment) and outline:
            outline.append(outline[0])
    if len(outline) > 1:
        yield outline
