"""Reads one level: [comparison] number [unit] ["trở lên" or "trở xuống"]; skips numbers that name a year or an act."""

from dataclasses import dataclass, field

from services.planning.phrases.targets.elements import Elements, role_at, touching
from services.planning.phrases.targets.statements import Level
from services.planning.phrases.targets.vocabulary import OPENS_A_LEVEL, Role

_KEYS = {Role.LOWER: "at_least", Role.ABOVE: "above", Role.BELOW: "below", Role.UPPER: "at_most"}
_REFERRING = frozenset((Role.REFERENCE, Role.DURATION, Role.COMPARED, Role.SLASH))
_COUNTED = frozenset((Role.PERCENT, Role.UNIT, Role.DURATION))
_TURNED = {Role.ABOVE: "at_most", Role.BELOW: "at_least"}  # "không quá", "không dưới"
_BEHIND = {Role.UPWARDS: "at_least", Role.DOWNWARDS: "at_most"}
_STRICTER = {frozenset(("at_least", "above")): "above", frozenset(("at_most", "below")): "below"}
_UNREADABLE = "không đọc được con số"
_UNCLEAR = "không rõ mức được so sánh thế nào"
CONTRADICTION = "các từ so sánh trái ngược nhau"
_STRICTER_OF_TWO = "vừa ghi hơn (kém) vừa ghi bằng, lấy mức chặt hơn"
_APPROXIMATE = "chỉ nêu con số ước chừng"


@dataclass
class _Opening:
    """The meaning of the words before a number; of "tăng" and "đạt", the last one counts."""

    keys: set[str] = field(default_factory=set)
    denied: bool = False
    problem: str | None = None
    any: bool = False
    reached: bool = False
    relative: bool = False
    lowered: bool = False

    def take(self, role: Role) -> None:
        self.any = self.any or role not in (Role.RATE, Role.LINK)
        if role in _KEYS:
            self._compare(role)
        elif role is Role.NOT:
            self.denied = True
        elif role is Role.ABOUT:
            self.problem = _APPROXIMATE
        elif role is Role.CHANGE:
            self.relative = True
        elif role in (Role.REACH, Role.LINK, Role.RAISED_TO, Role.LOWERED_TO):
            self.reached, self.relative, self.lowered = True, False, role is Role.LOWERED_TO

    def _compare(self, role: Role) -> None:
        if self.denied and role not in _TURNED:
            self.problem = _UNCLEAR
        self.keys.add(_TURNED.get(role, _KEYS[role]) if self.denied else _KEYS[role])
        self.denied = False


def level_at(elements: Elements, first: int) -> tuple[Level | None, int]:
    """The level that begins at an element, if any, and the element to go on from."""
    opening, at = _Opening(), first
    while role_at(elements, at) in OPENS_A_LEVEL:
        opening.take(elements[at].role)
        at += 1
    if at > first and role_at(elements, at) is Role.COLON and elements[at - 1].role in _KEYS:  # "ít nhất: 30%"
        at += 1
    if role_at(elements, at) is not Role.NUMBER:
        return None, at
    if refers(elements, at):
        return None, _after_reference(elements, at)
    return _level(elements, first, at, opening)


def _level(elements: Elements, first: int, number: int, opening: _Opening) -> tuple[Level, int]:
    at = _after_full_marks(elements, number)
    unit, at, fleeting = _unit_at(elements, at)
    keys, problem = set(opening.keys), opening.problem or (_UNCLEAR if opening.denied else None)
    behind, at = _comparison_behind(elements, at)
    keys.update(behind)
    key = next(iter(keys)) if len(keys) == 1 else _STRICTER.get(frozenset(keys))
    if keys and key is None:
        problem = problem or CONTRADICTION
    if elements[number].value is None:
        problem = _UNREADABLE
    level = Level(
        value=elements[number].value,
        key=key,
        unit=unit,
        first=first,
        last=at,
        problem=problem,
        remark=_STRICTER_OF_TWO if key and len(keys) > 1 else None,
        opened=opening.any or key is not None,
        reached=opening.reached,
        relative=opening.relative,
        lowered=opening.lowered,
        fleeting=fleeting,
    )
    return level, at


def _comparison_behind(elements: Elements, at: int) -> tuple[set[str], int]:
    """ "60 % trở lên", "5 % (tối đa)", "5 % là tối đa"."""
    if role_at(elements, at) in _BEHIND:
        return {_BEHIND[elements[at].role]}, at + 1
    comparison = at + (role_at(elements, at) in (Role.OPEN, Role.LINK))
    if role_at(elements, comparison) not in (Role.LOWER, Role.UPPER):
        return set(), at
    if role_at(elements, at) is Role.OPEN:
        closed = role_at(elements, comparison + 1) is Role.CLOSE
        return ({_KEYS[elements[comparison].role]}, comparison + 2) if closed else (set(), at)
    ended = role_at(elements, comparison + 1) in (Role.STOP, Role.COMMA, Role.CLOSE)
    return ({_KEYS[elements[comparison].role]}, comparison + 1) if ended else (set(), at)


def _unit_at(elements: Elements, at: int) -> tuple[str | None, int, bool]:
    role = role_at(elements, at)
    if role is Role.PERCENT:
        return "%", at + 1, False
    if role is Role.OPEN and role_at(elements, at + 1) is Role.PERCENT and role_at(elements, at + 2) is Role.CLOSE:
        return "%", at + 3, False
    if role is Role.REFERENCE and elements[at].text == "năm" and role_at(elements, at + 1) is not Role.NUMBER:
        return "năm", at + 1, True
    if role not in _COUNTED:
        return None, at, False
    unit, fleeting, at = elements[at].text, role is Role.DURATION, at + 1
    if role_at(elements, at) is Role.SLASH and at + 1 < len(elements) and elements[at + 1].text.isalpha():
        return f"{unit}/{elements[at + 1].text}", at + 2, False
    return unit, at, fleeting


def _after_full_marks(elements: Elements, number: int) -> int:
    """ "90/100 điểm" is a score of 90; the number behind the slash is skipped."""
    return number + 3 if _of_full_marks(elements, number) else number + 1


def _of_full_marks(elements: Elements, number: int) -> bool:
    roles = tuple(role_at(elements, number + step) for step in (1, 2, 3))
    return roles == (Role.SLASH, Role.NUMBER, Role.UNIT) and elements[number + 3].text == "điểm"


def refers(elements: Elements, at: int) -> bool:
    """Whether a number is a year, a day or a part of a name rather than an amount."""
    following = role_at(elements, at + 1)
    if following is Role.PERCENT or _of_full_marks(elements, at):
        return False
    if role_at(elements, at - 1) in _REFERRING or _is_a_grade(elements, at) or following is Role.SLASH:
        return True
    if touching(elements, at) and role_at(elements, at - 1) is Role.WORD:
        return True
    if following is Role.DURATION:
        return at + 2 < len(elements) and elements[at + 2].text in ("đầu năm", "cuối năm", "đầu", "cuối")
    return touching(elements, at + 1) and following is Role.WORD


def _is_a_grade(elements: Elements, at: int) -> bool:
    """ "Mức độ 4" names a grade of service, but "mức độ hài lòng 90" has an amount."""
    return at > 0 and elements[at - 1].text == "mức độ" and role_at(elements, at + 1) not in _COUNTED


def _after_reference(elements: Elements, at: int) -> int:
    """The element after the whole of "2021 - 2025", "15/12/2025" or "9001: 2015"."""
    at += 1
    while (
        role_at(elements, at) in (Role.SLASH, Role.TO, Role.AND)
        and role_at(elements, at + 1) is Role.NUMBER
        and role_at(elements, at + 2) not in _COUNTED
    ):
        at += 2
    return at
