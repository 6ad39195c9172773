"""A chart as it is handed on: one piece of SVG that needs no style sheet, no script and no other file."""

from dataclasses import dataclass
from decimal import Decimal

from services.reporting.rendering.templating import template

WIDTH = 720  # of every chart, in pixels: 160 mm of text, so that 14 pixels are letters of about 9 points
LABEL_LENGTH = 44


@dataclass(frozen=True)
class Drawing:
    """`title` says what is seen to whoever does not see it; sizes in pixels."""

    name: str
    title: str
    width: int
    height: int
    svg: str


def drawn(name: str, title: str, height: int, width: int = WIDTH, **geometry: object) -> Drawing:
    """The chart of the template `charts/<name>.svg.j2`, which stands within the frame that all charts share."""
    svg = template(f"charts/{name}.svg.j2").render(name=name, title=title, width=width, height=height, **geometry)
    return Drawing(name, title, width, height, svg.strip() + "\n")


def shortened(label: str, length: int = LABEL_LENGTH) -> str:
    return label if len(label) <= length else label[: length - 1].rstrip() + "…"


def pixels(value: Decimal, longest: Decimal, room: int) -> float:
    """How far along a scale from zero to `longest`; what is beyond ends at its end."""
    return round(float(max(Decimal(0), min(value, longest)) * room / longest), 1)
