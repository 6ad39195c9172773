"""From degrees to the pixels of a province's map, with the islands far out moved to its edge."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from statistics import median

KM_PER_DEGREE = 111.2
_FAR = 150  # kilometres from the middle, and three times the usual distance: beyond the frame of the map


@dataclass(frozen=True)
class Spot:
    """A place on the map in pixels; `far` is its distance from the middle in kilometres when it is beyond the frame."""

    x: float
    y: float
    far: int | None = None


@dataclass(frozen=True)
class Projection:
    """Equal distances in both directions in the middle of the province; good to some hundred kilometres."""

    spots: tuple[Spot, ...]
    height: int
    pixels_per_km: float


def projected(places: Sequence[tuple[float, float]], width: int, height: int, margin: int) -> Projection:
    """Latitudes and longitudes within `width`, and within a height of at most `height`; never empty."""
    middle = median(lat for lat, _ in places), median(lon for _, lon in places)
    plane = [_kilometres(place, middle) for place in places]
    distances = [hypot(*point) for point in plane]
    reach = max(_FAR, 3 * median(distances))
    near = [point for point, distance in zip(plane, distances, strict=True) if distance <= reach] or plane
    left, right = min(x for x, _ in near), max(x for x, _ in near)
    top, bottom = min(y for _, y in near), max(y for _, y in near)
    scale = min((width - 2 * margin) / max(right - left, 1), (height - 2 * margin) / max(bottom - top, 1))
    drawn_width, drawn_height = (right - left) * scale, (bottom - top) * scale
    indent = (width - drawn_width) / 2

    def spot(point: tuple[float, float], distance: float) -> Spot:
        x, y = (point[0] - left) * scale, (point[1] - top) * scale
        edge = margin / 2
        x, y = min(max(x, -edge), drawn_width + edge), min(max(y, -edge), drawn_height + edge)
        return Spot(round(indent + x, 1), round(margin + y, 1), round(distance) if distance > reach else None)

    spots = tuple(spot(point, distance) for point, distance in zip(plane, distances, strict=True))
    return Projection(spots, round(drawn_height + 2 * margin), scale)


def _kilometres(place: tuple[float, float], middle: tuple[float, float]) -> tuple[float, float]:
    """East and south of the middle."""
    (lat, lon), (lat0, lon0) = place, middle
    return (lon - lon0) * KM_PER_DEGREE * cos(radians(lat0)), (lat0 - lat) * KM_PER_DEGREE
