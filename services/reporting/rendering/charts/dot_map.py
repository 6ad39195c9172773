"""The map of a province: a sign for each commune, by the part of its targets that it meets."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.reporting.domain.quarterly_report import CommuneLine, QuarterlyReport
from services.reporting.rendering.charts.drawing import WIDTH, Drawing, drawn, shortened
from services.reporting.rendering.charts.projection import Spot, projected
from services.reporting.rendering.charts.ranking import standing_of
from shared.vietnamese import number

HEIGHT, MARGIN = 760, 70
_LABELLED = 12  # names at most, those that meet least; more would cover the signs
_LETTER, _LINE = 5.6, 13  # pixels of a letter and of a line of 12 pixels
# Shapes as well as colours, so that a black and white print tells them apart.
CLASSES = {
    "most": "đạt từ 80\u00a0% chỉ tiêu",
    "half": "đạt từ 50\u00a0% đến dưới 80\u00a0%",
    "few": "đạt dưới 50\u00a0%",
    "none": "chưa được giao chỉ tiêu",
    "silent": "chưa gửi số liệu",
}


@dataclass(frozen=True)
class Dot:
    """One commune; `place` in pixels, `label` only where there is room for it."""

    name: str
    kind: str
    place: Spot
    label: str
    figure: str


def dot_map(report: QuarterlyReport) -> Drawing | None:
    """The communes whose coordinates are known; None when none is."""
    known = [commune for commune in report.communes if commune.latitude is not None and commune.longitude is not None]
    if not known:
        return None
    places = [(float(commune.latitude or 0), float(commune.longitude or 0)) for commune in known]
    projection = projected(places, WIDTH, HEIGHT, MARGIN)
    dots = _labelled([_dot(commune, spot) for commune, spot in zip(known, projection.spots, strict=True)])
    kilometres = _bar_length(projection.pixels_per_km)
    return drawn(
        "map",
        f"Bản đồ các xã, phường, đặc khu của {report.province_name} theo tỷ lệ chỉ tiêu đạt, {report.period_name}",
        height=projection.height + 62,
        dots=dots,
        province=report.province_name,
        kinds=_counted(dots),
        scale_km=number(kilometres),
        scale_length=round(kilometres * projection.pixels_per_km, 1),
        unplaced=number(len(report.communes) - len(known)) if len(known) < len(report.communes) else "",
    )


def kind_of(commune: CommuneLine) -> str:
    """Which of CLASSES a commune is in. Silent comes first: a zero that nobody sent is no result."""
    standing = standing_of(commune)
    if not commune.reported:
        return "silent"
    if not standing.asked:
        return "none"
    part = standing.met / standing.asked
    return "most" if part >= 0.8 else "half" if part >= 0.5 else "few"


def _dot(commune: CommuneLine, spot: Spot) -> Dot:
    standing = standing_of(commune)
    figure = f"{number(standing.met)}/{number(standing.asked)} chỉ tiêu đạt" if commune.reported else CLASSES["silent"]
    label = f"{commune.name} (cách {number(spot.far)} km)" if spot.far else ""
    return Dot(commune.name, kind_of(commune), spot, label, figure)


def _counted(dots: Sequence[Dot]) -> list[tuple[str, str, str]]:
    """The legend: kind, words, how many; only of kinds that are on the map."""
    counts = {kind: sum(dot.kind == kind for dot in dots) for kind in CLASSES}
    return [(kind, words, number(counts[kind])) for kind, words in CLASSES.items() if counts[kind]]


def _labelled(dots: Sequence[Dot]) -> list[Dot]:
    """Names beside the signs that meet least, as long as they cover no sign and no other name."""
    taken = [_Box(dot.place.x - 6, dot.place.y - 6, dot.place.x + 6, dot.place.y + 6) for dot in dots]
    taken += [_label_box(dot.place, dot.label) for dot in dots if dot.label]
    names: dict[str, str] = {}
    for dot in [dot for kind in ("few", "silent") for dot in dots if dot.kind == kind and not dot.label]:
        box = _label_box(dot.place, shortened(dot.name, 24))
        if len(names) < _LABELLED and box.right < WIDTH and not any(box.meets(other) for other in taken):
            names[dot.name] = shortened(dot.name, 24)
            taken.append(box)
    return [Dot(dot.name, dot.kind, dot.place, dot.label or names.get(dot.name, ""), dot.figure) for dot in dots]


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
