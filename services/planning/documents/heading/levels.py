"""Bodies of the district level that a plan still names, though there is none since 2025-07-01."""

import re

from services.planning.documents.heading.mentions import DISTRICTS, mentions_in
from services.planning.documents.heading.parts import Parts
from services.planning.documents.heading.province import is_city

FIRST_YEAR_WITHOUT = 2025
_BODY = (
    r"(?:ủy ban nhân dân|uỷ ban nhân dân|ubnd|văn phòng hđnd\s*(?:-|&|và)\s*ubnd|hđnd|hội đồng nhân dân"
    r"|huyện ủy|phòng (?:nội vụ|tư pháp|tài chính(?:\s*[-–]\s*kế hoạch)?|văn hóa(?: và thông tin)?|kinh tế))"
)
_CITY = r"(?:thành phố|tp)"
_DISTRICT = r"(?:huyện|quận|thị xã)"


def without_level(parts: Parts, province: str | None, year: int | None) -> list[str]:
    """One warning for the bodies and one for the districts of the head, with the names as printed."""
    if year is None or year < FIRST_YEAR_WITHOUT:
        return []
    told = {"cơ quan": _bodies(parts, province), "đơn vị": _districts(parts)}
    return [
        f"{what} cấp huyện được nêu không còn từ ngày 01/7/2025: {', '.join(names)}"
        for what, found in told.items()
        if (names := _once(found))
    ]


def _bodies(parts: Parts, province: str | None) -> list[str]:
    """In a city of the provincial level "UBND thành phố" is the province."""
    levels = _DISTRICT if province is not None and is_city(province) else f"(?:{_DISTRICT}|{_CITY})"
    pattern = re.compile(rf"(?<!\w){_BODY}\s+{levels}(?!\w)", re.IGNORECASE)
    return [" ".join(one[0].split()) for passage in parts.everything for one in pattern.finditer(passage.text)]


def _districts(parts: Parts) -> list[str]:
    texts = [passage.text for passage in (*parts.header, *parts.title)]
    return [mention.name for mention in mentions_in(texts, DISTRICTS)]


def _once(names: list[str]) -> list[str]:
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(name.lower(), name)
    return list(first.values())
