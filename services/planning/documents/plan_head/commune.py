"""Finds the commune, ward or special zone of a plan by the names in the document and the register."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from services.planning.documents.plan_head.number_and_dates import place_name_of
from services.planning.documents.plan_head.passages import Passages
from services.planning.documents.plan_head.place_names import (
    Mention,
    bare_name,
    close_to,
    compared,
    mentions_in,
    place_mention,
    province_of,
)
from services.planning.register import IN_FORCE_FROM, RegisterEntry, communes_of, provinces
from services.planning.register.lineage import Predecessor, predecessors_of
from shared.vietnamese import folded

_LETTERHEAD_OF_A_PROVINCE = re.compile(r"(?:ubnd|uỷ ban nhân dân)(?!\w).{0,120}?(?<!\w)(?:tỉnh|thành phố) ")
_OF_A_COMMUNE = re.compile(r"(?<!\w)(?:(?:xã(?! hội)|phường|đặc khu)(?!\w)|[xp]\. ?\w)")
_SIGNED_BY_A_COMMUNE = re.compile(r"(?<!\w)tm\. ?(?:ubnd|uỷ ban nhân dân) (?:xã|phường|đặc khu|[xp]\.) ?\w")
_OF_A_PROVINCE = "văn bản do cấp tỉnh ban hành, không phải kế hoạch của một xã, phường, đặc khu; cần người chọn"
_KIND_ALONE = re.compile(r"(?:ubnd|uỷ ban nhân dân|địa bàn) (xã|phường|đặc khu)(?!\w)")


@dataclass(frozen=True)
class FoundCommune:
    """`commune` and `province` are codes; `name` bears the kind: "Xã Xốp"."""

    commune: str | None = None
    name: str | None = None
    province: str | None = None


Found = tuple[FoundCommune, list[str]]  # with warnings


def find_commune(passages: Passages, issued_on: date | None) -> Found:
    """By the title, the header, the place line and the preamble; else by what the body and the signature name most."""
    province, warnings = province_of(passages)
    groups = _mentions(passages)
    title, header, _, preamble, _ = groups
    if province and not (title or header or preamble) and _is_of_a_province(passages):
        return FoundCommune(province=province), [*warnings, _OF_A_PROVINCE]
    if not any(groups):
        return FoundCommune(province=province), [*warnings, _nameless(passages)]
    if province is None:
        found, doubts = _anywhere(groups)
        return found, [*([] if found.province else warnings), *doubts]
    found, doubts = _within(province, groups, issued_on)
    return found, [*warnings, *doubts]


def _is_of_a_province(passages: Passages) -> bool:
    """Whether the letterhead is that of a province or city, and names no commune, however many the body names.

    Neither does a commune sign it.
    """
    header = " ".join(folded(passage.text) for passage in passages.header)
    if not _LETTERHEAD_OF_A_PROVINCE.search(header) or _OF_A_COMMUNE.search(header):
        return False
    return not _SIGNED_BY_A_COMMUNE.search(" ".join(folded(passage.text) for passage in passages.body))


def _nameless(passages: Passages) -> str:
    kinds = Counter(kind for passage in passages.everything for kind in _KIND_ALONE.findall(folded(passage.text)))
    printed = f'; trong bài chỉ ghi "{kinds.most_common(1)[0][0]}"' if kinds else ""
    return f"không tìm thấy tên xã, phường, đặc khu của kế hoạch{printed}"


def name_without_kind(entry: RegisterEntry) -> str:
    return entry.name.removeprefix(entry.kind).strip()


def _mentions(passages: Passages) -> list[list[Mention]]:
    """The names in the order of trust, within a group the most frequent first."""
    place = place_mention(place_name_of(passages))
    groups = [
        _by_frequency(mentions_in(passage.text for passage in passages.title)),
        _by_frequency(mentions_in(passage.text for passage in passages.header)),
        [place] if place else [],
        _by_frequency(mentions_in(passage.text for passage in passages.preamble)),
        _by_frequency(mentions_in(passage.text for passage in passages.body)),
    ]
    in_small = [mention for group in groups for mention in group if not mention.is_in_capitals]
    return [[mention.ended_by(in_small) for mention in group] for group in groups]


def _by_frequency(mentions: Iterable[Mention]) -> list[Mention]:
    return [mention for mention, _ in Counter(mentions).most_common()]


def _within(province: str, groups: Sequence[Sequence[Mention]], issued_on: date | None) -> Found:
    head, preamble, body = [*groups[0], *groups[1], *groups[2]], groups[3], groups[4]
    searched = (
        _by_name_in(head, province, issued_on)
        or _by_name_in(preamble, province, issued_on)
        or _by_spelling([*head, *preamble], province)
        or _by_name_in(body, province, issued_on)
        or _by_spelling(body, province)
    )
    if searched:
        return searched
    mention = [*head, *preamble, *body][0]
    return _unknown(mention, province, f"không có trong danh mục của {provinces()[province]}")


def _by_name_in(mentions: Sequence[Mention], province: str, issued_on: date | None) -> Found | None:
    """The first commune of today that is named; else the first one that there was until 30/6/2025."""
    for mention in mentions:
        if entry := _exactly(mention, province):
            former = _former(province).get(compared(name_without_kind(entry)))
            if former and issued_on and issued_on < IN_FORCE_FROM and former.into[0] != entry.code:
                return _formerly(mention, former)
            return _found(mention, entry), [*_other_kind(mention, entry), *_other_provinces(entry)]
    for mention in mentions:
        former = next((_former(province)[name] for name in mention.possible_names if name in _former(province)), None)
        if former:
            return _formerly(mention, former)
    return None


def _by_spelling(mentions: Sequence[Mention], province: str) -> Found | None:
    for mention in mentions:
        close = close_to(mention, communes_of(province), _is_a_name_elsewhere(mention))
        if len(close) == 1:
            warning = f'văn bản viết tên là "{mention.name}"; danh mục có {close[0].name}, mã {close[0].code}'
            return FoundCommune(close[0].code, close[0].name, province), [warning]
        if close:
            likely = ", ".join(f"{entry.name} ({entry.code})" for entry in close)
            return _unknown(mention, province, f"có thể là: {likely}")
    return None


def _formerly(mention: Mention, former: Predecessor) -> Found:
    """A commune until 30/6/2025: a person decides whose plan it is now."""
    entries = [entry for code in former.into for entry in communes_of(former.province) if entry.code == code]
    into = ", ".join(f"{entry.name} ({entry.code})" for entry in entries)
    return _unknown(mention, former.province, f"không còn từ ngày 01/7/2025, đã nhập vào {into}")


@cache
def _former(province: str) -> dict[str, Predecessor]:
    formers = [one for one in predecessors_of(province) if one.kind != "Huyện"]
    return {compared(one.name.removeprefix(one.kind).strip()): one for one in formers}


def _is_a_name_elsewhere(mention: Mention) -> bool:
    return any(_exactly(mention, code) for code in provinces())


def _unknown(mention: Mention, province: str | None, why: str) -> Found:
    return FoundCommune(name=mention.name, province=province), [f'đơn vị "{mention.name}" {why}; cần người chọn']


def _found(mention: Mention, entry: RegisterEntry) -> FoundCommune:
    """The name as it is printed, but in the register's letters where it is printed in capitals."""
    printed = mention.spelled(compared(name_without_kind(entry)))
    name = f"{mention.kind or entry.kind} {printed}" if printed and mention.kind in (None, entry.kind) else entry.name
    return FoundCommune(entry.code, name, entry.province)


def _anywhere(groups: Sequence[Sequence[Mention]]) -> Found:
    head = [mention for group in groups[:3] for mention in group]
    mentions = head or [mention for group in groups for mention in group]
    for mention in mentions:
        found = [entry for code in provinces() if (entry := _exactly(mention, code, same_kind=True))]
        if len(found) == 1:
            warning = f"văn bản không nêu tỉnh; {found[0].name} chỉ có ở {found[0].province_name}"
            return _found(mention, found[0]), [warning]
        if found:
            places = ", ".join(entry.province_name for entry in found)
            return _unknown(mention, None, f"có ở nhiều tỉnh ({places}) mà văn bản không nêu tỉnh")
    return _unknown(mentions[0], None, "không có trong danh mục")


def _exactly(mention: Mention, province: str, *, same_kind: bool = False) -> RegisterEntry | None:
    """The entry of that name; one of another kind only where none has the kind."""
    for name in mention.possible_names:
        entry = _by_name(province).get(name)
        if entry and (not same_kind or mention.kind in (None, entry.kind)):
            return entry
    return None


@cache
def _by_name(province: str) -> dict[str, RegisterEntry]:
    return {compared(name_without_kind(entry)): entry for entry in communes_of(province)}


def _other_kind(mention: Mention, entry: RegisterEntry) -> list[str]:
    if mention.kind in (None, entry.kind):
        return []
    return [f'văn bản ghi "{mention.name}"; danh mục có {entry.name}, mã {entry.code}']


def _other_provinces(entry: RegisterEntry) -> list[str]:
    others = [
        bare_name(code)
        for code in provinces()
        if code != entry.province and any(folded(other.name) == folded(entry.name) for other in communes_of(code))
    ]
    if not others:
        return []
    chosen = f"chọn mã {entry.code} vì văn bản ghi {entry.province_name}"
    return [f"{entry.name} còn có ở {', '.join(others)}; {chosen}"]
