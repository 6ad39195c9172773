"""The map of a province: a sign for each commune by the part of its targets that it meets, projected to pixels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import cos, hypot, radians
from statistics import median

from services.reporting.domain.content.report_content import CommuneLine, ReportContent
from services.reporting.domain.content.versions import SIGNABLE
from services.reporting.rendering.charts.drawing import WIDTH, Drawing, drawn, shortened
from services.reporting.rendering.charts.ranking import tally_of
from shared.vietnamese import mid_sentence, number

HEIGHT, MARGIN = 760, 70
LONGEST_NAME = 60  # characters
_LABELLED = 12  # names at most, those that meet least; more would cover the signs
_LETTER, _LINE = 5.6, 13  # pixels of a letter and of a line of 12 pixels
KM_PER_DEGREE = 111.2
_FAR = 150  # kilometres from the middle, and three times the usual distance: beyond the frame of the map
# Shapes as well as colours, so that a black and white print tells them apart.
CLASSES = {
    "most": "đạt từ 80\u00a0% chỉ tiêu",
    "half": "đạt từ 50\u00a0% đến dưới 80\u00a0%",
    "few": "đạt dưới 50\u00a0%",
    "none": "chưa được giao chỉ tiêu",
    "silent": "chưa gửi số liệu",
}


@dataclass(frozen=True)
class Spot:
    """A point on the map in pixels; `far` is its distance from the middle in km where it is moved to the edge."""

    x: float
    y: float
    far: int | None = None


@dataclass(frozen=True)
class Dot:
    """One commune; `label` is empty where there is no room for it; `row` is the id of its row on a page."""

    name: str
    kind: str
    spot: Spot
    label: str
    figure: str
    row: str = ""


def dot_map(report: ReportContent, linked: bool = False) -> Drawing | None:
    """The communes with coordinates; None without any. `linked`: each sign leads to the commune's row of the page."""
    known = [commune for commune in report.communes if commune.latitude is not None and commune.longitude is not None]
    if not known:
        return None
    places = [(float(commune.latitude or 0), float(commune.longitude or 0)) for commune in known]
    projection = projected(places, WIDTH, HEIGHT, MARGIN)
    province = mid_sentence(report.province_name) if report.layout >= SIGNABLE else report.province_name
    longest = LONGEST_NAME if report.layout >= SIGNABLE else 24
    dots = _labelled(
        [_dot(commune, spot, linked) for commune, spot in zip(known, projection.spots, strict=True)], longest
    )
    kilometres = _bar_length(projection.pixels_per_km)
    return drawn(
        "map",
        f"Bản đồ các xã, phường, đặc khu của {province} theo tỷ lệ chỉ tiêu đạt, {report.period_name}",
        height=projection.height + 62,
        dots=dots,
        linked=linked,
        province=report.province_name,
        kinds=_counted(dots),
        scale_km=number(kilometres),
        scale_length=round(kilometres * projection.pixels_per_km, 1),
        unplaced=number(len(report.communes) - len(known)) if len(known) < len(report.communes) else "",
    )


def kind_of(commune: CommuneLine) -> str:
    """The key in CLASSES of a commune. A commune without readings is "silent", whatever its figures are."""
    tally = tally_of(commune)
    if not commune.reported:
        return "silent"
    if not tally.total:
        return "none"
    part = tally.met / tally.total
    return "most" if part >= 0.8 else "half" if part >= 0.5 else "few"


def row_of(commune: str) -> str:
    return f"don-vi-{commune}"


def _dot(commune: CommuneLine, spot: Spot, linked: bool) -> Dot:
    tally = tally_of(commune)
    figure = f"{number(tally.met)}/{number(tally.total)} chỉ tiêu đạt" if commune.reported else CLASSES["silent"]
    label = f"{commune.name} (cách {number(spot.far)} km)" if spot.far else ""
    return Dot(commune.name, kind_of(commune), spot, label, figure, row_of(commune.commune) if linked else "")


def _counted(dots: Sequence[Dot]) -> list[tuple[str, str, str]]:
    """The legend: (kind, text, number of communes) of the kinds that are on the map."""
    counts = {kind: sum(dot.kind == kind for dot in dots) for kind in CLASSES}
    return [(kind, text, number(counts[kind])) for kind, text in CLASSES.items() if counts[kind]]


def _labelled(dots: Sequence[Dot], longest: int) -> list[Dot]:
    """Names beside the communes that meet least, where they cover no sign and no other name."""
    taken = [_Box(dot.spot.x - 6, dot.spot.y - 6, dot.spot.x + 6, dot.spot.y + 6) for dot in dots]
    taken += [_label_box(dot.spot, dot.label) for dot in dots if dot.label]
    names: dict[str, str] = {}
    for dot in [dot for kind in ("few", "silent") for dot in dots if dot.kind == kind and not dot.label]:
        box = _label_box(dot.spot, shortened(dot.name, longest))
        if len(names) < _LABELLED and box.right < WIDTH and not any(box.meets(other) for other in taken):
            names[dot.name] = shortened(dot.name, longest)
            taken.append(box)
    return [replace(dot, label=dot.label or names.get(dot.name, "")) for dot in dots]


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)


def _label_box(spot: Spot, label: str) -> _Box:
    """To the right of its sign, or above it and to the left where it is at the edge of the map."""
    length = len(label) * _LETTER
    if spot.far:
        return _Box(spot.x - length / 2, spot.y - 22, spot.x + length / 2, spot.y - 22 + _LINE)
    return _Box(spot.x + 7, spot.y - _LINE / 2, spot.x + 9 + length, spot.y + _LINE / 2)


def _bar_length(pixels_per_km: float) -> int:
    """Kilometres of the scale bar: the longest round length that is shorter than 120 pixels."""
    return next((km for km in (100, 50, 20, 10, 5, 2) if km * pixels_per_km <= 120), 1)


@dataclass(frozen=True)
class Projection:
    """An equirectangular projection around the middle of a province, good for some hundred kilometres."""

    spots: tuple[Spot, ...]
    height: int
    pixels_per_km: float


def projected(places: Sequence[tuple[float, float]], width: int, height: int, margin: int) -> Projection:
    """Project (latitude, longitude) in degrees to a frame of `width` and at most `height` pixels; at least one place.

    A place far outside, such as Trường Sa, is moved to the edge of the frame.
    """
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
    """Kilometres (east, south) of the middle."""
    (lat, lon), (lat0, lon0) = place, middle
    return (lon - lon0) * KM_PER_DEGREE * cos(radians(lat0)), (lat0 - lat) * KM_PER_DEGREE
