"""The head of a plan, part by part, with what a person should look at."""

import re

from services.planning.documents.acts import Act, based_on_and_cited
from services.planning.documents.document import Document
from services.planning.documents.draft import DraftHead
from services.planning.documents.heading.commune import whose_plan
from services.planning.documents.heading.levels import without_level
from services.planning.documents.heading.parts import Parts, is_preamble, parts_of
from services.planning.documents.heading.period import span_of, year_of
from services.planning.documents.heading.regime import regime_of
from services.planning.documents.heading.registered import issued_on, number_of


def read_head(document: Document) -> tuple[DraftHead, list[str]]:
    """What the document tells of the plan as a whole; what it leaves open is None, and a warning says so."""
    parts = parts_of(document)
    title = " ".join(" ".join(passage.text.split()) for passage in parts.title) or None
    whose, of_whom = whose_plan(parts)
    number, of_number = number_of(parts)
    day, of_day = issued_on(parts)
    regime, of_regime = regime_of(title, [passage.text for passage in parts.everything])
    year, of_year = year_of(parts, title)
    span, of_span = span_of(year, title) if year else (None, [])
    based_on, cites = _acts(parts, Act(number, day) if number else None)
    head = DraftHead(
        commune=whose.commune,
        commune_name=whose.name,
        province=whose.province,
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
    of_levels = without_level(parts, whose.province, year)
    warnings = [*of_whom, *of_title, *of_number, *of_day, *of_regime, *of_year, *of_span, *of_levels]
    return head, [_sentence(warning) for warning in warnings]


def _sentence(warning: str) -> str:
    """A warning begins with a capital, unless it begins with a place ("dòng 3: …")."""
    begins_with_place = re.match(r"(?:dòng|đoạn|trang|bảng|hàng) \d", warning)
    return (warning if begins_with_place else warning[0].upper() + warning[1:]) + "."


def _acts(parts: Parts, own: Act | None) -> tuple[list[str], list[str]]:
    """The preamble of a decision that a plan is issued with stands above the plan's title."""
    preamble = [passage.text for passage in parts.header if is_preamble(passage)]
    preamble += [passage.text for passage in parts.preamble]
    return based_on_and_cited(preamble, [passage.text for passage in (*parts.title, *parts.body)], own)
