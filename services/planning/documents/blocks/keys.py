"""Finds the keys of a task within lines ("Chủ trì: …", "Thời gian thực hiện: …"), each with its value."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from typing import Literal

from services.planning.documents.blocks.assignments import names_only_bodies, time_at_the_end
from services.planning.documents.line_markers import MarkedLine, is_in_capitals
from services.planning.phrases.bodies import read_bodies
from services.planning.phrases.schedules import read_schedule
from shared.vietnamese import folded

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
_ANY = "|".join(f"(?P<k{place}>{pattern})" for place, (_, pattern) in enumerate(_KEYS))
_KEY = re.compile(rf"{_STARTS}(?:{_ANY}){_OF_WHICH}(?:\s*\([^()]{{1,60}}\))?\s*:(?!\d)", re.IGNORECASE)
_WITHOUT_COLON = re.compile(rf"(?P<key>{_ANY})(?P<mark>\s*;\s*|\s+[-–—]\s+|\t\s*|\s+|$)(?P<value>.*)", re.IGNORECASE)
_OF_SEVERAL = re.compile(r"\b(?:chung|(?:các|những|tất cả|toàn bộ) .*(?:trên|này|nói|nêu))\b", re.IGNORECASE)
_OPENED_BEFORE = re.compile(r"\(([^();:]{2,150})[;,]?\s*$")
_AT_THE_START_ONLY = frozenset({"requirement", "deliverable"})
_BODIES: frozenset[KeyRole] = frozenset({"lead", "support", "both"})
_LOOSE_ENDS = " \t\n;,-–+•(["
_BEHIND_AN_ARROW = re.compile(
    r"(?P<work>[^→]{4,400}?)\s*(?:→|⇒|➔|=>|->|-->)\s*(?P<bodies>[^()→]{2,200}?)\s*(?:\((?P<time>[^()]{2,100})\))?[\s.;]*$"
)
_TOGETHER = re.compile(r"^phối hợp(?: với| cùng)?\s*|\s*phối hợp$", re.IGNORECASE)
_TOGETHER_AT_THE_END = re.compile(r"\s*phối hợp\s*$", re.IGNORECASE)
_BESIDE_DOTS = re.compile(r"(?P<bodies>[^.…]{2,120}?)\s*(?:\.{4,}|…{2,})\s*(?P<time>[^.…\s].{1,80})$")
_LABELLED = re.compile(r"([^\W\d][^:.;,()\[\]]{1,40}):\s*((?:[^:.;]|[.;](?!\s+[^\W\d][^:.;,()\[\]]{1,40}:))+)")
_UNKNOWN_LABELS = re.compile(
    r"(?:^|\(|\[|(?<=[.;] ))[^\W\d][^:.;,()\[\]]{1,40}: [^:]{3,200}[.;] [^\W\d][^:.;,()\[\]]{1,40}: .*$"
)
# Labels whose bodies and times are those of something else than the work.
_OF_OTHERS = re.compile(
    r"(?:nơi|đơn vị|cơ quan)?\s*(?:nhận|gửi)\b|báo cáo|kiểm tra|giám sát|thẩm định|phê duyệt|duyệt|ký|căn cứ|kính gửi",
)
_ANY_YEAR = 2000  # enough to see whether a text is a schedule at all
_LONGEST_SCHEDULE = 100
_LONGEST_BODIES = 300
_LONGEST_LIST = 6
_NEXT_KEYS = 3


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
            _role(key),
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


def with_colons(lines: Sequence[MarkedLine]) -> list[MarkedLine]:
    """Adds the colon to keys that were typed without one ("Chủ trì Phòng Kinh tế").

    One such line alone may begin a sentence ("Phối hợp Phòng Kinh tế rà soát"), so another key must be near.
    """
    lines = [_with_keys_for_signs(line) for line in lines]
    written = [_with_colon(line) for line in lines]
    is_key = [text is not None or _begins_with_key(line) for text, line in zip(written, lines, strict=True)]
    return [
        replace(line, text=text)
        if text is not None
        and _has_key_near(is_key, at, _distance(line, text))
        and not _names_the_lead_again(text, lines[at + 1 : at + 1 + _NEXT_KEYS])
        else line
        for at, (text, line) in enumerate(zip(written, lines, strict=True))
    ]


def _names_the_lead_again(text: str, following: Sequence[MarkedLine]) -> bool:
    """ "Phân công công chức trực" is a work where "Đơn vị chủ trì: …" with its colon follows."""
    (first, *_) = keys_in(text)[1]
    below = takewhile(lambda line: not line.style.startswith(("roman", "capital", "decimal", "named")), following)
    roles = {key.role for line in below for key in keys_in(line.text)[1] if not keys_in(line.text)[0]}
    return first.role == "both" and bool(roles & {"lead", "both"})


def _with_keys_for_signs(line: MarkedLine) -> MarkedLine:
    """ "Lập sổ → Phòng Kinh tế, Công an xã phối hợp (Quý I)" and "Phòng Kinh tế ....... Quý I" in words."""
    found = _BEHIND_AN_ARROW.match(line.text)
    if found and names_only_bodies(_TOGETHER_AT_THE_END.sub("", found["bodies"])):
        lead, *others = (
            found["bodies"].split(",") if _TOGETHER_AT_THE_END.search(found["bodies"]) else [found["bodies"]]
        )
        support = f"; Phối hợp: {_TOGETHER_AT_THE_END.sub('', ','.join(others)).strip()}" if others else ""
        time = f"; Thời gian: {found['time']}" if found["time"] else ""
        return replace(line, text=f"{found['work']}; Chủ trì: {lead.strip()}{support}{time}")
    if (found := _BESIDE_DOTS.match(line.text)) and names_only_bodies(found["bodies"]):
        return replace(line, text=f"Chủ trì: {found['bodies']}; Thời gian: {found['time']}")
    text = _with_known_labels(line.text)
    return line if text == line.text else replace(line, text=text, by_values=True)


def _with_known_labels(text: str) -> str:
    """ "(Ai làm: Phòng Kinh tế. Cùng tham dự: Công an xã. Bao giờ xong: quý III)": what follows each label tells it.

    At least two labels in a row, and one value must be a body and every other a body or a time.
    """
    begins = _UNKNOWN_LABELS.search(text)
    if begins is None:
        return text
    parts = _LABELLED.findall(begins[0])
    named = [(label, value.strip(" .;,)]")) for label, value in parts]
    kinds = [_kind_of_value(value) for _, value in named]
    if any(label.isupper() for label, _ in named):
        return text  # an explanation of short names
    if len(named) < 2 or "bodies" not in kinds or None in kinds or all(_KEY.match(f"{label}:") for label, _ in named):
        return text
    of_works = (kind for (label, _), kind in zip(named, kinds, strict=True) if not _OF_OTHERS.match(folded(label)))
    if "bodies" not in of_works:
        return text
    bodies = iter(("Chủ trì", *["Phối hợp"] * len(named)))
    written = [
        f"{label if _is_kept(label) else next(bodies) if kind == 'bodies' else 'Thời gian'}: {value}"
        for (label, value), kind in zip(named, kinds, strict=True)
    ]
    before = text[: begins.start()].rstrip()
    between = "" if not before else " " if before[-1] in ".;" else "; "
    return f"{before}{between}{'; '.join(written)}"


def _is_kept(label: str) -> bool:
    """Whether a label stays as printed: a known key, or one of who receives or checks the work."""
    return bool(_KEY.match(f"{label}:") or _OF_OTHERS.match(folded(label)))


def _kind_of_value(value: str) -> str | None:
    if names_only_bodies(value):
        return "bodies"
    milestones = read_schedule(value, _ANY_YEAR).milestones
    return "time" if len(value) <= _LONGEST_SCHEDULE and all(one.kind != "unspecified" for one in milestones) else None


def _has_key_near(is_key: Sequence[bool], at: int, distance: int) -> bool:
    return any(is_key[max(0, at - distance) : at]) or any(is_key[at + 1 : at + 1 + distance])


def _distance(line: MarkedLine, text: str) -> int:
    """How many lines away the next key may be: a value on lines of its own, or a list, may stand between."""
    if not text.endswith(":"):
        return 1
    return _LONGEST_LIST if line.style else 2


def _begins_with_key(line: MarkedLine) -> bool:
    before, keys = keys_in(line.text)
    return bool(keys) and not before


def _with_colon(line: MarkedLine) -> str | None:
    if (
        line.style.startswith(("roman", "capital", "decimal", "named"))
        or is_in_capitals(line.text)
        or _begins_with_key(line)
    ):
        return None
    found = _key_without_colon(line.text)
    return f"{found[0].strip()}: {found[1].value}".strip() if found and _is_plausible(found[1]) else None


def _is_plausible(key: KeyValue) -> bool:
    """Whether the value holds only bodies, or only a schedule, or follows on the next line."""
    if not key.value or key.role in ("deliverable", "requirement"):
        return True
    if key.role == "schedule":
        milestones = read_schedule(key.value, _ANY_YEAR).milestones
        return len(key.value) <= _LONGEST_SCHEDULE and all(one.kind != "unspecified" for one in milestones)
    if len(key.value) > _LONGEST_BODIES:
        return False
    bodies = read_bodies(key.value, "support" if key.role == "support" else "lead")
    named = sum(len(name) for name in (*bodies.lead, *bodies.support))
    return not bodies.warnings and named >= len(key.value) - 3 * key.value.count(",") - 8


def _key_without_colon(text: str) -> tuple[str, KeyValue] | None:
    """The words, the role and the value of a key that starts a line and has a separator other than a colon, or none."""
    found = _WITHOUT_COLON.match(text)
    if found is None or (found["mark"].isspace() and _role(found) in _AT_THE_START_ONLY):
        return None
    return found["key"], KeyValue(_role(found), found["value"].strip())


def _value(printed: str, *, is_last: bool) -> str:
    """The last value keeps its comma, which shows that it continues on the next line."""
    value = printed.strip() if is_last else printed.strip().rstrip(_LOOSE_ENDS)
    bare = value.rstrip(".; ")
    is_bracket_of_all = bare.endswith((")", "]")) and len(re.findall(r"[)\]]", bare)) > len(re.findall(r"[(\[]", bare))
    return bare[:-1] if is_bracket_of_all else value


def _role(key: re.Match[str]) -> KeyRole:
    return next(role for place, (role, _) in enumerate(_KEYS) if key[f"k{place}"])


def _is_key(key: re.Match[str], text: str) -> bool:
    """Within a sentence "kết quả:" or "yêu cầu:" is a key only after another one, or after a full stop or semicolon."""
    before = text[: key.start()].rstrip()
    return not before or _role(key) not in _AT_THE_START_ONLY or before[-1] in ".;" or bool(_KEY.match(text))
