"""Whose plan it is: the commune, ward or special zone that a document names, found in the register."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from services.planning.documents.heading.mentions import Mention, compared, mentions_in, place_mention
from services.planning.documents.heading.parts import Parts
from services.planning.documents.heading.province import bare_name, province_of
from services.planning.documents.heading.registered import place_name_of
from services.planning.documents.heading.spelling import close_to
from services.planning.register import RegisterEntry, communes_of, provinces
from shared.vietnamese import folded

_KIND_ALONE = re.compile(r"(?:ubnd|uỷ ban nhân dân|địa bàn) (xã|phường|đặc khu)(?!\w)")


@dataclass(frozen=True)
class Whose:
    """`commune` and `province` are codes; `name` bears the kind: "Xã Xốp"."""

    commune: str | None = None
    name: str | None = None
    province: str | None = None


def whose_plan(parts: Parts) -> tuple[Whose, list[str]]:
    """By the title, the header, the place line and the preamble; else by what the body and the signature name most."""
    province, warnings = province_of(parts)
    groups = _mentions(parts)
    if not any(groups):
        return Whose(province=province), [*warnings, _nameless(parts)]
    if province is None:
        whose, doubts = _anywhere(groups)
        return whose, [*([] if whose.province else warnings), *doubts]
    whose, doubts = _within(province, groups)
    return whose, [*warnings, *doubts]


def _nameless(parts: Parts) -> str:
    kinds = Counter(kind for passage in parts.everything for kind in _KIND_ALONE.findall(folded(passage.text)))
    told = f'; trong bài chỉ ghi "{kinds.most_common(1)[0][0]}"' if kinds else ""
    return f"không tìm thấy tên xã, phường, đặc khu của kế hoạch{told}"


def name_without_kind(entry: RegisterEntry) -> str:
    return entry.name.removeprefix(entry.kind).strip()


def _mentions(parts: Parts) -> list[list[Mention]]:
    """The names in the order of trust, within a group the most frequent first."""
    place = place_mention(place_name_of(parts))
    return [
        _by_frequency(mentions_in(passage.text for passage in parts.title)),
        _by_frequency(mentions_in(passage.text for passage in parts.header)),
        [place] if place else [],
        _by_frequency(mentions_in(passage.text for passage in parts.preamble)),
        _by_frequency(mentions_in(passage.text for passage in parts.body)),
    ]


def _by_frequency(mentions: Iterable[Mention]) -> list[Mention]:
    return [mention for mention, _ in Counter(mentions).most_common()]


def _within(province: str, groups: Sequence[Sequence[Mention]]) -> tuple[Whose, list[str]]:
    entries = communes_of(province)
    named, body = [mention for group in groups[:-1] for mention in group], groups[-1]
    for mentions in (named, body):
        for mention in mentions:
            if entry := _exactly(mention, province):
                return _found(mention, entry), [*_other_kind(mention, entry), *_other_provinces(entry)]
        for mention in mentions:
            close = close_to(mention, entries, _is_a_name_elsewhere(mention))
            if len(close) == 1:
                told = f'văn bản viết tên là "{mention.name}"; danh mục có {close[0].name}, mã {close[0].code}'
                return Whose(close[0].code, close[0].name, province), [told]
            if close:
                likely = ", ".join(f"{entry.name} ({entry.code})" for entry in close)
                return _unknown(mention, province, f"có thể là: {likely}")
    mention = [*named, *body][0]
    return _unknown(mention, province, f"không có trong danh mục của {provinces()[province]}")


def _is_a_name_elsewhere(mention: Mention) -> bool:
    return any(_exactly(mention, code) for code in provinces())


def _unknown(mention: Mention, province: str | None, why: str) -> tuple[Whose, list[str]]:
    return Whose(name=mention.name, province=province), [f'đơn vị "{mention.name}" {why}; cần người chọn']


def _found(mention: Mention, entry: RegisterEntry) -> Whose:
    """The name as it is printed, but in the register's letters where it is printed in capitals."""
    printed = mention.spelled(compared(name_without_kind(entry)))
    name = f"{mention.kind or entry.kind} {printed}" if printed and mention.kind in (None, entry.kind) else entry.name
    return Whose(entry.code, name, entry.province)


def _anywhere(groups: Sequence[Sequence[Mention]]) -> tuple[Whose, list[str]]:
    mentions = [mention for group in groups for mention in group]
    for mention in mentions:
        found = [entry for code in provinces() if (entry := _exactly(mention, code, same_kind=True))]
        if len(found) == 1:
            told = f"văn bản không nêu tỉnh; {found[0].name} chỉ có ở {found[0].province_name}"
            return _found(mention, found[0]), [told]
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
