"""The keys of a task ("Chủ trì: …", "Thời gian thực hiện: …") within a line, each with its value."""

import re
from dataclasses import dataclass
from typing import Literal

Role = Literal["lead", "support", "both", "deliverable", "requirement", "schedule"]

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
_KEYS: tuple[tuple[Role, str], ...] = (
    ("both", rf"{_WHO}chủ trì{_DOES}\s*[,;/-]?\s*(?:và\s+)?(?:{_WHO})phối hợp{_DOES}"),
    ("lead", rf"{_WHO}chủ trì{_DOES}"),
    ("support", rf"{_WHO}(?:cùng\s+)?phối hợp(?:\s+(?:với|cùng))?{_DOES}"),
    ("both", r"(?:cơ quan|đơn vị|bộ phận|phòng|ban|cá nhân|tổ chức)"
     r"(?:\s*[,/]\s*(?:cơ quan|đơn vị|bộ phận|cá nhân)){0,3}"
     r"(?:\s+(?:được giao|tổ chức|chịu trách nhiệm|trực tiếp))?\s+(?:thực hiện|tham mưu|phụ trách|triển khai)"),
    ("both", r"(?:phân công|trách nhiệm|giao nhiệm vụ)(?:\s+(?:thực hiện|nhiệm vụ|tổ chức thực hiện|cụ thể|chính))?"),
    ("lead", r"(?:người|cá nhân|cán bộ|công chức|lãnh đạo)\s+(?:phụ trách|thực hiện|chịu trách nhiệm)(?:\s+chính)?"),
    ("lead", r"(?:đơn vị|cơ quan|bộ phận|cá nhân)\s+(?:đầu mối|chịu trách nhiệm(?:\s+chính)?)|phụ trách|đầu mối"),
    ("support", r"(?:đơn vị|cơ quan|bộ phận)\s+(?:tổng hợp|theo dõi|đôn đốc|giám sát|thẩm định)"
     r"(?:,?\s+(?:và\s+)?báo cáo)?"),
    ("deliverable", r"(?:dự kiến\s+)?(?:sản phẩm|kết quả|đầu ra)"
     r"(?:\s*[,/]?\s*(?:và\s+)?(?:sản phẩm|kết quả|đầu ra|dự kiến|cần đạt"
     r"|phải đạt|đạt được|hoàn thành|thực hiện|chủ yếu|chính|cụ thể|nhiệm vụ|công việc)){0,4}"),
    ("requirement", r"yêu cầu(?:\s+(?:cần đạt|cụ thể|kết quả|về kết quả|thực hiện))?"),
    ("schedule", rf"(?:thời gian|thời hạn|thời điểm|tiến độ|lộ trình|mốc thời gian|kỳ hạn|hạn){_WHEN}"),
    ("schedule", r"hoàn thành|thời gian, tiến độ|tiến độ, thời gian"),
)  # fmt: skip
_OF_WHICH = (
    r"(?P<of>(?:\s*,?\s*(?:chung|cho|đối với|của|tại|ở|các|những|tất cả|toàn bộ|nhiệm vụ|nội dung|công việc|mục"
    r"|phần|điểm|trên|này|nêu|nói|đã|trong|và|\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[a-hđ])(?!\w)){1,9})?"
)
_STARTS = r"(?:^|(?<=[.;,([\n])|(?<=[-–+•]))\s*"
_ANY = "|".join(f"(?P<k{place}>{pattern})" for place, (_, pattern) in enumerate(_KEYS))
_KEY = re.compile(rf"{_STARTS}(?:{_ANY}){_OF_WHICH}(?:\s*\([^()]{{1,60}}\))?\s*:(?!\d)", re.IGNORECASE)
_WITHOUT_COLON = re.compile(rf"(?P<key>{_ANY})(?P<mark>\s*;\s*|\s+[-–—]\s+|\t\s*|\s+|$)(?P<value>.*)", re.IGNORECASE)
_OF_SEVERAL = re.compile(r"\b(?:chung|(?:các|những|tất cả|toàn bộ) .*(?:trên|này|nói|nêu))\b", re.IGNORECASE)
_AT_THE_START_ONLY = frozenset({"requirement", "deliverable"})
_LOOSE_ENDS = " \t\n;,-–+•(["


@dataclass(frozen=True)
class KeyValue:
    """`value` is "" where it follows on the next lines; `shared` is a key of the tasks above as well."""

    role: Role
    value: str
    shared: bool = False


def keys_in(text: str) -> tuple[str, list[KeyValue]]:
    """What stands before the first key, and the keys with their values; ("…", []) for a line without a key."""
    found = [key for key in _KEY.finditer(text) if _counts(key, text)]
    if not found:
        return text, []
    ends = [key.start() for key in found[1:]] + [len(text)]
    values = [
        KeyValue(
            _role(key),
            _value(text[key.end() : end], is_last=end == len(text)),
            bool(_OF_SEVERAL.search(key["of"] or "")),
        )
        for key, end in zip(found, ends, strict=True)
    ]
    return text[: found[0].start()].rstrip(_LOOSE_ENDS).strip(), values


def without_colon(text: str) -> tuple[str, KeyValue] | None:
    """A key at the start of a line with another separator than a colon, or none: its words, its role and value."""
    found = _WITHOUT_COLON.match(text)
    if found is None or (found["mark"].isspace() and _role(found) in _AT_THE_START_ONLY):
        return None
    return found["key"], KeyValue(_role(found), found["value"].strip())


def _value(printed: str, *, is_last: bool) -> str:
    """The last one keeps its comma, by which one sees that it goes on."""
    value = printed.strip() if is_last else printed.strip().rstrip(_LOOSE_ENDS)
    bare = value.rstrip(".; ")
    is_bracket_of_all = bare.endswith((")", "]")) and len(re.findall(r"[)\]]", bare)) > len(re.findall(r"[(\[]", bare))
    return bare[:-1] if is_bracket_of_all else value


def _role(key: re.Match[str]) -> Role:
    return next(role for place, (role, _) in enumerate(_KEYS) if key[f"k{place}"])


def _counts(key: re.Match[str], text: str) -> bool:
    """Within a sentence "kết quả:" or "yêu cầu:" is a key only after another one, or after a full stop or semicolon."""
    before = text[: key.start()].rstrip()
    return not before or _role(key) not in _AT_THE_START_ONLY or before[-1] in ".;" or bool(_KEY.match(text))
