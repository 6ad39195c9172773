"""Writes the keys of tasks with their colons where a document has another sign, a label of other words, or no mark."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from services.planning.documents.blocks.assignments import names_only_bodies
from services.planning.documents.blocks.keys import ANY_KEY, AT_THE_START_ONLY, KeyValue, is_label, keys_in, role_of
from services.planning.documents.line_markers import MarkedLine, is_in_capitals
from services.planning.phrases.bodies import read_bodies
from services.planning.phrases.schedules import read_schedule
from shared.vietnamese import folded

_WITHOUT_COLON = re.compile(rf"(?P<key>{ANY_KEY})(?P<mark>\s*;\s*|\s+[-–—]\s+|\t\s*|\s+|$)(?P<value>.*)", re.IGNORECASE)
_BEHIND_AN_ARROW = re.compile(
    r"(?P<work>[^→]{4,400}?)\s*(?:→|⇒|➔|=>|->|-->)\s*(?P<bodies>[^()→]{2,200}?)\s*(?:\((?P<time>[^()]{2,100})\))?[\s.;]*$"
)
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
    if len(named) < 2 or "bodies" not in kinds or None in kinds or all(is_label(label) for label, _ in named):
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
    return is_label(label) or bool(_OF_OTHERS.match(folded(label)))


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
    if found is None or (found["mark"].isspace() and role_of(found) in AT_THE_START_ONLY):
        return None
    return found["key"], KeyValue(role_of(found), found["value"].strip())
