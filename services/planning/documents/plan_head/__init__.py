"""Reads the head of a plan: commune, title, reporting regime, year, span, number, day of issue and acts cited."""

import re
from collections.abc import Iterable, Mapping

from services.planning.documents.document import Document
from services.planning.documents.draft import DraftHead
from services.planning.documents.plan_head.acts import Act, based_on_and_cited
from services.planning.documents.plan_head.commune import find_commune
from services.planning.documents.plan_head.number_and_dates import issued_on, number_of, span_of, year_of
from services.planning.documents.plan_head.passages import Passages, is_preamble, passages_of
from services.planning.documents.plan_head.place_names import DISTRICTS, is_city, mentions_in
from services.planning.wording import REGIMES
from shared.regimes import REFORM, TTHC_CONTROL, PlanRegime
from shared.vietnamese import folded, mid_sentence

_REGIME_SUBJECTS: Mapping[PlanRegime, re.Pattern[str]] = {
    TTHC_CONTROL: re.compile(r"thủ tục hành chính|\btthc\b|một cửa|kstthc"),
    REFORM: re.compile(r"cải cách hành chính|\bcchc\b|par[ -]?index|cải cách thể chế|kỷ cương hành chính"),
}
FIRST_YEAR_WITHOUT = 2025
_BODY = (
    r"(?:ủy ban nhân dân|uỷ ban nhân dân|ubnd|văn phòng hđnd\s*(?:-|&|và)\s*ubnd|hđnd|hội đồng nhân dân"
    r"|huyện ủy|phòng (?:nội vụ|tư pháp|tài chính(?:\s*[-–]\s*kế hoạch)?|văn hóa(?: và thông tin)?|kinh tế))"
)
_CITY = r"(?:thành phố|tp)"
_DISTRICT = r"(?:huyện|quận|thị xã)"


def read_head(document: Document) -> tuple[DraftHead, list[str]]:
    """The plan as a whole, with warnings for a person; what the document leaves open is None and has a warning."""
    passages = passages_of(document)
    title = " ".join(" ".join(passage.text.split()) for passage in passages.title) or None
    number, of_number = number_of(passages)
    day, of_day = issued_on(passages)
    found, of_commune = find_commune(passages, day)
    regime, of_regime = _regime_of(title, [passage.text for passage in passages.everything])
    year, of_year = year_of(passages, title, day)
    span, of_span = span_of(year, title) if year else (None, [])
    based_on, cites = _acts(passages, Act(number, day) if number else None)
    head = DraftHead(
        commune=found.commune,
        commune_name=found.name,
        province=found.province,
        title=title,
        regime=regime,
        year=year,
        span=span,
        number=number,
        issued_on=day,
        based_on=based_on,
        cites=cites,
    )
    of_title = [] if title else ["không tìm thấy tên kế hoạch"]
    of_districts = _district_warnings(passages, found.province, year)
    warnings = [*of_commune, *of_title, *of_number, *of_day, *of_regime, *of_year, *of_span, *of_districts]
    return head, [_sentence(warning) for warning in warnings]


def _sentence(warning: str) -> str:
    """A warning begins with a capital, unless it begins with a place ("dòng 3: …")."""
    begins_with_place = re.match(r"(?:dòng|đoạn|trang|bảng|hàng) \d", warning)
    return (warning if begins_with_place else warning[0].upper() + warning[1:]) + "."


def _acts(passages: Passages, own: Act | None) -> tuple[list[str], list[str]]:
    """The preamble of a decision that a plan is issued with stands above the plan's title."""
    preamble = [passage.text for passage in passages.header if is_preamble(passage)]
    preamble += [passage.text for passage in passages.preamble]
    return based_on_and_cited(preamble, [passage.text for passage in (*passages.title, *passages.body)], own)


def _regime_of(title: str | None, body: Iterable[str]) -> tuple[PlanRegime | None, list[str]]:
    """By the first subject that the title names; else by the most frequent one of the text."""
    named = {regime: found.start() for regime, found in _subjects_in(folded(title or "")).items()}
    if named:
        regime = min(named, key=lambda one: named[one])
        both = "tên kế hoạch nêu cả cải cách hành chính và thủ tục hành chính; chọn chế độ nêu trước"
        return regime, [both] if len(named) > 1 else []
    texts = [folded(text) for text in body]
    counts = {regime: sum(len(about.findall(text)) for text in texts) for regime, about in _REGIME_SUBJECTS.items()}
    regime = max(counts, key=lambda one: counts[one])
    if counts[regime] == 0:
        return None, ["không rõ kế hoạch thuộc chế độ kiểm soát thủ tục hành chính hay cải cách hành chính"]
    return regime, [f"tên kế hoạch không cho biết chế độ báo cáo; theo nội dung đọc là {mid_sentence(REGIMES[regime])}"]


def _subjects_in(text: str) -> dict[PlanRegime, re.Match[str]]:
    return {regime: found for regime, about in _REGIME_SUBJECTS.items() if (found := about.search(text))}


def _district_warnings(passages: Passages, province: str | None, year: int | None) -> list[str]:
    """For bodies and districts of the district level, which ended on 2025-07-01, with the names as printed."""
    if year is None or year < FIRST_YEAR_WITHOUT:
        return []
    found = {"cơ quan": _district_bodies(passages, province), "đơn vị": _districts(passages)}
    return [
        f"{kind} cấp huyện được nêu không còn từ ngày 01/7/2025: {', '.join(names)}"
        for kind, printed in found.items()
        if (names := _once(printed))
    ]


def _district_bodies(passages: Passages, province: str | None) -> list[str]:
    """In a city of the provincial level "UBND thành phố" is the province."""
    levels = _DISTRICT if province is not None and is_city(province) else f"(?:{_DISTRICT}|{_CITY})"
    pattern = re.compile(rf"(?<!\w){_BODY}\s+{levels}(?!\w)", re.IGNORECASE)
    return [" ".join(one[0].split()) for passage in passages.everything for one in pattern.finditer(passage.text)]


def _districts(passages: Passages) -> list[str]:
    texts = [passage.text for passage in (*passages.header, *passages.title)]
    return [mention.name for mention in mentions_in(texts, DISTRICTS)]


def _once(names: list[str]) -> list[str]:
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(name.lower(), name)
    return list(first.values())
