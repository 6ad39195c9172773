"""Which numbers are amounts, of what, and which only name a year, a day or a document."""

from collections.abc import Sequence

from services.planning.phrases.targets.terms import Term
from services.planning.phrases.targets.vocabulary import Role

_REFERRING = frozenset((Role.REFERENCE, Role.DURATION, Role.COMPARED, Role.SLASH))
_COUNTED = frozenset((Role.PERCENT, Role.UNIT, Role.DURATION))


def role_at(terms: Sequence[Term], at: int) -> Role:
    return terms[at].role if 0 <= at < len(terms) else Role.STOP


def touching(terms: Sequence[Term], at: int) -> bool:
    """Whether nothing stands between a term and the one before it."""
    return 0 < at < len(terms) and terms[at - 1].end == terms[at].start


def unit_at(terms: Sequence[Term], at: int) -> tuple[str | None, int, bool]:
    role = role_at(terms, at)
    if role is Role.PERCENT:
        return "%", at + 1, False
    if role is Role.OPEN and role_at(terms, at + 1) is Role.PERCENT and role_at(terms, at + 2) is Role.CLOSE:
        return "%", at + 3, False
    if role is Role.REFERENCE and terms[at].text == "năm" and role_at(terms, at + 1) is not Role.NUMBER:
        return "năm", at + 1, True
    if role not in _COUNTED:
        return None, at, False
    unit, fleeting, at = terms[at].text, role is Role.DURATION, at + 1
    if role_at(terms, at) is Role.SLASH and at + 1 < len(terms) and terms[at + 1].text.isalpha():
        return f"{unit}/{terms[at + 1].text}", at + 2, False
    return unit, at, fleeting


def after_full_marks(terms: Sequence[Term], number: int) -> int:
    """ "90/100 điểm" is 90 of full marks."""
    return number + 3 if _of_full_marks(terms, number) else number + 1


def _of_full_marks(terms: Sequence[Term], number: int) -> bool:
    roles = tuple(role_at(terms, number + step) for step in (1, 2, 3))
    return roles == (Role.SLASH, Role.NUMBER, Role.UNIT) and terms[number + 3].text == "điểm"


def refers(terms: Sequence[Term], at: int) -> bool:
    """Whether a number is a year, a day or a part of a name rather than an amount."""
    following = role_at(terms, at + 1)
    if following is Role.PERCENT or _of_full_marks(terms, at):
        return False
    if role_at(terms, at - 1) in _REFERRING or _is_a_grade(terms, at) or following is Role.SLASH:
        return True
    if touching(terms, at) and role_at(terms, at - 1) is Role.WORD:
        return True
    if following is Role.DURATION:
        return at + 2 < len(terms) and terms[at + 2].text in ("đầu năm", "cuối năm", "đầu", "cuối")
    return touching(terms, at + 1) and following is Role.WORD


def _is_a_grade(terms: Sequence[Term], at: int) -> bool:
    """ "Mức độ 4" names a grade of service, where "mức độ hài lòng 90" has an amount."""
    return at > 0 and terms[at - 1].text == "mức độ" and role_at(terms, at + 1) not in _COUNTED


def after_reference(terms: Sequence[Term], at: int) -> int:
    """Behind the whole of "2021 - 2025", "15/12/2025" or "9001: 2015"."""
    at += 1
    while (
        role_at(terms, at) in (Role.SLASH, Role.TO, Role.AND)
        and role_at(terms, at + 1) is Role.NUMBER
        and role_at(terms, at + 2) not in _COUNTED
    ):
        at += 2
    return at
