"""The grammar: a level, a range of two, or a level after "tăng từ … lên"; and all statements of a text, in order."""

from collections.abc import Sequence
from dataclasses import replace

from services.planning.phrases.targets.amounts import refers, role_at
from services.planning.phrases.targets.level import CONTRADICTION, level_at
from services.planning.phrases.targets.statement import Level, Statement
from services.planning.phrases.targets.terms import Term
from services.planning.phrases.targets.vocabulary import Role
from services.planning.plan_file import TargetBounds

NO_DIRECTION = "không nói là nhiều nhất hay ít nhất"
NO_VALUE_BETWEEN = "mức dưới không nhỏ hơn mức trên"
TWO_UNITS = "hai mức có đơn vị khác nhau"
NONE_AT_ALL = "ghi 0, hiểu là không quá 0"
_LOWER, _UPPER = ("at_least", "above"), ("below", "at_most")
_NEAR = 6  # words between "so với" and the number that it makes a change


def statements_in(terms: Sequence[Term]) -> tuple[Statement, ...]:
    found: list[Statement] = []
    at = 0
    while at < len(terms):
        statement, reached = _statement(terms, at)
        if statement is not None:
            found.append(_with_the_change_before(terms, statement, found[-1].last if found else 0))
        at = max(reached, at + 1)
    return tuple(found)


def _statement(terms: Sequence[Term], at: int) -> tuple[Statement | None, int]:
    level, reached = level_at(terms, at)
    if level is None:
        return None, reached
    if role_at(terms, reached) in (Role.RAISED_TO, Role.LOWERED_TO):  # "tăng từ 60 % lên 80 %"
        later, end = level_at(terms, reached)
        if later is not None:
            level, reached = replace(later, first=level.first, opened=True), end
    upper, end = _upper(terms, level, reached)
    if upper is not None:
        return _finished(terms, _range(level, upper, end), end)
    return _finished(terms, _single(level), reached)


def _upper(terms: Sequence[Term], lower: Level, at: int) -> tuple[Level | None, int]:
    """The second level of a range: behind "đến" or a dash, or, when its words bound it above, "và" or a comma."""
    joiner = role_at(terms, at)
    if joiner not in (Role.TO, Role.COMMA, Role.AND):
        return None, at
    following = role_at(terms, at + 1)
    if following is Role.NUMBER and refers(terms, at + 1):
        return None, at
    if terms[at].text == "-" and following in (Role.AIM, Role.REACH, Role.LINK, Role.RATE):  # a bullet
        return None, at
    after = at + 2 if joiner is Role.COMMA and role_at(terms, at + 1) is Role.AND else at + 1
    upper, end = level_at(terms, after)
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
        problem = problem or TWO_UNITS
    bounds = {lower.key or "at_least": lower.value, upper.key or "at_most": upper.value}
    target = None
    if problem is None and len(bounds) == 2:
        target = TargetBounds(**bounds)
        if not _leaves_a_value(lower, upper):
            target, problem = None, NO_VALUE_BETWEEN
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
        problem = problem or NO_DIRECTION
    if key is None and level.lowered:
        key = "at_most"
    if key is None and level.value == 0:
        key, remark = "at_most", NONE_AT_ALL
    target = None if problem else TargetBounds(**{key or "at_least": level.value})
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


def _finished(terms: Sequence[Term], statement: Statement, at: int) -> tuple[Statement, int]:
    """Ranks and multiples are changes, and so is what is compared with another time."""
    if statement.unit == "bậc" or _compared(terms, statement):
        statement = replace(statement, relative=True)
    return statement, at


def _compared(terms: Sequence[Term], statement: Statement) -> bool:
    beyond = terms[statement.first : statement.last]
    if any(term.text.startswith("vượt") for term in beyond) and role_at(terms, statement.last) in (
        Role.GIVEN,
        Role.COMPARED,
    ):
        return True
    for at in range(statement.last, min(statement.last + _NEAR, len(terms))):
        if terms[at].role in (Role.COMMA, Role.STOP, Role.OPEN, Role.CLOSE, Role.COLON):
            return False
        if terms[at].role is Role.COMPARED:
            return _another_time(terms, at + 1)
    return False


def _another_time(terms: Sequence[Term], at: int) -> bool:
    if role_at(terms, at) in (Role.REFERENCE, Role.NUMBER, Role.DURATION):
        return True
    return at < len(terms) and terms[at].text in ("cùng", "trước", "thời", "hiện", "đầu năm", "năm trước", "mức")


def _with_the_change_before(terms: Sequence[Term], statement: Statement, since: int) -> Statement:
    """ "tăng thứ hạng từ 01-02 bậc": the verb stands a few words before the number."""
    if statement.reached or role_at(terms, statement.first) is Role.CHANGE:
        return statement
    for at in range(statement.first - 1, max(since, statement.first - 5) - 1, -1):
        if terms[at].role is Role.CHANGE:
            return replace(statement, relative=True, first=at)
        if terms[at].role not in (Role.WORD, Role.RATE, Role.HEAD, Role.UNIT) or terms[at].text in ("cho", "của"):
            return statement
    return statement
