"""Finds the province that a document names most, of the 34 of today, also by the name of one merged into it."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from services.planning.documents.plan_head.passages import Passages
from services.planning.register import former_provinces, provinces
from shared.vietnamese import folded

_IN_THE_HEAD, _IN_THE_PREAMBLE = 20, 5  # against one for each mention in the body
_OTHER_SPELLINGS = {"hcm": "79", "đăk lăk": "66", "đắc lắc": "66", "dak lak": "66"}


@dataclass
class _NamedProvinces:
    """The weight of each code: named as a province, or by what may be a city of the district level."""

    certain: Counter[str] = field(default_factory=Counter)
    doubtful: Counter[str] = field(default_factory=Counter)
    current: set[str] = field(default_factory=set)
    former: dict[str, str] = field(default_factory=dict)
    cities: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, name: str, weight: int) -> None:
        former = _former().get(name)
        code = _current().get(name) or (former or ("", ""))[1]
        if kind != "tỉnh" and (former or not is_city(code)):
            self.doubtful[code] += weight
            self.cities.setdefault(code, _without_kind(former[0]) if former else bare_name(code))
            return
        self.certain[code] += weight
        if former:
            self.former.setdefault(code, former[0])
        else:
            self.current.add(code)


def province_of(passages: Passages) -> tuple[str | None, list[str]]:
    """The code of the province that the document names most, the head before the body.

    "Thành phố" before the name of a province that is none was a city of the district level within it.
    """
    mentions = _mentions(passages)
    if mentions.certain:
        code, warnings = _first(mentions.certain)
        return code, warnings if code is None else _renamed(code, mentions)
    code, warnings = _first(mentions.doubtful)
    if code is None:
        return None, warnings or ["không rõ tỉnh, thành phố"]
    city = f"thành phố {mentions.cities[code]}"
    return code, [f'văn bản chỉ ghi "{city}", cấp huyện không còn từ ngày 01/7/2025; đọc là {provinces()[code]}']


def bare_name(code: str) -> str:
    """ "Quảng Ngãi" of "Tỉnh Quảng Ngãi"."""
    return _without_kind(provinces()[code])


def is_city(code: str) -> bool:
    return provinces()[code].startswith("Thành phố")


def _without_kind(name: str) -> str:
    return name.removeprefix("Tỉnh ").removeprefix("Thành phố ")


def _renamed(code: str, mentions: _NamedProvinces) -> list[str]:
    if code in mentions.current:
        return []
    name = mentions.former[code]
    return [f"văn bản ghi {name}, tỉnh này không còn từ ngày 01/7/2025; đọc là {provinces()[code]}"]


def _first(counts: Counter[str]) -> tuple[str | None, list[str]]:
    ranked = counts.most_common(2)
    if len(ranked) == 2 and ranked[0][1] == ranked[1][1]:
        return None, [f"văn bản nêu nhiều tỉnh, không rõ tỉnh nào: {', '.join(provinces()[one] for one, _ in ranked)}"]
    return (ranked[0][0] if ranked else None), []


def _mentions(passages: Passages) -> _NamedProvinces:
    mentions = _NamedProvinces()
    weighed = (
        ([*passages.header, *passages.title], _IN_THE_HEAD),
        (passages.preamble, _IN_THE_PREAMBLE),
        (passages.body, 1),
    )
    for group, weight in weighed:
        for passage in group:
            for found in _names().finditer(_spelled(passage.text)):
                mentions.add(found["kind"], found["name"], weight)
    return mentions


def _spelled(text: str) -> str:
    return re.sub(r" ?- ?", "-", folded(text))


@cache
def _current() -> dict[str, str]:
    return {_spelled(bare_name(code)): code for code in provinces()} | _OTHER_SPELLINGS


@cache
def _former() -> dict[str, tuple[str, str]]:
    names = {_spelled(_without_kind(name)): (name, code) for name, code in former_provinces().items()}
    return names | {name.replace("-", " "): former for name, former in names.items()}


@cache
def _names() -> re.Pattern[str]:
    names = sorted([*_current(), *_former()], key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?P<kind>tỉnh|thành phố|tp\.?)\s*(?P<name>{'|'.join(map(re.escape, names))})(?!\w)")
