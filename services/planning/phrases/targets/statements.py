"""A statement of a target in a text: its level, its words as printed, its scope, and remarks for a person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from services.planning.phrases.targets.elements import Elements, as_printed
from services.planning.phrases.targets.vocabulary import OPENS_A_LEVEL, Role
from services.planning.phrases.tokens import listed
from services.planning.plan_file import TargetBounds

_ENDS_A_SCOPE = OPENS_A_LEVEL | {Role.STOP, Role.CLOSE, Role.OPEN, Role.COLON, Role.QUOTE}
_ENDS_A_SCOPE |= {Role.NUMBER, Role.PART, Role.FIELD}
_ENDS_A_FIELD = frozenset(listed("được|đã|có|do|thuộc|của|tại|theo|này|khác|mà|trong|giải"))


@dataclass(frozen=True, slots=True)
class Level:
    """A number with the comparison before or behind it. `key` is a field of TargetBounds, None for a bare number."""

    value: Decimal | None
    key: str | None
    unit: str | None
    first: int  # an element; the level ends before `last`
    last: int
    problem: str | None = None
    remark: str | None = None
    opened: bool = False  # a word such as "đạt" or "tối thiểu" comes before it
    reached: bool = False  # that word means the value itself, not a change: "đạt", "là"
    relative: bool = False
    lowered: bool = False
    fleeting: bool = False  # a duration: less is better


@dataclass(frozen=True, slots=True)
class Statement:
    """One place of a text that sets a target.

    `target` is None for a change that goes neither up nor down, and where `problem` gives the reason.
    """

    target: TargetBounds | None
    unit: str | None
    first: int
    last: int
    problem: str | None = None
    remark: str | None = None
    relative: bool = False
    opened: bool = False
    reached: bool = False
    forbidding: bool = False  # "không để …": it must not happen


def checked(statement: Statement, column: str | None) -> Statement:
    """The statement, without its target if that is no percentage although its unit is "%"."""
    if statement.target is None or statement.relative or (statement.unit or column) != "%":
        return statement
    if all(0 <= bound <= 100 for bound in statement.target.given().values()):
        return statement
    return replace(statement, target=None, problem="không phải tỷ lệ từ 0 % đến 100 %")


def _words_of(shown: str, elements: Elements, statement: Statement) -> str:
    """The words of a statement as printed."""
    return as_printed(shown[elements[statement.first].start : elements[statement.last - 1].end])


def quoted(shown: str, elements: Elements, statements: Sequence[Statement]) -> str:
    return "”, “".join(_words_of(shown, elements, statement) for statement in statements)


def remarks_on(shown: str, elements: Elements, statement: Statement) -> tuple[str, ...]:
    """Sentences for the person who checks the plan."""
    words = _words_of(shown, elements, statement)
    if statement.relative and statement.target:
        return (f"“{words}” là mức thay đổi, được so với kỳ trước.",)
    if statement.relative:
        return (f"“{words}” là mức thay đổi so với một mốc khác, không phải mức phải đạt.",)
    return tuple(f"“{words}”: {remark}." for remark in (statement.problem, statement.remark) if remark)


def scope_in(shown: str, elements: Elements) -> str | None:
    """The scope that a phrase names: the words behind "lĩnh vực", else those behind "đối với"."""
    for opening in (Role.FIELD, Role.CONCERNING):
        for at, element in enumerate(elements):
            if element.role is opening:
                last = field_until(elements, at) if opening is Role.FIELD else _scope_until(elements, at)
                if last > at + 1:
                    return as_printed(shown[elements[at + 1].start : elements[last - 1].end])
    return None


def field_until(elements: Elements, at: int) -> int:
    """The element after the fields that are named behind "lĩnh vực"; `at` + 1 if none is named."""
    last = _scope_until(elements, at)
    for step in range(at + 1, last):
        if elements[step].text in _ENDS_A_FIELD:
            last = step
            break
    while last > at + 1 and elements[last - 1].role in (Role.COMMA, Role.AND):
        last -= 1
    return last


def _scope_until(elements: Elements, at: int) -> int:
    last = at + 1
    while last < len(elements) and elements[last].role not in _ENDS_A_SCOPE:
        last += 1
    while last > at + 1 and elements[last - 1].role in (Role.COMMA, Role.AND):
        last -= 1
    return last
