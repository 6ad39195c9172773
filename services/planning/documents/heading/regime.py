"""Which reporting regime a plan belongs to: control of administrative procedures, or administrative reform."""

import re
from collections.abc import Iterable

from shared.vietnamese import folded

_ABOUT = {
    "tthc-control": re.compile(r"thủ tục hành chính|\btthc\b|một cửa|kstthc"),
    "reform": re.compile(r"cải cách hành chính|\bcchc\b|par[ -]?index|cải cách thể chế|kỷ cương hành chính"),
}
_NAMES = {"tthc-control": "kiểm soát thủ tục hành chính", "reform": "cải cách hành chính"}


def regime_of(title: str | None, body: Iterable[str]) -> tuple[str | None, list[str]]:
    """By the title, where the first subject that it names decides; else by what the text speaks of most."""
    named = {regime: found.start() for regime, found in _found(folded(title or "")).items()}
    if named:
        regime = min(named, key=lambda one: named[one])
        both = "tên kế hoạch nêu cả cải cách hành chính và thủ tục hành chính; chọn chế độ nêu trước"
        return regime, [both] if len(named) > 1 else []
    texts = [folded(text) for text in body]
    counts = {regime: sum(len(about.findall(text)) for text in texts) for regime, about in _ABOUT.items()}
    regime = max(counts, key=lambda one: counts[one])
    if counts[regime] == 0:
        return None, ["không rõ kế hoạch thuộc chế độ kiểm soát thủ tục hành chính hay cải cách hành chính"]
    return regime, [f"tên kế hoạch không cho biết chế độ báo cáo; theo nội dung đọc là {_NAMES[regime]}"]


def _found(text: str) -> dict[str, re.Match[str]]:
    return {regime: found for regime, about in _ABOUT.items() if (found := about.search(text))}
