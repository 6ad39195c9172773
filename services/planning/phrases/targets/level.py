"""One level: [comparison] number [unit] ["trở lên" or "trở xuống"]."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.planning.phrases.targets.amounts import after_full_marks, after_reference, refers, role_at, unit_at
from services.planning.phrases.targets.statement import Level
from services.planning.phrases.targets.terms import Term
from services.planning.phrases.targets.vocabulary import Role

KEYS = {Role.LOWER: "at_least", Role.ABOVE: "above", Role.BELOW: "below", Role.UPPER: "at_most"}
_TURNED = {Role.ABOVE: "at_most", Role.BELOW: "at_least"}  # "không quá", "không dưới"
_BEHIND = {Role.UPWARDS: "at_least", Role.DOWNWARDS: "at_most"}
_STRICTER = {frozenset(("at_least", "above")): "above", frozenset(("at_most", "below")): "below"}
OPENING = frozenset(
    (
        *(*KEYS, Role.NOT, Role.FROM, Role.AIM, Role.REACH, Role.LINK, Role.RATE),
        *(Role.CHANGE, Role.RAISED_TO, Role.LOWERED_TO, Role.ABOUT),
    )
)

UNREADABLE = "không đọc được con số"
UNCLEAR = "không rõ mức được so sánh thế nào"
CONTRADICTION = "các từ so sánh trái ngược nhau"
STRICTER = "vừa ghi hơn (kém) vừa ghi bằng, lấy mức chặt hơn"
APPROXIMATE = "chỉ nêu con số ước chừng"


@dataclass
class _Opening:
    """What the words before a number say, the last of "tăng" and "đạt" being the one that counts."""

    keys: set[str] = field(default_factory=set)
    denied: bool = False
    problem: str | None = None
    any: bool = False
    reached: bool = False
    relative: bool = False
    lowered: bool = False

    def take(self, role: Role) -> None:
        self.any = self.any or role not in (Role.RATE, Role.LINK)
        if role in KEYS:
            self._compare(role)
        elif role is Role.NOT:
            self.denied = True
        elif role is Role.ABOUT:
            self.problem = APPROXIMATE
        elif role is Role.CHANGE:
            self.relative = True
        elif role in (Role.REACH, Role.LINK, Role.RAISED_TO, Role.LOWERED_TO):
            self.reached, self.relative, self.lowered = True, False, role is Role.LOWERED_TO

    def _compare(self, role: Role) -> None:
        if self.denied and role not in _TURNED:
            self.problem = UNCLEAR
        self.keys.add(_TURNED.get(role, KEYS[role]) if self.denied else KEYS[role])
        self.denied = False


def level_at(terms: Sequence[Term], first: int) -> tuple[Level | None, int]:
    """The level that begins at a term, and how far the reading came."""
    opening, at = _Opening(), first
    while role_at(terms, at) in OPENING:
        opening.take(terms[at].role)
        at += 1
    if role_at(terms, at) is not Role.NUMBER:
        return None, at
    if refers(terms, at):
        return None, after_reference(terms, at)
    return _level(terms, first, at, opening)


def _level(terms: Sequence[Term], first: int, number: int, opening: _Opening) -> tuple[Level, int]:
    at = after_full_marks(terms, number)
    unit, at, fleeting = unit_at(terms, at)
    keys, problem = set(opening.keys), opening.problem or (UNCLEAR if opening.denied else None)
    behind, at = _comparison_behind(terms, at)
    keys.update(behind)
    key = next(iter(keys)) if len(keys) == 1 else _STRICTER.get(frozenset(keys))
    if keys and key is None:
        problem = problem or CONTRADICTION
    if terms[number].value is None:
        problem = UNREADABLE
    level = Level(
        value=terms[number].value,
        key=key,
        unit=unit,
        first=first,
        last=at,
        problem=problem,
        remark=STRICTER if key and len(keys) > 1 else None,
        opened=opening.any or key is not None,
        reached=opening.reached,
        relative=opening.relative,
        lowered=opening.lowered,
        fleeting=fleeting,
    )
    return level, at


def _comparison_behind(terms: Sequence[Term], at: int) -> tuple[set[str], int]:
    """ "60 % trở lên", "5 % (tối đa)", "5 % là tối đa"."""
    if role_at(terms, at) in _BEHIND:
        return {_BEHIND[terms[at].role]}, at + 1
    comparison = at + (role_at(terms, at) in (Role.OPEN, Role.LINK))
    if role_at(terms, comparison) not in (Role.LOWER, Role.UPPER):
        return set(), at
    if role_at(terms, at) is Role.OPEN:
        closed = role_at(terms, comparison + 1) is Role.CLOSE
        return ({KEYS[terms[comparison].role]}, comparison + 2) if closed else (set(), at)
    ended = role_at(terms, comparison + 1) in (Role.STOP, Role.COMMA, Role.CLOSE)
    return ({KEYS[terms[comparison].role]}, comparison + 1) if ended else (set(), at)
