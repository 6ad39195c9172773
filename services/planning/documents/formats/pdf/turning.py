"""Turns the coordinates of a PDF page so that they go right and down on the page as it is seen."""

from collections.abc import Callable

import pypdfium2 as pdfium

Box = tuple[float, float, float, float]
BoxTurn = Callable[[float, float, float, float], Box]
Turn = Callable[[float, float], tuple[float, float]]


def turn_of(page: pdfium.PdfPage) -> Turn:
    """How a point of the page's own coordinates, which go up, is seen; only differences mean something."""
    turns: dict[int, Turn] = {
        0: lambda x, y: (x, -y),
        90: lambda x, y: (y, x),
        180: lambda x, y: (-x, y),
        270: lambda x, y: (-y, -x),
    }
    return turns[page.get_rotation() % 360]


def box_turn_of(page: pdfium.PdfPage) -> BoxTurn:
    """How a box (left, top, right, bottom) is seen: (left, right, top, bottom) of what goes right and down."""
    turns: dict[int, BoxTurn] = {
        0: lambda left, top, right, bottom: (left, right, -top, -bottom),
        90: lambda left, top, right, bottom: (bottom, top, left, right),
        180: lambda left, top, right, bottom: (-right, -left, bottom, top),
        270: lambda left, top, right, bottom: (-top, -bottom, -right, -left),
    }
    return turns[page.get_rotation() % 360]
