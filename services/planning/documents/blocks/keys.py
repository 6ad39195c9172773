"""Finds the keys of a task within lines ("Chủ trì: …", "Thời gian thực hiện: …"), each with its value."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from services.planning.documents.blocks.assignments import names_only_bodies, time_at_the_end

KeyRole = Literal["lead", "support", "both", "deliverable", "requirement", "schedule"]

_WHO = (
    r"(?:(?:các|tập thể,)\s+)?"
    r"(?:(?:bộ phận|cơ quan|đơn vị|công chức|cán bộ|phòng|ban|ngành|tổ chức|cá nhân|người|lãnh đạo|địa phương"
    r"|đầu mối|chuyên môn|đồng chí|đ/c|thành viên)(?:\s*[,/]\s*|\s+(?:và|hoặc)\s+|\s+)){0,4}"
)
_DOES = (
    r"(?:\s*,?\s*(?:và\s+)?(?:tham mưu|thực hiện|triển khai|theo dõi|tổng hợp|chính|đôn đốc|giúp việc|báo cáo)){0,4}"
)
_WHEN = (
    r"(?:\s*[,/]?\s*(?:và\s+)?(?:thực hiện|hoàn thành|triển khai|tiến độ|kết thúc|dự kiến|ban hành|báo cáo|trình"
    r"|tổ chức|nộp|gửi|nhận|giải quyết|nhiệm vụ|yêu cầu|cụ thể|chậm nhất|phải|xong|công việc)){0,4}"
)
_KEYS: tuple[tuple[KeyRole, str], ...] = (
    ("both", rf"{_WHO}chủ trì{_DOES}\s*[,;/-]?\s*(?:và\s+)?(?:{_WHO})phối hợp{_DOES}"),
    ("lead", rf"{_WHO}chủ trì{_DOES}"),
    ("support", rf"{_WHO}(?:cùng\s+)?phối hợp(?:\s+(?:với|cùng))?{_DOES}"),
    ("both", r"(?:cơ quan|đơn vị|bộ phận|phòng|ban|cá nhân|tổ chức)"
     r"(?:\s*[,/]\s*(?:cơ quan|đơn vị|bộ phận|cá nhân)){0,3}"
     r"(?:\s+(?:được giao|tổ chức|chịu trách nhiệm|trực tiếp))?\s+(?:thực hiện|tham mưu|phụ trách|triển khai)"),
    ("both", r"(?:phân công|trách nhiệm|giao nhiệm vụ)(?:\s+(?:thực hiện|nhiệm vụ|tổ chức thực hiện|cụ thể|chính))?"),
    ("lead", r"(?:người|cá nhân|cán bộ|công chức|lãnh đạo)\s+(?:phụ trách|thực hiện|chịu trách nhiệm)(?:\s+chính)?"),
    ("lead", r"(?:đơn vị|cơ quan|bộ phận|cá nhân)\s+(?:đầu mối|chịu trách nhiệm(?:\s+chính)?)|phụ trách|đầu mối"
     r"|(?:đơn vị|cơ quan|bộ phận)?\s*(?:chịu trách nhiệm(?:\s+chính)?|đảm nhiệm|đảm trách)"),
    ("support", r"(?:(?:đơn vị|cơ quan|bộ phận|thành phần)\s+)?(?:cùng\s+(?:thực hiện|tham gia|làm)"
     r"|tham gia(?:\s+thực hiện)?|hỗ trợ)"),
    ("support", r"(?:đơn vị|cơ quan|bộ phận)\s+(?:tổng hợp|theo dõi|đôn đốc|giám sát|thẩm định)"
     r"(?:,?\s+(?:và\s+)?báo cáo)?"),
    ("deliverable", r"(?:dự kiến\s+)?(?:sản phẩm|kết quả|đầu ra)"
     r"(?:\s*[,/]?\s*(?:và\s+)?(?:sản phẩm|kết quả|đầu ra|dự kiến|cần đạt"
     r"|phải đạt|đạt được|hoàn thành|thực hiện|chủ yếu|chính|cụ thể|nhiệm vụ|công việc)){0,4}"),
    ("requirement", r"yêu cầu(?:\s+(?:cần đạt|cụ thể|kết quả|về kết quả|thực hiện))?"),
    ("schedule", rf"(?:thời gian|thời hạn|thời điểm|tiến độ|lộ trình|mốc thời gian|kỳ hạn|hạn){_WHEN}"),
    ("schedule", r"hoàn thành|thời gian, tiến độ|tiến độ, thời gian"),
    ("schedule", r"(?:mốc|ngày|hạn)(?:\s+(?:chót|cuối|hoàn thành|thực hiện|xong|kết thúc|thời gian)){1,2}"),
)  # fmt: skip
_OF_WHICH = (
    r"(?P<of>(?:\s*,?\s*(?:chung|cho|đối với|của|tại|ở|các|những|tất cả|toàn bộ|nhiệm vụ|nội dung|công việc|mục"
    r"|khoản|nhóm|chương|phần|điểm|trên|này|nêu|nói|đã|trong|và|\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[a-hđ])(?!\w)){1,9})?"
)
_STARTS = r"(?:^|(?<=[.;,([\n])|(?<=[-–+•]))\s*"
ANY_KEY = "|".join(f"(?P<k{place}>{pattern})" for place, (_, pattern) in enumerate(_KEYS))
_KEY = re.compile(rf"{_STARTS}(?:{ANY_KEY}){_OF_WHICH}(?:\s*\([^()]{{1,60}}\))?\s*:(?!\d)", re.IGNORECASE)
_OF_SEVERAL = re.compile(r"\b(?:chung|(?:các|những|tất cả|toàn bộ) .*(?:trên|này|nói|nêu))\b", re.IGNORECASE)
_OPENED_BEFORE = re.compile(r"\(([^();:]{2,150})[;,]?\s*$")
AT_THE_START_ONLY = frozenset({"requirement", "deliverable"})
_BODIES: frozenset[KeyRole] = frozenset({"lead", "support", "both"})
_LOOSE_ENDS = " \t\n;,-–+•(["
_TOGETHER = re.compile(r"^phối hợp(?: với| cùng)?\s*|\s*phối hợp$", re.IGNORECASE)


@dataclass(frozen=True)
class KeyValue:
    """`value` is "" where it follows on the next lines; `shared`: the key also applies to the tasks above."""

    role: KeyRole
    value: str
    shared: bool = False


def keys_in(text: str) -> tuple[str, list[KeyValue]]:
    """The text before the first key, and the keys with their values; ("…", []) for a line without a key."""
    before, keys = _keys_in(text)
    return before, list(keys)


@lru_cache(maxsize=10_000)  # a document's readers look at each line some seven times
def _keys_in(text: str) -> tuple[str, tuple[KeyValue, ...]]:
    found = [key for key in _KEY.finditer(text) if _is_key(key, text)]
    if not found:
        return text, ()
    ends = [key.start() for key in found[1:]] + [len(text)]
    values = [
        KeyValue(
            role_of(key),
            _value(text[key.end() : end], is_last=end == len(text)),
            bool(_OF_SEVERAL.search(key["of"] or "")),
        )
        for key, end in zip(found, ends, strict=True)
    ]
    before = text[: found[0].start()].rstrip(_LOOSE_ENDS).strip()
    opened = _OPENED_BEFORE.search(before) if values[0].role in ("support", "schedule") else None
    if opened and names_only_bodies(opened[1]):  # "Rà soát biểu mẫu (Phòng Kinh tế; phối hợp: Công an xã)"
        role: KeyRole = "lead" if values[0].role == "support" else "both"
        before, values = before[: opened.start()].rstrip(_LOOSE_ENDS), [KeyValue(role, opened[1]), *values]
    return before, tuple(_taken_apart(values))


def _taken_apart(values: Sequence[KeyValue]) -> Iterator[KeyValue]:
    """What stands behind a value without a key of its own.

    "(Phòng Kinh tế; phối hợp: Công an xã; trước 20/3)", "(thời gian: quý I; Phòng Kinh tế chủ trì, Công an phối hợp)".
    """
    roles = {value.role for value in values}
    for value in values:
        first, mark, rest = (part.strip(" .") for part in value.value.partition(";"))
        bodies, _, time = (part.strip(" .") for part in value.value.rpartition(";"))
        if mark and value.role == "schedule" and not roles & _BODIES and "chủ trì" in rest and names_only_bodies(rest):
            yield replace(value, value=first)
            yield KeyValue("both", rest)
        elif mark and value.role in _BODIES and "schedule" not in roles and time_at_the_end(f";{time}"):
            yield replace(value, value=bodies)
            yield KeyValue("schedule", time)
        elif mark and value.role == "deliverable" and roles & _BODIES:
            yield from _behind_a_deliverable(value, has_time="schedule" in roles)
        else:
            yield value


def _behind_a_deliverable(value: KeyValue, *, has_time: bool) -> Iterator[KeyValue]:
    """ "(Chủ trì: …; sản phẩm: sổ; Công an xã phối hợp; trước 20/5)"."""
    whole, _, last = (part.strip(" .") for part in value.value.rpartition(";"))
    helpers = _TOGETHER.sub("", last)
    is_support = helpers != last and names_only_bodies(helpers)
    if not whole or not (is_support or (not has_time and time_at_the_end(f";{last}"))):
        yield value
        return
    yield from _behind_a_deliverable(replace(value, value=whole), has_time=has_time or not is_support)
    yield KeyValue("support" if is_support else "schedule", last)


def _value(printed: str, *, is_last: bool) -> str:
    """The last value keeps its comma, which shows that it continues on the next line."""
    value = printed.strip() if is_last else printed.strip().rstrip(_LOOSE_ENDS)
    bare = value.rstrip(".; ")
    is_bracket_of_all = bare.endswith((")", "]")) and len(re.findall(r"[)\]]", bare)) > len(re.findall(r"[(\[]", bare))
    return bare[:-1] if is_bracket_of_all else value


def role_of(key: re.Match[str]) -> KeyRole:
    return next(role for place, (role, _) in enumerate(_KEYS) if key[f"k{place}"])


def _is_key(key: re.Match[str], text: str) -> bool:
    """Within a sentence "kết quả:" or "yêu cầu:" is a key only after another one, or after a full stop or semicolon."""
    before = text[: key.start()].rstrip()
    return not before or role_of(key) not in AT_THE_START_ONLY or before[-1] in ".;" or bool(_KEY.match(text))


def is_label(text: str) -> bool:
    """Whether a text is a key but for its colon."""
    return bool(_KEY.match(f"{text}:"))
