"""A drawn chart: one SVG without style sheet, script or external files."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap

from services.reporting.rendering.templating import template

WIDTH = 720  # of every chart, in pixels: 160 mm of text, so that 14 pixels are letters of about 9 points
LABEL_LENGTH = 44
LINE = 16  # pixels of a further line of a label
_MOST_LINES = 6


@dataclass(frozen=True)
class Drawing:
    """`title` describes the chart for readers who cannot see it; sizes in pixels."""

    name: str
    title: str
    width: int
    height: int
    svg: str


def drawn(
    name: str, title: str, height: int, width: int = WIDTH, *, linked: bool = False, **geometry: object
) -> Drawing:
    """Draw the chart of the template `charts/<name>.svg.j2`, which extends the frame of all charts."""
    svg = template(f"charts/{name}.svg.j2").render(
        name=name, title=title, width=width, height=height, linked=linked, **geometry
    )
    return Drawing(name, title, width, height, svg.strip() + "\n")


def shortened(label: str, length: int = LABEL_LENGTH) -> str:
    return label if len(label) <= length else label[: length - 1].rstrip() + "…"


@dataclass(frozen=True)
class LabelledRow:
    """A row of a chart: its top in pixels, its label in lines, and the place of each line below the top."""

    top: int
    lines: tuple[tuple[str, int], ...]


def labelled_rows(labels: Sequence[str], row: int, first_line: int, length: int, whole: bool) -> list[LabelledRow]:
    """Rows of `row` pixels below each other; a whole label of several lines takes more, its bar in the middle of it.

    `first_line` is the base line of a label of one line; `length` the characters that fit.
    """
    rows: list[LabelledRow] = []
    begins = 0
    for label in labels:
        lines = wrapped(label, length) if whole else [shortened(label, length)]
        more = (len(lines) - 1) * LINE
        texts = tuple((line, first_line - more // 2 + at * LINE) for at, line in enumerate(lines))
        rows.append(LabelledRow(begins + more // 2, texts))
        begins += row + more
    return rows


def height_of(rows: Sequence[LabelledRow], row: int) -> int:
    return row * len(rows) + LINE * sum(len(each.lines) - 1 for each in rows)


def wrapped(label: str, length: int) -> list[str]:
    """The whole label in lines; only one that no reader would read to its end is cut."""
    lines = wrap(label, length) or [""]
    return lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1]}…"]


def pixels(value: Decimal, longest: Decimal, room: int) -> float:
    """The position of a value on a scale from 0 to `longest` of `room` pixels; values beyond are cut off."""
    return round(float(max(Decimal(0), min(value, longest)) * room / longest), 1)
