"""Reads the statements of a text in order: a level, a range of two levels, or a level behind "tăng từ … lên"."""

from dataclasses import replace
from typing import Literal

from services.planning.phrases.targets.elements import Elements, role_at
from services.planning.phrases.targets.levels import CONTRADICTION, level_at, refers
from services.planning.phrases.targets.statements import Level, Statement
from services.planning.phrases.targets.vocabulary import Role
from services.planning.plan_file import TargetBounds

_NO_DIRECTION = "không nói là nhiều nhất hay ít nhất"
_NO_VALUE_BETWEEN = "mức dưới không nhỏ hơn mức trên"
_TWO_UNITS = "hai mức có đơn vị khác nhau"
_NONE_AT_ALL = "ghi 0, hiểu là không quá 0"
_LOWER, _UPPER = ("at_least", "above"), ("below", "at_most")
_DIRECTIONS: dict[str, Literal["up", "down"]] = {
    **dict.fromkeys(("tăng", "tăng thêm", "tăng hạng", "nâng", "nâng hạng", "cải thiện"), "up"),
    **dict.fromkeys(("giảm", "giảm thêm", "cắt giảm", "rút ngắn"), "down"),
}
_NEAR = 6  # elements; "so với" this near behind a number makes it a change


def statements_in(elements: Elements) -> tuple[Statement, ...]:
    found: list[Statement] = []
    at = 0
    while at < len(elements):
        statement, reached = _statement(elements, at)
        if statement is not None:
            changed = _with_the_change_before(elements, statement, found[-1].last if found else 0)
            found.append(_directed(elements, changed))
        at = max(reached, at + 1)
    return tuple(found)


def _directed(elements: Elements, statement: Statement) -> Statement:
    """A change has bounds where its verb says up or down; "gấp 2 lần" and "vượt 5 %" have none."""
    if not statement.relative or statement.target is None:
        return statement
    verbs = [e.text for e in elements[statement.first : statement.last] if e.role is Role.CHANGE]
    direction = _DIRECTIONS.get(verbs[-1]) if verbs else None
    if direction is None or statement.unit == "lần" or not any(statement.target.given().values()):
        return replace(statement, target=None)
    return replace(statement, target=statement.target.model_copy(update={"change": direction}), remark=None)


def _statement(elements: Elements, at: int) -> tuple[Statement | None, int]:
    level, reached = level_at(elements, at)
    if level is None:
        return None, reached
    if role_at(elements, reached) in (Role.RAISED_TO, Role.LOWERED_TO):  # "tăng từ 60 % lên 80 %"
        later, end = level_at(elements, reached)
        if later is not None:
            level, reached = replace(later, first=level.first, opened=True), end
    upper, end = _upper(elements, level, reached)
    if upper is not None:
        return _finished(elements, _range(level, upper, end), end)
    return _finished(elements, _single(level), reached)


def _upper(elements: Elements, lower: Level, at: int) -> tuple[Level | None, int]:
    """The second level of a range: behind "đến" or a dash; behind "và" or a comma only if it is an upper bound."""
    joiner = role_at(elements, at)
    if joiner not in (Role.TO, Role.COMMA, Role.AND):
        return None, at
    following = role_at(elements, at + 1)
    if following is Role.NUMBER and refers(elements, at + 1):
        return None, at
    if elements[at].text == "-" and following in (Role.AIM, Role.REACH, Role.LINK, Role.RATE):  # a bullet
        return None, at
    after = at + 2 if joiner is Role.COMMA and role_at(elements, at + 1) is Role.AND else at + 1
    upper, end = level_at(elements, after)
    if upper is None or joiner is Role.TO:
        return upper, end
    return (upper, end) if _bound_the_same(lower, upper) else (None, at)


def _bound_the_same(lower: Level, upper: Level) -> bool:
    if lower.key not in _LOWER or upper.key not in _UPPER or upper.reached:
        return False
    return lower.value is not None and upper.value is not None and lower.value < upper.value


def _range(lower: Level, upper: Level, last: int) -> Statement:
    problem = lower.problem or upper.problem
    if lower.key in _UPPER or upper.key in _LOWER:
        problem = problem or CONTRADICTION
    if lower.unit and upper.unit and lower.unit != upper.unit:
        problem = problem or _TWO_UNITS
    bounds = {lower.key or "at_least": lower.value, upper.key or "at_most": upper.value}
    target = None
    if problem is None and len(bounds) == 2:
        target = TargetBounds.model_validate(bounds)
        if not _leaves_a_value(lower, upper):
            target, problem = None, _NO_VALUE_BETWEEN
    return Statement(
        target=target,
        unit=upper.unit or lower.unit,
        first=lower.first,
        last=last,
        problem=problem,
        relative=lower.relative,
        opened=lower.opened,
        reached=lower.reached,
    )


def _leaves_a_value(lower: Level, upper: Level) -> bool:
    assert lower.value is not None
    assert upper.value is not None
    strict = lower.key == "above" or upper.key == "below"
    return lower.value < upper.value or (lower.value == upper.value and not strict)


def _single(level: Level) -> Statement:
    key, problem, remark = level.key, level.problem, level.remark
    if key is None and level.fleeting and not level.relative:
        problem = problem or _NO_DIRECTION
    if key is None and level.lowered:
        key = "at_most"
    if key is None and level.value == 0:
        key, remark = "at_most", _NONE_AT_ALL
    target = None if problem else TargetBounds.model_validate({key or "at_least": level.value})
    return Statement(
        target=target,
        unit=level.unit,
        first=level.first,
        last=level.last,
        problem=problem,
        remark=remark,
        relative=level.relative,
        opened=level.opened,
        reached=level.reached,
    )


def _finished(elements: Elements, statement: Statement, at: int) -> tuple[Statement, int]:
    """Ranks and multiples are changes, and so are levels that are compared with another time."""
    if statement.unit == "bậc" or _compared(elements, statement):
        statement = replace(statement, relative=True)
    return statement, at


def _compared(elements: Elements, statement: Statement) -> bool:
    beyond = elements[statement.first : statement.last]
    if any(element.text.startswith("vượt") for element in beyond) and role_at(elements, statement.last) in (
        Role.GIVEN,
        Role.COMPARED,
    ):
        return True
    for at in range(statement.last, min(statement.last + _NEAR, len(elements))):
        if elements[at].role in (Role.COMMA, Role.STOP, Role.OPEN, Role.CLOSE, Role.COLON):
            return False
        if elements[at].role is Role.COMPARED:
            return _another_time(elements, at + 1)
    return False


def _another_time(elements: Elements, at: int) -> bool:
    if role_at(elements, at) in (Role.REFERENCE, Role.NUMBER, Role.DURATION):
        return True
    return at < len(elements) and elements[at].text in ("cùng", "trước", "thời", "hiện", "đầu năm", "năm trước", "mức")


def _with_the_change_before(elements: Elements, statement: Statement, since: int) -> Statement:
    """ "tăng thứ hạng từ 01-02 bậc": the verb comes a few words before the number."""
    if statement.reached or role_at(elements, statement.first) is Role.CHANGE:
        return statement
    for at in range(statement.first - 1, max(since, statement.first - 5) - 1, -1):
        if elements[at].role is Role.CHANGE:
            return replace(statement, relative=True, first=at)
        if elements[at].role not in (Role.WORD, Role.RATE, Role.HEAD, Role.UNIT) or elements[at].text in ("cho", "của"):
            return statement
    return statement
