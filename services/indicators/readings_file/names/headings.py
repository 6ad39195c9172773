"""Understands the headings of an office's sheet: a group such as "Hồ sơ tiếp nhận" and a part such as "Trực tuyến"."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from shared.vietnamese import folded

Group = Literal["received", "resolved", "pending"]

NUMBERED = re.compile(r"^(?:[0-9]{1,2}|[ivx]{1,4}|[a-z])[.)]\s+")
IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
NO_WORD = re.compile(r"[^\w%]+|_")
FILES = re.compile(r"^(?:(?:tổng )?số (?:lượng )?)?(?:hồ sơ|hs)(?: (?:tthc|thủ tục hành chính))? ")
OF_A_PERIOD = re.compile(r" (?:trong )?(?:kỳ|ngày|tuần|tháng|quý|năm)(?: báo cáo| này)?$")

# As form II.06 (Circular 01/2020/TT-VPCP) and the sheets of offices name them, without "số hồ sơ".
GROUPS: dict[Group, tuple[str, ...]] = {
    "received": (
        "tiếp nhận", "đã tiếp nhận", "nhận giải quyết", "tiếp nhận giải quyết", "kết quả tiếp nhận", "tiếp nhận hồ sơ",
        "nhận", "đã nhận",
    ),
    "resolved": (
        "đã giải quyết", "giải quyết", "kết quả giải quyết", "đã giải quyết xong", "giải quyết xong", "đã xử lý",
        "đã trả kết quả", "trả kết quả",
    ),
    "pending": (
        "đang giải quyết", "đang xử lý", "chưa giải quyết", "chưa giải quyết xong", "còn tồn", "tồn", "tồn đọng",
        "tồn cuối", "tồn chưa giải quyết", "tồn đang giải quyết", "còn tồn chưa giải quyết", "chuyển kỳ sau",
        "chuyển sang kỳ sau",
    ),
}  # fmt: skip
PARTS: dict[str, tuple[str, ...]] = {
    "all": ("tổng số", "tổng", "tổng cộng", "tổng số hồ sơ", "cộng", "số lượng", "số hồ sơ"),
    "new": ("trong kỳ", "mới tiếp nhận", "tiếp nhận mới", "mới", "trong tháng", "trong ngày", "trong quý"),
    "online": ("trực tuyến", "nộp trực tuyến", "qua mạng", "dvctt", "dịch vụ công trực tuyến", "online"),
    "fully-online": ("trực tuyến toàn trình", "toàn trình", "dịch vụ công trực tuyến toàn trình", "dvctt toàn trình"),
    "direct": (
        "trực tiếp", "trực tiếp bưu chính", "trực tiếp bcci", "trực tiếp hoặc bưu chính", "nộp trực tiếp",
        "trực tiếp hoặc qua bưu chính", "trực tiếp qua bưu chính", "trực tiếp dịch vụ bưu chính",
        "trực tiếp hoặc dịch vụ bưu chính", "trực tiếp bưu chính công ích", "trực tiếp hoặc bcci",
        "trực tiếp hoặc qua dịch vụ bưu chính", "trực tiếp qua dịch vụ bưu chính",
        "trực tiếp dịch vụ bưu chính công ích",
    ),
    "carried": (
        "từ kỳ trước", "kỳ trước", "từ kỳ trước chuyển qua", "từ kỳ trước chuyển sang", "kỳ trước chuyển qua",
        "kỳ trước chuyển sang", "tồn kỳ trước", "kỳ trước tồn", "tồn đầu kỳ", "chuyển từ kỳ trước",
    ),
    "early": ("trước hạn", "sớm hạn", "trước thời hạn", "sớm"),
    "on-time": ("đúng hạn", "đúng thời hạn"),
    "late": ("quá hạn", "trễ hạn", "quá thời hạn", "trễ"),
    "in-term": ("trong hạn", "còn hạn", "còn trong hạn", "chưa đến hạn", "chưa quá hạn", "trong thời hạn"),
}  # fmt: skip
MEASURES: dict[tuple[Group, str], str] = {
    ("received", "all"): "files-received",
    ("received", "new"): "files-received",
    ("received", "online"): "files-received-online",
    ("received", "fully-online"): "files-received-fully-online",
    ("received", "direct"): "files-received-direct",
    ("received", "carried"): "files-carried-over",
    ("resolved", "all"): "files-resolved",
    ("resolved", "early"): "files-resolved-early",
    ("resolved", "on-time"): "files-resolved-on-time",
    ("resolved", "late"): "files-resolved-late",
    ("pending", "all"): "files-pending",
    ("pending", "in-term"): "files-pending-in-term",
    ("pending", "late"): "files-pending-overdue",
}
# Parts that belong to one group only, so that their heading needs none. "Quá hạn" has two.
ALONE: dict[str, Group] = {
    "online": "received", "fully-online": "received", "direct": "received", "carried": "received", "early": "resolved",
    "on-time": "resolved", "in-term": "pending",
}  # fmt: skip


class Meaning(NamedTuple):
    """The measure of a column; `is_sum` where its heading is "all" of a group of columns, as column 3 of form II.06."""

    measure: str
    is_sum: bool = False


@lru_cache(maxsize=20_000)  # a file has few names in many rows
def plain(text: str) -> str:
    """How headings and names are compared: small letters, without numbering, brackets, punctuation and "và"."""
    words = NO_WORD.sub(" ", IN_BRACKETS.sub(" ", NUMBERED.sub("", folded(text)))).split()
    return " ".join(word for word in words if word != "và")


GROUP_OF = {plain(form): group for group, forms in GROUPS.items() for form in forms}
PART_OF = {plain(form): part for part, forms in PARTS.items() for form in forms}


def meaning_of(headings: Sequence[str]) -> Meaning | None:
    """What a column counts, from its headings with the topmost first; None where that is not certain."""
    *above, own = headings
    group, part = _parsed(own)
    if group is None and part is not None:
        group = next((found for heading in reversed(above) if (found := _parsed(heading)[0])), None) or ALONE.get(part)
        measure = MEASURES.get((group, part)) if group else None
        is_sum = part == "all" and all(_parsed(heading)[1] != "new" for heading in above)
        return Meaning(measure, is_sum) if measure else None
    measure = MEASURES.get((group, part or "all")) if group else None
    return Meaning(measure) if measure else None


def _parsed(heading: str) -> tuple[Group | None, str | None]:
    """The group and the part that a heading names, each None where it names none."""
    whole = plain(heading)
    for text in dict.fromkeys((whole, FILES.sub("", f"{whole} ").strip(), OF_A_PERIOD.sub("", FILES.sub("", whole)))):
        if text in PART_OF:
            return None, PART_OF[text]
        if text in GROUP_OF:
            return GROUP_OF[text], None
        for form in sorted(GROUP_OF, key=len, reverse=True):
            rest = text.removeprefix(f"{form} ")
            part = PART_OF.get(rest) or PART_OF.get(rest.removeprefix("qua "))
            if rest != text and part:
                return GROUP_OF[form], part
    return None, None
