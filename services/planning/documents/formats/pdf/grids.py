"""Finds the rules that are drawn on a PDF page, the tables that they form, and which squares are one merged cell."""

import ctypes
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

MAX_DEPTH = 5
MAX_RULES = 6_000  # a map or a chart has more
MAX_SEGMENTS = 200
THICK = 3.0  # points; a rule is often drawn as a thin filled rectangle
SHORT = 4.0
STRAIGHT = 1.0
Point = tuple[float, float]
Turn = Callable[[float, float], Point]
NEAR = 3.0  # points within which two rules are one, or touch
MAX_SQUARES = 50_000


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line at a height (or, if it is vertical, at a distance from the left), from `start` to `end`."""

    is_vertical: bool
    at: float
    start: float
    end: float


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


@dataclass(frozen=True)
class GridCell:
    """Rows and columns of the grid, from 0; the ends are not included."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass
class Grid:
    """`xs` and `ys` are the places of the rules; `cells` in the order of their first squares."""

    xs: Sequence[float]
    ys: Sequence[float]
    cells: Sequence[GridCell] = ()
    _owner: dict[tuple[int, int], int] = field(default_factory=dict)

    def cell_at(self, x: float, y: float) -> int | None:
        """The number of the cell in which a point is; None outside the table."""
        row, column = bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1
        return self._owner.get((row, column))

    def own(self, owner: dict[tuple[int, int], int]) -> None:
        """Makes the cells. `owner` gives each square a number, which the squares of one cell share."""
        squares: dict[int, list[tuple[int, int]]] = {}
        for square, number in sorted(owner.items()):
            squares.setdefault(number, []).append(square)
        self.cells = [
            GridCell(
                min(row for row, _ in found),
                max(row for row, _ in found) + 1,
                min(column for _, column in found),
                max(column for _, column in found) + 1,
            )
            for found in squares.values()
        ]
        self._owner = {square: number for number, found in enumerate(squares.values()) for square in found}


def grids_in(rules: Iterable[Rule]) -> list[Grid]:
    """The tables of a page from its top down: rules that touch each other and separate at least two cells."""
    joined = [rule for is_vertical in (True, False) for rule in _joined(rules, is_vertical)]
    grids = [grid for group in _touching(joined) if (grid := _grid(group)) and len(grid.cells) > 1]
    return sorted(grids, key=lambda grid: (grid.ys[0], grid.xs[0]))


def _joined(rules: Iterable[Rule], is_vertical: bool) -> list[Rule]:
    """The rules of one direction, those on one line and without a gap between them as one."""
    chosen = [rule for rule in rules if rule.is_vertical == is_vertical]
    line_of = _snapped(rule.at for rule in chosen)
    joined: list[Rule] = []
    for rule in sorted(chosen, key=lambda rule: (line_of[rule.at], rule.start)):
        at, last = line_of[rule.at], joined[-1] if joined else None
        if last and last.at == at and rule.start <= last.end + NEAR:
            joined[-1] = Rule(is_vertical, at, last.start, max(last.end, rule.end))
        else:
            joined.append(Rule(is_vertical, at, rule.start, rule.end))
    return joined


def _snapped(places: Iterable[float]) -> dict[float, float]:
    """Each place with the first of those near it."""
    snapped: dict[float, float] = {}
    line = float("-inf")
    for place in sorted(set(places)):
        line = line if place - line <= NEAR else place
        snapped[place] = line
    return snapped


def _touching(rules: Sequence[Rule]) -> list[list[Rule]]:
    """The rules in groups of those that touch, directly or through others."""
    group_of = list(range(len(rules)))

    def first(number: int) -> int:
        while group_of[number] != number:
            group_of[number] = group_of[group_of[number]]
            number = group_of[number]
        return number

    across = sorted((rule.at, number) for number, rule in enumerate(rules) if not rule.is_vertical)
    for number, rule in enumerate(rules):
        if rule.is_vertical:
            begin = bisect_right(across, (rule.start - NEAR, -1))
            for at, other in across[begin:]:
                if at > rule.end + NEAR:
                    break
                if rules[other].start - NEAR <= rule.at <= rules[other].end + NEAR:
                    group_of[first(number)] = first(other)
    groups: dict[int, list[Rule]] = {}
    for number, rule in enumerate(rules):
        groups.setdefault(first(number), []).append(rule)
    return list(groups.values())


def _grid(rules: Sequence[Rule]) -> Grid | None:
    """The grid of rules that touch; at the edges of the table a rule that is not drawn counts as drawn."""
    down = [rule for rule in rules if rule.is_vertical]
    across = [rule for rule in rules if not rule.is_vertical]
    if not down or not across:
        return None
    xs = _places([rule.at for rule in down] + [x for rule in across for x in (rule.start, rule.end)])
    ys = _places([rule.at for rule in across] + [y for rule in down for y in (rule.start, rule.end)])
    if (len(xs) - 1) * (len(ys) - 1) > MAX_SQUARES:
        return None
    grid = Grid(xs, ys)
    grid.own(_owners(grid, _by_place(down, xs), _by_place(across, ys)))
    return grid


def _places(found: Iterable[float]) -> list[float]:
    return sorted(set(_snapped(found).values()))


def _by_place(rules: Iterable[Rule], places: Sequence[float]) -> list[list[Rule]]:
    by_place: list[list[Rule]] = [[] for _ in places]
    for rule in rules:
        by_place[max(bisect_right(places, rule.at + NEAR / 2) - 1, 0)].append(rule)
    return by_place


def _owners(grid: Grid, down: list[list[Rule]], across: list[list[Rule]]) -> dict[tuple[int, int], int]:
    """For each square the number of its cell: that of the square above or at the left where no rule is between."""
    owner: dict[tuple[int, int], int] = {}
    xs, ys = grid.xs, grid.ys
    for row in range(len(ys) - 1):
        y = (ys[row] + ys[row + 1]) / 2
        walls = [any(rule.start <= y <= rule.end for rule in found) for found in down]
        for column in range(len(xs) - 1):
            x = (xs[column] + xs[column + 1]) / 2
            open_left = column > 0 and not walls[column]
            open_above = row > 0 and not any(rule.start <= x <= rule.end for rule in across[row])
            number = row * len(xs) + column
            if open_above:
                number = owner[row - 1, column]
            if open_left:
                number = _one(owner, owner[row, column - 1], number)
            owner[row, column] = number
    return owner


def _one(owner: dict[tuple[int, int], int], number: int, other: int) -> int:
    """Merges two numbers: all squares that have one of them get the lower one, which is returned."""
    low, high = min(number, other), max(number, other)
    if low != high:
        for square in [square for square, found in owner.items() if found == high]:
            owner[square] = low
    return low
